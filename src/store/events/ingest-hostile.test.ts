import assert from "node:assert/strict";
import {existsSync, mkdtempSync, readdirSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import {Readable} from "node:stream";
import test, {after} from "node:test";
import fc from "fast-check";
import {FETCHED, openLake, placingBy, rawEvents, type Taken, trial} from "../../../test/lake.ts";
import type {DocumentFormat, Observation, Reject} from "../../model/format.ts";
import {openEngine} from "./engine.ts";
import {ingestReport} from "./ingest.ts";
import {useLookups} from "./lookups.ts";
import {readRejects} from "./rejects.ts";
import {identifier} from "./sql.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-hostile-"));
const engine = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 60, maxMemoryBytes: 1_600_000_000});
const lake = openLake(engine, path.join(FOLDER, "home"));
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

const AT = "2023-02-20 01:00:00";
const JSON_LINES = trial({as: "json-lines"}, "trial-json");
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

/** The texts that a report's events keep in a column of their own. */
async function kept({commit}: Taken, column: string): Promise<string[]> {
  const name = identifier(`x_${column}`);
  const raw = rawEvents(lake.lake, [commit], "line UInt32");
  const files = /file\('([^']*)'/.exec(raw)?.[1] ?? "";
  const rows = await engine.query<{kept: string}>(
    `SELECT ${name} AS kept FROM file('${files}', 'Parquet') ORDER BY line`,
  );
  return rows.map((row) => row.kept);
}

test("columns of any name are kept under it", async () => {
  const names = [
    "a'b",
    'a"b',
    "a`b",
    "a\\b",
    "a\\'b",
    "`; DROP TABLE x",
    "'); SELECT 1 --",
    "{_partition_id}",
    "{a,b}",
    "x_y",
    "reason",
    "part",
    "line",
    "class_number",
    "c0",
    "at_line",
    "a\nb",
    "a\tb",
    "a\0b",
    "雪",
    "\u202egnp",
    "A",
    "a",
    "%s",
    "$1",
    "null",
    "0",
  ];
  const text = `time,ip,${names.map(quoted).join(",")}\n${AT},192.0.2.1,${names.map((_, index) => `v${index}`).join(",")}\n`;
  const taken = await lake.take(text);
  assert.equal(taken.commit.events, 1);
  for (const [index, name] of names.entries()) assert.deepEqual(await kept(taken, name), [`v${index}`], name);
  const asJson = JSON.stringify({
    time: AT,
    ip: "192.0.2.1",
    ...Object.fromEntries(names.map((name, index) => [name, `v${index}`])),
  });
  const json = await lake.take(asJson, {format: JSON_LINES, feed: "json"});
  for (const [index, name] of names.entries()) assert.deepEqual(await kept(json, name), [`v${index}`], name);
});

test("of two columns with one name the first is kept, one without a name too", async () => {
  const taken = await lake.take(`time,ip,token,token,\n${AT},192.0.2.1,first,second,nameless\n`);
  assert.deepEqual(await kept(taken, "token"), ["first"]);
  assert.deepEqual(await kept(taken, ""), ["nameless"]);
});

test("a text is kept as it came, whatever is in it", async () => {
  const CELL = fc.oneof(
    fc.string({unit: "binary", maxLength: 20}),
    fc.constantFrom(
      "\\N",
      "\u0001",
      "NULL",
      "\\",
      "'",
      '"',
      ",",
      "\n",
      "\t",
      "=cmd|' /C calc'!A0",
      "\0",
      "\u2028",
      "\ud83d\ude00",
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(CELL, {minLength: 20, maxLength: 60}), async (cells) => {
      const texts = cells.map((cell) => cell.toWellFormed().replaceAll("\r", ""));
      const taken = await lake.take(
        `time,ip,token\n${texts.map((text) => `${AT},192.0.2.1,${quoted(text)}\n`).join("")}`,
      );
      assert.deepEqual(await kept(taken, "token"), texts);
      const lines = texts.map((text) => JSON.stringify({time: AT, ip: "192.0.2.1", token: `.${text}.`}));
      const json = await lake.take(lines.join("\n"), {format: JSON_LINES, feed: "json"});
      assert.deepEqual(
        await kept(json, "token"),
        texts.map((text) => `.${text}.`),
      );
    }),
    {numRuns: Number(process.env["WATCHFLOOR_RUNS"] ?? 10)},
  );
});

test("values that are looked up may be anything; what has signs of no host name is none", async () => {
  const hosts = [
    "a'b.example",
    "a\\b.example",
    "x\ty.example",
    "{a}.example",
    "WWW.Example.GOV.CN",
    "例子.中国",
    "a".repeat(300),
  ];
  const taken = await lake.take(`time,host,ip\n${hosts.map((host) => `${AT},${quoted(host)},192.0.2.1\n`).join("")}`);
  const raw = rawEvents(lake.lake, [taken.commit], "line UInt32, host String, is_gov UInt8");
  const rows = await engine.query<{host: string; is_gov: number}>(`SELECT host, is_gov FROM ${raw} ORDER BY line`);
  assert.equal(rows.length, hosts.length);
  for (const row of rows.slice(0, 4)) assert.deepEqual(row, {host: "", is_gov: 0});
  assert.deepEqual(rows[4], {host: "example.gov.cn", is_gov: 1});
  assert.deepEqual(rows[5], {host: "例子.中国", is_gov: 0});
});

test("a file may be called anything", async () => {
  for (const fileName of ["a'b.csv", "a\\b.csv", "{a,b}*?.csv", "雪\u202e.csv", "-rf"]) {
    const taken = await lake.take(`time,ip,token\n${AT},192.0.2.1,${quoted(fileName)}\n`, {fileName});
    assert.equal(taken.commit.fileName, fileName);
  }
});

test("JSON lines of very many different keys keep the most frequent, and say so", async () => {
  const line = (extra: Record<string, string>): string =>
    JSON.stringify({time: AT, ip: "192.0.2.1", token: "t", ...extra});
  const lines = Array.from({length: 50}, (_, row) =>
    line(Object.fromEntries(Array.from({length: 40}, (_, key) => [`k${row}-${key}`, "v"]))),
  );
  const taken = await lake.take(lines.join("\n"), {format: JSON_LINES, feed: "json"});
  assert.equal(taken.commit.events, 50);
  assert.equal(taken.commit.header.length, 1000);
  assert.match(taken.commit.warnings.join(), /1000 different keys/);
  assert.deepEqual(new Set(await kept(taken, "token")), new Set(["t"]));
});

test("a table of more than a thousand columns is refused by its header", async () => {
  const header = Array.from({length: 1001}, (_, index) => `c${index}`).join(",");
  await assert.rejects(lake.take(`time,${header}\n`), {code: "report_header", message: /1002 columns/});
});

test("JSON of a thousand levels, and half surrogate pairs, cost their line", async () => {
  const deep = `{"time":"${AT}","ip":"192.0.2.1","token":${"[".repeat(2000)}${"]".repeat(2000)}}`;
  const half = `{"time":"${AT}","ip":"192.0.2.1","token":"\\ud800"}`;
  const good = `{"time":"${AT}","ip":"192.0.2.1","__proto__":"p","token":"ok"}`;
  const taken = await lake.take([deep, half, good].join("\n"), {format: JSON_LINES, feed: "json"});
  assert.equal(taken.commit.received, 3);
  assert.deepEqual((await kept(taken, "token")).at(-1), "ok");
  assert.deepEqual((await kept(taken, "__proto__")).at(-1), "p");
});

/** A document format that gives what it is told to. */
function documentOf(observations: readonly Observation[], rejects: readonly Reject[] = []): DocumentFormat {
  return {
    kind: "document",
    name: "trial-document",
    title: {zh: "试验", en: "Trial"},
    source: "made for tests",
    assets: ["ip", "vuln"],
    zone: "UTC",
    read: () => ({observations, rejects, warnings: []}),
  };
}

test("observations of a document keep their lines and texts; half a surrogate pair is mended", async () => {
  const seen = {seenAt: "2023-02-20T01:00:00Z", class: "vuln.published"};
  const format = documentOf(
    [
      {
        ...seen,
        line: 1,
        vuln: "CNVD-2023-1",
        extra: {"": "nameless", token: "a\ud800b", ["\udc00"]: "c", __proto__x: "d"},
      },
      {...seen, line: 3, ip: "nonsense"},
      {...seen, line: 4, seenAt: "soon", ip: "192.0.2.1"},
    ],
    [
      {line: 9, reason: "withdrawn", text: "nine"},
      {line: 2, reason: "withdrawn", text: "two"},
    ],
  );
  const taken = await lake.take("\uFEFFone\ntwo\nthree\nfour\n", {format, feed: "document"});
  assert.deepEqual([taken.commit.events, taken.commit.rejects, taken.commit.received], [1, 4, 5]);
  assert.deepEqual(await kept(taken, "token"), ["a\ufffdb"]);
  assert.deepEqual(await readRejects(lake.lake, taken.commit.rejectFile), [
    {line: 2, reason: "withdrawn", text: "two"},
    {line: 3, reason: "no_asset", text: "three"},
    {line: 4, reason: "bad_time", text: "four"},
    {line: 9, reason: "withdrawn", text: "nine"},
  ]);
});

test("a document without an observation is in, with nothing", async () => {
  const taken = await lake.take("{}", {format: documentOf([]), feed: "document"});
  assert.deepEqual([taken.commit.received, taken.commit.files.length, taken.commit.files[0]?.rows], [0, 1, 0]);
});

test("a document that does not fit into the memory is refused before it is read", async () => {
  const block = Buffer.alloc(1 << 20, " ");
  const request = {
    id: "document-0123456789abcdef",
    feed: "document",
    format: documentOf([]),
    fileName: "huge.json",
    sha256: "",
    fetchedAt: FETCHED,
    file: "/nowhere",
    isPlainText: true,
    lines: 1,
    longestLineBytes: 1,
    open: () => Readable.from(Array.from({length: 300}, () => block)),
    isReplay: false,
  };
  const tables = {
    networksV4: null,
    networksV6: null,
    operators: null,
    provinces: null,
    sectorPrefixes: null,
    sectorAsns: null,
  };
  const placing = placingBy(useLookups(engine, tables));
  await assert.rejects(ingestReport({lake: lake.lake, engine, placing, toolVersion: "test", now: FETCHED, request}), {
    code: "report_too_large",
  });
});

test("what was refused leaves nothing behind", async () => {
  const before = readdirSync(lake.lake, {recursive: true}).length;
  await assert.rejects(lake.take("a,b\n1,2\n"), {code: "report_header"});
  assert.equal(readdirSync(lake.lake, {recursive: true}).length, before);
  assert.deepEqual(readdirSync(path.join(lake.lake, "tmp")), []);
  assert.ok(!existsSync(path.join(lake.lake, "day=1970-01-01")));
});
