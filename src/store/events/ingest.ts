import {rm} from "node:fs/promises";
import path from "node:path";
import type {Readable} from "node:stream";
import {WatchfloorError} from "../../model/errors.ts";
import {type ChosenRule, type Format, HOME_ZONE, type TableFormat} from "../../model/format.ts";
import {addDays, dayOf} from "../../model/week.ts";
import {diskError, makeFolder, makeScratchFolder, syncFile, temporaryFor} from "../durable.ts";
import {type Commit, moveInto, readCommit, replaceCommit, settleCommit, syncFolders, writeCommit} from "./commits.ts";
import type {Engine} from "./engine.ts";
import {partFile, REJECTED, writeEmptyPart, writeParts} from "./files/parts.ts";
import {type Prepared, prepareCarefully, prepareDocument, prepareTable, textFile} from "./files/prepared.ts";
import {type DictionaryNames, type NameLookups, nameDictionaries} from "./lookups.ts";
import {storeRejects} from "./rejects.ts";
import {LONGEST_LINE_BYTES} from "./row-source.ts";
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

/**
 * Turns a kept report into events and rejects, durably, and commits it: once it returns, the report is in, whatever
 * happens. Doing it twice changes nothing. Throws report_header, report_unreadable, report_too_large, disk_full,
 * home_not_writable, engine_failed.
 */
export async function ingestReport(work: Omit<Work, "folder">): Promise<IngestResult> {
  const {request} = work;
  const before = await readCommit(work.lake, request.id);
  if (before !== null && !request.isReplay) {
    await settleCommit(work.lake, request.id);
    return {commit: before, isDuplicate: true};
  }
  await makeFolder(work.lake);
  const lake = work.engine.plain(work.lake);
  const folder = temporaryFor(path.join(lake, "tmp", request.id));
  try {
    await makeScratchFolder(folder);
    const attempt = {...work, lake, folder};
    return await publish(attempt, await makeFiles(attempt));
  } catch (error) {
    throw diskError(error, work.lake);
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
  const {format, longestLineBytes} = work.request;
  if (format.kind === "document") return write(work, await prepareDocument(work, format));
  if (format.reading.as !== "csv") return write(work, await prepareTable(work, format));
  const isFast = longestLineBytes <= LONGEST_LINE_BYTES;
  return (isFast ? await writeFast(work, format) : null) ?? write(work, await prepareCarefully(work, format));
}

/**
 * The engine's own reader stops at a row that is broken, and gives fewer rows than lines where a row has several: null
 * then, and the careful reader finds out which line it was. As many rows as lines means that each row is one line.
 */
async function writeFast(work: Work, format: TableFormat): Promise<Made | null> {
  const prepared = await prepareTable(work, format);
  try {
    const made = await writeRows(work, prepared);
    return rowsOf(made) === prepared.expected ? made : null;
  } catch (error) {
    const isBrokenCsv =
      error instanceof WatchfloorError &&
      error.code === "engine_failed" &&
      !/MEMORY_LIMIT|it ended/.test(error.message);
    if (isBrokenCsv) return null;
    throw error;
  }
}

async function write(work: Work, prepared: Prepared): Promise<Made> {
  const made = await writeRows(work, prepared);
  if (prepared.expected !== null && prepared.expected !== rowsOf(made))
    throw new Error(`${work.request.id}: ${rowsOf(made)} rows were written of ${prepared.expected}`);
  return made;
}

function rowsOf({parts}: Made): number {
  return [...parts.values()].reduce((sum, rows) => sum + rows, 0);
}

/** Times that are meant in the zone of the data folder are read in it. */
function inZoneOfHome(chosen: ChosenRule, zone: string): ChosenRule {
  const {seenAt} = chosen.rule.fields;
  if (seenAt?.conversion.as !== "time" || seenAt.conversion.zone !== HOME_ZONE) return chosen;
  const fields = {...chosen.rule.fields, seenAt: {...seenAt, conversion: {...seenAt.conversion, zone}}};
  return {...chosen, rule: {...chosen.rule, fields}};
}

async function writeRows(work: Work, prepared: Prepared): Promise<Made> {
  const {engine, placing, request, folder} = work;
  const {source} = prepared;
  const chosen = inZoneOfHome(prepared.chosen, placing.zone);
  const names = await nameDictionaries(engine, {
    folder,
    hosts: hostsSql(source, chosen),
    brands: brandsSql(source, chosen),
    settings: source.settings,
    lookups: placing.names,
  });
  const context: ReadingContext = {
    ...placing,
    report: request.id,
    feed: request.feed,
    fetchedAt: request.fetchedAt,
    dictionaries: {...placing.dictionaries, hosts: names.hosts, brands: names.brands},
  };
  try {
    const parts = await writeParts(
      {engine, folder, zone: placing.zone},
      eventsSql(source, chosen, context),
      source.settings,
    );
    return {prepared, parts};
  } finally {
    await names.drop();
  }
}

/**
 * The days with their rows. A report without any event still stands in the lake, with an empty file on the day before it
 * was fetched, of which it speaks: one that comes on Monday tells of the week that has ended. That a feed delivered and
 * had nothing to say is not the same as silence.
 */
async function daysOf({engine, folder, placing, request}: Work, made: Made): Promise<[string, number][]> {
  const days = [...made.parts].filter(([part]) => part !== REJECTED);
  if (days.length > 0) return days;
  const day = addDays(dayOf(request.fetchedAt, placing.zone), -1);
  await writeEmptyPart({engine, folder, zone: placing.zone}, day);
  return [[day, 0]];
}

/** Gives the files their names, makes that durable, then writes the record: from then on they are seen. */
async function publish(work: Work, made: Made): Promise<IngestResult> {
  const {lake, folder, request} = work;
  const tag = /-([0-9a-f]+)\.tmp$/.exec(folder)?.[1] ?? "";
  const days = await daysOf(work, made);
  const files = days.map(([day, rows]) => ({day, name: `${request.id}.${tag}.parquet`, rows}));
  const rejectFile = await storeRejects(
    {...work, report: request.id, tag},
    {
      engineRows: made.parts.get(REJECTED) ?? 0,
      more: made.prepared.rejects,
      text: () => textFile(work),
    },
  );
  for (const {day, name} of files) {
    await syncFile(partFile(folder, day));
    await moveInto(path.join(lake, `day=${day}`), partFile(folder, day), name);
  }
  await syncFolders(files.map(({day}) => path.join(lake, `day=${day}`)));
  return record(work, commitOf(work, made, {files, rejectFile}));
}

function commitOf({request, placing, ...work}: Work, made: Made, named: Pick<Commit, "files" | "rejectFile">): Commit {
  const {chosen, header, rejects: more} = made.prepared;
  const events = named.files.reduce((sum, file) => sum + file.rows, 0);
  const rejects = (made.parts.get(REJECTED) ?? 0) + (more?.count ?? 0);
  return {
    id: request.id,
    feed: request.feed,
    format: request.format.name,
    type: chosen.type,
    fileName: request.fileName,
    sha256: request.sha256,
    fetchedAt: request.fetchedAt.toISOString(),
    zone: placing.zone,
    received: events + rejects,
    events,
    rejects,
    ...named,
    header,
    warnings: chosen.warnings,
    lookups: placing.lookups,
    toolVersion: work.toolVersion,
    committedAt: work.now.toISOString(),
    generation: 1,
  };
}

/** Writes the record, and removes what it replaces; when another process was first, it removes what was made in vain. */
async function record({lake, request}: Work, commit: Commit): Promise<IngestResult> {
  if (request.isReplay) {
    const {written, replaced} = await replaceCommit(lake, commit);
    if (replaced !== null) await removeFiles(lake, replaced);
    return {commit: written, isDuplicate: false};
  }
  if (await writeCommit(lake, commit)) return {commit, isDuplicate: false};
  await removeFiles(lake, commit);
  const other = await readCommit(lake, request.id);
  await settleCommit(lake, request.id);
  if (other === null) throw new Error(`the commit record of ${request.id} is there and is not`);
  return {commit: other, isDuplicate: true};
}

/** Removes the files of a generation that no record names: their names are its own. */
async function removeFiles(lake: string, commit: Commit): Promise<void> {
  for (const {day, name} of commit.files) await rm(path.join(lake, `day=${day}`, name), {force: true});
  if (commit.rejectFile !== null) await rm(path.join(lake, "rejects", commit.rejectFile), {force: true});
}
