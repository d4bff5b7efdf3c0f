import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {closeSync, existsSync, mkdtempSync, openSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {openEngine} from "../../src/store/events/engine.ts";
import {openLake} from "../lake.ts";
import {type LoopDisk, loopDisk, whyNoPowerCut} from "./disks.ts";
import {converge, doStep, look, textOf} from "./scene.ts";
import {SIZE} from "./size.ts";
import {startWorker} from "./working.ts";

/** TRUST.md R6: what a machine may lack is a disk that can be written, a folder for temporary files, descriptors. */
const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-lacking-"));
const engine = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 600, maxMemoryBytes: 1_600_000_000});
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

test("a disk that becomes read-only refuses reports, still gives events and counts, and ends no process", {
  skip: whyNoPowerCut(FOLDER, "ext4"),
}, async (t) => {
  const disk = loopDisk(path.join(FOLDER, "read-only"), "ext4");
  t.after(() => disk.remove());
  for (let round = 0; round < SIZE.moments; round++) {
    await becomeReadOnly(disk, round);
    await disk.powerUp();
  }
});

async function becomeReadOnly(disk: LoopDisk, round: number): Promise<void> {
  const home = path.join(disk.folder, "home");
  const own = openEngine({scratch: path.join(home, "tmp"), idleSeconds: 0.2, maxMemoryBytes: 1_600_000_000});
  const lake = openLake(own, home);
  try {
    await converge(lake, 3 + round);
    const before = await look(lake);
    disk.becomeReadOnly();
    await assert.rejects(lake.take(textOf(1000)), {code: "home_not_writable"});
    await assert.rejects(doStep("compact", lake), {code: "home_not_writable"});
    await assert.rejects(doStep("replay:1", lake), {code: "home_not_writable"});
    assert.deepEqual(await look(lake), before);
    await sleep(500); // the engine rests, and cannot remove its scratch data
    assert.deepEqual(await look(lake), before);
    const other = startWorker(home, ["count", "take:1000"]);
    assert.equal(await other.ended(), 1);
    assert.deepEqual(other.said, [`done count ${before.addresses}`, "failed take:1000 home_not_writable"]);
  } finally {
    await own.close();
  }
}

test("folders for temporary files that are gone are made again, also while a process works", async () => {
  const home = path.join(FOLDER, "no-tmp");
  const lake = openLake(engine, home);
  await converge(lake, 1);
  for (let round = 1; round <= SIZE.moments + 1; round++) {
    for (const folder of [home, lake.lake]) rmSync(path.join(folder, "tmp"), {recursive: true, force: true});
    await converge(lake, round + 1);
  }
  const elsewhere = path.join(FOLDER, "nowhere");
  const worker = startWorker(home, ["take:50", "count", "compact"], {env: {TMPDIR: elsewhere}});
  assert.equal(await worker.ended(), 0, worker.said.join());
  assert.ok(!existsSync(elsewhere));
  await look(lake);
});

test("an engine whose scratch folder is taken away costs a retry or an error; the next process is right", async () => {
  const home = path.join(FOLDER, "no-scratch");
  const own = openEngine({scratch: path.join(home, "tmp"), idleSeconds: 600, maxMemoryBytes: 1_600_000_000});
  const lake = openLake(own, home);
  await converge(lake, 1);
  rmSync(path.join(home, "tmp"), {recursive: true});
  await lake.take(textOf(1)).catch((error: unknown) => assert.match(String(error), /engine_failed|engine could not/));
  await own.close();
  await converge(openLake(engine, home), 2);
});

test("with few file descriptors a process says so and ends, or does it; nothing is half done", async (t) => {
  const ways: Record<string, number> = {};
  const limits = SIZE.everyPoint ? Array.from({length: 27}, (_, index) => 24 + index * 4) : [24, 64, 128];
  const home = path.join(FOLDER, "few");
  const lake = openLake(engine, home);
  await converge(lake, 1);
  for (const limit of limits) {
    const worker = startWorker(home, [`take:${limit}`, "count"], {descriptors: limit});
    const end = await worker.ended();
    const said = worker.said.at(-1) ?? "";
    assert.equal(end, said.startsWith("done count") ? 0 : 1, `${limit}: ${end} ${said}`);
    if (end !== 0) assert.match(said, /^failed \S+ too_many_files$/, `with ${limit}`);
    ways[said.split(" ").at(-1) ?? ""] = limit;
    await look(lake);
    await lake.take(textOf(limit));
  }
  t.diagnostic(`too few up to ${ways["too_many_files"]}`);
});

test("a process that runs out of file descriptors says so, and works again when there are some", async () => {
  const home = path.join(FOLDER, "out");
  const own = openEngine({scratch: path.join(home, "tmp"), idleSeconds: 600, maxMemoryBytes: 1_600_000_000});
  const lake = openLake(own, home);
  await converge(lake, 1);
  await own.close();
  const giveBack = takeDescriptors();
  try {
    await assert.rejects(own.query("SELECT 1"), {code: "too_many_files"});
    await assert.rejects(lake.take(textOf(2)), {code: "too_many_files"});
    await assert.rejects(doStep("compact", lake), {code: "too_many_files"});
  } finally {
    giveBack();
  }
  await converge(lake, 3);
  await own.close();
});

/** Leaves this process without a file descriptor. */
function takeDescriptors(): () => void {
  execFileSync("prlimit", ["--pid", String(process.pid), "--nofile=512:"]);
  const held: number[] = [];
  try {
    for (;;) held.push(openSync("/dev/null", "r"));
  } catch (error) {
    assert.equal((error as {code?: string}).code, "EMFILE");
  }
  return () => {
    for (const each of held) closeSync(each);
  };
}
