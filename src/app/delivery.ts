import path from "node:path";
import {shapeOf} from "../feeds/index.ts";
import {WatchfloorError} from "../model/errors.ts";
import type {Format} from "../model/format.ts";
import {dayOf} from "../model/week.ts";
import {encodingOf, HEAD_BYTES, textReader} from "../store/encoding.ts";
import {ingestReport} from "../store/events/ingest.ts";
import type {Delivery, Member} from "../store/opening.ts";
import {findReport, type KeptReport, scratchFolder} from "../store/report-records.ts";
import {isPlainText, keepReport, keptPath, openKept} from "../store/reports.ts";
import {feedOf, type House} from "./house.ts";
import {TOOL_VERSION} from "./version.ts";

/** What became of one report. received = events + rejects; a duplicate was in already. */
export interface IngestedReport {
  readonly id: string;
  readonly feed: string;
  readonly file: string;
  readonly received: number;
  readonly events: number;
  readonly rejects: number;
  readonly duplicate: boolean;
  readonly warnings: readonly string[];
}

/** How a delivery came: for which feed, and when it was fetched. */
export interface DeliveryFacts {
  readonly feed: string;
  readonly fetchedAt: Date;
  readonly now: Date;
}

/** Keeps a report as it came and makes events of it. */
export async function ingestMember(
  house: House,
  member: Member,
  facts: DeliveryFacts & {readonly format: Format},
): Promise<IngestedReport> {
  const format = shapeOf(facts.format, await beginningOf(member.read()));
  const listDay = format.isStandingList === true ? dayOf(facts.fetchedAt, house.config.profile.zone) : null;
  const {report} = await keepReport(house.home, {feed: facts.feed, fetchedAt: facts.fetchedAt, listDay}, member);
  return readKept(house, report, {format, isReplay: false, now: facts.now});
}

/** The first characters of the text, however small the pieces are that it comes in. */
async function beginningOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  const first: Buffer[] = [];
  for await (const piece of pieces) {
    first.push(piece);
    if (first.reduce((sum, each) => sum + each.length, 0) >= HEAD_BYTES) break;
  }
  const head = Buffer.concat(first).subarray(0, HEAD_BYTES);
  const text = textReader(encodingOf(head)).read(head);
  return text.toString("utf8");
}

/** Reads a kept report again, as after a format was mended. Throws report_unknown, feed_unknown. */
export async function replayReport(house: House, id: string, now: Date): Promise<IngestedReport> {
  const report = await findReport(house.home, id);
  if (report === null) throw new WatchfloorError("report_unknown", id);
  const {format} = feedOf(house, report.feed);
  const beginning = await beginningOf(openKept(house.home, report));
  return readKept(house, report, {format: shapeOf(format, beginning), isReplay: true, now});
}

/** Makes events of a kept report. Throws report_header, report_unreadable, report_too_large. */
export async function readKept(
  house: House,
  report: KeptReport,
  how: {format: Format; isReplay: boolean; now: Date},
): Promise<IngestedReport> {
  const {commit, isDuplicate} = await ingestReport({
    lake: house.lake,
    engine: house.engine,
    placing: await house.placing(),
    toolVersion: TOOL_VERSION,
    now: how.now,
    request: {
      id: report.id,
      feed: report.feed,
      format: how.format,
      fileName: report.fileName,
      sha256: report.sha256,
      fetchedAt: report.fetchedAt,
      file: keptPath(house.home, report),
      isPlainText: isPlainText(report),
      lines: report.lines,
      longestLineBytes: report.longestLineBytes,
      open: () => openKept(house.home, report),
      isReplay: how.isReplay,
    },
  });
  return {
    id: commit.id,
    feed: commit.feed,
    file: commit.fileName,
    received: commit.received,
    events: commit.events,
    rejects: commit.rejects,
    duplicate: isDuplicate,
    warnings: commit.warnings,
  };
}

/** Returns the delivery that a command line names: a file, or standard input for "-". */
export function deliveryOf(house: House, file: string, name: string | undefined): Delivery {
  if (file !== "-") return {path: path.resolve(file)};
  return {stream: process.stdin, name: name ?? "standard-input", scratch: scratchFolder(house.home)};
}
