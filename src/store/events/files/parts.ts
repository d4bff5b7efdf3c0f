import {readdir, rm} from "node:fs/promises";
import path from "node:path";
import {WatchfloorError} from "../../../model/errors.ts";
import type {Day} from "../../../model/week.ts";
import type {Engine, EngineSettings} from "../engine.ts";
import {columnNames, EVENT_STRUCTURE, structureOf} from "../live-files.ts";
import {literal, literals} from "../sql.ts";

/** Where the rows of a report are written, one file for each local day and one for the rejects. */
export interface PartWork {
  readonly engine: Engine;
  readonly folder: string;
  readonly zone: string;
}

/** Name of the part with the rejected rows. */
export const REJECTED = "rejects";

/**
 * Settings of a writing statement. zstd at level 1 costs what lz4 costs and is a third smaller. The engine holds a row group
 * of each part in memory: with its own size (a million rows) a report of two days took 2.3 GB, with this one 1.1 (measured).
 */
export const PARQUET = {
  output_format_parquet_compression_method: "zstd",
  output_format_compression_level: 1,
  output_format_parquet_write_bloom_filter: 0,
  output_format_parquet_row_group_size: 65_536,
  engine_file_truncate_on_insert: 1,
} as const;

/** Every open part costs 4 MiB besides its row group: so many are written at once when there are very many. */
const PARTS_AT_ONCE = 32;
const WIDE = {...PARQUET, output_format_parquet_row_group_size: 16_384} as const;

/** Writes the rows of the SELECT into parts, anew, and returns the rows of each. Throws disk_full, engine_failed. */
export async function writeParts(
  work: PartWork,
  select: string,
  settings: EngineSettings,
): Promise<ReadonlyMap<string, number>> {
  const all = {...settings, max_partitions_per_insert_block: 0, date_time_input_format: "best_effort"};
  await removeParts(work);
  try {
    await work.engine.run(`${insertInto(work)} ${select}`, {...all, ...PARQUET});
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    await removeParts(work);
    await writeByTurns(work, select, all);
  }
  return countParts(work);
}

/** Writes an empty part: columns, but no row. */
export async function writeEmptyPart(work: PartWork, day: Day): Promise<void> {
  const EMPTY = `INSERT INTO FUNCTION file(${literal(partFile(work.folder, day))}, 'Parquet') SELECT * FROM null(${literal(EVENT_STRUCTURE)})`;
  await work.engine.run(EMPTY, PARQUET);
}

/** Returns the file of a part. */
export function partFile(folder: string, part: string): string {
  return path.join(folder, `part-${part}.parquet`);
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof WatchfloorError && error.code === "engine_failed" && /MEMORY_LIMIT/.test(error.message);
}

function partSql({zone}: PartWork): string {
  return `if(reason = 0, toString(toDate(seen_at, ${literal(zone)})), ${literal(REJECTED)})`;
}

function insertInto(work: PartWork): string {
  return `INSERT INTO FUNCTION file(${literal(partFile(work.folder, "{_partition_id}"))}, 'Parquet') PARTITION BY ${partSql(work)}`;
}

/** A report of very many days: all rows into one file, by part, and from there some parts at a time. */
async function writeByTurns(work: PartWork, select: string, settings: EngineSettings): Promise<void> {
  const whole = path.join(work.folder, "whole.parquet");
  const SORTED = `INSERT INTO FUNCTION file(${literal(whole)}, 'Parquet') SELECT *, ${partSql(work)} AS part FROM (${select}) ORDER BY part, line`;
  await work.engine.run(SORTED, {...settings, ...WIDE, max_bytes_before_external_sort: 268_435_456});
  const names = (await columnNames(work.engine, whole)).filter((name) => name !== "part");
  const rows = `file(${literal(whole)}, 'Parquet', ${literal(`${structureOf(names)}, part String`)})`;
  const found = await work.engine.query<{part: string}>(`SELECT DISTINCT part FROM ${rows} ORDER BY part`);
  const parts = found.map((row) => row.part);
  for (let from = 0; from < parts.length; from += PARTS_AT_ONCE) {
    const some = parts.slice(from, from + PARTS_AT_ONCE);
    await work.engine.run(
      `${insertInto(work)} SELECT * EXCEPT part FROM ${rows} WHERE part IN ${literals(some)} ORDER BY line`,
      {...WIDE, max_partitions_per_insert_block: 0, max_bytes_before_external_sort: 268_435_456},
    );
  }
  await rm(whole);
}

/** What an attempt that failed has left must not be counted. */
async function removeParts({folder}: PartWork): Promise<void> {
  for (const name of await readdir(folder))
    if (/^(part-.+|whole)\.parquet$/.test(name)) await rm(path.join(folder, name));
}

async function countParts({engine, folder}: PartWork): Promise<Map<string, number>> {
  const COUNT = `SELECT extract(_file, '^part-(.+)\\\\.parquet$') AS part, count() AS rows FROM file(${literal(partFile(folder, "*"))}, 'Parquet', 'line UInt32') GROUP BY part ORDER BY part`;
  const rows = await engine.query<{part: string; rows: number}>(COUNT);
  return new Map(rows.map((row) => [row.part, row.rows]));
}
