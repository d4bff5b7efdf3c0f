/** Two servers, or three rounds by hand, at once on one data folder: nothing is done twice, and no secret is ever said. */
import assert from "node:assert/strict";
import test from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {runRules} from "../../src/app/coordination/deciding/deciding.ts";
import {takeComplaints} from "../../src/app/coordination/opening/complaints.ts";
import {tellPending} from "../../src/app/coordination/telling/telling.ts";
import {caseOfId} from "../../src/store/cases/changing.ts";
import {stepsOf} from "../../src/store/cases/lists.ts";
import {type Ran, watchfloor} from "../command-line.ts";
import {headerOf, openScene, type Scene} from "../coordination-scene.ts";
import {IMAP_PASSWORD, IMAP_USER, type ImapServer, NO_IMAP, openImap} from "../imap.ts";
import {type Started, startProcess} from "../started.ts";
import {complaintAbout, mailOf, sentTo} from "./mails.ts";

/** What must never be said: by a log, by an answer, or in a mail to a party. */
const CANARIES = {
  WATCHFLOOR_SECRET_INBOX: IMAP_PASSWORD,
  WATCHFLOOR_SMTP_PASSWORD: "canary-smtp-5c1f",
  WATCHFLOOR_PGP_PASSPHRASE: "canary-pgp-77aa",
  WATCHFLOOR_SECRET_OTHER: "canary-other-90d2",
};
const REPORTER = "canary.reporter";
const RED = "canary-red";
const PARTIES = 12;
const HOUR_MS = 3_600_000;

const skip = NO_IMAP;
let scene: Scene;
let imap: ImapServer;
test.before(async () => {
  if (skip !== false) return;
  Object.assign(process.env, CANARIES);
  imap = await openImap();
  const inbox = `
inbox: {host: 127.0.0.1, port: ${imap.port}, tls: none, user: "${IMAP_USER}", passwordFrom: WATCHFLOOR_SECRET_INBOX}
probe: {isOn: false}
`;
  scene = await openScene((text) => text + inbox);
  for (let n = 0; n < PARTIES; n += 1) {
    const responsibilities = [{kind: "domain" as const, value: `example-several${n}.com`}];
    const party = {kind: "registrar", name: `Several ${n}`, country: "US", address: `abuse@several${n}.example`};
    await scene.party({...party, responsibilities});
  }
});
test.after(async () => {
  if (skip !== false) return;
  for (const name of Object.keys(CANARIES)) delete process.env[name];
  await imap.close();
  await scene.close();
});

const ago = (hours: number): Date => new Date(Date.now() - hours * HOUR_MS);

/** Complaints of an hour ago, one for each party: their cases are due. */
async function open(name: string): Promise<string[]> {
  const given = Array.from({length: PARTIES}, (_, n) =>
    complaintAbout(`http://${name}.example-several${n}.com/`, {
      reporter: `${REPORTER}.${name}${n}@people.example`,
      wantsAnswer: true,
      receivedAt: ago(1).toISOString(),
      text: `phishing; I am ${REPORTER}@people.example`,
    }),
  );
  const taken = await takeComplaints(scene.desk, given, {by: "test", now: ago(1)});
  return taken.flatMap((each) => each.case ?? []);
}

/** Mails that wait in the mailbox. */
function deliver(name: string, many: number): void {
  for (let n = 0; n < many; n += 1)
    imap.deliver(
      mailOf(`Phishing site: hxxp://mail${n}[.]example-${name}[.]org/login\nPlease take it down.`, {
        from: `${REPORTER}.${name}.mail${n}@people.example`,
        headers: {Subject: "phishing", Date: ago(1).toUTCString()},
      }),
    );
}

/** Every case was told once, every mail is there once, and who complained has had one answer each. */
async function assertOnce(ids: readonly string[], {name, mails}: {name: string; mails: number}): Promise<void> {
  for (const [n, id] of ids.entries()) {
    const sent = sentTo(scene, `abuse@several${n}.example`).filter(({bytes}) => bytes.includes(id));
    assert.equal(sent.length, 1, `${id} was told once`);
    assert.equal((await caseOfId(scene.desk.db, id)).case.state, "notified");
    const steps = (await stepsOf(scene.desk.db, id)).map(({step}) => step);
    assert.deepEqual(steps, ["open", "join", "party", "notify"]);
    assert.equal(sentTo(scene, `${REPORTER}.${name}${n}@people.example`).length, 1);
  }
  const {rows} = await countMails(name);
  assert.equal(rows, mails, "each mail was taken in once");
  const ids2 = scene.smtp.mails.map(({bytes}) => headerOf(bytes, "Message-ID"));
  assert.equal(new Set(ids2).size, ids2.length, "no mail was sent twice");
}

async function countMails(name: string): Promise<{rows: number}> {
  const {db} = scene.desk;
  return db
    .selectFrom("mails")
    .select((each) => each.fn.countAll<number>().as("rows"))
    .where("sender", "like", `${REPORTER}.${name}.%`)
    .executeTakeFirstOrThrow();
}

function assertNoSecret(text: string, about: string): void {
  for (const secret of Object.values(CANARIES)) assert.ok(!text.includes(secret), `${about} says a secret:\n${text}`);
  assert.ok(!text.includes(REPORTER), `${about} names who complained:\n${text}`);
  assert.ok(!text.includes(RED), `${about} says what is red:\n${text}`);
}

test("three rounds by hand at once do each thing once, and all of them say that it went well", {
  skip,
  timeout: 120_000,
}, async () => {
  const ids = await open("rounds");
  deliver("rounds", 10);
  const home = scene.house.home;
  const ran = await Promise.all([1, 2, 3].map((): Promise<Ran> => watchfloor(["case", "work"], {home})));
  for (const {code, out, err} of ran) {
    assert.equal(code, 0, err);
    assertNoSecret(out + err, "a round");
  }
  const last = await watchfloor(["case", "work"], {home});
  assert.equal(last.code, 0, last.err);
  await assertOnce(ids, {name: "rounds", mails: 10});
});

test("two servers on one data folder do each thing once, and their logs name no secret and nobody who complained", {
  skip,
  timeout: 120_000,
}, async () => {
  const ids = await open("servers");
  await runRules(scene.desk, ago(0.2));
  await tellPending(scene.desk, ago(0.2));
  deliver("servers", 10);
  const home = scene.house.home;
  const servers: Started[] = [1, 2].map(() => startProcess("bin/watchfloor.mjs", ["serve", "--port", "0"], home));
  for (let left = 300; left > 0; left -= 1) {
    const {rows} = await countMails("servers");
    const told = ids.filter((id, n) =>
      sentTo(scene, `abuse@several${n}.example`).some(({bytes}) => bytes.includes(id)),
    );
    if (rows === 10 && told.length === ids.length) break;
    await sleep(200);
  }
  await sleep(2000); // what would be done twice is done by now
  for (const {process: child} of servers) child.kill("SIGTERM");
  await Promise.all(servers.map(({ended}) => ended));
  await assertOnce(ids, {name: "servers", mails: 10});
  for (const server of servers) {
    assert.match(server.output(), /info/);
    assertNoSecret(server.output(), "a server");
  }
});

test("what is red, who complained and secrets are in no mail to a party, and in no log when things fail", {
  skip,
  timeout: 120_000,
}, async () => {
  const {db} = scene.desk;
  const ids = await open(RED);
  await db.updateTable("cases").set({tlp: "RED"}).where("asset", "like", `%${RED}%`).execute();
  const home = scene.house.home;
  scene.smtp.behave({does: "refuse", at: "rcpt", status: 550, text: "no such user"});
  const failed = await watchfloor(["case", "work"], {home});
  scene.smtp.behave({does: "accept"});
  await imap.close(); // and the mailbox is away
  const away = await watchfloor(["case", "work"], {home});
  assert.equal(away.code, 1);
  assert.match(away.err, /mailbox|mail server/i);
  for (const {out, err} of [failed, away]) assertNoSecret(out + err, "a round");
  for (const id of ids) assert.equal((await caseOfId(db, id)).case.state, "open");
  let read = 0;
  for (const {to, bytes} of scene.smtp.mails.filter(({to: [first]}) => first?.startsWith("abuse@"))) {
    const decoded = bytes
      .toString("latin1")
      .replaceAll(/^[A-Za-z0-9+/=]{40,}\r\n/gm, (line) => Buffer.from(line, "base64").toString());
    if (/example-several\d/.test(decoded)) read += 1;
    assertNoSecret(decoded.replaceAll("=\r\n", ""), `the mail to ${to}`);
  }
  assert.equal(read, 2 * PARTIES, "their attachments could be read here");
  imap = await openImap();
});
