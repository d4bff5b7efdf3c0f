/**
 * Unpacks gzip and Zstandard as a stream, under limits. What the bytes are is told by their first bytes, never by the
 * name of the file.
 */
import {createReadStream} from "node:fs";
import {constants, createGunzip, createZstdDecompress} from "node:zlib";
import {WatchfloorError} from "../model/errors.ts";
import {codeOf} from "./durable.ts";

/** How much an archive may unpack to. */
export interface OpeningLimits {
  /** Unpacked bytes for each packed byte, once more than a mebibyte is unpacked. */
  readonly ratio: number;
  /** Unpacked bytes of a whole archive. A plain file may be of any size. */
  readonly unpackedBytes: number;
  /** Files in one archive. */
  readonly entries: number;
}

/** The limits unless the site sets others. Source: TRUST.md 4, hostile feed file. */
export const OPENING_LIMITS: OpeningLimits = {ratio: 100, unpackedBytes: 2 * 1024 ** 3, entries: 10_000};

/** The kinds of archive that are known by their first bytes; those of `OPENED` are opened. */
export type ArchiveKind = "gzip" | "zip" | "zstd" | "bzip2" | "xz" | "7-Zip" | "RAR" | "tar";

/** As many first bytes as `archiveKindOf` has to see. */
export const MAGIC_BYTES = 262;

/** How large the pieces are in which packed and unpacked bytes move; Node's own 16 KiB is three times slower. */
export const PIECE_BYTES = 256 * 1024;

const WINDOW_LOG = 25; // a frame from outside may ask for 32 MiB of memory; the levels in use ask for 8 MiB at most
const FREE_BYTES = 1024 * 1024; // a small report may be all blanks: the ratio is asked only past this
const MAGIC: readonly {kind: ArchiveKind; at: number; bytes: string}[] = [
  {kind: "gzip", at: 0, bytes: "\x1f\x8b"},
  {kind: "zip", at: 0, bytes: "PK\x03\x04"},
  {kind: "zip", at: 0, bytes: "PK\x05\x06"}, // without entries
  {kind: "zip", at: 0, bytes: "PK\x07\x08"}, // in several pieces
  {kind: "zstd", at: 0, bytes: "\x28\xb5\x2f\xfd"},
  {kind: "bzip2", at: 4, bytes: "1AY&SY"}, // after BZh1 to BZh9
  {kind: "xz", at: 0, bytes: "\xfd7zXZ\0"},
  {kind: "7-Zip", at: 0, bytes: "7z\xbc\xaf\x27\x1c"},
  {kind: "RAR", at: 0, bytes: "Rar!\x1a\x07"},
  {kind: "tar", at: 257, bytes: "ustar"},
];

/** Returns what kind of archive begins with these bytes; null when it is none that we know. */
export function archiveKindOf(head: Buffer): ArchiveKind | null {
  const text = head.toString("latin1", 0, MAGIC_BYTES);
  return MAGIC.find(({at, bytes}) => text.startsWith(bytes, at))?.kind ?? null;
}

/** A packed file: its path, its size, and how messages name it. */
export interface PackedFile {
  readonly path: string;
  readonly bytes: number;
  readonly name: string;
}

/**
 * Unpacks a gzip or Zstandard file of any number of members or frames.
 * Throws report_unreadable when it is truncated, damaged or followed by something else; report_bomb, report_too_large.
 */
export async function* unpack(file: PackedFile, kind: "gzip" | "zstd", limits: OpeningLimits): AsyncGenerator<Buffer> {
  let unpacked = 0;
  let frames = 0;
  // Node's decoder ends with the first frame when the next lies in the same piece: go on where it stopped.
  for (let at = 0; at < file.bytes; ) {
    const source = createReadStream(file.path, {start: at, highWaterMark: PIECE_BYTES});
    const machine =
      kind === "gzip"
        ? createGunzip({chunkSize: PIECE_BYTES})
        : createZstdDecompress({
            chunkSize: PIECE_BYTES,
            params: {[constants.ZSTD_d_windowLogMax]: WINDOW_LOG},
          });
    source.on("error", (error) => machine.destroy(error)).pipe(machine);
    try {
      for await (const piece of machine) {
        unpacked += piece.length;
        checkSize({name: file.name, packed: file.bytes, unpacked}, limits);
        yield piece;
      }
    } catch (error) {
      throw unpackError(error, file.name);
    } finally {
      source.destroy();
      machine.destroy();
    }
    if (machine.bytesWritten === 0) throw followed(file.name);
    if (++frames > limits.entries)
      throw new WatchfloorError("report_bomb", `${file.name} has more than ${limits.entries} frames`);
    at += machine.bytesWritten;
    if (kind === "gzip") return await checkPadding(file, at);
  }
}

/** Throws report_bomb or report_too_large when something unpacks to more than it may. */
export function checkSize(size: {name: string; packed: number; unpacked: number}, limits: OpeningLimits): void {
  if (size.unpacked > Math.max(FREE_BYTES, size.packed * limits.ratio))
    throw new WatchfloorError("report_bomb", `${size.name} unpacks to more than ${limits.ratio} times its size`);
  if (size.unpacked > limits.unpackedBytes)
    throw new WatchfloorError("report_too_large", `${size.name} unpacks to more than ${limits.unpackedBytes} bytes`);
}

/**
 * Passes the bytes of an archive's member on, unless they are an archive again. Throws report_nested.
 */
export async function* notNested(pieces: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0);
  const look = (start: Buffer): Buffer => {
    const kind = archiveKindOf(start);
    if (kind !== null) throw new WatchfloorError("report_nested", `${name} holds a ${kind} archive`);
    return start;
  };
  for await (const piece of pieces) {
    if (head === null) {
      yield piece;
      continue;
    }
    head = head.length === 0 ? piece : Buffer.concat([head, piece]);
    if (head.length < MAGIC_BYTES) continue;
    yield look(head);
    head = null;
  }
  if (head !== null && head.length > 0) yield look(head);
}

/** Returns what to throw when a decoder fails: report_unreadable for what it says of the data, else the error itself. */
export function unpackError(error: unknown, name: string): unknown {
  const code = codeOf(error);
  if (code === "Z_BUF_ERROR")
    return new WatchfloorError("report_unreadable", `${name} is truncated: it ends before its packed data does`, error);
  if (code !== null && /^(Z|ZSTD)_/.test(code))
    return new WatchfloorError("report_unreadable", `${name} is damaged (${messageOf(error)})`, error);
  return error;
}

/** gzip files on tapes and in mail are filled up with zeros; anything else behind the data would be lost silently. */
async function checkPadding(file: PackedFile, from: number): Promise<void> {
  if (from >= file.bytes) return;
  const rest: AsyncIterable<Buffer> = createReadStream(file.path, {start: from, highWaterMark: PIECE_BYTES});
  for await (const piece of rest) {
    if (!piece.equals(Buffer.alloc(piece.length))) throw followed(file.name);
  }
}

function followed(name: string): WatchfloorError {
  return new WatchfloorError("report_unreadable", `${name} goes on with something else after its packed data`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
