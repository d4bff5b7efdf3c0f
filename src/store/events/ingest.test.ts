import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {gzipSync, zstdCompressSync} from "node:zlib";
import fc from "fast-check";
import {openLake, rawEvents, type Taken, type Taking, tableFile, trial} from "../../../test/lake.ts";
import type {Reject} from "../../model/format.ts";
import {openDelivery} from "../opening.ts";
import {digestOf} from "../reports.ts";
import {openEngine} from "./engine.ts";
import {readRejects} from "./rejects.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-ingest-"));
const engine = openEngine({
  scratch: path.join(FOLDER, "scratch"),
  idleSeconds: 60,
  maxMemoryBytes: 1_600_000_000,
});
const lake = openLake(engine, path.join(FOLDER, "home"));
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

const HEADER = "time,ip,host,url,family,token";
const AT = "2023-02-20 01:00:00";
const JSON_LINES = trial({as: "json-lines"}, "trial-json");
const LIST = trial({as: "list", comment: "#"}, "trial-list");

interface EventRow {
  readonly line: number;
  readonly token: string;
}

/** Line and token of each event of a report. */
async function tokensOf({commit}: Taken): Promise<EventRow[]> {
  const raw = rawEvents(lake.lake, [commit], "line UInt32, x_token String");
  return engine.query(`SELECT line, x_token AS token FROM ${raw} ORDER BY line`);
}

async function rejectsOf({commit}: Taken): Promise<Reject[]> {
  return readRejects(lake.lake, commit.rejectFile);
}

function assertNothingLost({commit}: Taken): void {
  assert.equal(commit.received, commit.events + commit.rejects);
}

/** A row of a generated report: what it is and the line breaks inside its fields. */
type Piece = {readonly kind: "good" | "several-lines" | "no-asset" | "bad-time" | "few" | "many" | "blank"};

const PIECE = fc.record<Piece>({
  kind: fc.constantFrom("good", "good", "several-lines", "no-asset", "bad-time", "few", "many", "blank"),
});

/** Writes the report and says which line gives which event or reject. */
function written(
  pieces: readonly Piece[],
  feed: string,
  header: string,
): {text: string; events: EventRow[]; rejects: [number, string][]} {
  let line = 1 + (header === "" ? 0 : 1);
  let text = header === "" ? "" : header + feed;
  const events: EventRow[] = [];
  const rejects: [number, string][] = [];
  for (const {kind} of pieces) {
    const token = `t${line}`;
    const row = {
      good: `${AT},192.0.2.1,,,f,${token}`,
      "several-lines": `${AT},192.0.2.2,,,"f${feed}g","${token}${feed}${feed}x"`,
      "no-asset": `${AT},nobody,,,f,${token}`,
      "bad-time": `soon,192.0.2.1,,,f,${token}`,
      few: `${AT},192.0.2.1`,
      many: `${AT},192.0.2.1,,,f,${token},x,y`,
      blank: "",
    }[kind];
    if (kind === "good") events.push({line, token});
    if (kind === "several-lines") events.push({line, token: `${token}${feed}${feed}x`});
    if (kind === "no-asset") rejects.push([line, "no_asset"]);
    if (kind === "bad-time") rejects.push([line, "bad_time"]);
    if (kind === "few" || kind === "many") rejects.push([line, "structure"]);
    text += row + feed;
    line += kind === "several-lines" ? 4 : 1;
  }
  return {text, events, rejects};
}

test("every event and every reject has the number of its first physical line, and nothing is lost", async () => {
  const noHeader = trial({as: "csv", header: HEADER.split(",")}, "trial-bare");
  const CASE = fc.record({
    pieces: fc.array(PIECE, {minLength: 1, maxLength: 12}),
    feed: fc.constantFrom("\n", "\r\n"),
    hasHeader: fc.boolean(),
    hasMark: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(CASE, async ({pieces, feed, hasHeader, hasMark}) => {
      const {text, events, rejects} = written(pieces, feed, hasHeader ? HEADER : "");
      fc.pre(text.trim() !== "");
      const taken = await lake.take(
        `${hasMark ? "\uFEFF" : ""}${text}`,
        hasHeader ? {} : {format: noHeader, feed: "bare"},
      );
      assert.deepEqual(await tokensOf(taken), events, text);
      assert.deepEqual(
        (await rejectsOf(taken)).map(({line, reason}) => [line, reason]),
        rejects,
        text,
      );
      assert.equal(taken.commit.received, events.length + rejects.length);
      assertNothingLost(taken);
    }),
    {numRuns: Number(process.env["WATCHFLOOR_RUNS"] ?? 25)},
  );
});

test("whatever the text of a report is, what was received is events and rejects", async () => {
  const LINE = fc.oneof(
    fc.string({maxLength: 30}),
    fc.stringMatching(/^[0-9 :.,"\t-]{0,40}$/),
    fc.constant(`${AT},192.0.2.7,,,f,ok`),
    fc.constant(`"${AT}","192.0.2.7","","","f","o""k"`),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(LINE, {maxLength: 15}), fc.constantFrom("\n", "\r\n", "\r"), async (lines, feed) => {
      const taken = await lake.take([HEADER, ...lines].join(feed));
      assertNothingLost(taken);
      const rows = await engine.query<{rows: number}>(
        `SELECT count() AS rows FROM ${rawEvents(lake.lake, [taken.commit], "line UInt32")}`,
      );
      assert.equal(rows[0]?.rows, taken.commit.events);
      assert.equal((await rejectsOf(taken)).length, taken.commit.rejects);
    }),
    {numRuns: Number(process.env["WATCHFLOOR_RUNS"] ?? 25)},
  );
});

/** Enough for the engine to read it in several pieces at once (it cuts at 10 MB). */
const MANY = Number(process.env["WATCHFLOOR_ROWS"] ?? 170_000);
const FILLER = "x".repeat(180);

for (const [name, how] of [
  ["read at one go", {broken: false}],
  ["with a broken line near its end", {broken: true}],
] as const) {
  test(`a report of more than 30 MB ${name} keeps its line numbers`, async () => {
    const lines = Array.from(
      {length: MANY},
      (_, index) => `${AT},10.${index >> 16}.${(index >> 8) & 255}.${index & 255},,,${FILLER},${index + 2}`,
    );
    if (how.broken) lines[MANY - 2] = "broken";
    const taken = await lake.take([HEADER, ...lines].join("\n"));
    const [found] = await engine.query(
      `SELECT count() AS rows, countIf(toString(line) != x_token) AS wrong FROM ${rawEvents(lake.lake, [taken.commit], "line UInt32, x_token String")}`,
    );
    assert.deepEqual(found, {rows: how.broken ? MANY - 1 : MANY, wrong: 0});
    assert.deepEqual(await rejectsOf(taken), how.broken ? [{line: MANY, reason: "structure", text: "broken"}] : []);
  });
}

test("JSON lines: more than 30 MB, blank lines between, keep their line numbers", async () => {
  const lines = Array.from({length: MANY}, (_, index) =>
    index % 1000 === 0 ? "" : JSON.stringify({time: AT, ip: "192.0.2.1", family: FILLER, token: index + 1}),
  );
  const taken = await lake.take(lines.join("\r\n"), {format: JSON_LINES, feed: "json"});
  const [found] = await engine.query(
    `SELECT count() AS rows, countIf(toString(line) != x_token) AS wrong FROM ${rawEvents(lake.lake, [taken.commit], "line UInt32, x_token String")}`,
  );
  assert.deepEqual(found, {rows: MANY - Math.ceil(MANY / 1000), wrong: 0});
});

test("JSON lines that are no objects, broken or too long are rejects, each with its line", async () => {
  const good = (token: string): string => JSON.stringify({time: AT, ip: "192.0.2.1", token});
  const taken = await lake.take(
    ["", good("2"), "[1]", '{"a":', "  ", `{"time":"${AT}","ip":"x"}`, good("y".repeat(1 << 20)), `${good("8")} `].join(
      "\n",
    ),
    {format: JSON_LINES, feed: "json"},
  );
  assert.deepEqual(
    (await tokensOf(taken)).map(({line}) => line),
    [2, 8],
  );
  assert.deepEqual(
    (await rejectsOf(taken)).map(({line, reason, text}) => [line, reason, text.length]),
    [
      [3, "not_json", 3],
      [4, "not_json", 5],
      [6, "no_asset", 39],
      [7, "too_long", 1000],
    ],
  );
  assertNothingLost(taken);
});

test("lists: comments and blank lines are no lines of data, and CR LF is no part of a value", async () => {
  const taken = await lake.take("# a\r\n192.0.2.1\r\n\r\n  \t\r\n 192.0.2.2 \r\nno\r\n#b", {
    format: LIST,
    feed: "list",
  });
  const raw = rawEvents(lake.lake, [taken.commit], "line UInt32, ip IPv6");
  assert.deepEqual(await engine.query(`SELECT line, toString(ip) AS ip FROM ${raw} ORDER BY line`), [
    {line: 2, ip: "::ffff:192.0.2.1"},
    {line: 5, ip: "::ffff:192.0.2.2"},
  ]);
  assert.deepEqual(await rejectsOf(taken), [{line: 6, reason: "no_asset", text: "no"}]);
});

test("a delimiter of the format's own is read, by the engine and the careful way", async () => {
  for (const delimiter of [";", "\t", "|"]) {
    const format = trial({as: "csv", delimiter, header: "first-line", mustHave: ["time"]});
    const row = (...cells: string[]): string => cells.join(delimiter);
    const header = row("time", "ip", "token");
    for (const more of [[], [row("broken")]]) {
      const taken = await lake.take([header, ...more, row(AT, "192.0.2.1", '"a,;|b"')].join("\n"), {
        format,
        feed: "own",
      });
      assert.deepEqual(await tokensOf(taken), [{line: 2 + more.length, token: "a,;|b"}]);
      assert.equal(taken.commit.rejects, more.length);
    }
  }
});

test("a first line that looks like the engine's own names is a row like any other", async () => {
  const bare = trial({as: "csv", header: ["time", "ip"]}, "trial-two");
  const taken = await lake.take(`c0,c1\n${AT},192.0.2.1\n`, {format: bare, feed: "two"});
  assert.deepEqual([taken.commit.events, taken.commit.rejects], [1, 1]);
});

test("very many rejects are kept in order, the first with their text, the later ones with its beginning", async () => {
  const many = 50_200;
  const text = (line: number): string => `${line} ${"z".repeat(60)}`;
  for (const broken of [false, true]) {
    const rows = Array.from({length: many}, (_, index) => (broken ? text(index + 2) : `soon,${text(index + 2)}`));
    const taken = await lake.take(`time,token\n${rows.join("\n")}\n`);
    const rejects = await rejectsOf(taken);
    assert.deepEqual([taken.commit.received, taken.commit.rejects, rejects.length], [many, many, many]);
    assert.ok(rejects.every(({line}, index) => line === index + 2));
    assert.ok(rejects[100]?.text.endsWith("z".repeat(60)) && rejects[many - 1]?.text.length === 40);
    assert.equal((await readRejects(lake.lake, taken.commit.rejectFile, 3)).length, 3);
  }
});

test("rejects that the careful reader found and those of the engine come in the order of the lines", async () => {
  const taken = await lake.take(
    `${HEADER}\nbroken\nsoon,192.0.2.1,,,,\n${AT},192.0.2.1,,,,\nbroken,too\n\u2028,,,,,\n`,
  );
  assert.deepEqual(
    (await rejectsOf(taken)).map(({line, reason, text}) => [line, reason, text.slice(0, 6)]),
    [
      [2, "structure", "broken"],
      [3, "bad_time", "soon,1"],
      [5, "structure", "broken"],
      [6, "bad_time", "\u2028,,,,,"],
    ],
  );
});

test("the same report adds nothing, however it is packed", async () => {
  const text = `${HEADER}\n${AT},192.0.2.9,,,f,packed\n`;
  const first = await lake.take(text, {feed: "packed"});
  for (const packed of [gzipSync(text), zstdCompressSync(text)]) {
    for await (const member of openDelivery({stream: [packed], name: "again.csv.gz", scratch: FOLDER} as never, {
      unpackedBytes: 1e9,
      ratio: 1000,
      entries: 10,
    }))
      assert.equal((await digestOf(member)).sha256, first.report.sha256);
  }
  const again = await lake.take(text, {feed: "packed"});
  assert.equal(again.isDuplicate, true);
  assert.deepEqual(again.commit, first.commit);
});

test("sectors are found by prefix and by network number, provinces and countries by prefix", async () => {
  const folder = path.join(FOLDER, "tables");
  const tables: Taking["tables"] = {
    networksV4: tableFile(folder, "v4.tsv", [`192.0.2.0/24\t${64500 * 65_536 + 0x4e * 256 + 0x43}`]),
    networksV6: tableFile(folder, "v6.tsv", [`2001:db8::/32\t${64501 * 65_536}`]),
    provinces: tableFile(folder, "provinces.tsv", ["192.0.2.0/25\t44", "198.51.100.0/24\t81"]),
    sectorPrefixes: tableFile(folder, "prefixes.tsv", ["192.0.2.128/25\tfinance"]),
    sectorAsns: tableFile(folder, "asns.tsv", ["64501\tenergy", "64500\ttelecom"]),
  };
  const rows = [
    "192.0.2.1",
    "192.0.2.200",
    "2001:db8::1",
    "198.51.100.1",
    "203.0.113.1",
    "::ffff:192.0.2.1",
    "::192.0.2.1",
  ];
  const taken = await lake.take(`time,ip\n${rows.map((ip) => `${AT},${ip}`).join("\n")}`, {tables, feed: "placed"});
  const columns = "line UInt32, asn Nullable(UInt32), country String, province String, scope String, sector String";
  assert.deepEqual(await engine.query(`SELECT * FROM ${rawEvents(lake.lake, [taken.commit], columns)} ORDER BY line`), [
    {line: 2, asn: 64500, country: "CN", province: "44", scope: "domestic", sector: "telecom"},
    {line: 3, asn: 64500, country: "CN", province: "", scope: "domestic", sector: "finance"},
    {line: 4, asn: 64501, country: "", province: "", scope: "unknown", sector: "energy"},
    {line: 5, asn: null, country: "HK", province: "", scope: "overseas", sector: ""},
    {line: 6, asn: null, country: "", province: "", scope: "unknown", sector: ""},
    {line: 7, asn: 64500, country: "CN", province: "44", scope: "domestic", sector: "telecom"},
    {line: 8, asn: null, country: "", province: "", scope: "unknown", sector: ""},
  ]);
});

test("a report that speaks of very many days is read in the memory there is", async () => {
  const small = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 60, maxMemoryBytes: 300_000_000});
  try {
    const days = 150;
    const rows = Array.from({length: days * 2}, (_, index) => {
      const day = new Date(Date.UTC(2022, 0, 1 + (index % days))).toISOString().slice(0, 10);
      return `${day} 01:00:00,${index % 7 === 0 ? "nobody" : "192.0.2.1"},,,f,${index + 2}`;
    });
    const wide = await openLake(small, path.join(FOLDER, "wide")).take([HEADER, ...rows].join("\n"));
    const plain = await lake.take([HEADER, ...rows].join("\n"), {feed: "wide"});
    const events = async ({commit}: Taken, home: string): Promise<unknown> =>
      engine.query(
        `SELECT * EXCEPT (report, feed) FROM file('${home}/lake/day=*/${commit.id}.*.parquet', 'Parquet') ORDER BY line`,
      );
    assert.equal(wide.commit.files.length, days);
    assert.deepEqual(await events(wide, path.join(FOLDER, "wide")), await events(plain, lake.home));
    assert.deepEqual([wide.commit.events, wide.commit.rejects], [plain.commit.events, plain.commit.rejects]);
  } finally {
    await small.close();
  }
});
