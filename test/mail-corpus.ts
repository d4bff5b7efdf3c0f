/** The shared mails, read and understood, as numbers: per kind how many there are and how many are understood. */
import {readdirSync, readFileSync, statSync} from "node:fs";
import path from "node:path";
import {after} from "node:test";
import {openMailReader} from "../src/app/mail/reader.ts";
import {replyText} from "../src/feeds/mail/reply-text.ts";
import {isXarf3, readXarf3} from "../src/feeds/mail/xarf-3.ts";
import {isXarf4, readXarf4} from "../src/feeds/mail/xarf-4.ts";
import type {MailReading, Understood} from "../src/model/complaint.ts";
import {SHARED} from "./site.ts";

const NOW = new Date("2026-03-01T00:00:00Z");
const CONTEXT = {ownDomains: [], messageIdHosts: []};

/** Numbers of one kind, by what is counted. */
export type Row = Readonly<Record<string, number>>;

/** Folder of a kind of mails. */
export function kindFolder(kind: string): string {
  return path.join(SHARED, "data", kind);
}

/** Names of the mails of a folder, in their order. */
export function mailsOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.endsWith(".json") && statSync(path.join(folder, name)).isFile())
    .sort();
}

const reader = openMailReader({context: CONTEXT});
after(() => reader.close());

/** Reads all mails of a folder; by name. */
export async function readFolder(folder: string): Promise<Map<string, MailReading>> {
  const found = new Map<string, MailReading>();
  for (const name of mailsOf(folder)) found.set(name, await reader.read({path: path.join(folder, name)}, NOW));
  return found;
}

function count<T>(values: readonly T[], test: (value: T) => boolean): number {
  return values.filter(test).length;
}

function understoodOf(readings: Iterable<MailReading>): Understood[] {
  return [...readings].flatMap((reading) => (reading.state === "read" ? [reading.understood] : []));
}

/** Of complaint mails: how many name what it is about, and of those things how many have a class and a time. */
export function complaintRow(readings: Iterable<MailReading>): Row {
  const all = [...readings];
  const understood = understoodOf(all);
  const complaints = understood.flatMap((each) =>
    each.as === "complaint" || each.as === "feedback" ? each.complaints : [],
  );
  const isRead = (each: Understood): boolean =>
    each.as === "report"
      ? each.parts.length > 0
      : (each.as === "complaint" || each.as === "feedback") && each.complaints.length > 0 && each.rejects.length === 0;
  return {
    mails: all.length,
    understood: count(understood, isRead),
    complaints: complaints.length,
    reports: understood.reduce((sum, each) => sum + (each.as === "report" ? each.parts.length : 0), 0),
    class: count(complaints, (each) => each.class !== null),
    time: count(complaints, ({seenAt}) => seenAt !== null),
  };
}

/** Of mails of any kind: how many are read, and as what they are understood. */
export function mailRow(readings: Iterable<MailReading>): Row {
  const all = [...readings];
  const row: Record<string, number> = {mails: all.length, read: count(all, ({state}) => state === "read")};
  for (const {as} of understoodOf(all)) row[as] = (row[as] ?? 0) + 1;
  return row;
}

/** Of X-ARF reports: how many are taken, and how many are refused with a reason. */
export function xarfRow(folder: string): Row {
  const read = readdirSync(folder).map((name) => {
    const value: unknown = JSON.parse(readFileSync(path.join(folder, name), "utf8"));
    if (isXarf4(value)) return readXarf4(value);
    return isXarf3(value) ? readXarf3(value) : null;
  });
  return {
    reports: read.length,
    taken: count(read, (each) => (each?.complaints.length ?? 0) > 0 && each?.rejects.length === 0),
    refused: count(read, (each) => each?.complaints.length === 0 && each.rejects.join("").length > 20),
  };
}

/** What was found to be new in a reply: its characters, so that nothing of it is written here. */
export function replySizes(texts: ReadonlyMap<string, string>): Record<string, number> {
  return Object.fromEntries(
    [...texts].map(([name, text]) => [name.replace(/\.\w+$/, ""), replyText(text).text.length]),
  );
}
