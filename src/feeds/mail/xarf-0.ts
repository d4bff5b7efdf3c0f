import type {ComplaintMail, StatedComplaint} from "../../model/complaint.ts";
import type {ReadMail} from "../../model/mail.ts";
import {type Fields, fieldBlocks} from "./dsn.ts";
import {assetOf, ipOf, urlOf} from "./findings.ts";
import {timeIn} from "./times.ts";

/** X-ARF 0.1 and 0.2: a text of "Name: value" lines after "---", with a category and a type. Source: x-arf.org, 2010. */

const NEEDED = ["reported-from", "category", "report-type", "date", "source", "source-type"];
const CATEGORIES = ["abuse", "fraud", "auth", "info", "private", "malicious"];
const SOURCE_TYPES = /^(?:ip-?address|ipv4|ipv6|uri|url|domain|hostname|email|e-mail)$/i;

/** Words of the report type, and of the service where the type only says "attack". What they do not name stays null. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/phish/i, "web.phish"],
  [/malware|virus|trojan/i, "mal.site"],
  [/bot-?infection|infected|zombie|botnet/i, "mal.bot"],
  [/ddos|dos-attack/i, "net.ddos"],
  [/portscan|port-scan|\bscan/i, "att.scan"],
  [
    /login-attack|brute|^(?:ssh|ftp|imap|pop3?|sip|rdp|sasl|courier\w*|proftpd|apache-auth|asterisk|mail)$/i,
    "att.brute",
  ],
  [/spam|regbot|comment/i, "abuse.spam"],
  [/copyright|trademark/i, "other"],
];

/** Returns the reports of a mail; null when there is none. */
export function readXarf0(mail: ReadMail): ComplaintMail | null {
  const texts = [mail.text, ...mail.parts.map(({text}) => text ?? "")];
  const blocks = texts.flatMap(blocksIn);
  if (blocks.length === 0) return null;
  const read = blocks.map((fields) => complaintOf(fields, mail));
  const [first] = blocks;
  return {
    format: "xarf-0",
    reporter: {name: "", address: first?.get("reported-from") ?? ""},
    reference: first?.get("report-id") ?? null,
    wantsAnswer: null,
    complaints: read.flatMap((each) => (typeof each === "string" ? [] : each)),
    rejects: read.flatMap((each) => (typeof each === "string" ? each : [])),
  };
}

function blocksIn(text: string): Fields[] {
  return [...text.matchAll(/^---[ \t]*\r?\n((?:[A-Z][\w-]*:[^\n]*\r?\n?|[ \t]+[^\n]+\r?\n?){3,60})/gm)].flatMap(
    ([, block]) => {
      const fields = fieldBlocks(block ?? "")[0];
      return fields?.has("reported-from") === true || (fields?.has("report-type") === true && fields.has("source"))
        ? [fields]
        : [];
    },
  );
}

function complaintOf(fields: Fields, mail: ReadMail): StatedComplaint | string {
  const value = (name: string): string => (fields.get(name) ?? "").trim();
  const missing = NEEDED.filter((name) => value(name) === "");
  if (missing.length > 0) return `The X-ARF report is not valid. Missing: ${missing.join(", ")}`;
  if (!CATEGORIES.includes(value("category").toLowerCase()))
    return "The X-ARF report is not valid. Category: is none of the format";
  if (!SOURCE_TYPES.test(value("source-type")))
    return "The X-ARF report is not valid. Source-Type: is none of the format";
  const source = assetOf(value("source"));
  const link = urlOf(value("download-link"));
  if (source === null) return "The X-ARF report is not valid. Source: is no address, host name or URL";
  const asset = link === null ? source : {kind: "url" as const, value: link};
  const type = `${value("report-type")}`;
  const code =
    [type, value("service")].flatMap((word) => TYPES.find(([pattern]) => pattern.test(word))?.[1] ?? [])[0] ?? null;
  const port = Number(value("port") || value("download-port"));
  return {
    asset,
    class: code,
    seenAt: timeIn(value("date")),
    brand: /this attack targets ([^\n]{1,80}?)\.\s*$/im.exec(mail.text)?.[1] ?? null,
    ip: asset.kind === "ip" ? null : (ipOf(value("source")) ?? null),
    // the port is that of the attacked service, unless the report says of what
    port: Number.isInteger(port) && port > 0 && port < 65_536 && asset.kind === "url" ? port : null,
    evidence: `${value("category")}/${type} ${value("service")}\n${mail.text.trim()}`.slice(0, 2000),
  };
}
