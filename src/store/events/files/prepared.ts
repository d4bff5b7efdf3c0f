import {createWriteStream} from "node:fs";
import {writeFile} from "node:fs/promises";
import path from "node:path";
import type {Readable} from "node:stream";
import {pipeline} from "node:stream/promises";
import {WatchfloorError} from "../../../model/errors.ts";
import type {ChosenRule, DocumentFormat, Format, Reject, TableFormat} from "../../../model/format.ts";
import {carefulCsv} from "../../careful.ts";
import type {Engine} from "../engine.ts";
import {headerOf} from "../header.ts";
import {documentChoice, documentSource, observationLines} from "../observations.ts";
import {LONGEST_LINE_BYTES, type RowSource, rowSource} from "../row-source.ts";
import {literal} from "../sql.ts";

/** What is to be read: a kept report, and the folder for what is made of it on the way. */
export interface Reading {
  readonly engine: Engine;
  readonly folder: string;
  readonly request: {
    readonly format: Format;
    readonly fileName: string;
    readonly file: string;
    readonly isPlainText: boolean;
    readonly lines: number;
    readonly open: () => Readable;
  };
}

/** Rows that the engine reads, and those that never got there. */
export interface Prepared {
  readonly source: RowSource;
  readonly chosen: ChosenRule;
  readonly header: readonly string[];
  /** Rows that the statement must give, or null when only the engine can say. */
  readonly expected: number | null;
  /** Lines that were found wrong before: JSON lines of rejects, in order. */
  readonly rejects: {readonly file: string; readonly count: number} | null;
}

/** A table with more columns is none; of JSON lines the most frequent keys are kept as columns. */
const MOST_COLUMNS = 1000;
/** A document is read as a whole: more of it does not fit into memory several times over. */
const MOST_DOCUMENT_BYTES = 256 * 1024 * 1024;

/** Prepares a table for the engine's own reader: no byte is touched when the kept copy is plain text. Throws report_header. */
export async function prepareTable(work: Reading, format: TableFormat): Promise<Prepared> {
  const file = await textFile(work);
  const table = await columnsOf(work, format, file);
  const source = rowSource(format, file, {...table, hasLines: false});
  const expected = format.reading.as === "csv" ? work.request.lines - (table.hasHeaderLine ? 1 : 0) : null;
  return {source, chosen: choose(work, format, table), header: table.header, expected, rejects: null};
}

/** Prepares a CSV report the careful way: one broken line costs one reject. Throws report_header. */
export async function prepareCarefully(work: Reading, format: TableFormat): Promise<Prepared> {
  if (format.reading.as !== "csv") throw new TypeError("only CSV has a careful way");
  const file = path.join(work.folder, "careful.csv");
  const rejectFile = path.join(work.folder, "careful-rejects.jsonl");
  const table = await columnsOf(work, format, file);
  const read = await carefulCsv(
    work.request.open(),
    {rows: file, rejects: rejectFile},
    {
      delimiter: format.reading.delimiter ?? ",",
      columns: table.header.length,
      headerLines: table.hasHeaderLine ? 1 : 0,
      mends: "mends" in format.reading && format.reading.mends === true,
    },
  );
  return {
    source: rowSource(format, file, {...table, hasLines: true}),
    chosen: choose(work, format, table),
    header: table.header,
    expected: read.rows,
    rejects: {file: rejectFile, count: read.rejects},
  };
}

/** Prepares the observations that a document's reader finds. Throws report_unreadable, report_too_large. */
export async function prepareDocument(work: Reading, format: DocumentFormat): Promise<Prepared> {
  const {observations, rejects, warnings} = format.read(await documentText(work), {fileName: work.request.fileName});
  const file = path.join(work.folder, "observations.jsonl");
  const {columns, lines} = observationLines(observations);
  await writeFile(file, lines);
  const rejectFile = path.join(work.folder, "document-rejects.jsonl");
  await writeFile(
    rejectFile,
    [...rejects]
      .sort(byLine)
      .map((each) => `${JSON.stringify(each)}\n`)
      .join(""),
  );
  return {
    source: documentSource(file, columns),
    chosen: documentChoice(format, columns, warnings),
    header: columns,
    expected: observations.length,
    rejects: {file: rejectFile, count: rejects.length},
  };
}

/** Returns a file with the report's text as UTF-8 without mark, under a name that the engine takes. */
export async function textFile({engine, folder, request}: Reading): Promise<string> {
  if (request.isPlainText) return path.join(engine.plain(path.dirname(request.file)), path.basename(request.file));
  const file = path.join(folder, "text");
  await pipeline(request.open(), createWriteStream(file));
  return file;
}

function byLine(one: Reject, other: Reject): number {
  return one.line - other.line;
}

interface Columns {
  readonly header: readonly string[];
  readonly hasHeaderLine: boolean;
  readonly warnings: readonly string[];
}

function choose({request}: Reading, format: TableFormat, {header, warnings}: Columns): ChosenRule {
  const begin = `${request.fileName} begins with: ${header.slice(0, 8).join(", ").slice(0, 200)}`;
  if (format.reading.as === "csv" && header.length > MOST_COLUMNS)
    throw new WatchfloorError("report_header", `It has ${header.length} columns. ${begin}`);
  const chosen = format.ruleFor({fileName: request.fileName, header});
  if (chosen === null) throw new WatchfloorError("report_header", begin);
  return {...chosen, warnings: [...chosen.warnings, ...warnings]};
}

/** The column names: of the first line, of the format, or for JSON lines the keys of all objects. */
async function columnsOf(work: Reading, {reading}: TableFormat, file: string): Promise<Columns> {
  if (reading.as === "list") return {header: ["value"], hasHeaderLine: false, warnings: []};
  if (reading.as === "json-lines") return keysOf(work, file);
  const first = headerOf(await firstText(work.request.open()), reading.delimiter ?? ",");
  if (reading.header === "first-line") return {header: first, hasHeaderLine: true, warnings: []};
  const isHeader =
    "firstLineMayBeHeader" in reading &&
    reading.firstLineMayBeHeader === true &&
    first.join("\n").toLowerCase() === reading.header.join("\n").toLowerCase();
  return {header: reading.header, hasHeaderLine: isHeader, warnings: []};
}

async function keysOf({engine}: Reading, file: string): Promise<Columns> {
  const KEYS = `
    SELECT arrayJoin(JSONExtractKeys(raw)) AS key, count() AS lines
    FROM file(${literal(file)}, 'LineAsString', 'raw String')
    GROUP BY key
    ORDER BY lines DESC, key
    LIMIT ${MOST_COLUMNS + 1}`;
  const keys = (await engine.query<{key: string}>(KEYS)).map((row) => row.key);
  const isCut = keys.length > MOST_COLUMNS;
  return {
    header: keys.slice(0, MOST_COLUMNS).sort(),
    hasHeaderLine: false,
    warnings: isCut ? [`More than ${MOST_COLUMNS} different keys: the rarest are not kept as columns.`] : [],
  };
}

async function firstText(stream: Readable): Promise<string> {
  return (await firstBytes(stream, LONGEST_LINE_BYTES)).toString("utf8");
}

async function documentText({request}: Reading): Promise<string> {
  const bytes = await firstBytes(request.open(), MOST_DOCUMENT_BYTES + 1);
  if (bytes.length > MOST_DOCUMENT_BYTES)
    throw new WatchfloorError("report_too_large", `${request.fileName}: a document may have 256 MiB of text`);
  return bytes.toString("utf8");
}

/** The beginning of a stream, at least so many bytes if there are so many. */
async function firstBytes(stream: Readable, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes >= most) break;
  }
  stream.destroy();
  return Buffer.concat(chunks);
}
