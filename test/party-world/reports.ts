/** How sites are reported: a list of pages as a feed brings it, mails of people, and what a partner's program hands in. */
import type {ComplaintIn} from "../../src/app/coordination/opening/complaints.ts";
import {mailOf} from "./answers.ts";
import type {Dice} from "./dice.ts";
import type {Report, Story} from "./stories.ts";
import {instant} from "./times.ts";

const TOKYO_HOURS = 9;

/** Returns the list of those pages, each seen at its hour. */
export function feedText(rows: readonly {readonly story: Story; readonly hour: number}[]): string {
  const lines = rows.map(({story, hour}) => {
    const local = new Date(instant(hour).getTime() + TOKYO_HOURS * 3_600_000).toISOString();
    return `${local.slice(0, 19).replace("T", " ").replaceAll("-", "/")},${story.asset.value},Example Bank`;
  });
  return `date,URL,description\n${lines.join("\n")}\n`;
}

/** Returns a complaint as a program hands it in. */
export function complaintOf(story: Story, report: Report): ComplaintIn {
  return {
    receivedAt: instant(report.hour).toISOString(),
    source: "api",
    key: report.key,
    reporter: report.reporter,
    wantsAnswer: false,
    class: story.class,
    asset: story.asset,
    brand: null,
    text: "reported by a partner",
    ip: null,
  };
}

/** Returns a mail in which somebody complains of a page. */
export function complaintMail(dice: Dice, story: Story, report: Report): Buffer {
  const url = story.asset.value.replace("http", "hxxp").replaceAll(".", "[.]");
  const isChinese = dice.roll("reporter's language", report.reporter) < 0.5;
  const wish = isChinese
    ? report.wantsAnswer
      ? "请尽快回复处理结果。"
      : "无需回复。"
    : report.wantsAnswer
      ? "Please let me know what comes of it."
      : "No reply needed.";
  const text = isChinese
    ? `您好，\n\n我发现一个钓鱼网站，仿冒银行登录页面：\n\n${url}\n\n请协助处置。${wish}\n`
    : `Hello,\n\nI want to report a phishing page that steals passwords of bank customers:\n\n${url}\n\nPlease take it down. ${wish}\n`;
  const subject = isChinese ? `=?UTF-8?B?${Buffer.from("举报钓鱼网站").toString("base64")}?=` : "Phishing page";
  return mailOf({
    headers: [
      `From: ${report.reporter}`,
      "To: desk@csirt.example",
      `Subject: ${subject}`,
      `Message-ID: <report-${report.key}@people.example>`,
      `Date: ${instant(report.hour).toUTCString()}`,
    ],
    text,
  });
}
