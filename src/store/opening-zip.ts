/**
 * Opens zip archives. The directory is judged before anything is unpacked: number, sizes, ratio, overlaps, kinds. Names
 * are only ever shown; no path is made from them.
 */
import type {Readable} from "node:stream";
import {crc32, createInflateRaw} from "node:zlib";
// @ts-expect-error: the package brings no types; what is used of it is declared below
import untypedYauzl from "yauzl";
import {WatchfloorError} from "../model/errors.ts";
import {checkSize, type OpeningLimits, type PackedFile, PIECE_BYTES, unpackError} from "./opening-packed.ts";

interface ZipEntry {
  readonly fileName: string;
  readonly fileNameLength: number;
  readonly compressionMethod: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly crc32: number;
  readonly externalFileAttributes: number;
  readonly relativeOffsetOfLocalHeader: number;
  readonly isEncrypted: () => boolean;
}

interface ZipFile {
  readonly entryCount: number;
  readonly eachEntry: () => AsyncIterable<ZipEntry>;
  readonly openReadStreamPromise: (entry: ZipEntry, options: {decodeFileData: false}) => Promise<Readable>;
  readonly close: () => void;
}

const yauzl: {openPromise: (path: string, options: object) => Promise<ZipFile>} = untypedYauzl;

const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER_BYTES = 30;
const UNIX_KIND = 0o170000;
const UNIX_PLAIN_FILE = 0o100000;

/** One file of a zip archive: the name as the archive gives it, and its bytes from the start. */
export interface ZipMember {
  readonly fileName: string;
  readonly read: () => AsyncIterable<Buffer>;
}

/**
 * Gives the files of a zip archive in the order of its directory. Folders and what macOS adds (`__MACOSX/`) are passed
 * over. A member can be read while the next is not yet asked for.
 * Throws report_unreadable when it is truncated, damaged, encrypted, or holds links, overlaps or unsafe names;
 * report_bomb, report_too_large, report_empty.
 */
export async function* openZip(file: PackedFile, limits: OpeningLimits): AsyncGenerator<ZipMember> {
  const zip = await yauzl.openPromise(file.path, {autoClose: false}).catch((error: unknown) => {
    throw zipError(error, file.name);
  });
  try {
    const entries = await filesOf(zip, file, limits);
    if (entries.length === 0) throw new WatchfloorError("report_empty", `${file.name} holds no file`);
    for (const entry of entries) {
      const name = `${file.name} › ${printable(entry.fileName)}`;
      yield {fileName: entry.fileName, read: () => readEntry(zip, entry, name)};
    }
  } finally {
    zip.close();
  }
}

async function filesOf(zip: ZipFile, file: PackedFile, limits: OpeningLimits): Promise<ZipEntry[]> {
  if (zip.entryCount > limits.entries)
    throw new WatchfloorError(
      "report_bomb",
      `${file.name} holds ${zip.entryCount} files; ${limits.entries} are allowed`,
    );
  const entries: ZipEntry[] = [];
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry);
  } catch (error) {
    throw zipError(error, file.name);
  }
  checkOverlaps(entries, file);
  const files = entries.filter(({fileName}) => !fileName.endsWith("/") && !fileName.startsWith("__MACOSX/"));
  let unpacked = 0;
  for (const entry of files) {
    checkEntry(entry, file, limits);
    unpacked += entry.uncompressedSize;
  }
  checkSize({name: file.name, packed: file.bytes, unpacked}, limits);
  return files;
}

function checkEntry(entry: ZipEntry, file: PackedFile, limits: OpeningLimits): void {
  const name = `${file.name} › ${printable(entry.fileName)}`;
  const refuse = (why: string): never => {
    throw new WatchfloorError("report_unreadable", `${name} ${why}`);
  };
  const kind = (entry.externalFileAttributes >>> 16) & UNIX_KIND;
  if (kind !== 0 && kind !== UNIX_PLAIN_FILE) refuse("is a link or a device, not a file");
  if (entry.isEncrypted()) refuse("is encrypted; unpack it with its password first");
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    refuse(`is packed by method ${entry.compressionMethod}; stored and deflated files are opened`);
  if (entry.fileName === "[Content_Types].xml") refuse("shows that this is an Office document; save it as CSV first");
  checkSize({name, packed: entry.compressedSize, unpacked: entry.uncompressedSize}, limits);
}

/** Entries that share bytes are how a small zip becomes petabytes; no honest tool writes them. */
function checkOverlaps(entries: readonly ZipEntry[], file: PackedFile): void {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)) {
    const start = entry.relativeOffsetOfLocalHeader;
    if (start < end)
      throw new WatchfloorError(
        "report_unreadable",
        `${file.name} › ${printable(entry.fileName)} overlaps another file`,
      );
    end = start + LOCAL_HEADER_BYTES + entry.fileNameLength + entry.compressedSize;
    if (end > file.bytes)
      throw new WatchfloorError(
        "report_unreadable",
        `${file.name} › ${printable(entry.fileName)} lies outside the archive`,
      );
  }
}

/** The library's own unpacking moves 16 KiB at a time and leaves out the checksum: we do both on its raw stream. */
async function* readEntry(zip: ZipFile, entry: ZipEntry, name: string): AsyncGenerator<Buffer> {
  const source = await zip.openReadStreamPromise(entry, {decodeFileData: false}).catch((error: unknown) => {
    throw zipError(error, name);
  });
  const machine = entry.compressionMethod === DEFLATED ? createInflateRaw({chunkSize: PIECE_BYTES}) : null;
  if (machine) source.on("error", (error) => machine.destroy(error)).pipe(machine);
  const pieces: AsyncIterable<Buffer> = machine ?? source;
  let unpacked = 0;
  let sum = 0;
  try {
    for await (const piece of pieces) {
      unpacked += piece.length;
      if (unpacked > entry.uncompressedSize) break;
      sum = crc32(piece, sum);
      yield piece;
    }
  } catch (error) {
    throw unpackError(error, name);
  } finally {
    source.destroy();
    machine?.destroy();
  }
  if (unpacked !== entry.uncompressedSize)
    throw new WatchfloorError("report_unreadable", `${name} is not as long as the archive's directory says`);
  if (sum !== entry.crc32) throw new WatchfloorError("report_unreadable", `${name} is damaged (wrong checksum)`);
}

/** The library says in words what is wrong with the archive; those words may hold a name out of it. */
function zipError(error: unknown, name: string): WatchfloorError {
  const words = error instanceof Error ? error.message : String(error);
  const isCut = /end of central directory record signature not found|unexpected EOF/i.test(words);
  const why = isCut ? "is truncated or damaged" : `is no sound zip archive (${printable(words)})`;
  return new WatchfloorError("report_unreadable", `${name} ${why}`, error);
}

/** What comes out of an archive's directory is shown on terminals and pages. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "�").slice(0, 120);
}
