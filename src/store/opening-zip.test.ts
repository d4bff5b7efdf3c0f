import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {crc32, deflateRawSync, gzipSync} from "node:zlib";
import {openDelivery} from "./opening.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-zip-"));
after(() => rmSync(FOLDER, {recursive: true, force: true}));
const CSV = "time,ip\n2023-02-20 00:00:00,192.0.2.1\n";
const ENCRYPTED = 0x1;
const UTF8 = 0x800;
let files = 0;

/** An entry as the test wants it written; what is not given is what an honest tool writes. */
interface Entry {
  readonly name: string;
  readonly text: string | Buffer;
  readonly stored?: boolean;
  readonly flags?: number;
  readonly mode?: number;
  readonly says?: {size?: number; packed?: number; sum?: number; at?: number; method?: number};
}

/** Writes a zip file with these entries and returns its path. `count` is how many its end says there are. */
function zipOf(entries: readonly Entry[], count = entries.length): string {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const bytes = Buffer.from(entry.text);
    const packed = entry.stored ? bytes : deflateRawSync(bytes);
    const name = Buffer.from(entry.name);
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt16LE(entry.flags ?? UTF8, 2);
    header.writeUInt16LE(entry.says?.method ?? (entry.stored ? 0 : 8), 4);
    header.writeUInt32LE(entry.says?.sum ?? crc32(bytes), 10);
    header.writeUInt32LE(entry.says?.packed ?? packed.length, 14);
    header.writeUInt32LE(entry.says?.size ?? bytes.length, 18);
    header.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 6);
    tail.writeUInt32LE(entry.says?.at ?? at, 10);
    const body = Buffer.concat([Buffer.from("PK\x03\x04"), header, name, packed]);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), header, tail, name]));
    bodies.push(body);
    at += body.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Math.min(count, 0xffff), 4);
  end.writeUInt16LE(Math.min(count, 0xffff), 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(at, 12);
  return fileOf(Buffer.concat([...bodies, ...directory, Buffer.from("PK\x05\x06"), end]));
}

function fileOf(bytes: Buffer): string {
  const file = path.join(FOLDER, `${++files}.zip`);
  writeFileSync(file, bytes);
  return file;
}

async function read(file: string): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const member of openDelivery({path: file})) {
    const pieces: Buffer[] = [];
    for await (const piece of member.read()) pieces.push(Buffer.from(piece));
    found.push([member.name, Buffer.concat(pieces).toString()]);
  }
  return found;
}

/** Expects that the archive is refused in less than two seconds, in one line that matches. */
async function refused(file: string, code: string, message: RegExp): Promise<void> {
  const startedAt = performance.now();
  await assert.rejects(read(file), (error: Error & {code: string}) => {
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.ok(!/[\n\r\x1b]/.test(error.message));
    return true;
  });
  assert.ok(performance.now() - startedAt < 2000);
}

test("each file of a zip is one report; folders and what macOS adds are passed over", async () => {
  const file = zipOf([
    {name: "daily/", text: "", stored: true},
    {name: "daily/2023-02-20-scan_http.csv", text: CSV},
    {name: "__MACOSX/daily/._2023-02-20-scan_http.csv", text: "finder"},
    {name: "网站.csv", text: "stored", stored: true},
    {name: "empty.csv", text: "", stored: true},
  ]);
  assert.deepEqual(await read(file), [
    ["2023-02-20-scan_http.csv", CSV],
    ["网站.csv", "stored"],
    ["empty.csv", ""],
  ]);
});

test("a member can be read twice, and is the same", async () => {
  for await (const member of openDelivery({path: zipOf([{name: "a.csv", text: CSV}])})) {
    for (let times = 0; times < 2; times++) {
      let text = "";
      for await (const piece of member.read()) text += piece.toString();
      assert.equal(text, CSV);
    }
  }
});

test("a zip whose names lead out of the folder is refused", async () => {
  for (const name of ["../../etc/cron.d/x", "/etc/passwd", "C:\\x.csv", "a/../../b.csv"])
    await refused(zipOf([{name, text: CSV}]), "report_unreadable", /no sound zip archive/);
});

test("links, devices, encrypted files and unknown methods are refused by name", async () => {
  await refused(zipOf([{name: "a", text: "/etc/passwd", mode: 0o120777}]), "report_unreadable", /a is a link/);
  await refused(zipOf([{name: "a", text: "", mode: 0o020666}]), "report_unreadable", /a is a link or a device/);
  await refused(zipOf([{name: "a", text: CSV, flags: ENCRYPTED}]), "report_unreadable", /a is encrypted/);
  await refused(zipOf([{name: "a", text: CSV, flags: 0x41}]), "report_unreadable", /strong encryption/);
  await refused(zipOf([{name: "a", text: CSV, says: {method: 99}}]), "report_unreadable", /method 99/);
  await refused(zipOf([{name: "[Content_Types].xml", text: CSV}]), "report_unreadable", /Office document/);
});

test("a flat bomb is seen in the directory, before anything is unpacked", async () => {
  const zeros = Buffer.alloc(20 * 1024 * 1024);
  await refused(zipOf([{name: "bomb.csv", text: zeros}]), "report_bomb", /bomb\.csv unpacks to more than 100 times/);
  const many = Array.from({length: 20}, (_, n) => ({name: `${n}.csv`, text: zeros.subarray(0, 1024 * 1024)}));
  await refused(zipOf(many), "report_bomb", /zip unpacks to more than 100 times its size/);
});

test("files that share bytes are refused, and so is a file beyond the end", async () => {
  const kernel: Entry = {name: "a.csv", text: CSV};
  const overlapping = Array.from({length: 50}, (_, n) => ({...kernel, name: `${n}.csv`, says: {at: 0}}));
  await refused(zipOf([kernel, ...overlapping]), "report_unreadable", /overlaps another file/);
  await refused(zipOf([{...kernel, says: {packed: 1_000_000}}]), "report_unreadable", /lies outside the archive/);
  await refused(zipOf([{...kernel, says: {at: 4_000_000}}]), "report_unreadable", /lies outside the archive/);
});

test("an archive of a hundred thousand files, or of 65,535 by its own word, is refused at once", async () => {
  const tiny = Array.from({length: 100_000}, (_, n) => ({name: `${n}`, text: "", stored: true}));
  await refused(zipOf(tiny), "report_bomb", /65535 files; 10000 are allowed/);
  await refused(zipOf([{name: "a", text: CSV}], 65_535), "report_bomb", /10000 are allowed/);
});

test("a thousand files are read, and ten thousand listed, in bounded time", async () => {
  const startedAt = performance.now();
  assert.equal((await read(zipOf(Array.from({length: 1000}, (_, n) => ({name: `${n}`, text: CSV}))))).length, 1000);
  const many = zipOf(Array.from({length: 10_000}, (_, n) => ({name: `${n}`, text: CSV})));
  for await (const member of openDelivery({path: many})) {
    assert.equal(member.name, "0");
    break;
  }
  assert.ok(performance.now() - startedAt < 8000);
});

test("an archive inside the archive is refused, whatever its name", async () => {
  await refused(zipOf([{name: "a.csv", text: gzipSync(CSV)}]), "report_nested", /a\.csv holds a gzip archive/);
  const inner = Buffer.from("PK\x03\x04 and more");
  await refused(zipOf([{name: "a.csv", text: inner, stored: true}]), "report_nested", /holds a zip archive/);
});

test("sizes and checksums that lie are found", async () => {
  await refused(zipOf([{name: "a", text: CSV, says: {size: 10}}]), "report_unreadable", /not as long as/);
  await refused(zipOf([{name: "a", text: CSV, says: {size: 1000}}]), "report_unreadable", /not as long as/);
  await refused(zipOf([{name: "a", text: CSV, says: {sum: 1}}]), "report_unreadable", /wrong checksum/);
  await refused(zipOf([{name: "a", text: CSV}], 3), "report_unreadable", /no sound zip archive|truncated/);
});

test("a zip64 directory that points nowhere is refused", async () => {
  const locator = Buffer.alloc(20);
  locator.write("PK\x06\x07", 0, "latin1");
  locator.writeBigUInt64LE(2n ** 40n, 8);
  const end = Buffer.concat([Buffer.from("PK\x05\x06"), Buffer.alloc(18, 0xff)]);
  end.writeUInt16LE(0, 4);
  end.writeUInt16LE(0, 20);
  const body = Buffer.from("PK\x03\x04 local header and data");
  await refused(fileOf(Buffer.concat([body, locator, end])), "report_unreadable", /truncated or damaged/);
});

test("a truncated zip is refused as truncated, and one without files as empty", async () => {
  const whole = Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(500)]);
  await refused(fileOf(whole), "report_unreadable", /truncated/);
  await refused(zipOf([]), "report_empty", /holds no file/);
});

test("a name that would deceive a terminal is shown without its control characters", async () => {
  await refused(
    zipOf([{name: "a\x1b[2J\n\u202Eb", text: CSV, flags: ENCRYPTED | UTF8}]),
    "report_unreadable",
    /a�\[2J/,
  );
});
