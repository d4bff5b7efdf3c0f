/** Several that send at once, of which some stall or are killed: one mail goes to each, or the very same one twice, marked. */
import assert from "node:assert/strict";
import {type ChildProcess, spawn} from "node:child_process";
import path from "node:path";
import test from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {readConfig} from "../../src/app/config.ts";
import {runRules} from "../../src/app/coordination/deciding/deciding.ts";
import {sendDue} from "../../src/app/coordination/telling/sending.ts";
import {tellPending} from "../../src/app/coordination/telling/telling.ts";
import {longestSendingSeconds, type Mailer} from "../../src/app/mail/send.ts";
import {caseOfId} from "../../src/store/cases/changing.ts";
import {stepsOf} from "../../src/store/cases/lists.ts";
import {listNotifications} from "../../src/store/notices/reading.ts";
import {hoursLater} from "../case-fixture.ts";
import {headerOf, openScene, type Scene} from "../coordination-scene.ts";
import {caseAbout, sentTo} from "./mails.ts";

/** A lease is waited for in these tests. */
const SHORT = 1;
let scene: Scene;
test.before(async () => {
  scene = await openScene();
});
test.after(() => scene.close());

let count = 0;
/** Plans so many notifications, each to a party of its own; gives their cases and addresses. */
async function planned(many: number, hour: number): Promise<{id: string; address: string}[]> {
  const made = Array.from({length: many}, () => `claim${++count}`);
  const found: {id: string; address: string}[] = [];
  for (const name of made) {
    const address = `abuse@${name}.example`;
    const responsibilities = [{kind: "domain" as const, value: `example-${name}.com`}];
    await scene.party({kind: "registrar", name, country: "US", address, responsibilities});
    found.push({id: await caseAbout(scene.desk, `http://login.example-${name}.com/`), address});
  }
  await runRules(scene.desk, hoursLater(hour));
  await tellPending(scene.desk, hoursLater(hour));
  return found;
}

const sendAs = (mailer: Mailer, hour: number, leaseSeconds?: number) =>
  sendDue(scene.desk, {mailer, now: hoursLater(hour), ...(leaseSeconds === undefined ? {} : {leaseSeconds})});
const lineOf = async (id: string) => (await listNotifications(scene.desk.db, {case: id, limit: 1}))[0];
const notified = async (id: string): Promise<number> =>
  (await stepsOf(scene.desk.db, id)).filter(({step}) => step === "notify").length;

/** A mailer that waits before or after each mail until it is let go. */
function stalling(at: "before" | "after"): Mailer & {readonly reached: Promise<void>; go(): void} {
  const reached = Promise.withResolvers<void>();
  const free = Promise.withResolvers<void>();
  const wait = (): Promise<void> => {
    reached.resolve();
    return free.promise;
  };
  return {
    reached: reached.promise,
    go: free.resolve,
    close: () => undefined,
    send: async (mail) => {
      if (at === "before") await wait();
      const result = await scene.mailer.send(mail);
      if (at === "after") await wait();
      return result;
    },
  };
}

test("six that send at once send 40 notifications once each", async () => {
  const all = await planned(40, 1);
  const runs = await Promise.all(Array.from({length: 6}, () => sendAs(scene.mailer, 1)));
  assert.equal(
    runs.reduce((sum, {sent}) => sum + sent, 0),
    40,
  );
  for (const {id, address} of all) {
    assert.equal(sentTo(scene, address).length, 1, address);
    assert.deepEqual([await notified(id), (await lineOf(id))?.isRepeated], [1, false]);
  }
});

test("one that stalls with the mail sent and not written: another one sends the same mail after the lease, and writes it once", async () => {
  const [one] = await planned(1, 2);
  assert.ok(one !== undefined);
  const stalled = stalling("after");
  const first = sendAs(stalled, 2, SHORT);
  await stalled.reached;
  assert.deepEqual(await sendAs(scene.mailer, 2, SHORT), {sent: 0, refused: 0, later: 0}, "it is claimed");
  await sleep(SHORT * 1000 + 200);
  assert.deepEqual(await sendAs(scene.mailer, 2, SHORT), {sent: 1, refused: 0, later: 0});
  stalled.go();
  assert.deepEqual(await first, {sent: 0, refused: 0, later: 0}, "what the first one wanted to write is void");
  const mails = sentTo(scene, one.address);
  assert.deepEqual([mails.length, mails[0]?.bytes.equals(mails[1]?.bytes ?? Buffer.alloc(0))], [2, true]);
  assert.deepEqual([await notified(one.id), (await lineOf(one.id))?.isRepeated], [1, true]);
});

test("one that was stopped between the claim and the mail longer than its lease sends nothing any more", async () => {
  const [one] = await planned(1, 3);
  assert.ok(one !== undefined);
  const sent: string[] = [];
  const watched: Mailer = {
    close: () => undefined,
    send: (mail) => {
      sent.push(mail.messageId);
      return scene.mailer.send(mail);
    },
  };
  // a lease of no time has passed when the mail would be handed over, however fast that is
  const sending = {mailer: watched, now: hoursLater(3), leaseSeconds: 0, signal: AbortSignal.timeout(300)};
  assert.deepEqual(await sendDue(scene.desk, sending), {sent: 0, refused: 0, later: 0});
  assert.deepEqual(sent, []);
  assert.deepEqual(await sendAs(scene.mailer, 3), {sent: 1, refused: 0, later: 0});
  assert.equal(sentTo(scene, one.address).length, 1);
});

test("a lease lasts longer than any sending, whatever silence of the server is allowed", async () => {
  const [one] = await planned(1, 4);
  assert.ok(one !== undefined);
  const {mail} = await readConfig(scene.house.home);
  assert.ok(mail !== null);
  const patient = {...mail, smtp: {...mail.smtp, timeoutSeconds: 600}};
  const house = {...scene.house, config: {...scene.house.config, mail: patient}};
  const stalled = stalling("before");
  const sending = sendDue({...scene.desk, house}, {mailer: stalled, now: hoursLater(4)});
  await stalled.reached;
  const row = await scene.desk.db.selectFrom("notifications").selectAll().where("state", "=", "sending").execute();
  const seconds = ((row[0]?.claimed_until?.getTime() ?? 0) - Date.now()) / 1000;
  assert.ok(seconds > longestSendingSeconds(patient), `${seconds} s`);
  stalled.go();
  assert.equal((await sending).sent, 1);
});

/** Starts a sender and waits until it says something. */
async function startSender(moment: string, hour: number): Promise<{child: ChildProcess; said: string}> {
  const words = [path.join(import.meta.dirname, "sender.ts"), scene.house.home, String(SHORT), moment];
  const child = spawn(process.execPath, [...words, hoursLater(hour).toISOString()], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {...process.env, NODE_NO_WARNINGS: "1"},
  });
  const said = await new Promise<string>((resolve) => {
    child.stdout?.once("data", (bytes: Buffer) => resolve(bytes.toString()));
    child.once("exit", () => resolve("nothing"));
  });
  return {child, said: said.trim()};
}

for (const moment of ["before", "after"] as const)
  test(`a process that is killed ${moment} it handed the mail over: it goes out after the lease, as the same mail`, {
    timeout: 60_000,
  }, async () => {
    const hour = moment === "before" ? 5 : 6;
    const [one] = await planned(1, hour);
    assert.ok(one !== undefined);
    const {child, said} = await startSender(moment, hour);
    assert.equal(said, "there");
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    await sleep(SHORT * 1000 + 200);
    const again = await startSender("never", hour);
    assert.equal(again.said, 'done {"sent":1,"refused":0,"later":0}');
    await new Promise((resolve) => again.child.once("exit", resolve));
    const mails = sentTo(scene, one.address);
    assert.equal(mails.length, moment === "before" ? 1 : 2);
    assert.equal(new Set(mails.map(({bytes}) => headerOf(bytes, "Message-ID"))).size, 1, "to its recipient it is one");
    const {case: there} = await caseOfId(scene.desk.db, one.id);
    assert.deepEqual([there.state, await notified(one.id)], ["notified", 1]);
    assert.equal((await lineOf(one.id))?.isRepeated, true, "and a person sees that it may have come twice");
  });
