import assert from "node:assert/strict";
import {writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {watchfloor} from "./command-line.ts";
import {makeHome, temporaryFolder} from "./site.ts";
import {zipOf} from "./zip.ts";

/** Several deliveries in one command, one of them wrong: what went in is said, what failed is named. */
const HEADER = "date,URL,description\n";
const PHISH = (day: string): string => `${HEADER}2023/02/2${day} 10:00:00,https://a.example/${day},Example Bank\n`;
const WORDS = ["--feed", "jpcert-phishurl", "--fetched-at", "2023-02-28T00:00:00Z"];

const folder = temporaryFolder();
const home = await makeHome();

function fileOf(name: string, bytes: string | Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

interface Answer {
  readonly reports: readonly {file: string; events: number; duplicate: boolean}[];
  readonly failed: readonly {file: string; code: string; message: string}[];
}

const good = fileOf("good.csv", PHISH("1"));
const empty = fileOf("empty.csv", "");
const later = fileOf("later.csv", PHISH("2"));

test("a file that cannot be taken in costs neither the answer of those before it nor those after it", async () => {
  const ran = await watchfloor(["ingest", good, empty, later, ...WORDS, "--json"], {home});
  assert.equal(ran.code, 1);
  const {reports, failed}: Answer = JSON.parse(ran.out);
  assert.deepEqual(
    reports.map(({file, events}) => [file, events]),
    [
      ["good.csv", 1],
      ["later.csv", 1],
    ],
  );
  assert.deepEqual(
    failed.map(({file, code}) => [file, code]),
    [[empty, "report_empty"]],
  );
  assert.match(
    ran.err,
    /^watchfloor ingest: \S+empty\.csv was not taken in .*The report is empty.*Check the feed.*\n$/,
  );
});

test("a person is told the same: what went in on standard output, what failed on standard error", async () => {
  const ran = await watchfloor(["ingest", good, empty, path.join(folder, "none.csv"), ...WORDS], {home});
  assert.equal(ran.code, 1);
  assert.match(ran.out, /good\.csv +1 received +1 events +0 rejects +already in\n/);
  assert.match(ran.err, /^watchfloor ingest: \S+empty\.csv [^\n]+\nwatchfloor ingest: \S+none\.csv [^\n]+\n$/);
});

test("the members of an archive before the wrong one are in, and said to be", async () => {
  const zip = zipOf(["a.csv", Buffer.from(PHISH("3"))], ["b.csv", Buffer.alloc(0)]);
  const ran = await watchfloor(["ingest", fileOf("days.zip", zip), ...WORDS, "--json"], {home});
  const {reports, failed}: Answer = JSON.parse(ran.out);
  assert.deepEqual(
    [ran.code, reports.map(({file}) => file), failed.map(({code}) => code)],
    [1, ["a.csv"], ["report_empty"]],
  );
});

test("with nothing taken in at all the answer is empty, and an unknown feed is said once", async () => {
  const none = await watchfloor(["ingest", empty, empty, ...WORDS, "--json"], {home});
  const {reports, failed}: Answer = JSON.parse(none.out);
  assert.deepEqual([none.code, reports, failed.length], [1, [], 2]);
  const wrong = await watchfloor(["ingest", good, later, "--feed", "jpcert"], {home});
  assert.deepEqual([wrong.code, wrong.out], [1, ""]);
  assert.match(wrong.err, /^[^\n]*no feed of that name[^\n]*\n$/);
});
