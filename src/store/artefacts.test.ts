import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test from "node:test";
import {clearArtefacts, keepArtefact, readArtefact} from "./artefacts.ts";

test("what a killed process had not written to the end is cleared, and what is kept stays", async (t) => {
  const home = mkdtempSync(path.join(tmpdir(), "watchfloor-artefacts-"));
  t.after(() => rmSync(home, {recursive: true, force: true}));
  assert.equal(await clearArtefacts(home, new Date()), 0, "nothing was kept yet");
  const {sha256} = await keepArtefact(home, Buffer.from("a mail"));
  const folder = path.join(home, "artefacts", sha256.slice(0, 2));
  writeFileSync(path.join(folder, `${sha256}.${spawnSync("true").pid}-0123456789ab.tmp`), "half of");
  assert.equal(await clearArtefacts(home, new Date()), 1);
  assert.deepEqual(readdirSync(folder), [sha256]);
  assert.equal((await readArtefact(home, sha256)).toString(), "a mail");
});
