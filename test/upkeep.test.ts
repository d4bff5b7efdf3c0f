/** The work that the server does by itself: a week is counted before anybody asks. */
import assert from "node:assert/strict";
import {statSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {keepWeeksCounted} from "../src/app/upkeep.ts";
import {openSite, ROOT, takeIn} from "./site.ts";

const FETCHED = "2023-02-27T00:00:00Z";
const EVERY_SECONDS = 0.1;

test("a week is counted soon after its reports came in, and only then", {timeout: 120_000}, async () => {
  const house = await openSite();
  const lines: string[] = [];
  const upkeep = keepWeeksCounted(
    house,
    {info: (text) => lines.push(text), error: (error, text) => lines.push(`${text}: ${error}`)},
    EVERY_SECONDS,
  );
  const counts = path.join(house.lake, "weeks/2023-02-20/counts.json");
  const saidTimes = async (times: number): Promise<void> => {
    while (lines.length < times) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.deepEqual(lines, [], "an empty lake is nothing to tell of");

  await takeIn(house, {
    feed: "defacement",
    file: path.join(ROOT, "test/golden/feeds/defacement/input.csv"),
    fetchedAt: FETCHED,
  });
  await saidTimes(1);
  assert.match(lines[0] ?? "", /counts of \d+ weeks are up to date/);
  const first = statSync(counts).mtimeMs;

  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(lines.length, 1, "nothing new came in");
  await takeIn(house, {
    feed: "backdoor",
    file: path.join(ROOT, "test/golden/feeds/backdoor/input.csv"),
    fetchedAt: FETCHED,
  });
  await saidTimes(2);
  assert.ok(statSync(counts).mtimeMs > first);
  await upkeep.close();
  assert.doesNotMatch(lines.join("\n"), /could not/);
});
