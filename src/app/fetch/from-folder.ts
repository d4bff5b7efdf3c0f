/** Files that somebody else puts into a folder: each is taken once, and only when nobody writes to it any more. */
import {lstat, mkdir, readdir, rename} from "node:fs/promises";
import path from "node:path";
import {syncFolder} from "../../store/durable.ts";
import {FetchError} from "./failures.ts";
import {isLike} from "./glob.ts";
import type {FolderConfig} from "./schema.ts";
import type {FetchWork, Source} from "./work.ts";

const UNFINISHED = /^\.|\.(part|partial|tmp|temp|filepart|crdownload)$/i;
const EARLIEST = new Date("2000-01-01T00:00:00Z");

interface FoundFile {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly changedMs: number;
}

/** Offers the files that were not taken yet, by name. Throws folder-missing. */
export async function* fromFolder(config: FolderConfig, work: FetchWork): Source {
  const folder = path.resolve(work.home, config.path);
  const files = await wholeFiles(folder, config);
  const known = await work.known(files.map(itemOf));
  for (const found of files) {
    const settle = async (isRefused: boolean): Promise<void> => {
      if (config.after === "move") await moveAway(found, path.join(folder, isRefused ? "refused" : "taken"));
    };
    const outcome = known.get(itemOf(found));
    const {name, file} = found;
    if (outcome !== undefined)
      await settle(outcome === "refused"); // the last fetch was broken off before that
    else
      yield {
        item: itemOf(found),
        name,
        fetchedAt: fetchedAtOf(found, work.now),
        deliveries: () => [{path: file}],
        settle,
      };
  }
  return {};
}

/** A link is not followed: it may lead anywhere. How long a file is at rest is a matter of the disk's own clock. */
async function wholeFiles(folder: string, {pattern, settleSeconds}: FolderConfig): Promise<FoundFile[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new FetchError("folder-missing", folder, cause);
  });
  const found: FoundFile[] = [];
  for (const name of names.filter((each) => !UNFINISHED.test(each) && isLike(each, pattern)).sort()) {
    const file = path.join(folder, name);
    const about = await lstat(file).catch(() => null); // moved away meanwhile
    if (about === null || !about.isFile() || Date.now() - about.mtimeMs < settleSeconds * 1000) continue;
    found.push({name, file, bytes: about.size, changedMs: about.mtimeMs});
  }
  return found;
}

function itemOf({name, bytes, changedMs}: FoundFile): string {
  return `file ${name} ${bytes} ${changedMs}`;
}

/** It came when it was written; a time that cannot be is not believed. */
function fetchedAtOf({changedMs}: FoundFile, now: Date): Date {
  const at = new Date(changedMs);
  return at < EARLIEST || at > now ? now : at;
}

/** A file of the same name that lies there already is not written over. */
async function moveAway({name, file, changedMs}: FoundFile, folder: string): Promise<void> {
  await mkdir(folder, {recursive: true});
  const isTaken = await lstat(path.join(folder, name)).then(
    () => true,
    () => false,
  );
  await rename(file, path.join(folder, isTaken ? `${changedMs}-${name}` : name)).catch((error: unknown) => {
    throw new FetchError("not-taken-in", `${name} could not be moved to ${folder}`, error);
  });
  await syncFolder(folder);
}
