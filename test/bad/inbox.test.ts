/** A mail server that fails in every way while mails are read: nothing is lost, nothing counts twice, nothing blocks the rest. */
import assert from "node:assert/strict";
import test from "node:test";
import {sql} from "kysely";
import {runRound} from "../../src/app/coordination/round.ts";
import {readArtefact} from "../../src/store/artefacts.ts";
import {listCases} from "../../src/store/cases/lists.ts";
import {hoursLater} from "../case-fixture.ts";
import {openScene, type Scene} from "../coordination-scene.ts";
import {type Cutter, type ImapServer, NO_IMAP, openCutter, openImap} from "../imap.ts";
import {openInbox, readOnce} from "./mailbox.ts";
import {caseAbout, mailOf, sentTo} from "./mails.ts";

const REGISTRAR = "abuse@registrar.example";
const skip = NO_IMAP;
let scene: Scene;
let imap: ImapServer;
let cutter: Cutter;
test.before(async () => {
  if (skip !== false) return;
  scene = await openScene();
  imap = await openImap();
  cutter = await openCutter(imap.port);
  const responsibilities = [{kind: "tld" as const, value: "com"}];
  await scene.party({kind: "registrar", name: "Registrar", country: "US", address: REGISTRAR, responsibilities});
});
test.after(async () => {
  if (skip !== false) return;
  await cutter.close();
  await imap.close();
  await scene.close();
});

function complaintOf(name: string, bytes = 0): string {
  const padding = bytes === 0 ? "" : `\r\n\r\n${"filling words\r\n".repeat(Math.ceil(bytes / 15))}`;
  return mailOf(`Phishing site: hxxp://${name}[.]example-inbox[.]com/login\r\nPlease take it down.${padding}`, {
    headers: {Subject: `phishing ${name}`},
  });
}

const casesAbout = async (name: string): Promise<number> =>
  (await listCases(scene.desk.db, {search: `${name}.example-inbox.com`, limit: 100}, hoursLater(1))).length;
const keptOf = (mailbox: string) =>
  scene.desk.db.selectFrom("mails").selectAll().where("mailbox", "=", mailbox).orderBy("id").execute();

/** Reads again and again, until nothing fails; gives how often it failed. */
async function readUntilDone(mailbox: string, most: number): Promise<number> {
  for (let failed = 0; failed <= most; failed += 1) {
    const error = await readOnce(scene, {port: cutter.port, mailbox}, hoursLater(1)).then(
      () => null,
      (reason: {code?: string}) => reason,
    );
    if (error === null) return failed;
    assert.equal(error.code, "mailbox_unavailable");
  }
  throw new Error(`${mailbox} was not done after ${most} tries`);
}

test("a connection that breaks at any byte loses no mail and takes none in twice", {skip}, async () => {
  const names = Array.from({length: 8}, (_, n) => `cut${n}`);
  for (const name of names) imap.deliver(complaintOf(name, 3000), "Cut");
  let failed = 0;
  for (let bytes = 400; ; bytes += 2300) {
    assert.ok(bytes < 100_000);
    cutter.cutAfter(bytes);
    const isDone = await readOnce(scene, {port: cutter.port, mailbox: "Cut"}, hoursLater(1)).then(
      () => true,
      ({code}: {code?: string}) => {
        assert.equal(code, "mailbox_unavailable");
        return false;
      },
    );
    if (isDone) break;
    failed += 1;
  }
  cutter.cutAfter(null);
  assert.ok(failed >= 5, `${failed} connections broke`);
  for (const name of names) assert.equal(await casesAbout(name), 1, name);
  const kept = await keptOf("Cut");
  assert.deepEqual(
    kept.map(({kind}) => kind),
    names.map(() => "complaint"),
  );
  assert.deepEqual(
    imap.flags("Cut"),
    names.map(() => "S"),
  );
});

test("a mail at which the connection breaks each time is given to a person after three, and the next ones are read", {
  skip,
}, async () => {
  imap.deliver(complaintOf("bait-before"), "Bait");
  imap.deliver(complaintOf("bait", 900_000), "Bait");
  imap.deliver(complaintOf("bait-after"), "Bait");
  cutter.cutAfter(400_000);
  const failed = await readUntilDone("Bait", 6);
  cutter.cutAfter(null);
  assert.equal(failed, 3);
  const kept = await keptOf("Bait");
  assert.deepEqual(
    kept.map(({kind, needs_person, subject}) => [kind, needs_person, subject]),
    [
      ["complaint", false, "phishing bait-before"],
      ["unreadable", true, "phishing bait"],
      ["complaint", false, "phishing bait-after"],
    ],
  );
  assert.deepEqual([kept[1]?.understood, imap.flags("Bait")], [{why: "not_fetched"}, ["S", "F", "S"]]);
});

test("when the server gives all mails new numbers they are read again, and count once", {skip}, async () => {
  for (const name of ["again1", "again2"]) imap.deliver(complaintOf(name));
  assert.deepEqual(await readOnce(scene, {port: imap.port}, hoursLater(1)), {complaint: 2});
  const before = await openInbox(scene, {port: imap.port});
  await before.close();
  imap.renumber();
  imap.deliver(complaintOf("again3"));
  assert.deepEqual(await readOnce(scene, {port: imap.port}, hoursLater(2)), {known: 2, complaint: 1});
  const after = await openInbox(scene, {port: imap.port});
  await after.close();
  assert.notEqual(before.validity, after.validity);
  assert.deepEqual(await readOnce(scene, {port: imap.port}, hoursLater(3)), {});
  for (const name of ["again1", "again2", "again3"]) assert.equal(await casesAbout(name), 1);
});

test("mails that somebody marks as read before us are read all the same; what we have read is not read again", {
  skip,
}, async () => {
  imap.deliver(complaintOf("seen1"), "Seen");
  imap.deliver(complaintOf("seen2"), "Seen");
  const person = await openInbox(scene, {port: imap.port, mailbox: "Seen"});
  for (const uid of await person.numbers(0)) await person.done(uid);
  await person.close();
  assert.deepEqual(await readOnce(scene, {port: imap.port, mailbox: "Seen"}, hoursLater(1)), {complaint: 2});
  assert.deepEqual(await readOnce(scene, {port: imap.port, mailbox: "Seen"}, hoursLater(2)), {});
});

test("a mail that cannot be written is kept for a person; the ones after it are read, and the fault is told", {
  skip,
}, async () => {
  const {db} = scene.desk;
  await sql`
    CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF NEW.subject = 'phishing poison' AND NEW.kind <> 'unreadable' THEN RAISE 'poisoned'; END IF; RETURN NEW; END $$`.execute(
    db,
  );
  await sql`CREATE TRIGGER poison BEFORE INSERT ON mails FOR EACH ROW EXECUTE FUNCTION refuse_poison()`.execute(db);
  for (const name of ["well1", "poison", "well2"]) imap.deliver(complaintOf(name), "Poison");
  await assert.rejects(readOnce(scene, {port: imap.port, mailbox: "Poison"}, hoursLater(1)), /poisoned/);
  const kept = await keptOf("Poison");
  assert.deepEqual(
    kept.map(({kind, needs_person}) => [kind, needs_person]),
    [
      ["complaint", false],
      ["unreadable", true],
      ["complaint", false],
    ],
  );
  assert.deepEqual(kept[1]?.understood, {why: "not_taken"});
  assert.match((await readArtefact(scene.house.home, kept[1]?.sha256 ?? "")).toString(), /hxxp:\/\/poison/);
  assert.equal(await casesAbout("poison"), 0, "nothing of it was written");
  assert.deepEqual(imap.flags("Poison"), ["S", "F", "S"]);
  assert.deepEqual(await readOnce(scene, {port: imap.port, mailbox: "Poison"}, hoursLater(2)), {});
  await sql`DROP TRIGGER poison ON mails`.execute(db);
});

test("a mailbox that refuses us, is not there or is away is said, and all other work of the round is done", {
  skip,
}, async () => {
  const ways: [string, Parameters<typeof openInbox>[1]][] = [
    ["mailbox_refused", {port: imap.port, password: "not the password"}],
    ["mailbox_refused", {port: imap.port, mailbox: "Nowhere"}],
    ["mailbox_unavailable", {port: 1}],
    ["mailbox_unavailable", {port: imap.tlsPort, tls: "tls"}],
  ];
  for (const [n, [code, place]] of ways.entries()) {
    scene.world.place(`away${n}.example-inbox.com`, {body: "<h1>login</h1>"});
    await caseAbout(scene.desk, `http://away${n}.example-inbox.com/`);
    const before = sentTo(scene, REGISTRAR).length;
    const {mailer, reader, world, desk} = scene;
    const tools = {mailer, reader, probe: world.probe, openInbox: () => openInbox(scene, place)};
    await assert.rejects(runRound(desk, tools, hoursLater(2 + n)), (error: Error) => {
      assert.equal("code" in error ? error.code : null, code);
      assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /not the password|p4ss word/);
      return true;
    });
    assert.equal(sentTo(scene, REGISTRAR).length, before + 1, `${code}: the party is told nevertheless`);
  }
});
