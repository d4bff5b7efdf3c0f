import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {openEngine} from "../../src/store/events/engine.ts";
import {openLake} from "../lake.ts";
import {doStep, look, ROWS, textOf} from "./scene.ts";
import {type Fault, injectInto, whyNoStrace} from "./traced.ts";
import {startWorker} from "./working.ts";

/**
 * TRUST.md R2, R4: one operation is done with a fault at its first, second, third ... call that changes the disk, until it
 * ends without having met it. `few` is for every run, all points are for WATCHFLOOR_POINTS=all.
 */
const ALL = process.env["WATCHFLOOR_POINTS"] === "all";
const MOST = 60;
const skip = whyNoStrace();

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-points-"));
const engine = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 600, maxMemoryBytes: 1_600_000_000});
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

/** What an operation is done to, and how many reports are in afterwards. */
const OPERATIONS = {
  take: {before: [0], step: "take:1", reports: 2},
  replay: {before: [0, 1], step: "replay:1", reports: 2},
  compact: {before: [0, 1], step: "compact", reports: 2},
  count: {before: [0, 1], step: "count", reports: 2},
} as const;
let homes = 0;

/** Does the operation with the fault, and looks at what it left. Gives what the process said, and how it ended. */
async function meet(
  operation: keyof typeof OPERATIONS,
  fault: Fault,
): Promise<{said: string | undefined; end: number | string}> {
  const {before, step, reports} = OPERATIONS[operation];
  const home = path.join(FOLDER, `home-${++homes}`);
  const lake = openLake(engine, home);
  for (const number of before) await lake.take(textOf(number));
  const worker = startWorker(home, ["--wait", step], {env: {UV_THREADPOOL_SIZE: "1"}});
  const pid = Number((await worker.hear("ready"))?.split(" ")[1]);
  const strace = await injectInto(pid, fault);
  worker.process.stdin?.write("go\n");
  const end = await worker.ended();
  await strace.detach();
  const said = worker.said.find((line) => /^(done|failed)/.test(line));

  const {rows} = await look(lake);
  for (const number of before) assert.equal(rows.get((await lake.take(textOf(number))).commit.id), ROWS);
  if (said?.startsWith("done")) assert.equal(rows.size, reports);
  await doStep(step, lake); // the same again, as the next run of a site does
  const {rows: after} = await look(lake);
  assert.deepEqual(
    [...after.values()],
    Array.from({length: reports}, () => ROWS),
    JSON.stringify(fault),
  );
  rmSync(home, {recursive: true, force: true});
  return {said, end};
}

const CALLS = ["fsync", "rename", "link", "unlink", "write", "pwrite64", "mkdir", "openat", "rmdir", "ftruncate"];
const FEW: readonly [keyof typeof OPERATIONS, string, number][] = [
  ["take", "fsync", 5],
  ["take", "rename", 2],
  ["take", "link", 1],
  ["replay", "unlink", 1],
  ["compact", "unlink", 1],
];

test("a process that is killed at a call that changes the disk leaves every report whole or absent, and the next run is right", {
  skip,
}, async (t) => {
  let points = 0;
  if (!ALL) {
    for (const [operation, call, number] of FEW) {
      const {end} = await meet(operation, {call, when: String(number), meets: "signal=KILL"});
      if (end === "SIGKILL") points++;
    }
    assert.ok(points >= FEW.length - 1, `${points} of ${FEW.length} points were met`);
  } else {
    for (const operation of ["take", "replay", "compact", "count"] as const)
      for (const call of CALLS)
        points += await everyPoint(operation, {call, meets: "signal=KILL"}, (end) => end === "SIGKILL");
  }
  t.diagnostic(`killed at ${points} points`);
});

/** The fault at the first, second, ... call, until it is met no more. */
async function everyPoint(
  operation: keyof typeof OPERATIONS,
  fault: Omit<Fault, "when">,
  isMet: (end: number | string) => boolean,
): Promise<number> {
  for (let number = 1; number <= MOST; number++) {
    const {end} = await meet(operation, {...fault, when: String(number)});
    if (!isMet(end)) return number - 1;
  }
  return MOST;
}

test("a sync that the disk answers with an error is never said to be done", {skip}, async (t) => {
  let points = 0;
  for (const operation of ALL ? (["take", "replay", "compact"] as const) : (["take"] as const)) {
    for (let number = 1; number <= MOST; number += ALL ? 1 : 9) {
      const {said, end} = await meet(operation, {call: "fsync", when: String(number), meets: "error=EIO"});
      if (end === 0) break;
      assert.match(said ?? "", /^failed \S+ EIO$/, `at sync ${number}`);
      points++;
    }
  }
  assert.ok(points > 0);
  t.diagnostic(`${points} syncs failed`);
});

test("a disk that is full at some write is told as that, and nothing half is left to be seen", {skip}, async (t) => {
  let points = 0;
  for (const call of ALL ? ["write", "pwrite64"] : ["write"]) {
    for (let number = 1; number <= MOST; number += ALL ? 1 : 25) {
      const {said, end} = await meet("take", {call, when: `${number}+`, meets: "error=ENOSPC"});
      if (end === 0) break;
      if (said !== undefined) assert.match(said, /^failed \S+ disk_full$/, `at ${call} ${number}`);
      points++;
    }
  }
  assert.ok(points > 0);
  t.diagnostic(`full at ${points} writes`);
});
