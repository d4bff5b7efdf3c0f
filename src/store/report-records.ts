/** The record of a kept report: a small JSON file that is written last, so that a report without one was never kept. */
import {readdir, readFile, rm, writeFile} from "node:fs/promises";
import path from "node:path";
import {z} from "zod";
import {WatchfloorError} from "../model/errors.ts";
import type {Day} from "../model/week.ts";
import {codeOf, diskError, makeFolder, publishFile, syncWay, temporaryFor} from "./durable.ts";

const REPORT_ID = /^(?<feed>.+)-[0-9a-f]{16}(?:-\d{8})?$/;
const FEED_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
const FILES_AT_ONCE = 32;

const RECORD = z.strictObject({
  id: z.string().regex(REPORT_ID),
  feed: z.string().regex(FEED_NAME),
  fileName: z.string(),
  fetchedAt: z.iso.datetime().transform((text) => new Date(text)),
  listDay: z.iso.date().nullable(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive(),
  lines: z.int().nonnegative(),
  longestLineBytes: z.int().nonnegative(),
  encoding: z.enum(["utf-8", "utf-8-bom", "utf-16le", "utf-16be"]),
  nuls: z.int().nonnegative(),
  loneReturns: z.int().nonnegative(),
  /** Path of the kept copy, below the feed's folder. */
  file: z.string().regex(/^\d{4}-\d{2}\/[0-9TZ]+-[0-9a-f]{64}\.zst$/),
});

/**
 * A kept report. `sha256` and `bytes` are of the unpacked bytes as they came, mark and all; `lines`, `longestLineBytes`
 * and `nuls` are of its text (encoding.ts). `listDay` is set for standing lists only.
 */
export type KeptReport = Readonly<z.infer<typeof RECORD>>;

/** One delivery as it arrives. `listDay` is the local fetch day of a standing list; null when its lines have times. */
export interface Arrival {
  readonly feed: string;
  readonly fetchedAt: Date;
  readonly listDay: Day | null;
}

/**
 * Returns the id of a report: the feed, half of the first half of the SHA-256, and for a standing list the day, since
 * each day's list is a report of its own (RULINGS 1).
 */
export function reportId({feed, listDay}: Pick<Arrival, "feed" | "listDay">, sha256: string): string {
  return [feed, sha256.slice(0, 16), ...(listDay === null ? [] : [listDay.replaceAll("-", "")])].join("-");
}

/** Returns the folder of all kept reports of a feed. Throws feed_unknown when the name could lead elsewhere. */
export function feedFolder(home: string, feed: string): string {
  if (!FEED_NAME.test(feed)) throw new WatchfloorError("feed_unknown", `${JSON.stringify(feed)} is no feed name`);
  return path.join(home, "reports", feed);
}

/** Returns the kept report of that id, or null. Throws report_unreadable when its record is damaged. */
export async function findReport(home: string, id: string): Promise<KeptReport | null> {
  const feed = REPORT_ID.exec(id)?.groups?.["feed"];
  if (feed === undefined || !FEED_NAME.test(feed)) return null;
  return readRecord(recordFile(home, {id, feed}));
}

/**
 * Waits until the record of a report that is there would survive a power cut: whoever wrote it may have been killed before
 * that, and nobody may be told that the report is kept until it is. Throws disk_full, home_not_writable.
 */
export async function settleRecord(home: string, report: KeptReport): Promise<void> {
  await syncWay([recordFile(home, report)], home);
}

function recordFile(home: string, {id, feed}: Pick<KeptReport, "id" | "feed">): string {
  return path.join(feedFolder(home, feed), `${id}.json`);
}

/** Returns all kept reports, or those of one feed, by fetch time. Throws report_unreadable when a record is damaged. */
export async function listReports(home: string, feed?: string): Promise<KeptReport[]> {
  const feeds = feed === undefined ? await namesIn(path.join(home, "reports")) : [feed];
  const found: KeptReport[] = [];
  for (const folder of feeds.filter((name) => FEED_NAME.test(name)).map((name) => feedFolder(home, name))) {
    const files = (await namesIn(folder)).filter((name) => name.endsWith(".json"));
    for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
      const some = files.slice(from, from + FILES_AT_ONCE);
      const records = await Promise.all(some.map((name) => readRecord(path.join(folder, name))));
      found.push(...records.filter((record) => record !== null));
    }
  }
  return found.sort((a, b) => a.fetchedAt.getTime() - b.fetchedAt.getTime() || (a.id < b.id ? -1 : 1));
}

/**
 * Writes the record of a report whose kept copy is durable, unless there is one of that id. Returns the one that is
 * there afterwards: the first stays. Throws disk_full, home_not_writable.
 */
export async function publishRecord(home: string, report: KeptReport): Promise<KeptReport> {
  const file = recordFile(home, report);
  const temporary = temporaryFor(path.join(scratchFolder(home), report.id));
  await makeFolder(path.dirname(file));
  try {
    await writeFile(temporary, `${JSON.stringify(report, null, 2)}\n`);
    if (await publishFile(temporary, file, {replace: false})) return report;
  } catch (error) {
    throw diskError(error, file);
  } finally {
    await rm(temporary, {force: true});
  }
  return (await readRecord(file)) ?? report;
}

/** Returns the folder for files that are still being written; `removeStale` may clear it at any time. */
export function scratchFolder(home: string): string {
  return path.join(home, "tmp");
}

async function readRecord(file: string): Promise<KeptReport | null> {
  try {
    return RECORD.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw diskError(error, file);
    throw new WatchfloorError("report_unreadable", `Its record ${file} is damaged`, error);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return [];
    throw error;
  }
}
