import {readdir, readFile} from "node:fs/promises";
import path from "node:path";
import {EVENT_COLUMNS} from "../../model/event.ts";
import type {Day} from "../../model/week.ts";
import {codeOf} from "../durable.ts";
import {type Commit, readCommit} from "./commits.ts";
import {literal} from "./sql.ts";

/** A merged file of one day; it holds the rows of its members, unchanged. */
export interface Compaction {
  readonly day: Day;
  /** Name of the merged file inside `day=…/`. */
  readonly name: string;
  readonly members: readonly {readonly report: string; readonly name: string; readonly rows: number}[];
}

/** A file to read, and the reports in it that are not to be read from it. */
export interface ReadFile {
  readonly day: Day;
  readonly name: string;
  readonly without: readonly string[];
}

/** What of the lake belongs to some days: the reports' files as committed, and where their rows now lie. */
export interface LiveFiles {
  /** One entry for each report and day. Compaction does not change it. */
  readonly members: readonly {
    readonly day: Day;
    readonly report: string;
    readonly name: string;
    readonly rows: number;
  }[];
  readonly files: readonly ReadFile[];
  readonly commits: ReadonlyMap<string, Commit>;
}

/** How a merged file is called; a report's file is `<report>.<tag>.parquet`. */
const COMPACTED = /^merged\.([0-9a-f]+)\.parquet$/;

/** Returns the file of a compaction's record. */
export function compactionFile(lake: string, name: string): string {
  return path.join(lake, "compactions", `${name}.json`);
}

/** Returns what to read for the days. Files without a record that names them are not seen. */
export async function liveFiles(lake: string, days: readonly Day[]): Promise<LiveFiles> {
  const commits = new Map<string, Commit>();
  const perDay = await Promise.all(days.map((day) => liveOfDay(lake, day, commits)));
  return {members: perDay.flatMap((each) => each.members), files: perDay.flatMap((each) => each.files), commits};
}

async function liveOfDay(lake: string, day: Day, commits: Map<string, Commit>): Promise<Omit<LiveFiles, "commits">> {
  const names = await namesIn(path.join(lake, `day=${day}`));
  const compactions = (
    await Promise.all(names.filter((name) => COMPACTED.test(name)).map((name) => readCompaction(lake, name)))
  ).flatMap((each) => each ?? []);
  const wanted = new Map<string, LiveFiles["members"][number]>();
  const candidates = [
    ...new Set([
      ...names.filter((name) => !COMPACTED.test(name)),
      ...compactions.flatMap((each) => each.members.map((member) => member.name)),
    ]),
  ].sort();
  for (const name of candidates) {
    const report = name.split(".").slice(0, -2).join(".");
    const commit = commits.get(report) ?? (await readCommit(lake, report));
    if (commit === null) continue;
    commits.set(report, commit);
    const file = commit.files.find((each) => each.day === day && each.name === name);
    if (file !== undefined) wanted.set(name, {day, report, name, rows: file.rows});
  }
  return {members: [...wanted.values()], files: assign(day, [...wanted.values()], compactions)};
}

/** Gives each member to exactly one file: the merged file with most members first, else its own. */
function assign(day: Day, members: LiveFiles["members"], compactions: readonly Compaction[]): ReadFile[] {
  const left = new Map(members.map((member) => [member.name, member]));
  const files: ReadFile[] = [];
  const largestFirst = [...compactions].sort(
    (one, other) => other.members.length - one.members.length || one.name.localeCompare(other.name),
  );
  for (const compaction of largestFirst) {
    const taken = compaction.members.filter((member) => left.delete(member.name));
    if (taken.length === 0) continue;
    const reports = new Set(taken.map((member) => member.report));
    files.push({
      day,
      name: compaction.name,
      without: compaction.members.map((member) => member.report).filter((report) => !reports.has(report)),
    });
  }
  return [...files, ...[...left.values()].map((member) => ({day, name: member.name, without: []}))];
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(".parquet"));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

async function readCompaction(lake: string, name: string): Promise<Compaction | null> {
  try {
    return JSON.parse(await readFile(compactionFile(lake, name), "utf8")) as Compaction;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** Columns of every event file, as the engine's structure. */
export const EVENT_STRUCTURE = Object.entries(EVENT_COLUMNS)
  .map(([name, type]) => `${name} ${type}`)
  .join(", ");

/** Returns the FROM clause of the events in the files, with their condition. `columns` as the engine's structure. */
export function relation(lake: string, files: readonly ReadFile[], columns: string = EVENT_STRUCTURE): string {
  if (files.length === 0) return `(SELECT * FROM null(${literal(columns)}))`;
  const paths = files.map((file) => path.join(lake, `day=${file.day}`, file.name));
  const source = `file(${literal(paths.length === 1 ? (paths[0] ?? "") : `{${paths.join(",")}}`)}, 'Parquet', ${literal(columns)})`;
  const excluded = files
    .filter((file) => file.without.length > 0)
    .map(
      (file) =>
        `NOT (_path = ${literal(path.join(lake, `day=${file.day}`, file.name))} AND report IN (${file.without.map(literal).join(", ")}))`,
    );
  return excluded.length === 0 ? source : `(SELECT * FROM ${source} WHERE ${excluded.join(" AND ")})`;
}
