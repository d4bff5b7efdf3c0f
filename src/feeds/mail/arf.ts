import type {ComplaintMail, StatedComplaint} from "../../model/complaint.ts";
import type {ReadMail} from "../../model/mail.ts";
import {addressIn, type Fields, fieldBlocks} from "./dsn.ts";
import {hostOf, ipOf, urlOf} from "./findings.ts";
import {timeIn} from "./times.ts";

/** Reads feedback reports of mail providers. Source: RFC 5965, RFC 6591 (authentication failures), RFC 6692 (ports). */

/** The types that the registry knows; others are given as they are stated. Null: says nothing of abuse. */
const CLASSES: Readonly<Record<string, string | null>> = {
  abuse: "abuse.spam",
  miscategorized: "abuse.spam",
  virus: "mal.site",
  fraud: "web.phish",
  "auth-failure": null,
  "opt-out": null,
  "opt-out-list": null,
  "not-spam": null,
  dmarc: null,
  other: null,
};
/** Nobody did anything wrong: the recipient took himself off a list, or a mail was no spam after all. */
const NO_COMPLAINT = ["opt-out", "opt-out-list", "not-spam", "dmarc"];

/** Returns what a feedback report says; null when the mail is none. */
export function readFeedback(mail: ReadMail): (ComplaintMail & {readonly feedbackType: string}) | null {
  const reports = mail.parts.filter(({mime}) => mime === "message/feedback-report");
  if (reports.length === 0) return readJunkReport(mail);
  const all = reports.flatMap(({text}) => {
    const fields = fieldBlocks(text ?? "")[0];
    return fields === undefined ? [] : [fields];
  });
  const [first] = all;
  const read = all.map((fields) => complaintOf(fields, mail));
  return {
    feedbackType: typeOf(first),
    format: "arf",
    reporter: mail.head.from,
    reference: first?.get("incident") ?? first?.get("original-envelope-id") ?? null,
    wantsAnswer: false, // a report of a machine
    complaints: read.flatMap((each) => (typeof each === "string" ? [] : each)),
    rejects:
      all.length === 0
        ? ["The feedback report has no fields."]
        : read.flatMap((each) => (typeof each === "string" ? each : [])),
  };
}

/** The reports of one large house have no machine part: the address stands in the subject, the mail is attached with a mark. */
function readJunkReport(mail: ReadMail): (ComplaintMail & {readonly feedbackType: string}) | null {
  const about = original(mail);
  const ip = ipOf(/^\s*complaint about message from (\S+)\s*$/i.exec(mail.head.subject)?.[1] ?? "");
  if (ip === null || about?.head.headers.some(({name}) => name === "x-hmxmroriginalrecipient") !== true) return null;
  const evidence = evidenceOf(mail, "abuse").slice(0, 2000);
  const complaint: StatedComplaint = {
    asset: {kind: "ip", value: ip},
    class: "abuse.spam",
    seenAt: about.head.date,
    brand: null,
    ip: null,
    port: null,
    evidence,
  };
  return {
    feedbackType: "abuse",
    format: "junk-report",
    reporter: mail.head.from,
    reference: null,
    wantsAnswer: false,
    complaints: [complaint],
    rejects: [],
  };
}

function typeOf(fields: Fields | undefined): string {
  return /^[a-z-]+/.exec(fields?.get("feedback-type")?.toLowerCase() ?? "")?.[0] ?? "other";
}

/** What is complained about: the address that sent, else a web address or domain that the report names. */
function complaintOf(fields: Fields, mail: ReadMail): StatedComplaint[] | string {
  const type = typeOf(fields);
  if (NO_COMPLAINT.includes(type)) return [];
  const ip = ipOf((fields.get("source-ip") ?? fields.get("source") ?? "").replace(/^.*\[|\].*$/g, ""));
  const url = urlOf((fields.get("reported-uri") ?? "").split(/\s/)[0] ?? "");
  const host = hostOf(/[\w.-]+\.\w+/.exec(fields.get("reported-domain") ?? "")?.[0] ?? "");
  const sender = addressIn(fields.get("original-mail-from") ?? "");
  const asset: StatedComplaint["asset"] | null =
    url !== null && type !== "abuse"
      ? {kind: "url", value: url}
      : ip !== null
        ? {kind: "ip", value: ip}
        : sender !== null
          ? {kind: "account", value: sender}
          : host === null
            ? null
            : {kind: "site", value: host};
  if (asset === null) return `The feedback report (${type}) names no address, no sender and no domain.`;
  const port = Number(fields.get("source-port") ?? Number.NaN);
  const seenAt =
    timeIn(fields.get("arrival-date") ?? "") ??
    timeIn(fields.get("received-date") ?? "") ??
    original(mail)?.head.date ??
    null;
  return [
    {
      asset,
      class: CLASSES[type] ?? null,
      seenAt,
      brand: null,
      ip: asset.kind === "ip" ? null : ip,
      port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : null,
      evidence: evidenceOf(mail, type).slice(0, 2000),
    },
  ];
}

function evidenceOf(mail: ReadMail, type: string): string {
  const about = original(mail);
  const what = about === null ? "" : `\n${about.head.from?.address ?? ""}: ${about.head.subject}`;
  return `${type}\n${mail.text.trim().slice(0, 1500)}${what}`;
}

function original({parts}: ReadMail): ReadMail["parts"][number]["message"] {
  return parts.find(({message}) => message !== null)?.message ?? null;
}
