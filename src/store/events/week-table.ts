import {randomBytes} from "node:crypto";
import {mkdir, readFile, rm} from "node:fs/promises";
import path from "node:path";
import {isDeepStrictEqual} from "node:util";
import {TAXONOMY} from "../../model/taxonomy.ts";
import {daysOf, type Week} from "../../model/week.ts";
import {codeOf, syncFile, syncFolder, writeDurably} from "../durable.ts";
import {withLock} from "../lock.ts";
import type {Engine} from "./engine.ts";
import {type LiveFiles, liveFiles, type ReadFile, relation} from "./live-files.ts";
import {literal, literals} from "./sql.ts";

/**
 * The week table: one row for each class and asset that the week's events speak of, so that a situation does not read
 * raw events again. Its place, sector and so on are those of the asset's latest event (of equally late ones, the one with
 * the greater hash), its families are a bit mask over the week's list of families. It is brought up to date by merging
 * what is new into it; maximum and bit-or make the order of merging irrelevant.
 */
export interface WeekTable {
  readonly week: string;
  /** Which reports' files are in it. */
  readonly members: readonly {readonly report: string; readonly name: string}[];
  /** Classes by number, as they were when it was written: with others the numbers mean something else. */
  readonly classes: readonly string[];
  /** Families by bit number. */
  readonly families: readonly string[];
  readonly tag: string;
  readonly shards: number;
  /** Events by report and class. */
  readonly delivered: readonly {
    readonly report: string;
    readonly feed: string;
    readonly class: string;
    readonly events: number;
  }[];
}

/** A week table with the folder its files are in. */
export interface OpenWeekTable extends WeekTable {
  readonly folder: string;
}

/** What an asset is described by: columns of its latest event. Their hash stands in the table, they in `facts`. */
export const FACT_COLUMNS = [
  "country",
  "province",
  "scope",
  "is_gov",
  "sector",
  "brand",
  "brand_country",
  "severity",
  "vuln_type",
  "channel_kind",
  "responsible",
] as const;

/** Class codes by their number in the table, 1 for the first; 0 is none. */
export const CLASS_CODES: readonly string[] = TAXONOMY.incidentClasses.map((each) => each.code);

const FAMILIES_PER_MASK = 256;
const EVENTS_PER_SHARD = 12_000_000;
const WRITING = {
  output_format_parquet_compression_method: "zstd",
  output_format_compression_level: 1,
  output_format_parquet_write_bloom_filter: 0,
  engine_file_truncate_on_insert: 1,
} as const;

/** Returns the number of mask columns for so many families. */
export function masksFor(families: readonly string[]): number {
  return Math.max(1, Math.ceil(families.length / FAMILIES_PER_MASK));
}

/** Returns the week's table, brought up to date. Any number of processes may ask; one of them does the work. */
export async function weekTable(
  engine: Engine,
  lake: string,
  week: Week,
): Promise<{table: OpenWeekTable; live: LiveFiles}> {
  const folder = path.join(lake, "weeks", week.from);
  const live = await liveFiles(lake, daysOf(week));
  const present = await readTable(folder);
  if (present !== null && isCurrent(present, live)) return {table: {...present, folder}, live};
  return withLock(path.join(lake, "weeks", `${week.from}.lock`), async () => {
    const now = await liveFiles(lake, daysOf(week));
    const before = await readTable(folder);
    if (before !== null && isCurrent(before, now)) return {table: {...before, folder}, live: now};
    const table = await rebuild(engine, {lake, folder, week: week.from, live: now, before});
    return {table: {...table, folder}, live: now};
  });
}

async function readTable(folder: string): Promise<WeekTable | null> {
  try {
    return JSON.parse(await readFile(path.join(folder, "table.json"), "utf8")) as WeekTable;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

function isCurrent(table: WeekTable, live: LiveFiles): boolean {
  const names = new Set(live.members.map((member) => member.name));
  return (
    hasClassesOfToday(table) &&
    names.size === table.members.length &&
    table.members.every((member) => names.has(member.name))
  );
}

function hasClassesOfToday({classes}: WeekTable): boolean {
  return isDeepStrictEqual(classes, CLASS_CODES);
}

interface Job {
  readonly lake: string;
  readonly folder: string;
  readonly week: string;
  readonly live: LiveFiles;
  readonly before: WeekTable | null;
}

async function rebuild(engine: Engine, job: Job): Promise<WeekTable> {
  const names = new Set(job.live.members.map((member) => member.name));
  // something that was counted is gone or was replayed: maximum and bit-or cannot be taken back
  const isBase = job.before?.members.every((member) => names.has(member.name)) === true;
  const base = isBase && job.before !== null && hasClassesOfToday(job.before) ? job.before : null;
  const known = new Set(base?.members.map((member) => member.name));
  const fresh = job.live.members.filter((member) => !known.has(member.name));
  const source = relation(job.lake, withoutKnown(job.live, known));
  await mkdir(job.folder, {recursive: true});
  const delivered = await engine.query<WeekTable["delivered"][number]>(
    `SELECT report, feed, class, count() AS events FROM ${source} GROUP BY report, feed, class ORDER BY report, class`,
  );
  const families = await familiesOf(engine, source, base?.families ?? []);
  const rows = job.live.members.reduce((sum, member) => sum + member.rows, 0);
  const table: WeekTable = {
    week: job.week,
    members: [...(base?.members ?? []), ...fresh.map(({report, name}) => ({report, name}))],
    classes: CLASS_CODES,
    families,
    tag: randomBytes(6).toString("hex"),
    shards: Math.max(base?.shards ?? 1, Math.ceil(rows / EVENTS_PER_SHARD)),
    delivered: [...(base?.delivered ?? []), ...delivered],
  };
  await writeTable(engine, {job, source, base, table});
  await writeDurably(path.join(job.folder, "table.json"), JSON.stringify(table));
  if (job.before !== null) await removeTable(job.folder, job.before);
  return table;
}

/** Files with what is not yet in the table: a merged file may hold both. */
function withoutKnown(live: LiveFiles, known: ReadonlySet<string>): ReadFile[] {
  const knownReports = new Map<string, string[]>();
  for (const member of live.members.filter(({name}) => known.has(name)))
    knownReports.set(member.day, [...(knownReports.get(member.day) ?? []), member.report]);
  return live.files
    .filter((file) => !known.has(file.name))
    .map((file) => ({...file, without: [...file.without, ...(knownReports.get(file.day) ?? [])]}));
}

async function familiesOf(engine: Engine, source: string, known: readonly string[]): Promise<string[]> {
  const found = await engine.query<{family: string}>(
    `SELECT DISTINCT family FROM ${source} WHERE family != '' ORDER BY family`,
  );
  const old = new Set(known);
  return [...known, ...found.map((row) => row.family).filter((family) => !old.has(family))];
}

interface Writing {
  readonly job: Job;
  readonly source: string;
  readonly base: WeekTable | null;
  readonly table: WeekTable;
}

async function writeTable(engine: Engine, writing: Writing): Promise<void> {
  const {job, table} = writing;
  await engine.run(
    `INSERT INTO FUNCTION file(${literal(tableFile(job.folder, table, "facts"))}, 'Parquet') ${factsSql(writing)}`,
    WRITING,
  );
  for (let shard = 0; shard < table.shards; shard++) {
    await engine.run(
      `INSERT INTO FUNCTION file(${literal(tableFile(job.folder, table, `addresses-${shard}`))}, 'Parquet') ${addressesSql(writing, shard)}`,
      WRITING,
    );
  }
  await engine.run(
    `INSERT INTO FUNCTION file(${literal(tableFile(job.folder, table, "assets"))}, 'Parquet') ${assetsSql(writing)}`,
    WRITING,
  );
  for (const part of partsOf(table)) await syncFile(tableFile(job.folder, table, part));
  await syncFolder(job.folder);
}

function partsOf(table: WeekTable): string[] {
  return ["facts", "assets", ...Array.from({length: table.shards}, (_, shard) => `addresses-${shard}`)];
}

/** Returns the file of a part of the table: facts, assets, or addresses-<shard>. */
export function tableFile(folder: string, table: WeekTable, part: string): string {
  return path.join(folder, `${part}.${table.tag}.parquet`);
}

async function removeTable(folder: string, table: WeekTable): Promise<void> {
  for (const part of partsOf(table)) await rm(tableFile(folder, table, part), {force: true});
}

const FACTS_HASH = `xxh3(${FACT_COLUMNS.join(", ")})`;
/** Seconds of the latest event above, hash of its facts below: the maximum is the latest. */
const LATEST = `bitOr(bitShiftLeft(toUInt128(toUInt32(seen_at)), 64), toUInt128(${FACTS_HASH}))`;
const CLASS_NUMBER = `toUInt8(transform(class, ${literals(CLASS_CODES)}, [${CLASS_CODES.map((_, index) => index + 1).join(", ")}], 0))`;

function factsSql({job, source, base}: Writing): string {
  const fresh = `SELECT DISTINCT ${FACTS_HASH} AS facts, ${FACT_COLUMNS.map((column) => `toString(${column}) AS ${column}`).join(", ")} FROM ${source}`;
  if (base === null) return fresh;
  return `SELECT DISTINCT * FROM (${fresh} UNION ALL SELECT * FROM file(${literal(tableFile(job.folder, base, "facts"))}, 'Parquet'))`;
}

/** SQL of each mask of an event's family. */
function eventMasks(families: readonly string[]): string[] {
  const number =
    families.length === 0 ? "-1" : `transform(family, ${literals(families)}, range(${families.length}), -1)`;
  return Array.from({length: masksFor(families)}, (_, mask) => {
    const bit = `${number} - ${mask * FAMILIES_PER_MASK}`;
    return `if(${bit} >= 0 AND ${bit} < ${FAMILIES_PER_MASK}, bitShiftLeft(toUInt256(1), toUInt8(greatest(0, least(255, ${bit})))), toUInt256(0)) AS mask_${mask}`;
  });
}

/** Columns of the table that keep the masks of an older one, which may have fewer. */
function oldMasks(table: WeekTable, base: WeekTable): string[] {
  return Array.from({length: masksFor(table.families)}, (_, mask) =>
    mask < masksFor(base.families) ? `mask_${mask}` : `toUInt256(0) AS mask_${mask}`,
  );
}

function merged(table: WeekTable): string {
  return Array.from({length: masksFor(table.families)}, (_, mask) => `groupBitOr(mask_${mask}) AS mask_${mask}`).join(
    ", ",
  );
}

function addressesSql({job, source, base, table}: Writing, shard: number): string {
  const key = "assumeNotNull(ip)";
  const isMine = (column: string): string =>
    table.shards === 1 ? "1" : `xxh3(${column}) % ${table.shards} = ${shard}`;
  const fresh = `SELECT ${CLASS_NUMBER} AS class_number, ${key} AS address, ${LATEST} AS latest, ${eventMasks(table.families).join(", ")} FROM ${source} WHERE asset_kind = 'ip' AND ${isMine(key)}`;
  const old =
    base === null
      ? ""
      : `UNION ALL SELECT class_number, address, latest, ${oldMasks(table, base).join(", ")} FROM file(${literal(tableFile(job.folder, base, "addresses-*"))}, 'Parquet', ${literal(addressStructure(base))}) WHERE ${isMine("address")}`;
  return `SELECT class_number, address, max(latest) AS latest, ${merged(table)} FROM (${fresh} ${old}) GROUP BY class_number, address`;
}

const ASSET_KEY = "class_number, asset_kind, asset, address";
/** Follows from the asset itself, so any of its events says the same; the look-up tables may change between two. */
const NAME_COLUMNS = ["host", "domain", "tld"] as const;

function assetsSql({job, source, base, table}: Writing): string {
  const names = NAME_COLUMNS.map((column) => `toString(${column}) AS ${column}`).join(", ");
  const fresh = `SELECT ${CLASS_NUMBER} AS class_number, toString(asset_kind) AS asset_kind, asset, ifNull(ip, toIPv6('::')) AS address, ${LATEST} AS latest, ${names}, [toString(feed)] AS feeds, ${eventMasks(table.families).join(", ")} FROM ${source} WHERE asset_kind != 'ip'`;
  const old =
    base === null
      ? ""
      : `UNION ALL SELECT ${ASSET_KEY}, latest, ${NAME_COLUMNS.join(", ")}, feeds, ${oldMasks(table, base).join(", ")} FROM file(${literal(tableFile(job.folder, base, "assets"))}, 'Parquet', ${literal(assetStructure(base))})`;
  const latestNames = NAME_COLUMNS.map((column) => `argMax(${column}, (latest, ${column})) AS ${column}`).join(", ");
  return `SELECT ${ASSET_KEY}, max(latest) AS latest, ${latestNames}, groupUniqArrayArray(feeds) AS feeds, ${merged(table)}
    FROM (SELECT ${ASSET_KEY}, latest, ${NAME_COLUMNS.map((column) => `${column}`).join(", ")}, feeds, ${maskNames(table)} FROM (${fresh} ${old}))
    GROUP BY ${ASSET_KEY}`;
}

function maskNames(table: WeekTable): string {
  return Array.from({length: masksFor(table.families)}, (_, mask) => `mask_${mask}`).join(", ");
}

function maskStructure(table: WeekTable): string {
  return Array.from({length: masksFor(table.families)}, (_, mask) => `mask_${mask} UInt256`).join(", ");
}

/** Structure of the address files. */
export function addressStructure(table: WeekTable): string {
  return `class_number UInt8, address IPv6, latest UInt128, ${maskStructure(table)}`;
}

/** Structure of the asset file. */
export function assetStructure(table: WeekTable): string {
  return `class_number UInt8, asset_kind String, asset String, address IPv6, latest UInt128, ${NAME_COLUMNS.map((column) => `${column} String`).join(", ")}, feeds Array(String), ${maskStructure(table)}`;
}
