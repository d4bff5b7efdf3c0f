import type {MailHead} from "../../model/mail.ts";

/** Recognises mails that no person wrote. They are never answered: two machines would talk for ever. */

/** Subjects of absence notes and receipts, in the languages we get them in. A complaint may begin with such a word, too. */
const SUBJECTS =
  /^\s*(?:(?:re|aw|回复|答复)\s*[:：]\s*)*(?:\[?auto(?:matic|mated|matische)?[ -]?(?:re(?:ply|sponse)|antwort|acknowledg\w*)|out of (?:the )?office|ooo\s*[:：-]|(?:i am |i'm |currently )?away from (?:my |the )?(?:mail|office|desk)|(?:i am|i'm|currently) (?:away|on (?:vacation|holiday|leave))|vacation (?:reply|notice|message|responder)|absence (?:note|notice|message|du bureau)|abwesenheitsnotiz|abwesend|afwezigheids|risposta automatica|respuesta autom|resposta autom|réponse automatique|автоответ|автоматический ответ|自动(?:回复|答复)|自動(?:回覆|返信|応答)|(?:外出|休假|出差|请假)(?:中|自动|通知)|不在(?:通知|自動|のお知らせ|のため)|자동\s?(?:회신|응답)|부재중)/i;
/** Senders that nobody reads. */
const NOBODY =
  /^(?:no-?_?reply|do-?not-?reply|donotreply|mailer-?daemon|post_?master|auto-?(?:reply|responder|generated)|bounce)/i;
const LIST_HEADERS = [
  "list-id",
  "list-post",
  "list-unsubscribe",
  "mailing-list",
  "x-mailing-list",
  "x-mailman-version",
];
const AUTO_HEADERS = [
  "x-autoreply",
  "x-autorespond",
  "x-auto-reply",
  "x-autoreply-from",
  "x-mail-autoreply",
  "x-vacation",
];

function headerOf({headers}: MailHead, name: string): string {
  return headers.find((header) => header.name === name)?.value ?? "";
}

/** Whether the mail is an automatic answer: an absence note, a receipt. Source: RFC 3834 section 5. */
export function isAutoReply(head: MailHead): boolean {
  if (head.autoSubmitted === "auto-replied" || head.autoSubmitted === "auto-notified") return true;
  if (AUTO_HEADERS.some((name) => !/^(?:|no|false)$/i.test(headerOf(head, name)))) return true;
  if (/^auto[_-]?reply$/i.test(headerOf(head, "precedence"))) return true;
  return SUBJECTS.test(head.subject);
}

/** Whether it came by a machine: automatic answers, lists, bulk mail, senders that nobody reads. Source: RFC 3834, RFC 2919. */
export function isByMachine(head: MailHead): boolean {
  const {autoSubmitted, from, returnPath} = head;
  return (
    isAutoReply(head) ||
    (autoSubmitted !== null && autoSubmitted !== "no") ||
    returnPath === "" ||
    /^(?:bulk|junk|list)\b/i.test(headerOf(head, "precedence")) ||
    LIST_HEADERS.some((name) => headerOf(head, name) !== "") ||
    headerOf(head, "x-auto-response-suppress") !== "" ||
    headerOf(head, "x-loop") !== "" ||
    NOBODY.test(from?.address ?? "")
  );
}
