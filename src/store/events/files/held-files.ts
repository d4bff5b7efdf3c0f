import {access, link, mkdtemp, rm, symlink} from "node:fs/promises";
import path from "node:path";
import {codeOf, makeScratchFolder, temporaryFor} from "../../durable.ts";
import {plainTemporary} from "./plain-names.ts";

/** A file that is to be read, and its name while it is held. */
export interface HeldFile {
  readonly path: string;
  readonly name: string;
}

/** A file was taken away (by a replay, a compaction, a newer week table): what there is now has to be looked up again. */
export class FileGone extends Error {}

const AT_ONCE = 32;
/** Where links cannot be made, files can still be read. */
const CANNOT_LINK = [
  ...["home_not_writable", "disk_full"], // nor can their folder be made
  ...["EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT", "EMLINK", "EXDEV", "ENOTSUP", "EOPNOTSUPP"],
];

/**
 * Does the work with a folder that holds the files under their names, and in which they stay whatever becomes of the
 * originals: they are hard links in the lake's scratch folder. Throws FileGone when one is not there any more.
 */
export async function withHeld<T>(
  lake: string,
  files: readonly HeldFile[],
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = temporaryFor(path.join(lake, "tmp", "read"));
  try {
    if (await linkAll(folder, files)) return await work(folder);
  } finally {
    await rm(folder, {recursive: true, force: true}).catch(() => undefined); // a home that is read-only
  }
  return readInPlace(files, work);
}

/** Gives false where no links can be made: a full or read-only disk, a file system without them. */
async function linkAll(folder: string, files: readonly HeldFile[]): Promise<boolean> {
  try {
    await makeScratchFolder(folder);
    await inTurns(files, (file) => linkOne(file, folder));
    return true;
  } catch (error) {
    if (CANNOT_LINK.includes(codeOf(error) ?? "")) return false;
    throw error;
  }
}

async function linkOne(file: HeldFile, folder: string): Promise<void> {
  await link(file.path, path.join(folder, file.name)).catch((cause: unknown) => {
    if (codeOf(cause) !== "ENOENT") throw cause;
    throw new FileGone("a file was taken away before it could be held", {cause});
  });
}

/** The same without holding: when a file is gone afterwards, nobody knows what was read. */
async function readInPlace<T>(files: readonly HeldFile[], work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(plainTemporary(), "watchfloor-read-"));
  try {
    await inTurns(files, (file) => symlink(path.resolve(file.path), path.join(folder, file.name)));
    const done = await work(folder).catch(async (error: unknown) => {
      await allThere(files);
      throw error;
    });
    await allThere(files);
    return done;
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

async function allThere(files: readonly HeldFile[]): Promise<void> {
  await inTurns(files, (file) => access(file.path)).catch((cause: unknown) => {
    throw new FileGone("a file was taken away while it was read", {cause});
  });
}

async function inTurns(files: readonly HeldFile[], work: (file: HeldFile) => Promise<void>): Promise<void> {
  for (let from = 0; from < files.length; from += AT_ONCE)
    await Promise.all(files.slice(from, from + AT_ONCE).map(work));
}
