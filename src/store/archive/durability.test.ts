import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {type TestContext} from "node:test";
import {contentsOf, nextEdition, pages, publishedHome, publishInProcess} from "../../../test/publications.ts";
import {publishEdition, writeSite} from "../archive.ts";
import {loadKey} from "../keys.ts";
import {verifyArchive} from "./verification.ts";

const DISK_BYTES = 24 * 1024 * 1024;
const canTrace =
  spawnSync("strace", ["-f", "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=1", "true"]).status === 0;

async function publishHere(home: string): Promise<Map<string, string>> {
  const key = await loadKey(path.join(home, "keys"), null);
  await publishEdition(home, nextEdition(), key);
  await writeSite(home, pages(5), key);
  return contentsOf(home);
}

test("when the disk fails a sync, publishing fails, too, and done again it is whole", {
  skip: !canTrace && "skipped: no strace that may trace",
}, async (t) => {
  const wanted = await publishHere(await publishedHome(t));
  // strace counts for each thread; Node writes with four of them.
  for (const when of [1, 2, 3, 4, 5, 7, 9, 11]) {
    const home = await publishedHome(t);
    const under = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", `inject=fsync:error=EIO:when=${when}`];
    assert.equal(await publishInProcess(home, {under}), 1, `sync ${when}`);
    assert.deepEqual(await publishHere(home), wanted);
    assert.deepEqual((await verifyArchive(home)).problems, []);
  }
});

/** A file system in a file, whose power can be cut: what was not synced is gone afterwards. */
function diskOf(t: TestContext): {folder: string; cutPower(): void} | null {
  const base = mkdtempSync(path.join(tmpdir(), "wf-disk-"));
  const [image, folder] = [path.join(base, "image"), path.join(base, "disk")];
  t.after(() => {
    spawnSync("umount", ["-l", folder]); // where a failed test left it
    rmSync(base, {recursive: true, force: true});
  });
  writeFileSync(image, "");
  truncateSync(image, DISK_BYTES);
  mkdirSync(folder);
  const isMade = spawnSync("mkfs.ext4", ["-q", "-F", image]).status === 0;
  if (!isMade || spawnSync("mount", ["-o", "loop", image, folder]).status !== 0) return null;
  const cutPower = (): void => {
    execFileSync("xfs_io", ["-x", "-c", "shutdown", folder]);
    execFileSync("umount", [folder]);
    execFileSync("mount", ["-o", "loop", image, folder]);
  };
  return {folder, cutPower};
}

const canCut =
  process.getuid?.() === 0 && spawnSync("xfs_io", ["-V"]).status === 0 && spawnSync("losetup").status === 0;

test("what is published survives a power cut, also when it was killed on the way and done again", {
  skip: !canCut && "skipped: no right or no tool to cut the power of a disk",
}, async (t) => {
  const wanted = await publishHere(await publishedHome(t));
  const template = await publishedHome(t);
  for (const killAt of [-1, 10, 20, 30, 40, 43, 45, 46, 47, 60]) {
    const disk = diskOf(t);
    if (disk === null) return t.skip("skipped: no right to mount here");
    const home = path.join(disk.folder, "home");
    cpSync(template, home, {recursive: true});
    execFileSync("sync", ["-f", disk.folder]);
    if (killAt >= 0) assert.equal(await publishInProcess(home, {killAt, countsSyncs: true}), "SIGKILL");
    await publishHere(home);
    disk.cutPower();
    assert.deepEqual(contentsOf(home), wanted, `killed at ${killAt}`);
    assert.deepEqual((await verifyArchive(home)).problems, []);
    execFileSync("umount", [disk.folder]);
  }
});
