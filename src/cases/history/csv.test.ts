import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import type {CaseState} from "../../model/cases/case.ts";
import {readAsset} from "./asset-text.ts";
import {readCsvHistory, readCsvMapping} from "./csv.ts";
import {csvRows} from "./csv-rows.ts";
import {importStep} from "./identity.ts";
import {timeReader} from "./time-format.ts";
import {timesOf} from "./times.ts";

const EXAMPLE = path.resolve(import.meta.dirname, "../../../examples/case-history");
const fileOf = (name: string) => ({name, text: readFileSync(path.join(EXAMPLE, name), "utf8")});
const mapping = readCsvMapping(fileOf("mapping.yaml"));
const example = readCsvHistory(fileOf("cases.csv"), mapping);

test("the worked example is read: four cases, and two rows that say why they were not taken", () => {
  assert.equal(example.received, 6);
  assert.deepEqual(
    example.cases.map(({externalId, class: code, asset}) => [externalId, code, asset.kind, asset.value]),
    [
      ["2022-0001", "web.phish", "url", "http://login.bank.example/a?x=1"],
      ["2022-0002", "web.phish", "url", "http://login.bank.example/b"],
      ["2022-0003", "web.backdoor", "site", "school.example"],
      ["2022-0004", "mal.site", "ip", "192.0.2.14"],
    ],
  );
  assert.deepEqual(example.rejects, [
    {line: 7, externalId: "2022-0005", reason: "bad_time", text: "受理时间: 2022/3/5"},
    {line: 8, externalId: "2022-0006", reason: "unknown_state", text: "搁置"},
  ]);
});

test("a case has its states with times in the zone of the file, the name of the party that we use, notes and links", () => {
  const [first] = example.cases;
  assert.deepEqual(
    first?.states.map(({state, at}) => [state, at?.toISOString()]),
    [
      ["open", "2022-03-01T01:05:00.000Z"],
      ["notified", "2022-03-01T02:00:00.000Z"],
      ["acknowledged", "2022-03-01T07:20:00.000Z"],
      ["resolved", "2022-03-02T00:30:00.000Z"],
    ],
  );
  assert.deepEqual(first?.parties, [{name: "示例域名注册服务机构", contact: "abuse@registrar.example"}]);
  assert.deepEqual(first?.notes, [{at: null, by: null, text: "首次通报\n对方当日回复"}]);
  assert.deepEqual(first?.links, [{relation: "related", to: "2022-0002"}]);
  assert.deepEqual(example.cases[2]?.states.at(-1), {state: "dismissed", at: null}, "the file does not say when");
});

test("importing the same file again changes nothing, and a case that says more is updated", () => {
  const again = readCsvHistory(fileOf("cases.csv"), mapping);
  assert.deepEqual(again, example);
  const stored = new Map(example.cases.map(({externalId, contentHash}) => [externalId, contentHash]));
  assert.ok(again.cases.every((each) => importStep(stored.get(each.externalId) ?? null, each) === "keep"));
  const {text} = fileOf("cases.csv");
  const later = readCsvHistory(
    {name: "cases.csv", text: text.replace("10:00,,,处置中", "10:00,,2022/3/9 9:00,已处置")},
    mapping,
  );
  assert.deepEqual(
    later.cases.map((each) => importStep(stored.get(each.externalId) ?? null, each)),
    ["keep", "update", "keep", "keep"],
  );
  assert.equal(importStep(null, again.cases[0] ?? assert.fail()), "add");
});

test("what a case is counted by is taken from its columns, by the words of the map or our own; a strange word is a reject", () => {
  assert.deepEqual(
    example.cases.map(({facts}) => [facts.partyKind, facts.isCrossBorder, facts.brandSector, facts.province]),
    [
      ["registrar", true, "finance-bank", null],
      ["registrar", true, "finance-bank", null],
      [null, false, null, "11"],
      [null, null, null, null],
    ],
  );
  const {text} = fileOf("cases.csv");
  for (const [from, to] of [
    ["注册商,是", "路人,是"],
    ["注册商,是", "注册商,也许"],
    ["否,,北京", "否,,月球"],
    ["是,银行", "是,constructor"],
  ] as const) {
    const read = readCsvHistory({name: "cases.csv", text: text.replace(from, to)}, mapping);
    assert.deepEqual(
      read.rejects.map(({reason}) => reason),
      ["unknown_word", "bad_time", "unknown_state"],
    );
  }
});

test("an old case counts by its times as ours do: only who was told can answer, and a dismissal answers nothing", () => {
  const of = (...states: readonly (readonly [CaseState, string | null])[]) => {
    const times = timesOf({states: states.map(([state, at]) => ({state, at: at === null ? null : new Date(at)}))});
    return [times.notifiedAt, times.answeredAt, times.verifiedAt].map((at) => at?.toISOString().slice(0, 10) ?? null);
  };
  const told = [
    ["open", "2022-01-01"],
    ["notified", "2022-01-02"],
  ] as const;
  assert.deepEqual(of(...told, ["resolved", "2022-01-04"], ["verified", "2022-01-05"]), [
    "2022-01-02",
    "2022-01-04",
    "2022-01-05",
  ]);
  assert.deepEqual(of(...told, ["dismissed", "2022-01-04"]), ["2022-01-02", null, null]);
  assert.deepEqual(of(["open", "2022-01-01"], ["resolved", "2022-01-04"]), [null, null, null], "nobody was told");
  assert.deepEqual(of(...told, ["resolved", null]), ["2022-01-02", null, null], "the file does not say when");
});

const simple = readCsvMapping({
  name: "m.yaml",
  text: "source: x\ncolumns: {externalId: id, openedAt: t, class: c, asset: a, state: s, verifiedAt: v}\n",
});
const HEAD = "id,t,c,a,s,v\n";
const reasonsOf = (rows: string) =>
  readCsvHistory({name: "x.csv", text: HEAD + rows}, simple).rejects.map(({line, reason}) => `${line} ${reason}`);

test("each thing that can be wrong with a row has its reason and its line, and stops no other row", () => {
  const rows = [
    "1,2022-01-01T00:00Z,web.phish,http://a.example/,open,",
    ",2022-01-01T00:00Z,web.phish,http://a.example/,open,",
    "3,,web.phish,http://a.example/,open,",
    "4,2022-13-01,web.phish,http://a.example/,open,",
    "5,2022-01-01,phish,http://a.example/,open,",
    "6,2022-01-01,web.phish,,open,",
    "7,2022-01-01,web.phish,not an asset,open,",
    "8,2022-01-01,web.phish,http://a.example/,gone,",
    '9,2022-01-01,web.phish,"http://a.example/,open,',
    "10,2022-01-01,web.phish",
    "11,2022-01-02,web.phish,http://a.example/,verified,2022-01-01",
    "1,2022-01-01T00:00Z,web.phish,http://a.example/,open,",
    "1,2022-01-01T00:00Z,web.phish,http://b.example/,open,",
    `${"9".repeat(201)},2022-01-01,web.phish,http://a.example/,open,`,
  ];
  const read = readCsvHistory({name: "x.csv", text: `${HEAD}${rows.join("\n")}\n`}, simple);
  assert.deepEqual(
    read.rejects.map(({line, reason}) => `${line} ${reason}`),
    [
      "3 no_id",
      "4 no_time",
      "5 bad_time",
      "6 unknown_class",
      "7 no_asset",
      "8 bad_asset",
      "9 unknown_state",
      "10 structure",
      "11 structure",
      "12 bad_time",
      "14 same_id",
      "15 bad_id",
    ],
  );
  assert.deepEqual([read.cases.length, read.repeats, read.received], [1, 1, 14]);
});

test("a file without a column that the mapping names is refused as a whole", () => {
  assert.throws(() => readCsvHistory({name: "x.csv", text: "id,t,c\n1,2,3\n"}, simple), {
    code: "history_unreadable",
    message: /x\.csv has no column "a", "s", "v"; its first line names id, t, c/,
  });
  assert.throws(() => readCsvHistory({name: "x.csv", text: ""}, simple), {code: "history_unreadable"});
  assert.throws(() => readCsvHistory({name: "x.csv", text: "id,t,c,a,s,v,a\n"}, simple), {
    message: /has the column "a" twice/,
  });
});

test("a mapping that is not right is refused with file, line and key", () => {
  const refused = (text: string, message: RegExp): void => {
    assert.throws(() => readCsvMapping({name: "mapping.yaml", text}), {code: "rules_invalid", message});
  };
  const columns = "columns: {externalId: a, openedAt: b, asset: c}\n";
  refused(
    `source: x\n${columns}values:\n  class:\n    钓鱼: web.fish\n`,
    /mapping\.yaml:5 .*there is no class "web\.fish"/,
  );
  refused(`source: x\n${columns}values:\n  state:\n    关闭: closed\n`, /mapping\.yaml:5 "values\.state\.关闭"/);
  refused(`source: x\nzone: Asia/Peking\n${columns}`, /mapping\.yaml:2 "zone" there is no time zone "Asia\/Peking"/);
  refused("source: x\ncolumns: {externalId: a, asset: c}\n", /mapping\.yaml:2 "columns\.openedAt" is missing/);
  refused(`source: x\n${columns}key: y\n`, /mapping\.yaml:3 "key" is not known/);
});

test("the form of an asset tells its kind; disguise is taken off, and an order number is no address", () => {
  const kinds = (text: string): string => {
    const found = readAsset(text, "auto");
    return found === null ? "none" : `${found.kind} ${found.value}`;
  };
  assert.equal(kinds("hxxps://a[.]example/x"), "url https://a.example/x");
  assert.equal(kinds("http://[2001:db8::1]/x"), "url http://[2001:db8::1]/x");
  assert.equal(kinds("a.example/x"), "url http://a.example/x");
  assert.equal(kinds("WWW.A.Example."), "site a.example");
  assert.equal(kinds("192.0.2.1/32"), "ip 192.0.2.1");
  assert.equal(kinds("2001:DB8:0::1"), "ip 2001:db8::1");
  assert.equal(kinds("d41d8cd98f00b204e9800998ecf8427e"), "file d41d8cd98f00b204e9800998ecf8427e");
  assert.equal(kinds("20220301"), "none");
  assert.equal(kinds("192.0.2.300"), "none");
  assert.equal(readAsset("http://a.example", "ip"), null);
  assert.deepEqual(readAsset("某单位", "org"), {kind: "org", value: "某单位"});
});

test("times are read in the form of the mapping and in its zone; what is no time is none", () => {
  const read = (format: string, text: string, zone = "Asia/Shanghai"): string | undefined =>
    timeReader(format, zone)(text)?.toISOString();
  assert.equal(read("iso", "2022-03-01 09:05"), "2022-03-01T01:05:00.000Z");
  assert.equal(read("iso", "2022-03-01"), "2022-02-28T16:00:00.000Z");
  assert.equal(read("iso", "2022-03-01T09:05:00+01:00"), "2022-03-01T08:05:00.000Z");
  assert.equal(read("d.M.yyyy", "1.3.2022", "Europe/Berlin"), "2022-02-28T23:00:00.000Z");
  assert.equal(
    read("dd.MM.yyyy HH:mm", "26.03.2023 02:30", "Europe/Berlin"),
    "2023-03-26T01:30:00.000Z",
    "a time that the clocks skip",
  );
  assert.equal(read("yyyy年M月d日", "2022年3月1日"), "2022-02-28T16:00:00.000Z");
  for (const wrong of ["2022-02-30", "03/01/2022", "2022", "", "2022-03-01x"])
    assert.equal(read("iso", wrong), undefined, wrong);
  assert.equal(read("d.M.yyyy", "32.1.2022"), undefined);
});

test("a CSV text that is written comes back the same, whatever its values hold", () => {
  const value = fc.string({unit: fc.constantFrom("a", "字", '"', ",", "\n", "\r", " ", "\uFEFF"), maxLength: 6});
  const table = fc.array(fc.array(value, {minLength: 2, maxLength: 4}), {maxLength: 6});
  fc.assert(
    fc.property(table, fc.constantFrom("\n", "\r\n"), fc.boolean(), (rows, lineEnd, isQuoted) => {
      const write = (each: string): string =>
        isQuoted || /[",\r\n\uFEFF]/.test(each) ? `"${each.replaceAll('"', '""')}"` : each;
      const text = rows.map((row) => row.map(write).join(",") + lineEnd).join("");
      assert.deepEqual(
        csvRows(text).map(({values}) => values),
        rows,
      );
    }),
    {numRuns: 1000},
  );
});

test("any text gives rows on growing lines, and never hangs", () => {
  fc.assert(
    fc.property(fc.string({unit: fc.constantFrom("a", '"', ",", "\n", "\r"), maxLength: 60}), (text) => {
      const lines = csvRows(text).map(({line}) => line);
      assert.ok(lines.every((line, at) => at === 0 || line > (lines[at - 1] ?? 0)));
      assert.ok(lines.every((line) => line >= 1 && line <= text.split("\n").length));
    }),
    {numRuns: 2000},
  );
});

test("an empty line is no row, an empty value in quotes is one", () => {
  assert.deepEqual(csvRows('a\n\n\r\n""\nb'), [
    {line: 1, values: ["a"]},
    {line: 4, values: [""]},
    {line: 5, values: ["b"]},
  ]);
});

test("a broken quote costs its own row, not those that follow", () => {
  assert.deepEqual(
    reasonsOf('1,"x,web.phish,http://a.example/,open,\n2,2022-01-01,web.phish,"http://b.example/",open,\n'),
    ["2 structure"],
  );
});
