/** A mail server that fails in every way: what was planned waits, is sent once, and where nobody knows a person decides. */
import assert from "node:assert/strict";
import {createServer, type Server} from "node:net";
import test from "node:test";
import {runRules} from "../../src/app/coordination/deciding/deciding.ts";
import {sendDue} from "../../src/app/coordination/telling/sending.ts";
import {tellPending} from "../../src/app/coordination/telling/telling.ts";
import {openMailer} from "../../src/app/mail/send.ts";
import {contactsIn} from "../../src/app/parties.ts";
import {caseOfId} from "../../src/store/cases/changing.ts";
import {listNotifications} from "../../src/store/notices/reading.ts";
import {hoursLater} from "../case-fixture.ts";
import {headerOf, openScene, type Scene} from "../coordination-scene.ts";
import {freePort} from "../running.ts";
import {type Behaviour, openSmtp} from "../smtp.ts";
import {caseAbout, sentTo} from "./mails.ts";

let scene: Scene;
test.beforeEach(async () => {
  scene = await openScene((text) => text.replace("timeoutSeconds: 5", "timeoutSeconds: 1"));
});
test.afterEach(() => scene.close());

const minutes = (n: number): Date => hoursLater(n / 60);
let count = 0;

/** A party of its own with one case that it is to be told of, planned but not sent. */
async function planned(minute: number): Promise<{id: string; address: string}> {
  const name = `party${++count}`;
  const address = `abuse@${name}.example`;
  const responsibilities = [{kind: "domain" as const, value: `example-${name}.com`}];
  await scene.party({kind: "registrar", name, country: "US", address, responsibilities});
  const id = await caseAbout(scene.desk, `http://login.example-${name}.com/`);
  await runRules(scene.desk, minutes(minute));
  await tellPending(scene.desk, minutes(minute));
  return {id, address};
}

const send = (minute: number) => sendDue(scene.desk, {mailer: scene.mailer, now: minutes(minute)});
const lineOf = async (id: string) => (await listNotifications(scene.desk.db, {case: id, limit: 1}))[0];
const stateOf = async (id: string) => (await caseOfId(scene.desk.db, id)).case.state;

test("mails wait while the mail server is down for an hour, go out soon after it is back, and each once", async () => {
  const waiting = [];
  for (let n = 0; n < 12; n += 1) waiting.push(await planned(30));
  const port = await freePort();
  const down = openMailer({
    domain: "csirt.example",
    smtp: {host: "127.0.0.1", port, secure: "none", user: null, timeoutSeconds: 1},
  });
  for (let minute = 30; minute < 90; minute += 1) {
    const run = await sendDue(scene.desk, {mailer: down, now: minutes(minute)});
    assert.deepEqual([run.sent, run.refused], [0, 0]);
    assert.ok(run.later <= 4, "it is not tried with every mail");
  }
  down.close();
  for (const {id} of waiting) assert.equal(await stateOf(id), "open");
  for (let minute = 90; minute < 101; minute += 1) await send(minute);
  for (const {id, address} of waiting) {
    assert.equal(sentTo(scene, address).length, 1, "within ten minutes, and once");
    assert.deepEqual([await stateOf(id), (await lineOf(id))?.isRepeated], ["notified", false]);
  }
});

test("a server that refuses one recipient for good has the others told; the party cannot be reached", async () => {
  const [refused, other] = [await planned(200), await planned(200)];
  scene.smtp.behave({does: "refuse", at: "rcpt", status: 550, text: "5.1.1 no such user", to: refused.address});
  assert.deepEqual(await send(200), {sent: 1, refused: 1, later: 0});
  scene.smtp.behave({does: "accept"});
  assert.equal(sentTo(scene, other.address).length, 1);
  const line = await lineOf(refused.id);
  assert.deepEqual([line?.state, /no such user/.test(line?.response ?? "")], ["refused", true]);
  const [contact] = await contactsIn(scene.house, {address: refused.address}, minutes(201));
  assert.notEqual(contact?.record.hardBounceAt, null);
  await runRules(scene.desk, minutes(201));
  assert.equal((await caseOfId(scene.desk.db, refused.id)).waitsFor, "chain_exhausted");
});

test("what is greylisted is sent later as the same mail; what is put off for a day waits for a person, and goes on", async () => {
  const {id, address} = await planned(300);
  scene.smtp.behave({does: "refuse", at: "rcpt", status: 451, text: "4.7.1 greylisted", to: address});
  assert.deepEqual(await send(300), {sent: 0, refused: 0, later: 1});
  const {messageId} = (await lineOf(id)) ?? {};
  for (let minute = 301; minute < 300 + 25 * 60; minute += 60) await send(minute);
  await runRules(scene.desk, minutes(300 + 25 * 60));
  assert.equal((await caseOfId(scene.desk.db, id)).waitsFor, "not_sent");
  const [contact] = await contactsIn(scene.house, {address}, minutes(2000));
  assert.equal(contact?.record.hardBounceAt, null, "nothing is said against the contact");
  scene.smtp.behave({does: "accept"});
  await send(300 + 30 * 60);
  const [mail] = sentTo(scene, address);
  assert.ok(mail !== undefined && sentTo(scene, address).length === 1);
  assert.equal(headerOf(mail.bytes, "Message-ID"), messageId);
  const {case: one, waitsFor} = await caseOfId(scene.desk.db, id);
  assert.deepEqual([one.state, waitsFor], ["notified", null]);
});

test("a server that hangs in the middle of a mail holds nobody up for ever, and the mail is sent later", {
  timeout: 60_000,
}, async () => {
  const [one, two] = [await planned(2300), await planned(2300)];
  for (const [n, behaviour] of (
    [
      {does: "stall", at: "in-data"},
      {does: "stall", at: "rcpt"},
      {does: "hang-up", at: "rcpt"},
    ] satisfies Behaviour[]
  ).entries()) {
    scene.smtp.behave(behaviour);
    const startedAt = performance.now();
    const run = await send(2300 + n * 300);
    assert.ok(performance.now() - startedAt < 20_000);
    assert.deepEqual([run.sent, run.refused], [0, 0]);
  }
  scene.smtp.behave({does: "accept"});
  await send(3500);
  for (const {address} of [one, two])
    assert.equal(new Set(sentTo(scene, address).map(({bytes}) => headerOf(bytes, "Message-ID"))).size, 1);
});

test("a connection that breaks after the mail and before the answer: the same mail once more, then a person decides", async () => {
  const {id, address} = await planned(4000);
  scene.smtp.behave({does: "hang-up", at: "after-data"});
  assert.deepEqual(await send(4000), {sent: 0, refused: 0, later: 1});
  assert.deepEqual([(await lineOf(id))?.state, (await lineOf(id))?.isRepeated], ["ready", true]);
  assert.deepEqual(await send(4010), {sent: 0, refused: 1, later: 0});
  for (const minute of [4020, 4300, 5000]) assert.deepEqual(await send(minute), {sent: 0, refused: 0, later: 0});
  const mails = sentTo(scene, address);
  assert.equal(mails.length, 2, "twice, never more");
  assert.deepEqual(mails[0]?.bytes, mails[1]?.bytes, "byte for byte the same, with one Message-ID");
  const line = await lineOf(id);
  assert.match(line?.response ?? "", /nobody knows whether it arrived/);
  const [contact] = await contactsIn(scene.house, {address}, minutes(5000));
  assert.equal(contact?.record.hardBounceAt, null);
  await runRules(scene.desk, minutes(4000 + 25 * 60));
  assert.equal((await caseOfId(scene.desk.db, id)).waitsFor, "not_sent", "a person has it");
  scene.smtp.behave({does: "accept"});
});

/** Says that it can do TLS, and speaks none. */
async function openBrokenTls(): Promise<{server: Server; port: number}> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write("220 mx.example ESMTP\r\n");
    socket.on("data", (bytes) => {
      const command = bytes.toString("latin1").slice(0, 4).toUpperCase();
      if (command === "EHLO") socket.write("250-mx.example\r\n250 STARTTLS\r\n");
      else if (command === "STAR") socket.write("220 go on\r\n");
      else socket.end("this is no TLS\r\n");
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {server, port};
}

test("without the TLS that is demanded nothing goes out in the clear: it waits", async (t) => {
  const {id, address} = await planned(6000);
  const [broken, plain] = [await openBrokenTls(), await openSmtp()];
  t.after(() => Promise.all([broken.server.close(), plain.close()]));
  const ways = [
    ["starttls", broken.port],
    ["tls", broken.port],
    ["starttls", plain.port],
    ["tls", plain.port],
  ] as const;
  for (const [n, [secure, port]] of ways.entries()) {
    const smtp = {host: "127.0.0.1", port, secure, user: null, timeoutSeconds: 1};
    const mailer = openMailer({domain: "csirt.example", smtp});
    const run = await sendDue(scene.desk, {mailer, now: minutes(6000 + n * 20)});
    mailer.close();
    assert.deepEqual(run, {sent: 0, refused: 0, later: 1}, `${secure}`);
  }
  assert.deepEqual(plain.mails, []);
  assert.equal(await stateOf(id), "open");
  await send(7500);
  assert.equal(sentTo(scene, address).length, 1);
});
