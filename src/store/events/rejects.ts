import {mkdir, readFile, writeFile} from "node:fs/promises";
import path from "node:path";
import type {Reject} from "../../model/format.ts";
import {syncFile, syncFolder} from "../durable.ts";
import {moveInto} from "./commits.ts";
import type {Engine} from "./engine.ts";
import {REASON_CODES} from "./row-source.ts";
import {literal, literals} from "./sql.ts";

interface RejectWork {
  readonly lake: string;
  readonly folder: string;
  readonly engine: Engine;
  readonly request: {readonly id: string; readonly file: string; readonly isPlainText: boolean};
}

/** How much of a line's text is kept. */
const TEXT_CHARACTERS = 1000;

/**
 * Stores the rows that could not be read, with their text, and returns the file's name; null when there are none.
 * `engineRows` of them lie in the folder's part-rejects.parquet, `more` were found before the engine saw them.
 */
export async function storeRejects(
  work: RejectWork,
  found: {tag: string; engineRows: number; more: readonly Reject[]},
): Promise<string | null> {
  if (found.engineRows === 0 && found.more.length === 0) return null;
  const name = `${work.request.id}.${found.tag}.jsonl`;
  const file = path.join(work.folder, name);
  const ofEngine = found.engineRows === 0 ? [] : await engineRejects(work);
  const all = [...ofEngine, ...found.more].sort((one, other) => one.line - other.line);
  await writeFile(file, all.map((each) => `${JSON.stringify(each)}\n`).join(""));
  await syncFile(file);
  const folder = path.join(work.lake, "rejects");
  await mkdir(folder, {recursive: true});
  await moveInto(folder, file, name);
  await syncFolder(folder);
  return name;
}

/** Reads the rejects of a report. */
export async function readRejects(lake: string, name: string | null): Promise<Reject[]> {
  if (name === null) return [];
  const text = await readFile(path.join(lake, "rejects", name), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Reject);
}

async function engineRejects({engine, folder, request}: RejectWork): Promise<Reject[]> {
  const text = request.isPlainText ? request.file : path.join(folder, "text");
  const REJECTED = `
    SELECT rejected.line AS line, arrayElement(${literals(REASON_CODES)}, rejected.reason) AS reason, substringUTF8(raw, 1, ${TEXT_CHARACTERS}) AS text
    FROM file(${literal(path.join(folder, "part-rejects.parquet"))}, 'Parquet', 'line UInt32, reason UInt8') AS rejected
    LEFT JOIN (SELECT toUInt32(_row_number + 1) AS line, raw FROM file(${literal(text)}, 'LineAsString', 'raw String')) AS lines USING (line)
    ORDER BY line`;
  return engine.query<Reject>(REJECTED, {join_algorithm: "parallel_hash"});
}
