/** Several processes that fetch the same feeds, and what happens when one of them is killed or stands still. */
import assert from "node:assert/strict";
import {readdirSync, utimesSync, writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {fetchFeed} from "../../src/app/fetch/fetch.ts";
import {type House, openHouse} from "../../src/app/house.ts";
import {openJobs} from "../../src/app/jobs/jobs.ts";
import {readCommit} from "../../src/store/events/commits.ts";
import {fetchRuns, fetchStates} from "../../src/store/fetches.ts";
import {findPostmaster} from "../../src/store/postgres/postmaster.ts";
import {listReports} from "../../src/store/report-records.ts";
import {freshReport, openListed} from "../fetch/listed.ts";
import {temporaryFolder} from "../site.ts";
import {type Started, startProcess} from "../started.ts";
import {openWeb} from "../web.ts";
import {FAST, watched} from "./watched.ts";

const WORKER = "test/jobs/worker.ts";
const REPORT = freshReport(5);
const web = await openWeb((_, response) => response.end(REPORT));
after(() => web.close());
const started: Started[] = [];
after(async () => {
  for (const each of started) each.process.kill("SIGKILL");
});

const HTTP = {fetch: {every: 60, from: {http: {url: `${web.url}/list.csv`, allowPrivate: true}}}};

function startWorker(house: House, ...words: readonly string[]): Started {
  const worker = startProcess(WORKER, [house.home, ...words], house.home);
  started.push(worker);
  return worker;
}
async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 600; left > 0; left--) {
    if (await isSo()) return;
    await sleep(100);
  }
  assert.fail(`never: ${what}`);
}
const runsOf = async (house: House, feed: string): Promise<string[]> =>
  (await fetchRuns((await house.database()).db, feed, {limit: 99})).map(({outcome}) => outcome);
/** Rows of all reports of a feed that are in. */
async function rowsOf(house: House, feed: string): Promise<number> {
  const commits = await Promise.all((await listReports(house.home, feed)).map(({id}) => readCommit(house.lake, id)));
  return commits.reduce((sum, commit) => sum + (commit?.received ?? 0), 0);
}
/** The first request hangs in the middle of its answer; the ones after it are answered. */
function hangOnce(etag = '"whole"'): void {
  const before = web.asked.length;
  web.answer = (_, response) => {
    response.writeHead(200, {etag: web.asked.length - before === 1 ? '"hanging"' : etag});
    if (web.asked.length - before > 1) response.end(REPORT);
    else response.write(REPORT.slice(0, 20));
  };
}

test("of two that fetch a feed at once, one does and the other is told", async () => {
  const house = await openListed({list: HTTP});
  web.answer = (_, response) => void setTimeout(() => response.end(REPORT), 300);
  const before = web.asked.length;
  const both = await Promise.allSettled([1, 2].map(() => fetchFeed(house, "list", {now: new Date()})));
  assert.deepEqual(both.map(({status}) => status).sort(), ["fulfilled", "rejected"]);
  assert.match(String(both.find((each) => each.status === "rejected")?.reason), /being fetched at this moment/);
  assert.equal(web.asked.length, before + 1);
});

test("a worker that is killed in the middle of a download is followed by another one, and the report is in once", async (context) => {
  const house = await openListed({list: HTTP});
  hangOnce();
  const before = web.asked.length;
  const victim = startWorker(house, "jobs", "", "10");
  await until("the request", () => web.asked.length === before + 1);
  const jobs = openJobs(house, watched(), {lookSeconds: 1, pace: FAST});
  await jobs.started;
  await sleep(1500);
  assert.equal(web.asked.length, before + 1, "while it lives nobody else fetches");
  victim.process.kill("SIGKILL");
  const from = performance.now();
  await until("the other one", async () => (await runsOf(house, "list")).includes("fetched"));
  context.diagnostic(`taken over after ${((performance.now() - from) / 1000).toFixed(1)} s`);
  assert.deepEqual(await runsOf(house, "list"), ["fetched", "lost"]);
  assert.equal(await rowsOf(house, "list"), 5);
  await jobs.close();
});

test("a worker that stood still and comes back changes nothing that another one has done meanwhile", async () => {
  const house = await openListed({list: HTTP});
  hangOnce('"of the second"');
  const before = web.asked.length;
  let finish = (): void => undefined;
  const {answer} = web;
  web.answer = (asked, response) => {
    if (web.asked.length - before === 1) finish = () => response.end(REPORT.slice(20));
    answer(asked, response);
  };
  const sleeper = startWorker(house, "fetch", "list", "2");
  await until("the request", () => web.asked.length === before + 1);
  sleeper.process.kill("SIGSTOP");
  await sleep(2500);
  const second = await fetchFeed(house, "list", {now: new Date()});
  assert.equal(second.outcome, "fetched");
  finish();
  sleeper.process.kill("SIGCONT");
  await sleeper.ended;
  assert.match(sleeper.answer(), /refused fetch_overtaken/);
  assert.deepEqual(await runsOf(house, "list"), ["fetched", "lost"]);
  assert.equal(await rowsOf(house, "list"), 5);
  const {db} = await house.database();
  const {memory} = await db.selectFrom("fetch_states").select("memory").executeTakeFirstOrThrow();
  assert.equal(memory["etag"], '"of the second"');
});

test("however often a fetch of many files is killed, in the end each file is in once and moved away", async () => {
  const incoming = temporaryFolder();
  const house = await openListed({
    files: {fetch: {every: 60, from: {folder: {path: incoming, after: "move", settleSeconds: 0}}}},
  });
  for (let file = 0; file < 12; file++) {
    writeFileSync(path.join(incoming, `day-${file}.csv`), freshReport(file + 1));
    utimesSync(path.join(incoming, `day-${file}.csv`), 1_700_000_000, 1_700_000_000);
  }
  await house.database();
  let kills = 0;
  for (let wait = 150; kills < 6; wait += 450) {
    const worker = startWorker(house, "fetch", "files", "1");
    await worker.says("started");
    await sleep(wait);
    if (worker.process.exitCode !== null) break;
    worker.process.kill("SIGKILL");
    await worker.ended;
    kills++;
    await sleep(1100); // until its lease has run out
  }
  assert.ok(kills >= 3, `${kills} kills`);
  await until("the rest", async () => (await fetchFeed(house, "files", {now: new Date()}).catch(() => null)) !== null);
  assert.equal(await rowsOf(house, "files"), 78);
  assert.equal((await listReports(house.home, "files")).length, 12);
  assert.deepEqual(readdirSync(incoming), ["taken"]);
  assert.equal(readdirSync(path.join(incoming, "taken")).length, 12);
});

test("when the database is killed the jobs go on with the one that is started again", async () => {
  const listed = await openListed({list: HTTP}, {database: {url: null}});
  const house = await openHouse(listed.home, {engine: listed.engine});
  const log = watched();
  web.answer = (_, response) => response.end(freshReport());
  let time = Date.now();
  const jobs = openJobs(house, log, {lookSeconds: 1, pace: FAST, clock: () => new Date(time)});
  await jobs.started;
  const {db} = await house.database();
  for (let round = 1; round <= 3; round++) {
    await until(`fetch ${round}`, async () => (await runsOf(house, "list").catch(() => [])).length >= round);
    const server = findPostmaster(path.join(house.home, "postgres/data"));
    assert.ok(server);
    process.kill(server.pid, "SIGKILL");
    time += 3_600_000;
  }
  await until("the last", async () => (await runsOf(house, "list").catch(() => [])).length >= 4);
  assert.equal((await fetchStates(db)).get("list")?.problem, null);
  await jobs.close();
  await house.close();
});
