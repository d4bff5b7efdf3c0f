import {randomBytes} from "node:crypto";
import {readdir, rm} from "node:fs/promises";
import path from "node:path";
import {EVENT_COLUMNS} from "../../../model/event.ts";
import type {Day} from "../../../model/week.ts";
import {codeOf, diskError, makeScratchFolder, syncFile, syncFolder, temporaryFor, writeDurably} from "../../durable.ts";
import {withLock} from "../../lock.ts";
import {moveInto} from "../commits.ts";
import type {Engine} from "../engine.ts";
import {type Compaction, compactionFile, type LiveFiles, MERGED, structureOf, withHeldFiles} from "../live-files.ts";
import {identifier, literal} from "../sql.ts";
import {PARQUET} from "./parts.ts";

/**
 * Compaction makes one file of the many of a day, sorted by class, address and asset. It never changes what is counted: the
 * merged file names its members (one for each report), a replayed member is left out when it is read, and the old files go
 * when the record of the new one is durable. What the reports brought beside the columns of every event stands in one
 * column, `extra`, by the name that the provider gives it: x_count of a report's file is extra['count'] here.
 */
export interface CompactionWork {
  readonly engine: Engine;
  readonly lake: string;
  /** Days from here on are left alone: their reports are still coming in. */
  readonly before: Day;
  /** A day is due when it has more files than this. */
  readonly mostFiles?: number;
}

/** What was made of one day. */
export interface CompactedDay {
  readonly day: Day;
  readonly files: number;
  readonly events: number;
}

/** A query over a week of so many files a day costs hardly more than one over single files. */
const MOST_FILES = 8;
const SORTED = {
  ...PARQUET,
  output_format_compression_level: 3,
  output_format_parquet_row_group_size: 262_144,
  max_bytes_before_external_sort: 268_435_456,
} as const;
const WAIT_SECONDS = 3600;

/** Compacts the days that are due, oldest first. Several at once wait for each other. Throws disk_full, engine_failed. */
export async function compactDays(work: CompactionWork): Promise<CompactedDay[]> {
  const lake = work.engine.plain(work.lake);
  const done: CompactedDay[] = [];
  for (const day of (await daysIn(lake)).filter((each) => each < work.before)) {
    if ((await readdir(path.join(lake, `day=${day}`))).length <= mostFiles(work)) continue;
    const compacted = await withLock(
      path.join(lake, "compactions", "lock"),
      () => compactDay({...work, lake}, day),
      WAIT_SECONDS,
    );
    if (compacted !== null) done.push(compacted);
  }
  return done;
}

function mostFiles(work: CompactionWork): number {
  return work.mostFiles ?? MOST_FILES;
}

/** Returns the days that have a folder in the lake, oldest first. */
export async function daysIn(lake: string): Promise<Day[]> {
  const names = await readdir(lake).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw diskError(error, lake);
  });
  return names.flatMap((name) => /^day=(\d{4}-\d{2}-\d{2})$/.exec(name)?.[1] ?? []).sort();
}

async function compactDay(work: CompactionWork, day: Day): Promise<CompactedDay | null> {
  const folder = temporaryFor(path.join(work.lake, "tmp", `merged-${day}`));
  try {
    const merged = await withHeldFiles(work.lake, [day], async (held, live) => {
      const events = live.members.reduce((sum, member) => sum + member.rows, 0);
      if (live.files.length <= mostFiles(work) || events === 0) return null;
      await makeScratchFolder(folder);
      await merge(work, {held, live, folder});
      return {live, events};
    });
    if (merged === null) return null;
    await publish(work.lake, merged.live, {day, file: mergedFile(folder)});
    return {day, files: merged.live.files.length, events: merged.events};
  } catch (error) {
    throw diskError(error, work.lake);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

interface Merging {
  /** Folder that holds the live files, under `heldName`. */
  readonly held: string;
  readonly live: LiveFiles;
  /** Folder for what is made. */
  readonly folder: string;
}

function mergedFile(folder: string): string {
  return path.join(folder, "merged.parquet");
}

/** Files with the same columns are brought into the common form together; then all are sorted into one. */
async function merge({engine}: CompactionWork, merging: Merging): Promise<void> {
  const {live, folder} = merging;
  let number = 0;
  for (const {names, columns} of await groupsOf(engine, merging)) {
    const target = path.join(folder, `group-${number++}.parquet`);
    await engine.run(
      `INSERT INTO FUNCTION file(${literal(target)}, 'Parquet') ${commonForm(merging, names, columns)}`,
      PARQUET,
    );
  }
  const structure = `${structureOf(Object.keys(EVENT_COLUMNS))}, extra Map(String, String)`;
  const MERGE = `
    INSERT INTO FUNCTION file(${literal(mergedFile(folder))}, 'Parquet')
    SELECT * FROM file(${literal(path.join(folder, "group-*.parquet"))}, 'Parquet', ${literal(structure)})
    ORDER BY class, ip, asset, seen_at, report, line`;
  await engine.run(MERGE, SORTED);
  await check(engine, live, mergedFile(folder));
}

/** A merged file that does not hold exactly its members' rows must never be seen. */
async function check(engine: Engine, live: LiveFiles, file: string): Promise<void> {
  const COUNT = `SELECT report, count() AS rows FROM file(${literal(file)}, 'Parquet', 'report String') GROUP BY report`;
  const found = new Map(
    (await engine.query<{report: string; rows: number}>(COUNT)).map((row) => [row.report, row.rows]),
  );
  const wrong = live.members.find((member) => (found.get(member.report) ?? 0) !== member.rows);
  if (wrong !== undefined)
    throw new Error(`merging ${wrong.day}: ${found.get(wrong.report) ?? 0} of ${wrong.rows} events of ${wrong.report}`);
}

interface Group {
  readonly names: readonly string[];
  /** Columns that the reports brought; null for files that are merged already. */
  readonly columns: readonly string[] | null;
}

async function groupsOf(engine: Engine, {held}: Merging): Promise<Group[]> {
  const COLUMNS = `
    SELECT groupArray(_file) AS names, own AS columns
    FROM (
      SELECT _file, arraySort(arrayFilter(name -> startsWith(name, 'x_'), arrayMap(each -> tupleElement(each, 'name'), columns))) AS own,
        match(_file, '\\\\.merged\\\\.[0-9a-f]+\\\\.parquet$') AS is_merged
      FROM file(${literal(path.join(held, "*.parquet"))}, 'ParquetMetadata')
    )
    GROUP BY own, is_merged
    ORDER BY names`;
  const groups = await engine.query<{names: string[]; columns: string[]}>(COLUMNS);
  return groups.map(({names, columns}) => ({names, columns: names.every(isMergedName) ? null : columns}));
}

/** Held files have their day in front. */
function isMergedName(held: string): boolean {
  return MERGED.test(held.slice("YYYY-MM-DD.".length));
}

/** SQL of the rows of a group in the common form, without those of members that were replayed since. */
function commonForm({held, live}: Merging, names: readonly string[], columns: Group["columns"]): string {
  const extra =
    columns === null
      ? "extra"
      : columns.length === 0
        ? "CAST(map(), 'Map(String, String)')"
        : `mapFilter((name, text) -> text != '', map(${columns.map((name) => `${literal(name.slice(2))}, ${identifier(name)}`).join(", ")}))`;
  const common = Object.keys(EVENT_COLUMNS);
  const structure = `${structureOf([...common, ...(columns ?? [])])}${columns === null ? ", extra Map(String, String)" : ""}`;
  const gone = live.files.flatMap(({day, name, without}) =>
    without.length === 0
      ? []
      : [`NOT (_file = ${literal(`${day}.${name}`)} AND report IN (${without.map(literal).join(", ")}))`],
  );
  return `
    SELECT ${common.join(", ")}, ${extra} AS extra
    FROM file(${literal(path.join(held, "*.parquet"))}, 'Parquet', ${literal(structure)})
    WHERE ${[`_file IN (${names.map(literal).join(", ")})`, ...gone].join(" AND ")}`;
}

/** The file, then its record, both durable; only then what they replace goes. */
async function publish(lake: string, live: LiveFiles, made: {day: Day; file: string}): Promise<void> {
  const {day, file} = made;
  const folder = path.join(lake, `day=${day}`);
  const name = `merged.${randomBytes(6).toString("hex")}.parquet`;
  const members = live.members.map(({report, name: own, rows}) => ({report, name: own, rows}));
  await syncFile(file);
  await moveInto(folder, file, name);
  await syncFolder(folder);
  await writeDurably(compactionFile(lake, name), JSON.stringify({day, name, members} satisfies Compaction));
  for (const old of live.files) await removeFile(lake, day, old.name);
}

/** Removes a file of a day, and first the record of a merged one: a merged file without a record is not seen. */
export async function removeFile(lake: string, day: Day, name: string): Promise<void> {
  if (MERGED.test(name)) await rm(compactionFile(lake, name), {force: true});
  await rm(path.join(lake, `day=${day}`, name), {force: true});
}
