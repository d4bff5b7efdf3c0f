import type {Bounce} from "../../model/complaint.ts";
import type {MailPart, ReadMail} from "../../model/mail.ts";
import {bounceReason} from "./bounce-reasons.ts";
import {addressIn, bounceFrom, fieldBlocks, readDeliveryStatus, statusIn} from "./dsn.ts";

/** Recognises and reads mails that say that a mail did not arrive: standard delivery reports, and what else servers send. */

/** What a returned mail says. */
export interface BounceMail {
  readonly bounces: Bounce[];
  readonly originalMessageId: string | null;
}

const DAEMONS =
  /^(mailer-?daemon|post_?master|mail-?daemon|mdaemon|mail(er)?[._-]?delivery[\w.-]*|delivery[\w.-]*|mailerdaemon|double-bounce|bounces?[\w.+=-]*|autoreply-daemon|system[._-]?administrator)@/i;
const DAEMON_NAMES =
  /mail(er)?[ -]?(delivery|daemon)|delivery (sub)?system|system administrator|postmaster|mail system|mail administrator/i;
const SUBJECTS =
  /undeliver(able|ed)|deliver(y|ing)[^\n]{0,30}(fail|error|problem|status|report|notification|delay|unsuccessful)|fail(ure|ed)[^\n]{0,30}(notice|deliver|mail|notification)|return(ed|ing)[^\n]{0,15}(mail|message|to sender)|mail (system|delivery|could not)[^\n]{0,30}(error|fail|return|status|be )|could not (be )?(send|sent|deliver)|non[- ]?deliver|not delivered|warning:[^\n]{0,40}(could not|delay)|nondeliverable|bounce|unzustellbar|退信|投递失败|無法|无法投递|系统退信|失败通知|配信不能|メールが送信できません|エラー/i;
/** Words that only a mail server writes about a mail of ours. */
const SERVER_WORDS = /error message below|your mail sent on:|\b(?:delivery|smtp) error\b|サーバから出力された/i;
/** Below these lines lies a copy of the mail that came back. */
const COPY =
  /^[ \t>]*(?:-{2,}[ \t]*(?:below this line is|this is) a copy[^\n]*|-{2,}[^\n-]{0,40}(?:original message|returned mail|message header|unsent message|message text|copy of (?:the )?(?:message|mail)|undelivered message|failed message|your message|メッセージ)[^\n]*|(?:the )?original message (?:follows|headers?|is (?:included|attached))[^\n]*|original (?:mail|message)[^\n]{0,20}:?|(?:your )?message headers? follows?:?|message (?:header|contents) follows[^\n]*|received: from [^\n]*|return-path: [^\n]*|\|-+ message (?:header|text)[^\n]*|[*=_-]{3,}[^\n]{0,20}(?:original|header)[^\n]*)$/im;
const LISTED =
  /^[ \t"]*(?:<([^<>\s]+@[^<>\s]+)>|([\w.+=-]+@[\w.-]+\w))"?(?=[ \t]*(?::|$|\.\.\.|\(|[ \t]on |[ \t]?;|,|[ \t]+[-#]|[ \t]{2,}))/gm;

/** Returns what a returned mail says; null when the mail is none. */
export function readBounce(mail: ReadMail): BounceMail | null {
  const [before, copy] = halves(mail.text);
  const stated = statusTexts(mail);
  if (stated !== "") {
    const {bounces, recipients} = readDeliveryStatus(stated, before);
    if (bounces.length > 0) return {bounces: filled(bounces, mail), originalMessageId: originalIdOf(mail, copy)};
    if (recipients > 0) return null; // it says that the mail arrived
  }
  return looksReturned(mail, before) ? readWords(mail, before, copy) : null;
}

const STATUS_BLOCK = /^(?:final|original)-recipient[ \t]*:/im;

/** The machine part, or what would be one where a server left out the right type or the part lies in a forwarded mail. */
function statusTexts({parts, text, head}: ReadMail): string {
  const own = parts.filter(({mime}) => /^message\/(global-)?delivery-status/.test(mime));
  if (own.length > 0) return own.map((part) => part.text ?? "").join("\n\n");
  const isReport =
    head.reportType === "delivery-status" || DAEMONS.test(head.from?.address ?? "") || head.returnPath === "";
  if (!isReport) return "";
  const found = [text, ...parts.map((part) => part.text ?? "")].find((each) => STATUS_BLOCK.test(each));
  return found ?? "";
}

/** Whether a text without machine part is a returned mail: two signs are needed. */
function looksReturned({head, parts}: ReadMail, before: string): boolean {
  const failed = head.headers.some(({name}) => name === "x-failed-recipients");
  const signs = [
    DAEMONS.test(head.from?.address ?? "") || DAEMON_NAMES.test(head.from?.name ?? ""),
    head.returnPath === "",
    SUBJECTS.test(head.subject),
    head.reportType === "delivery-status",
    parts.some(({mime}) => mime === "text/rfc822-headers"),
    SERVER_WORDS.test(before),
    bounceReason(before, statusIn(before)) !== null && (statusIn(before) !== null || /\b[45]\d\d[ -]/.test(before)),
  ];
  return failed || signs.filter(Boolean).length >= 2;
}

function readWords(mail: ReadMail, before: string, copy: string): BounceMail | null {
  const recipients = recipientsOf(mail, before, copy);
  const found = recipients.length === 0 ? [null] : recipients;
  const bounces = found.map((recipient) =>
    bounceFrom({
      recipient,
      status: null,
      said: sectionOf(recipient, before, found),
      words: `${before} ${mail.head.subject}`,
      isDelayed:
        /warning|delay/i.test(mail.head.subject) &&
        /(will|continue|still)[^\n]{0,30}(tr(y|ied|ying)|retr)/i.test(before),
    }),
  );
  const isEmpty = bounces.every(
    ({recipient, reason, status}) => recipient === null && reason === null && status === null,
  );
  return isEmpty ? null : {bounces, originalMessageId: originalIdOf(mail, copy)};
}

/** The text of servers is in front, the copy of the mail behind. */
function halves(text: string): [string, string] {
  const at = COPY.exec(text)?.index;
  return at === undefined ? [text, ""] : [text.slice(0, at), text.slice(at)];
}

/** A report without recipient names it elsewhere. */
function filled(bounces: readonly Bounce[], mail: ReadMail): Bounce[] {
  const [before, copy] = halves(mail.text);
  return bounces.map((bounce) =>
    bounce.recipient === null ? {...bounce, recipient: recipientsOf(mail, before, copy)[0] ?? null} : bounce,
  );
}

/** What names the recipient best comes first: a header for it, a line of its own, any address that is not ours, the copy. */
function recipientsOf({head, parts}: ReadMail, before: string, copy: string): string[] {
  const header = head.headers.find(({name}) => name === "x-failed-recipients")?.value ?? "";
  const own = new Set(
    [...head.to, ...(head.from === null ? [] : [head.from])].map(({address}) => address.toLowerCase()),
  );
  const isOther = (address: string): boolean => !own.has(address) && !DAEMONS.test(address);
  const named = header.split(",").flatMap((each) => addressIn(each) ?? []);
  if (named.length > 0) return [...new Set(named)].slice(0, 100);
  const lines = [...before.matchAll(LISTED)]
    .flatMap(([, one, two]) => addressIn(one ?? two ?? "") ?? [])
    .filter(isOther);
  if (lines.length > 0) return [...new Set(lines)].slice(0, 100);
  const any = [...before.matchAll(/[\w.+=-]+@[\w-]+(?:\.[\w-]+)+/g)]
    .map(([address]) => address.toLowerCase())
    .find(isOther);
  const inCopy = fieldBlocks(copy.replace(/^[^\n]*\n+/, ""))[0]?.get("to") ?? originalOf(parts)?.get("to") ?? "";
  return [any ?? addressIn(inCopy)].flatMap((address) => address ?? []);
}

/** What stands behind the recipient's own line, up to the next one's. */
function sectionOf(recipient: string | null, before: string, all: readonly (string | null)[]): string {
  const lower = before.toLowerCase();
  const from = recipient === null ? -1 : lower.indexOf(recipient);
  if (from === -1) return "";
  const next = all
    .flatMap((other) => (other === null || other === recipient ? [] : lower.indexOf(other, from + 1)))
    .filter((at) => at > from);
  return before.slice(from + (recipient?.length ?? 0), Math.min(...next, from + 1500));
}

function originalIdOf({parts}: ReadMail, copy: string): string | null {
  const nested = parts.find(({message}) => message !== null)?.message?.head.messageId ?? null;
  const stated = originalOf(parts)?.get("message-id") ?? /^message-id:[ \t]*(<[^<>\s]{1,990}>)/im.exec(copy)?.[1] ?? "";
  return nested ?? /<[^<>\s]{1,990}>/.exec(stated)?.[0] ?? null;
}

function originalOf(parts: readonly MailPart[]): ReadonlyMap<string, string> | null {
  const text = parts.find(({mime}) => /^(text\/rfc822-headers|message\/rfc822)/.test(mime))?.text ?? null;
  return text === null ? null : (fieldBlocks(text)[0] ?? null);
}
