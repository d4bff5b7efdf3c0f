/**
 * Files that others made: mails, attachments, evidence. They lie under the hash of their bytes, so no name of theirs ever
 * becomes a path, each is kept once, and none is ever run or shown inline.
 */
import {createHash} from "node:crypto";
import {readdir} from "node:fs/promises";
import path from "node:path";
import {WatchfloorError} from "../model/errors.ts";
import {readIfThere, removeStale, syncFolder, writeDurably} from "./durable.ts";

const FOLDER = "artefacts";
const NAME = /^[0-9a-f]{64}$/;

/** A kept file. */
export interface Artefact {
  readonly sha256: string;
  readonly bytes: number;
}

/** Keeps bytes durably, readable by the owner only; again is once. Throws disk_full, home_not_writable. */
export async function keepArtefact(home: string, bytes: Uint8Array): Promise<Artefact> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const file = artefactFile(home, sha256);
  const there = await readIfThere(file);
  if (there?.equals(bytes)) await syncFolder(path.dirname(file));
  else await writeDurably(file, bytes, 0o600);
  return {sha256, bytes: bytes.length};
}

/** Returns the bytes under a hash. Throws artefact_missing when they are gone or not what they were. */
export async function readArtefact(home: string, sha256: string): Promise<Buffer> {
  if (!NAME.test(sha256)) throw new WatchfloorError("artefact_missing", `"${sha256}" is no hash`);
  const bytes = await readIfThere(artefactFile(home, sha256));
  if (bytes === null || createHash("sha256").update(bytes).digest("hex") !== sha256)
    throw new WatchfloorError("artefact_missing", sha256);
  return bytes;
}

/** Removes what killed processes had not written to the end. Returns how many files. */
export async function clearArtefacts(home: string, now: Date): Promise<number> {
  const folders: string[] = await readdir(path.join(home, FOLDER)).catch(() => []);
  let removed = 0;
  for (const folder of folders) removed += await removeStale(path.join(home, FOLDER, folder), now);
  return removed;
}

function artefactFile(home: string, sha256: string): string {
  return path.join(home, FOLDER, sha256.slice(0, 2), sha256);
}
