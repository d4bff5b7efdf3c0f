/** A copy of the events while reports come in, are read again or are merged. */
import {readFile} from "node:fs/promises";
import path from "node:path";
import {WatchfloorError} from "../../model/errors.ts";
import type {Commit} from "../events/commits.ts";
import {type Compaction, MERGED} from "../events/live-files.ts";
import {type CopiedFile, copyAll, filesBelow} from "./copies.ts";

/** So often the files are looked up again while others change the lake. */
const MOST_LOOKS = 20;
const RECORDS = /^(commits|compactions)\/.*\.json$/;
const DATA = /^(day=[^/]*\/.*\.parquet|rejects\/.*)$/;

/**
 * Copies the lake, and returns its files. Records first, then what they name: a record is written after its files, so
 * what comes in later is not seen in the copy. Only a report that is read again, or a day that is merged, takes files
 * away under its hands: then the records are copied anew, with the files that they name now. Data files never change.
 * The tables of weeks are left out, for they are made again. Throws disk_full, lake_damaged when a file is gone for good.
 */
export async function copyLake(lake: string, to: string): Promise<CopiedFile[]> {
  const copied = new Map<string, CopiedFile>();
  const add = async (names: readonly string[]): Promise<void> => {
    for (const file of await copyAll(lake, to, names)) copied.set(file.path, file);
  };
  for (let look = 1; ; look++) {
    await add((await filesBelow(lake)).filter((name) => RECORDS.test(name)));
    await add((await filesBelow(lake)).filter((name) => DATA.test(name) && !copied.has(name)));
    const missing = await missingIn(to, new Set(copied.keys()));
    if (missing === null) return [...copied.values()];
    if (look === MOST_LOOKS) throw new WatchfloorError("lake_damaged", missing);
  }
}

/** Returns what a record of the copy names and the copy lacks; null when it is whole. */
async function missingIn(lake: string, names: ReadonlySet<string>): Promise<string | null> {
  const merged = new Set<string>();
  for (const {day, name, members} of await records<Compaction>(lake, names, /^compactions\//))
    if (MERGED.test(name) && names.has(`day=${day}/${name}`))
      for (const member of members) merged.add(`day=${day}/${member.name}`);
  for (const {id, files, rejectFile} of await records<Commit>(lake, names, /^commits\//)) {
    const wanted = files.map(({day, name}) => `day=${day}/${name}`);
    const lost = wanted.find((name) => !names.has(name) && !merged.has(name));
    if (lost !== undefined) return `Report ${id} had events in ${lost}`;
    if (rejectFile !== null && !names.has(`rejects/${rejectFile}`)) return `Report ${id} had rejects in ${rejectFile}`;
  }
  return null;
}

async function records<T>(lake: string, names: ReadonlySet<string>, which: RegExp): Promise<T[]> {
  const found: T[] = [];
  for (const name of names)
    if (which.test(name)) found.push(JSON.parse(await readFile(path.join(lake, name), "utf8")) as T);
  return found;
}
