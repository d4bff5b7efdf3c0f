/**
 * Opens what a person or a fetcher hands in: a plain file, .gz, .zst, .zip, or standard input. Out come members, one a
 * report: a safe name and a plain stream of bytes, in bounded memory.
 */
import {open, rm, stat} from "node:fs/promises";
import path from "node:path";
import {WatchfloorError} from "../model/errors.ts";
import {codeOf, diskError, makeFolder, temporaryFor} from "./durable.ts";
import {
  type ArchiveKind,
  archiveKindOf,
  MAGIC_BYTES,
  notNested,
  OPENING_LIMITS,
  type OpeningLimits,
  unpack,
} from "./opening-packed.ts";
import {openZip} from "./opening-zip.ts";

/** One report in a delivery. */
export interface Member {
  /** The file name, made safe and without the packing's suffix, such as `2023-02-20-scan_http.csv`. Never a path. */
  readonly name: string;
  /** Gives the unpacked bytes from the start, at each call. A piece is valid until the next one is asked for. */
  readonly read: () => AsyncIterable<Buffer>;
}

/** What is handed in: a file, or a stream that is first written into the folder `scratch`. */
export type Delivery =
  | {readonly path: string}
  | {readonly stream: AsyncIterable<Uint8Array>; readonly name: string; readonly scratch: string};

const READ_BYTES = 1024 * 1024;
const NAME_LENGTH = 120;
const SUFFIX: Partial<Record<ArchiveKind, RegExp>> = {gzip: /\.gz(ip)?$/i, zstd: /\.zstd?$/i};

/**
 * Gives the members of a delivery one after the other; each is to be read before the next is asked for.
 * Throws report_unreadable, report_bomb, report_too_large, report_nested (while reading a member), report_empty (a zip
 * without files); disk_full and home_not_writable for a stream.
 */
export async function* openDelivery(
  delivery: Delivery,
  limits: OpeningLimits = OPENING_LIMITS,
): AsyncGenerator<Member> {
  if ("path" in delivery) {
    yield* membersOf(delivery.path, path.basename(delivery.path), limits);
    return;
  }
  // A stream can be read only once, and a zip is read from its end: both want a file.
  const spooled = temporaryFor(path.join(delivery.scratch, "stream"));
  try {
    await spool(delivery.stream, spooled);
    yield* membersOf(spooled, delivery.name, limits);
  } finally {
    await rm(spooled, {force: true});
  }
}

/** Returns the last part of a name without anything that a disk, a terminal or a page could take amiss. */
export function safeName(name: string): string {
  const last = name.split(/[\\/]/).findLast((part) => part !== "") ?? "";
  const safe = last
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}._ ()+,=@-]/gu, "_")
    .replace(/^[. ]+/, "");
  const letters = [...safe];
  const short =
    letters.length <= NAME_LENGTH ? letters : [...letters.slice(0, NAME_LENGTH - 20), ...letters.slice(-20)];
  return short.join("") || "unnamed";
}

/** Gives the bytes of a file. A piece is valid until the next one is asked for: two buffers take turns. */
async function* bytesOfFile(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file, "r");
  let [filled, other] = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)];
  let reading = handle.read(filled, 0, READ_BYTES, null);
  try {
    for (;;) {
      const {bytesRead} = await reading;
      if (bytesRead === 0) return;
      reading = handle.read(other, 0, READ_BYTES, null); // while the caller works on the first
      yield filled.subarray(0, bytesRead);
      [filled, other] = [other, filled];
    }
  } finally {
    await reading.catch(() => {}); // it has been thrown above, or nobody wants it
    await handle.close();
  }
}

async function* membersOf(file: string, givenName: string, limits: OpeningLimits): AsyncGenerator<Member> {
  const name = safeName(givenName);
  const {kind, bytes} = await look(file, name);
  const packed = {path: file, bytes, name};
  if (kind === null) {
    yield {name, read: () => bytesOfFile(file)};
  } else if (kind === "zip") {
    for await (const entry of openZip(packed, limits)) {
      const member = safeName(entry.fileName);
      yield {name: member, read: () => notNested(entry.read(), `${name} › ${member}`)};
    }
  } else if (kind === "gzip" || kind === "zstd") {
    const plainName = name.replace(SUFFIX[kind] ?? "", "") || name;
    yield {name: plainName, read: () => notNested(unpack(packed, kind, limits), name)};
  } else {
    throw new WatchfloorError("report_unreadable", `${name} is a ${kind} archive; .gz, .zip and .zst are opened`);
  }
}

/** Looks at a file without hanging on a pipe or a device. */
async function look(file: string, name: string): Promise<{kind: ArchiveKind | null; bytes: number}> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new WatchfloorError("report_unreadable", `${file} is a folder`);
    if (!found.isFile())
      throw new WatchfloorError("report_unreadable", `${file} is no file; hand a pipe in on standard input, as "-"`);
    const handle = await open(file, "r");
    try {
      const head = Buffer.alloc(MAGIC_BYTES);
      const {bytesRead} = await handle.read(head, 0, MAGIC_BYTES, 0);
      return {kind: archiveKindOf(head.subarray(0, bytesRead)), bytes: found.size};
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw readError(error, file, name);
  }
}

function readError(error: unknown, file: string, name: string): unknown {
  const code = codeOf(error);
  if (error instanceof WatchfloorError || code === null) return error;
  if (code === "ENOENT" || code === "ENOTDIR")
    return new WatchfloorError("report_unreadable", `There is no file ${file}`, error);
  if (code === "EACCES" || code === "EPERM")
    return new WatchfloorError("report_unreadable", `${file} may not be read by this user`, error);
  return new WatchfloorError("report_unreadable", `${name}: ${code}`, error);
}

async function spool(stream: AsyncIterable<Uint8Array>, file: string): Promise<void> {
  await makeFolder(path.dirname(file));
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      for await (const piece of stream) await handle.writeFile(piece);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw diskError(error, path.dirname(file));
  }
}
