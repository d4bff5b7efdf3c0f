/** The database goes away in the middle of a round, at any statement, and comes back: all is done once, nothing is lost. */
import assert from "node:assert/strict";
import test from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {runRules} from "../../src/app/coordination/deciding/deciding.ts";
import {lookAtDue} from "../../src/app/coordination/looking/looking.ts";
import {openFromReports} from "../../src/app/coordination/opening/reports.ts";
import {sendDue} from "../../src/app/coordination/telling/sending.ts";
import {tellPending} from "../../src/app/coordination/telling/telling.ts";
import {caseOfId} from "../../src/store/cases/changing.ts";
import {listComplaints} from "../../src/store/cases/complaints.ts";
import {listCases, stepsOf} from "../../src/store/cases/lists.ts";
import {hoursLater} from "../case-fixture.ts";
import {headerOf, openScene, type Scene} from "../coordination-scene.ts";
import {type Gate, openGate} from "./gate.ts";
import {answerTo, mailOf, sentTo} from "./mails.ts";

/** So many moments of the work are tried; the work has about this many messages to the database. */
const MOMENTS = 24;
const MESSAGES = 190;
const LEASE_SECONDS = 0.3;

let scene: Scene;
let gate: Gate;
test.before(async () => {
  gate = await openGate();
  scene = await openScene(gate.through);
});
test.after(async () => {
  gate.open();
  await scene.close();
  await gate.close();
});

/** All that comes of one complaint: it is taken in, looked at, told, and answered. */
async function work(n: number, hour: number): Promise<void> {
  const {desk, mailer, world} = scene;
  const at = (hours: number): Date => hoursLater(hour + hours);
  const [complaint, address] = [complaintOf(n), `abuse@gone${n}.example`];
  await scene.receive(complaint, at(0));
  await openFromReports(desk, at(0.1));
  await lookAtDue(desk, {probe: world.probe, now: at(0.1)});
  await runRules(desk, at(0.2));
  await tellPending(desk, at(0.3));
  await sendDue(desk, {mailer, now: at(0.4), leaseSeconds: LEASE_SECONDS});
  const [mail] = sentTo(scene, address);
  if (mail !== undefined) await scene.receive(replyTo(mail, n), at(0.5));
}

const complaints = new Map<number, string>();
function complaintOf(n: number): string {
  const headers = {Subject: "phishing", "Message-ID": `<gone-${n}@people.example>`};
  const made = mailOf(`Phishing site: hxxp://login[.]example-gone${n}[.]com/x\nPlease take it down.`, {headers});
  return complaints.get(n) ?? complaints.set(n, made).get(n) ?? made;
}
function replyTo(mail: Parameters<typeof answerTo>[0], n: number): string {
  const headers = {"Message-ID": `<reply-${n}@gone${n}.example>`};
  return answerTo(mail, "We are investigating.", {from: `abuse@gone${n}.example`, headers});
}

async function prepare(n: number): Promise<void> {
  const responsibilities = [{kind: "domain" as const, value: `example-gone${n}.com`}];
  const party = {kind: "registrar", name: `Gone ${n}`, country: "US", address: `abuse@gone${n}.example`};
  await scene.party({...party, responsibilities});
  scene.world.place(`login.example-gone${n}.com`, {body: `<h1>${n}</h1>`});
}

test("at whatever statement the database goes away, it is said, and when it is back each thing has happened once", {
  timeout: 240_000,
}, async (t) => {
  let broken = 0;
  for (let n = 0; n < MOMENTS; n += 1) {
    await prepare(n);
    gate.shutAfter(1 + Math.floor((n * MESSAGES) / MOMENTS));
    const fault = await work(n, n * 10).then(
      () => null,
      (error: Error) => error,
    );
    if (!gate.isOpen) broken += 1;
    if (fault !== null) assert.equal("code" in fault ? fault.code : null, "database_unavailable", String(fault.stack));
    gate.open();
    await sleep(LEASE_SECONDS * 1000 + 100);
    await work(n, n * 10 + 1); // as it is done again and again
    const search = `login.example-gone${n}.com`;
    const found = await listCases(scene.desk.db, {search, limit: 10}, hoursLater(n));
    assert.equal(found.length, 1, `moment ${n}: one case`);
    const id = found[0]?.id ?? "";
    assert.equal((await caseOfId(scene.desk.db, id)).case.state, "acknowledged", `moment ${n}`);
    const steps = (await stepsOf(scene.desk.db, id)).map(({step}) => step);
    for (const step of ["open", "party", "notify", "acknowledge"] as const)
      assert.equal(steps.filter((each) => each === step).length, 1, `moment ${n}: ${step} in ${steps}`);
    const mails = sentTo(scene, `abuse@gone${n}.example`);
    assert.equal(new Set(mails.map(({bytes}) => headerOf(bytes, "Message-ID"))).size, 1, `moment ${n}: told once`);
    assert.ok(mails.length <= 2);
  }
  const kept = await listComplaints(scene.desk.db, {limit: 500});
  assert.equal(kept.length, MOMENTS, "each complaint counts once");
  t.diagnostic(`the database went away ${broken} times in the work`);
  assert.ok(broken > MOMENTS / 2);
});

test("while the database is away nothing is sent and nothing of it is blamed on a mail or a party", async () => {
  await prepare(900);
  await scene.receive(complaintOf(900), hoursLater(900));
  await runRules(scene.desk, hoursLater(901));
  await tellPending(scene.desk, hoursLater(901));
  gate.shut();
  const rounds = [() => scene.round(hoursLater(902)), () => scene.receive(complaintOf(901), hoursLater(902))];
  for (const round of rounds) await assert.rejects(round(), {code: "database_unavailable"});
  gate.open();
  assert.deepEqual(sentTo(scene, "abuse@gone900.example"), []);
  assert.equal(await scene.receive(complaintOf(901), hoursLater(903)), "complaint", "it was not kept as unreadable");
  await scene.round(hoursLater(903));
  assert.equal(sentTo(scene, "abuse@gone900.example").length, 1);
});
