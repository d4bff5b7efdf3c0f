import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import fc from "fast-check";
import type {Reject} from "../model/format.ts";
import {carefulCsv, MAX_RECORD_BYTES} from "./careful.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-careful-"));
after(() => rmSync(FOLDER, {recursive: true, force: true}));
const FILE = path.join(FOLDER, "rows.csv");
const FILES = {rows: FILE, rejects: path.join(FOLDER, "rejects.jsonl")};

interface Read {
  /** Line number and fields of each row. */
  readonly rows: [number, ...string[]][];
  readonly rejects: readonly Reject[];
}

async function* piecesOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  text: string,
  columns: number,
  how: {pieceBytes?: number; headerLines?: number; mends?: boolean} = {},
): Promise<Read> {
  const {pieceBytes = 1 << 16, headerLines = 0, mends = false} = how;
  const shape = {delimiter: ",", columns, headerLines, mends};
  const found = await carefulCsv(piecesOf(Buffer.from(text), pieceBytes), FILES, shape);
  const written = parsed(readFileSync(FILE, "utf8"));
  assert.equal(written.length, found.rows);
  const rejects = rejectsWritten();
  assert.equal(rejects.length, found.rejects);
  return {rows: written.map(([line, ...fields]) => [Number(line), ...fields]), rejects};
}

function rejectsWritten(): Reject[] {
  const lines = readFileSync(FILES.rejects, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): Reject => JSON.parse(line));
}

/** Reads sound CSV the plain way. */
function parsed(text: string): string[][] {
  const field = /(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/gy;
  const rows: string[][] = [];
  let row: string[] = [];
  while (field.lastIndex < text.length) {
    const [, quoted, plain, end] = field.exec(text) ?? assert.fail(`no CSV: ${JSON.stringify(text.slice(0, 300))}`);
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end !== ",") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
const asNeeded = (field: string): string => (/[",\r\n]/.test(field) || field === "" ? quoted(field) : field);
const breaksIn = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;
const lineOf = (rejects: readonly Reject[]): [number, string][] => rejects.map(({line, reason}) => [line, reason]);

test("rows keep their fields and the number of their first line", async () => {
  const text = 'a,b\n1,"x\ny"\n\n\r\n"2""2",\r\n3,z';
  assert.deepEqual(await read(text, 2, {pieceBytes: 3, headerLines: 1}), {
    rows: [
      [2, "1", "x\ny"],
      [6, '2"2', ""],
      [7, "3", "z"],
    ],
    rejects: [],
  });
});

test("a broken quote costs its line, not the rest", async () => {
  const text = '"a","b"\n"1","2\n"3","4"\n"5"x,"6"\n"7","8"\n9,"10\n';
  const {rows, rejects} = await read(text, 2);
  assert.deepEqual(rows, [
    [1, "a", "b"],
    [3, "3", "4"],
    [5, "7", "8"],
  ]);
  assert.deepEqual(rejects, [
    {line: 2, reason: "structure", text: '"1","2'},
    {line: 4, reason: "structure", text: '"5"x,"6"'},
    {line: 6, reason: "structure", text: '9,"10'},
  ]);
});

test("a quote that never closes in a report without quotes costs its line", async () => {
  const rows = Array.from({length: 60_000}, (_, n) => `${n},192.0.2.${n % 256},example.net`);
  const text = rows.with(100, '100,"oops,example.net').join("\n");
  const found = await read(text, 3);
  assert.deepEqual(lineOf(found.rejects), [[101, "structure"]]);
  assert.equal(found.rows.length, 59_999);
  assert.deepEqual(found.rows[100], [102, "101", "192.0.2.101", "example.net"]);
});

test("too many and too few fields are rejects, a quote inside an unquoted field is a character", async () => {
  const {rows, rejects} = await read('1,2\n1\n1,2,3\n,\na"b,c"\n', 2);
  assert.deepEqual(rows, [
    [1, "1", "2"],
    [4, "", ""],
    [5, 'a"b', 'c"'],
  ]);
  assert.deepEqual(lineOf(rejects), [
    [2, "structure"],
    [3, "structure"],
  ]);
});

test("NULs, carriage returns alone, and bytes that are no UTF-8 do not stop the reading", async () => {
  const {rows, rejects} = await read("a\0,b\r1,2\r\n3,\0\n4\0\n", 2, {pieceBytes: 2, headerLines: 0});
  assert.deepEqual(rows, [
    [1, "a\0", "b"],
    [2, "1", "2"],
    [3, "3", "\0"],
  ]);
  assert.deepEqual(rejects, [{line: 4, reason: "structure", text: "4\0"}]);
  const bytes = Buffer.from([0xff, 0x2c, 0xfe, 0x0a, 0xc3, 0x0a]);
  const found = await carefulCsv(piecesOf(bytes, 1), FILES, {
    delimiter: ",",
    columns: 2,
    headerLines: 0,
    mends: false,
  });
  assert.deepEqual(found, {rows: 1, rejects: 1});
  assert.deepEqual(rejectsWritten(), [{line: 2, reason: "structure", text: "\ufffd"}]);
  assert.deepEqual(readFileSync(FILE), Buffer.concat([Buffer.from("1,"), bytes.subarray(0, 4)]));
});

test("one delimiter too many at the end of a line is none, two are", async () => {
  const {rows, rejects} = await read("1,2,\n3,4,\r\n5,6,,\n7,8, \n9,", 2, {pieceBytes: 1, headerLines: 0});
  assert.deepEqual(rows, [
    [1, "1", "2", ""],
    [2, "3", "4", ""],
    [5, "9", ""],
  ]);
  assert.deepEqual(lineOf(rejects), [
    [3, "structure"],
    [4, "structure"],
  ]);
});

test("rows keep their own delimiter, also behind the line number", async () => {
  const found = await carefulCsv(piecesOf(Buffer.from("a;b\n1;2\n3\n"), 4), FILES, {
    delimiter: ";",
    columns: 2,
    headerLines: 1,
    mends: false,
  });
  assert.deepEqual(found, {rows: 1, rejects: 1});
  assert.equal(readFileSync(FILE, "utf8"), "2;1;2\n");
});

test("a line of ten megabytes is one reject, in bounded time; one of a mebibyte is read", async () => {
  const startedAt = performance.now();
  const long = `x,${"y".repeat(10_000_000)}`;
  const limit = `x,${"y".repeat(MAX_RECORD_BYTES - 2)}`;
  for (const pieceBytes of [1 << 16, 1 << 20, 1 << 24]) {
    const {rows, rejects} = await read(`1,2\n${long}\n${limit}\n${limit}y\n3,4\n${long}`, 2, {
      pieceBytes,
      headerLines: 0,
    });
    assert.deepEqual(lineOf(rejects), [
      [2, "too_long"],
      [4, "too_long"],
      [6, "too_long"],
    ]);
    assert.deepEqual(rejects[0]?.text, long.slice(0, 1000));
    assert.deepEqual(
      rows.map(([line]) => line),
      [1, 3, 5],
    );
  }
  assert.ok(performance.now() - startedAt < 4000);
});

test("a header that is broken is passed over as one line", async () => {
  const how = {pieceBytes: 1 << 16, headerLines: 1};
  assert.deepEqual((await read('\n"a",b,c,d\n1,2\n', 2, how)).rows, [[3, "1", "2"]]);
  assert.deepEqual(await read('a,"b\n1,2\n', 2, how), {rows: [[2, "1", "2"]], rejects: []});
  assert.deepEqual((await read('a,"b\nc"\n1,2\n', 2, how)).rows, [[3, "1", "2"]]);
});

test("every sound table comes out whole, with the right lines", async () => {
  const field = fc.oneof(
    fc.string({unit: fc.constantFrom(",", '"', "\n", "\r", "\r\n", "\0", " ", "a", "é", "例"), maxLength: 6}),
    fc.string({unit: "grapheme", maxLength: 8}),
  );
  const table = fc
    .integer({min: 1, max: 4})
    .chain((columns) => fc.array(fc.array(field, {minLength: columns, maxLength: columns}), {maxLength: 12}));
  const writing = fc.record({
    quoteAll: fc.boolean(),
    newline: fc.constantFrom("\n", "\r\n", "\r"),
    blankLines: fc.integer({min: 0, max: 2}),
    hasEnd: fc.boolean(),
    pieceBytes: fc.integer({min: 1, max: 40}),
  });
  await fc.assert(
    fc.asyncProperty(table, writing, async (rows, {quoteAll, newline, blankLines, hasEnd, pieceBytes}) => {
      const texts = rows.map((row) => row.map(quoteAll ? quoted : asNeeded).join(","));
      const gap = newline.repeat(1 + blankLines);
      const text = texts.join(gap) + (hasEnd ? newline : "");
      let line = 1;
      const expected = rows.map((row, index) => {
        const at = line;
        line += breaksIn(texts[index] ?? "") + 1 + blankLines;
        return [at, ...row.map((each) => each.replace(/\r(?!\n)/g, "\n"))];
      });
      assert.deepEqual(await read(text, rows[0]?.length ?? 1, {pieceBytes, headerLines: 0}), {
        rows: expected,
        rejects: [],
      });
    }),
    {numRuns: 500},
  );
});

test("with one line damaged, all others survive", async () => {
  const word = fc.string({unit: fc.constantFrom("a", "b", "7", ".", " ", "é"), minLength: 1, maxLength: 6});
  // what a feed's fields are: they may hold the delimiter, a quote or nothing, but do not begin with either
  const field = fc.oneof(
    word,
    fc.constant(""),
    word.map((text) => `${text},"${text}`),
  );
  const table = fc.array(fc.tuple(word, field, field), {minLength: 2, maxLength: 30});
  const damages: ((line: string) => string)[] = [
    (line) => `${line},more`,
    (line) => line.slice(0, line.indexOf(",")),
    (line) => `"${line.replaceAll('"', "")}`, // opens and never closes
    (line) => `${line.replaceAll('"', "").replaceAll(",", ";")}`,
    (line) => `"x" ${line}`,
    (line) => `${line.replaceAll('"', "")},"`,
    () => "\0\0\ufffd",
  ];
  const where = fc.record({at: fc.nat(), damage: fc.constantFrom(...damages), quoteAll: fc.boolean()});
  await fc.assert(
    fc.asyncProperty(table, where, async (rows, {at, damage, quoteAll}) => {
      const broken = at % rows.length;
      const lines = rows.map((row) =>
        row.map(quoteAll ? quoted : (each) => (each === "" ? "" : asNeeded(each))).join(","),
      );
      const text = lines.with(broken, damage(lines[broken] ?? "")).join("\n");
      const found = await read(text, 3);
      const others = rows.map((row, index) => [index + 1, ...row]).toSpliced(broken, 1);
      assert.deepEqual(found.rows, others);
      assert.deepEqual(lineOf(found.rejects), [[broken + 1, "structure"]]);
    }),
    {numRuns: 1000},
  );
});

test("whatever the bytes are: each line is in a row, a reject or blank, and the pieces do not matter", async () => {
  const text = fc.string({unit: fc.constantFrom(",", '"', '"', "\n", "\n", "\r\n", "\r", "a", ""), maxLength: 60});
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({min: 1, max: 3}),
      fc.integer({min: 1, max: 9}),
      async (body, columns, pieceBytes) => {
        const found = await read(body, columns);
        assert.deepEqual(await read(body, columns, {pieceBytes, headerLines: 0}), found);
        const lines = body.split(/\r\n|\r|\n/);
        const inRows = found.rows.reduce((sum, [, ...fields]) => sum + 1 + breaksIn(fields.join("")), 0);
        const covered = inRows + found.rejects.length;
        const blanks = lines.filter((line) => line === "").length; // some of them lie inside quoted fields
        assert.ok(covered <= lines.length && covered >= lines.length - blanks, `${covered} of ${lines.length}`);
        const starts = [...found.rows.map(([line]) => line), ...found.rejects.map(({line}) => line)];
        assert.equal(new Set(starts).size, starts.length);
      },
    ),
    {numRuns: 1000},
  );
});

test("a report that opens a quote in every line is read in bounded time", async () => {
  for (const line of ['a","\n', '"\n', '","\n', '"",""","\n', 'a,"b\n', '"\n\n']) {
    const before = process.cpuUsage();
    const {rejects, rows} = await read(line.repeat(Math.floor(1_000_000 / line.length)), 10_000);
    assert.ok(rejects.length > 1000 && rows.length === 0);
    const {user, system} = process.cpuUsage(before); // a busy machine takes longer, but no more of it
    assert.ok(user + system < 4_000_000, JSON.stringify(line));
  }
});

test("a full disk is said to be full", {skip: process.platform !== "linux" && "skipped: no /dev/full"}, async () => {
  const rows = Buffer.from("1,2\n".repeat(10));
  const shape = {delimiter: ",", columns: 2, headerLines: 0, mends: false};
  for (const full of [{rows: "/dev/full"}, {rejects: "/dev/full"}]) {
    const reading = carefulCsv(piecesOf(Buffer.concat([rows, Buffer.from("1\n")]), 8), {...FILES, ...full}, shape);
    await assert.rejects(reading, {code: "disk_full"});
  }
});

test("a provider's own way to write quotes and short rows is read where the format says so, and else refused", async () => {
  const text = 'a,b,c\n"say \\"x, y\\"",2,3\n"4",5\r\n6,7,8\n"9\\"",10\n"11\\",12,13\nalone\n1,2,3,4,5\n14,15';
  const {rows, rejects} = await read(text, 3, {headerLines: 1, mends: true});
  assert.deepEqual(rows, [
    [2, 'say "x, y"', "2", "3"],
    [3, "4", "5", ""],
    [4, "6", "7", "8"],
    [6, "11\\", "12", "13"],
  ]);
  assert.deepEqual(lineOf(rejects), [
    [5, "structure"], // short, and a quote that may belong to the next field
    [7, "structure"],
    [8, "structure"],
    [9, "structure"], // the last line has no end: it may have been cut off
  ]);
  const strict = await read(text, 3, {headerLines: 1});
  assert.deepEqual(
    strict.rows.map(([line]) => line),
    [4, 6],
  );
});

test("quotes in the provider's own way: each line is a row or a reject, and a row that lost its marks says what was meant", async () => {
  const field = fc.string({unit: fc.constantFrom("a", '"', ",", " ", "語"), maxLength: 6});
  const written = (text: string): string => `"${text.replaceAll('"', '\\"')}"`;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(field, field, field), {minLength: 1, maxLength: 5}), async (rows) => {
      const text = rows.map((row) => `${row.map(written).join(",")}\n`).join("");
      const found = await read(text, 3, {mends: true});
      assert.equal(found.rows.length + found.rejects.length, rows.length);
      const clean = found.rows.filter(([, ...fields]) => fields.every((each) => !each.includes("\\")));
      for (const [line, ...fields] of clean) assert.deepEqual(fields, rows[line - 1]);
    }),
  );
});
