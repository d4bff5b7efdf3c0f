/**
 * Keeps reports as they came, so that all that follows can be done again from them, and gives their text.
 * The kept copy is the unpacked bytes, packed by Zstandard; the engine reads it as it is.
 */
import {createHash} from "node:crypto";
import {createReadStream, createWriteStream} from "node:fs";
import {rm, stat} from "node:fs/promises";
import path from "node:path";
import {Readable} from "node:stream";
import {pipeline} from "node:stream/promises";
import {constants, createZstdCompress, createZstdDecompress, type ZstdCompress} from "node:zlib";
import {WatchfloorError} from "../model/errors.ts";
import {codeOf, diskError, makeFolder, publishFile, temporaryFor} from "./durable.ts";
import {toText} from "./encoding.ts";
import type {Member} from "./opening.ts";
import {PIECE_BYTES, unpackError} from "./opening-packed.ts";
import {factsReader, type ReportFacts} from "./report-facts.ts";
import {
  type Arrival,
  feedFolder,
  findReport,
  type KeptReport,
  publishRecord,
  reportId,
  scratchFolder,
  settleRecord,
} from "./report-records.ts";

/** Level 1 takes two thirds of the time of level 3 for copies that are 1 to 3 % larger (measured on real reports). */
const PACKING = {
  chunkSize: PIECE_BYTES,
  params: {[constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1},
};

/** As much of a line as is shown; a line may be of any length. */
const LINE_BYTES = 1024 * 1024;

/** What identifies a report: SHA-256 and number of its unpacked bytes as they came. */
export interface Digest {
  readonly sha256: string;
  readonly bytes: number;
}

/** Returns the digest of a member. Throws what reading it throws. */
export async function digestOf(member: Member): Promise<Digest> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of member.read()) {
    hash.update(piece);
    bytes += piece.length;
  }
  return {sha256: hash.digest("hex"), bytes};
}

/**
 * Keeps a report, durably, under `home`. The same report kept again stays as it was the first time, even when both come
 * at once; a kept copy that was lost is put back. When it throws, nothing is kept.
 * Throws report_empty, disk_full, home_not_writable and what reading the member throws.
 */
export async function keepReport(
  home: string,
  arrival: Arrival,
  member: Member,
): Promise<{report: KeptReport; isNew: boolean}> {
  feedFolder(home, arrival.feed); // the name is judged before anything is read
  // Reading twice costs less than packing in vain: a report that is here already is known before anything is written.
  const digest = await digestOf(member);
  if (digest.bytes === 0) throw nothingIn(member);
  const known = await keptBefore(home, arrival, digest);
  if (known?.isWhole) return {report: known.report, isNew: false};
  const temporary = temporaryFor(path.join(scratchFolder(home), arrival.feed));
  await makeFolder(scratchFolder(home));
  try {
    const packed = await pack(member, temporary);
    if (packed.digest.sha256 !== digest.sha256)
      throw new WatchfloorError("report_unreadable", `${member.name} changed while it was read`);
    if (packed.facts.longestLineBytes === 0) throw nothingIn(member);
    const file = known?.report.file ?? fileFor(arrival, digest.sha256);
    const id = reportId(arrival, digest.sha256);
    const report: KeptReport = {id, ...arrival, fileName: member.name, ...digest, ...packed.facts, file};
    return await publish(home, report, temporary);
  } finally {
    await rm(temporary, {force: true});
  }
}

/** Returns the path of the kept copy: the unpacked bytes as they came, packed by Zstandard. */
export function keptPath(home: string, report: KeptReport): string {
  return path.join(feedFolder(home, report.feed), report.file);
}

/** Returns whether the kept copy, once unpacked, is already what `openKept` gives. */
export function isPlainText(report: KeptReport): boolean {
  return report.encoding === "utf-8" && report.loneReturns === 0;
}

/**
 * Opens the text of a kept report: UTF-8 without a mark, lines that end with LF or CR LF.
 * The stream fails with report_unreadable when the kept copy is damaged or missing.
 */
export function openKept(home: string, report: KeptReport): Readable {
  return Readable.from(toText(keptBytes(home, report), report.encoding), {objectMode: false});
}

/** Returns the text of some physical lines (the first is 1), in one pass; lines that are not there are left out. */
export async function linesOf(home: string, report: KeptReport, lines: Iterable<number>): Promise<Map<number, string>> {
  const wanted = [...new Set(lines)].sort((a, b) => b - a); // the next one is last
  const found = new Map<number, string>();
  let line = 1;
  let text = Buffer.alloc(0); // of the wanted line that has begun
  for await (const piece of toText(keptBytes(home, report), report.encoding)) {
    for (let at = 0; at < piece.length && wanted.length > 0; ) {
      const feed = piece.indexOf("\n", at);
      const end = feed < 0 ? piece.length : feed;
      if (line === wanted.at(-1) && text.length < LINE_BYTES) text = Buffer.concat([text, piece.subarray(at, end)]);
      if (feed >= 0 && line++ === wanted.at(-1)) {
        found.set(wanted.pop() ?? 0, lineText(text));
        text = Buffer.alloc(0);
      }
      at = end + 1;
    }
    if (wanted.length === 0) return found;
  }
  if (text.length > 0) found.set(line, lineText(text));
  return found;
}

/** Returns the text of one physical line, or null when there are not so many. */
export async function lineOf(home: string, report: KeptReport, line: number): Promise<string | null> {
  return (await linesOf(home, report, [line])).get(line) ?? null;
}

/** Packs a member into a new file while its digest and facts are taken: packing runs on another thread. */
async function pack(member: Member, file: string): Promise<{digest: Digest; facts: ReportFacts}> {
  const hash = createHash("sha256");
  const reader = factsReader();
  const packer = createZstdCompress(PACKING);
  const written = pipeline(packer, createWriteStream(file, {flags: "wx"})).then(
    () => null,
    (error: unknown) => ({error}),
  );
  let bytes = 0;
  try {
    for await (const piece of member.read()) {
      const packed = give(packer, piece);
      packed.catch(() => {}); // it is awaited below; what stands between may throw first
      hash.update(piece);
      reader.add(piece);
      bytes += piece.length;
      await packed;
    }
    packer.end();
    const failed = await written;
    if (failed !== null) throw failed.error;
    return {digest: {sha256: hash.digest("hex"), bytes}, facts: reader.end()};
  } catch (error) {
    packer.destroy();
    const failed = await written;
    const isStreamsOwn = codeOf(error)?.startsWith("ERR_STREAM") ?? false; // then the disk says more
    throw diskError(isStreamsOwn ? failed?.error : error, path.dirname(file));
  }
}

async function give(packer: ZstdCompress, piece: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    packer.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}

/** Returns what is kept of this very report already, and whether its copy is still there. */
async function keptBefore(
  home: string,
  arrival: Arrival,
  {sha256}: Digest,
): Promise<{report: KeptReport; isWhole: boolean} | null> {
  const report = await findReport(home, reportId(arrival, sha256));
  if (report === null) return null;
  if (report.sha256 !== sha256)
    throw new WatchfloorError("report_unreadable", `Its id ${report.id} belongs to another report`);
  const isWhole = await stat(keptPath(home, report)).then(
    () => true,
    () => false,
  );
  if (isWhole) await settleRecord(home, report);
  return {report, isWhole};
}

function nothingIn(member: Member): WatchfloorError {
  return new WatchfloorError("report_empty", `There is nothing in ${member.name}`);
}

function fileFor({fetchedAt}: Arrival, sha256: string): string {
  const time = fetchedAt.toISOString().replace(/[-:]|\.\d+/g, "");
  return `${fetchedAt.toISOString().slice(0, 7)}/${time}-${sha256}.zst`;
}

/** The copy first, the record last: a report that can be found is whole. */
async function publish(home: string, report: KeptReport, temporary: string) {
  const final = keptPath(home, report);
  await makeFolder(path.dirname(final));
  await publishFile(temporary, final, {replace: true});
  const kept = await publishRecord(home, report);
  if (kept.file !== report.file) await rm(final, {force: true}); // somebody else kept the same report just before
  return {report: kept, isNew: kept === report};
}

async function* keptBytes(home: string, report: KeptReport): AsyncGenerator<Buffer> {
  const file = keptPath(home, report);
  const source = createReadStream(file, {highWaterMark: PIECE_BYTES});
  const machine = createZstdDecompress({chunkSize: PIECE_BYTES});
  source.on("error", (error) => machine.destroy(error)).pipe(machine);
  try {
    for await (const piece of machine) yield piece;
  } catch (error) {
    if (codeOf(error) === "ENOENT")
      throw new WatchfloorError("report_unreadable", `Its kept copy ${file} is gone`, error);
    throw unpackError(error, `Its kept copy ${file}`);
  } finally {
    source.destroy();
    machine.destroy();
  }
}

function lineText(text: Buffer): string {
  return text.toString("utf8", 0, LINE_BYTES).replace(/\r$/, "");
}
