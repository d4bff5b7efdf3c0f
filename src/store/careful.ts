/**
 * The careful CSV reader, for reports that the engine's reader stops at. One broken line costs one line, never the rest:
 * when a record is broken, its first line becomes a reject and reading goes on with the line after it.
 */
import {type FileHandle, open} from "node:fs/promises";
import type {Reject, RejectReason} from "../model/format.ts";
import {diskError} from "./durable.ts";
import {lineBreaks} from "./encoding.ts";
import {mendedRow} from "./events/mended-row.ts";

/** How a CSV report is written. */
export interface CsvShape {
  /** One byte, such as "," or ";". */
  readonly delimiter: string;
  /** How many fields a record has. */
  readonly columns: number;
  /** Records at the top that are no data. */
  readonly headerLines: number;
  /** Whether a line that is broken, yet beyond doubt, is mended: see mended-row.ts. */
  readonly mends: boolean;
}

/** How many rows and rejects were written. Blank lines are neither. */
export interface CarefulResult {
  readonly rows: number;
  readonly rejects: number;
}

/** A record, or a line, may be this long. Source: TRUST.md 4. */
export const MAX_RECORD_BYTES = 1024 * 1024;

const TEXT_CHARACTERS = 1000;
const MANY_REJECTS = 50_000; // from here on the texts are short, so that a wrong report does not fill the disk
const SHORT_TEXT_CHARACTERS = 40;
const FLUSH_BYTES = 1024 * 1024;
const FEED = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;

/** What `recordEnd` answers when there is no sound record. */
const BROKEN = -1;
const UNFINISHED = -2;

/**
 * Reads CSV text (UTF-8) and writes its sound records to `files.rows`: each as it came, with the number of its first
 * physical line as one more column in front, no header. A field is quoted when a quote is its first character; quotes
 * further in are plain characters, and one delimiter too many at the end of a line is none, as the engine has it. Broken
 * records and lines of more than a mebibyte become rejects, as JSON lines in `files.rejects`.
 * Memory stays within a few mebibytes. Throws disk_full, home_not_writable.
 */
export async function carefulCsv(
  text: AsyncIterable<Buffer>,
  files: {readonly rows: string; readonly rejects: string},
  shape: CsvShape,
): Promise<CarefulResult> {
  const rows = await openRows(files.rows, shape.delimiter);
  const rejects = await openRejects(files.rejects);
  const reading = startOf(shape);
  const breaks = lineBreaks();
  let rest: Buffer = Buffer.alloc(0);
  const take = async (piece: Buffer, isLast: boolean): Promise<void> => {
    const seen = {bytes: rest.length === 0 ? piece : Buffer.concat([rest, piece]), isLast};
    let at = 0;
    while (at < seen.bytes.length) {
      const row = step(reading, seen, at);
      if (row === null) break;
      at = row.next;
      if (row.mended !== null) rows.add(row.line, row.mended);
      else if (row.to > row.from) rows.add(row.line, seen.bytes.subarray(row.from, row.to));
      if (rows.isFull()) await rows.flush();
    }
    await rejects.add(reading.rejects.splice(0));
    rest = Buffer.from(seen.bytes.subarray(at)); // a copy: the piece is not ours to keep
  };
  try {
    for await (const piece of text) await take(breaks.read(piece), false);
    await take(breaks.read(null), true);
    await rows.flush();
  } finally {
    await rows.close();
    await rejects.close();
  }
  return {rows: rows.count(), rejects: rejects.count()};
}

/** How far the reading of one report has come. */
interface Progress {
  readonly delimiter: number;
  readonly columns: number;
  readonly mends: boolean;
  /** Found, but not yet written. */
  readonly rejects: Reject[];
  rejected: number;
  readonly row: Row;
  line: number;
  headersLeft: number;
  /** Inside a line that is too long: it is a reject already, its end is not yet seen. */
  isInLongLine: boolean;
}

/** The bytes at hand, from the first that is not yet read. */
interface Seen {
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

/** What a step found: the next place, and a record from `from` to `to`, which is empty when there was none. */
interface Row {
  line: number;
  from: number;
  to: number;
  next: number;
  /** The record, where it had to be mended. */
  mended: Buffer | null;
}

function startOf({delimiter, columns, headerLines, mends}: CsvShape): Progress {
  const row = {line: 0, from: 0, to: 0, next: 0, mended: null}; // one for all steps: there are millions
  const at = {line: 1, rejected: 0, headersLeft: headerLines, isInLongLine: false};
  return {delimiter: delimiter.charCodeAt(0), columns, mends, rejects: [], row, ...at};
}

/** Reads what begins at `at`: a blank line, a record, or a line that is none. Null when that takes more bytes. */
function step(reading: Progress, seen: Seen, at: number): Row | null {
  const {bytes, isLast} = seen;
  const feed = bytes.indexOf(FEED, at);
  const lineEnd = feed >= 0 ? feed : bytes.length;
  const isLineWhole = feed >= 0 || isLast;
  const isLong = reading.isInLongLine || lineEnd - at > MAX_RECORD_BYTES;
  if (!isLineWhole && !isLong) return null;
  if (isLong) {
    if (!reading.isInLongLine) reject(reading, "too_long", bytes.subarray(at, lineEnd));
    reading.isInLongLine = !isLineWhole;
    return passLine(reading, lineEnd, isLineWhole);
  }
  if (lineEnd === at || (lineEnd === at + 1 && bytes[at] === RETURN)) return passLine(reading, lineEnd, true);
  const end = recordEnd(reading, seen, at);
  const isTooFar = (end === UNFINISHED ? bytes.length : end) - at > MAX_RECORD_BYTES;
  if (end === UNFINISHED && !isTooFar) return null;
  if (end < 0 || isTooFar) {
    const mended = mend(reading, bytes.subarray(at, lineEnd), feed >= 0);
    if (mended !== null) return passMended(reading, mended, lineEnd);
    reject(reading, "structure", bytes.subarray(at, lineEnd));
    return passLine(reading, lineEnd, true);
  }
  return passRecord(reading, seen, {at, lineEnd, end});
}

function passLine(reading: Progress, lineEnd: number, isWhole: boolean): Row {
  if (isWhole) reading.line++;
  return Object.assign(reading.row, {from: 0, to: 0, next: lineEnd + (isWhole ? 1 : 0), mended: null});
}

/** A last line without a line feed may have been cut off: nothing is added to it. */
function mend(reading: Progress, line: Buffer, isWhole: boolean): Buffer | null {
  if (!reading.mends || reading.headersLeft > 0 || !isWhole) return null;
  return mendedRow(line.at(-1) === RETURN ? line.subarray(0, -1) : line, reading);
}

function passMended(reading: Progress, mended: Buffer, lineEnd: number): Row {
  return Object.assign(reading.row, {line: reading.line++, next: lineEnd + 1, mended});
}

function passRecord(reading: Progress, {bytes}: Seen, found: {at: number; lineEnd: number; end: number}): Row {
  const {row} = reading;
  row.line = reading.line;
  row.from = found.at;
  row.to = bytes[found.end - 1] === RETURN ? found.end - 1 : found.end;
  row.next = found.end + 1;
  row.mended = null;
  if (reading.headersLeft > 0) {
    reading.headersLeft--;
    row.to = row.from;
  }
  for (let feed = found.lineEnd; feed >= 0 && feed <= found.end; feed = bytes.indexOf(FEED, feed + 1)) reading.line++;
  return row;
}

function reject(reading: Progress, reason: RejectReason, bytes: Buffer): void {
  if (reading.headersLeft > 0) {
    reading.headersLeft--;
    return;
  }
  const characters = ++reading.rejected <= MANY_REJECTS ? TEXT_CHARACTERS : SHORT_TEXT_CHARACTERS;
  reading.rejects.push({line: reading.line, reason, text: textOf(bytes, characters)});
}

/** Where in a field a byte stands. Numbers, because this is asked for every byte. */
const START = 0;
const PLAIN = 1;
const QUOTED = 2;
const CLOSED = 3; // behind its closing quote

/**
 * Returns where the record that begins at `at` ends (its line feed, or the end of the text), BROKEN, or UNFINISHED when
 * it goes on behind `bytes`. A record over several lines must be beyond doubt: a quote inside an unquoted field breaks
 * it. (That also keeps hostile reports linear: without it every line could begin a record that breaks far behind.)
 */
function recordEnd(reading: Progress, {bytes, isLast}: Seen, at: number): number {
  const {delimiter} = reading;
  const columns = reading.headersLeft > 0 ? null : reading.columns; // a header may have any number
  const most = columns ?? Number.POSITIVE_INFINITY;
  let state = START;
  let fields = 1;
  let isOverLines = false;
  let hasStrayQuote = false;
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i];
    if (state === QUOTED) {
      if (byte === QUOTE) state = CLOSED;
      else if (byte === FEED) isOverLines = true;
    } else if (byte === FEED) {
      return fields === (columns ?? fields) ? i : BROKEN;
    } else if (byte === delimiter) {
      if (++fields > most) return emptyEnd({bytes, isLast}, i + 1);
      state = START;
    } else if (byte === QUOTE) {
      if (state === PLAIN) hasStrayQuote = true;
      else state = QUOTED; // it opens the field, or it was one of a pair
    } else if (state !== CLOSED) {
      state = PLAIN;
    } else if (byte !== RETURN || (i + 1 < bytes.length && bytes[i + 1] !== FEED)) {
      return BROKEN;
    }
    if (isOverLines && hasStrayQuote) return BROKEN;
  }
  if (!isLast) return UNFINISHED;
  return state !== QUOTED && fields === (columns ?? fields) ? bytes.length : BROKEN;
}

/** Where a line ends that has nothing more at `at`. */
function emptyEnd({bytes, isLast}: Seen, at: number): number {
  const end = bytes[at] === RETURN ? at + 1 : at;
  if (end >= bytes.length) return isLast ? bytes.length : UNFINISHED;
  return bytes[end] === FEED ? end : BROKEN;
}

function textOf(line: Buffer, characters: number): string {
  const text = line.toString("utf8", 0, Math.min(line.length, characters * 4)).slice(0, characters);
  return text.replace(/[\ud800-\udbff]$/, "").replace(/\r$/, "");
}

/** Collects rows and writes them in large pieces. */
async function openRows(file: string, delimiter: string) {
  const handle = await openNew(file);
  const buffer = Buffer.allocUnsafe(FLUSH_BYTES + MAX_RECORD_BYTES + 32);
  const separator = delimiter.charCodeAt(0);
  let used = 0;
  let count = 0;
  return {
    add: (line: number, row: Buffer): void => {
      used += buffer.write(String(line), used, "latin1");
      buffer[used++] = separator;
      buffer.set(row, used);
      used += row.length;
      buffer[used++] = FEED;
      count++;
    },
    count: () => count,
    isFull: () => used >= FLUSH_BYTES,
    flush: async (): Promise<void> => {
      await toDisk(handle.writeFile(buffer.subarray(0, used)), file);
      used = 0;
    },
    close: () => handle.close(),
  };
}

/** Writes rejects as JSON lines. */
async function openRejects(file: string) {
  const handle = await openNew(file);
  let count = 0;
  return {
    add: async (rejects: readonly Reject[]): Promise<void> => {
      count += rejects.length;
      if (rejects.length > 0)
        await toDisk(handle.writeFile(rejects.map((each) => `${JSON.stringify(each)}\n`).join("")), file);
    },
    count: () => count,
    close: () => handle.close(),
  };
}

async function openNew(file: string): Promise<FileHandle> {
  return toDisk(open(file, "w"), file);
}

async function toDisk<T>(doing: Promise<T>, file: string): Promise<T> {
  return doing.catch((error: unknown) => {
    throw diskError(error, file);
  });
}
