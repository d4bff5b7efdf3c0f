/**
 * The one set of file functions for crash safety. After one of them has answered, the file survives kill -9 and a power
 * cut: the bytes are synced before the name appears, and the folder is synced after it. Readers see whole files only.
 */
import {randomBytes} from "node:crypto";
import type {Dirent} from "node:fs";
import {link, mkdir, open, readdir, readFile, rename, rm, stat} from "node:fs/promises";
import path from "node:path";
import {WatchfloorError} from "../model/errors.ts";

const TEMPORARY = /\.(\d+)-[0-9a-f]{12}\.tmp$/;
const STALE_AFTER_MS = 24 * 60 * 60 * 1000;
const FILES_AT_ONCE = 16;

/** A file to be written: its full path and its bytes. `mode` is for secrets, such as 0o600. */
export interface DurableFile {
  readonly path: string;
  readonly bytes: Uint8Array | string;
  readonly mode?: number;
}

/** Returns a new temporary name beside `file`, on the same file system, that `removeStale` knows again. */
export function temporaryFor(file: string): string {
  return `${file}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`;
}

/** Makes the folder and those above it that are missing, durably. Throws disk_full, home_not_writable. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await makeMissing(folder);
  if (first === undefined) return;
  const top = path.dirname(path.resolve(first));
  for (let at = path.dirname(path.resolve(folder)); at.length >= top.length; at = path.dirname(at)) {
    await syncFolder(at);
    if (at === path.dirname(at)) break;
  }
}

/** Makes a folder for files that are still being written: it need not survive. Throws disk_full, home_not_writable. */
export async function makeScratchFolder(folder: string): Promise<void> {
  await makeMissing(folder);
}

/** Returns the topmost folder that had to be made. */
async function makeMissing(folder: string): Promise<string | undefined> {
  try {
    return await mkdir(folder, {recursive: true});
  } catch (error) {
    throw diskError(codeOf(error) === "ENOENT" ? await reasonFor(folder, error) : error, folder);
  }
}

/** On a disk that cannot be written Node says that the folder to be made is not there: who makes one alone is told why. */
async function reasonFor(folder: string, error: unknown): Promise<unknown> {
  for (let missing = path.resolve(folder); missing !== path.dirname(missing); missing = path.dirname(missing)) {
    const refused = await mkdir(missing).catch((reason: unknown) => reason);
    if (codeOf(refused) !== "ENOENT") return refused ?? error;
  }
  return error;
}

/** Writes a file whole, or not at all; a file of that name is replaced. Throws disk_full, home_not_writable. */
export async function writeDurably(file: string, bytes: Uint8Array | string, mode = 0o644): Promise<void> {
  await writeAllDurably([{path: file, bytes, mode}]);
}

/**
 * Writes many files, each whole or not at all, and syncs each folder once. When it throws, some may have been written;
 * the call can be made again. Folders are made. Throws disk_full, home_not_writable.
 */
export async function writeAllDurably(files: readonly DurableFile[]): Promise<void> {
  const folders = [...new Set(files.map((file) => path.dirname(file.path)))];
  for (const folder of folders) await makeFolder(folder);
  for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
    const done = await Promise.allSettled(files.slice(from, from + FILES_AT_ONCE).map(writeOne));
    const failed = done.find((each) => each.status === "rejected");
    if (failed) throw failed.reason;
  }
  for (const folder of folders) await syncFolder(folder);
}

/**
 * Gives the finished file `temporary` (same file system) its final name, durably; it is synced first, because engines do
 * not sync what they write. With `replace: false` an existing file stays as it is. Returns whether this call published
 * it; `temporary` is gone afterwards either way. Throws disk_full, home_not_writable.
 */
export async function publishFile(temporary: string, final: string, how: {replace: boolean}): Promise<boolean> {
  await syncFile(temporary);
  const isPublished = how.replace ? await moveOver(temporary, final) : await linkNew(temporary, final);
  // Also when somebody else was first: "it is there" may only be said once it would survive a power cut.
  await syncFolder(path.dirname(final));
  return isPublished;
}

/** Waits until the bytes of the file are on the disk. Throws disk_full, home_not_writable. */
export async function syncFile(file: string): Promise<void> {
  await sync(file, "r+");
}

/** Waits until the names in the folder are on the disk. Throws disk_full, home_not_writable. */
export async function syncFolder(folder: string): Promise<void> {
  await sync(folder, "r");
}

/**
 * Waits until the names of the files, and of all folders on their way down from `root`, are on the disk. For files that
 * are there already: a process that was killed may have named them without syncing, and nobody may build on that.
 */
export async function syncWay(files: readonly string[], root: string): Promise<void> {
  const folders = new Set([root]);
  for (const file of files) {
    for (let at = path.dirname(file); at.length > root.length; at = path.dirname(at)) folders.add(at);
  }
  for (const folder of folders) await syncFolder(folder);
}

/** Waits until all that is in and below the folder is on the disk: for trees that another program wrote. */
export async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, {withFileTypes: true, recursive: true})) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await syncFolder(file);
    else if (entry.isFile()) await sync(file, "r");
  }
  await syncFolder(folder);
}

/** Returns the bytes of a file; null when there is none. Throws home_not_writable when it may not be read. */
export async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw diskError(error, file);
  }
}

/**
 * Removes temporary files that a killed process left in the folder (not below it): their process is gone, or they are
 * older than a day. Returns how many. A folder that is not there has none.
 */
export async function removeStale(folder: string, now: Date): Promise<number> {
  const names: Dirent[] = await readdir(folder, {withFileTypes: true}).catch(() => []);
  let removed = 0;
  for (const {name} of names) {
    const pid = TEMPORARY.exec(name)?.[1];
    if (pid === undefined) continue;
    const file = path.join(folder, name);
    const writtenAt = await stat(file).then(
      (found) => found.mtimeMs,
      () => null, // somebody else removed it
    );
    if (writtenAt === null || (isRunning(Number(pid)) && now.getTime() - writtenAt < STALE_AFTER_MS)) continue;
    await rm(file, {force: true, recursive: true});
    removed++;
  }
  return removed;
}

/** Returns whether a process of that id runs here. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM"; // it runs, but is not ours
  }
}

/**
 * Returns what to throw for a failed file operation: disk_full, home_not_writable, too_many_files, or the error itself
 * when it is none of them. A failed sync (EIO) stays as it is: nobody may go on as if it had worked.
 */
export function diskError(error: unknown, where: string): unknown {
  const code = codeOf(error);
  if (code === "ENOSPC" || code === "EDQUOT") return new WatchfloorError("disk_full", where, error);
  if (code === "EMFILE" || code === "ENFILE") return new WatchfloorError("too_many_files", where, error);
  if (code === "EROFS" || code === "EACCES" || code === "EPERM" || code === "ENOTDIR")
    return new WatchfloorError("home_not_writable", where, error);
  return error;
}

/** Returns the system's code of an error, such as ENOENT; null when it has none. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

async function writeOne(file: DurableFile): Promise<void> {
  const temporary = temporaryFor(file.path);
  try {
    const handle = await open(temporary, "wx", file.mode ?? 0o644);
    try {
      await handle.writeFile(file.bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file.path);
  } catch (error) {
    await rm(temporary, {force: true}).catch(() => {}); // the first error says more
    throw diskError(error, file.path);
  }
}

async function moveOver(temporary: string, final: string): Promise<boolean> {
  try {
    await rename(temporary, final);
    return true;
  } catch (error) {
    throw diskError(error, final);
  }
}

/** link(2) is the one call that gives a name only when nobody has it. */
async function linkNew(temporary: string, final: string): Promise<boolean> {
  let isNew = true;
  try {
    await link(temporary, final);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw diskError(error, final);
    isNew = false;
  }
  await rm(temporary, {force: true});
  return isNew;
}

async function sync(file: string, flags: string): Promise<void> {
  try {
    const handle = await open(file, flags);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw diskError(error, file);
  }
}
