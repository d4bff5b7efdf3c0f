import assert from "node:assert/strict";
import test from "node:test";
import {stepped} from "../src/cases/desk.ts";
import type {CaseAction} from "../src/model/cases/case.ts";
import type {CaseAtWork, CaseChange} from "../src/model/cases/case-change.ts";
import {caseOfId, changeCase} from "../src/store/cases/changing.ts";
import {listCases, matterOf, roundsOf, stepsOf} from "../src/store/cases/lists.ts";
import type {Database} from "../src/store/postgres.ts";
import {hoursLater, MONDAY, phishing, sighting, take} from "./case-fixture.ts";
import {openTestDatabase} from "./database.ts";

/** Moves a case as a person does. */
function move(
  {db}: Database,
  id: string,
  {action, at = MONDAY, dismissedBy = "us"}: {action: CaseAction; at?: Date; dismissedBy?: "us" | "party"},
) {
  const decide = (there: CaseAtWork): CaseChange =>
    stepped(there, {move: {action, at: at.toISOString(), dismissedBy}, isOwn: true});
  return changeCase(db, id, {by: "Li", now: at, decide});
}

const PAGE = "http://login.example.com/a";
let house: Database & {readonly url: string};
test.before(async () => {
  house = await openTestDatabase();
});
test.after(() => house.close());

test("an asset that several reports and complaints tell of is one case", async () => {
  const first = await take(house, [phishing(PAGE), phishing(PAGE), phishing("http://other.example.com/")]);
  assert.equal(first.opened.length, 2);
  assert.deepEqual(first.cases, [first.opened[0], first.opened[0], first.opened[1]]);
  const again = await take(house, [phishing(PAGE, {sighting: sighting("r2")})], hoursLater(1));
  assert.deepEqual([again.opened, again.joined], [[], [first.opened[0]]]);
  const {sightings} = await matterOf(house.db, first.opened[0] ?? "");
  assert.deepEqual(
    sightings.map((each) => each.report),
    ["r1", "r2"],
  );
});

test("ids are short, go on by one in their year, and are never given out again", async () => {
  const {opened} = await take(house, [phishing("http://n1.example.com/"), phishing("http://n2.example.com/")]);
  const [a, b] = opened.map((id) => Number(id.slice(-6)));
  assert.match(opened[0] ?? "", /^WF-2023-\d{6}$/);
  assert.equal(b, (a ?? 0) + 1);
});

test("several who open cases of the same pages at once open each once", async () => {
  const pages = Array.from({length: 20}, (_, n) => `http://race${n}.example.com/`);
  const all = await Promise.all(
    Array.from({length: 6}, (_, n) =>
      take(
        house,
        pages.map((page) => phishing(page, {sighting: sighting(`race${n}`)})),
      ),
    ),
  );
  assert.equal(all.flatMap(({opened}) => opened).length, 20);
  assert.equal(new Set(all.flatMap(({cases}) => cases)).size, 20);
});

test("a list that goes on naming a page that is gone only asks for a look; a look reopens it, not the list", async () => {
  const {
    opened: [id = ""],
  } = await take(house, [phishing("http://gone.example.com/")]);
  await move(house, id, {action: "notify"});
  await move(house, id, {action: "verify", at: hoursLater(5)});
  const stalePage = phishing("http://gone.example.com/", {sighting: sighting("old", hoursLater(2))});
  const later = {at: hoursLater(29).toISOString(), kind: "plan"};
  await changeCase(house.db, id, {by: "watchfloor", now: hoursLater(5), decide: () => ({look: later, steps: []})});
  assert.deepEqual((await take(house, [stalePage], hoursLater(6))).joined, [id]);
  assert.deepEqual((await caseOfId(house.db, id)).look, later);
  await take(house, [phishing("http://gone.example.com/", {sighting: sighting("new", hoursLater(7))})], hoursLater(8));
  const {case: one, look} = await caseOfId(house.db, id);
  assert.deepEqual([one.state, look], ["verified", {at: hoursLater(8).toISOString(), kind: "reported"}]);
});

test("what no probe can look at is back when it is reported of a later time", async () => {
  const server = phishing("http://c2.example.com/", {class: "mal.c2", asset: {kind: "ip", value: "203.0.113.9"}});
  const {
    opened: [id = ""],
  } = await take(house, [server]);
  await move(house, id, {action: "notify"});
  await move(house, id, {action: "verify", at: hoursLater(5)});
  assert.deepEqual((await take(house, [{...server, sighting: sighting("x", hoursLater(4))}])).joined, [id]);
  assert.deepEqual((await take(house, [{...server, sighting: sighting("y", hoursLater(9))}], hoursLater(9))).reopened, [
    id,
  ]);
  assert.deepEqual(
    (await roundsOf(house.db, id)).map(({round}) => round),
    [1, 2],
  );
});

test("a dismissed case stays dismissed for the list that named it, and opens again for new evidence", async () => {
  const page = phishing("http://fine.example.com/");
  const {
    opened: [id = ""],
  } = await take(house, [page]);
  await move(house, id, {action: "dismiss", at: hoursLater(1)});
  assert.deepEqual((await take(house, [{...page, sighting: sighting("d2", hoursLater(24))}], hoursLater(24))).joined, [
    id,
  ]);
  const other = {...page, sighting: sighting("d3", hoursLater(25), "another-feed")};
  assert.deepEqual((await take(house, [other], hoursLater(25))).reopened, [id]);
});

test("a case is shared as narrowly as the strictest of those who told of it wants", async () => {
  const page = phishing("http://tlp.example.com/");
  const {
    opened: [id = ""],
  } = await take(house, [page]);
  await take(house, [{...page, tlp: "AMBER", sighting: sighting("amber")}]);
  await take(house, [{...page, tlp: "CLEAR", sighting: sighting("clear")}]);
  assert.equal((await caseOfId(house.db, id)).case.tlp, "AMBER");
});

test("the history tells each step with the state it came from, and cannot be changed", async () => {
  const {
    opened: [id = ""],
  } = await take(house, [phishing("http://history.example.com/")]);
  await move(house, id, {action: "notify", at: hoursLater(1)});
  await move(house, id, {action: "acknowledge", at: hoursLater(2)});
  const steps = await stepsOf(house.db, id);
  assert.deepEqual(
    steps.map(({step, from, to}) => [step, from, to]),
    [
      ["open", null, "open"],
      ["notify", "open", "notified"],
      ["acknowledge", "notified", "acknowledged"],
    ],
  );
  await assert.rejects(house.db.updateTable("case_steps").set({note: "x"}).execute(), /never changed/);
  await assert.rejects(house.db.deleteFrom("case_steps").execute(), /never changed/);
});

test("two desks that take the same step at once: one does it, the other is told", async () => {
  const {
    opened: [id = ""],
  } = await take(house, [phishing("http://desks.example.com/")]);
  const both = await Promise.allSettled([move(house, id, {action: "notify"}), move(house, id, {action: "notify"})]);
  assert.deepEqual(both.map(({status}) => status).sort(), ["fulfilled", "rejected"]);
  assert.equal((await stepsOf(house.db, id)).length, 2);
});

test("a case that is not there is named", async () => {
  await assert.rejects(caseOfId(house.db, "WF-2023-999999"), {code: "case_unknown"});
  await assert.rejects(caseOfId(house.db, "; DROP TABLE cases"), {code: "case_unknown"});
});

test("lists are found by part of an asset, by brand, by id and by queue, page by page", async () => {
  const {opened} = await take(
    house,
    Array.from({length: 7}, (_, n) => phishing(`http://list${n}.find-me.example/`)),
  );
  const found = await listCases(house.db, {search: "FIND-me"}, MONDAY);
  assert.deepEqual(
    found.map(({id}) => id),
    [...opened].reverse(),
  );
  assert.equal((await listCases(house.db, {search: "示例银行", limit: 3}, MONDAY)).length, 3);
  assert.deepEqual(
    (await listCases(house.db, {search: opened[2] ?? ""}, MONDAY)).map(({id}) => id),
    [opened[2]],
  );
  const page = await listCases(house.db, {search: "find-me", limit: 3, after: opened[4] ?? ""}, MONDAY);
  assert.deepEqual(
    page.map(({id}) => id),
    [opened[3], opened[2], opened[1]],
  );
  assert.deepEqual(await listCases(house.db, {search: "100%_"}, MONDAY), []);
  const overdue = await listCases(house.db, {queue: "overdue", search: "find-me"}, hoursLater(1));
  assert.equal(overdue.length, 7, "nobody was told yet");
  assert.equal((await listCases(house.db, {queue: "mine", me: "Li"}, MONDAY)).length, 0);
});
