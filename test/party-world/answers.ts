/** What parties write back: in two languages, with the mail that they answer quoted as programs quote, or by machines. */
import type {Dice} from "./dice.ts";
import type {Letter} from "./post.ts";

/** What an answer says. */
export type Says = "acknowledged" | "done" | "not_ours" | "asks";

const WORDS: Readonly<Record<"zh" | "en", Record<Says, readonly string[]>>> = {
  en: {
    acknowledged: [
      "Thank you for your report. We are investigating.",
      "We have received your notification and are looking into it.",
      "Your ticket has been opened. We have forwarded it to our customer.",
    ],
    done: [
      "The domains have been suspended.",
      "We have removed the content.",
      "The site has been taken down. Thank you for the report.",
      "We have terminated the account of the customer.",
    ],
    not_ours: ["This domain is not registered with us.", "The site is not hosted by us. Please contact the registrar."],
    asks: ["Could you please provide more evidence?", "We need more information. Which URL is meant?"],
  },
  zh: {
    acknowledged: ["已收到贵中心通报，正在处理。", "邮件已收悉，正在核实。"],
    done: ["您好，涉及网页已处置完毕。", "相关网站已关停，谢谢。", "已暂停解析该域名。"],
    not_ours: ["该域名不在我司，请联系注册商。", "经核实，该网站不属于我司用户。"],
    asks: ["请提供更多证据材料。", "能否提供具体网址？"],
  },
};

/** An answer that is to be written. `hour` makes it one of its own; `about` names one case of several. */
export interface Answering {
  readonly letter: Letter;
  readonly from: string;
  readonly says: Says;
  readonly at: Date;
  readonly name: string;
  readonly about?: string | undefined;
}

/** Returns the answer as it comes in. */
export function answerMail(dice: Dice, {letter, from, says, at, name, about}: Answering): Buffer {
  const language = /\p{Script=Han}/u.test(letter.subject) ? "zh" : "en";
  const words = dice.pick(WORDS[language][says], "words", name);
  const manner =
    about === undefined ? dice.pick(["below", "above", "outlook", "bare", "thread"] as const, "quote", name) : "above";
  const subject =
    manner === "thread" ? "Re: your notification" : `Re: ${letter.subject}${about === undefined ? "" : ` ${about}`}`;
  return mailOf({
    headers: [
      `From: =?UTF-8?B?${Buffer.from(language === "zh" ? "值班" : "Duty").toString("base64")}?= <${from}>`,
      "To: desk@csirt.example",
      `Subject: ${encoded(subject)}`,
      ...(manner === "bare" ? [] : [`In-Reply-To: ${letter.messageId}`, `References: ${letter.messageId}`]),
      `Message-ID: <${name.replace(/[^\w-]/g, ".")}@${from.split("@")[1]}>`,
      `Date: ${at.toUTCString()}`,
    ],
    text: `${bodyOf(manner, {words, letter, language})}\n`,
  });
}

function encoded(subject: string): string {
  const words = subject.match(/.{1,20}/gsu) ?? [];
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString("base64")}?=`).join("\r\n ");
}

function bodyOf(
  manner: "below" | "above" | "outlook" | "bare" | "thread",
  {words, letter, language}: {words: string; letter: Letter; language: "zh" | "en"},
): string {
  const quoted = letter.text
    .trim()
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
  const wrote =
    language === "zh"
      ? "在 2023-02-20 10:00，desk@csirt.example 写道："
      : "On Mon, 20 Feb 2023, desk@csirt.example wrote:";
  const outlook =
    language === "zh"
      ? `-----原始邮件-----\n发件人: desk@csirt.example\n发送时间: 2023年2月20日 10:00\n主题: ${letter.subject}\n\n${letter.text}`
      : `-----Original Message-----\nFrom: desk@csirt.example\nSent: Monday, 20 February 2023 10:00\nSubject: ${letter.subject}\n\n${letter.text}`;
  switch (manner) {
    case "above":
    case "thread":
      return `${words}\n\n-- \nDuty desk\n\n${wrote}\n${quoted}`;
    case "below":
      return `${wrote}\n${quoted}\n\n${words}`;
    case "outlook":
      return `${words}\n\n${outlook}`;
    default:
      return words;
  }
}

/** Returns an automatic answer, in one of the ways in which machines say, or hardly say, that they are machines. */
export function machineMail(dice: Dice, {letter, from, at, name}: Omit<Answering, "says" | "about">): Buffer {
  const way = dice.pick(["rfc", "header", "precedence", "subject", "subject-zh"] as const, "machine", name);
  const subject =
    way === "subject"
      ? `Automatic reply: ${letter.subject}`
      : way === "subject-zh"
        ? `自动回复: ${letter.subject}`
        : `Re: ${letter.subject}`;
  const own = {
    rfc: ["Auto-Submitted: auto-replied"],
    header: ["X-Autoreply: yes"],
    precedence: ["Precedence: auto_reply"],
    subject: [],
    "subject-zh": [],
  };
  return mailOf({
    headers: [
      `From: ${from}`,
      "To: desk@csirt.example",
      `Subject: ${encoded(subject)}`,
      `In-Reply-To: ${letter.messageId}`,
      `Message-ID: <auto.${name.replace(/[^\w-]/g, ".")}@${from.split("@")[1]}>`,
      `Date: ${at.toUTCString()}`,
      ...own[way],
    ],
    text: "We have received your message and the issue has been resolved or will be soon. 我们已收到您的邮件，已处置。\n",
  });
}

/** Returns the bytes of a mail with a plain text. */
export function mailOf({headers, text}: {headers: readonly string[]; text: string}): Buffer {
  const body =
    Buffer.from(text.replace(/\r?\n/g, "\r\n"))
      .toString("base64")
      .match(/.{1,76}/g) ?? [];
  const kind = ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64"];
  return Buffer.from([...headers, ...kind, "", ...body, ""].join("\r\n"));
}
