import {createWriteStream} from "node:fs";
import {mkdir, readdir, rm, writeFile} from "node:fs/promises";
import path from "node:path";
import type {Readable} from "node:stream";
import {text as textOf} from "node:stream/consumers";
import {pipeline} from "node:stream/promises";
import {WatchfloorError} from "../../model/errors.ts";
import type {ChosenRule, DocumentFormat, Format, Reject, TableFormat} from "../../model/format.ts";
import {dayOf} from "../../model/week.ts";
import {carefulCsv} from "../careful.ts";
import {syncFile, temporaryFor} from "../durable.ts";
import {type Commit, moveInto, readCommit, syncFolders, writeCommit} from "./commits.ts";
import type {Engine} from "./engine.ts";
import {headerOf} from "./header.ts";
import {EVENT_STRUCTURE} from "./live-files.ts";
import {type DictionaryNames, type NameLookups, nameDictionaries} from "./lookups.ts";
import {documentChoice, documentSource, observationLines} from "./observations.ts";
import {storeRejects} from "./rejects.ts";
import {LONGEST_LINE_BYTES, type RowSource, rowSource} from "./row-source.ts";
import {literal} from "./sql.ts";
import {brandsSql, eventsSql, hostsSql, type ReadingContext, type ScopeRule} from "./statement.ts";

/** A kept report that is to become events. */
export interface IngestRequest {
  readonly id: string;
  readonly feed: string;
  readonly format: Format;
  readonly fileName: string;
  readonly sha256: string;
  readonly fetchedAt: Date;
  /** The kept copy; the engine reads it, compressed as it is. */
  readonly file: string;
  /** Whether the kept copy is UTF-8 without a byte order mark; otherwise `open` gives that. */
  readonly isPlainText: boolean;
  /** Physical lines of the text. */
  readonly lines: number;
  readonly longestLineBytes: number;
  readonly open: () => Readable;
  readonly isReplay: boolean;
}

/** What the events of every report are placed by. */
export interface Placing {
  readonly zone: string;
  readonly country: string | null;
  readonly scopeRules: readonly ScopeRule[];
  readonly dictionaries: DictionaryNames;
  /** Hash of all look-up tables. */
  readonly lookups: string;
  readonly names: NameLookups;
}

export interface IngestResult {
  readonly commit: Commit;
  /** The very report was in already; nothing was done. */
  readonly isDuplicate: boolean;
}

const REJECTS = "rejects";
/** Settings of the writing statement. zstd at level 1 costs what lz4 costs and is a third smaller (measured). */
const WRITING = {
  output_format_parquet_compression_method: "zstd",
  output_format_compression_level: 1,
  output_format_parquet_write_bloom_filter: 0,
  output_format_parquet_write_page_index: 0,
  max_partitions_per_insert_block: 0,
  engine_file_truncate_on_insert: 1,
  format_csv_allow_single_quotes: 0,
  format_csv_null_representation: "\u0001",
  input_format_csv_trim_whitespaces: 0,
  date_time_input_format: "best_effort",
} as const;

interface Work {
  readonly lake: string;
  readonly engine: Engine;
  readonly placing: Placing;
  readonly request: IngestRequest;
  readonly toolVersion: string;
  readonly now: Date;
  /** Folder for this attempt's files. */
  readonly folder: string;
}

/** Rows that the engine reads, and those that never got there. */
interface Prepared {
  readonly source: RowSource;
  readonly chosen: ChosenRule;
  readonly header: readonly string[];
  /** Rows that the statement must give, or null when only the engine can say. */
  readonly expected: number | null;
  readonly rejects: readonly Reject[];
}

/**
 * Turns a kept report into events and rejects, durably, and commits it: once it returns, the report is in, whatever
 * happens. Doing it twice changes nothing. Throws report_header, report_unreadable, disk_full, engine_failed.
 */
export async function ingestReport(work: Omit<Work, "folder">): Promise<IngestResult> {
  const {lake, request} = work;
  const before = await readCommit(lake, request.id);
  if (before !== null && !request.isReplay) return {commit: before, isDuplicate: true};
  const folder = temporaryFor(path.join(lake, "tmp", request.id));
  await mkdir(folder, {recursive: true});
  try {
    const made = await makeFiles({...work, folder});
    const commit = await publish({...work, folder}, made, (before?.generation ?? 0) + 1);
    if (commit === null) {
      const other = await readCommit(lake, request.id);
      if (other === null) throw new Error(`the commit record of ${request.id} is there and is not`);
      return {commit: other, isDuplicate: true};
    }
    if (before !== null) await removeFiles(lake, before);
    return {commit, isDuplicate: false};
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

interface Made {
  readonly prepared: Prepared;
  /** Rows by part: a day, or the rejects. */
  readonly parts: ReadonlyMap<string, number>;
}

async function makeFiles(work: Work): Promise<Made> {
  const {format} = work.request;
  if (format.kind === "document") return write(work, await prepareDocument(work, format));
  const fast = await prepareTable(work, format);
  const canBeFast = fast.prepared !== null && work.request.longestLineBytes <= LONGEST_LINE_BYTES;
  if (fast.prepared !== null && (canBeFast || format.reading.as !== "csv")) {
    const made = await write(work, fast.prepared).catch((error) =>
      isBrokenCsv(error, format) ? null : Promise.reject(error),
    );
    if (made !== null && isComplete(made)) return made;
  }
  if (format.reading.as !== "csv") throw new WatchfloorError("report_unreadable", work.request.fileName);
  return write(work, await prepareCarefully(work, format, fast.header));
}

/** A row without the columns of the header stops the engine: then the careful reader finds the lines that are broken. */
function isBrokenCsv(error: unknown, format: TableFormat): boolean {
  return (
    format.reading.as === "csv" &&
    error instanceof WatchfloorError &&
    error.code === "engine_failed" &&
    /CANNOT_PARSE|INCORRECT_DATA|Cannot parse|Expected end of line/.test(error.message)
  );
}

function isComplete({prepared, parts}: Made): boolean {
  return prepared.expected === null || prepared.expected === [...parts.values()].reduce((sum, rows) => sum + rows, 0);
}

async function prepareTable(
  work: Work,
  format: TableFormat,
): Promise<{prepared: Prepared | null; header: readonly string[]}> {
  const {request} = work;
  const file = request.isPlainText ? request.file : await plainCopy(work);
  const {header, hasHeaderLine} = await headerFor(work, format, file);
  const chosen = format.ruleFor({fileName: request.fileName, header});
  if (chosen === null)
    throw new WatchfloorError(
      "report_header",
      `${request.fileName} begins with: ${header.slice(0, 8).join(", ").slice(0, 200)}`,
    );
  const source = rowSource(format, file, header, {hasHeaderLine, hasLines: false});
  const expected = format.reading.as === "csv" ? request.lines - (hasHeaderLine ? 1 : 0) : null;
  return {prepared: {source, chosen, header, expected, rejects: []}, header};
}

async function plainCopy(work: Work): Promise<string> {
  const file = path.join(work.folder, "text");
  await pipeline(work.request.open(), createWriteStream(file));
  return file;
}

/** The column names: of the first line, of the format, or for JSON lines the keys of all objects. */
async function headerFor(
  work: Work,
  format: TableFormat,
  file: string,
): Promise<{header: readonly string[]; hasHeaderLine: boolean}> {
  const {reading} = format;
  if (reading.as === "list") return {header: ["value"], hasHeaderLine: false};
  if (reading.as === "json-lines") {
    const KEYS = `SELECT arraySort(groupUniqArrayArray(JSONExtractKeys(raw))) AS keys FROM file(${literal(file)}, 'LineAsString', 'raw String')`;
    const [row] = await work.engine.query<{keys: string[]}>(KEYS);
    return {header: row?.keys ?? [], hasHeaderLine: false};
  }
  const first = headerOf(await firstText(work.request.open()), reading.delimiter ?? ",");
  if (reading.header === "first-line") return {header: first, hasHeaderLine: true};
  const isHeader =
    "firstLineMayBeHeader" in reading &&
    reading.firstLineMayBeHeader === true &&
    first.join("\n").toLowerCase() === reading.header.join("\n").toLowerCase();
  return {header: reading.header, hasHeaderLine: isHeader};
}

async function firstText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes >= LONGEST_LINE_BYTES) break;
  }
  stream.destroy();
  return Buffer.concat(chunks).toString("utf8");
}

/** The careful way: one broken line costs one reject. */
async function prepareCarefully(work: Work, format: TableFormat, header: readonly string[]): Promise<Prepared> {
  if (format.reading.as !== "csv") throw new TypeError("only CSV has a careful way");
  const file = path.join(work.folder, "careful.csv");
  const {hasHeaderLine} = await headerFor(work, format, file);
  const read = await carefulCsv(work.request.open(), file, {
    delimiter: format.reading.delimiter ?? ",",
    columns: header.length,
    headerLines: hasHeaderLine ? 1 : 0,
  });
  const chosen = format.ruleFor({fileName: work.request.fileName, header});
  if (chosen === null) throw new WatchfloorError("report_header", work.request.fileName);
  const source = rowSource(format, file, header, {hasHeaderLine, hasLines: true});
  return {source, chosen, header, expected: read.rows, rejects: read.rejects};
}

async function prepareDocument(work: Work, format: DocumentFormat): Promise<Prepared> {
  const {observations, rejects, warnings} = format.read(await textOf(work.request.open()), {
    fileName: work.request.fileName,
  });
  const file = path.join(work.folder, "observations.jsonl");
  const {columns, lines} = observationLines(observations);
  await writeFile(file, lines);
  return {
    source: documentSource(file, columns),
    chosen: documentChoice(format, columns, warnings),
    header: columns,
    expected: observations.length,
    rejects,
  };
}

async function write(work: Work, prepared: Prepared): Promise<Made> {
  const {engine, placing, request, folder} = work;
  const {source, chosen} = prepared;
  const names = await nameDictionaries(engine, {
    folder,
    hosts: hostsSql(source, chosen),
    brands: brandsSql(source, chosen),
    lookups: placing.names,
  });
  const dictionaries = {...placing.dictionaries, hosts: names.hosts, brands: names.brands};
  const context: ReadingContext = {
    ...placing,
    report: request.id,
    feed: request.feed,
    fetchedAt: request.fetchedAt,
    dictionaries,
  };
  const INSERT = `
    INSERT INTO FUNCTION file(${literal(path.join(folder, "part-{_partition_id}.parquet"))}, 'Parquet')
    PARTITION BY if(reason = 0, toString(toDate(seen_at, ${literal(placing.zone)})), ${literal(REJECTS)})
    ${eventsSql(source, chosen, context)}`;
  try {
    for (const name of await partsIn(folder)) await rm(path.join(folder, `part-${name}.parquet`));
    await engine.run(INSERT, WRITING);
  } finally {
    await names.drop();
  }
  return {prepared, parts: await countParts(work)};
}

async function partsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).flatMap((name) => /^part-(.+)\.parquet$/.exec(name)?.[1] ?? []);
}

async function countParts({engine, folder}: Work): Promise<Map<string, number>> {
  const COUNT = `SELECT extract(_file, '^part-(.+)\\\\.parquet$') AS part, count() AS rows FROM file(${literal(path.join(folder, "part-*.parquet"))}, 'Parquet', 'line UInt32') GROUP BY part ORDER BY part`;
  const rows = await engine.query<{part: string; rows: number}>(COUNT);
  return new Map(rows.map((row) => [row.part, row.rows]));
}

/**
 * The days with their rows. A report without any event still stands in the lake, with an empty file on its fetch day: that a
 * feed delivered and had nothing to say is not the same as silence.
 */
async function daysOf({engine, folder, placing, request}: Work, made: Made): Promise<[string, number][]> {
  const days = [...made.parts].filter(([part]) => part !== REJECTS);
  if (days.length > 0) return days;
  const day = dayOf(request.fetchedAt, placing.zone);
  const EMPTY = `INSERT INTO FUNCTION file(${literal(path.join(folder, `part-${day}.parquet`))}, 'Parquet') SELECT * FROM null(${literal(EVENT_STRUCTURE)})`;
  await engine.run(EMPTY, WRITING);
  return [[day, 0]];
}

/** Gives the files their names, makes that durable, then writes the record. Null: another process was first. */
async function publish(work: Work, made: Made, generation: number): Promise<Commit | null> {
  const {lake, folder, request} = work;
  const tag =
    path
      .basename(folder)
      .replace(/\.tmp$/, "")
      .split("-")
      .at(-1) ?? "";
  const days = await daysOf(work, made);
  const files = days.map(([day, rows]) => ({day, name: `${request.id}.${tag}.parquet`, rows}));
  const rejectFile = await storeRejects(work, {
    tag,
    engineRows: made.parts.get(REJECTS) ?? 0,
    more: made.prepared.rejects,
  });
  for (const {day, name} of files) {
    const part = path.join(folder, `part-${day}.parquet`);
    await syncFile(part);
    await moveInto(path.join(lake, `day=${day}`), part, name);
  }
  await syncFolders(files.map(({day}) => path.join(lake, `day=${day}`)));
  const events = files.reduce((sum, file) => sum + file.rows, 0);
  const rejects = (made.parts.get(REJECTS) ?? 0) + made.prepared.rejects.length;
  const {chosen, header} = made.prepared;
  const commit: Commit = {
    id: request.id,
    feed: request.feed,
    format: request.format.name,
    type: chosen.type,
    fileName: request.fileName,
    sha256: request.sha256,
    fetchedAt: request.fetchedAt.toISOString(),
    zone: work.placing.zone,
    received: events + rejects,
    events,
    rejects,
    files,
    rejectFile,
    header,
    warnings: chosen.warnings,
    lookups: work.placing.lookups,
    toolVersion: work.toolVersion,
    committedAt: work.now.toISOString(),
    generation,
  };
  if (await writeCommit(lake, commit, request.isReplay)) return commit;
  await removeFiles(lake, commit);
  return null;
}

/** Removes the files of a generation that no record names: their names are its own. */
async function removeFiles(lake: string, commit: Commit): Promise<void> {
  for (const {day, name} of commit.files) await rm(path.join(lake, `day=${day}`, name), {force: true});
  if (commit.rejectFile !== null) await rm(path.join(lake, "rejects", commit.rejectFile), {force: true});
}
