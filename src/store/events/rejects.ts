import {createWriteStream} from "node:fs";
import {rename} from "node:fs/promises";
import path from "node:path";
import {Readable} from "node:stream";
import {pipeline} from "node:stream/promises";
import {WatchfloorError} from "../../model/errors.ts";
import type {Reject} from "../../model/format.ts";
import {codeOf, syncFile, syncFolder} from "../durable.ts";
import {moveInto, readCommit} from "./commits.ts";
import type {Engine} from "./engine.ts";
import {inBlocks, linesIn} from "./files/json-lines.ts";
import {partFile, REJECTED} from "./files/parts.ts";
import {READING, REASON_CODES} from "./row-source.ts";
import {literal, literals} from "./sql.ts";

/** Where the rejects of a report are. */
export interface RejectWork {
  readonly lake: string;
  readonly folder: string;
  readonly engine: Engine;
  readonly report: string;
  /** Makes the name that of this attempt. */
  readonly tag: string;
}

/** What was found. `engineRows` of them lie in the folder's part of rejects; `more` were found before the engine saw them. */
export interface FoundRejects {
  readonly engineRows: number;
  readonly more: {readonly file: string; readonly count: number} | null;
  /** Gives the file with the report's lines, for the text of each. */
  readonly text: () => Promise<string>;
}

/** How much of a line's text is kept: of very many rejects only the first are kept at length. */
const TEXT_CHARACTERS = 1000;
const MANY_REJECTS = 50_000;
const SHORT_TEXT_CHARACTERS = 40;
/** Lines that are looked through at once: what the engine holds of them stays below 400 MB. */
const LINES_AT_ONCE = 8_000_000;

/**
 * Stores the rows that could not be read, with their text, in the order of the lines, and returns the file's name; null
 * when there are none. Memory does not grow with their number.
 */
export async function storeRejects(work: RejectWork, found: FoundRejects): Promise<string | null> {
  const ofEngine = found.engineRows === 0 ? [] : await writeRejects(work, await found.text());
  const earlier = found.more === null || found.more.count === 0 ? [] : [found.more.file];
  if (ofEngine.length + earlier.length === 0) return null;
  const name = `${work.report}.${work.tag}.jsonl`;
  const file = path.join(work.folder, name);
  const [only, ...others] = [...ofEngine, ...earlier];
  if (only !== undefined && others.length === 0) await rename(only, file);
  else await pipeline(Readable.from(inBlocks(inOrder(linesIn(ofEngine), linesIn(earlier)))), createWriteStream(file));
  await syncFile(file);
  const folder = path.join(work.lake, "rejects");
  await moveInto(folder, file, name);
  await syncFolder(folder);
  return name;
}

/** Reads the file of a report's rejects, at most so many. */
export async function readRejects(
  lake: string,
  name: string | null,
  most = Number.POSITIVE_INFINITY,
): Promise<Reject[]> {
  const rejects: Reject[] = [];
  if (name === null || most === 0) return rejects;
  for await (const line of linesIn([path.join(lake, "rejects", name)])) {
    rejects.push(JSON.parse(line) as Reject);
    if (rejects.length >= most) break;
  }
  return rejects;
}

/** Returns the rejects of a report as it stands now, at most so many; null when it was never read. Throws lake_damaged. */
export async function rejectsOf(lake: string, report: string, most?: number): Promise<Reject[] | null> {
  for (let commit = await readCommit(lake, report); commit !== null; ) {
    try {
      return await readRejects(lake, commit.rejectFile, most);
    } catch (error) {
      const next = await readCommit(lake, report);
      if (codeOf(error) !== "ENOENT" || next === null) throw error;
      if (next.rejectFile === commit.rejectFile)
        throw new WatchfloorError("lake_damaged", `${commit.rejectFile} of report ${report} is gone`, error);
      commit = next; // it was replayed just now
    }
  }
  return null;
}

/** Writes the engine's rejects with their texts as JSON lines, some lines of the report at a time, and returns the files. */
async function writeRejects({engine, folder}: RejectWork, text: string): Promise<string[]> {
  const rejected = `file(${literal(partFile(folder, REJECTED))}, 'Parquet', 'line UInt32, reason UInt8')`;
  const [{last = 0} = {}] = await engine.query<{last: number}>(`SELECT max(line) AS last FROM ${rejected}`);
  const [{line: shortFrom = last + 1} = {}] = await engine.query<{line: number}>(
    `SELECT line FROM ${rejected} ORDER BY line LIMIT 1 OFFSET ${MANY_REJECTS}`,
  );
  const files: string[] = [];
  for (let from = 1; from <= last; from += LINES_AT_ONCE) {
    const file = path.join(folder, `rejects-${files.length}.jsonl`);
    const isHere = `line BETWEEN ${from} AND ${from + LINES_AT_ONCE - 1}`;
    const WRITE = `
      INSERT INTO FUNCTION file(${literal(file)}, 'JSONEachRow')
      SELECT line, arrayElement(${literals(REASON_CODES)}, reason) AS reason,
        substringUTF8(trimRight(raw, '\\r'), 1, if(line < ${shortFrom}, ${TEXT_CHARACTERS}, ${SHORT_TEXT_CHARACTERS})) AS text
      FROM (SELECT toUInt32(_row_number + 1) AS line, raw FROM file(${literal(text)}, 'LineAsString', 'raw String') WHERE ${isHere}) AS lines
      INNER JOIN (SELECT line, reason FROM ${rejected} WHERE ${isHere}) AS rejected USING (line)
      ORDER BY line`;
    await engine.run(WRITE, {
      ...READING,
      join_algorithm: "hash",
      engine_file_truncate_on_insert: 1,
      max_bytes_before_external_sort: 268_435_456,
    });
    files.push(file);
  }
  return files;
}

/** Merges two streams of rejects that are in order. */
async function* inOrder(one: AsyncGenerator<string>, other: AsyncGenerator<string>): AsyncGenerator<string> {
  let left = await one.next();
  let right = await other.next();
  while (left.done !== true || right.done !== true) {
    const isLeft = right.done === true || (left.done !== true && lineOf(left.value) <= lineOf(right.value));
    if (isLeft && left.done !== true) {
      yield `${left.value}\n`;
      left = await one.next();
    } else if (right.done !== true) {
      yield `${right.value}\n`;
      right = await other.next();
    }
  }
}

function lineOf(json: string): number {
  return Number(/^\{"line":(\d+)/.exec(json)?.[1] ?? 0);
}
