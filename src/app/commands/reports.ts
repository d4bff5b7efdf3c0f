import path from "node:path";
import {performance} from "node:perf_hooks";
import {type ErrorCode, WatchfloorError} from "../../model/errors.ts";
import {REJECT_REASONS} from "../../model/format.ts";
import {removeStale} from "../../store/durable.ts";
import {readCommit} from "../../store/events/commits.ts";
import {rejectsOf} from "../../store/events/rejects.ts";
import {listReports, scratchFolder} from "../../store/report-records.ts";
import {type Call, type Command, instantOption, needed, optional, tableText, wholeNumber} from "../command.ts";
import {deliveryOf, type IngestedReport, replayReport} from "../delivery.ts";
import {ingestDelivery} from "../flow.ts";
import {feedOf, type House} from "../house.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const EARLIEST = new Date("2000-01-01T00:00:00Z");

const ingest: Command = {
  name: "ingest",
  summary:
    "Takes reports in: keeps them as they came and makes events of them. Every file is tried; the answer says what went in, and what failed.",
  usage: "FILE... --feed NAME [--fetched-at ISO] [--name FILE-NAME]  |  --again --report ID",
  options: {
    feed: {type: "string"},
    "fetched-at": {type: "string"},
    name: {type: "string"},
    again: {type: "boolean"},
    report: {type: "string"},
  },
  takesPositionals: true,
  run: async (call, open) => {
    const started = performance.now();
    const house = await open();
    const {reports, failed} =
      call.options["again"] === true
        ? {reports: [await replayReport(house, needed(call, "report"), call.now)], failed: []}
        : await ingestFiles(call, house);
    const seconds = Math.round(performance.now() - started) / 1000;
    return {
      json: {reports, failed, seconds},
      text: ingestText(reports, seconds),
      isFailed: failed.length > 0,
      complaints: failed.map(({file, message}) => `${file} was not taken in as a whole. ${message}`),
    };
  },
};

/** A file that was not taken in, or not all of it, and why. */
interface FailedFile {
  readonly file: string;
  readonly code: ErrorCode;
  readonly message: string;
}

interface Taken {
  readonly reports: readonly IngestedReport[];
  readonly failed: readonly FailedFile[];
}

/**
 * Every file is tried, whatever became of those before it, and what went in is told. Where one file was named and nothing
 * of it went in, the command is refused like any other.
 */
async function ingestFiles(call: Call, house: House): Promise<Taken> {
  const feed = needed(call, "feed");
  if (call.positionals.length === 0) throw new WatchfloorError("usage", "no file is named; - is standard input");
  const facts = {feed, fetchedAt: fetchedOption(call), now: call.now};
  feedOf(house, feed); // what is wrong for all is said once
  for (const folder of [scratchFolder(house.home), path.join(house.lake, "tmp")]) await removeStale(folder, call.now);
  const reports: IngestedReport[] = [];
  const failed: FailedFile[] = [];
  for (const file of call.positionals) {
    call.say(`reading ${file}`);
    try {
      const delivery = deliveryOf(house, file, optional(call, "name"));
      for await (const report of ingestDelivery(house, delivery, facts)) reports.push(report);
    } catch (error) {
      const isAlone = call.positionals.length === 1 && reports.length === 0;
      if (!(error instanceof WatchfloorError) || isAlone) throw error;
      failed.push({file, code: error.code, message: error.message});
    }
  }
  return {reports, failed};
}

/** What a report may say of its time depends on this one. */
function fetchedOption(call: Call): Date {
  const at = instantOption(call, "fetched-at");
  if (at.getTime() > call.now.getTime() + DAY_MS || at < EARLIEST)
    throw new WatchfloorError("usage", `--fetched-at ${at.toISOString()} is to come, or before the year 2000`);
  return at;
}

function ingestText(reports: readonly IngestedReport[], seconds: number): string {
  const rows = reports.map((report) => [
    report.id,
    report.file,
    `${report.received} received`,
    `${report.events} events`,
    `${report.rejects} rejects`,
    report.duplicate ? "already in" : "",
  ]);
  const warnings = reports.flatMap((report) => report.warnings.map((warning) => `${report.id}: ${warning}`));
  const all = rows.length === 0 ? "nothing was taken in" : tableText(rows);
  return [all, ...warnings, `${seconds} s`].join("\n");
}

const rejects: Command = {
  name: "rejects",
  summary: "Shows the lines that could not be read, each with its reason.",
  usage: "[--report ID] [--limit N]",
  options: {report: {type: "string"}, limit: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const report = optional(call, "report");
    const limit = wholeNumber(call, "limit") ?? Number.POSITIVE_INFINITY;
    const ids = report === undefined ? (await listReports(house.home)).map((each) => each.id) : [report];
    const all = [];
    for (const id of ids) {
      const found = await rejectsOf(house.lake, id, limit - all.length);
      if (found === null && report !== undefined) throw new WatchfloorError("report_unknown", id);
      for (const each of found ?? []) all.push({report: id, ...each});
    }
    const rows = all.map((each) => [
      `${each.report}:${each.line}`,
      each.reason,
      REJECT_REASONS[each.reason],
      each.text.slice(0, 100),
    ]);
    return {json: all, text: rows.length === 0 ? "no rejects" : tableText(rows)};
  },
};

const reports: Command = {
  name: "reports",
  summary: "Lists the reports that were taken in.",
  usage: "[--feed NAME]",
  options: {feed: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const feed = optional(call, "feed");
    const kept = await listReports(house.home, feed);
    if (feed !== undefined && kept.length === 0) feedOf(house, feed); // one that was taken out of the configuration still has its reports
    const all = [];
    for (const report of kept) {
      const commit = await readCommit(house.lake, report.id);
      all.push({
        id: report.id,
        feed: report.feed,
        file: report.fileName,
        fetchedAt: report.fetchedAt.toISOString(),
        sha256: report.sha256,
        received: commit?.received ?? null,
        events: commit?.events ?? null,
        rejects: commit?.rejects ?? null,
      });
    }
    return {
      json: all,
      text: tableText(all.map((each) => [each.fetchedAt, each.id, each.file, `${each.events ?? "not read"}`])),
    };
  },
};

/** Commands about reports. */
export const REPORT_COMMANDS: readonly Command[] = [ingest, rejects, reports];
