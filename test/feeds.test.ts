import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {FORMATS} from "../src/feeds/index.ts";
import {readCommit} from "../src/store/events/commits.ts";
import {readRejects} from "../src/store/events/rejects.ts";
import {type EventRow, eventsOf, openSite, ROOT, takeIn} from "./site.ts";

/** Each folder is a test case: an input with a line that is wrong on purpose, and what the lake says of it. */
const GOLDEN = path.join(ROOT, "test/golden/feeds");
const FETCHED_AT = "2023-02-28T00:00:00Z";
/** Columns that say which report it was and of which bytes a row is made, not what it says. */
const NOT_SHOWN = ["report", "row_hash", "feed"];

const house = await openSite({profile: "cn"});

/** What is known of a row: the columns that say something. */
function shown(row: EventRow): EventRow {
  const said = Object.entries(row).filter(
    ([column, value]) => !NOT_SHOWN.includes(column) && value !== null && value !== "" && value !== 0,
  );
  return Object.fromEntries(said);
}

test("every shipped format has a sample", () => {
  assert.deepEqual(readdirSync(GOLDEN).sort(), FORMATS.map(({name}) => name).sort());
});

for (const name of readdirSync(GOLDEN).sort()) {
  test(`${name}: the sample becomes the expected events and rejects, and no line is lost`, async () => {
    const folder = path.join(GOLDEN, name);
    const input = readdirSync(folder).find((file) => file.startsWith("input.")) ?? assert.fail(`${name} has no input`);
    const [report, ...others] = await takeIn(house, {
      feed: name,
      file: path.join(folder, input),
      fetchedAt: FETCHED_AT,
    });
    assert.ok(report !== undefined && others.length === 0);
    const commit = await readCommit(house.lake, report.id);
    const rejects = await readRejects(house.lake, commit?.rejectFile ?? null);
    const rows = await eventsOf(house, report.id);
    const made = {
      received: report.received,
      events: report.events,
      warnings: report.warnings,
      rejects: rejects.map(({line, reason}) => ({line, reason})),
      rows: rows.map(shown),
    };
    assert.equal(commit?.format, name, "the sample was read by another format");
    assert.equal(rows.length, report.events);
    assert.equal(rejects.length, report.rejects);
    assert.equal(report.events + report.rejects, report.received);
    assert.ok(rejects.length > 0, "a sample has a line that is wrong on purpose");
    const expected = path.join(folder, "expected.json");
    if (process.env["UPDATE"] === "1") writeFileSync(expected, `${JSON.stringify(made, null, 1)}\n`);
    assert.ok(existsSync(expected), "run with UPDATE=1, then read what was written");
    assert.deepEqual(made, JSON.parse(readFileSync(expected, "utf8")));
  });
}

test("the same sample again adds nothing", async () => {
  const again = await takeIn(house, {
    feed: "tweetfeed",
    file: path.join(GOLDEN, "tweetfeed/input.csv"),
    fetchedAt: FETCHED_AT,
  });
  assert.deepEqual(
    again.map(({duplicate}) => duplicate),
    [true],
  );
  const [first] = again;
  assert.equal((await eventsOf(house, first?.id ?? "")).length, first?.events);
});
