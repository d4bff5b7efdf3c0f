/** What comes in for a case at the very moment at which it becomes a part of another, or is taken apart. */
import assert from "node:assert/strict";
import test, {after} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {believe} from "../../src/app/coordination/incoming/replies.ts";
import {merged, stepped} from "../../src/cases/desk.ts";
import {caseOfId, changeCase, lockCases} from "../../src/store/cases/changing.ts";
import {mergeCases, splitCase} from "../../src/store/cases/joining.ts";
import {caseKey} from "../../src/store/cases/rows.ts";
import {hoursLater, phishing, sighting, take} from "../case-fixture.ts";
import {openTestDatabase} from "../database.ts";

const database = await openTestDatabase();
after(database.close);
const {db} = database;
const ACT = {by: "A", now: hoursLater(1)};
const urlOf = (n: number): string => `http://login.shop-${n}.com/`;
const openOne = async (n: number): Promise<string> => (await take(database, [phishing(urlOf(n))])).cases[0] ?? "";

/** Lets the first wait for a case, then the second, and then both go on. */
async function oneAfterTheOther<One, Two>(
  id: string,
  first: () => Promise<One>,
  second: () => Promise<Two>,
): Promise<[One, Two]> {
  return db
    .transaction()
    .execute(async (work) => {
      await lockCases(work, [caseKey(id)]);
      const one = first();
      await sleep(200);
      const two = second();
      await sleep(200);
      return [one, two] as const;
    })
    .then((both) => Promise.all(both));
}

function merge(from: string, into: string) {
  return mergeCases(db, {from, into, decide: (pair) => merged(pair, ACT.now.toISOString()), ...ACT});
}

async function sightedBy(report: string): Promise<number[]> {
  const rows = await db.selectFrom("case_sightings").select("case").where("report", "=", report).execute();
  return rows.map((row) => row.case);
}

test("what is reported while its case is merged belongs to the case that stands", async () => {
  const [from, into] = [await openOne(1), await openOne(2)];
  const [, taken] = await oneAfterTheOther(
    from,
    () => merge(from, into),
    () => take(database, [phishing(urlOf(1), {sighting: sighting("late")})], hoursLater(2)),
  );
  assert.deepEqual(taken.cases, [into]);
  assert.deepEqual(await sightedBy("late"), [caseKey(into)]);
});

test("what is reported while its asset is taken out of a case belongs to the new case", async () => {
  const [from, into] = [await openOne(3), await openOne(4)];
  await merge(from, into);
  const asset = {kind: "url", value: urlOf(3)};
  const [fresh, taken] = await oneAfterTheOther(
    into,
    () => splitCase(db, {id: into, asset, year: 2023, isLookedAt: true, ...ACT}),
    () => take(database, [phishing(urlOf(3), {sighting: sighting("apart")})], hoursLater(2)),
  );
  assert.deepEqual(taken.cases, [fresh.case.id]);
  assert.deepEqual(await sightedBy("apart"), [caseKey(fresh.case.id)]);
});

test("what a party answers while its case is merged is done to the case that stands", async () => {
  const [from, into] = [await openOne(5), await openOne(6)];
  for (const id of [from, into])
    await changeCase(db, id, {
      decide: (there) => stepped(there, {move: {action: "notify", at: ACT.now.toISOString()}}),
      ...ACT,
    });
  const answer = {about: [{id: from, round: 1}], says: "done", party: null, ...ACT} as const;
  const [, isUnderstood] = await oneAfterTheOther(
    from,
    () => merge(from, into),
    () => db.transaction().execute((work) => believe(work, answer)),
  );
  assert.equal(isUnderstood, true);
  assert.equal((await caseOfId(db, into)).case.state, "resolved");
});
