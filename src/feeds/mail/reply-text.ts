/** Finds what is new in a reply: without the quoted mail, without signature. */

/** A reply in its pieces. */
export interface ReplyPieces {
  /** The new text. */
  readonly text: string;
  /** The signature below it, empty when there is none. */
  readonly signature: string;
}

/** "On … somebody wrote:"; it may run over three lines. */
const WROTE: readonly RegExp[] = [
  /^[^\n]{0,120}[于於]\s?\d{4}\s?[年/-][^\n]{2,100}[写寫]道\s*[:：]?\s*$/,
  /^\s*>?\s*(?:on|le|am|el|il|op|em|den|dne|w dniu)\b[^\n]{4,200}(?:\n[^\n]{0,200}){0,2}?(?:wrote|a écrit|schrieb|escribió|ha scritto|schreef|escreveu|skrev|napsal\w*|napisał\w*)\s*:?\s*$/i,
  /^\s*(?:在|於)?\s?\d{4}\s?[年/-][^\n]{2,120}(?:\n[^\n]{0,120})?(?:写道|寫道|wrote)\s*[:：]?\s*$/i,
  /^\s*\d{4}年\d{1,2}月\d{1,2}日[^\n]{0,120}[:：]\s*$/,
  /^\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}[^\n]{2,120}(?:\n[^\n]{0,120})?(?:написал|wrote|schrieb)\w*\s*:?\s*$/i,
];
/** Lines that begin the old mail. */
const QUOTE_HEADS: readonly RegExp[] = [
  ...WROTE,
  /^\s*-{2,}\s*(?:original (?:message|appointment)|forwarded (?:message|by)|reply message|原始邮件|原始郵件|原邮件|转发邮件|回复邮件|邮件原件|ursprüngliche nachricht|message d'origine|mensaje original|元のメッセージ)\s*-*\s*$/i,
  /^\s*\*?(?:from|发件人|寄件者|寄件人|von|de|差出人|от)\*?\s*[:：]\*?\s*[^\n]+\n\s*\*?(?:sent|date|to|发送时间|发送日期|日期|時間|寄件日期|收件人|gesendet|envoyé|enviado|送信日時|отправлено|时间)\*?\s*[:：]/i,
  /^\s*>?\s*(?:subject|主题)\s*[:：][^\n]*\n\s*>\s*(?:from|发件人)\s*[:：]/i,
  /^\s*-{5,}\s*\n\s*\n?\s*\*?(?:from|发件人)\*?\s*[:：]/i,
  /^_{10,}\s*\n\s*(?:from|发件人)\s*[:：]/i,
];
/** Lines that end what a person says. "-- " is the rule, the rest is what programs and people do. */
const SIGNATURES: readonly RegExp[] = [
  /^-- ?$/,
  /^(?:sent from (?:my|a|an|the)\s(?:(?!,)[\w'-]+\s?){1,6}|sent (?:with|via|using) [\w ]{1,30}(?:\([^)]*\))?|get outlook for \w+|发自我的\S{0,30}|来自我的\S{0,30}|從我的\S{0,30}|由我的\S{0,30}|iphoneから送信|von meinem [\w ]{1,30} gesendet|envoyé de mon [\w ]{1,30})\.?$/i,
  /^_{15,}$/,
];
const CUT_CHARACTERS = 200_000;

/** Returns the new text of a reply. Answers below or between quoted lines are kept, the quoted lines are not. */
export function replyText(whole: string): ReplyPieces {
  const lines = whole.slice(0, CUT_CHARACTERS).replace(/\r\n?/g, "\n").split("\n");
  const end = quoteStart(lines);
  const head = lines.slice(0, end).filter((line) => !IS_QUOTED.test(line));
  const own = [...head, ...answersBelow(lines, end)];
  const signature = signatureStart(own);
  return {text: trimmed(own.slice(0, signature)), signature: trimmed(own.slice(signature))};
}

const IS_QUOTED = /^\s*>/;

/** Where the old mail is marked by ">", paragraphs without the mark are answers. One right below a marked line is its wrapped end. */
function answersBelow(lines: readonly string[], end: number): string[] {
  const length = WROTE.find((head) => head.test(lines[end] ?? "")) !== undefined ? 1 : 2;
  const tail = lines.slice(end + length);
  const isMarked = IS_QUOTED.test(tail.find((line) => line.trim() !== "") ?? "");
  const isWrote =
    isMarked && WROTE.some((head) => isHead(head, lines.slice(end, end + 3).join("\n"), lines[end] ?? ""));
  if (!isWrote) return [];
  let isAnswer = false;
  return tail.filter((line, index) => {
    if (line.trim() === "") return isAnswer;
    if (IS_QUOTED.test(line)) isAnswer = false;
    else if ((tail[index - 1] ?? "").trim() === "") isAnswer = true;
    return isAnswer;
  });
}

function quoteStart(lines: readonly string[]): number {
  const found = lines.findIndex((line, index) => {
    if (line.trim() === "") return false;
    const two = lines.slice(index, index + 3).join("\n");
    return QUOTE_HEADS.some((head) => isHead(head, two, line));
  });
  return found === -1 ? lines.length : found;
}

/** The head may end in this line or in one of the next two. */
function isHead(head: RegExp, three: string, line: string): boolean {
  const [first, second] = three.split("\n");
  return head.test(line) || head.test(`${first}\n${second ?? ""}`) || head.test(three);
}

/** The signature begins at its mark; what programs add counts only when nothing but short lines follows. */
function signatureStart(lines: readonly string[]): number {
  const found = lines.findIndex((line, index) =>
    SIGNATURES.some(
      (mark, kind) =>
        mark.test(kind === 0 ? line.replace(/\r$/, "") : line.trim()) && (kind === 0 || lines.length - index <= 8),
    ),
  );
  return found === -1 ? lines.length : found;
}

function trimmed(lines: readonly string[]): string {
  return lines
    .join("\n")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\s+$/g, "")
    .replace(/\n\s*-{5,}\s*$/, "")
    .trimEnd();
}
