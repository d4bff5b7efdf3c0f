import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {
  contentsOf,
  edition,
  emptyHome,
  nextEdition,
  pages,
  publishedHome,
  publishInProcess,
} from "../../test/publications.ts";
import {type ErrorCode, WatchfloorError} from "../model/errors.ts";
import {verifyArchive} from "./archive/verification.ts";
import {
  finishPublication,
  isPublished,
  publishEdition,
  readLinks,
  readManifest,
  readObject,
  restoreSite,
  writeSite,
} from "./archive.ts";
import {sha256} from "./canonical.ts";
import {createKey, loadKey, type SigningKey} from "./keys.ts";

const isCoded = (code: ErrorCode) => (error: unknown) => error instanceof WatchfloorError && error.code === code;

async function problemsOf(home: string, known: string[] = []): Promise<string[]> {
  return (await verifyArchive(home, known)).problems.map(({path: file, what}) => `${file} ${what}`);
}

test("what is published can be read back, and the check finds nothing", async (t) => {
  const home = await publishedHome(t);
  assert.deepEqual(await verifyArchive(home), {ok: true, entries: 4, problems: []});
  const links = await readLinks(home);
  assert.deepEqual(
    links.map(({entry}) => [entry.n, entry.week, entry.version]),
    [
      [1, "2023-02-13", 1],
      [2, "2023-02-20", 1],
      [3, "2023-02-13", 2],
      [4, "2023-02-27", 1],
    ],
  );
  assert.equal(links[2]?.entry.previous, links[1]?.hash);
  const manifest = await readManifest(home, links[2]?.entry ?? assert.fail());
  assert.equal(manifest.reason, "1182, not 1128");
  assert.equal(JSON.parse(String(await readObject(home, manifest.situation))).week, "2023-02-13");
  const known = links.map((link) => link.hash);
  assert.deepEqual(await problemsOf(home, known), []);
  assert.deepEqual(await problemsOf(home, ["ab"]), ["chain.jsonl entry ab is missing"]);
});

test("nothing is built upon an archive that was altered", async (t) => {
  const next = edition("2023-03-06", 11);
  const alter = [
    (home: string) => appendFileSync(path.join(home, "archive/chain.jsonl"), '{"n":5}\n'),
    (home: string) => rmSync(path.join(home, "archive/signatures/2.minisig")),
    (home: string) => rmSync(path.join(home, "archive/signatures/4.minisig")),
    (home: string) => writeFileSync(objectOf(home, "the same in every edition"), "changed"),
    (home: string) => renameSync(path.join(home, "archive/chain.jsonl"), path.join(home, "archive/away")),
  ];
  for (const how of alter) {
    const home = await publishedHome(t);
    how(home);
    const key = await loadKey(path.join(home, "keys"), null);
    await assert.rejects(publishEdition(home, next, key), isCoded("edition_altered"), String(how));
  }
});

function objectOf(home: string, text: string): string {
  const name = sha256(text);
  return path.join(home, "archive/objects", name.slice(0, 2), name);
}

test("a version is published once: again the same is the same link, anything else is refused", async (t) => {
  const home = await publishedHome(t);
  const key = await loadKey(path.join(home, "keys"), null);
  const before = contentsOf(home);
  const again = await publishEdition(home, edition("2023-02-20", 9), key);
  assert.equal(again.entry.n, 2);
  assert.deepEqual(contentsOf(home), before);
  const other = {...edition("2023-02-20", 9), situation: "{}"};
  await assert.rejects(publishEdition(home, other, key), isCoded("edition_published"));
  const samePath = {...edition("2023-02-20", 9), version: 2, files: [{path: "2023/9/zh.html", bytes: "x"}]};
  await assert.rejects(publishEdition(home, samePath, key), isCoded("edition_published"));
  await assert.rejects(writeSite(home, [{path: "2023/9/zh.html", bytes: "x"}], key), isCoded("edition_published"));
  for (const bad of ["../x", "/x", "a//b", ".hidden", "a/../b", ""]) {
    const files = [{path: bad, bytes: "x"}];
    await assert.rejects(async () => publishEdition(home, {...edition("2023-03-06", 11), files}, key), RangeError);
  }
  assert.deepEqual((await verifyArchive(home)).problems, []);
});

test("pages that are no longer made leave the site; published files stay", async (t) => {
  const home = await publishedHome(t);
  const key = await loadKey(path.join(home, "keys"), null);
  await writeSite(home, pages(4).slice(0, 1), key);
  const site = readdirSync(path.join(home, "archive/site"), {recursive: true, withFileTypes: true});
  const files = site.filter((each) => each.isFile()).map((each) => each.name);
  assert.equal(files.filter((name) => name === "index.html").length, 1);
  assert.equal(files.length, 17);
  assert.deepEqual(await problemsOf(home), []);
});

test("a published file that a crash kept from the site comes back from the objects, byte for byte", async (t) => {
  const home = await publishedHome(t);
  const before = contentsOf(home);
  rmSync(path.join(home, "archive/site/2023/9"), {recursive: true});
  assert.equal((await verifyArchive(home)).ok, false);
  await restoreSite(home);
  assert.deepEqual(contentsOf(home), before);
  assert.deepEqual(await verifyArchive(home), {ok: true, entries: 4, problems: []});
});

test("two who publish at once are both in the chain", async (t) => {
  const home = await publishedHome(t);
  const key = await loadKey(path.join(home, "keys"), null);
  const weeks = ["2023-03-06", "2023-03-13", "2023-03-20"];
  await Promise.all(weeks.map((week, i) => publishEdition(home, edition(week, 11 + i), key)));
  await writeSite(home, pages(7), key);
  assert.deepEqual(await verifyArchive(home), {ok: true, entries: 7, problems: []});
});

test("killed at any change of the disk and done again, the archive has the same bytes as if nothing had happened", async (t) => {
  const undisturbed = await publishedHome(t);
  const key: SigningKey = await loadKey(path.join(undisturbed, "keys"), null);
  await publishEdition(undisturbed, nextEdition(), key);
  await writeSite(undisturbed, pages(5), key);
  const wanted = contentsOf(undisturbed);
  let points = 0;
  for (let n = 0; ; n++) {
    const home = await publishedHome(t);
    if ((await publishInProcess(home, {killAt: n})) !== "SIGKILL") break;
    points++;
    const cut = await verifyArchive(home);
    // Whatever is out of order after a cut belongs to what was under way; nothing published before is touched.
    for (const {path: file} of cut.problems)
      assert.match(
        file,
        /^(chain\.jsonl\.minisig|signatures\/5\.minisig|site-manifest|site\/|\.\.\/keys\/archive-head)/,
        `${n}`,
      );
    await publishEdition(home, nextEdition(), key);
    await writeSite(home, pages(5), key);
    assert.deepEqual(contentsOf(home), wanted, `killed before change ${n}`);
    assert.deepEqual((await verifyArchive(home)).problems, []);
    rmSync(home, {recursive: true});
  }
  t.diagnostic(`${points} points of killing`);
  assert.ok(points >= 12, String(points));
});

test("killed and done again with other bytes, a signed line is finished as it was, and an unsigned one gives way", async (t) => {
  const kept = {signed: 0, unsigned: 0};
  for (let n = 0; ; n++) {
    const home = await publishedHome(t);
    const key = await loadKey(path.join(home, "keys"), null);
    if ((await publishInProcess(home, {killAt: n})) !== "SIGKILL") break;
    const before = await isPublished(home, nextEdition());
    const other = {...nextEdition(), situation: '{"computed":"anew"}'};
    const link = (await finishPublication(home, other, key)) ?? (await publishEdition(home, other, key));
    await restoreSite(home);
    await writeSite(home, pages(5), key);
    const {situation} = await readManifest(home, link.entry);
    assert.equal(situation, sha256(before ? nextEdition().situation : other.situation), `killed before change ${n}`);
    assert.deepEqual(await verifyArchive(home, [link.hash]), {ok: true, entries: 5, problems: []});
    kept[before ? "signed" : "unsigned"] += 1;
    rmSync(home, {recursive: true});
  }
  t.diagnostic(`${kept.signed} finished, ${kept.unsigned} made anew`);
  assert.ok(kept.signed > 2 && kept.unsigned > 2);
});

test("a publication that somebody else approved is not finished, and a line that lost its signature is no unsigned one", async (t) => {
  const home = await publishedHome(t);
  const key = await loadKey(path.join(home, "keys"), null);
  const last = edition("2023-02-27", 10);
  assert.equal((await finishPublication(home, last, key))?.entry.n, 4);
  const {approved} = last;
  const foreign = {...last, approved: {...approved, by: "somebody else"}};
  await assert.rejects(finishPublication(home, foreign, key), isCoded("edition_published"));
  rmSync(path.join(home, "archive/signatures/4.minisig"));
  await assert.rejects(finishPublication(home, last, key), isCoded("edition_altered"));
  await assert.rejects(publishEdition(home, last, key), isCoded("edition_altered"));
});

test("on a full disk nothing is published, and later it is", async (t) => {
  const home = emptyHome(t);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", home]).status !== 0)
    return t.skip("skipped: no right to mount here");
  try {
    const key = await createKey(path.join(home, "keys"), null);
    await publishEdition(home, edition("2023-02-13", 8), key);
    await writeSite(home, pages(1), key);
    mkdirSync(path.join(home, "filler"));
    const filler = path.join(home, "filler/x");
    spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k"], {stdio: "ignore"});
    await assert.rejects(publishEdition(home, edition("2023-02-20", 9), key), isCoded("disk_full"));
    assert.deepEqual(await verifyArchive(home), {ok: true, entries: 1, problems: []});
    rmSync(filler);
    await publishEdition(home, edition("2023-02-20", 9), key);
    await writeSite(home, pages(2), key);
    assert.deepEqual(await verifyArchive(home), {ok: true, entries: 2, problems: []});
  } finally {
    execFileSync("umount", ["-l", home]);
  }
});
