import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test from "node:test";
import {WatchfloorError} from "../model/errors.ts";
import {
  diskError,
  makeFolder,
  publishFile,
  removeStale,
  temporaryFor,
  writeAllDurably,
  writeDurably,
} from "./durable.ts";

function freshFolder(t: {after(done: () => void): void}): string {
  const folder = mkdtempSync(path.join(tmpdir(), "wf-durable-"));
  t.after(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

const isCoded = (code: string) => (error: unknown) => error instanceof WatchfloorError && error.code === code;

test("a file is written whole, replaces the one before, and leaves no temporary file", async (t) => {
  const folder = freshFolder(t);
  const file = path.join(folder, "a/b/c.json");
  await writeDurably(file, "first");
  await writeDurably(file, Buffer.from("second"));
  assert.equal(readFileSync(file, "utf8"), "second");
  assert.deepEqual(readdirSync(path.dirname(file)), ["c.json"]);
});

test("a secret is never readable by others, not even for a moment", async (t) => {
  const file = path.join(freshFolder(t), "secret");
  await writeDurably(file, "x", 0o600);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test("many files are written at once, each in its folder", async (t) => {
  const folder = freshFolder(t);
  const files = Array.from({length: 100}, (_, i) => ({path: path.join(folder, `${i % 7}`, `${i}`), bytes: `${i}`}));
  await writeAllDurably(files);
  for (const file of files) assert.equal(readFileSync(file.path, "utf8"), file.bytes);
});

test("publishing without replacing keeps the first file; the second is told that it lost", async (t) => {
  const folder = freshFolder(t);
  const final = path.join(folder, "part.parquet");
  const publish = async (text: string): Promise<boolean> => {
    const temporary = temporaryFor(final);
    writeFileSync(temporary, text);
    return publishFile(temporary, final, {replace: false});
  };
  const won = await Promise.all(["one", "two", "three"].map(publish));
  assert.equal(won.filter(Boolean).length, 1);
  assert.equal(readFileSync(final, "utf8"), ["one", "two", "three"][won.indexOf(true)]);
  assert.deepEqual(readdirSync(folder), ["part.parquet"]);
});

test("publishing with replacing puts the new file in the place of the old", async (t) => {
  const final = path.join(freshFolder(t), "x");
  await writeDurably(final, "old");
  const temporary = temporaryFor(final);
  writeFileSync(temporary, "new");
  assert.equal(await publishFile(temporary, final, {replace: true}), true);
  assert.equal(readFileSync(final, "utf8"), "new");
});

test("what a killed process left is removed, what a running one writes stays", async (t) => {
  const folder = freshFolder(t);
  const dead = spawnSync("true").pid;
  writeFileSync(path.join(folder, `a.${dead}-0123456789ab.tmp`), "");
  writeFileSync(temporaryFor(path.join(folder, "b")), "");
  const old = temporaryFor(path.join(folder, "c"));
  writeFileSync(old, "");
  utimesSync(old, 1_000_000, 1_000_000);
  writeFileSync(path.join(folder, "not-ours.tmp"), "");
  assert.equal(await removeStale(folder, new Date()), 2);
  assert.equal(readdirSync(folder).length, 2);
  assert.equal(await removeStale(path.join(folder, "missing"), new Date()), 0);
});

test("a folder below a file, or one that may not be written, is said so", async (t) => {
  const folder = freshFolder(t);
  writeFileSync(path.join(folder, "file"), "");
  await assert.rejects(makeFolder(path.join(folder, "file/below")), isCoded("home_not_writable"));
  assert.ok(isCoded("home_not_writable")(diskError(Object.assign(new Error(), {code: "EROFS"}), folder)));
  assert.ok(isCoded("disk_full")(diskError(Object.assign(new Error(), {code: "EDQUOT"}), folder)));
  const eio = Object.assign(new Error(), {code: "EIO"});
  assert.equal(diskError(eio, folder), eio);
});

test("a full disk and a read-only one are told apart, and the file that was there stays", async (t) => {
  const folder = freshFolder(t);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]);
  if (mounted.status !== 0) return t.skip("skipped: no right to mount here");
  try {
    const file = path.join(folder, "kept");
    await writeDurably(file, "kept");
    await assert.rejects(writeDurably(file, Buffer.alloc(1_000_000)), isCoded("disk_full"));
    assert.equal(readFileSync(file, "utf8"), "kept");
    assert.deepEqual(readdirSync(folder), ["kept"]);
    execFileSync("mount", ["-o", "remount,ro", folder]);
    await assert.rejects(writeDurably(file, "changed"), isCoded("home_not_writable"));
    assert.ok(existsSync(file));
  } finally {
    execFileSync("umount", [folder]);
  }
});
