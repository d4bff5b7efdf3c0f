import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import type {DocumentFormat} from "../model/format.ts";
import {cnvd} from "./cnvd.ts";
import {cve} from "./cve.ts";
import {FORMATS} from "./index.ts";
import {kev} from "./kev.ts";
import {phishtankJson} from "./phishtank.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const GOLDEN = path.join(ROOT, "test/golden/feeds");
const SHARED = path.resolve(ROOT, process.env["WATCHFLOOR_SHARED"] ?? "../shared", "data/3-vuln");
const skip = existsSync(SHARED) ? false : "skipped: no shared data";

const documents = FORMATS.filter((format): format is DocumentFormat => format.kind === "document");

for (const format of documents) {
  test(`${format.name}: the sample gives the expected observations and rejects, and loses no record`, () => {
    const folder = path.join(GOLDEN, format.name);
    const input = readdirSync(folder).find((name) => name.startsWith("input.")) ?? "";
    const read = format.read(readFileSync(path.join(folder, input), "utf8"), {fileName: input});
    const expected = path.join(folder, "observations.json");
    if (process.env["UPDATE"] === "1") writeFileSync(expected, `${JSON.stringify(read, null, 1)}\n`);
    assert.deepEqual(JSON.parse(JSON.stringify(read)), JSON.parse(readFileSync(expected, "utf8")));
    assert.ok(read.rejects.length > 0, "a sample has a record that is wrong on purpose");
  });

  test(`${format.name}: a text of another kind is refused as a whole`, () => {
    assert.throws(() => format.read("date,host\n2023-02-20,example.org\n", {fileName: "x"}), {
      code: "report_unreadable",
    });
  });
}

test("a CNVD file that defines entities is refused before anything is expanded", () => {
  const bomb = `<!DOCTYPE v [<!ENTITY a "aaaa">]><vulnerabilitys><vulnerability><number>&a;</number></vulnerability></vulnerabilitys>`;
  assert.throws(() => cnvd.read(bomb, {fileName: "x.xml"}), {code: "report_unreadable"});
});

test("a CNVD file that was cut off keeps its whole records and rejects the last", () => {
  const whole = readFileSync(path.join(GOLDEN, "cnvd/input.xml"), "utf8");
  const first = whole.slice(0, whole.indexOf("<vulnerability><number>CNVD-2023-90002"));
  const {observations, rejects} = cnvd.read(`${first}<vulnerability><number>CNVD-2023-90002</num`, {fileName: "x.xml"});
  assert.deepEqual(
    observations.map(({vuln}) => vuln),
    ["CNVD-2023-90001"],
  );
  assert.deepEqual(
    rejects.map(({line, reason}) => ({line, reason})),
    [{line: 4, reason: "structure"}],
  );
});

test("a PhishTank page names its address, and the brand Other is none", () => {
  const [first, second] = phishtankJson.read(readFileSync(path.join(GOLDEN, "phishtank-json/input.json"), "utf8"), {
    fileName: "input.json",
  }).observations;
  assert.equal(first?.ip, "192.0.2.77");
  assert.equal(first?.brand, "Example Bank");
  assert.equal(second?.brand, undefined);
});

test("the six weeks of CNVD give each vulnerability once, by severity as independently counted", {skip}, () => {
  const counts = JSON.parse(readFileSync(path.resolve(SHARED, "../weekly-counts.json"), "utf8"))["cnvd"];
  const folder = path.join(SHARED, "cnvd");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".xml"))) {
    const {observations, rejects} = cnvd.read(readFileSync(path.join(folder, name), "utf8"), {fileName: name});
    assert.deepEqual(rejects, [], name);
    const of = (severity: string): number => observations.filter((each) => each.severity === severity).length;
    const {event_type: kinds, ...stated} = counts[name];
    assert.deepEqual(
      {
        total: observations.length,
        high: of("high"),
        medium: of("medium"),
        low: of("low"),
        with_cve: observations.filter(({extra}) => extra?.["cve"] !== undefined).length,
        with_patch: observations.filter(({extra}) => extra?.["patchName"] !== undefined).length,
      },
      stated,
      name,
    );
    assert.deepEqual([...new Set(observations.map(({extra}) => extra?.["isEvent"]))], Object.keys(kinds));
    assert.equal(new Set(observations.map(({vuln}) => vuln)).size, observations.length);
  }
});

test("the catalogue of exploited vulnerabilities gives as many entries as it says itself", {skip}, () => {
  const text = readFileSync(path.join(SHARED, "kev/kev-2025-08-25.json"), "utf8");
  const {observations, rejects} = kev.read(text, {fileName: "kev.json"});
  assert.equal(observations.length, JSON.parse(text).count);
  assert.deepEqual(rejects, []);
  const lines = text.split("\n");
  for (const {line, vuln} of observations) assert.ok(lines[line]?.includes(`"${vuln}"`), `line of ${vuln}`);
});

test("real CVE records are read one a line or one a file; a rejected one is counted, not kept", {skip}, () => {
  const folder = path.join(SHARED, "cve5");
  const lines = readFileSync(path.join(folder, "sample-2024.jsonl"), "utf8");
  const all = cve.read(lines, {fileName: "sample.jsonl"});
  assert.equal(all.observations.length + all.rejects.length, lines.trim().split("\n").length);
  assert.deepEqual(
    all.rejects.map(({reason}) => reason),
    ["withdrawn"],
  );
  for (const name of readdirSync(path.join(folder, "week-2023-02-20"))) {
    const one = cve.read(readFileSync(path.join(folder, "week-2023-02-20", name), "utf8"), {fileName: name});
    assert.deepEqual(
      one.observations.map(({vuln}) => `${vuln}.json`),
      [name],
    );
  }
});
