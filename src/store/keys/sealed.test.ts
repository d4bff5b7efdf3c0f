import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync, statSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test from "node:test";
import {keepSealed, readSealed} from "./sealed.ts";

test("evidence lies on the disk as nothing that anything could run, and comes back as it was", async () => {
  const home = mkdtempSync(path.join(tmpdir(), "watchfloor-sealed-"));
  const page = Buffer.from("<html><script>steal()</script></html>".repeat(100));
  const [one, again] = await Promise.all([keepSealed(home, page), keepSealed(home, page)]);
  assert.deepEqual(one, again, "the same page is kept once");
  const file = path.join(home, "artefacts", one.sha256.slice(0, 2), one.sha256);
  assert.ok(!readFileSync(file).includes("script"));
  assert.equal(statSync(path.join(home, "keys", "evidence.key")).mode & 0o777, 0o600);
  assert.deepEqual(await readSealed(home, one.sha256), page);
  assert.notEqual((await keepSealed(home, Buffer.from("another page"))).sha256, one.sha256);
  rmSync(path.join(home, "keys", "evidence.key"));
  await assert.rejects(readSealed(home, one.sha256), {code: "artefact_missing"}, "by another key it is not opened");
  rmSync(home, {recursive: true});
});
