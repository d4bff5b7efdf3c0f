import assert from "node:assert/strict";
import {mkdtempSync, readdirSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {removeStale} from "../../src/store/durable.ts";
import {openEngine} from "../../src/store/events/engine.ts";
import {clearLake} from "../../src/store/events/files/clearing.ts";
import {openLake} from "../lake.ts";
import {converge, filesBelow, look, ROWS, rowsOf, textOf} from "./scene.ts";
import {SIZE} from "./size.ts";
import {startWorker} from "./working.ts";

/** TRUST.md R1: processes that are killed at any moment, for good or in the middle of the engine's work. */
const REPORTS = 12;
const READY_MS = 5000;
const LATER = new Date(Date.now() + 2 * 24 * 3600 * 1000);

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-kill-"));
const engine = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 600, maxMemoryBytes: 1_600_000_000});
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

/** Takes all reports in, in another order each time, with replays, compactions and counts between. */
function stepsOf(round: number): string[] {
  const takes = Array.from({length: REPORTS}, (_, index) => (index * 5 + round) % REPORTS);
  return takes.flatMap((number, index) => [
    `take:${number}`,
    ...(index % 3 === 1 ? [`replay:${number}`] : []),
    ...(index % 4 === 2 ? ["compact"] : []),
    ...(index % 4 === 3 ? ["count"] : []),
  ]);
}

test("of reports that were taken in before a kill none is lost, and none counts twice", async (t) => {
  const home = path.join(FOLDER, "home");
  const lake = openLake(engine, home);
  const acknowledged = new Set<string>();
  let killed = 0;
  let slowest = 0;
  for (let round = 0; round < SIZE.kills; round++) {
    const worker = startWorker(home, stepsOf(round));
    const from = performance.now();
    if (round % 3 === 0) await sleep(200 + Math.random() * 1200);
    else {
      await worker.hear("done"); // what it begins with is in already, so this is how soon it is ready
      slowest = Math.max(slowest, performance.now() - from);
      await sleep(Math.random() * 1500);
    }
    worker.process.kill("SIGKILL");
    if ((await worker.ended()) === "SIGKILL") killed++;
    for (const line of worker.said) {
      assert.doesNotMatch(line, /^failed/);
      const [, id] = /^done take:\d+ (\S+)/.exec(line) ?? [];
      if (id !== undefined) acknowledged.add(id);
    }
    const {rows} = await look(lake);
    for (const id of acknowledged)
      assert.equal(rows.get(id), ROWS, `${id} was acknowledged in round ${round} or before`);
  }
  await converge(lake, REPORTS);
  assert.ok(slowest < READY_MS, `${slowest} ms`);
  t.diagnostic(`at work again after at most ${Math.round(slowest)} ms`);
  t.diagnostic(`${killed} of ${SIZE.kills} rounds killed, ${acknowledged.size} reports acknowledged before a kill`);

  await removeStale(path.join(home, "tmp"), new Date());
  await clearLake(lake.lake, LATER);
  await converge(lake, REPORTS);
  assert.deepEqual(readdirSync(path.join(lake.lake, "tmp")), []);
  assert.deepEqual(readdirSync(path.join(home, "tmp")), []);
  assert.deepEqual(
    filesBelow(home).filter((name) => name.endsWith(".tmp")),
    [],
  );
});

test("an engine that is killed while it writes events costs a retry, and doubles none", async () => {
  const lake = openLake(engine, path.join(FOLDER, "engine"));
  const rows = Array.from(
    {length: 150_000},
    (_, row) => `2023-02-2${row % 6} 01:00:00,10.${row >> 16}.${(row >> 8) & 255}.${row & 255},,f`,
  );
  for (const delay of [20, 150, 300]) {
    const taking = lake.take(
      `time,ip,host,family\n${rows.join("\n")}\n${textOf(delay).split("\n").slice(1).join("\n")}`,
    );
    await sleep(delay);
    const pid = engine.pid();
    if (pid !== null) process.kill(pid, "SIGKILL");
    const {commit} = await taking;
    assert.deepEqual([commit.events, commit.rejects], [rows.length + ROWS, 1]);
    assert.equal((await rowsOf(lake)).get(commit.id), commit.events);
  }
});
