import assert from "node:assert/strict";
import {existsSync, mkdirSync, rmSync, writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {draftEdition, publishEdition, submitEdition, withdrawEdition} from "../src/app/flow.ts";
import {weekNamed} from "../src/model/week.ts";
import {verifyArchive} from "../src/store/archive/verification.ts";
import {isPublished} from "../src/store/archive.ts";
import {setNumber} from "../src/store/editions/drafts.ts";
import {draftOf} from "../src/store/editions.ts";
import {overrideRating} from "../src/store/entries.ts";
import {createDatabase} from "./database.ts";
import {openSite, takeIn, temporaryFolder} from "./site.ts";

/** What becomes of an edition when its publication is broken off, or when somebody takes it back meanwhile. */
const {url, drop} = await createDatabase();
after(drop);
const house = await openSite({config: {database: {url}}});
const {db} = await house.database();
const archive = path.join(house.home, "archive");
const NOW = new Date("2026-03-16T02:00:00Z");
const LATER = new Date("2026-03-23T02:00:00Z");

/** Brings a week's edition into review. */
async function submitted(monday: string) {
  const week = weekNamed(monday, house.config.profile.zone);
  const file = path.join(temporaryFolder(), `${monday}.csv`);
  writeFileSync(file, `date,host\n${monday},www.shop.example.cn\n`);
  await takeIn(house, {feed: "defacement", file, fetchedAt: `${week.to}T23:00:00Z`});
  await overrideRating(db, {week: monday, grade: "良", reason: {zh: "试", en: "test"}, by: "A"}, NOW);
  await draftEdition(house, {week, by: "A", now: NOW});
  await submitEdition(house, {week, by: "A", now: NOW});
  return week;
}

/** Something stands in the way of that file of the archive: writing it fails, and what comes after it is not done. */
async function brokenOffAt(name: string, monday: string): Promise<void> {
  const week = await submitted(monday);
  const file = path.join(archive, name);
  rmSync(file, {force: true});
  mkdirSync(file, {recursive: true});
  await assert.rejects(publishEdition(house, {week, by: "B", now: NOW}, null));
  rmSync(file, {recursive: true});
  const late = path.join(temporaryFolder(), `late-${monday}.csv`);
  writeFileSync(late, `date,host\n2026-02-02,late-${monday}.example.cn\n`); // the trends are others by now
  await takeIn(house, {feed: "defacement", file: late, fetchedAt: NOW.toISOString()});
  if (!(await isPublished(house.home, {week: monday, version: 1}))) {
    // what was approved is not what would be published now: it has to be looked at again
    await assert.rejects(publishEdition(house, {week, by: "B", now: NOW}, null), /changed since it was submitted/);
    await withdrawEdition(house, {week, by: "A", reason: "newer trends", now: NOW});
    await submitEdition(house, {week, by: "A", now: NOW});
  }
  await publishEdition(house, {week, by: "B", now: NOW}, null);
  assert.equal((await draftOf(db, week.from)).state, "published");
  assert.deepEqual((await verifyArchive(house.home, [])).problems, []);
  assert.ok(existsSync(path.join(archive, "site", monday, "index.html")));
}

test("a publication that is broken off before or after its line is signed is published by doing it again", {
  timeout: 180_000,
}, async () => {
  await brokenOffAt("signatures/1.minisig", "2026-02-16");
  await brokenOffAt("signatures/2.minisig", "2026-02-23");
  await brokenOffAt("chain.jsonl.minisig", "2026-03-02");
});

test("nobody takes an edition back while it is being published", {timeout: 120_000}, async () => {
  const week = await submitted("2026-03-09");
  const publishing = publishEdition(house, {week, by: "B", now: NOW}, null);
  while ((await draftOf(db, week.from)).approved === null) await sleep(5);
  assert.equal(existsSync(path.join(archive, "site", "2026-03-09")), false, "it is being rendered");
  const back = withdrawEdition(house, {week, by: "A", reason: "a late correction", now: NOW});
  await assert.rejects(back, /A published edition does not change/);
  await publishing;
  assert.equal((await draftOf(db, week.from)).state, "published");
});

test("trends that change after the submission, and a number that is taken, are not approved unseen", {
  timeout: 120_000,
}, async () => {
  const week = await submitted("2026-03-16");
  const late = path.join(temporaryFolder(), "later.csv");
  writeFileSync(late, "date,host\n2026-02-03,later.example.cn\n");
  await takeIn(house, {feed: "defacement", file: late, fetchedAt: NOW.toISOString()});
  const later = {week, now: LATER};
  await assert.rejects(publishEdition(house, {...later, by: "B"}, null), /changed since it was submitted.*trends/);
  await setNumber(db, {week: week.from, by: "A", number: {year: 2026, issue: 10}}, LATER); // that of 2026-03-02
  await assert.rejects(submitEdition(house, {...later, by: "A"}), /Another edition has that number.*2026-03-02/);
  await setNumber(db, {week: week.from, by: "A", number: null}, LATER);
  await submitEdition(house, {...later, by: "A"});
  await publishEdition(house, {...later, by: "B"}, null);
});
