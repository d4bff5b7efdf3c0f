/**
 * What is published, for ever: files named by their SHA-256, a manifest for each publication, a chain of manifests, a
 * signature for each link. Nothing in it is ever changed. A publication that was broken off at any point is finished by
 * doing it again, with the same bytes.
 */
import {readdir, rm} from "node:fs/promises";
import path from "node:path";
import type {ArchiveEntry, ArchiveFile, ArchiveManifest} from "../model/edition.ts";
import {WatchfloorError} from "../model/errors.ts";
import {
  archiveFiles,
  chainComment,
  entryComment,
  lineOf,
  NO_ENTRY,
  readLine,
  readManifestBytes,
  siteComment,
  siteManifestText,
  splitLines,
  witnessText,
} from "./archive/layout.ts";
import {canonicalJson, sha256} from "./canonical.ts";
import {
  type DurableFile,
  makeFolder,
  readIfThere,
  removeStale,
  syncFolder,
  syncWay,
  writeAllDurably,
} from "./durable.ts";
import {readPublicKey} from "./keys/minisign.ts";
import {type SigningKey, sign, verifyOurs} from "./keys.ts";
import {withLock} from "./lock.ts";

/** A path inside the site: names of letters, digits, `.`, `_` and `-`, none of which begins with a dot. */
const PATH = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;

/** A file of the public site: its path there, with `/`, and its bytes. */
export interface SiteFile {
  readonly path: string;
  readonly bytes: Uint8Array | string;
}

/** What is to be published; the archive adds the hashes. `situation` is the frozen JSON. */
export interface NewPublication extends Omit<ArchiveManifest, "situation" | "files"> {
  readonly situation: string;
  readonly files: readonly SiteFile[];
}

/** A version of a week's edition. */
export type Version = Pick<ArchiveEntry, "week" | "version">;

/** An entry of the chain with the SHA-256 of its line, by which it is named elsewhere. */
export interface ChainLink {
  readonly entry: ArchiveEntry;
  readonly hash: string;
}

/**
 * Publishes: objects, then the manifest, then the chain, then the signatures, then the site's copy; each step durable
 * before the next. The same publication again finishes what is missing and returns the same link; a line that was never
 * signed, for the same version, was never published, and gives way to what is published now.
 * Throws edition_published (that version, or a file of that path, is out with other contents), edition_altered, disk_full.
 */
export function publishEdition(home: string, publication: NewPublication, key: SigningKey): Promise<ChainLink> {
  const {manifest, text, objects} = pack(publication);
  return inArchive(home, async () => {
    await writeObjects(home, objects);
    await writeObjects(home, [Buffer.from(text)]);
    const before = await trustedLinks(home, key, manifest);
    const known = linkOf(before, manifest);
    if (known && known.entry.manifest !== sha256(text)) throw published(manifest, "with other contents");
    if (!known) await checkPaths(home, before, manifest);
    const link = known ?? nextLink(before.at(-1) ?? null, manifest, sha256(text));
    const links = known ? before : [...before, link];
    await writeChanged(home, [{path: archiveFiles(home).chain, bytes: links.map(({entry}) => lineOf(entry)).join("")}]);
    await writeSignatures(home, links, key);
    await writeChanged(
      home,
      publication.files.map((file) => ({path: inSite(home, file.path), bytes: file.bytes})),
    );
    return link;
  });
}

/**
 * Finishes a publication that was broken off after its line was signed, from what the archive holds, and returns its link;
 * null when there is none, or its line was never signed. Throws edition_published when the one in the archive was submitted
 * or approved otherwise, edition_altered, disk_full.
 */
export function finishPublication(
  home: string,
  of: Pick<ArchiveManifest, "week" | "version" | "submitted" | "approved">,
  key: SigningKey,
): Promise<ChainLink | null> {
  return inArchive(home, async () => {
    const links = await trustedLinks(home, key, of);
    const link = linkOf(links, of);
    if (link === undefined) return null;
    const manifest = await readManifest(home, link.entry);
    const acts = ({submitted, approved}: typeof of): string => canonicalJson({submitted, approved});
    if (acts(manifest) !== acts(of)) throw published(manifest, "as somebody else approved it");
    await writeSignatures(home, links, key);
    return link;
  });
}

/**
 * Writes the pages of the site that are made anew with each edition (index, feeds, trends ...), and signs the list of
 * them. Pages that are neither among them nor part of a publication are removed. Throws edition_published when a page
 * would take the place of a published file, edition_altered, disk_full.
 */
export function writeSite(home: string, pages: readonly SiteFile[], key: SigningKey): Promise<void> {
  const at = archiveFiles(home);
  return inArchive(home, async () => {
    const links = await trustedLinks(home, key, null);
    const frozen = new Set((await manifestsOf(home, links)).flatMap(({files}) => files.map((file) => file.path)));
    const taken = pages.find((page) => frozen.has(page.path));
    if (taken) throw new WatchfloorError("edition_published", `site/${taken.path} is part of a publication`);
    const head = links.at(-1)?.hash ?? NO_ENTRY;
    const text = siteManifestText({head, files: describe(pages)});
    await writeChanged(
      home,
      pages.map((page) => ({path: inSite(home, page.path), bytes: page.bytes})),
    );
    await writeChanged(home, [
      {path: at.siteManifest, bytes: text},
      {path: at.siteSignature, bytes: sign(key, text, siteComment(head))},
    ]);
    await removeOthers(at.site, new Set([...frozen, ...pages.map((page) => page.path)]));
  });
}

/**
 * Puts published files back into the site that are missing there, from the objects: what a crash between the chain and
 * the site's copy leaves to do. Throws edition_altered, disk_full.
 */
export function restoreSite(home: string): Promise<void> {
  return inArchive(home, async () => {
    for (const {entry} of await readLinks(home)) {
      const {files} = await readManifest(home, entry);
      for (const file of files) {
        const copy = inSite(home, file.path);
        if ((await readIfThere(copy)) === null)
          await writeChanged(home, [{path: copy, bytes: await readObject(home, file.sha256)}]);
      }
    }
  });
}

/** Returns whether the archive has that version, signed: a line without a signature was never published. */
export async function isPublished(home: string, version: Version): Promise<boolean> {
  const link = linkOf(await readLinks(home), version);
  return link !== undefined && (await readIfThere(archiveFiles(home).signature(link.entry.n))) !== null;
}

/** Returns the links of the chain, oldest first, as they stand there; archive/verification.ts says whether they are true. */
export async function readLinks(home: string): Promise<ChainLink[]> {
  const chain = await readIfThere(archiveFiles(home).chain);
  return splitLines(chain ?? Buffer.alloc(0)).map((line, i) => {
    const entry = readLine(line);
    if (entry === null) throw altered(`chain.jsonl line ${i + 1}`);
    return {entry, hash: sha256(line)};
  });
}

/** Returns the manifest of an entry. Throws edition_altered when it is not what was published. */
export async function readManifest(home: string, entry: ArchiveEntry): Promise<ArchiveManifest> {
  const manifest = readManifestBytes(await readObject(home, entry.manifest));
  if (manifest === null) throw altered(`objects/${entry.manifest}`);
  return manifest;
}

/** Returns the bytes of that SHA-256. Throws edition_altered when they are gone, or are others. */
export async function readObject(home: string, name: string): Promise<Buffer> {
  const bytes = await readIfThere(archiveFiles(home).object(name));
  if (bytes === null || sha256(bytes) !== name) throw altered(`objects/${name}`);
  return bytes;
}

function linkOf(links: readonly ChainLink[], {week, version}: Version): ChainLink | undefined {
  return links.find(({entry}) => entry.week === week && entry.version === version);
}

async function inArchive<T>(home: string, work: () => Promise<T>): Promise<T> {
  const {folder, lock, objects, signatures} = archiveFiles(home);
  await makeFolder(objects);
  return withLock(lock, async () => {
    const groups = (await readdir(objects)).map((name) => path.join(objects, name));
    for (const each of [folder, signatures, ...groups]) await removeStale(each, new Date());
    return work();
  });
}

function pack({situation, files, ...rest}: NewPublication) {
  const manifest: ArchiveManifest = {...rest, situation: sha256(situation), files: describe(files)};
  const objects = [situation, ...files.map((file) => file.bytes)].map((bytes) => Buffer.from(bytes));
  return {manifest, text: canonicalJson(manifest), objects};
}

function describe(files: readonly SiteFile[]): ArchiveFile[] {
  const list = files.map(({path: name, bytes}) => {
    if (!PATH.test(name)) throw new RangeError(`${name} is no path inside the site`);
    return {path: name, sha256: sha256(bytes), bytes: Buffer.byteLength(bytes)};
  });
  if (new Set(list.map((file) => file.path)).size !== list.length) throw new RangeError("a path occurs twice");
  return list.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Objects that are there already stay; one that is not what its name says is not built upon. */
async function writeObjects(home: string, objects: readonly Buffer[]): Promise<void> {
  const missing = new Map<string, DurableFile>();
  for (const bytes of objects) {
    const name = sha256(bytes);
    const file = archiveFiles(home).object(name);
    const found = await readIfThere(file);
    if (found === null) missing.set(name, {path: file, bytes});
    else if (!found.equals(bytes)) throw altered(`objects/${name}`);
  }
  await writeAllDurably([...missing.values()]);
  const at = archiveFiles(home);
  const files = objects.map((bytes) => at.object(sha256(bytes)));
  await syncWay(files, at.folder);
}

/**
 * Returns the links, each with a valid signature, so that nothing foreign is ever signed along. The last one may lack it
 * when it is of the version (`unfinished`) that is being done again: it was broken off, and is left out.
 */
async function trustedLinks(home: string, key: SigningKey, unfinished: Version | null): Promise<ChainLink[]> {
  const at = archiveFiles(home);
  const publicKey = readPublicKey(key.publicKey);
  if (publicKey === null) throw altered(at.publicKey);
  const all = await readLinks(home);
  const last = unfinished === null ? undefined : linkOf(all.slice(-1), unfinished);
  const isBrokenOff = last !== undefined && (await readIfThere(at.signature(last.entry.n))) === null;
  const links = isBrokenOff ? all.slice(0, -1) : all;
  for (const [i, {entry, hash}] of links.entries()) {
    const line = lineOf(entry);
    const signature = await readIfThere(at.signature(entry.n));
    const isSigned = signature !== null && verifyOurs(publicKey, line, String(signature)) === entryComment(i + 1, line);
    const isNext = entry.n === i + 1 && entry.previous === (links[i - 1]?.hash ?? NO_ENTRY);
    if (!isNext || !isSigned) throw altered(`chain.jsonl line ${i + 1} (${hash})`);
  }
  const witness = await readIfThere(at.witness);
  if (witness !== null && !links.some(({entry, hash}) => witnessText(entry.n, hash) === String(witness)))
    throw altered("chain.jsonl is shorter than it was");
  return links;
}

function nextLink(last: ChainLink | null, {week, version, approved}: ArchiveManifest, manifest: string): ChainLink {
  const previous = last?.hash ?? NO_ENTRY;
  const entry = {n: (last?.entry.n ?? 0) + 1, week, version, at: approved.at, manifest, previous};
  return {entry, hash: sha256(lineOf(entry))};
}

/** Signs the newest entry and the whole chain. The same again is written as the same bytes, that is: not at all. */
async function writeSignatures(home: string, links: readonly ChainLink[], key: SigningKey): Promise<void> {
  const at = archiveFiles(home);
  const last = links.at(-1);
  if (last === undefined) return;
  const {n} = last.entry;
  const lines = links.map(({entry}) => lineOf(entry));
  const line = lineOf(last.entry);
  await writeChanged(home, [{path: at.publicKey, bytes: key.publicKey}]);
  await writeChanged(home, [{path: at.signature(n), bytes: sign(key, line, entryComment(n, line))}]);
  await writeChanged(home, [{path: at.chainSignature, bytes: sign(key, lines.join(""), chainComment(n, line))}]);
  await writeChanged(home, [{path: at.witness, bytes: witnessText(n, last.hash)}]);
}

/** A published file keeps its address for ever: no other publication may put other bytes there. */
async function checkPaths(home: string, links: readonly ChainLink[], manifest: ArchiveManifest): Promise<void> {
  const taken = new Map((await manifestsOf(home, links)).flatMap(({files}) => files.map((file) => [file.path, file])));
  for (const file of manifest.files) {
    const other = taken.get(file.path);
    if (other !== undefined && other.sha256 !== file.sha256) throw published(manifest, `site/${file.path} is taken`);
  }
}

async function manifestsOf(home: string, links: readonly ChainLink[]): Promise<ArchiveManifest[]> {
  return Promise.all(links.map(({entry}) => readManifest(home, entry)));
}

function inSite(home: string, name: string): string {
  return path.join(archiveFiles(home).site, name);
}

/** Writes what is not there as it should be; what is there is made sure of, but not written again. */
async function writeChanged(home: string, files: readonly DurableFile[]): Promise<void> {
  const changed: DurableFile[] = [];
  for (const file of files) {
    const found = await readIfThere(file.path);
    if (found === null || !found.equals(Buffer.from(file.bytes))) changed.push(file);
  }
  await writeAllDurably(changed);
  const paths = files.map((file) => file.path);
  await syncWay(paths, home);
}

async function removeOthers(site: string, wanted: ReadonlySet<string>): Promise<void> {
  await makeFolder(site);
  for (const entry of await readdir(site, {withFileTypes: true, recursive: true})) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory() || wanted.has(path.relative(site, file).split(path.sep).join("/"))) continue;
    await rm(file);
    await syncFolder(entry.parentPath);
  }
}

function published({week, version}: ArchiveManifest, how: string): WatchfloorError {
  return new WatchfloorError("edition_published", `${week} version ${version}: ${how}`);
}

function altered(what: string): WatchfloorError {
  return new WatchfloorError("edition_altered", what);
}
