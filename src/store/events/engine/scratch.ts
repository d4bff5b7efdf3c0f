/** Where an engine process keeps its scratch data. */
import {mkdirSync, rmSync, statfsSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import {codeOf, diskError, temporaryFor} from "../../durable.ts";

/** With less than this the engine cannot even begin. */
const LEAST_BYTES = 8 * 1024 * 1024;
/** Why a home may have no place for it. A recursive mkdir gives ENOENT for a disk that cannot be written. */
const NO_PLACE = ["EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT", "ENOENT"];

/**
 * Makes a folder of its own for one process in `scratch`, or where temporary files go: a home that is full or read-only
 * can still be read. Throws disk_full, home_not_writable when neither has a place.
 */
export function makeScratch(scratch: string): string {
  try {
    mkdirSync(scratch, {recursive: true});
    if (bytesFree(scratch) >= LEAST_BYTES) return makeIn(scratch);
  } catch (error) {
    if (!NO_PLACE.includes(codeOf(error) ?? "")) throw diskError(error, scratch);
  }
  try {
    return makeIn(tmpdir());
  } catch (error) {
    throw diskError(error, tmpdir());
  }
}

/** Removes the folder. Where that cannot be done (a disk that is read-only by now), `removeStale` does it later. */
export function removeScratch(folder: string): void {
  try {
    rmSync(folder, {recursive: true, force: true});
  } catch (error) {
    if (codeOf(error) === null) throw error;
  }
}

function makeIn(parent: string): string {
  const folder = temporaryFor(path.join(parent, "engine"));
  mkdirSync(folder);
  return folder;
}

function bytesFree(folder: string): number {
  const {bavail, bsize} = statfsSync(folder);
  return bavail * bsize;
}
