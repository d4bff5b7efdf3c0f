import type {ReplyTokens} from "../../model/complaint.ts";
import type {ReadMail} from "../../model/mail.ts";

/** Finds by what a reply is brought to its case: our ids in the subject, and the Message-IDs that it answers. */

/** "[WN-2023-000045 k7q2w3]": the id of a notification with the token that only its recipient was sent. */
const NOTIFICATION = /\bWN-(\d{4})-(\d{6})\b(?:[ \t_]{1,3}([a-z0-9]{6,16})\b)?/gi;
const CASE = /\bWF-\d{4}-\d{6}\b/gi;
const COMPLAINT = /\bWC-\d{4}-\d{6}\b/gi;
const IDS = 50;
/** So much of the text is looked at when the subject names nothing. */
const TEXT_CHARACTERS = 20_000;

/**
 * Returns the tokens of a mail. Subject first; the text is looked at only when the subject names no notification, since old
 * mails below name older ones. A token proves nothing alone: the store compares it.
 */
export function tokensOf({head, text}: Pick<ReadMail, "head" | "text">): ReplyTokens {
  const inSubject = notificationsIn(head.subject);
  const place = inSubject.length > 0 ? head.subject : `${head.subject}\n${text.slice(0, TEXT_CHARACTERS)}`;
  return {
    notifications: inSubject.length > 0 ? inSubject : notificationsIn(place),
    cases: idsIn(place, CASE),
    complaints: idsIn(place, COMPLAINT),
    messageIds: [...new Set([...head.inReplyTo, ...head.references.toReversed()])].slice(0, IDS),
  };
}

/** Whether anything in it is of ours, as far as the mail says. */
export function hasTokens({notifications, cases, complaints}: ReplyTokens): boolean {
  return notifications.length > 0 || cases.length > 0 || complaints.length > 0;
}

function notificationsIn(text: string): {id: string; token: string | null}[] {
  const found = new Map<string, string | null>();
  for (const [, year, number, token] of text.matchAll(NOTIFICATION)) {
    const id = `WN-${year}-${number}`;
    found.set(id, found.get(id) ?? (token !== undefined && /\d/.test(token) ? token.toLowerCase() : null));
  }
  return [...found].slice(0, IDS).map(([id, token]) => ({id, token}));
}

function idsIn(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([id]) => id.toUpperCase()))].slice(0, IDS);
}
