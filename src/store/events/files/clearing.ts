import {readdir, readFile, rm, stat} from "node:fs/promises";
import path from "node:path";
import type {Day} from "../../../model/week.ts";
import {codeOf, removeStale} from "../../durable.ts";
import {readCommit} from "../commits.ts";
import {liveFiles, MERGED, reportOf} from "../live-files.ts";
import {daysIn, removeFile} from "./compaction.ts";

/** Nothing that is being written is this old; what nobody has named by then belongs to a process that was killed. */
const STALE_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Removes what no record names, when it is older than a day: files of events and rejects that were replaced or never
 * committed, merged files without a record, parts of week tables. Returns how many. Readers are not disturbed.
 */
export async function clearLake(lake: string, now: Date): Promise<number> {
  let removed = 0;
  for (const folder of ["tmp", "compactions", ...(await inside(lake, "commits")), ...(await inside(lake, "weeks"))])
    removed += await removeStale(path.join(lake, folder), now);
  for (const day of await daysIn(lake)) removed += await clearDay(lake, day, now);
  removed += await clearRejects(lake, now);
  removed += await clearCompactions(lake, now);
  for (const week of await inside(lake, "weeks")) removed += await clearWeek(path.join(lake, week), now);
  return removed;
}

async function clearDay(lake: string, day: Day, now: Date): Promise<number> {
  const live = new Set((await liveFiles(lake, [day])).files.map((file) => file.name));
  const stale = await staleIn(path.join(lake, `day=${day}`), now, (name) => !live.has(name));
  for (const name of stale) await removeFile(lake, day, name);
  return stale.length;
}

async function clearRejects(lake: string, now: Date): Promise<number> {
  const folder = path.join(lake, "rejects");
  let removed = 0;
  for (const name of await staleIn(folder, now, () => true)) {
    if ((await readCommit(lake, reportOf(name)))?.rejectFile === name) continue;
    await rm(path.join(folder, name), {force: true});
    removed++;
  }
  return removed;
}

/** Records of merged files that are gone. */
async function clearCompactions(lake: string, now: Date): Promise<number> {
  const present = new Set<string>();
  for (const day of await daysIn(lake))
    for (const name of await namesIn(path.join(lake, `day=${day}`))) if (MERGED.test(name)) present.add(`${name}.json`);
  const folder = path.join(lake, "compactions");
  const stale = await staleIn(folder, now, (name) => name.endsWith(".json") && !present.has(name));
  for (const name of stale) await rm(path.join(folder, name), {force: true});
  return stale.length;
}

/** Files of a week's table that its newest does not have: they have its tag in their names. */
async function clearWeek(folder: string, now: Date): Promise<number> {
  const text = await readFile(path.join(folder, "table.json"), "utf8").catch(() => null);
  const tag = text === null ? null : (JSON.parse(text) as {tag: string}).tag;
  const isPart = (name: string): boolean => /\.[0-9a-f]{12}\.(parquet|json)$/.test(name);
  const stale = await staleIn(folder, now, (name) => isPart(name) && (tag === null || !name.includes(`.${tag}.`)));
  for (const name of stale) await rm(path.join(folder, name), {force: true});
  return stale.length;
}

async function staleIn(folder: string, now: Date, isUnnamed: (name: string) => boolean): Promise<string[]> {
  const stale: string[] = [];
  for (const name of (await namesIn(folder)).filter(isUnnamed)) {
    // not mtime: a file is written before it gets its name, and a name is what a reader may be about to look for
    const changed = await stat(path.join(folder, name)).then(
      (found) => found.ctimeMs,
      () => null, // somebody else removed it
    );
    if (changed !== null && now.getTime() - changed > STALE_AFTER_MS) stale.push(name);
  }
  return stale;
}

async function inside(lake: string, folder: string): Promise<string[]> {
  const entries = await readdir(path.join(lake, folder), {withFileTypes: true}).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(folder, entry.name));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  });
}
