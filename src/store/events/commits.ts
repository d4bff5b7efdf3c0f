import {readdir, readFile, rename, writeFile} from "node:fs/promises";
import path from "node:path";
import type {Day} from "../../model/week.ts";
import {
  codeOf,
  diskError,
  makeFolder,
  publishFile,
  syncFolder,
  syncWay,
  temporaryFor,
  writeDurably,
} from "../durable.ts";
import {withLock} from "../lock.ts";

/** The Parquet file of one report and day. */
export interface LakeFile {
  readonly day: Day;
  /** Name inside `day=…/`. */
  readonly name: string;
  readonly rows: number;
}

/**
 * What was made of one report. Its being there makes the report's files visible: it is written last. A reader that finds
 * a data file without a record that names it does not see it.
 */
export interface Commit {
  readonly id: string;
  readonly feed: string;
  readonly format: string;
  /** The provider's name of the report type, or null. */
  readonly type: string | null;
  readonly fileName: string;
  readonly sha256: string;
  readonly fetchedAt: string;
  readonly zone: string;
  /** received = events + rejects. */
  readonly received: number;
  readonly events: number;
  readonly rejects: number;
  readonly files: readonly LakeFile[];
  /** Name of the file with the rejected rows inside `rejects/`, or null. */
  readonly rejectFile: string | null;
  readonly header: readonly string[];
  readonly warnings: readonly string[];
  /** Hash of the look-up tables that placed the events. */
  readonly lookups: string;
  readonly toolVersion: string;
  readonly committedAt: string;
  /** 1 at first; a replay makes the next. */
  readonly generation: number;
}

/** Returns the file of a report's commit record. */
export function commitFile(lake: string, id: string): string {
  return path.join(lake, "commits", id.slice(-2), `${id}.json`);
}

/** Returns the ids of all reports that were committed. */
export async function listCommits(lake: string): Promise<string[]> {
  const names = await readdir(path.join(lake, "commits"), {recursive: true}).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw diskError(error, lake);
  });
  return names.flatMap((name) => /([^/]+)\.json$/.exec(name)?.[1] ?? []).sort();
}

/** Returns the commit record of a report, or null when it was never committed. */
export async function readCommit(lake: string, id: string): Promise<Commit | null> {
  try {
    return JSON.parse(await readFile(commitFile(lake, id), "utf8")) as Commit;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw diskError(error, commitFile(lake, id));
  }
}

/**
 * Waits until a record that is there would survive a power cut: whoever wrote it may have been killed before that, and
 * nobody may be told that the report is in until it is. What it names was durable before it was written.
 */
export async function settleCommit(lake: string, id: string): Promise<void> {
  await syncWay([commitFile(lake, id)], lake);
}

/** Writes the record; from now on the report is in. Gives false when another process was first: then nothing changed. */
export async function writeCommit(lake: string, commit: Commit): Promise<boolean> {
  const file = commitFile(lake, commit.id);
  await makeFolder(path.dirname(file));
  const temporary = temporaryFor(file);
  await writeFile(temporary, textOf(commit));
  return publishFile(temporary, file, {replace: false});
}

/**
 * Writes the record as the next generation and returns it with the one that it replaces. Of two that replace at the same
 * time the second replaces the first, so that the files of every generation but the last are removed by somebody.
 */
export async function replaceCommit(
  lake: string,
  commit: Commit,
): Promise<{readonly written: Commit; readonly replaced: Commit | null}> {
  const file = commitFile(lake, commit.id);
  return withLock(path.join(path.dirname(file), "lock"), async () => {
    const replaced = await readCommit(lake, commit.id);
    const written = {...commit, generation: (replaced?.generation ?? 0) + 1};
    await writeDurably(file, textOf(written));
    return {written, replaced};
  });
}

function textOf(commit: Commit): string {
  return `${JSON.stringify(commit, null, 1)}\n`;
}

/** Moves a finished, synced file into its folder and makes the new name durable later by `syncFolder`. */
export async function moveInto(folder: string, from: string, name: string): Promise<void> {
  await makeFolder(folder);
  await rename(from, path.join(folder, name));
}

/** Makes the names in the folders durable. */
export async function syncFolders(folders: readonly string[]): Promise<void> {
  for (const folder of new Set(folders)) await syncFolder(folder);
}
