import assert from "node:assert/strict";
import {cpSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {openEngine} from "../../src/store/events/engine.ts";
import {openLake} from "../lake.ts";
import {doStep, eventsIn, look, ROWS, textOf} from "./scene.ts";
import {SIZE} from "./size.ts";
import {doWith, type Fault, type Met, whyNoStrace} from "./traced.ts";

/**
 * TRUST.md R2, R4: one operation is done with a fault at its first, second, third ... call that changes the disk, until it
 * ends without having met it; with every change only at those calls that part one state of the lake from the next.
 */
const skip = whyNoStrace();
/** So slowly a process may end when its disk has failed. */
const END_MS = 10_000;

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-points-"));
const engine = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 600, maxMemoryBytes: 1_600_000_000});
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

/** What an operation is done to, and how many reports are in afterwards. */
const OPERATIONS = {
  take: {before: 1, step: "take:1", reports: 2},
  replay: {before: 2, step: "replay:1", reports: 2},
  compact: {before: 2, step: "compact", reports: 2},
  count: {before: 2, step: "count", reports: 2},
} as const;
type Operation = keyof typeof OPERATIONS;

/** Homes with so many reports, and what the events of two are. */
const homes = [0, 1, 2].map((reports) => path.join(FOLDER, `with-${reports}`));
const expected = (async () => {
  for (const [reports, home] of homes.entries())
    for (let number = 0; number < reports; number++) await openLake(engine, home).take(textOf(number));
  return eventsIn(openLake(engine, homes[2] ?? ""));
})();

let count = 0;

/** Does the operation with the fault, looks at what it left, and does the same again as the next run of a site would. */
async function meet(operation: Operation, fault: Fault): Promise<Met> {
  const {before, step, reports} = OPERATIONS[operation];
  const events = await expected;
  const home = path.join(FOLDER, `home-${++count}`);
  cpSync(homes[before] ?? "", home, {recursive: true});
  const met = await doWith(home, step, fault);

  const lake = openLake(engine, home);
  const {rows} = await look(lake);
  const acknowledged = met.said.startsWith("done") ? reports : before;
  assert.ok(rows.size >= acknowledged, `${rows.size} reports are in after ${met.said}: ${JSON.stringify(fault)}`);
  await doStep(step, lake);
  for (let number = 0; number < reports; number++) assert.equal((await lake.take(textOf(number))).commit.events, ROWS);
  await look(lake);
  assert.deepEqual(await eventsIn(lake), events, JSON.stringify(fault));
  rmSync(home, {recursive: true, force: true});
  return met;
}

/** Does the operation with the fault at the first, second, ... call, until it is met no more. Gives all that met it. */
async function everyPoint(operation: Operation, fault: Omit<Fault, "when">): Promise<Met[]> {
  const all: Met[] = [];
  for (;;) {
    const met = await meet(operation, {...fault, when: String(all.length + 1)});
    if (met.end === 0) return all;
    all.push(met);
  }
}

const CHANGES = ["fsync", "rename", "link", "unlink", "mkdir", "openat", "rmdir"];
const FEW: readonly [Operation, string, number][] = [
  ["take", "link", 1],
  ["take", "link", 2],
  ["replay", "rename", 6],
  ["compact", "rename", 2],
  ["compact", "unlink", 2],
];

test("a process that is killed at a call that changes the disk leaves every report whole or absent, and the next run is right", {
  skip,
}, async (t) => {
  let points = 0;
  if (SIZE.everyPoint) {
    for (const operation of ["take", "replay", "compact", "count"] as const)
      for (const call of operation === "take" ? [...CHANGES, "write"] : CHANGES) {
        const met = await everyPoint(operation, {of: "files", call, meets: "signal=KILL"});
        assert.ok(met.every(({end}) => end === "SIGKILL"));
        points += met.length;
      }
  } else {
    for (const [operation, call, number] of FEW) {
      const {end} = await meet(operation, {of: "files", call, when: String(number), meets: "signal=KILL"});
      assert.equal(end, "SIGKILL", `${operation}: there is no ${call} number ${number} any more`);
      points++;
    }
  }
  t.diagnostic(`killed at ${points} points`);
});

test("a disk that answers with an error is never said to have done it, and the process ends", {skip}, async (t) => {
  const met: Met[] = [];
  if (SIZE.everyPoint) {
    for (const operation of ["take", "replay", "compact"] as const)
      met.push(...(await everyPoint(operation, {of: "files", call: "fsync", meets: "error=EIO"})));
    for (const call of ["rename", "link", "mkdir"])
      met.push(...(await everyPoint("take", {of: "files", call, meets: "error=EIO"})));
  } else {
    for (const number of [1, 11, 15])
      met.push(await meet("take", {of: "files", call: "fsync", when: String(number), meets: "error=EIO"}));
  }
  for (const {said, end} of met) {
    assert.match(said, /^failed \S+ EIO$/);
    assert.equal(end, 1);
  }
  const slowest = Math.max(...met.map(({endMs}) => endMs));
  assert.ok(slowest < END_MS, `${slowest} ms`);
  t.diagnostic(`${met.length} calls failed; the process ended at most ${Math.round(slowest)} ms later`);
});

test("an engine that is killed at some write, or meets a full disk there, costs a retry or an error, and never an event", {
  skip,
}, async (t) => {
  const ways: Record<string, number> = {};
  const numbers = SIZE.everyPoint ? Array.from({length: 30}, (_, index) => index + 1) : [2, 5];
  for (const operation of SIZE.everyPoint ? (["take", "compact"] as const) : (["take"] as const)) {
    for (const number of numbers)
      for (const meets of ["signal=KILL", "error=ENOSPC"] as const) {
        const {said, end} = await meet(operation, {of: "engine", call: "write", when: String(number), meets});
        const way = `${meets.split("=")[1]}: ${said.replace(/^(done|failed) \S+/, "$1").replace(/^done.*/, "done")}`;
        ways[way] = (ways[way] ?? 0) + 1;
        assert.equal(end, said.startsWith("done") ? 0 : 1, way);
      }
  }
  t.diagnostic(JSON.stringify(ways));
});
