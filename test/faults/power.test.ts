import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {openEngine} from "../../src/store/events/engine.ts";
import {openLake} from "../lake.ts";
import {type FileSystem, type LoopDisk, loopDisk, whyNoPowerCut} from "./disks.ts";
import {converge, look, ROWS, textOf} from "./scene.ts";
import {SIZE} from "./size.ts";
import {doWith, type Fault, whyNoStrace} from "./traced.ts";
import {startWorker} from "./working.ts";

/** TRUST.md R3: the power fails, as far as the kernel can see it. */
const REPORTS = 8;
const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-power-"));
const engine = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 600, maxMemoryBytes: 1_600_000_000});
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

let disks = 0;

/** Does the work with a new disk, which is gone afterwards. */
async function withDisk<T>(kind: FileSystem, work: (disk: LoopDisk, home: string) => Promise<T>): Promise<T> {
  const disk = loopDisk(path.join(FOLDER, `${kind}-${++disks}`), kind);
  try {
    return await work(disk, path.join(disk.folder, "home"));
  } finally {
    await disk.remove();
  }
}

/** Ten seconds for a worker whose disk has failed: it must not hang. */
async function endOf(worker: ReturnType<typeof startWorker>): Promise<number | string> {
  const force = setTimeout(() => worker.process.kill("SIGKILL"), 10_000);
  const end = await worker.ended();
  clearTimeout(force);
  return end;
}

/** Cuts the power at some moment of the work. Gives how many reports had been acknowledged. */
async function cutWhileWorking(kind: FileSystem, round: number): Promise<number> {
  return withDisk(kind, async (disk, home) => {
    const steps = Array.from({length: REPORTS}, (_, index) => [
      `take:${index}`,
      ...(index % 2 === 1 ? [`replay:${index - 1}`, "compact", `take:${index - 1}`] : []),
    ]);
    const worker = startWorker(home, steps.flat());
    await worker.hear(`done take:${round % 4}`);
    await sleep(Math.random() * 600);
    disk.cutPower();
    assert.equal(await endOf(worker), 1, `the process fails: ${worker.said.at(-1)}`);
    await disk.powerUp();

    const lake = openLake(engine, home);
    const {rows} = await look(lake);
    const taken = new Set(worker.said.flatMap((line) => /^done (?:take|replay):\d+ (\S+)/.exec(line)?.[1] ?? []));
    for (const id of taken) assert.equal(rows.get(id), ROWS, `${id} was acknowledged before the power went`);
    await converge(lake, REPORTS);
    return taken.size;
  });
}

/** Kills a process that takes a report in, takes it in again, and cuts the power as soon as that is acknowledged. */
async function killThenCut(kind: FileSystem, fault: Fault): Promise<number | string> {
  return withDisk(kind, async (disk, home) => {
    await converge(openLake(engine, home), 1);
    disk.settle();
    const {end} = await doWith(home, "take:1", fault);
    const {commit} = await openLake(engine, home).take(textOf(1));
    disk.cutPower();
    await disk.powerUp();
    const lake = openLake(engine, home);
    assert.equal((await look(lake)).rows.get(commit.id), ROWS, `it was acknowledged after ${JSON.stringify(fault)}`);
    await converge(lake, 2);
    return end;
  });
}

/** The record of the kept report, and the one of its events: each has its name, and the name is not yet durable. */
const FEW: readonly [string, number][] = [
  ["unlink", 1],
  ["unlink", 2],
];

async function everyKill(kind: FileSystem): Promise<number> {
  let points = 0;
  if (!SIZE.everyPoint) {
    for (const [call, number] of FEW) {
      const end = await killThenCut(kind, {of: "files", call, when: String(number), meets: "signal=KILL"});
      assert.equal(end, "SIGKILL", `there is no ${call} number ${number} any more`);
      points++;
    }
    return points;
  }
  for (const call of ["fsync", "link", "unlink", "rename"])
    for (let number = 1; ; number++, points++) {
      const end = await killThenCut(kind, {of: "files", call, when: String(number), meets: "signal=KILL"});
      if (end === 0) break;
    }
  return points;
}

for (const kind of ["ext4", "xfs"] as const) {
  const skip = whyNoPowerCut(FOLDER, kind);
  test(`a power cut on ${kind} takes nothing away that was acknowledged`, {skip}, async (t) => {
    let acknowledged = 0;
    for (let round = 0; round < SIZE.cuts; round++) acknowledged += await cutWhileWorking(kind, round);
    t.diagnostic(`${SIZE.cuts} cuts, ${acknowledged} reports acknowledged before them`);
  });

  test(`a report that a killed process left half done, done again, survives a power cut on ${kind}`, {
    skip: skip || whyNoStrace(),
  }, async (t) => {
    t.diagnostic(`killed and cut at ${await everyKill(kind)} points`);
  });
}
