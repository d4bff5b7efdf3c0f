/**
 * How a notification is known again: by the token in its subject, by its Message-ID, and by what it told. All three come
 * out the same whenever they are made from the same facts, so a mail that is made again after a crash is the same mail.
 */
import {createHash, createHmac, timingSafeEqual} from "node:crypto";
import type {NoticeEvent, Notification} from "../../model/notification.ts";

const NOTICE_ID = /^WN-\d{4}-\d{6,}$/;
const TOKEN = /\[\s*(WN-\d{4}-\d{6,12})\s+([0-9a-z]{6})\s*\]/gi;
/** Crockford's letters: none is mistaken for another. */
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
const PROOF_LENGTH = 6;

/**
 * Returns the token of a notification for the subject, such as [WN-2023-000045 k7q2w3]: who does not have the key guesses
 * the second part once in 2^30 tries.
 */
export function noticeToken(id: string, key: Uint8Array): string {
  return `[${id} ${proofOf(id, key)}]`;
}

/** Returns the ids of all notifications whose true token stands in the text, in its order; tokens made up by others do not count. */
export function tokensIn(text: string, key: Uint8Array): string[] {
  const ids = [...text.matchAll(TOKEN)].flatMap(([, id = "", proof = ""]) => {
    const name = id.toUpperCase();
    return timingSafeEqual(Buffer.from(proof.toLowerCase()), Buffer.from(proofOf(name, key))) ? [name] : [];
  });
  return [...new Set(ids)];
}

function proofOf(id: string, key: Uint8Array): string {
  const digest = createHmac("sha256", key).update(id).digest();
  return Array.from(digest.subarray(0, PROOF_LENGTH), (byte) => LETTERS[byte % LETTERS.length]).join("");
}

/** Returns the id of the n-th notification of a year, such as WN-2023-000045. */
export function noticeId(year: number, number: number): string {
  const id = `WN-${String(year).padStart(4, "0")}-${String(number).padStart(6, "0")}`;
  if (!NOTICE_ID.test(id)) throw new RangeError(`${year} and ${number} make no notification id`);
  return id;
}

/** What a notification is about, each as one word: case and round, or the complaint, or the contact itself. */
export function subjectsOf({
  cases,
  complaint,
  contact,
}: Pick<Notification, "cases" | "complaint" | "contact">): string[] {
  if (cases.length > 0) return cases.map(({id, round}) => `${id}#${round}`).toSorted();
  return [complaint?.id ?? contact.id];
}

/** What one person is told of one thing once. */
export interface Told {
  readonly subject: string;
  readonly contact: string;
  readonly event: NoticeEvent;
  readonly ordinal: number;
}

/** Returns the key of what was told: it does not change with the wording, so that a mended template tells nobody again. */
export function toldKey({subject, contact, event, ordinal}: Told): string {
  return [subject, contact, event, ordinal].join("|");
}

/** What the Message-ID is made from. */
export interface MessageFacts {
  readonly notification: Notification;
  readonly template: {readonly name: string; readonly version: string};
  readonly domain: string;
  /** The secret of the token: who was not sent the mail cannot name it, so neither answer it nor have it returned. */
  readonly key: Uint8Array;
}

/** Returns the Message-ID: the same for the same case rounds, contact, template and version, and no other. */
export function messageIdOf({notification, template, domain, key}: MessageFacts): string {
  const {contact, event, ordinal} = notification;
  const facts = [subjectsOf(notification), contact.id, event, ordinal, template.name, template.version];
  const digest = createHmac("sha256", key).update(JSON.stringify(facts)).digest("hex");
  return `<${digest.slice(0, 32)}@${domain}>`;
}

/** Returns the first `length` hex digits of the SHA-256 of a text. */
export function shortHash(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
