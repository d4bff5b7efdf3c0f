/**
 * A lock between processes that the kernel gives back when its holder dies, however it dies. Node has no file lock of
 * its own; SQLite, which comes with Node, takes one (fcntl) for us. The file stays empty and nothing is stored in it.
 */
import {accessSync, closeSync, constants, existsSync, openSync} from "node:fs";
import path from "node:path";
import {DatabaseSync} from "node:sqlite";
import {setTimeout as sleep} from "node:timers/promises";
import {WatchfloorError} from "../model/errors.ts";
import {diskError, makeFolder} from "./durable.ts";

const SQLITE_BUSY = 5;
const POLL_MS = 10;

/**
 * Does the work while no other process (and no other part of this one) holds the lock `file`, and returns its result.
 * Throws home_busy when the lock is not free within `waitSeconds`, home_not_writable, disk_full.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, waitSeconds = 120): Promise<T> {
  await makeFolder(path.dirname(file));
  const giveUpAt = performance.now() + waitSeconds * 1000;
  let release = tryLock(file);
  while (release === null) {
    if (performance.now() > giveUpAt) throw new WatchfloorError("home_busy", `${file} is held`);
    await sleep(POLL_MS);
    release = tryLock(file);
  }
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * Takes the lock if it is free, and returns what gives it back; null when somebody holds it. Its folder must exist. Keep
 * what is returned: once nobody refers to it, the lock is given back, too. Throws home_not_writable, disk_full.
 */
export function tryLock(file: string): (() => void) | null {
  let database: DatabaseSync | null = null;
  try {
    const held = new DatabaseSync(file, {timeout: 0});
    database = held;
    // No journal on disk: nothing is written, so that the lock can be had on a full disk, too.
    held.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return () => held.close();
  } catch (error) {
    database?.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return null;
    throw reasonFor(file, error);
  }
}

/** SQLite says only that it cannot open the file. A file that is there must not be opened: its closing would free the lock. */
function reasonFor(file: string, error: unknown): unknown {
  try {
    closeSync(openSync(path.dirname(file), "r")); // a descriptor may be what is missing
    if (existsSync(file)) accessSync(file, constants.W_OK);
    else closeSync(openSync(file, "wx"));
    return error;
  } catch (reason) {
    return diskError(reason, file);
  }
}
