/** A watched folder: each file once, and none that is still being written. */
import assert from "node:assert/strict";
import {existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {type Fetched, fetchFeed} from "../../src/app/fetch/fetch.ts";
import {listReports} from "../../src/store/report-records.ts";
import {temporaryFolder} from "../site.ts";
import {freshReport, NOW, openListed} from "./listed.ts";

const kept = temporaryFolder();
const moved = temporaryFolder();
const from = (folder: object): object => ({fetch: {every: 5, from: {folder: {pattern: "*.csv", ...folder}}}});
const house = await openListed({
  kept: from({path: kept}),
  moved: from({path: moved, after: "move"}),
  inside: from({path: "incoming"}),
});
const fetchNow = (feed: string): Promise<Fetched> => fetchFeed(house, feed, {now: NOW});
const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

/** Puts a file down that was last written to so many minutes ago. */
function put(folder: string, name: string, text = freshReport(), minutes = 10): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  utimesSync(file, minutesAgo(minutes), minutesAgo(minutes));
  return file;
}
const files = async (feed: string): Promise<string[]> =>
  (await listReports(house.home, feed)).map(({fileName}) => fileName).sort();

test("files are taken once, in the order of their names, and stay", async () => {
  put(kept, "b.csv");
  put(kept, "a.csv", freshReport(3));
  const first = await fetchNow("kept");
  assert.deepEqual([first.outcome, first.newReports, first.received], ["fetched", 2, 4]);
  assert.deepEqual(await files("kept"), ["a.csv", "b.csv"]);
  const second = await fetchNow("kept");
  assert.deepEqual([second.outcome, second.reports], ["unchanged", 0], "they are not even read again");
  put(kept, "a.csv", freshReport(2), 5);
  assert.equal((await fetchNow("kept")).received, 2, "the file of the same name is another report");
  put(kept, "copy-of-a.csv", freshReport(0));
  assert.deepEqual(readdirSync(kept).sort(), ["a.csv", "b.csv", "copy-of-a.csv"]);
});

test("what is still being written, hidden, a link, a folder or called otherwise is not taken", async () => {
  const before = await files("moved");
  put(moved, "growing.csv", freshReport(), 0);
  put(moved, "upload.csv.part");
  put(moved, ".hidden.csv");
  put(moved, "notes.txt");
  mkdirSync(path.join(moved, "folder.csv"));
  symlinkSync("/etc/passwd", path.join(moved, "link.csv"));
  assert.equal((await fetchNow("moved")).reports, 0);
  assert.deepEqual(await files("moved"), before);
  utimesSync(path.join(moved, "growing.csv"), minutesAgo(1), minutesAgo(1));
  assert.equal((await fetchNow("moved")).newReports, 1, "it is at rest now");
});

test("a file that was taken is moved away, one that cannot be read is put aside, and both are told", async () => {
  put(moved, "good.csv");
  put(moved, "bad.csv", "<html>what is this</html>");
  put(moved, "empty.csv", "");
  const run = await fetchNow("moved");
  assert.deepEqual([run.outcome, run.newReports, run.refused], ["partial", 1, 2]);
  assert.match(run.problem?.words.en ?? "", /empty\.csv/);
  assert.deepEqual(readdirSync(path.join(moved, "refused")).sort(), ["bad.csv", "empty.csv"]);
  assert.ok(existsSync(path.join(moved, "taken/good.csv")) && !existsSync(path.join(moved, "good.csv")));
  put(moved, "good.csv");
  assert.equal((await fetchNow("moved")).outcome, "fetched");
  assert.equal(
    readdirSync(path.join(moved, "taken")).filter((name) => name.endsWith("good.csv")).length,
    2,
    "none is written over",
  );
});

test("a refused file that stays is not tried again and again, but again when it was mended", async () => {
  put(kept, "odd.csv", "no,such,header\n1,2,3\n");
  assert.equal((await fetchNow("kept")).refused, 1);
  assert.equal((await fetchNow("kept")).refused, 0);
  put(kept, "odd.csv", freshReport(), 3);
  assert.equal((await fetchNow("kept")).newReports, 1);
});

test("a folder that is not there is said so, and may come back", async () => {
  const run = await fetchNow("inside");
  assert.equal(run.problem?.code, "folder-missing");
  assert.ok(run.isPassing);
  mkdirSync(path.join(house.home, "incoming"));
  put(path.join(house.home, "incoming"), "day.csv");
  assert.equal((await fetchNow("inside")).outcome, "fetched");
});
