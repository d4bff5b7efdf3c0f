/** Work that goes on by itself: when it is due, by one process at a time, and again when it has failed. */
import assert from "node:assert/strict";
import test, {after} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {sql} from "kysely";
import pg from "pg";
import {type House, openHouse} from "../../src/app/house.ts";
import {type Jobs, type JobsChoice, openJobs} from "../../src/app/jobs/jobs.ts";
import type {Tick} from "../../src/app/jobs/ticks.ts";
import {listDrafts, reviewsOf} from "../../src/store/editions.ts";
import {fetchRuns, fetchStates} from "../../src/store/fetches.ts";
import {freshReport, openListed} from "../fetch/listed.ts";
import {openWeb} from "../web.ts";
import {FAST, watched} from "./watched.ts";

const web = await openWeb((_, response) => response.end(freshReport()));
after(() => web.close());
const http = (path: string): object => ({http: {url: `${web.url}/${path}`, allowPrivate: true}});

let time = new Date("2026-11-25T00:00:00Z");
const later = (seconds: number): void => {
  time = new Date(time.getTime() + seconds * 1000);
};
const start = (house: House, choice: JobsChoice = {}, log = watched()): Jobs => {
  const jobs = openJobs(house, log, {clock: () => time, lookSeconds: 3600, pace: FAST, ...choice});
  after(() => jobs.close());
  return jobs;
};
const asked = (path: string): number => web.asked.filter((each) => each.path === `/${path}`).length;
/** Waits for what a look brings about; looks again, as what was sent last may have been under way. */
const untilLooked = (jobs: Jobs, what: string, isSo: () => Promise<boolean>): Promise<void> =>
  until(what, async () => {
    await jobs.look();
    return isSo();
  });
async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 300; left > 0; left--) {
    if (await isSo()) return;
    await sleep(100);
  }
  assert.fail(`never: ${what}`);
}

test("a feed is fetched when it is due, by the time that is handed in, and not before", async () => {
  const house = await openListed({
    hourly: {fetch: {every: 60, from: http("hourly")}},
    off: {enabled: false, fetch: {every: 1, from: http("off")}},
    "by-hand": {},
  });
  const jobs = start(house);
  await jobs.started;
  const {db} = await house.database();
  const runs = async (): Promise<number> => (await fetchRuns(db, "hourly", {limit: 99})).length;
  await until("the first fetch", async () => (await runs()) === 1);
  await jobs.look();
  later(3000);
  await jobs.look();
  await sleep(1500);
  assert.equal(await runs(), 1, "not due yet");
  later(600);
  await untilLooked(jobs, "the second fetch", async () => (await runs()) === 2);
  assert.deepEqual((await fetchRuns(db, "hourly", {limit: 1}))[0]?.begunAt, time);
  assert.equal(asked("off"), 0);
  await jobs.close();
});

test("a failure that may pass is tried again soon, one that does not waits for the schedule", async () => {
  const house = await openListed({
    shaky: {fetch: {every: 600, from: http("shaky")}},
    denied: {fetch: {every: 600, from: http("denied")}},
  });
  web.answer = ({path}, response) => {
    if (path === "/denied") response.writeHead(401).end();
    else if (asked("shaky") < 3) response.writeHead(503).end();
    else response.end(freshReport());
  };
  const log = watched();
  const jobs = start(house, {}, log);
  await jobs.started;
  const {db} = await house.database();
  await until("the third try", async () => (await fetchRuns(db, "shaky", {limit: 9}))[0]?.outcome === "fetched");
  assert.deepEqual(
    (await fetchRuns(db, "shaky", {limit: 9})).map(({outcome}) => outcome),
    ["fetched", "failed", "failed"],
  );
  assert.equal((await fetchStates(db)).get("shaky")?.failures, 0);
  assert.equal(asked("denied"), 1);
  assert.match(log.text(), /feed denied: failed: access was denied \(401/);
  await jobs.close();
});

test("many processes that start at once on a new database do each thing once", async () => {
  const house = await openListed({shared: {fetch: {every: 60, from: http("shared")}}});
  web.answer = (_, response) => void setTimeout(() => response.end(freshReport()), 300);
  let running = 0;
  let most = 0;
  const done: string[] = [];
  const tick: Tick = {
    name: "count",
    everySeconds: 600,
    run: async (_house, now) => {
      most = Math.max(most, ++running);
      await sleep(200);
      running--;
      done.push(now.toISOString());
    },
  };
  const houses = await Promise.all([1, 2, 3].map(() => openHouse(house.home, {engine: house.engine})));
  const all = houses.map((each) => start(each, {ticks: [tick]}));
  await Promise.all(all.map((jobs) => jobs.started));
  for (let round = 0; round < 3; round++) {
    for (const [what, times] of [
      ["the tick", () => done.length],
      ["the fetch", () => asked("shared")],
    ] as const) {
      await until(what, async () => {
        await Promise.all(all.map((jobs) => jobs.look()));
        return times() === round + 1;
      });
    }
    await until(
      "the run",
      async () => (await fetchRuns((await house.database()).db, "shared", {limit: 9})).length === round + 1,
    );
    later(3600);
  }
  await sleep(1500);
  assert.equal(done.length, 3);
  assert.equal(asked("shared"), 3);
  assert.equal(most, 1);
  await Promise.all(all.map((jobs) => jobs.close()));
  await Promise.all(houses.map((each) => each.close()));
});

test("recurring work that fails is tried again, is logged, and keeps nothing else from being done", async () => {
  const house = await openListed({});
  let [tries, others] = [0, 0];
  const ticks: Tick[] = [
    {
      name: "failing",
      everySeconds: 600,
      run: async () => {
        if (++tries < 3) throw new Error("not yet");
      },
    },
    {name: "other", everySeconds: 600, run: async () => void others++},
  ];
  const log = watched();
  const jobs = start(house, {ticks}, log);
  await jobs.started;
  await until("the third try", () => tries === 3);
  assert.equal(others, 1);
  assert.match(log.text(), /failing failed; it is tried again/);
  await jobs.close();
});

test("a role that may make no schema works with one that an administrator has made", async () => {
  const house = await openListed({});
  const {db} = await house.database();
  const {rows} = await sql<{
    name: string;
    role: string;
  }>`SELECT current_database() AS name, current_user AS role`.execute(db);
  const [{name = "", role = ""} = {}] = rows;
  await sql.raw(`CREATE SCHEMA jobs; REVOKE CREATE ON DATABASE ${name} FROM ${role}`).execute(db);
  const probe = await sql`CREATE SCHEMA another`.execute(db).then(
    () => "may",
    () => "may not",
  );
  assert.equal(probe, "may not");
  const jobs = start(house);
  await jobs.started;
  await jobs.close();
});

test("on Monday morning, and not before, the edition of last week is drafted, once", async () => {
  const monday = "2026-11-30";
  const house = await openListed({list: {fetch: {every: 10_000, from: http("list")}}}, {profile: "generic"});
  web.answer = (_, response) => response.end(freshReport(3));
  time = new Date(`${monday}T07:59:00Z`);
  const jobs = start(house);
  await jobs.started;
  const {db} = await house.database();
  await until("events of the week", async () => (await fetchRuns(db, "list", {limit: 1})).length === 1);
  await sleep(1500);
  assert.deepEqual(await listDrafts(db), [], "it is not 8 yet");
  later(301);
  await untilLooked(jobs, "the draft", async () => (await listDrafts(db)).length === 1);
  assert.deepEqual(
    (await listDrafts(db)).map(({week, state}) => [week, state]),
    [["2026-11-23", "draft"]],
  );
  assert.equal((await reviewsOf(db, "2026-11-23"))[0]?.by, "watchfloor");
  later(3600);
  await jobs.look();
  await sleep(1500);
  assert.equal((await reviewsOf(db, "2026-11-23")).length, 1);
  await jobs.close();
});

test("after a stop nothing runs any more, and what was broken off can be begun at once", async () => {
  const house = await openListed({hanging: {fetch: {every: 60, from: http("hanging")}}});
  web.answer = () => undefined;
  const jobs = start(house);
  await jobs.started;
  await until("the request", () => asked("hanging") === 1);
  const from = performance.now();
  await jobs.close();
  assert.ok(performance.now() - from < 4000, "within the time of a stop");
  const {db} = await house.database();
  assert.equal((await fetchStates(db)).get("hanging")?.isRunning, false);
});

test("a database that cannot be reached is waited for, and said once", async () => {
  const house = await openListed({});
  const gone = await openHouse(house.home, {engine: house.engine});
  let tries = 0;
  const away: House = {
    ...gone,
    database: () => {
      tries++;
      return tries < 3 ? Promise.reject(new pg.DatabaseError("terminating", 1, "error")) : gone.database();
    },
  };
  const log = watched();
  const jobs = start(away, {}, log);
  await jobs.started;
  assert.equal(log.text().match(/the jobs wait/g)?.length, 1);
  assert.match(log.text(), /the jobs go on/);
  await jobs.close();
  await gone.close();
});
