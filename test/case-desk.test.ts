import assert from "node:assert/strict";
import {mkdtempSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test from "node:test";
import {assigned, levelled, merged, noted, released, stepped} from "../src/cases/desk.ts";
import type {CaseAction} from "../src/model/cases/case.ts";
import {keepArtefact, readArtefact} from "../src/store/artefacts.ts";
import {caseOfId, changeCase} from "../src/store/cases/changing.ts";
import {attachFile, linkCases, mergeCases, splitCase} from "../src/store/cases/joining.ts";
import {listCases, matterOf, stepsOf} from "../src/store/cases/lists.ts";
import {isSamePerson} from "../src/store/editions/people.ts";
import type {Database} from "../src/store/postgres.ts";
import {hoursLater, MONDAY, phishing, sighting, take} from "./case-fixture.ts";
import {openTestDatabase} from "./database.ts";

let house: Database & {readonly url: string};
test.before(async () => {
  house = await openTestDatabase();
});
test.after(() => house.close());

const doing = (hour: number, by = "Li") => ({by, now: hoursLater(hour)});

async function open(...hosts: string[]): Promise<string[]> {
  const {opened} = await take(
    house,
    hosts.map((host) => phishing(`http://${host}/`)),
  );
  return [...opened];
}

function step(id: string, action: CaseAction, hour: number) {
  const move = {action, at: hoursLater(hour).toISOString()};
  return changeCase(house.db, id, {...doing(hour), decide: (there) => stepped(there, {move, isOwn: true})});
}

test("a merged case gives all that it has to the other one, which then is told of its assets", async () => {
  const [one = "", two = ""] = await open("merge-one.example", "merge-two.example");
  const into = await mergeCases(house.db, {
    from: one,
    into: two,
    ...doing(1),
    decide: (pair) => merged(pair, MONDAY.toISOString()),
  });
  assert.equal(into.case.id, two);
  const {case: old} = await caseOfId(house.db, one);
  assert.deepEqual([old.state, old.mergedInto], ["merged", two]);
  const again = await take(house, [phishing("http://merge-one.example/", {sighting: sighting("later")})]);
  assert.deepEqual(again.joined, [two]);
  const {sightings, urls} = await matterOf(house.db, two);
  assert.deepEqual(sightings.map(({report}) => report).sort(), ["later", "r1"]);
  assert.deepEqual(urls, ["http://merge-one.example/", "http://merge-two.example/"]);
  await assert.rejects(step(one, "notify", 2), {code: "case_step_not_allowed"});
});

test("work is not lost by merging it into a case that is over, and no case is merged into itself", async () => {
  const [one = "", two = ""] = await open("m1.example", "m2.example");
  await step(two, "dismiss", 1);
  const merge = (from: string, into: string) =>
    mergeCases(house.db, {from, into, ...doing(2), decide: (pair) => merged(pair, MONDAY.toISOString())});
  await assert.rejects(merge(one, two), /reopen it first/);
  await assert.rejects(merge(one, one), {code: "case_step_not_allowed"});
  await assert.rejects(merge(one, "WF-2023-999999"), {code: "case_unknown"});
  await merge(two, one);
});

test("an asset that was merged by mistake is split off into a case of its own", async () => {
  const [one = "", two = ""] = await open("s1.example", "s2.example");
  await mergeCases(house.db, {from: one, into: two, ...doing(1), decide: (pair) => merged(pair, MONDAY.toISOString())});
  const asset = {kind: "url", value: "http://s2.example/"};
  const fresh = await splitCase(house.db, {id: two, asset, year: 2023, isLookedAt: true, ...doing(2)});
  assert.deepEqual([fresh.case.asset.value, fresh.case.state], ["http://s2.example/", "open"]);
  const stays = await caseOfId(house.db, two);
  assert.equal(stays.case.asset.value, "http://s1.example/");
  // who is responsible is found by these: each case has those of its own asset
  assert.deepEqual([fresh.case.facts.host, stays.case.facts.host], ["s2.example", "s1.example"]);
  assert.equal(fresh.look?.kind, "plan");
  assert.deepEqual((await take(house, [phishing("http://s2.example/", {sighting: sighting("x")})])).joined, [
    fresh.case.id,
  ]);
  await assert.rejects(splitCase(house.db, {id: two, asset, year: 2023, isLookedAt: true, ...doing(3)}), {
    code: "case_step_not_allowed",
  });
});

test("what people do to a case is in its history, with their names", async () => {
  const [id = "", other = ""] = await open("desk.example", "desk-other.example");
  const change = (decide: Parameters<typeof changeCase>[2]["decide"], by: string) =>
    changeCase(house.db, id, {by, now: hoursLater(1), decide});
  await change(() => assigned("Wang"), "Li");
  await change(() => noted({step: "note", note: "looks like last week's kit"}), "Wang");
  await change(() => levelled("II", "a bank in all provinces"), "Wang");
  await linkCases(house.db, {id, other, ...doing(2, "Wang")});
  await linkCases(house.db, {id: other, other: id, ...doing(3, "Wang")});
  const steps = await stepsOf(house.db, id);
  assert.deepEqual(
    steps.map(({step, by, note}) => [step, by, note]),
    [
      ["open", "watchfloor", null],
      ["assign", "Li", "Wang"],
      ["note", "Wang", "looks like last week's kit"],
      ["severity", "Wang", "a bank in all provinces"],
      ["link", "Wang", null],
    ],
  );
  const mine = await listCases(house.db, {queue: "mine", me: "Wang"}, MONDAY);
  assert.deepEqual(
    mine.map((each) => [each.id, each.severity]),
    [[id, "II"]],
  );
  assert.deepEqual((await matterOf(house.db, other)).links, [id]);
  await assert.rejects(
    change(() => noted({step: "note", note: "x"}), " "),
    {code: "usage"},
  );
});

test("a protected case is released by a second person only", async () => {
  const {
    opened: [id = ""],
  } = await take(house, [phishing("http://www.some.gov.example/", {isProtected: true})]);
  const at = MONDAY.toISOString();
  const release = (by: string) =>
    changeCase(house.db, id, {by, now: MONDAY, decide: (there) => released(there, {by, at, isSame: isSamePerson})});
  assert.equal((await release("Li")).releasedBy, null);
  await assert.rejects(release("ＬＩ "), {code: "case_protected"});
  assert.equal((await release("Wang")).releasedBy, "Wang");
  await assert.rejects(release("Zhao"), {code: "case_step_not_allowed"});
});

test("files lie under the hash of their bytes, once, for the owner only, and a damaged one is not given out", async () => {
  const home = mkdtempSync(path.join(tmpdir(), "watchfloor-artefacts-"));
  const [id = ""] = await open("files.example");
  const bytes = Buffer.from("<script>alert(1)</script>");
  const {sha256} = await keepArtefact(home, bytes);
  assert.deepEqual(await keepArtefact(home, bytes), {sha256, bytes: bytes.length});
  await attachFile(house.db, {
    id,
    file: {sha256, name: "../../etc/passwd", type: "text/html", bytes: bytes.length},
    ...doing(1),
  });
  const {files} = await matterOf(house.db, id);
  assert.deepEqual(
    files.map((each) => [each.sha256, each.name]),
    [[sha256, "../../etc/passwd"]],
  );
  assert.deepEqual(await readArtefact(home, sha256), bytes);
  const file = path.join(home, "artefacts", sha256.slice(0, 2), sha256);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  writeFileSync(file, "something else");
  await assert.rejects(readArtefact(home, sha256), {code: "artefact_missing"});
  await assert.rejects(readArtefact(home, "../../etc/passwd"), {code: "artefact_missing"});
  assert.deepEqual(await keepArtefact(home, bytes), {sha256, bytes: bytes.length}, "it can be kept again");
  assert.deepEqual(await readArtefact(home, sha256), bytes);
  rmSync(home, {recursive: true});
});
