import {readdir, readFile} from "node:fs/promises";
import path from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {WatchfloorError} from "../../model/errors.ts";
import {EVENT_COLUMNS} from "../../model/event.ts";
import type {Day} from "../../model/week.ts";
import {codeOf, diskError} from "../durable.ts";
import {type Commit, readCommit} from "./commits.ts";
import type {Engine} from "./engine.ts";
import {FileGone, withHeld} from "./files/held-files.ts";
import {identifier, literal} from "./sql.ts";

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
export const MERGED = /^merged\.[0-9a-f]+\.parquet$/;

/** So often is looked again while others change the lake. */
const MOST_LOOKS = 200;
const PAUSE_MS = 5;
const AT_ONCE = 32;

/** Returns the file of a compaction's record. */
export function compactionFile(lake: string, name: string): string {
  return path.join(lake, "compactions", `${name}.json`);
}

/** Returns the report that a file of it belongs to. */
export function reportOf(name: string): string {
  return name.split(".").slice(0, -2).join(".");
}

/**
 * Returns what to read for the days: all reports as they were committed at one moment, each in exactly one generation.
 * Files without a record that names them are not seen. Throws lake_damaged when a record names a file that is not there.
 */
export async function liveFiles(lake: string, days: readonly Day[]): Promise<LiveFiles> {
  for (let look = 1; ; look++) {
    const before = await listDays(lake, days);
    const seen = await readDays(lake, before);
    const isSettled = isStill(before, await listDays(lake, days));
    if (isSettled && seen.missing === null) return seen.live;
    if (look === MOST_LOOKS || (isSettled && seen.missing !== null && look > 2))
      throw new WatchfloorError("lake_damaged", seen.missing ?? `The files of ${days.join(", ")} do not come to rest`);
    await sleep(PAUSE_MS);
  }
}

type Listing = ReadonlyMap<Day, readonly string[]>;

async function listDays(lake: string, days: readonly Day[]): Promise<Listing> {
  const all = new Map<Day, readonly string[]>();
  for (const day of days) all.set(day, await namesIn(path.join(lake, `day=${day}`)));
  return all;
}

/** Whether nothing was taken away or merged in between; a new report's file does no harm to what was read. */
function isStill(before: Listing, after: Listing): boolean {
  return [...before].every(([day, names]) => {
    const now = after.get(day) ?? [];
    const isSame = (name: string): boolean => names.includes(name);
    return names.every((name) => now.includes(name)) && now.filter((name) => MERGED.test(name)).every(isSame);
  });
}

async function readDays(lake: string, listing: Listing): Promise<{live: LiveFiles; missing: string | null}> {
  const merged = new Map<Day, Compaction[]>();
  for (const [day, names] of listing)
    merged.set(
      day,
      await readAll(
        names.filter((name) => MERGED.test(name)),
        (name) => readCompaction(lake, name),
      ),
    );
  const candidates = new Map<Day, ReadonlySet<string>>();
  for (const [day, names] of listing) {
    const own = names.filter((name) => !MERGED.test(name));
    const inside = (merged.get(day) ?? []).flatMap((each) => each.members.map((member) => member.name));
    candidates.set(day, new Set([...own, ...inside]));
  }
  const reports = [...new Set([...candidates.values()].flatMap((names) => [...names].map(reportOf)))].sort();
  // each record is read once: a report that is replayed at this moment is seen before or after it, for all days alike
  const commits = new Map(
    (await readAll(reports, (report) => readCommit(lake, report))).map((commit) => [commit.id, commit]),
  );
  const wanted = [...commits.values()].flatMap(({id, files}) =>
    files.filter(({day}) => listing.has(day)).map(({day, name, rows}) => ({day, report: id, name, rows})),
  );
  const lost = wanted.find(({day, name}) => candidates.get(day)?.has(name) !== true);
  const files = [...listing.keys()].flatMap((day) =>
    assign(
      day,
      wanted.filter((member) => member.day === day),
      merged.get(day) ?? [],
    ),
  );
  return {
    live: {members: wanted, files, commits},
    missing:
      lost === undefined ? null : `Report ${lost.report} had ${lost.rows} events in day=${lost.day}/${lost.name}`,
  };
}

async function readAll<T>(names: readonly string[], read: (name: string) => Promise<T | null>): Promise<T[]> {
  const all: T[] = [];
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const some = await Promise.all(names.slice(from, from + AT_ONCE).map(read));
    all.push(...some.flatMap((each) => (each === null ? [] : [each])));
  }
  return all;
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
    throw diskError(error, folder);
  }
}

async function readCompaction(lake: string, name: string): Promise<Compaction | null> {
  try {
    return JSON.parse(await readFile(compactionFile(lake, name), "utf8")) as Compaction;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw diskError(error, compactionFile(lake, name));
  }
}

/** Columns of every event file, as the engine's structure. */
export const EVENT_STRUCTURE = Object.entries(EVENT_COLUMNS)
  .map(([name, type]) => `${name} ${type}`)
  .join(", ");

/** Returns the engine's structure of the columns of a file: those of every event, those that a report brought, the reason. */
export function structureOf(names: readonly string[]): string {
  const types: Readonly<Record<string, string>> = {...EVENT_COLUMNS, reason: "UInt8"};
  return names.map((name) => `${identifier(name)} ${types[name] ?? "String"}`).join(", ");
}

/** Returns the names of the columns of a Parquet file. */
export async function columnNames(engine: Engine, file: string): Promise<string[]> {
  const rows = await engine.query<{name: string}>(`DESCRIBE TABLE file(${literal(file)}, 'Parquet')`);
  return rows.map((row) => row.name);
}

/**
 * Does the work with the FROM clause of events of the days: of those files that `choose` names, which stay readable until
 * the work is done. When one is taken away before that, it begins again with what there is then.
 */
export async function withEvents<T>(
  lake: string,
  days: readonly Day[],
  use: {
    readonly choose?: (live: LiveFiles) => readonly ReadFile[];
    readonly work: (events: string, live: LiveFiles) => Promise<T>;
  },
): Promise<T> {
  const filesOf = (live: LiveFiles): readonly ReadFile[] => use.choose?.(live) ?? live.files;
  return withHeldFiles(lake, days, (folder, live) => use.work(relationOf(folder, filesOf(live)), live), filesOf);
}

/** The same with the folder that holds the files, each with its day in front: `<day>.<name>`. */
export async function withHeldFiles<T>(
  lake: string,
  days: readonly Day[],
  work: (folder: string, live: LiveFiles) => Promise<T>,
  choose: (live: LiveFiles) => readonly ReadFile[] = (live) => live.files,
): Promise<T> {
  for (;;) {
    const live = await liveFiles(lake, days);
    const held = choose(live).map((file) => ({
      path: path.join(lake, `day=${file.day}`, file.name),
      name: heldName(file),
    }));
    try {
      return await withHeld(lake, held, (folder) => work(folder, live));
    } catch (error) {
      if (!(error instanceof FileGone)) throw error;
    }
  }
}

function heldName({day, name}: ReadFile): string {
  return `${day}.${name}`;
}

/** Of a merged file some members may have been replayed since: they are left out. */
function relationOf(folder: string, files: readonly ReadFile[]): string {
  if (files.length === 0) return `(SELECT * FROM null(${literal(EVENT_STRUCTURE)}))`;
  const source = `file(${literal(path.join(folder, "*.parquet"))}, 'Parquet', ${literal(EVENT_STRUCTURE)})`;
  const excluded = files
    .filter((file) => file.without.length > 0)
    .map((file) => `NOT (_file = ${literal(heldName(file))} AND report IN (${file.without.map(literal).join(", ")}))`);
  return excluded.length === 0 ? source : `(SELECT * FROM ${source} WHERE ${excluded.join(" AND ")})`;
}
