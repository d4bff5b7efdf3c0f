import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {cpSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {correction, edition, emptyHome, pages, publishedHome, watchedFiles} from "../../../test/publications.ts";
import {type ErrorCode, WatchfloorError} from "../../model/errors.ts";
import {publishEdition, writeSite} from "../archive.ts";
import {createKey} from "../keys.ts";
import {verifyArchive} from "./verification.ts";

const EDITS = 1000;
const hasMinisign = spawnSync("minisign", ["-v"]).status === 0;
const isCoded = (code: ErrorCode) => (error: unknown) => error instanceof WatchfloorError && error.code === code;

async function problemsOf(home: string, known: string[] = []): Promise<string[]> {
  return (await verifyArchive(home, known)).problems.map(({path: file, what}) => `${file} ${what}`);
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function seeded(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("an archive without any publication is in order", async (t) => {
  const home = emptyHome(t);
  await createKey(path.join(home, "keys"), null);
  assert.deepEqual(await verifyArchive(home), {ok: true, entries: 0, problems: []});
});

test(`of ${EDITS} random changes of one byte, ${EDITS} are found, and the file is named`, async (t) => {
  const home = await publishedHome(t);
  const files = watchedFiles(home);
  const random = seeded(20230220);
  const edited = new Set<string>();
  let found = 0;
  for (let i = 0; i < EDITS; i++) {
    const file = files[Math.floor(random() * files.length)] ?? assert.fail();
    const before = readFileSync(file);
    const bytes = Buffer.from(before);
    const at = Math.floor(random() * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 + Math.floor(random() * 255));
    writeFileSync(file, bytes);
    const {ok, problems} = await verifyArchive(home);
    const named = path.relative(path.join(home, "archive"), file);
    if (!ok && problems.some((problem) => problem.path === named)) found++;
    else t.diagnostic(`${named} byte ${at}: ${JSON.stringify(problems)}`);
    writeFileSync(file, before);
    edited.add(file);
  }
  assert.equal(found, EDITS);
  assert.equal(edited.size, files.length, "every file had its turn");
  assert.deepEqual(await problemsOf(home), []);
});

test("every file that is deleted, emptied, longer or exchanged is found", async (t) => {
  const home = await publishedHome(t);
  const files = watchedFiles(home);
  for (const [i, file] of files.entries()) {
    const before = readFileSync(file);
    const other = readFileSync(files.find((each, j) => j > i && !readFileSync(each).equals(before)) ?? files[0] ?? "");
    for (const bytes of [null, "", Buffer.concat([before, Buffer.from("\n")]), before.subarray(0, -1), other]) {
      if (bytes === null) rmSync(file);
      else writeFileSync(file, bytes);
      assert.equal((await verifyArchive(home)).ok, false, `${file} ${bytes}`);
    }
    writeFileSync(file, before);
  }
  assert.deepEqual(await problemsOf(home), []);
});

test("a file that was never published is found in the site", async (t) => {
  const home = await publishedHome(t);
  writeFileSync(path.join(home, "archive/site/2023/9/extra.html"), "x");
  assert.deepEqual(await problemsOf(home), ["site/2023/9/extra.html was never published"]);
});

test("a chain that is shortened is found by what it leaves behind", async (t) => {
  const home = await publishedHome(t);
  const chain = path.join(home, "archive/chain.jsonl");
  const lines = readFileSync(chain, "utf8").split("\n").slice(0, 3);
  writeFileSync(chain, `${lines.join("\n")}\n`);
  const found = await problemsOf(home);
  assert.ok(found.includes("chain.jsonl.minisig does not sign chain.jsonl"));
  assert.ok(found.includes("signatures/4.minisig signs an entry that is not in the chain"));
  assert.ok(found.includes("../keys/archive-head the chain does not hold the head that was noted here"));
});

test("an older state of the whole archive, in perfect order, is found by the witness outside", async (t) => {
  const home = emptyHome(t);
  const key = await createKey(path.join(home, "keys"), null);
  await publishEdition(home, edition("2023-02-13", 8), key);
  await writeSite(home, pages(1), key);
  const older = path.join(emptyHome(t), "archive");
  cpSync(path.join(home, "archive"), older, {recursive: true});
  await publishEdition(home, edition("2023-02-20", 9), key);
  rmSync(path.join(home, "archive"), {recursive: true});
  cpSync(older, path.join(home, "archive"), {recursive: true});
  assert.deepEqual(await problemsOf(home), [
    "../keys/archive-head the chain does not hold the head that was noted here",
  ]);
  await assert.rejects(publishEdition(home, edition("2023-03-06", 11), key), isCoded("edition_altered"));
});

test("entries that change places, are taken out or come in are found", async (t) => {
  const home = await publishedHome(t);
  const chain = path.join(home, "archive/chain.jsonl");
  const before = readFileSync(chain, "utf8");
  const [one, two, three, four] = before.trimEnd().split("\n");
  for (const lines of [
    [two, one, three, four],
    [one, three, four],
    [one, two, two, three, four],
    [one, two, three, four, four],
    [],
  ]) {
    writeFileSync(chain, lines.map((line) => `${line}\n`).join(""));
    assert.ok(
      (await problemsOf(home)).some((each) => each.startsWith("chain.jsonl")),
      `${lines.length} lines`,
    );
  }
  writeFileSync(chain, before.replace('"version":2', '"version": 2'));
  assert.ok((await problemsOf(home)).includes("chain.jsonl line 3 is no entry"), "the same in other words");
});

test("an archive that was signed anew with another key is found", async (t) => {
  const home = await publishedHome(t);
  const forger = emptyHome(t);
  const other = await createKey(path.join(forger, "keys"), null);
  await publishEdition(forger, {...edition("2023-02-13", 8), situation: '{"incident.total":1}'}, other);
  await publishEdition(forger, edition("2023-02-20", 9), other);
  await publishEdition(forger, correction("2023-02-13", 8), other);
  await publishEdition(forger, edition("2023-02-27", 10), other);
  await writeSite(forger, pages(4), other);
  assert.deepEqual(await problemsOf(forger), []);
  rmSync(path.join(home, "archive"), {recursive: true});
  cpSync(path.join(forger, "archive"), path.join(home, "archive"), {recursive: true});
  const found = await problemsOf(home);
  assert.ok(found.includes("watchfloor.pub is not the pinned key"));
  for (const n of [1, 2, 3, 4])
    assert.ok(found.includes(`signatures/${n}.minisig does not sign line ${n} of chain.jsonl`));
});

test("the real minisign verifies the chain and each of its lines", {
  skip: !hasMinisign && "skipped: no minisign",
}, async (t) => {
  const home = await publishedHome(t);
  const archive = path.join(home, "archive");
  const verify = (file: string, signature: string): string =>
    execFileSync(
      "minisign",
      ["-V", "-Q", "-H", "-p", path.join(home, "keys/watchfloor.pub"), "-x", signature, "-m", file],
      {
        encoding: "utf8",
      },
    );
  assert.match(
    verify(path.join(archive, "chain.jsonl"), path.join(archive, "chain.jsonl.minisig")),
    /^chain of 4, head/,
  );
  verify(path.join(archive, "site-manifest.json"), path.join(archive, "site-manifest.json.minisig"));
  const lines = readFileSync(path.join(archive, "chain.jsonl"), "utf8").split("\n").slice(0, -1);
  for (const [i, line] of lines.entries()) {
    const file = path.join(home, "line");
    writeFileSync(file, `${line}\n`);
    assert.match(
      verify(file, path.join(archive, `signatures/${i + 1}.minisig`)),
      new RegExp(`^entry ${i + 1}, sha256`),
    );
  }
});
