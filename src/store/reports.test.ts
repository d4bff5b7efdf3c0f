import assert from "node:assert/strict";
import {execFileSync, spawn} from "node:child_process";
import {createHash, randomBytes} from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import {text} from "node:stream/consumers";
import test, {after, type TestContext} from "node:test";
import {gzipSync, zstdDecompressSync} from "node:zlib";
import fc from "fast-check";
import {type Member, openDelivery} from "./opening.ts";
import {type Arrival, findReport, type KeptReport, listReports} from "./report-records.ts";
import {digestOf, isPlainText, keepReport, keptPath, lineOf, linesOf, openKept} from "./reports.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-reports-"));
after(() => rmSync(FOLDER, {recursive: true, force: true}));
const CSV = "time,ip\n2023-02-20 00:00:00,192.0.2.1\n";
const ARRIVAL: Arrival = {feed: "shadowserver", fetchedAt: new Date("2023-02-20T01:02:03.456Z"), listDay: null};
let homes = 0;

const newHome = (): string => path.join(FOLDER, `home-${++homes}`);
const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

function memberOf(bytes: Buffer | string, how: Pick<Partial<Member>, "read"> = {}): Member {
  async function* read(): AsyncGenerator<Buffer> {
    const all = Buffer.from(bytes);
    for (let at = 0; at < all.length; at += 1000) yield all.subarray(at, at + 1000);
  }
  return {name: "day.csv", read, ...how};
}

async function keep(home: string, bytes: Buffer | string, arrival = ARRIVAL): Promise<KeptReport> {
  return (await keepReport(home, arrival, memberOf(bytes))).report;
}

/** All files below a folder, in order; none when it is not there. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

test("a report is kept as it came, named by feed, fetch time and SHA-256, with its record beside", async () => {
  const home = newHome();
  const {report, isNew} = await keepReport(home, ARRIVAL, memberOf(CSV));
  const id = `shadowserver-${sha256(CSV).slice(0, 16)}`;
  assert.equal(isNew, true);
  assert.deepEqual(report, {
    ...ARRIVAL,
    id,
    fileName: "day.csv",
    sha256: sha256(CSV),
    bytes: CSV.length,
    lines: 2,
    longestLineBytes: 29,
    encoding: "utf-8",
    nuls: 0,
    loneReturns: 0,
    file: `2023-02/20230220T010203Z-${sha256(CSV)}.zst`,
  });
  assert.deepEqual(filesIn(home), [`reports/shadowserver/${report.file}`, `reports/shadowserver/${id}.json`]);
  assert.equal(zstdDecompressSync(readFileSync(keptPath(home, report))).toString(), CSV);
  assert.deepEqual(await findReport(home, id), report);
  assert.deepEqual(await listReports(home), [report]);
  assert.equal(isPlainText(report), true);
});

test("the digest is of the bytes as they came, the text is UTF-8 without a mark", async () => {
  const home = newHome();
  const sample = "时间,ip\r\n1,192.0.2.1\r\n";
  const cases: [Buffer, string][] = [
    [Buffer.from(`\uFEFF${sample}`), "utf-8-bom"],
    [Buffer.from(`\uFEFF${sample}`, "utf16le"), "utf-16le"],
    [Buffer.from(`\uFEFF${sample}`, "utf16le").swap16(), "utf-16be"],
  ];
  for (const [bytes, encoding] of cases) {
    const report = await keep(home, bytes);
    assert.equal(report.sha256, sha256(bytes));
    assert.equal(report.bytes, bytes.length);
    assert.equal(report.encoding, encoding);
    assert.equal(report.lines, 2);
    assert.equal(isPlainText(report), false);
    assert.deepEqual(zstdDecompressSync(readFileSync(keptPath(home, report))), bytes);
    assert.equal(await text(openKept(home, report)), sample);
    assert.equal(await lineOf(home, report, 1), "时间,ip");
  }
  assert.equal((await listReports(home)).length, 3);
});

test("the same report again adds nothing, packed or plain, and stays as it was the first time", async () => {
  const home = newHome();
  const first = await keep(home, CSV);
  const gzip = path.join(FOLDER, "again.csv.gz");
  writeFileSync(gzip, gzipSync(CSV));
  const later = {...ARRIVAL, fetchedAt: new Date("2023-02-27T00:00:00Z")};
  assert.deepEqual(await keepReport(home, later, memberOf(CSV)), {report: first, isNew: false});
  for await (const member of openDelivery({path: gzip})) {
    assert.equal((await digestOf(member)).sha256, first.sha256);
    assert.deepEqual(await keepReport(home, later, member), {report: first, isNew: false});
  }
  assert.equal(filesIn(home).length, 2);
  const other = await keep(home, CSV, {...later, feed: "other"});
  assert.deepEqual(
    (await listReports(home)).map(({id}) => id),
    [first.id, other.id],
  );
  assert.deepEqual(await listReports(home, "other"), [other]);
});

test("a standing list is a report of its own each day", async () => {
  const home = newHome();
  const [monday, tuesday] = [
    await keep(home, CSV, {...ARRIVAL, listDay: "2023-02-20"}),
    await keep(home, CSV, {...ARRIVAL, listDay: "2023-02-21", fetchedAt: new Date("2023-02-21T01:00:00Z")}),
  ];
  assert.equal(monday.id, `shadowserver-${sha256(CSV).slice(0, 16)}-20230220`);
  assert.equal(tuesday.id, `shadowserver-${sha256(CSV).slice(0, 16)}-20230221`);
  assert.deepEqual(await findReport(home, tuesday.id), tuesday);
  assert.equal(await keep(home, CSV, {...ARRIVAL, listDay: "2023-02-21"}).then(({id}) => id), tuesday.id);
  assert.equal((await listReports(home)).length, 2);
});

test("when one report comes eight times at once, one is kept and seven see it", async () => {
  const home = newHome();
  const large = CSV.repeat(5000);
  const arrivals = Array.from({length: 8}, (_, n) => ({...ARRIVAL, fetchedAt: new Date(Date.UTC(2023, 1, 20, n))}));
  const kept = await Promise.all(arrivals.map((arrival) => keepReport(home, arrival, memberOf(large))));
  assert.equal(kept.filter(({isNew}) => isNew).length, 1);
  assert.equal(new Set(kept.map(({report}) => report.file)).size, 1);
  assert.equal(filesIn(home).length, 2);
  assert.equal(await text(openKept(home, kept[0]?.report ?? assert.fail())), large);
});

test("a report without content is refused as empty and nothing is kept: no bytes, a mark alone, blank lines", async () => {
  const home = newHome();
  for (const bytes of ["", "\uFEFF", "\n\n", "\r\n".slice(1)])
    await assert.rejects(keep(home, bytes), {code: "report_empty", message: /nothing in day\.csv/});
  assert.deepEqual(filesIn(home), []);
});

test("a delivery that breaks off leaves nothing behind", async () => {
  const home = newHome();
  const body = Buffer.from(Array.from({length: 50_000}, (_, n) => `${n * 7919},${n}\n`).join(""));
  const cut = path.join(FOLDER, "cut.gz");
  writeFileSync(cut, gzipSync(body).subarray(0, 100_000));
  for await (const member of openDelivery({path: cut}))
    await assert.rejects(keepReport(home, ARRIVAL, member), {code: "report_unreadable", message: /truncated/});
  assert.deepEqual(filesIn(home), []);
});

test("a file that changes while it is read is refused, and nothing is kept", async () => {
  const home = newHome();
  let reads = 0;
  async function* read(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${CSV}${++reads}`);
  }
  await assert.rejects(keepReport(home, ARRIVAL, memberOf("", {read})), {
    message: /day\.csv changed while it was read/,
  });
  assert.deepEqual(filesIn(home), []);
});

test("a kept copy that was lost is put back by the next delivery, one that is damaged is not passed off as sound", async () => {
  const home = newHome();
  const report = await keep(home, CSV);
  const file = keptPath(home, report);
  unlinkSync(file);
  await assert.rejects(text(openKept(home, report)), {code: "report_unreadable", message: /kept copy .* is gone/});
  assert.deepEqual(await keepReport(home, {...ARRIVAL, fetchedAt: new Date()}, memberOf(CSV)), {report, isNew: false});
  assert.equal(await text(openKept(home, report)), CSV);
  const sound = readFileSync(file);
  const turned = Buffer.from(sound);
  turned[sound.length - 8] = (turned[sound.length - 8] ?? 0) ^ 1;
  writeFileSync(file, turned);
  await assert.rejects(lineOf(home, report, 9), {code: "report_unreadable", message: /damaged/});
  truncateSync(file, sound.length - 4);
  await assert.rejects(lineOf(home, report, 9), {code: "report_unreadable", message: /truncated/});
});

test("a damaged record is named, an id that is none is not found", async () => {
  const home = newHome();
  const report = await keep(home, CSV);
  for (const id of ["", "x", "../../etc-0123456789abcdef", `a/b-${"0".repeat(16)}`, `shadowserver-${"0".repeat(16)}`])
    assert.equal(await findReport(home, id), null);
  await assert.rejects(keep(home, CSV, {...ARRIVAL, feed: "../x"}), {code: "feed_unknown"});
  writeFileSync(path.join(home, "reports/shadowserver", `${report.id}.json`), "{");
  await assert.rejects(findReport(home, report.id), {code: "report_unreadable", message: /record .*json is damaged/});
  assert.deepEqual(await listReports(newHome()), []);
});

test("lines, the longest line and NULs are counted as a reader of the text would", async () => {
  const parts = fc.array(fc.constantFrom("\n", "\r\n", "\r", "a", "bc", "é", "\0", ","), {minLength: 1, maxLength: 40});
  const home = newHome();
  await fc.assert(
    fc.asyncProperty(parts, fc.constantFrom("", "\uFEFF"), async (some, mark) => {
      const body = `x${some.join("")}`;
      const report = await keep(home, mark + body);
      const lines = body.replace(/\r(?!\n)/g, "\n").split("\n");
      if (lines.at(-1) === "") lines.pop();
      assert.equal(report.lines, lines.length);
      assert.equal(report.longestLineBytes, Math.max(...lines.map((line) => Buffer.byteLength(line))));
      assert.equal(report.nuls, body.split("\0").length - 1);
      assert.equal(report.loneReturns, body.match(/\r(?!\n)/g)?.length ?? 0);
      const found = await linesOf(home, report, [lines.length + 1, 1, lines.length, 2, 1]);
      const expected = [1, 2, lines.length].filter((n) => n <= lines.length);
      assert.deepEqual(found, new Map(expected.map((n) => [n, (lines[n - 1] ?? "").replace(/\r$/, "")])));
    }),
    {numRuns: 60},
  );
});

test("a line of ten megabytes is counted, and shown to its first mebibyte", async () => {
  const home = newHome();
  const report = await keep(home, `a\n${"x".repeat(10_000_000)}\nb`);
  assert.equal(report.longestLineBytes, 10_000_000);
  assert.equal((await lineOf(home, report, 2))?.length, 1024 * 1024);
  assert.equal(await lineOf(home, report, 3), "b");
  assert.equal(await lineOf(home, report, 4), null);
});

test("a large report is kept in less than 64 MiB of memory", async () => {
  const home = newHome();
  const block = Buffer.from(Array.from({length: 20_000}, (_, n) => `${(n * 2654435761) % 4294967296},${n}\n`).join(""));
  const before = process.memoryUsage.rss();
  let peak = before;
  async function* read(): AsyncGenerator<Buffer> {
    for (let times = 0; times < 300; times++) {
      yield block;
      peak = Math.max(peak, process.memoryUsage.rss());
    }
  }
  const {report} = await keepReport(home, ARRIVAL, memberOf("", {read}));
  assert.equal(report.lines, 300 * 20_000);
  assert.ok(report.bytes > 90_000_000);
  assert.ok(peak - before < 64 * 1024 * 1024, `${(peak - before) >> 20} MiB`);
});

/** Runs the test on a small file system of its own; says why not where that is not possible. */
async function onSmallDisk(t: TestContext, run: (home: string, folder: string) => Promise<void>): Promise<void> {
  const folder = path.join(FOLDER, `disk-${++homes}`);
  mkdirSync(folder);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], {stdio: "pipe"});
  } catch {
    return t.skip("skipped: mounting a small disk takes root");
  }
  try {
    await run(path.join(folder, "home"), folder);
  } finally {
    execFileSync("umount", [folder]);
  }
}

test("a full disk is said to be full, nothing of the report is visible, and it goes on when there is room", async (t) => {
  await onSmallDisk(t, async (home) => {
    const first = await keep(home, CSV);
    const random = randomBytes(20_000_000);
    const full = {code: "disk_full", message: /^The disk is full\. .*home\/tmp\. Free some space/};
    await assert.rejects(keep(home, random), full);
    assert.equal(filesIn(home).length, 2);
    assert.deepEqual(await listReports(home), [first]);
    await keep(home, random.subarray(0, 1_000_000));
    assert.equal((await listReports(home)).length, 2);
  });
});

test("a home that cannot be written is said to be so, and can still be read", async (t) => {
  await onSmallDisk(t, async (home, folder) => {
    const report = await keep(home, CSV);
    execFileSync("mount", ["-o", "remount,ro", folder]);
    await assert.rejects(keep(home, `${CSV}x`), {code: "home_not_writable"});
    assert.deepEqual(await keepReport(home, ARRIVAL, memberOf(CSV)), {report, isNew: false});
    assert.equal(await text(openKept(home, report)), CSV);
  });
});

const KEEPER = `
import {keepReport} from ${JSON.stringify(path.join(import.meta.dirname, "reports.ts"))};
const home = process.argv[1];
for (let n = Number(process.argv[2]); ; n++) {
  const bytes = Buffer.from(("row " + n + "\\n").repeat(20000));
  const read = async function* () { yield bytes; };
  const arrival = {feed: "f", fetchedAt: new Date(Date.UTC(2023, 1, 20) + n * 1000), listDay: null};
  const {report} = await keepReport(home, arrival, {name: "day.csv", read});
  process.stdout.write(report.id + "\\n");
}`;

/** Keeps reports in a process of its own, kills it after a while, and returns the ids that it had said were kept. */
async function keepUntilKilled(home: string, round: number): Promise<string[]> {
  const args = ["--input-type=module", "-e", KEEPER, home, `${round * 10_000}`];
  const child = spawn(process.execPath, args, {stdio: ["ignore", "pipe", "inherit"]});
  let said = "";
  let killAt: NodeJS.Timeout | undefined;
  child.stdout.setEncoding("utf8").on("data", (words: string) => {
    said += words;
    killAt ??= setTimeout(() => child.kill("SIGKILL"), 3 + round * 17);
  });
  await new Promise((resolve) => child.on("close", resolve));
  clearTimeout(killAt);
  return said.split("\n").filter((id) => id !== "");
}

test("what was said to be kept is kept when the process is killed, and whatever is visible is whole", async () => {
  const home = newHome();
  const said: string[] = [];
  for (let round = 0; round < 6; round++) said.push(...(await keepUntilKilled(home, round)));
  const reports = await listReports(home);
  const ids = new Set(reports.map(({id}) => id));
  assert.ok(said.length >= 6);
  assert.deepEqual(
    said.filter((id) => !ids.has(id)),
    [],
  );
  for (const report of reports)
    assert.equal(sha256(zstdDecompressSync(readFileSync(keptPath(home, report)))), report.sha256, report.id);
});
