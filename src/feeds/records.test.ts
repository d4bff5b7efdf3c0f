import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {bestCvss} from "./cvss.ts";
import {jsonOf, jsonRecords, readRecords, statedTexts} from "./records.ts";

const object = fc.dictionary(fc.string(), fc.jsonValue(), {minKeys: 1, maxKeys: 4});
const objects = fc.array(object, {minLength: 1, maxLength: 6});
const values = (text: string, listKey?: string): unknown[] =>
  jsonRecords(text, "x.json", listKey).map((record) => jsonOf(record.text));

test("a list, one object a line, pretty objects and a named list give the same records", () => {
  fc.assert(
    fc.property(objects, (all) => {
      const plain = JSON.parse(JSON.stringify(all));
      assert.deepEqual(values(JSON.stringify(all)), plain);
      assert.deepEqual(values(JSON.stringify(all, null, 2)), plain);
      assert.deepEqual(values(all.map((each) => JSON.stringify(each)).join("\n")), plain);
      assert.deepEqual(values(all.map((each) => JSON.stringify(each, null, 1)).join("\n")), plain);
      assert.deepEqual(values(JSON.stringify({count: all.length, list: all, end: {a: 1}}, null, 1), "list"), plain);
    }),
  );
});

test("each record knows the line where it begins", () => {
  assert.deepEqual(
    jsonRecords('[\n{"a": 1},\n\n{"b":\n "}{"}, {"c": 3}]', "x.json").map(({line}) => line),
    [2, 4, 5],
  );
  assert.deepEqual(
    jsonRecords('{"a": 1}\r\n\r\n{"b": 2}\r\n', "x.json").map(({line, text}) => [line, text]),
    [
      [1, '{"a": 1}'],
      [3, '{"b": 2}'],
    ],
  );
});

test("a list that was cut off keeps its last record as it is, so that it becomes a reject", () => {
  assert.deepEqual(
    jsonRecords('{"list": [{"a": 1}, {"b": "not fini', "x.json", "list").map(({text}) => text),
    ['{"a": 1}', '{"b": "not fini'],
  );
});

test("an empty list has no records; a text that is no JSON, or lacks the list, is refused", () => {
  assert.deepEqual(jsonRecords("[]", "x.json"), []);
  assert.throws(() => jsonRecords("a,b\n1,2\n", "x.json"), {code: "report_unreadable"});
  assert.throws(() => jsonRecords('{"other": [{}]}', "x.json", "list"), {code: "report_unreadable"});
});

test("observations and rejects are as many as the records, and a reject keeps a thousand characters", () => {
  const records = [
    {line: 1, text: "good"},
    {line: 2, text: "x".repeat(5000)},
  ];
  const read = readRecords(records, (text) => (text === "good" ? {vuln: "CVE-2023-90001"} : "structure"));
  assert.deepEqual(read.observations, [{vuln: "CVE-2023-90001", line: 1}]);
  assert.deepEqual(read.rejects, [{line: 2, reason: "structure", text: "x".repeat(1000)}]);
});

test("what a record states is kept as text; what is empty or nested is not", () => {
  assert.deepEqual(statedTexts({a: " x ", b: 3, c: true, d: "", e: null, f: {g: 1}, h: undefined}), {
    a: "x",
    b: "3",
    c: "true",
  });
});

test("the newest version of CVSS counts, the assigner's before others', by its own bands", () => {
  const severity = (...metrics: Record<string, unknown>[]): string | undefined => bestCvss(metrics)?.severity;
  assert.equal(severity({cvssV3_1: {baseScore: 9.8}}, {cvssV4_0: {baseScore: 6.9}}), "medium");
  assert.equal(severity({cvssV3_1: {baseScore: 6.9}}, {cvssV3_1: {baseScore: 9.8}}), "medium");
  assert.equal(severity({cvssV3_0: {baseScore: 9}}, {cvssV2_0: {baseScore: 1}}), "critical");
  assert.equal(severity({cvssV2_0: {baseScore: 10}}), "high");
  assert.equal(severity({cvssV2_0: {baseScore: 0}}), "low");
  assert.equal(severity({cvssV3_1: {baseScore: 0}}), "info");
  assert.equal(severity({cvssV3_1: {baseScore: 0.1}}), "low");
  assert.equal(severity({cvssV3_1: {baseScore: 4}}), "medium");
  assert.equal(severity({cvssV3_1: {baseScore: 7}}), "high");
  assert.equal(severity({cvssV3_1: {baseScore: 11}}, {other: {}}), undefined);
});
