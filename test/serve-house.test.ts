/** A data folder that is served while parts of it fail: the archive stays, and /healthz tells. */
import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test from "node:test";
import {openHouse} from "../src/app/house.ts";
import type {Health} from "../src/app/http/health.ts";
import {startServing} from "../src/app/http/serving.ts";
import {makeHome} from "./site.ts";

const PAGE = "<!doctype html><title>published</title>";

function publishPage(home: string): void {
  mkdirSync(path.join(home, "archive/site"), {recursive: true});
  writeFileSync(path.join(home, "archive/site/index.html"), PAGE);
}

/** Serves the folder, looks at the page and the health, and ends. */
async function lookAt(home: string): Promise<{page: string; health: Health; log: string}> {
  const house = await openHouse(home);
  await house.database().catch(() => undefined); // making a new one takes longer than a look at the health
  let log = "";
  const write = (text: string): void => {
    log += text;
  };
  const server = await startServing({house, port: 0, hasJobs: true, write});
  try {
    const page = await (await fetch(server.url)).text();
    const answer = await fetch(`${server.url}healthz`);
    assert.equal(answer.status, 200);
    const health: Health = JSON.parse(await answer.text());
    return {page, health, log};
  } finally {
    await server.close();
    await house.close();
  }
}

test("a new data folder is well and says that nothing is published yet", async () => {
  const {page, health} = await lookAt(await makeHome());
  assert.match(page, /尚未发布任何一期。\nNo edition has been published yet\./);
  assert.equal(health.status, "ok", JSON.stringify(health));
  assert.deepEqual(health.archive, {ok: true, publications: 0});
  assert.deepEqual(health.lake, {ok: true, newestWeek: null});
  assert.equal(health.database, "ok");
});

test("the archive is served while the database cannot be reached", async () => {
  const home = await makeHome({config: {database: {url: "postgresql://nobody@127.0.0.1:1/none"}}});
  publishPage(home);
  const {page, health, log} = await lookAt(home);
  assert.equal(page, PAGE);
  assert.equal(health.database, "unavailable");
  assert.equal(health.status, "degraded");
  assert.match(log, /error the archive is served without the database\n.*database cannot be reached/i);
});

test("an archive whose chain was altered is told, and still served", async () => {
  const home = await makeHome({config: {database: {url: "postgresql://nobody@127.0.0.1:1/none"}}});
  publishPage(home);
  writeFileSync(path.join(home, "archive/chain.jsonl"), "this is no entry\n");
  const {page, health} = await lookAt(home);
  assert.equal(page, PAGE);
  assert.deepEqual(health.archive, {ok: false, publications: null});
});

test("the archive is served from a disk without a byte left", async (t) => {
  const home = mkdtempSync(path.join(tmpdir(), "watchfloor-full-"));
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", home]).status !== 0) {
    rmSync(home, {recursive: true});
    return t.skip("skipped: no right to mount here");
  }
  try {
    writeFileSync(path.join(home, "watchfloor.yaml"), "profile: cn\n");
    publishPage(home);
    assert.throws(() => writeFileSync(path.join(home, "filler"), Buffer.alloc(4 * 1024 * 1024)), /ENOSPC/);
    const {page, health} = await lookAt(home);
    assert.equal(page, PAGE);
    assert.deepEqual(health.disk, {ok: false, freeBytes: 0});
    assert.equal(health.database, "unavailable");
  } finally {
    execFileSync("umount", ["-l", home]);
    rmSync(home, {recursive: true});
  }
});
