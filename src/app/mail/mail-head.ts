/** The typed headers of a mail. Our own header names are taken off at this door: state of ours never travels in headers. */
import type {Address, Email} from "postal-mime";
import {addressParser, decodeWords} from "postal-mime";
import type {MailAddress, MailFlag, MailHead} from "../../model/mail.ts";

const HEADERS = 300;
const VALUE_CHARACTERS = 2000;
const ADDRESSES = 200;
const IDS = 100;
const ONCE = ["from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"];

/** Returns the headers and what is odd about them. */
export function headOf(email: Email): {head: MailHead; flags: MailFlag[]} {
  const stated = email.headers.filter(({key}) => !isOurs(key));
  const first = (name: string): string => stated.find(({key}) => key === name)?.value ?? "";
  const contentType = first("content-type").toLowerCase();
  const date = dateOf(first("date"));
  const head: MailHead = {
    from: addressesOf(first("from"))[0] ?? null,
    sender: addressesOf(first("sender"))[0] ?? null,
    replyTo: addressesOf(first("reply-to")),
    to: addressesOf(first("to")),
    cc: addressesOf(first("cc")),
    subject: oneLine(decodeWords(first("subject"))),
    date,
    messageId: idsIn(first("message-id"))[0] ?? null,
    inReplyTo: idsIn(first("in-reply-to")),
    references: idsIn(first("references")),
    returnPath: returnPathOf(stated.find(({key}) => key === "return-path")?.value),
    autoSubmitted: /^\s*([a-z-]+)/.exec(first("auto-submitted").toLowerCase())?.[1] ?? null,
    contentType: /^\s*([\w.+-]+\/[\w.+-]+)/.exec(contentType)?.[1] ?? "text/plain",
    reportType: /;\s*report-type\s*=\s*"?([\w-]+)/.exec(contentType.slice(0, VALUE_CHARACTERS))?.[1] ?? null,
    headers: stated
      .slice(0, HEADERS)
      .map(({key, value}) => ({name: oneLine(key).slice(0, 100), value: oneLine(value)})),
  };
  const flags: MailFlag[] = [];
  if (stated.length < email.headers.length) flags.push("own_headers");
  if (ONCE.some((name) => stated.filter(({key}) => key === name).length > 1)) flags.push("duplicate_header");
  if (head.from === null || head.from.address === "") flags.push("no_from");
  if (date === null) flags.push("bad_date");
  return {head, flags};
}

/** Whether it is one of our names, however it is written: only letters, digits and their order count. */
function isOurs(name: string): boolean {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .startsWith("xwatchfloor");
}

/** Returns the text without what no database or terminal should see: controls, halves of characters, bidi marks. */
export function clean(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, "");
}

function oneLine(text: string): string {
  return clean(text.slice(0, VALUE_CHARACTERS))
    .replace(/[\r\n\t\u0085\u2028\u2029]+/g, " ")
    .trim();
}

function addressesOf(value: string): MailAddress[] {
  // the parser is linear, but what comes out of a megabyte of addresses helps nobody
  return flat(addressParser(value.slice(0, 50_000)))
    .slice(0, ADDRESSES)
    .map(({name, address}) => ({name: oneLine(decodeWords(name)), address: oneLine(address).slice(0, 320)}));
}

function flat(addresses: readonly Address[]): {name: string; address: string}[] {
  return addresses.flatMap((each) =>
    each.group === undefined
      ? [{name: each.name, address: each.address}]
      : each.group.map(({name, address}) => ({name, address})),
  );
}

/** Message-IDs are in angle brackets; one that stands alone may lack them. */
function idsIn(value: string): string[] {
  const alone = /^\s*([^<>\s@]{1,500}@[^<>\s@]{1,400})\s*$/.exec(value.slice(0, VALUE_CHARACTERS))?.[1];
  if (alone !== undefined) return [clean(`<${alone}>`)];
  return [...value.slice(0, 50_000).matchAll(/<[^<>\s]{1,990}>/g)].slice(0, IDS).map(([id]) => clean(id));
}

/** Only a date with an offset says when; others would be read in the zone of this machine. */
function dateOf(value: string): string | null {
  if (!/([+-]\d{4}|\b(?:GMT|UTC?|Z|[ECMP][SD]T)\b)/.test(value)) return null;
  const at = new Date(value.replace(/\([^)]*\)/g, "").replace(/\bUT\b/, "UTC"));
  const year = at.getUTCFullYear();
  return Number.isNaN(at.getTime()) || year < 1990 || year > 2100 ? null : at.toISOString();
}

function returnPathOf(value: string | undefined): string | null {
  if (value === undefined) return null;
  return /^\s*<\s*>\s*$/.test(value) ? "" : (addressesOf(value)[0]?.address ?? null);
}
