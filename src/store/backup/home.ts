/**
 * A data folder as a backup: one folder of plain files that can be looked at without us, made while work goes on, and a
 * data folder made from it again. `backup.json` names every file with its hash; it is written last, so that a backup that
 * was broken off is not taken for a whole one.
 */
import {mkdir, readdir, readFile, rm} from "node:fs/promises";
import path from "node:path";
import type {Kysely} from "kysely";
import {z} from "zod";
import {WatchfloorError} from "../../model/errors.ts";
import {archiveFiles} from "../archive/layout.ts";
import {BACKUP_FILE, backUpDatabase, restoreDatabase} from "../backup.ts";
import {codeOf, diskError, makeFolder, writeDurably} from "../durable.ts";
import {withLock} from "../lock.ts";
import type {Schema} from "../postgres/schema.ts";
import {type CopiedFile, copyAll, filesBelow} from "./copies.ts";
import {copyLake} from "./lake.ts";

const LIST = "backup.json";
const FORMAT = "watchfloor-backup-1";
/** The folder's own database comes as rows, look-ups are made again, and what is in tmp is nobody's. */
const LEFT_OUT = ["postgres", "lookups", "tmp"];
const WAIT_SECONDS = 600;
/** Rights of a backup, which holds secrets, and of a data folder, whose own database may run under another account. */
const [PRIVATE, USUAL] = [0o700, 0o755];

const fileSchema = z.strictObject({
  path: z.string().refine((name) => name !== "" && !path.isAbsolute(name) && !name.split(/[\\/]/).includes("..")),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const listSchema = z.strictObject({
  format: z.literal(FORMAT),
  tool: z.string(),
  at: z.iso.datetime(),
  rows: z.int().min(0),
  files: z.array(fileSchema),
});

/** What is in a backup. */
export type BackupList = z.infer<typeof listSchema>;

/** What a backup is made of, and where. */
export interface BackupWork {
  readonly home: string;
  readonly to: string;
  readonly db: Kysely<Schema>;
  readonly tool: string;
  readonly now: Date;
}

/** How much is in a backup. */
export interface BackupSize {
  readonly files: number;
  readonly bytes: number;
  readonly rows: number;
}

/**
 * Backs a data folder up into a new or empty folder outside of it. Others may go on: what they finish later is not in it.
 * The order makes it one whole. Rows of the database come before the archive, which never lacks what they say is
 * published; events before reports, for each event's report was kept before it. Throws folder_not_empty, usage (a folder
 * inside), disk_full, home_busy (an edition is being published), lake_damaged.
 */
export async function backUpHome({home, to, db, tool, now}: BackupWork): Promise<BackupSize> {
  if (!path.relative(home, to).startsWith("..")) throw new WatchfloorError("usage", `${to} lies in the data folder`);
  return fillEmpty(to, PRIVATE, async () => {
    const rows = await backUpDatabase(db, to, now);
    const inside = (folder: string, files: readonly CopiedFile[]): CopiedFile[] =>
      files.map((file) => ({...file, path: `${folder}/${file.path}`}));
    const copied = [
      ...(await copyArchive(home, to)),
      ...inside("lake", await copyLake(path.join(home, "lake"), path.join(to, "lake"))),
      ...inside("reports", await copyReports(path.join(home, "reports"), path.join(to, "reports"))),
      ...(await copyOthers(home, to)),
    ];
    const files = copied.sort((one, other) => (one.path < other.path ? -1 : 1));
    const list: BackupList = {format: FORMAT, tool, at: now.toISOString(), rows, files};
    await writeDurably(path.join(to, LIST), `${JSON.stringify(list, null, 1)}\n`);
    return sizeOf(list);
  });
}

/** While an edition is being published the copy waits: chain, objects, pages and the witness beside the keys are one. */
async function copyArchive(home: string, to: string): Promise<CopiedFile[]> {
  const {folder, lock} = archiveFiles(home);
  const copy = async (): Promise<CopiedFile[]> => {
    const names = [];
    for (const part of ["archive", "keys"])
      for (const name of await filesBelow(path.join(home, part))) names.push(`${part}/${name}`);
    return copyAll(home, to, names);
  };
  const isThere = await readdir(folder).then(
    () => true,
    () => false,
  );
  return isThere ? withLock(lock, copy, WAIT_SECONDS) : copy();
}

/** Records first: each is written after the kept copy that it names, and neither ever changes. */
async function copyReports(from: string, to: string): Promise<CopiedFile[]> {
  const isRecord = (name: string): boolean => name.endsWith(".json");
  const records = await copyAll(from, to, (await filesBelow(from)).filter(isRecord));
  return [
    ...records,
    ...(await copyAll(
      from,
      to,
      (await filesBelow(from)).filter((name) => !isRecord(name)),
    )),
  ];
}

async function copyOthers(home: string, to: string): Promise<CopiedFile[]> {
  const done = [...LEFT_OUT, "archive", "keys", "lake", "reports", LIST, BACKUP_FILE];
  const names = [];
  for (const name of (await readdir(home)).filter((each) => !done.includes(each))) {
    const below = await filesBelow(path.join(home, name)).catch((error: unknown) => {
      if (codeOf(error) === "ENOTDIR") return null; // a file
      throw error;
    });
    names.push(...(below === null ? [name] : below.map((each) => `${name}/${each}`)));
  }
  return copyAll(home, to, names);
}

/** Which data folder is made, and from what. */
export interface RestoreWork {
  readonly from: string;
  readonly home: string;
  /** The database that the configuration names; null for the folder's own. */
  readonly url: string | null;
  /** The configuration, which makes the folder a data folder: it is written last, and may have been changed before. */
  readonly last: string;
}

/**
 * Makes a data folder of a backup; every byte but the configuration's is compared with the backup's list. When it throws,
 * the folder is as empty as before. Throws folder_not_empty, backup_invalid, database_not_empty (a database of your own), disk_full.
 */
export async function restoreHome({from, home, url, last}: RestoreWork): Promise<BackupSize> {
  const list = await readBackup(from);
  return fillEmpty(home, USUAL, async () => {
    await restoreFiles(
      from,
      home,
      list.files.filter((file) => file.path !== last),
    );
    await restoreDatabase({home, url}, from);
    await copyAll(from, home, [last]);
    return sizeOf(list);
  });
}

async function restoreFiles(from: string, home: string, files: readonly CopiedFile[]): Promise<void> {
  const copied = await copyAll(
    from,
    home,
    files.map((file) => file.path),
  );
  const made = new Map(copied.map((file) => [file.path, file.sha256]));
  const wrong = files.find((file) => made.get(file.path) !== file.sha256);
  if (wrong !== undefined) {
    const what = made.has(wrong.path) ? "was altered" : "is gone";
    throw new WatchfloorError("backup_invalid", `${path.join(from, wrong.path)} ${what}`);
  }
}

/** Returns the list of a backup. Throws backup_invalid when there is none, as in one that was broken off. */
export async function readBackup(from: string): Promise<BackupList> {
  const file = path.join(from, LIST);
  try {
    return listSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (codeOf(error) === "ENOENT")
      throw new WatchfloorError("backup_invalid", `There is no ${file}: it was broken off, or is none`, error);
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      throw new WatchfloorError("backup_invalid", `${file} is damaged`, error);
    throw diskError(error, file);
  }
}

/** Fills a new or empty folder; when that fails, it is left empty. Throws folder_not_empty. */
async function fillEmpty<T>(folder: string, mode: number, fill: () => Promise<T>): Promise<T> {
  await makeFolder(path.dirname(folder));
  try {
    await mkdir(folder, {recursive: true, mode});
    if ((await readdir(folder)).length > 0) throw new WatchfloorError("folder_not_empty", folder);
  } catch (error) {
    throw codeOf(error) === "EEXIST"
      ? new WatchfloorError("folder_not_empty", folder, error)
      : diskError(error, folder);
  }
  try {
    return await fill();
  } catch (error) {
    for (const name of await readdir(folder)) await rm(path.join(folder, name), {recursive: true, force: true});
    throw error;
  }
}

function sizeOf({files, rows}: BackupList): BackupSize {
  return {files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0), rows};
}
