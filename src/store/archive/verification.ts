/**
 * Looks at every byte of the archive and names what is not as it was published: objects, manifests, chain, signatures,
 * keys, the files of the site. It needs no database, no secret and no trust in the archive: only the public key that is
 * pinned in the home, and the witness beside it.
 */

import {readdir} from "node:fs/promises";
import path from "node:path";
import type {ArchiveCheck, ArchiveFile, ArchiveManifest, ArchiveProblem} from "../../model/edition.ts";
import {sha256} from "../canonical.ts";
import {codeOf, readIfThere} from "../durable.ts";
import {type PublicKey, readPublicKey} from "../keys/minisign.ts";
import {verifyOurs} from "../keys.ts";
import {
  archiveFiles,
  chainComment,
  entryComment,
  NO_ENTRY,
  readLine,
  readManifestBytes,
  readSiteManifest,
  siteComment,
  siteManifestText,
  splitLines,
  witnessText,
} from "./layout.ts";

/** What the check goes by, and where it notes what it finds. */
interface Look {
  readonly at: ReturnType<typeof archiveFiles>;
  readonly key: PublicKey | null;
  readonly note: (file: string, what: string) => void;
}

/**
 * Checks the archive of the home. `known` are hashes of entries that must be in the chain, such as those the database
 * recorded.
 */
export async function verifyArchive(home: string, known: readonly string[] = []): Promise<ArchiveCheck> {
  const at = archiveFiles(home);
  const problems: ArchiveProblem[] = [];
  const note = (file: string, what: string): void => {
    problems.push({path: path.relative(at.folder, file), what});
  };
  const chain = (await readIfThere(at.chain)) ?? Buffer.alloc(0);
  const lines = splitLines(chain);
  const look: Look = {at, note, key: await checkKeys({at, note}, lines.length)};
  const manifests = await checkChain(look, lines);
  await checkHead(look, chain, lines);
  checkKnown(look, lines, known);
  await checkObjects(look, manifests);
  await checkSite(look, manifests, sha256OfLast(lines));
  return {ok: problems.length === 0, entries: lines.length, problems};
}

/** The key in the archive has to be the one that is pinned in the home, to the byte. */
async function checkKeys({at, note}: Omit<Look, "key">, entries: number): Promise<PublicKey | null> {
  const pinned = await readIfThere(at.pinnedKey);
  const copy = await readIfThere(at.publicKey);
  const key = pinned === null ? null : readPublicKey(pinned.toString("latin1"));
  if (key === null) note(at.pinnedKey, "is no public key");
  if (copy === null ? entries > 0 : pinned === null || !copy.equals(pinned)) {
    note(at.publicKey, "is not the pinned key");
    note(at.pinnedKey, "is not the key in the archive");
  }
  return key;
}

/** Each line follows the one before, is signed, and leads to its manifest. Returns the manifests that can be read. */
async function checkChain({at, key, note}: Look, lines: readonly Buffer[]): Promise<ArchiveManifest[]> {
  const manifests: ArchiveManifest[] = [];
  for (const [i, line] of lines.entries()) {
    const n = i + 1;
    const entry = readLine(line);
    const previous = lines[i - 1];
    if (entry === null) note(at.chain, `line ${n} is no entry`);
    else if (entry.n !== n) note(at.chain, `line ${n} says that it is entry ${entry.n}`);
    else if (entry.previous !== (previous ? sha256(previous) : NO_ENTRY))
      note(at.chain, `line ${n} follows another line`);
    if (!(await isSigned(key, line, {file: at.signature(n), comment: entryComment(n, line)})))
      note(at.signature(n), `does not sign line ${n} of chain.jsonl`);
    if (entry === null) continue;
    const bytes = await readIfThere(at.object(entry.manifest));
    const manifest = bytes === null || sha256(bytes) !== entry.manifest ? null : readManifestBytes(bytes);
    if (manifest === null) note(at.object(entry.manifest), `is not the manifest of entry ${n}`);
    else if (manifest.week !== entry.week || manifest.version !== entry.version)
      note(at.object(entry.manifest), `is the manifest of another edition than entry ${n}`);
    else manifests.push(manifest);
  }
  return manifests;
}

/** The chain as a whole: signed, as long as the witness says, and no signature left over from a longer one. */
async function checkHead({at, key, note}: Look, chain: Buffer, lines: readonly Buffer[]): Promise<void> {
  const last = lines.at(-1);
  if (last !== undefined) {
    const comment = chainComment(lines.length, last);
    if (!(await isSigned(key, chain, {file: at.chainSignature, comment})))
      note(at.chainSignature, "does not sign chain.jsonl");
  }
  const witness = await readIfThere(at.witness);
  const heads = lines.map((line, i) => witnessText(i + 1, sha256(line)));
  if (last === undefined && (witness !== null || (await readIfThere(at.chainSignature)) !== null))
    note(at.chain, "is gone");
  if (witness === null ? lines.length > 0 : !heads.includes(String(witness)))
    note(at.witness, "the chain does not hold the head that was noted here");
  const wanted = new Set(lines.map((_, i) => path.basename(at.signature(i + 1))));
  for (const file of await filesBelow(at.signatures))
    if (!wanted.has(path.relative(at.signatures, file))) note(file, "signs an entry that is not in the chain");
}

function checkKnown({at, note}: Look, lines: readonly Buffer[], known: readonly string[]): void {
  const hashes = new Set(lines.map((line) => sha256(line)));
  for (const hash of known.filter((each) => !hashes.has(each))) note(at.chain, `entry ${hash} is missing`);
}

/** Every file of every publication, and its frozen situation. */
async function checkObjects({at, note}: Look, manifests: readonly ArchiveManifest[]): Promise<void> {
  const names = new Set(manifests.flatMap(({situation, files}) => [situation, ...files.map((file) => file.sha256)]));
  for (const name of names) {
    const found = await hashOf(at.object(name));
    if (found !== name) note(at.object(name), found === null ? "is gone" : "was altered");
  }
}

/** The site holds the published files and the signed pages, and nothing else. */
async function checkSite(look: Look, manifests: readonly ArchiveManifest[], head: string): Promise<void> {
  const {at, note} = look;
  const wanted = new Map<string, string>();
  for (const {path: name, sha256: hash} of await signedPages(look, head)) wanted.set(path.join(at.site, name), hash);
  for (const {path: name, sha256: hash} of manifests.flatMap(({files}) => files))
    wanted.set(path.join(at.site, name), hash);
  for (const file of await filesBelow(at.site)) {
    const hash = wanted.get(file);
    wanted.delete(file);
    if (hash === undefined) note(file, "was never published");
    else if ((await hashOf(file)) !== hash) note(file, "was altered");
  }
  for (const file of wanted.keys()) note(file, "is gone");
}

async function signedPages({at, key, note}: Look, head: string): Promise<readonly ArchiveFile[]> {
  const bytes = await readIfThere(at.siteManifest);
  if (bytes === null) {
    if (await readIfThere(at.siteSignature)) note(at.siteManifest, "is gone");
    return [];
  }
  const manifest = readSiteManifest(bytes);
  if (manifest === null || siteManifestText(manifest) !== bytes.toString("latin1"))
    note(at.siteManifest, "was altered");
  if (!(await isSigned(key, bytes, {file: at.siteSignature, comment: siteComment(manifest?.head ?? "")})))
    note(at.siteSignature, "does not sign site-manifest.json");
  if (manifest !== null && manifest.head !== head)
    note(at.siteManifest, "the site is older than the chain: write it again");
  return manifest?.files ?? [];
}

async function isSigned(
  key: PublicKey | null,
  bytes: Buffer,
  {file, comment}: {file: string; comment: string},
): Promise<boolean> {
  const signature = await readIfThere(file);
  return key !== null && signature !== null && verifyOurs(key, bytes, signature.toString("utf8")) === comment;
}

function sha256OfLast(lines: readonly Buffer[]): string {
  const last = lines.at(-1);
  return last === undefined ? NO_ENTRY : sha256(last);
}

/** Returns the SHA-256 of a file; null when there is none. */
async function hashOf(file: string): Promise<string | null> {
  const bytes = await readIfThere(file);
  return bytes === null ? null : sha256(bytes);
}

/** Returns all that is no folder below the folder: a link or a device is something that was never published, too. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {withFileTypes: true, recursive: true}).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name));
}
