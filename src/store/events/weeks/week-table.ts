import {randomBytes} from "node:crypto";
import {readdir, readFile, rm} from "node:fs/promises";
import path from "node:path";
import {isDeepStrictEqual} from "node:util";
import {daysOf, type Week} from "../../../model/week.ts";
import {codeOf, makeFolder, syncFile, syncFolder, writeDurably} from "../../durable.ts";
import {withLock} from "../../lock.ts";
import type {Engine} from "../engine.ts";
import {FileGone, withHeld} from "../files/held-files.ts";
import {type LiveFiles, liveFiles, type ReadFile, withEvents} from "../live-files.ts";
import {literal, literals} from "../sql.ts";
import {writeCube} from "./cube.ts";
import {
  ASSET_KEY,
  addressFiles,
  assetStructure,
  CLASS_CODES,
  CLASS_NUMBER,
  cubeFile,
  FACT_COLUMNS,
  FAMILIES_PER_MASK,
  LAYOUT,
  masksFor,
  NAME_COLUMNS,
  type OpenWeekTable,
  tableFile,
  type WeekTable,
} from "./week-files.ts";

/** From here on a merge goes by way of the disk, so that any week fits into the memory. */
const SPILL_BYTES = 500_000_000;
const WRITING = {
  output_format_parquet_compression_method: "zstd",
  output_format_compression_level: 1,
  output_format_parquet_write_bloom_filter: 0,
  output_format_parquet_write_page_index: 0,
  engine_file_truncate_on_insert: 1,
  max_bytes_before_external_group_by: SPILL_BYTES,
  max_bytes_ratio_before_external_group_by: 0,
} as const;

/** The table of a very large week takes minutes; the lock is given back when its holder dies. */
const WAIT_SECONDS = 3600;

/** A week's table as it is now, and the reports that are in it. */
export interface WeekState {
  readonly table: OpenWeekTable;
  readonly live: LiveFiles;
}

/**
 * Returns the week's table, brought up to date. Any number of processes may ask; one of them does the work. Its files may
 * be replaced at any time by those of a newer one: `withWeekTable` reads them.
 */
export async function weekTable(engine: Engine, home: string, week: Week): Promise<WeekState> {
  const lake = engine.plain(home);
  const folder = weekFolder(lake, week);
  const live = await liveFiles(lake, daysOf(week));
  const present = await readTable(folder);
  if (present !== null && isCurrent(present, live)) return {table: {...present, folder}, live};
  return withLock(
    `${folder}.lock`,
    async () => {
      const now = await liveFiles(lake, daysOf(week));
      const before = await readTable(folder);
      if (before !== null && isCurrent(before, now)) return {table: {...before, folder}, live: now};
      const built = await rebuild(engine, {lake, folder, week, before});
      return {...built, table: {...built.table, folder}};
    },
    WAIT_SECONDS,
  );
}

/** Does the work with the week's table, whose files stay readable until it is done. */
export async function withWeekTable<T>(
  engine: Engine,
  lake: string,
  week: Week,
  work: (state: WeekState) => Promise<T>,
): Promise<T> {
  for (;;) {
    const {table, live} = await weekTable(engine, lake, week);
    const held = filesOf(table).map((name) => ({name, path: path.join(table.folder, name)}));
    try {
      return await withHeld(engine.plain(lake), held, (folder) => work({table: {...table, folder}, live}));
    } catch (error) {
      if (!(error instanceof FileGone)) throw error;
    }
  }
}

/** Returns the folder of a week's table and counts. */
export function weekFolder(lake: string, week: Week): string {
  return path.join(lake, "weeks", week.from);
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
  // a report of several days has a file of the same name in each
  const names = new Set(live.members.map((member) => member.name));
  const known = new Set(table.members.map((member) => member.name));
  return isOfToday(table) && names.size === known.size && [...known].every((name) => names.has(name));
}

/** A table of another layout, or of other classes, is made anew. */
function isOfToday({layout, classes}: WeekTable): boolean {
  return layout === LAYOUT && isDeepStrictEqual(classes, CLASS_CODES);
}

interface Job {
  readonly lake: string;
  readonly folder: string;
  readonly week: Week;
  readonly before: WeekTable | null;
}

async function rebuild(engine: Engine, job: Job): Promise<{table: WeekTable; live: LiveFiles}> {
  await makeFolder(job.folder);
  const built = await withEvents(job.lake, daysOf(job.week), {
    choose: (live) => withoutKnown(live, new Set(baseOf(job, live)?.members.map((member) => member.name))),
    work: async (source, live) => ({table: await build(engine, {job, source, base: baseOf(job, live)}, live), live}),
  });
  await writeDurably(path.join(job.folder, "table.json"), JSON.stringify(built.table));
  if (job.before !== null) await removeTable(job.folder, job.before);
  return built;
}

/** The table that new events can be merged into: maximum and bit-or cannot be taken back, so all of it must still be there. */
function baseOf({before}: Job, live: LiveFiles): WeekTable | null {
  const names = new Set(live.members.map((member) => member.name));
  return before?.members.every((member) => names.has(member.name)) === true && isOfToday(before) ? before : null;
}

async function build(engine: Engine, fresh: Omit<Writing, "table">, live: LiveFiles): Promise<WeekTable> {
  const {job, source, base} = fresh;
  const known = new Set(base?.members.map((member) => member.name));
  const delivered = await engine.query<WeekTable["delivered"][number]>(
    `SELECT report, feed, class, count() AS events FROM ${source} GROUP BY report, feed, class ORDER BY report, class`,
  );
  const families = await familiesOf(engine, source, base?.families ?? []);
  const planned: WeekTable = {
    layout: LAYOUT,
    week: job.week.from,
    members: [
      ...(base?.members ?? []),
      ...live.members.flatMap(({report, name}) => (known.has(name) ? [] : [{report, name}])),
    ],
    classes: CLASS_CODES,
    families,
    tag: randomBytes(6).toString("hex"),
    addressClasses: [],
    delivered: [...(base?.delivered ?? []), ...delivered],
  };
  const table = {...planned, addressClasses: await writeTable(engine, {...fresh, table: planned})};
  await writeCube(engine, {...table, folder: job.folder});
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

async function writeTable(engine: Engine, writing: Writing): Promise<number[]> {
  const {job, table} = writing;
  const into = (part: string): string =>
    `INSERT INTO FUNCTION file(${literal(tableFile(job.folder, table, part))}, 'Parquet')`;
  await engine.run(`${into("facts")} ${factsSql(writing)}`, WRITING);
  await engine.run(`${into("addresses-{_partition_id}")} PARTITION BY class_number ${addressesSql(writing)}`, WRITING);
  await engine.run(`${into("assets")} ${assetsSql(writing)}`, WRITING);
  const names = await namesOf(job.folder, table.tag);
  for (const name of names) await syncFile(path.join(job.folder, name));
  await syncFolder(job.folder);
  const numbers = names.flatMap((name) => /^addresses-(\d+)\./.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((one, other) => one - other);
}

async function namesOf(folder: string, tag: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.includes(`.${tag}.`));
}

/** Names of the files of a table. */
function filesOf(table: WeekTable): string[] {
  const parts = ["facts", "assets", ...table.addressClasses.map((each) => `addresses-${each}`)];
  return [...parts.map((part) => tableFile("", table, part)), cubeFile("", table)];
}

async function removeTable(folder: string, table: WeekTable): Promise<void> {
  for (const name of await namesOf(folder, table.tag)) await rm(path.join(folder, name), {force: true});
}

const FACTS_HASH = `xxh3(${FACT_COLUMNS.join(", ")})`;
/** Seconds of an event above, hash of its facts below: the maximum is the latest. Kept apart in the files, where few facts pack well. */
const packed = (seen: string, facts: string): string =>
  `bitOr(bitShiftLeft(toUInt128(${seen}), 64), toUInt128(${facts}))`;
const LATEST = packed("toUInt32(seen_at)", FACTS_HASH);
const UNPACKED =
  "toUInt32(bitShiftRight(latest, 64)) AS seen, toUInt64(bitAnd(latest, toUInt128(18446744073709551615))) AS facts";
const OLD_LATEST = `${packed("seen", "facts")} AS latest`;

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

function addressesSql({job, source, base, table}: Writing): string {
  const fresh = `SELECT ${CLASS_NUMBER} AS class_number, assumeNotNull(ip) AS address, ${LATEST} AS latest, ${eventMasks(table.families).join(", ")} FROM ${source} WHERE asset_kind = 'ip'`;
  const known = base === null ? null : addressFiles({...base, folder: job.folder}, null);
  const old =
    base === null || known === null
      ? ""
      : `UNION ALL SELECT class_number, address, ${OLD_LATEST}, ${oldMasks(table, base).join(", ")} FROM ${known}`;
  return `SELECT class_number, address, ${UNPACKED}, ${maskNames(table)} FROM (SELECT class_number, address, max(latest) AS latest, ${merged(table)} FROM (${fresh} ${old}) GROUP BY class_number, address)`;
}

function assetsSql({job, source, base, table}: Writing): string {
  const names = NAME_COLUMNS.map((column) => `toString(${column}) AS ${column}`).join(", ");
  const fresh = `SELECT ${CLASS_NUMBER} AS class_number, toString(asset_kind) AS asset_kind, asset, ifNull(ip, toIPv6('::')) AS address, ${LATEST} AS latest, ${names}, [toString(feed)] AS feeds, ${eventMasks(table.families).join(", ")} FROM ${source} WHERE asset_kind != 'ip'`;
  const old =
    base === null
      ? ""
      : `UNION ALL SELECT ${ASSET_KEY}, ${OLD_LATEST}, ${NAME_COLUMNS.join(", ")}, feeds, ${oldMasks(table, base).join(", ")} FROM file(${literal(tableFile(job.folder, base, "assets"))}, 'Parquet', ${literal(assetStructure(base))})`;
  const latestNames = NAME_COLUMNS.map((column) => `argMax(${column}, (latest, ${column})) AS ${column}`).join(", ");
  const all = `SELECT ${ASSET_KEY}, latest, ${NAME_COLUMNS.join(", ")}, feeds, ${maskNames(table)} FROM (${fresh} ${old})`;
  const latest = `SELECT ${ASSET_KEY}, max(latest) AS latest, ${latestNames}, groupUniqArrayArray(feeds) AS feeds, ${merged(table)} FROM (${all}) GROUP BY ${ASSET_KEY}`;
  return `SELECT ${ASSET_KEY}, ${UNPACKED}, ${NAME_COLUMNS.join(", ")}, feeds, ${maskNames(table)} FROM (${latest})`;
}

function maskNames(table: WeekTable): string {
  return Array.from({length: masksFor(table.families)}, (_, mask) => `mask_${mask}`).join(", ");
}
