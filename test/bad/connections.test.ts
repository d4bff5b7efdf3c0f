/** Many at once on few connections: who waits for another holds no connection that the other one needs. */
import assert from "node:assert/strict";
import test from "node:test";
import {dismissCase} from "../../src/app/cases/acts.ts";
import {previewNotices, recallNotices} from "../../src/app/cases/notices.ts";
import {chooseParty} from "../../src/app/cases/party.ts";
import {openFromReports} from "../../src/app/coordination/opening/reports.ts";
import {askContacts} from "../../src/app/coordination/telling/confirming.ts";
import {tellPending} from "../../src/app/coordination/telling/telling.ts";
import {WatchfloorError} from "../../src/model/errors.ts";
import {caseOfId} from "../../src/store/cases/changing.ts";
import {noticeDecisions} from "../../src/store/notices/pending.ts";
import {hoursLater} from "../case-fixture.ts";
import {openScene, type Scene} from "../coordination-scene.ts";
import {answerTo, caseAbout, mailOf, returnOf, sentTo} from "./mails.ts";

const REGISTRAR = "abuse@registrar.example";
/** Connections of the pool. */
const POOL = 8;

let scene: Scene;
let [registrar, other] = [0, 0];
test.before(async () => {
  scene = await openScene();
  const tld = [{kind: "tld" as const, value: "com"}];
  registrar = await scene.party({...US, kind: "registrar", address: REGISTRAR, responsibilities: tld});
  other = await scene.party({...US, kind: "registrar", address: "abuse@other.example", responsibilities: []});
});
test.after(() => scene.close());

const US = {name: "Registrar", country: "US"};

async function open(host: string): Promise<string> {
  scene.world.place(host, {body: `<h1>${host}</h1>`});
  return caseAbout(scene.desk, `http://${host}/`);
}

/** Does the work while all connections but so many are taken. */
async function withConnections(left: number, work: () => Promise<void>): Promise<void> {
  const taken = await Promise.all(
    Array.from({length: POOL - left}, async () => scene.desk.db.startTransaction().execute()),
  );
  try {
    await work();
  } finally {
    await Promise.all(taken.map((each) => each.rollback().execute()));
  }
}

test("with one connection left of eight everything is still done: nothing in a transaction asks for a second one", {
  timeout: 60_000,
}, async () => {
  const ids = [await open("one.example-pool.com"), await open("two.example-pool.com")];
  const [first = "", second = ""] = ids;
  await withConnections(1, async () => {
    await openFromReports(scene.desk, hoursLater(0.1));
    await askContacts(scene.desk, hoursLater(0.1));
    await scene.round(hoursLater(0.1));
    const [mail, next] = sentTo(scene, REGISTRAR);
    assert.ok(mail !== undefined);
    await scene.receive(answerTo(mail, "We are investigating.", {from: REGISTRAR}), hoursLater(0.2));
    const told = await noticeDecisions(scene.desk.db, second);
    assert.equal(told[0]?.isTold, true);
    await scene.receive(mailOf("Phishing site: hxxp://three[.]example-pool[.]com/login\nPlease."), hoursLater(0.3));
    const {bytes} = next ?? mail;
    const messageId = /^Message-ID: (.*)$/im.exec(bytes.toString("latin1"))?.[1] ?? null;
    await scene.receive(returnOf({recipient: REGISTRAR, messageId}), hoursLater(0.4));
    await previewNotices(scene.house, hoursLater(0.4));
    await chooseParty(scene.house, {id: first, party: other, reason: "it moved"}, {by: "Li", now: hoursLater(0.5)});
    await scene.round(hoursLater(1));
    await dismissCase(
      scene.house,
      {id: first, by: "us", reason: "a mistake", toReporter: null},
      {by: "Li", now: hoursLater(2)},
    );
    await recallNotices(scene.house, {of: {case: first}, reason: "a mistake"}, {by: "Li", now: hoursLater(2)});
    await scene.round(hoursLater(3));
  });
  assert.equal(sentTo(scene, "abuse@other.example").length, 2, "told, and told that it was wrong");
});

test("twenty that plan notifications at once tell each thing once, and none waits for ever", {
  timeout: 60_000,
}, async () => {
  const address = "abuse@twenty.example";
  const tld = [{kind: "tld" as const, value: "net"}];
  await scene.party({...US, kind: "registrar", address, responsibilities: tld});
  const ids: string[] = [];
  for (let n = 0; n < 30; n += 1) ids.push(await open(`many${n}.example-twenty.net`));
  const rounds = Array.from({length: 20}, async (_, n) => scene.round(hoursLater(4 + n / 1000)));
  const planning = Array.from({length: 20}, (_, n) => tellPending(scene.desk, hoursLater(4 + n / 1000)));
  await Promise.all([...rounds, ...planning]);
  await scene.round(hoursLater(5));
  const words = sentTo(scene, address).map(({bytes}) => bytes.toString("latin1"));
  const told = words.flatMap(
    (text) =>
      Buffer.from(text)
        .toString()
        .match(/WF-2023-\d{6}/g) ?? [],
  );
  assert.deepEqual([...new Set(told)].sort(), [...ids].sort(), "all were told");
  for (const id of ids) {
    const {case: one} = await caseOfId(scene.desk.db, id);
    const decisions = (await noticeDecisions(scene.desk.db, id)).filter(({isTold}) => isTold);
    assert.deepEqual([one.state, decisions.length], ["notified", 1], id);
  }
});

test("twenty people who give one case to a party at once: one does it, the others are told, and nobody waits", {
  timeout: 60_000,
}, async () => {
  const id = await open("chosen.example-pool.com");
  const startedAt = performance.now();
  const ends = await Promise.allSettled(
    Array.from({length: 20}, (_, n) =>
      chooseParty(scene.house, {id, party: registrar, reason: "he asked"}, {by: `Person ${n}`, now: hoursLater(6)}),
    ),
  );
  assert.ok(performance.now() - startedAt < 10_000);
  const codes = ends.flatMap((end) =>
    end.status === "rejected" ? [end.reason instanceof WatchfloorError ? end.reason.code : String(end.reason)] : [],
  );
  assert.deepEqual(
    codes,
    Array.from({length: 19}, () => "case_step_not_allowed"),
  );
});
