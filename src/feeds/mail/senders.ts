import type {ComplaintMail, StatedComplaint} from "../../model/complaint.ts";
import type {ReadMail} from "../../model/mail.ts";
import {classOfWords} from "./class-words.ts";
import {fieldBlocks} from "./dsn.ts";
import {assetOf, ipOf, urlOf} from "./findings.ts";
import {timeIn} from "./times.ts";

/**
 * Complaints that come by thousands from the same desks, each in its own form. A mail is known by its form, not by its
 * sender: anybody can write that.
 */

/** A form: null when the mail is not of it, else its complaints. */
type Form = (mail: ReadMail) => StatedComplaint[] | null;

const FORMS: readonly (readonly [string, Form])[] = [
  ["abusehub", abusehub],
  ["cyscon", cyscon],
  ["clean-mx", cleanmx],
  ["safe-browsing", safeBrowsing],
  ["honeypot", honeypot],
  ["webiron", webiron],
];

/** Returns what a mail of a known form says; null when its form is unknown. */
export function readKnownForm(mail: ReadMail): ComplaintMail | null {
  for (const [format, form] of FORMS) {
    const complaints = form(mail);
    if (complaints === null) continue;
    const rejects =
      complaints.length === 0 ? [`The mail has the form of ${format}, but names nothing that could be read.`] : [];
    return {format, reporter: mail.head.from, reference: null, wantsAnswer: false, complaints, rejects};
  }
  return null;
}

function complaint(asset: StatedComplaint["asset"], more: Partial<StatedComplaint>): StatedComplaint {
  return {asset, class: null, seenAt: null, brand: null, ip: null, port: null, evidence: "", ...more};
}

/** CSV with a header that begins with reliable_notifier; the offset of its times stands in the text. */
function abusehub(mail: ReadMail): StatedComplaint[] | null {
  const table = mail.parts.flatMap(({text}) => (text?.startsWith("reliable_notifier,") === true ? text : []))[0];
  if (table === undefined) return null;
  const [header, ...rows] = table
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, 1001)
    .map(cells);
  return rows.flatMap((row) => {
    const cell = (name: string): string => row[header?.indexOf(name) ?? -1] ?? "";
    const asset = assetOf(cell("src_ip")) ?? assetOf(cell("src_url"));
    if (asset === null) return [];
    const port = Number(cell("src_port"));
    const time = mail.text.includes(`${cell("event_date")} ${cell("event_time")}`)
      ? timeIn(mail.text.slice(mail.text.indexOf(`${cell("event_date")} ${cell("event_time")}`)))
      : null;
    return [
      complaint(asset, {
        class: classOfWords(cell("report_type"), cell("infection_type")),
        seenAt: time,
        port: port > 0 ? port : null,
        evidence: `${cell("report_type")} ${cell("infection_type")}`.trim(),
      }),
    ];
  });
}

/** One line of CSV. */
function cells(line: string): string[] {
  return [...line.slice(0, 20_000).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}

/** A block "uri: …" with signature and times. */
function cyscon(mail: ReadMail): StatedComplaint[] | null {
  const block = [mail.text, ...mail.parts.map(({text}) => text ?? "")].flatMap(
    (text) => /^---\s*\r?\n(uri:[\s\S]{1,5000})/m.exec(text)?.[1] ?? [],
  )[0];
  if (block === undefined) return null;
  const fields = fieldBlocks(block)[0];
  const asset = assetOf(fields?.get("uri") ?? "");
  if (fields === undefined || asset === null) return [];
  const signature = fields.get("signature") ?? "";
  return [
    complaint(asset, {
      class: classOfWords(signature.replaceAll(".", " "), mail.head.subject),
      seenAt: timeIn(fields.get("last_seen") ?? ""),
      ip: ipOf(fields.get("ip") ?? ""),
      evidence: signature,
    }),
  ];
}

/** A table with bars: date, id, name, ip, domain, URL. */
function cleanmx(mail: ReadMail): StatedComplaint[] | null {
  const lines = mail.text.split(/\r?\n/).map((line) => line.split("|").map((cell) => cell.trim()));
  const header = lines.find((line) => line.includes("Url") && line.includes("ip") && line.includes("date"));
  if (header === undefined) return null;
  const column = (line: string[], name: string): string => line[header.indexOf(name)] ?? "";
  return lines.slice(lines.indexOf(header) + 1).flatMap((line) => {
    const url = line.length >= header.length - 1 ? urlOf(column(line, "Url")) : null;
    if (url === null) return [];
    const name = column(line, "virusname");
    return [
      complaint(
        {kind: "url", value: url},
        {
          class: classOfWords(mail.head.subject, name),
          seenAt: timeIn(zoned(column(line, "date"))),
          ip: ipOf(column(line, "ip")),
          evidence: name,
        },
      ),
    ];
  });
}

/** Central European time names its offset. */
function zoned(text: string): string {
  return text.replace(/\bCEST\b/, "+0200").replace(/\bCET\b/, "+0100");
}

/** A document of lists of URLs. The lists have numbers only, so what kind they are stays open. */
function safeBrowsing(mail: ReadMail): StatedComplaint[] | null {
  if (!/<notification_message\b/.test(mail.text)) return null;
  return [...mail.text.matchAll(/<url_info\s+url="([^"<>]{1,2000})"(?:\s+ip="([^"<>]{1,50})")?/g)]
    .slice(0, 1000)
    .flatMap(([, text, ip]) => {
      const url = urlOf(text ?? "");
      return url === null
        ? []
        : [complaint({kind: "url", value: url}, {ip: ipOf(ip ?? ""), evidence: mail.head.subject})];
    });
}

const TRAPPED: Readonly<Record<string, string | null>> = {
  "email spamming": "abuse.spam",
  "comment spamming": "abuse.spam",
  "dictionary attacks": "att.brute",
  harvesting: null, // taxonomies do not agree what collecting addresses is
};

/** Addresses under "IPs Engaged In …" headings, each with its times below, newest first. */
function honeypot(mail: ReadMail): StatedComplaint[] | null {
  if (!/^IPs Engaged In /im.test(mail.text)) return null;
  const found: StatedComplaint[] = [];
  let what: string | null = null;
  for (const line of mail.text.split(/\r?\n/)) {
    const heading = /^(?:IPs Engaged In ([\w ]+?)|Other Potentially Suspicious IPs) On Your Network:?\s*$/i.exec(line);
    const ip = ipOf(/^([0-9a-f.:]+)/i.exec(line)?.[1] ?? "");
    const last = found.at(-1);
    if (heading !== null) what = heading[1]?.toLowerCase() ?? "";
    else if (/^-{5,}/.test(line)) what = null;
    else if (what !== null && ip !== null)
      found.push(complaint({kind: "ip", value: ip}, {class: TRAPPED[what] ?? null, evidence: what}));
    else if (/^\s+- /.test(line) && last?.seenAt === null)
      found.splice(-1, 1, {...last, seenAt: timeIn(line), evidence: `${last.evidence}${line}`.slice(0, 2000)});
  }
  return found;
}

/** One "Offending IP" and a list of issues, each with its time; the first is when it was seen. */
function webiron(mail: ReadMail): StatedComplaint[] | null {
  const found = /^\s*Offending(?:\/Source)? IP:\s*([0-9a-f.:]+)/im.exec(mail.text);
  if (found === null) return null;
  const ip = ipOf(found[1] ?? "");
  if (ip === null) return [];
  const issues = mail.text.slice(found.index, found.index + 5000);
  const said = /Issue:\s*([^\n]{1,500})/i.exec(issues)?.[1] ?? "";
  return [
    complaint(
      {kind: "ip", value: ip},
      {
        class: classOfWords(said, ""),
        seenAt: timeIn(/^[\s-]*Time:\s*([^\n]+)/im.exec(issues)?.[1] ?? ""),
        evidence: issues.slice(0, 2000),
      },
    ),
  ];
}
