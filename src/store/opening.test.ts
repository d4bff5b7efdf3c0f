import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {createWriteStream, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import {pipeline} from "node:stream/promises";
import test, {after} from "node:test";
import {createGzip, gzipSync, zstdCompressSync} from "node:zlib";
import fc from "fast-check";
import {type Delivery, openDelivery, safeName} from "./opening.ts";
import {OPENING_LIMITS} from "./opening-packed.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-opening-"));
after(() => rmSync(FOLDER, {recursive: true, force: true}));
const CSV = "time,ip\n2023-02-20 00:00:00,192.0.2.1\n";
let files = 0;

/** Writes a file into a folder of its own, and returns its path. */
function fileOf(bytes: Uint8Array | string, name = "day.csv"): string {
  const file = path.join(FOLDER, `${++files}`, name);
  mkdirSync(path.dirname(file));
  writeFileSync(file, bytes);
  return file;
}

async function read(delivery: Delivery | string, limits = OPENING_LIMITS): Promise<{name: string; text: string}[]> {
  const found: {name: string; text: string}[] = [];
  for await (const member of openDelivery(typeof delivery === "string" ? {path: delivery} : delivery, limits)) {
    const pieces: Buffer[] = [];
    for await (const piece of member.read()) pieces.push(Buffer.from(piece));
    found.push({name: member.name, text: Buffer.concat(pieces).toString("latin1")});
  }
  return found;
}

test("a plain file, a gzip and a Zstandard file give the same report, whatever their names say", async () => {
  const expected = [{name: "day.csv", text: CSV}];
  assert.deepEqual(await read(fileOf(CSV)), expected);
  assert.deepEqual(await read(fileOf(gzipSync(CSV), "day.csv.gz")), expected);
  assert.deepEqual(await read(fileOf(gzipSync(CSV), "day.csv")), expected);
  assert.deepEqual(await read(fileOf(zstdCompressSync(Buffer.from(CSV)), "day.csv.zst")), expected);
  assert.deepEqual(await read(fileOf(CSV, "day.csv.gz")), [{name: "day.csv.gz", text: CSV}]);
});

test("gzip members and Zstandard frames in a row are one report", async () => {
  const [gzip, zstd] = [gzipSync(CSV), zstdCompressSync(Buffer.from(CSV))];
  assert.equal((await read(fileOf(Buffer.concat([gzip, gzip, gzip]))))[0]?.text, CSV.repeat(3));
  assert.equal((await read(fileOf(Buffer.concat([zstd, zstd, zstd]))))[0]?.text, CSV.repeat(3));
});

test("a truncated archive is refused as truncated, wherever it is cut", async () => {
  const body = Buffer.from(Array.from({length: 2000}, (_, row) => `${row * 7919},192.0.2.${row % 256}\n`).join(""));
  for (const packed of [gzipSync(body), zstdCompressSync(body)]) {
    for (const bytes of [20, 100, packed.length >> 1, packed.length - 9, packed.length - 1]) {
      await assert.rejects(read(fileOf(packed.subarray(0, bytes))), {code: "report_unreadable", message: /truncated/});
    }
  }
});

test("a damaged archive, and one followed by something else, is refused; zeros behind a gzip are padding", async () => {
  const gzip = gzipSync(CSV);
  const damaged = Buffer.from(gzip);
  damaged[gzip.length - 6] = (damaged[gzip.length - 6] ?? 0) ^ 1;
  await assert.rejects(read(fileOf(damaged)), {code: "report_unreadable", message: /damaged/});
  for (const rest of ["more text", "\0\0\0\0more text", `${"\0".repeat(600_000)}more`]) {
    await assert.rejects(read(fileOf(Buffer.concat([gzip, Buffer.from(rest)]))), {code: "report_unreadable"}, rest);
  }
  await assert.rejects(read(fileOf(Buffer.concat([zstdCompressSync(Buffer.from(CSV)), Buffer.from("more")]))), {
    code: "report_unreadable",
  });
  assert.equal((await read(fileOf(Buffer.concat([gzip, Buffer.alloc(600_000)]))))[0]?.text, CSV);
});

test("a bomb of one byte in a thousand is stopped in under two seconds and 64 MiB, gzip and Zstandard", async () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  for (const bomb of [Buffer.concat(Array(16).fill(gzipSync(zeros))), zstdCompressSync(zeros)]) {
    const startedAt = performance.now();
    const before = process.memoryUsage.rss();
    let peak = before;
    const reading = async (): Promise<void> => {
      for await (const member of openDelivery({path: fileOf(bomb)})) {
        for await (const _ of member.read()) peak = Math.max(peak, process.memoryUsage.rss());
      }
    };
    await assert.rejects(reading(), {code: "report_bomb", message: /100 times its size/});
    assert.ok(performance.now() - startedAt < 2000);
    assert.ok(peak - before < 64 * 1024 * 1024, `${(peak - before) >> 20} MiB`);
  }
});

test("the ratio is asked past one mebibyte only, and the size limit binds archives, not plain files", async () => {
  assert.equal((await read(fileOf(gzipSync("0".repeat(1_000_000)))))[0]?.text.length, 1_000_000);
  await assert.rejects(read(fileOf(gzipSync("0".repeat(1_100_000)))), {code: "report_bomb"});
  const small = {...OPENING_LIMITS, unpackedBytes: 10};
  await assert.rejects(read(fileOf(gzipSync(CSV)), small), {code: "report_too_large", message: /limits in watchfloor/});
  assert.equal((await read(fileOf(CSV), small))[0]?.text, CSV);
});

test("an archive inside an archive is refused by name of its kind; an archive of another kind too", async () => {
  const kinds: [string, Buffer][] = [
    ["gzip", gzipSync(CSV)],
    ["zstd", zstdCompressSync(Buffer.from(CSV))],
    ["zip", Buffer.from("PK\x03\x04 and so on")],
    ["xz", Buffer.from("\xfd7zXZ\0...", "latin1")],
    ["bzip2", Buffer.from("BZh91AY&SY...", "latin1")],
    ["tar", Buffer.concat([Buffer.alloc(257), Buffer.from("ustar\x0000"), Buffer.alloc(248)])],
  ];
  for (const [kind, inner] of kinds) {
    await assert.rejects(read(fileOf(gzipSync(inner))), {
      code: "report_nested",
      message: new RegExp(`a ${kind} archive`),
    });
    if (!["gzip", "zstd", "zip"].includes(kind))
      await assert.rejects(read(fileOf(inner)), {
        code: "report_unreadable",
        message: new RegExp(`is a ${kind} archive`),
      });
  }
});

test("a path that cannot be read is refused at once in one line: missing, a folder, a pipe, a device", async () => {
  const pipe = path.join(FOLDER, "pipe");
  execFileSync("mkfifo", [pipe]);
  const cases: [string, RegExp][] = [
    [path.join(FOLDER, "absent.csv"), /^The report cannot be read\. There is no file .*absent\.csv\. Check/],
    [path.join(fileOf(CSV), "below-a-file.csv"), /There is no file/],
    [FOLDER, /is a folder/],
    [pipe, /is no file; hand a pipe in on standard input/],
    ["/dev/zero", /is no file/],
    [path.join(FOLDER, "x".repeat(300)), /ENAMETOOLONG/],
  ];
  for (const [file, message] of cases) {
    await assert.rejects(read(file), {code: "report_unreadable", message});
    await assert.rejects(read(file), (error: Error) => !error.message.includes("\n"));
  }
});

test("standard input is opened like a file, and leaves nothing behind", async () => {
  const scratch = path.join(FOLDER, "scratch");
  async function* stream(bytes: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += 11) yield bytes.subarray(at, at + 11);
  }
  const from = (bytes: Buffer): Delivery => ({stream: stream(bytes), name: "2023-02-20-scan_http.csv.gz", scratch});
  const expected = [{name: "2023-02-20-scan_http.csv", text: CSV}];
  assert.deepEqual(await read(from(gzipSync(CSV))), expected);
  await assert.rejects(read(from(gzipSync(CSV).subarray(0, 30))), /truncated/);
  assert.deepEqual(readdirSync(scratch), []);
});

function* rowsOf(rows: number): Generator<string> {
  for (let n = 0; n < rows; ) {
    let text = "";
    for (const end = n + 10_000; n < end; n++)
      text += `${n},${(n * 2654435761) % 4294967296},${n * 31}.example.net,${n ^ 0x5bd1e995}\n`;
    yield text;
  }
}

test("a long report is unpacked in less than 64 MiB of memory", async () => {
  const packed = path.join(FOLDER, "large.gz");
  await pipeline(rowsOf(1_500_000), createGzip({level: 1}), createWriteStream(packed));
  const before = process.memoryUsage.rss();
  let [peak, bytes] = [before, 0];
  for await (const member of openDelivery({path: packed})) {
    for await (const piece of member.read()) {
      bytes += piece.length;
      peak = Math.max(peak, process.memoryUsage.rss());
    }
  }
  assert.ok(bytes > 70_000_000);
  assert.ok(peak - before < 64 * 1024 * 1024, `${(peak - before) >> 20} MiB`);
});

test("a name keeps its letters and loses whatever leads out of the folder or deceives the eye", () => {
  assert.equal(safeName("/var/feeds/2023-02-20-scan_http-country-asn.csv"), "2023-02-20-scan_http-country-asn.csv");
  assert.equal(safeName("..\\..\\网站后门.csv"), "网站后门.csv");
  assert.equal(safeName("../../etc/passwd"), "passwd");
  assert.equal(safeName("a/../"), "unnamed");
  assert.equal(safeName(".hidden\u202Egpj.csv\n\u001B[2J"), "hidden_gpj.csv___2J");
  const isSafe = /^[\p{L}\p{M}\p{N}_()+,=@-][\p{L}\p{M}\p{N}._ ()+,=@-]*$/u;
  fc.assert(
    fc.property(fc.string({unit: "binary", maxLength: 300}), (name) => {
      assert.match(safeName(name), isSafe);
      assert.ok([...safeName(name)].length <= 120);
    }),
    {numRuns: 500},
  );
});
