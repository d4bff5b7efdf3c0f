/** Answers and returned mails that lie: about who they are, what they answer, and what it means. */
import assert from "node:assert/strict";
import test from "node:test";
import {contactsIn} from "../../src/app/parties.ts";
import {merged} from "../../src/cases/desk.ts";
import {shortHash} from "../../src/cases/notices/identity.ts";
import {caseOfId} from "../../src/store/cases/changing.ts";
import {mergeCases} from "../../src/store/cases/joining.ts";
import {listMails} from "../../src/store/mails.ts";
import {listNotifications} from "../../src/store/notices/reading.ts";
import {hoursLater, MONDAY} from "../case-fixture.ts";
import {headerOf, openScene, type Scene} from "../coordination-scene.ts";
import type {ReceivedMail} from "../smtp.ts";
import {answerTo, caseAbout, mailOf, returnOf, sentTo} from "./mails.ts";

const [ONE, TWO] = ["abuse@one.example", "abuse@two.example"];
let scene: Scene;
test.before(async () => {
  scene = await openScene();
  for (const [name, address, tld] of [
    ["One", ONE, "com"],
    ["Two", TWO, "net"],
    ["Three", "abuse@three.example", "org"],
  ] as const)
    await scene.party({kind: "registrar", name, country: "US", address, responsibilities: [{kind: "tld", value: tld}]});
});
test.after(() => scene.close());

/** Opens a case about a page that is there and tells its registrar. */
async function told(host: string, address: string): Promise<{id: string; mail: ReceivedMail}> {
  scene.world.place(host, {body: `<h1>${host}</h1>`});
  const id = await caseAbout(scene.desk, `http://${host}/`);
  const before = sentTo(scene, address).length;
  await scene.round(hoursLater(0.1));
  const mail = sentTo(scene, address)[before];
  assert.ok(mail !== undefined, `${address} was told of ${host}`);
  return {id, mail};
}

const stateOf = async (id: string): Promise<string> => (await caseOfId(scene.desk.db, id)).case.state;
const lastMail = async (id: string) => (await listMails(scene.desk.db, {case: id})).at(-1);
const waiting = async (): Promise<number> => (await listMails(scene.desk.db, {waiting: true})).length;

test("who guesses tokens and Message-IDs moves no case, however often", async () => {
  const {id, mail} = await told("guess.example-one.com", ONE);
  const [notification] = await listNotifications(scene.desk.db, {case: id, limit: 1});
  const name = notification?.id ?? "";
  // what anybody could work out who knows the product: the same facts, hashed without the secret
  const {template} = notification ?? {template: ""};
  const facts = [[`${id}#1`], String(notification?.contact), "opened", 1, template, "000000000000"];
  const guesses = [
    ...Array.from({length: 300}, (_, n) => `[${name} ${n.toString(32).padStart(6, "0")}]`),
    `[${name}]`,
    `${name} `,
    `<${shortHash(JSON.stringify(facts), 32)}@csirt.example>`,
  ];
  const before = await waiting();
  for (const guess of guesses.slice(-40))
    await scene.receive(
      mailOf("The domain has been suspended.", {from: ONE, headers: {Subject: `Re: ${guess}`, "In-Reply-To": guess}}),
      hoursLater(1),
    );
  assert.equal(
    await scene.receive(
      mailOf(`The domain has been suspended.\n${guesses.join("\n")}`, {from: ONE, headers: {Subject: "Re: abuse"}}),
      hoursLater(1),
    ),
    "reply",
  );
  assert.equal(await stateOf(id), "notified");
  assert.equal((await waiting()) - before, 41, "each waits for a person");
  assert.match(headerOf(mail.bytes, "Subject"), /\[WN-2023-\d{6} [0-9a-z]{6}\]/);
});

test("a stranger who has the true token is heard by a person alone", async () => {
  const {id, mail} = await told("leaked.example-one.com", ONE);
  for (const from of ["x@elsewhere.example", "abuse@one.example.evil.example", '"abuse@one.example" <x@evil.example>'])
    await scene.receive(answerTo(mail, "The domain has been suspended.", {from}), hoursLater(1));
  assert.equal(await stateOf(id), "notified");
  const last = await lastMail(id);
  assert.deepEqual([last?.needsPerson, last?.cases], [true, [{id, claim: "done"}]]);
});

test("a party that answers with the token of another party's notification moves only what is its own", async () => {
  const mine = await told("mine.example-one.com", ONE);
  const theirs = await told("theirs.example-two.net", TWO);
  const token = /\[WN-[^\]]+\]/.exec(headerOf(theirs.mail.bytes, "Subject"))?.[0] ?? "";
  await scene.receive(
    mailOf("The domain has been suspended.", {from: ONE, headers: {Subject: `Re: ${token}`}}),
    hoursLater(1),
  );
  assert.deepEqual([await stateOf(mine.id), await stateOf(theirs.id)], ["notified", "notified"]);
  await scene.receive(answerTo(mine.mail, `The domain has been suspended.\n\n> ${token}`, {from: ONE}), hoursLater(1));
  assert.deepEqual([await stateOf(mine.id), await stateOf(theirs.id)], ["resolved", "notified"]);
});

test("an answer that quotes two notifications is about the one that it answers", async () => {
  const older = await told("older.example-one.com", ONE);
  const newer = await told("newer.example-one.com", ONE);
  const quoted = `The domain has been suspended.\n\n> Subject: ${headerOf(newer.mail.bytes, "Subject")}\n> …`;
  await scene.receive(answerTo(older.mail, quoted, {from: ONE}), hoursLater(1));
  assert.deepEqual([await stateOf(older.id), await stateOf(newer.id)], ["resolved", "notified"]);
});

test("what a party answers of a case that was merged counts for the case that it is part of now", async () => {
  const from = await told("merged-from.example-one.com", ONE);
  const into = await told("merged-into.example-one.com", ONE);
  const foreign = await told("merged-into.example-two.net", TWO);
  const merge = (a: string, b: string) =>
    mergeCases(scene.desk.db, {
      from: a,
      into: b,
      by: "Li",
      now: hoursLater(0.5),
      decide: (pair) => merged(pair, hoursLater(0.5).toISOString()),
    });
  await merge(from.id, into.id);
  await scene.receive(answerTo(from.mail, "The domain has been suspended.", {from: ONE}), hoursLater(1));
  assert.deepEqual([await stateOf(from.id), await stateOf(into.id)], ["merged", "resolved"]);
  const last = await told("merged-last.example-one.com", ONE);
  await merge(last.id, foreign.id);
  await scene.receive(answerTo(last.mail, "The domain has been suspended.", {from: ONE}), hoursLater(1));
  assert.equal(await stateOf(foreign.id), "notified", "another party has that one");
  assert.equal((await lastMail(last.id))?.needsPerson, true);
});

test("what the party before says late is heard, and takes nothing from the party that has the case now", async () => {
  const address = "abuse@late.example";
  await scene.party({
    kind: "registrar",
    name: "Late",
    country: "US",
    address,
    responsibilities: [{kind: "tld", value: "biz"}],
  });
  await scene.party({
    kind: "registry",
    name: "Registry",
    country: "US",
    address: "abuse@registry.example",
    responsibilities: [{kind: "tld", value: "biz"}],
  });
  const {id, mail} = await told("late.example-late.biz", address);
  await scene.receive(returnOf({recipient: address, messageId: headerOf(mail.bytes, "Message-ID")}), hoursLater(0.5));
  await scene.round(hoursLater(0.6));
  assert.equal(sentTo(scene, "abuse@registry.example").length, 1, "it went on to the registry");
  const before = (await caseOfId(scene.desk.db, id)).progress;
  await scene.receive(
    answerTo(mail, "This is not our customer. We are not responsible for this domain.", {from: address}),
    hoursLater(1),
  );
  await scene.receive(returnOf({recipient: address, messageId: headerOf(mail.bytes, "Message-ID")}), hoursLater(1));
  const {case: one, progress, partyKind} = await caseOfId(scene.desk.db, id);
  assert.equal(partyKind, "registry");
  assert.deepEqual(progress.assignment, before.assignment, `it is ${one.state}, and the registry is not passed over`);
});

test("a party that says twice that it is done, before anybody has looked, has said it once", async () => {
  const {id, mail} = await told("twice.example-one.com", ONE);
  for (const n of [1, 2, 3])
    await scene.receive(answerTo(mail, "The domain has been suspended.", {from: ONE}), hoursLater(n));
  await scene.round(hoursLater(4));
  const {case: one, progress} = await caseOfId(scene.desk.db, id);
  assert.deepEqual([one.state, progress.assignment?.claims.length], ["notified", 1], "one false claim, not three");
});

test("a returned mail that anybody could have written takes no contact out of use", async () => {
  const {id} = await told("returned.example-two.net", TWO);
  const before = await waiting();
  for (const messageId of [null, "<0123456789abcdef0123456789abcdef@csirt.example>"])
    assert.equal(await scene.receive(returnOf({recipient: TWO, messageId}), hoursLater(1)), "bounce");
  const [contact] = await contactsIn(scene.house, {address: TWO}, hoursLater(2));
  assert.deepEqual([contact?.record.hardBounceAt, contact?.record.softBouncesAt], [null, []]);
  assert.equal((await waiting()) - before, 2, "a person looks at them");
  await scene.round(hoursLater(1.1));
  assert.equal(await stateOf(id), "notified");
});

test("a returned mail that names what only its recipient was sent does", async () => {
  const address = "abuse@three.example";
  const {id, mail} = await told("gone.example-three.org", address);
  await scene.receive(returnOf({recipient: address, messageId: headerOf(mail.bytes, "Message-ID")}), hoursLater(1));
  const [contact] = await contactsIn(scene.house, {address}, hoursLater(2));
  assert.notEqual(contact?.record.hardBounceAt, null);
  await scene.round(hoursLater(1.1));
  const {waitsFor} = await caseOfId(scene.desk.db, id);
  assert.equal(waitsFor, "chain_exhausted", "and with nobody else to ask a person has it");
});

test("an answer that brings our own X-ARF report back is an answer, not a complaint of theirs", async () => {
  const {id, mail} = await told("attached.example-one.com", ONE);
  const whole = mail.bytes.toString("latin1");
  const report = /Content-Type: application\/json[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/.exec(whole)?.[0] ?? "";
  assert.ok(report.includes("xarf"), "our mail has a report attached");
  const boundary = "again";
  const body = `--${boundary}\r\nContent-Type: text/plain\r\n\r\nThe domain has been suspended.\r\n--${boundary}\r\n${report.replace(/\r\n--$/, "")}\r\n--${boundary}--`;
  const raw = answerTo(mail, body, {from: ONE, headers: {"Content-Type": `multipart/mixed; boundary=${boundary}`}});
  assert.equal(await scene.receive(raw, hoursLater(1)), "reply");
  assert.equal(await stateOf(id), "resolved");
  assert.equal(MONDAY < hoursLater(1), true);
});
