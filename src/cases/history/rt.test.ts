import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {readRtHistory, readRtMapping} from "./rt.ts";

const EXAMPLE = path.resolve(import.meta.dirname, "../../../examples/case-history");
const fileOf = (name: string) => ({name, text: readFileSync(path.join(EXAMPLE, name), "utf8")});
const mapping = readRtMapping(fileOf("rtir-mapping.yaml"));
const example = readRtHistory(fileOf("rtir.json"), mapping);
const statesOf = (of: (typeof example.cases)[number] | undefined) =>
  of?.states.map(({state, at}) => `${state} ${at?.toISOString().slice(0, 16) ?? "?"}`);
const read = (value: unknown) => readRtHistory({name: "x.json", text: JSON.stringify(value)}, mapping);
const incident = (over: object = {}) => ({
  id: 1,
  Queue: {id: "3", Name: "Incidents"},
  Status: "open",
  Created: "2022-01-01T00:00:00Z",
  CustomFields: [
    {name: "Classification", values: ["Phishing"]},
    {name: "IP", values: ["192.0.2.1"]},
  ],
  ...over,
});

test("an incident of RTIR is a case, with the party of its investigation and when it was asked, answered and done", () => {
  const [first] = example.cases;
  assert.deepEqual([first?.kind, first?.externalId, first?.class], ["case", "501", "web.phish"]);
  assert.deepEqual(first?.asset, {kind: "url", value: "http://bank.example.org/login"});
  assert.deepEqual(first?.otherAssets, [{kind: "url", value: "http://bank.example.org/card"}]);
  assert.deepEqual(first?.parties, [{name: "示例主机托管服务商", contact: "abuse@hosting.example"}]);
  assert.deepEqual(statesOf(first), [
    "open 2022-05-04T01:10",
    "notified 2022-05-04T02:00",
    "acknowledged 2022-05-04T06:30",
    "resolved 2022-05-04T20:00",
  ]);
});

test("its report is a complaint, its countermeasure a remark, and the links tell what belongs to it", () => {
  const [first, report] = example.cases;
  assert.deepEqual(
    [report?.kind, report?.asset.value, report?.class],
    ["complaint", "http://bank.example.org/login", "web.phish"],
  );
  assert.deepEqual(report?.reporter, {name: null, contact: "reporter@bank.example"});
  assert.deepEqual(report?.links, [{relation: "parent", to: "501"}]);
  assert.deepEqual(
    first?.notes.map(({by, text}) => [by, text]),
    [
      ["abuse@hosting.example", "We have asked our customer."],
      [null, "#504 page put on the block list (active)"],
    ],
  );
  assert.deepEqual(first?.links, [
    {relation: "investigation", to: "503"},
    {relation: "measure", to: "504"},
    {relation: "related", to: "https://blog.example/report"},
    {relation: "report", to: "502"},
  ]);
});

test("every ticket of the file is accounted for", () => {
  assert.deepEqual(example.rejects, [{line: 5, externalId: "505", reason: "unknown_class", text: "Query"}]);
  const {received, cases, rejects, repeats, passed} = example;
  assert.deepEqual([received, cases.length, rejects.length, repeats, passed], [5, 2, 1, 0, 2]);
});

test("the same export again has the same hashes, whatever the order of its transactions", () => {
  const exported: {tickets: unknown[]; transactions: unknown[]} = JSON.parse(fileOf("rtir.json").text);
  const turned = read({tickets: exported.tickets, transactions: exported.transactions.toReversed()});
  assert.deepEqual(
    turned.cases.map(({contentHash}) => contentHash),
    example.cases.map(({contentHash}) => contentHash),
  );
});

test("an incident that was opened again is open, and one that was abandoned is dismissed", () => {
  const status = (to: string, at: string) => ({Type: "Status", Field: "Status", NewValue: to, Created: at});
  const again = read([
    incident({
      Transactions: {items: [status("resolved", "2022-01-02T00:00:00Z"), status("open", "2022-01-03T00:00:00Z")]},
    }),
  ]);
  assert.deepEqual(statesOf(again.cases[0]), [
    "open 2022-01-01T00:00",
    "resolved 2022-01-02T00:00",
    "open 2022-01-03T00:00",
  ]);
  const gone = read({items: [incident({Status: "abandoned", Resolved: "2022-01-04T00:00:00Z"})]});
  assert.deepEqual(statesOf(gone.cases[0]), ["open 2022-01-01T00:00", "dismissed 2022-01-04T00:00"]);
  const unknown = read([incident({Status: "resolved", Resolved: "1970-01-01T00:00:00Z"})]);
  assert.deepEqual(
    statesOf(unknown.cases[0]),
    ["open 2022-01-01T00:00", "resolved ?"],
    "1970 is how RT writes that there is no time",
  );
});

test("a merged ticket says into which, and an investigation alone is a case", () => {
  const [merged] = read([incident({EffectiveId: {id: "7"}})]).cases;
  assert.deepEqual(merged?.states.at(-1), {state: "merged", at: null});
  assert.deepEqual(merged?.links, [{relation: "merged-into", to: "7"}]);
  const alone = read([
    incident({Queue: "Investigations", Requestor: {id: "noc", EmailAddress: "noc@net.example", RealName: "NOC"}}),
  ]);
  assert.deepEqual(alone.cases[0]?.parties, [{name: "NOC", contact: "noc@net.example"}]);
  assert.equal(alone.cases[0]?.states.at(-1)?.state, "notified");
});

test("queues of a constituency count as their general ones; unknown queues, missing parents and broken tickets are rejects", () => {
  const result = read([
    incident({Queue: {id: "30", Name: "Incidents - EDUNET"}}),
    incident({id: 2, Queue: {id: "9", Name: "Helpdesk"}}),
    incident({id: 3, Queue: {id: "9"}}),
    incident({id: 4, Queue: "Investigations", _hyperlinks: [{ref: "parent", id: "99"}]}),
    incident({id: 5, Queue: "Countermeasures", _hyperlinks: [{ref: "parent", id: "6"}]}),
    incident({id: 6, CustomFields: []}),
    {id: 7},
    incident({id: 8, Created: "1970-01-01T00:00:00Z"}),
    incident({id: 10, Status: "on hold"}),
  ]);
  assert.deepEqual(
    result.rejects.map(({line, reason, text}) => `${line} ${reason} ${text}`.trim()),
    [
      "2 unknown_queue Helpdesk",
      "3 unknown_queue queue 9",
      "5 no_parent 6",
      "6 unknown_class",
      "7 structure Queue: Invalid input",
      "8 bad_time 1970-01-01T00:00:00Z",
      "9 unknown_state on hold",
    ],
  );
  assert.deepEqual(
    result.cases.map(({externalId}) => externalId),
    ["1", "4"],
    "the parent of 4 is not in the file, so it stands alone",
  );
  assert.equal(result.received, result.cases.length + result.rejects.length + result.repeats + result.passed);
});

test("a word that every map of the language has is no class, state or party of ours", () => {
  const odd = incident({
    CustomFields: [
      {name: "Classification", values: ["constructor"]},
      {name: "IP", values: ["192.0.2.1"]},
    ],
  });
  assert.equal(read([odd]).rejects[0]?.reason, "unknown_class");
  assert.equal(read([incident({Status: "toString"})]).rejects[0]?.reason, "unknown_state");
});

test("a transaction that is none is named", () => {
  assert.throws(() => read({tickets: [], transactions: [{Type: "Status"}, {Type: 3}]}), {
    code: "history_unreadable",
    message: /x\.json transactions\.1\.Type: /,
  });
});

test("what is no export is refused as a whole", () => {
  for (const text of ["no json", "3", '{"message": "Unauthorized"}'])
    assert.throws(() => readRtHistory({name: "x.json", text}, mapping), {code: "history_unreadable"});
});
