/** From a number to its events, through the real command line. */
import assert from "node:assert/strict";
import {writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {watchfloor} from "./command-line.ts";
import {createDatabase} from "./database.ts";
import {makeHome, temporaryFolder} from "./site.ts";

const WEEK = "2023-02-20";
const MANY = 22_000;
const {url, drop} = await createDatabase();
after(drop);
const home = await makeHome({config: {database: {url}}});
const folder = temporaryFolder();

async function said(...words: readonly string[]): Promise<string> {
  const {code, out, err} = await watchfloor(words, {home});
  assert.deepEqual([code, err], [0, ""], `${words.join(" ")}: ${err}`);
  return out;
}

function listed(name: string, rows: readonly string[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, ["date,host", ...rows, ""].join("\n"));
  return file;
}

test("a number is explained in both languages: its value, how many events there are, and their local times", async () => {
  const rows = ["a", "b", "c"].map((name) => `2023-02-21,${name}.example.cn`);
  const file = listed("some.csv", [...rows, "2023-02-22,a.example.cn", "2023-02-21,a.example.cn"]);
  await said("ingest", file, "--feed", "defacement", "--fetched-at", "2023-02-27T01:00:00Z");
  const text = await said("explain", "--week", WEEK, "--indicator", "web.defaced", "--limit", "3");
  assert.match(text, /^web\.defaced v\d+: .*网站.* \/ .*sites/m);
  assert.match(text, /数值 3，共 5 个事件，列出 3 个 \/ value 3, 3 of 5 events/);
  assert.match(text, / 2023-02-21T00:00:00\+08:00 {2}web\.deface {2}a\.example\.cn/);
  const {events, eventCount, value} = JSON.parse(
    await said("explain", "--week", WEEK, "--indicator", "web.defaced", "--json"),
  );
  assert.deepEqual([value, eventCount, events.length], [3, 5, 5]);
  assert.equal(
    new Set(events.map(({id}: {id: string}) => id)).size,
    5,
    "equal rows are occurrences with ids of their own",
  );
  assert.equal(events[0].seenAt, "2023-02-20T16:00:00Z");
});

test("as many events as anybody asks for are explained, each with its line", {timeout: 120_000}, async () => {
  const rows = Array.from({length: MANY}, (_, index) => `2023-02-23,site-${index % (MANY - 1000)}.example.cn`);
  await said("ingest", listed("many.csv", rows), "--feed", "defacement", "--fetched-at", "2023-02-27T02:00:00Z");
  const words = ["explain", "--week", WEEK, "--indicator", "web.defaced", "--limit", String(MANY + 5), "--json"];
  const {events, eventCount, value} = JSON.parse(await said(...words));
  assert.deepEqual([value, eventCount, events.length], [MANY - 1000 + 3, MANY + 5, MANY + 5]);
  assert.equal(new Set(events.map(({id}: {id: string}) => id)).size, MANY + 5);
  for (const {asset, text} of events.slice(0, 500)) assert.ok(text.endsWith(asset), text);
});
