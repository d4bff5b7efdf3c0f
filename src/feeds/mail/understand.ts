import type {ComplaintMail, Understood} from "../../model/complaint.ts";
import type {ReadMail} from "../../model/mail.ts";
import {jsonOf} from "../records.ts";
import {readAcns} from "./acns.ts";
import {readFeedback} from "./arf.ts";
import {isAutoReply} from "./auto-reply.ts";
import {readBounce} from "./bounce.ts";
import {type PlainContext, readPlainComplaint} from "./plain-complaint.ts";
import {statementOf} from "./reply-statement.ts";
import {replyText} from "./reply-text.ts";
import {hasTokens, tokensOf} from "./reply-tokens.ts";
import {readKnownForm} from "./senders.ts";
import {readXarf0} from "./xarf-0.ts";
import {isXarf3, readXarf3} from "./xarf-3.ts";
import {isXarf4, readXarf4} from "./xarf-4.ts";

/** What else is known when a mail is understood. */
export interface MailContext extends PlainContext {
  /** Our Message-IDs end in one of these hosts: what answers such a mail is a reply to us. */
  readonly messageIdHosts: readonly string[];
}

/** So much of a text, and of each of its lines, is searched for words. */
const TEXT_CHARACTERS = 100_000;
const LINE_CHARACTERS = 1000;
/** A report of the Shadowserver feed as it comes attached. */
const SHADOWSERVER_FILE = /^\d{4}-\d{2}-\d{2}-[\w-]+\.csv(?:\.zip)?$/;

/**
 * Says what a mail is. Machine parts before words, what comes back before what is new. An attached report is taken for the
 * feed when name and stated sender fit; whether to believe that is the mailbox's to say.
 */
export function understandMail(whole: ReadMail, context: MailContext): Understood {
  const mail = briefOf(whole);
  const feedback = readFeedback(mail);
  if (feedback !== null) return {as: "feedback", ...feedback};
  const bounce = readBounce(mail);
  if (bounce !== null && hasStatusPart(mail)) return {as: "bounce", ...bounce};
  // a desk may send its machine reports with the sender of returned mails
  const machine = readXarfJson(whole) ?? readXarf0(mail) ?? readAcns(mail);
  // who answers us may send our own report back
  if (machine !== null && !isAnswerToUs(mail, context)) return {as: "complaint", ...withAnswer(machine, mail)};
  return bounce === null ? fromPeople(mail, context) : {as: "bounce", ...bounce};
}

function isAnswerToUs({head}: ReadMail, context: MailContext): boolean {
  const {notifications, messageIds} = tokensOf({head, text: ""});
  return notifications.some(({token}) => token !== null) || messageIds.some((id) => isOurs(id, context));
}

function hasStatusPart({parts}: ReadMail): boolean {
  return parts.some(({mime}) => mime.endsWith("delivery-status"));
}

function fromPeople(mail: ReadMail, context: MailContext): Understood {
  const tokens = tokensOf(mail);
  if (isAutoReply(mail.head)) return {as: "auto-reply", tokens};
  const attached = mail.parts.filter(({name}) => SHADOWSERVER_FILE.test(name ?? ""));
  if (attached.length > 0 && /@(?:[\w-]+\.)*shadowserver\.org$/i.test(mail.head.from?.address ?? ""))
    return {as: "report", feed: "shadowserver", parts: attached.map(({sha256}) => sha256)};
  if (hasTokens(tokens) || tokens.messageIds.some((id) => isOurs(id, context))) {
    const {text} = replyText(mail.text);
    return {as: "reply", tokens, text, says: statementOf(text)};
  }
  const plain = readKnownForm(mail) ?? readPlainComplaint(mail, context);
  return plain === null ? {as: "unknown", why: whyUnknown(mail)} : {as: "complaint", ...withAnswer(plain, mail)};
}

/** The mail with its texts cut: searching words in a line without end takes for ever, and says nothing more. */
function briefOf(mail: ReadMail): ReadMail {
  const parts = mail.parts.map((part) => ({
    ...part,
    text: part.text === null ? null : brief(part.text),
    message: part.message === null ? null : {...part.message, text: brief(part.message.text)},
  }));
  return {...mail, text: brief(mail.text), parts};
}

function brief(text: string): string {
  const lines = withoutPacked(text.slice(0, TEXT_CHARACTERS).split("\n"));
  return lines.map((line) => line.slice(0, LINE_CHARACTERS)).join("\n");
}

/** A file that was packed into the text by uuencode is no words. */
function withoutPacked(lines: readonly string[]): readonly string[] {
  let isPacked = false;
  return lines.filter((line) => {
    if (/^begin [0-7]{3,4} \S/.test(line)) isPacked = true;
    const isWords = !isPacked;
    if (line.trim() === "end") isPacked = false;
    return isWords;
  });
}

function isOurs(messageId: string, {messageIdHosts}: MailContext): boolean {
  const host = messageId.slice(messageId.lastIndexOf("@") + 1, -1).toLowerCase();
  return messageIdHosts.includes(host);
}

/** X-ARF in JSON, attached or as the text; several reports in one mail count together. */
function readXarfJson({parts, text}: ReadMail): ComplaintMail | null {
  const values = [...parts.map((part) => part.text ?? ""), text].flatMap((each) =>
    each.trimStart().startsWith("{") ? [jsonOf(each)] : [],
  );
  const read = values.flatMap((value) =>
    isXarf4(value) ? [readXarf4(value)] : isXarf3(value) ? [readXarf3(value)] : [],
  );
  const [first] = read;
  if (first === undefined) return null;
  return {
    ...first,
    complaints: read.flatMap(({complaints}) => complaints),
    rejects: read.flatMap(({rejects}) => rejects),
  };
}

/** Mails that say of themselves that a machine wrote them want no answer. */
function withAnswer(complaint: ComplaintMail, {head}: ReadMail): ComplaintMail {
  const isMachine = head.autoSubmitted !== null && head.autoSubmitted !== "no";
  return isMachine ? {...complaint, wantsAnswer: false} : complaint;
}

function whyUnknown({text, parts, pgp, flags}: ReadMail): string {
  if (pgp.some(({failure}) => failure !== null)) return "It is encrypted, and could not be decrypted.";
  if (flags.includes("smime") && text.trim() === "") return "It is encrypted by S/MIME, which is not decrypted here.";
  if (text.trim() === "" && parts.length === 0) return "There is no text in it.";
  return "It names nothing that is complained about, and answers nothing of ours.";
}
