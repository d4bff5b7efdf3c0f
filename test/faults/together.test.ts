import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {openEngine} from "../../src/store/events/engine.ts";
import {openLake} from "../lake.ts";
import {converge, filesBelow, look} from "./scene.ts";
import {SIZE} from "./size.ts";
import {startWorker} from "./working.ts";

/** Several processes that work on one data folder at the same time. */
const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-together-"));
const engine = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 600, maxMemoryBytes: 1_600_000_000});
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

/** Starts a worker for each list of steps, all at once, and gives what each said when all have ended well. */
async function atOnce(home: string, lists: readonly (readonly string[])[]): Promise<(readonly string[])[]> {
  const workers = lists.map((steps) => startWorker(home, ["--wait", ...steps]));
  for (const worker of workers) await worker.hear("ready");
  for (const worker of workers) worker.process.stdin?.write("go\n");
  for (const worker of workers) assert.equal(await worker.ended(), 0, worker.said.join());
  return workers.map(({said}) => said);
}

/** What a worker said of a step: new or duplicate. */
function answerOf(said: readonly string[], step: string): string | undefined {
  return said
    .find((line) => line.startsWith(`done ${step} `))
    ?.split(" ")
    .at(-1);
}

const takes = (numbers: readonly number[]): string[] => numbers.map((number) => `take:${number}`);
/** Day folders hold the files of reports that are in, and no other. */
const dayFiles = (home: string): string[] =>
  filesBelow(path.join(home, "lake")).filter((name) => name.startsWith("day="));

test("of two processes that take in the same report at once, one takes it and the other says so", async () => {
  for (let round = 0; round < SIZE.moments; round++) {
    const home = path.join(FOLDER, `same-${round}`);
    const all = await atOnce(home, [takes([1, 2, 3]), takes([1, 2, 3])]);
    for (const step of takes([1, 2, 3]))
      assert.deepEqual(all.map((said) => answerOf(said, step)).toSorted(), ["duplicate", "new"], step);
    assert.equal((await look(openLake(engine, home))).rows.size, 3);
    assert.equal(dayFiles(home).length, 9, "nothing is left of what was made in vain");
  }
});

test("of two processes that take in different reports at once, each takes its own, and those of both once", async () => {
  for (let round = 0; round < SIZE.moments; round++) {
    const home = path.join(FOLDER, `different-${round}`);
    const [one = [], other = []] = await atOnce(home, [takes([1, 2, 3, 4, 5]), takes([9, 8, 7, 6, 5])]);
    for (const step of takes([1, 2, 3, 4])) assert.equal(answerOf(one, step), "new");
    for (const step of takes([9, 8, 7, 6])) assert.equal(answerOf(other, step), "new");
    assert.deepEqual([answerOf(one, "take:5"), answerOf(other, "take:5")].toSorted(), ["duplicate", "new"]);
    assert.equal((await look(openLake(engine, home))).rows.size, 9);
    assert.equal(dayFiles(home).length, 27);
  }
});

test("taking in, replaying, merging and counting at the same time, every reader sees whole reports", async (t) => {
  const home = path.join(FOLDER, "together");
  const lake = openLake(engine, home);
  await converge(lake, 4);
  const workers = [
    startWorker(
      home,
      Array.from({length: SIZE.reports * 2}, (_, number) => `take:${number % 10}`),
    ),
    startWorker(
      home,
      Array.from({length: SIZE.reports * 2}, (_, number) => `replay:${number % 4}`),
    ),
    startWorker(
      home,
      Array.from({length: SIZE.reports}, (_, number) => (number % 2 === 0 ? "compact" : "count")),
    ),
  ];
  const ends = Promise.all(workers.map((worker) => worker.ended()));
  let looks = 0;
  for (let isOver = false; !isOver; looks++) {
    isOver = await Promise.race([ends.then(() => true), sleep(50, false)]);
    const {rows} = await look(lake);
    assert.ok(rows.size >= 4);
  }
  assert.deepEqual(
    await ends,
    [0, 0, 0],
    workers.flatMap(({said}) => said.filter((line) => line.startsWith("failed"))).join(),
  );
  await converge(lake, 10);
  t.diagnostic(`looked ${looks} times`);
});
