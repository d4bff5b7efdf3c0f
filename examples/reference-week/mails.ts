/** Mails of people and machines who complain, and of parties who answer: written as they come in. */

/** A mail: its raw text, lines ended by CR LF. */
export interface Mail {
  readonly from: string;
  readonly subject: string;
  readonly at: Date;
  readonly id: string;
  readonly text: string;
  /** What it answers. */
  readonly inReplyTo?: string;
  /** A part of JSON besides the text. */
  readonly json?: object;
}

/** Returns a mail as it comes in. */
export function rawMail({from, subject, at, id, text, inReplyTo, json}: Mail): string {
  const head = [
    `From: ${from}`,
    "To: desk@csirt.example",
    `Subject: =?UTF-8?B?${Buffer.from(subject).toString("base64")}?=`,
    `Message-ID: <${id}>`,
    `Date: ${at.toUTCString().replace("GMT", "+0000")}`,
    ...(inReplyTo === undefined ? [] : [`In-Reply-To: ${inReplyTo}`]),
    "MIME-Version: 1.0",
  ];
  const plain = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", text, ""];
  if (json === undefined) return [...head, ...plain].join("\r\n").replace(/\r?\n/g, "\r\n");
  const part = [
    "Content-Type: application/json; name=xarf.json",
    "Content-Disposition: attachment; filename=xarf.json",
    "",
  ];
  return [
    ...head,
    "Content-Type: multipart/mixed; boundary=week",
    "",
    ...["--week", ...plain, "--week", ...part, JSON.stringify(json), "--week--", ""],
  ]
    .join("\r\n")
    .replace(/\r?\n/g, "\r\n");
}

/** What a person complains about. */
export interface Told {
  readonly class: string;
  readonly brand: string | null;
  readonly urls: readonly string[];
  /** Whether the reporter wants to hear of it. */
  readonly wantsAnswer: boolean;
}

/** Returns subject and text of a complaint in plain words, Chinese or English. */
export function complaintWords({class: problem, brand, urls, wantsAnswer}: Told): Pick<Mail, "subject" | "text"> {
  const lines = urls.map((url) => url.replace("http://", "hxxp://").replaceAll(".", "[.]"));
  const ask = wantsAnswer ? "请回复处理结果。" : "无需回复。";
  if (problem === "mal.site")
    return {
      subject: "Malware download",
      text: [
        "We found malware on these addresses, please remove it:",
        ...lines,
        wantsAnswer ? "Please reply." : "No reply is needed.",
      ].join("\n"),
    };
  if (problem === "web.fakeapp")
    return {subject: "举报假冒应用", text: ["我发现以下下载页面提供假冒应用，请协助处置：", ...lines, ask].join("\n")};
  return {
    subject: "举报仿冒网站",
    text: [`以下网页仿冒“${brand ?? ""}”的官网，骗取口令，请协助处置：`, ...lines, ask].join("\n"),
  };
}

/** Returns a report of a phishing page in X-ARF 4. Source: https://xarf.org. */
export function xarf({url, brand, at, number}: {url: string; brand: string | null; at: Date; number: number}): object {
  const desk = {org: "Sample Abuse Desk", contact: "xarf@sensor.example", domain: "sensor.example"};
  return {
    xarf_version: "4.0.0",
    report_id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    timestamp: at.toISOString(),
    ...{reporter: desk, sender: desk, category: "content", type: "phishing"},
    source_identifier: new URL(url).hostname,
    evidence_source: "user_report",
    url,
    ...(brand === null ? {} : {target_brand: brand}),
  };
}

/** What a party says, in its words. */
export const ANSWERS = {
  done: {zh: "上述页面已下线，处置完毕。", en: "The pages have been removed."},
  acknowledged: {zh: "已收到，正在核实。", en: "We have received your report and are investigating."},
  "not-ours": {zh: "该资源不属于我司。", en: "These are not hosted by us."},
} as const;
