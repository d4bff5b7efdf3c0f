/** What those who complained hear in the end, whatever became of the case of their complaint. */
import assert from "node:assert/strict";
import test from "node:test";
import {dismissCase} from "../../src/app/cases/acts.ts";
import {mergeInto} from "../../src/app/cases/ties.ts";
import {takeComplaints} from "../../src/app/coordination/opening/complaints.ts";
import {askContacts} from "../../src/app/coordination/telling/confirming.ts";
import {tellPending} from "../../src/app/coordination/telling/telling.ts";
import {addPending} from "../../src/store/notices/pending.ts";
import {hoursLater} from "../case-fixture.ts";
import {openScene, type Scene} from "../coordination-scene.ts";

let scene: Scene;
test.before(async () => {
  scene = await openScene();
});
test.after(() => scene.close());

async function complain(host: string, hour: number): Promise<string> {
  const complaint = {
    ...{
      receivedAt: hoursLater(hour).toISOString(),
      source: "api" as const,
      key: host,
      reporter: `zhang@${host}.example`,
    },
    ...{wantsAnswer: true, class: "web.phish", asset: {kind: "url", value: `http://${host}.com/`}},
    ...{brand: null, text: "a page", ip: null},
  };
  const [taken] = await takeComplaints(scene.desk, [complaint], {by: "api", now: hoursLater(hour)});
  return taken?.case ?? "";
}

function dismiss(id: string, hour: number) {
  const dismissal = {id, by: "us", reason: "it is a test page", toReporter: null} as const;
  return dismissCase(scene.house, dismissal, {by: "Li", now: hoursLater(hour)});
}

function closingNotes(to: string) {
  return scene.desk.db
    .selectFrom("notifications")
    .select(["id", "state"])
    .where("event", "=", "reporter-closed")
    .where("address", "=", to)
    .execute();
}

test("a complaint that came to another case is closed once for who made it, and holds up nobody else", async () => {
  const [one, other] = [await complain("one", 0), await complain("other", 0)];
  await dismiss(one, 1);
  await tellPending(scene.desk, hoursLater(1.1));
  assert.equal((await closingNotes("zhang@one.example")).length, 1);
  await mergeInto(scene.house, {id: one, into: other}, {by: "Li", now: hoursLater(2)});
  await dismiss(other, 3);
  const run = await tellPending(scene.desk, hoursLater(3.1));
  assert.deepEqual([run.pending, run.told], [2, 1]);
  assert.equal((await closingNotes("zhang@one.example")).length, 1);
  assert.equal((await closingNotes("zhang@other.example")).length, 1);
});

test("a contact that is asked twice on one day whether it holds gets one mail", async () => {
  const party = await scene.party({
    ...{kind: "registrar", name: "Registrar", country: "CN", address: "abuse@registrar.example"},
    responsibilities: [],
  });
  const now = hoursLater(24 * 365);
  assert.equal(await askContacts(scene.desk, now), 1);
  await tellPending(scene.desk, now);
  const [contact] = await scene.desk.db.selectFrom("contacts").select("id").where("party", "=", party).execute();
  const again = {event: "contact-confirm", case: null, round: 1, complaint: null, party, contact: contact?.id ?? 0};
  // another process had found it due at the same moment
  const rest = {turn: 20240220, reason: null, isUrgent: false, since: now};
  await scene.desk.db.transaction().execute((work) => addPending(work, [{...again, ...rest}]));
  const run = await tellPending(scene.desk, now);
  assert.deepEqual([run.pending, run.notifications], [1, 0]);
});
