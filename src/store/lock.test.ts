import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {once} from "node:events";
import {mkdtempSync, readdirSync, rmSync, statSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {type TestContext} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {WatchfloorError} from "../model/errors.ts";
import {tryLock, withLock} from "./lock.ts";

function freshLock(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "wf-lock-"));
  t.after(() => rmSync(folder, {recursive: true, force: true}));
  return path.join(folder, "below", "lock");
}

test("one at a time works under the lock, and a failure gives it back", async (t) => {
  const lock = freshLock(t);
  let inside = 0;
  const work = (i: number): Promise<number> =>
    withLock(lock, async () => {
      inside++;
      await sleep(2);
      assert.equal(inside, 1);
      inside--;
      if (i === 3) throw new Error("a bug");
      return i;
    });
  const done = await Promise.allSettled([1, 2, 3, 4, 5].map(work));
  assert.deepEqual(
    done.map((each) => each.status),
    ["fulfilled", "fulfilled", "rejected", "fulfilled", "fulfilled"],
  );
});

test("a process that is killed gives the lock back, and until then nobody else has it", async (t) => {
  const lock = freshLock(t);
  await withLock(lock, async () => {});
  const source = `
    import {tryLock} from ${JSON.stringify(path.join(import.meta.dirname, "lock.ts"))};
    const release = tryLock(${JSON.stringify(lock)});
    console.log(release !== null);
    setInterval(() => release.name, 1000); // forgotten, the lock would be given back`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {stdio: ["ignore", "pipe", "inherit"]});
  const [said] = await once(child.stdout, "data");
  child.stdout.destroy(); // unread it would keep this process waiting for its end
  assert.equal(String(said), "true\n");
  assert.equal(tryLock(lock), null);
  await assert.rejects(
    withLock(lock, async () => {}, 0.05),
    (error: unknown) => error instanceof WatchfloorError && error.code === "home_busy",
  );
  const waiting = withLock(lock, async () => "mine");
  child.kill("SIGKILL");
  assert.equal(await waiting, "mine");
  assert.deepEqual(readdirSync(path.dirname(lock)), ["lock"]);
  assert.equal(statSync(lock).size, 0);
});
