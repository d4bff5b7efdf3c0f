import assert from "node:assert/strict";
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {type TestContext} from "node:test";
import {createDatabase, openTestDatabase} from "../../test/database.ts";
import {type ErrorCode, WatchfloorError} from "../model/errors.ts";
import {BACKUP_FILE, backUpDatabase, restoreDatabase} from "./backup.ts";
import {openDraft, setText} from "./editions/drafts.ts";
import {draftOf, reviewsOf} from "./editions.ts";
import {addInfraEvent, enterFigures, figureHistory, infraEventsOf, withdrawInfraEvent} from "./entries.ts";
import {knownItems, noteItems} from "./fetches/items.ts";
import {beginFetch, endFetch} from "./fetches.ts";
import {openDatabase} from "./postgres.ts";

const WEEK = "2023-02-20";
const NOW = new Date("2023-02-27T04:00:00.123Z");
const isCoded = (code: ErrorCode) => (error: unknown) => error instanceof WatchfloorError && error.code === code;

function freshFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "wf-backup-"));
  t.after(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** Fills a database with something of everything, 2,500 figures among it, and backs it up into the folder. */
async function backedUp(folder: string): Promise<{rows: number; content: unknown}> {
  const {db, close} = await openTestDatabase();
  const figure = (i: number) => ({week: WEEK, indicator: `x.${i % 7}`, value: i, by: '陈 "Chen"\\ '});
  await enterFigures(
    db,
    Array.from({length: 2500}, (_, i) => figure(i)),
    NOW,
  );
  const event = {day: WEEK, level: "I", reach: "nation", title: {zh: "一", en: "one"}, by: "A"} as const;
  const {id} = await addInfraEvent(db, event, NOW);
  await withdrawInfraEvent(db, {id, reason: "twice", by: "A"}, NOW);
  await openDraft(db, {week: WEEK, by: "A"}, NOW);
  await setText(db, {week: WEEK, by: "A", language: "zh", paragraph: "p", text: "本周“平稳”。"}, NOW);
  const rows = await backUpDatabase(db, folder, NOW);
  const content = await contentOf(db);
  await close();
  return {rows, content};
}

async function contentOf(db: Parameters<typeof draftOf>[0]): Promise<unknown> {
  return [await figureHistory(db, WEEK), await draftOf(db, WEEK), await reviewsOf(db, WEEK)];
}

test("a restored database holds the same rows, and goes on counting where the old one was", async (t) => {
  const folder = freshFolder(t);
  const {rows, content} = await backedUp(folder);
  assert.deepEqual(readdirSync(folder), [BACKUP_FILE]);
  const {url, drop} = await createDatabase();
  const place = {home: "unused", url};
  assert.equal(await restoreDatabase(place, folder), rows);
  const {db, close} = await openDatabase(place);
  assert.deepEqual(await contentOf(db), content);
  const event = {day: WEEK, level: "I", reach: "nation", title: {zh: "二", en: "two"}, by: "A"} as const;
  assert.equal((await addInfraEvent(db, event, NOW)).id, "IE-000002");
  assert.equal((await infraEventsOf(db, {from: WEEK, to: WEEK})).length, 1);
  const again = freshFolder(t);
  await backUpDatabase(db, again, NOW);
  const lines = (file: string): string[] => readFileSync(path.join(file, BACKUP_FILE), "utf8").split("\n");
  assert.equal(lines(again).length, lines(folder).length + 1);
  await assert.rejects(restoreDatabase(place, folder), isCoded("database_not_empty"));
  await close();
  await drop();
});

test("the queue of jobs is no part of a backup, and is not in the way of a restore", async (t) => {
  const folder = freshFolder(t);
  const one = await openTestDatabase();
  const other = await openTestDatabase();
  for (const {executeSql} of [one, other])
    await executeSql("CREATE SCHEMA jobs; CREATE TABLE jobs.job (id int); INSERT INTO jobs.job VALUES (7)");
  await enterFigures(one.db, [{week: WEEK, indicator: "x", value: 1, by: "A"}], NOW);
  const rows = await backUpDatabase(one.db, folder, NOW);
  assert.equal(rows, 1);
  assert.equal(await restoreDatabase({home: "unused", url: other.url}, folder), 1);
  assert.deepEqual((await other.executeSql("SELECT * FROM jobs.job")).rows, [{id: 7}]);
  await one.close();
  await other.close();
});

test("what is remembered of fetching is in a backup, and no fetch of before holds a restored one up", async (t) => {
  const folder = freshFolder(t);
  const {db, close} = await openTestDatabase();
  const by = {by: "host 1", leaseSeconds: 1};
  const done = await beginFetch(db, {feed: "done", ...by}, NOW);
  assert.ok(done);
  const run = {
    feed: "done",
    begunAt: NOW,
    endedAt: NOW,
    outcome: "fetched",
    reports: 1,
    newReports: 1,
    received: 5,
  } as const;
  await noteItems(db, done, {items: [{item: "file a", outcome: "taken", code: null}], now: NOW});
  await endFetch(db, done, {run: {...run, refused: 0, problem: null}, memory: {etag: "x"}});
  await beginFetch(db, {feed: "running", ...by}, NOW);
  await backUpDatabase(db, folder, NOW);
  await close();
  const {url, drop} = await createDatabase();
  await restoreDatabase({home: "unused", url}, folder);
  const restored = await openDatabase({home: "unused", url});
  const lease = await beginFetch(restored.db, {feed: "done", ...by}, NOW);
  assert.deepEqual(lease?.memory, {etag: "x"});
  assert.ok(lease && lease.token > done.token);
  assert.deepEqual(
    [...(await knownItems(restored.db, lease, {items: ["file a", "file b"], now: NOW})).keys()],
    ["file a"],
  );
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.ok(await beginFetch(restored.db, {feed: "running", ...by}, NOW));
  await restored.close();
  await drop();
});

test("a backup that is cut off, altered or foreign is refused, and the database stays empty", async (t) => {
  const folder = freshFolder(t);
  await backedUp(folder);
  const file = path.join(folder, BACKUP_FILE);
  const text = readFileSync(file, "utf8");
  const {url, drop} = await createDatabase();
  const place = {home: "unused", url};
  const damage = [
    text.slice(0, -200),
    text.slice(0, text.length / 2),
    text.replace('"value": 77,', '"value": 78,'),
    text.replace(/^.*"value": 77,.*\n/m, ""),
    text.replaceAll('"table":"figures"', '"table":"pg_class"'),
    text.replace('"0001-editions"', '"0000-other"'),
    "",
    "{}\n",
  ];
  for (const [i, damaged] of damage.entries()) {
    assert.notEqual(damaged, text);
    writeFileSync(file, damaged);
    await assert.rejects(restoreDatabase(place, folder), isCoded("backup_invalid"), `damage ${i}`);
  }
  await assert.rejects(restoreDatabase(place, path.join(folder, "none")), isCoded("backup_invalid"));
  writeFileSync(file, text);
  await restoreDatabase(place, folder);
  await drop();
});
