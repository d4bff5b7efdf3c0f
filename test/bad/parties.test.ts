/** Parties that claim the same, and contacts whose keys do not hold: nobody wrong is told, and nothing goes out in the clear. */
import assert from "node:assert/strict";
import test from "node:test";
import {generateKey, readPrivateKey, revokeKey} from "openpgp";
import {openByHand} from "../../src/app/cases/opening.ts";
import {chooseParty} from "../../src/app/cases/party.ts";
import {runRules} from "../../src/app/coordination/deciding/deciding.ts";
import {sendDue} from "../../src/app/coordination/telling/sending.ts";
import {tellPending} from "../../src/app/coordination/telling/telling.ts";
import {contactsIn, editContact} from "../../src/app/parties.ts";
import {caseOfId} from "../../src/store/cases/changing.ts";
import {caseKey} from "../../src/store/cases/rows.ts";
import {noticeDecisions} from "../../src/store/notices/pending.ts";
import {listNotifications} from "../../src/store/notices/reading.ts";
import {hoursLater, MONDAY} from "../case-fixture.ts";
import {headerOf, openScene, type Scene} from "../coordination-scene.ts";
import {caseAbout, sentTo} from "./mails.ts";

let scene: Scene;
test.before(async () => {
  scene = await openScene((text) => `${text}\ncomplaints: {tlp: AMBER+STRICT}\n`);
});
test.after(() => scene.close());

const decisionsOf = (id: string) =>
  scene.desk.db
    .selectFrom("responsibility_decisions")
    .selectAll()
    .where("case", "=", caseKey(id))
    .orderBy("id")
    .execute();

/** A control server in a network, opened by hand. */
async function openServer(ip: string, asn: number, hour: number): Promise<string> {
  const opening = {class: "mal.c2", asset: ip, kind: "ip", facts: {asn}, severity: null, tlp: "GREEN" as const};
  const act = {by: "Li", now: hoursLater(hour)};
  const {case: there} = await openByHand(scene.house, {...opening, isUrgent: null, parties: null, note: null}, act);
  return there.case.id;
}

async function operator(name: string, value: string, kind: "asn" | "network" = "asn"): Promise<number> {
  const party = {kind: "network-operator", name, country: "US", address: `abuse@${name}.example`};
  return scene.party({...party, responsibilities: [{kind, value}]});
}

test("two parties that claim one AS alike: nobody is told, both stand in the decision, and a person is asked", async () => {
  const [one, two] = [await operator("alike1", "64500"), await operator("alike2", "64500")];
  const id = await openServer("203.0.113.9", 64500, 0);
  for (const hour of [1, 2]) await scene.round(hoursLater(hour));
  assert.deepEqual(scene.smtp.mails, []);
  const {case: there, waitsFor} = await caseOfId(scene.desk.db, id);
  assert.deepEqual([there.state, there.party, waitsFor], ["open", null, "nobody_known"]);
  const [kept] = await decisionsOf(id);
  const text = JSON.stringify(kept?.decision);
  assert.match(text, /"ambiguous"/);
  assert.match(text, new RegExp(`"parties":\\[${one},${two}\\]`));
  const shown = JSON.stringify(await scene.desk.db.selectFrom("case_steps").select("data").execute());
  assert.match(shown, /two parties claim AS64500/, "the person sees why");
  await chooseParty(scene.house, {id, party: two, reason: "by telephone"}, {by: "Li", now: hoursLater(3)});
  await scene.round(hoursLater(3.1));
  assert.equal(sentTo(scene, "abuse@alike1.example").length, 0);
  assert.equal(sentTo(scene, "abuse@alike2.example").length, 1);
});

test("of two that claim it differently the closer claim is told, and the other one stands in the decision", async () => {
  const [wide, close] = [await operator("wide", "64501"), await operator("close", "198.51.100.0/24", "network")];
  const id = await openServer("198.51.100.7", 64501, 4);
  for (const hour of [5, 5.1]) await scene.round(hoursLater(hour));
  assert.equal((await caseOfId(scene.desk.db, id)).case.party, close);
  assert.deepEqual([sentTo(scene, "abuse@close.example").length, sentTo(scene, "abuse@wide.example").length], [1, 0]);
  const [kept] = await decisionsOf(id);
  assert.equal(kept?.party, close);
  assert.match(JSON.stringify(kept?.decision), new RegExp(`"others":\\[\\{.*"party":${wide}\\b`));
});

const DAY_SECONDS = 24 * 60 * 60;

/** A key of an address that was made on 1 December 2022 and ends after so many days. */
async function keyOf(address: string, days: number) {
  return generateKey({
    userIDs: [{name: "Abuse", email: address}],
    date: new Date("2022-12-01T00:00:00Z"),
    keyExpirationTime: days * DAY_SECONDS,
    format: "armored",
  });
}

/** A party with a key that ends after so many days since 1 December 2022, and a case of strict amber that it is to be told of. */
async function keyed(name: string, days: number) {
  const address = `abuse@${name}.example`;
  const {publicKey, privateKey} = await keyOf(address, days);
  const responsibilities = [{kind: "domain" as const, value: `example-${name}.com`}];
  const about = {kind: "registrar", name, country: "US", address, key: publicKey};
  const party = await scene.party({...about, responsibilities});
  const host = `login.example-${name}.com`;
  scene.world.place(host, {body: "<h1>login</h1>"});
  const id = await caseAbout(scene.desk, `http://${host}/`, {receivedAt: MONDAY.toISOString()});
  return {id, address, party, privateKey, host};
}

test("a contact whose key has ended gets nothing that must be encrypted; with a new key it goes out encrypted", async () => {
  const {id, address, party, host} = await keyed("ended", 70); // until 9 February 2023
  for (const hour of [0.1, 1]) await scene.round(hoursLater(hour));
  assert.equal(sentTo(scene, address).length, 0);
  const {case: there, waitsFor} = await caseOfId(scene.desk.db, id);
  assert.deepEqual([there.tlp, there.state, waitsFor], ["AMBER+STRICT", "open", "tlp-forbids"]);
  assert.match((await noticeDecisions(scene.desk.db, id))[0]?.reason ?? "", /^tlp-forbids: .*no usable key/);
  const {publicKey} = await keyOf(address, 400);
  const [contact] = await contactsIn(scene.house, {parties: [party]}, hoursLater(2));
  const act = {by: "Li", reason: "they sent a new one", now: hoursLater(2)};
  await editContact(scene.house, {party, key: contact?.key ?? "", fields: {pgpKey: publicKey}}, act);
  await scene.round(hoursLater(2.1));
  const [mail] = sentTo(scene, address);
  assert.match(headerOf(mail?.bytes ?? Buffer.alloc(0), "Content-Type"), /multipart\/encrypted/);
  assert.ok(!mail?.bytes.includes(host) && !mail?.bytes.includes(id), "neither the case nor its host is to be read");
  assert.equal((await caseOfId(scene.desk.db, id)).case.state, "notified");
});

test("a key that ends, or was revoked, between planning and writing: it is not sent, and the reason is kept", async () => {
  const ends = await keyed("ends", 85); // until 24 February 2023
  const revoked = await keyed("revoked", 400);
  await runRules(scene.desk, hoursLater(3));
  await tellPending(scene.desk, hoursLater(3));
  const key = await readPrivateKey({armoredKey: revoked.privateKey});
  const {publicKey} = await revokeKey({key, date: hoursLater(4), format: "armored"});
  // what was planned holds the contact as it was; so does what an older version of ours let in
  await scene.desk.db
    .updateTable("notifications")
    .set((each) => ({
      content: each.fn("jsonb_set", [
        "content",
        each.val("{notification,contact,key}"),
        each.fn("to_jsonb", [each.cast<string>(each.val(publicKey), "text")]),
      ]),
    }))
    .where("address", "=", revoked.address)
    .execute();
  await sendDue(scene.desk, {mailer: scene.mailer, now: hoursLater(24 * 6)});
  for (const [{id, address}, why] of [
    [ends, /Key [0-9A-F]{40} ended on 2023-02-24/],
    [revoked, /Key [0-9A-F]{40} was revoked/],
  ] as const) {
    assert.equal(sentTo(scene, address).length, 0, address);
    const [line] = await listNotifications(scene.desk.db, {case: id, limit: 1});
    assert.equal(line?.state, "withdrawn");
    assert.match(line?.response ?? "", why);
    assert.match((await noticeDecisions(scene.desk.db, id)).at(-1)?.reason ?? "", why);
    await runRules(scene.desk, hoursLater(24 * 6));
    assert.equal(
      (await caseOfId(scene.desk.db, id)).waitsFor,
      "chain_exhausted",
      "with nobody else to ask a person has it",
    );
  }
});
