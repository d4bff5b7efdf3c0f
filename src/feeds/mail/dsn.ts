import type {Bounce, BounceReason} from "../../model/complaint.ts";
import {bounceKind, bounceReason} from "./bounce-reasons.ts";

/** Reads the machine part of a delivery report. Source: RFC 3464. */

const DIAGNOSTIC_CHARACTERS = 1000;
const RECIPIENTS = 200;
/** These actions say that it arrived. What servers invent besides means that it did not. */
const ARRIVED = ["delivered", "relayed", "expanded"];

const AT_DATA =
  /\b(?:in reply to|after|response to|command)\b[^\n]{0,20}\b(?:end of )?data\b|^-*smtp command\s+data\s*$/im;

/** The fields of one block, names in lower case, the first of each name. */
export type Fields = ReadonlyMap<string, string>;

/** Returns the blocks of a text of fields: empty lines lie between, folded lines are joined. */
export function fieldBlocks(text: string): Fields[] {
  return text
    .split(/\r?\n[ \t]*\r?\n/)
    .slice(0, RECIPIENTS + 1)
    .map(fieldsOf)
    .filter((fields) => fields.size > 0);
}

function fieldsOf(block: string): Fields {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
    const [, name, value] = /^([A-Za-z][\w-]{1,60})[ \t]*:[ \t]*(.*)$/.exec(line) ?? [];
    if (name !== undefined && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), (value ?? "").trim());
  }
  return fields;
}

/** What a report says of its recipients. */
export interface DeliveryReport {
  /** Those that the mail did not reach. */
  readonly bounces: readonly Bounce[];
  /** How many recipients the report names, reached or not. */
  readonly recipients: number;
}

/** Reads a message/delivery-status part; `words` is the text for people, which often says more. */
export function readDeliveryStatus(text: string, words: string): DeliveryReport {
  const named = fieldBlocks(text).filter((fields) => recipientOf(fields) !== null || fields.has("action"));
  const bounces = named.flatMap((fields) => bounceOf(fields, named.length === 1 ? words : ""));
  return {bounces, recipients: named.length};
}

function bounceOf(fields: Fields, words: string): Bounce[] {
  const action = /^[a-z]+/.exec(fields.get("action")?.toLowerCase() ?? "")?.[0] ?? "failed";
  if (ARRIVED.includes(action)) return [];
  const stated = statusIn(fields.get("status") ?? "");
  const diagnostic = fields.get("diagnostic-code")?.replace(/^[\w-]+\s*;\s*/, "") ?? "";
  const more = [fields.get("status") ?? "", fields.get("x-supplementary-info") ?? "", fields.get("remote-mta") ?? ""];
  return [
    bounceFrom({
      recipient: recipientOf(fields),
      status: stated,
      said: diagnostic,
      words: `${more.join(" ")} ${words}`,
      isDelayed: action === "delayed",
    }),
  ];
}

/** What is known of one recipient. */
export interface BounceFacts {
  readonly recipient: string | null;
  readonly status: string | null;
  /** What the other server said. */
  readonly said: string;
  /** What else the mail says, looked at when that tells nothing. */
  readonly words: string;
  readonly isDelayed: boolean;
}

/** Makes a bounce of what is known: the server's own words count before the numbers and before words for people. */
export function bounceFrom({recipient, status, said: whole, words, isDelayed}: BounceFacts): Bounce {
  // what a server in between says of it is worth less than what it quotes
  const quoted = /\b[45]\d\d-?'([^']{5,500})'/.exec(whole)?.[1];
  const said = quoted ?? whole;
  const best =
    quoted === undefined ? betterStatus(status, statusIn(said) ?? statusIn(words)) : (statusIn(quoted) ?? status);
  const named =
    bounceReason(said, null) ??
    precise(best) ??
    bounceReason(words, null) ??
    bounceReason("", best) ??
    (isDelayed ? "delayed" : null);
  // a server that took the recipient and then refuses the content as "user unknown" filters: the address is not gone
  // and X.2.0 is about a mailbox that is there (RFC 3463 section 3.3)
  const isThere = AT_DATA.test(`${said} ${words}`) || best === "5.2.0";
  const reason = named === "no_such_user" && isThere ? "refused" : named;
  return {
    recipient,
    kind: isDelayed ? "soft" : bounceKind(reason, best),
    status: best,
    replyCode: replyCodeIn(whole) ?? replyCodeIn(words),
    reason,
    diagnostic: whole === "" ? null : whole.slice(0, DIAGNOSTIC_CHARACTERS),
    isDelayed,
  };
}

/** Numbers that say exactly one thing count before words for people. */
function precise(status: string | null): BounceReason | null {
  return /^[45]\.(1\.[1-6]|2\.2|3\.4)$/.test(status ?? "") ? bounceReason("", status) : null;
}

/** 5.0.0 says only that it failed: what the other server said is better. */
function betterStatus(stated: string | null, said: string | null): string | null {
  return stated === null || (/^[45]\.0\.0$/.test(stated) && said !== null) ? said : stated;
}

/** Returns the enhanced status in a text, null when there is none. */
export function statusIn(text: string): string | null {
  return /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/.exec(text)?.[1] ?? null;
}

function replyCodeIn(text: string): number | null {
  const found =
    /(?:(?<![\d.-])([45][0-5]\d)(?=[ -]{1,3}(?:#?[245]\.\d|[A-Za-z<("'[]))|error_code ?:([45][0-5]\d)\b)/i.exec(text);
  return found === null ? null : Number(found[1] ?? found[2]);
}

function recipientOf(fields: Fields): string | null {
  for (const name of ["final-recipient", "original-recipient", "x-actual-recipient"]) {
    const address = addressIn(fields.get(name) ?? "");
    if (address !== null) return address;
  }
  return null;
}

/** Returns the first mail address of a text in lower case, null when there is none. */
export function addressIn(text: string): string | null {
  return /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,10}/.exec(text)?.[0].toLowerCase() ?? null;
}
