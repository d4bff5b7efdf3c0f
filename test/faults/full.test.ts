import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync, statfsSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {openEngine} from "../../src/store/events/engine.ts";
import {daysIn} from "../../src/store/events/files/compaction.ts";
import {withEvents} from "../../src/store/events/live-files.ts";
import {openLake, type TestLake} from "../lake.ts";
import {loopDisk, memoryDisk, whyNoMount, whyNoPowerCut} from "./disks.ts";
import {converge, look, ROWS, rowsOf, textOf} from "./scene.ts";
import {SIZE} from "./size.ts";
import {startWorker} from "./working.ts";

/** TRUST.md R4, R5: the disk gets full, at each write of an ingest and while a process works. */
const MEMORY_BYTES = 48 * 1024 * 1024;
const PAGE_BYTES = 4096;
const RESUME_MS = 10_000;

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-full-"));
const engine = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 600, maxMemoryBytes: 1_600_000_000});
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

/** Fills the disk until so many bytes are left. Gives the file that takes the room. */
function fill(folder: string, left: number): string {
  const {bavail, bsize} = statfsSync(folder);
  const ballast = path.join(folder, "ballast");
  writeFileSync(ballast, "");
  execFileSync("fallocate", ["--length", String(Math.max(bsize, bavail * bsize - left)), ballast]);
  return ballast;
}

test("at whichever write of an ingest the disk is full, that is said, and nothing of the report is seen", {
  skip: whyNoMount(FOLDER),
}, async (t) => {
  const disk = memoryDisk(path.join(FOLDER, "pages"), MEMORY_BYTES);
  t.after(() => disk.remove());
  const lake = openLake(engine, path.join(disk.folder, "home"));
  await converge(lake, 1);
  let points = 0;
  for (let pages = 0; ; pages += SIZE.everyPoint ? 1 : 4) {
    const before = await rowsOf(lake);
    const ballast = fill(disk.folder, pages * PAGE_BYTES);
    const failed = await lake.take(textOf(100 + pages)).then(
      () => null,
      (error: unknown) => error,
    );
    if (failed !== null) assert.deepEqual(await rowsOf(lake), before, "a full disk can be read");
    rmSync(ballast);
    if (failed === null) break;
    points++;
    assert.equal((failed as {code?: string}).code, "disk_full", `${pages} pages: ${failed}`);
    assert.equal((await lake.take(textOf(100 + pages))).commit.events, ROWS);
    await look(lake);
  }
  assert.ok(points > 1);
  t.diagnostic(`full at ${points} different moments`);
});

test("a report whose host names did not fit on the disk is not taken in without what they say", {
  skip: whyNoPowerCut(FOLDER, "ext4"),
}, async (t) => {
  const disk = loopDisk(path.join(FOLDER, "names"), "ext4");
  t.after(() => disk.remove());
  const lake = openLake(engine, path.join(disk.folder, "home"));
  await converge(lake, 1);
  const rows = (kilobytes: number) =>
    Array.from({length: 3000}, (_, row) => `2023-02-20 01:00:00,,h${row}.example${kilobytes}.com.cn,`);
  let refused = 0;
  let taken = 0;
  for (let kilobytes = 100; taken === 0; kilobytes += SIZE.everyPoint ? 4 : 40) {
    const ballast = fill(disk.folder, kilobytes * 1024);
    const done = await lake.take(`time,ip,host,family\n${rows(kilobytes).join("\n")}\n`).catch((error: unknown) => {
      assert.equal((error as {code?: string}).code, "disk_full", String(error));
    });
    rmSync(ballast);
    if (done === undefined) refused++;
    else taken += await nameless(lake);
  }
  assert.ok(refused > 0);
  t.diagnostic(`refused ${refused} times`);
});

/** Asserts that there is no event of a host whose domain was not looked up. Gives how many reports there are. */
async function nameless(lake: TestLake): Promise<number> {
  const days = await daysIn(lake.lake);
  const [found] = await withEvents(engine.plain(lake.lake), days, {
    work: (events) =>
      engine.query<{reports: number; nameless: number}>(
        `SELECT uniqExact(report) AS reports, countIf(host != '' AND domain = '') AS nameless FROM ${events}`,
      ),
  });
  assert.equal(found?.nameless, 0);
  return found?.reports ?? 0;
}

/** Disks, and how much is left on them for some reports: XFS keeps a part of it for itself. */
const PLACES = {
  memory: {why: whyNoMount(FOLDER), room: 300_000, make: (folder: string) => memoryDisk(folder, MEMORY_BYTES)},
  ext4: {why: whyNoPowerCut(FOLDER, "ext4"), room: 300_000, make: (folder: string) => loopDisk(folder, "ext4")},
  xfs: {why: whyNoPowerCut(FOLDER, "xfs"), room: 1_000_000, make: (folder: string) => loopDisk(folder, "xfs")},
} as const;

for (const [kind, {why, room, make}] of Object.entries(PLACES)) {
  test(`a process that fills the disk (${kind}) loses no report that it acknowledged, and goes on when there is room`, {
    skip: why,
  }, async (t) => {
    let slowest = 0;
    let acknowledged = 0;
    for (let round = 0; round < SIZE.fills; round++) {
      const disk = make(path.join(FOLDER, `${kind}-${round}`));
      try {
        const found = await fillByWorking(disk.folder, room + round * 10_000);
        slowest = Math.max(slowest, found.resumedMs);
        acknowledged += found.acknowledged;
      } finally {
        await disk.remove();
      }
    }
    t.diagnostic(`${SIZE.fills} times full, ${acknowledged} reports in; went on within ${Math.round(slowest)} ms`);
  });
}

async function fillByWorking(folder: string, room: number) {
  const home = path.join(folder, "home");
  const lake = openLake(engine, home);
  await converge(lake, 2);
  const ballast = fill(folder, room);
  const full = startWorker(
    home,
    Array.from({length: 100}, (_, number) => `take:${100 + number}`),
  );
  assert.equal(await full.ended(), 1);
  assert.match(full.said.at(-1) ?? "", /^failed take:\d+ disk_full$/);
  const taken = full.said.flatMap((line) => /^done take:\d+ (\S+)/.exec(line)?.[1] ?? []);
  const rows = await rowsOf(lake);
  for (const id of taken) assert.equal(rows.get(id), ROWS, "a full disk can be read");

  rmSync(ballast);
  const from = performance.now();
  const again = startWorker(home, [`take:${100 + taken.length}`]);
  assert.equal(await again.ended(), 0);
  const resumedMs = performance.now() - from;
  assert.ok(resumedMs < RESUME_MS, `${resumedMs} ms`);
  await look(lake);
  return {resumedMs, acknowledged: taken.length};
}
