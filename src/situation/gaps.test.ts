import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import type {FeedWeek} from "../model/indicator.ts";
import {addDays} from "../model/week.ts";
import {fedClasses, gapsOf} from "./gaps.ts";
import {INDICATORS} from "./indicators.ts";

const NOW = "2023-02-20";
const ago = (weeks: number): string => addDays(NOW, -7 * weeks);

/** A feed's weeks, the last one is this week; null is a week without any report. */
function weeks(
  events: readonly (number | null)[],
  feed = "bots",
  classes: readonly string[] = ["mal.bot"],
): FeedWeek[] {
  return events.flatMap((count, at) =>
    count === null ? [] : [{feed, week: ago(events.length - 1 - at), reports: 7, events: count, classes}],
  );
}

const gaps = (deliveries: readonly FeedWeek[], expected: readonly string[] = []) =>
  gapsOf({week: NOW, deliveries, expected, definitions: INDICATORS});

test("a feed that falls silent is a gap of the indicators that it told of, not a threat that fell", () => {
  const found = gaps([
    ...weeks([1000, 1200, 900, 1100, null]),
    ...weeks([50, 50, 50, 50, 50], "deface", ["web.deface"]),
  ]);
  const gap = {feed: "bots", kind: "silent" as const, delivered: 0, usual: 1050};
  assert.deepEqual(found.gaps, [gap]);
  assert.deepEqual(found.byIndicator.get("host.trojan_bot"), [gap]);
  assert.equal(found.byIndicator.has("web.defaced"), false);
});

test("a feed stays a gap in the second and the tenth week of its silence", () => {
  for (const silent of [2, 5, 10]) {
    const found = gaps(weeks([1000, 1000, 1000, ...Array.from({length: silent}, () => null)]));
    assert.equal(found.gaps[0]?.kind, "silent", `${silent} weeks`);
  }
});

test("a feed that breaks in the middle of the week is far less than usual", () => {
  const found = gaps(weeks([1000, 1200, 900, 1100, 200]));
  assert.deepEqual(found.gaps, [{feed: "bots", kind: "far-less", delivered: 200, usual: 1050}]);
});

test("a report that holds only its header is a delivery of nothing, far less than usual", () => {
  assert.deepEqual(gaps(weeks([1000, 1000, 1000, 0])).gaps, [
    {feed: "bots", kind: "far-less", delivered: 0, usual: 1000},
  ]);
});

test("the dip of Chinese New Year is no gap, neither is the return to normal after it", () => {
  const year = [1000, 1100, 950, 1050, 980];
  assert.deepEqual(gaps(weeks([...year, 260])).gaps, []);
  assert.deepEqual(gaps(weeks([...year, 260, 450])).gaps, []);
  assert.deepEqual(gaps(weeks([...year, 260, 450, 1000])).gaps, []);
});

test("one enormous week before does not make this week a gap", () => {
  assert.deepEqual(gaps(weeks([1000, 1000, 50_000, 1000, 1000])).gaps, []);
});

test("a small feed goes up and down by chance and is no gap until it is silent", () => {
  assert.deepEqual(gaps(weeks([6, 3, 9, 5, 1])).gaps, []);
  assert.equal(gaps(weeks([6, 3, 9, 5, null])).gaps[0]?.kind, "silent");
});

test("a feed of its first weeks is not judged by how much it delivers", () => {
  assert.deepEqual(gaps(weeks([1000])).gaps, []);
  assert.deepEqual(gaps(weeks([1000, 10])).gaps, []);
  assert.deepEqual(gaps(weeks([1000, 1000, 10])).gaps, []);
  assert.equal(gaps(weeks([1000, 1000, 1000, 10])).gaps[0]?.kind, "far-less");
});

test("a feed that delivered once is not missed, one that delivered twice in a row is", () => {
  assert.deepEqual(gaps(weeks([1000, null])).gaps, []);
  assert.equal(gaps(weeks([1000, 1000, null])).gaps[0]?.kind, "silent");
});

test("a monthly feed is not missed in the weeks between, and a weekly one with a hole is", () => {
  assert.deepEqual(gaps(weeks([500, null, null, null, 500, null, null, null, 500, null])).gaps, []);
  assert.equal(gaps(weeks([500, 500, null, 500, null, 500, null])).gaps[0]?.kind, "silent");
});

test("a feed that is switched on and never delivered is a gap of no indicator", () => {
  const found = gaps(weeks([10, 10], "other"), ["bots", "other"]);
  assert.deepEqual(found.gaps, [{feed: "bots", kind: "silent", delivered: 0, usual: null}]);
  assert.equal(found.byIndicator.size, 0);
});

test("a feed that ended long ago is forgotten unless it is still switched on", () => {
  const ended = weeks([1000, 1000, 1000, ...Array.from({length: 13}, () => null)]);
  assert.deepEqual(gaps(ended).gaps, []);
  assert.deepEqual(gaps(ended, ["bots"]).gaps, [{feed: "bots", kind: "silent", delivered: 0, usual: 1000}]);
});

test("gaps do not depend on the order of the rows, and weeks to come say nothing", () => {
  const rows = [
    ...weeks([1000, 1200, 900, 1100, 200]),
    ...weeks([9, 9, 9, null], "other"),
    ...weeks([5, 5, 5], "third"),
  ];
  const later: FeedWeek = {feed: "bots", week: addDays(NOW, 7), reports: 1, events: 9_000_000, classes: ["mal.c2"]};
  const expected = gaps(rows);
  fc.assert(
    fc.property(fc.shuffledSubarray([...rows, later], {minLength: rows.length + 1}), (shuffled) => {
      assert.deepEqual(gaps(shuffled), expected);
    }),
  );
});

test("what the delivering feeds told of in any week is what this week's zeros can be believed of", () => {
  const rows = [
    ...weeks([5, 0], "a", ["web.deface"]),
    ...weeks([5, null], "b", ["mal.bot"]),
    {feed: "c", week: NOW, reports: 0, events: 0, classes: ["mal.c2"]},
  ];
  assert.deepEqual(fedClasses(NOW, rows), new Set(["web.deface"]));
});

const SHARED = path.resolve(import.meta.dirname, "../..", process.env.WATCHFLOOR_SHARED ?? "../shared");
const CNVD = path.join(SHARED, "data/3-vuln/cnvd/weekly-counts-2015..2023.csv");
const skip = existsSync(CNVD) ? false : "skipped: no shared data";

test("in eight years of real weekly deliveries holidays are hardly ever taken for a gap", {skip}, () => {
  const [header = "", ...lines] = readFileSync(CNVD, "utf8").replace("\uFEFF", "").trim().split(/\r?\n/);
  const [day, count] = [header.split(",").indexOf("first_openTime"), header.split(",").indexOf("vulns")];
  const counts = lines
    .map((line) => line.split(","))
    .filter((cells) => cells[day] !== "")
    .sort((a, b) => ((a[day] ?? "") < (b[day] ?? "") ? -1 : 1))
    .map((cells) => Number(cells[count]));
  const flagged = counts
    .slice(12)
    .filter((_, at) => gaps(weeks(counts.slice(at, at + 13), "cnvd", ["vuln.new"])).gaps.length > 0);
  assert.equal(counts.length - 12, 440);
  assert.equal(flagged.length, 3);
});
