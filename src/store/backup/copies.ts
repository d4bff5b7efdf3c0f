/** Copies of files and folders, each with what it takes to know it again. */
import {createHash} from "node:crypto";
import {createReadStream, createWriteStream} from "node:fs";
import {readdir, realpath, rename, rm, stat, utimes} from "node:fs/promises";
import path from "node:path";
import {pipeline} from "node:stream/promises";
import {codeOf, diskError, makeFolder, syncFolder, temporaryFor} from "../durable.ts";

/** A file of a backup: its path inside, with slashes, and what its bytes are. */
export interface CopiedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const AT_ONCE = 16;
/** Files that other processes lock or are still writing. */
const PASSING = /(^|[./])lock$|\.\d+-[0-9a-f]{12}\.tmp$/;

/** Returns the paths of the files in and below a folder, sorted; none when it is not there. Links are followed. */
export async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  const seen = new Set<string>();
  const look = async (inside: string): Promise<void> => {
    const here = path.join(folder, inside);
    const real = await realpath(here);
    if (seen.has(real)) return; // a link that leads back up
    seen.add(real);
    for (const name of await readdir(here)) {
      const each = path.posix.join(inside, name);
      const about = await stat(path.join(folder, each)).catch(absent);
      if (about?.isDirectory()) await look(each);
      else if (about?.isFile() && !PASSING.test(each)) found.push(each);
    }
  };
  await look("").catch(absent);
  return found.sort();
}

/**
 * Copies the files of one folder into another, under the same names, and returns those that were there to be copied: one
 * that was taken away in between is left out. Throws disk_full, home_not_writable.
 */
export async function copyAll(from: string, to: string, names: readonly string[]): Promise<CopiedFile[]> {
  const copied: CopiedFile[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = await Promise.all(names.slice(at, at + AT_ONCE).map((name) => copyOne(from, to, name)));
    copied.push(...some.filter((each) => each !== null));
  }
  for (const folder of new Set(copied.map((file) => path.dirname(path.join(to, file.path))))) await syncFolder(folder);
  return copied;
}

/** Whole or not at all, and with time and rights as they were: the age of a table is the time of its file. */
async function copyOne(from: string, to: string, name: string): Promise<CopiedFile | null> {
  const target = path.join(to, name);
  const temporary = temporaryFor(target);
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    const {mode, atime, mtime} = await stat(path.join(from, name));
    await makeFolder(path.dirname(target));
    await pipeline(
      createReadStream(path.join(from, name)),
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          hash.update(piece);
          bytes += piece.length;
          yield piece;
        }
      },
      createWriteStream(temporary, {flags: "wx", mode: mode & 0o777, flush: true}),
    );
    await utimes(temporary, atime, mtime);
    await rename(temporary, target);
    return {path: name, bytes, sha256: hash.digest("hex")};
  } catch (error) {
    await rm(temporary, {force: true});
    if (codeOf(error) === "ENOENT") return null;
    throw diskError(error, target);
  }
}

function absent(error: unknown): null {
  if (codeOf(error) === "ENOENT") return null;
  throw error;
}
