/** The disk is full while a mail, a page, a picture or a notification is kept: it is said, nothing is lost, and it goes on. */
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {createHash} from "node:crypto";
import {mkdtempSync, rmSync, statfsSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test from "node:test";
import {runRules} from "../../src/app/coordination/deciding/deciding.ts";
import {lookAtDue} from "../../src/app/coordination/looking/looking.ts";
import {sendDue} from "../../src/app/coordination/telling/sending.ts";
import {tellPending} from "../../src/app/coordination/telling/telling.ts";
import type {Probe} from "../../src/app/probe/probe.ts";
import {readArtefact} from "../../src/store/artefacts.ts";
import {looksOf} from "../../src/store/cases/looks.ts";
import {listNotifications} from "../../src/store/notices/reading.ts";
import {hoursLater} from "../case-fixture.ts";
import {openScene, type Scene} from "../coordination-scene.ts";
import {type Disk, memoryDisk, whyNoMount} from "../faults/disks.ts";
import {filesBelow} from "../faults/scene.ts";
import {type ImapServer, NO_IMAP, openImap} from "../imap.ts";
import {readOnce} from "./mailbox.ts";
import {caseAbout, mailOf, sentTo} from "./mails.ts";

const DISK_BYTES = 4 * 1024 * 1024;
const trial = mkdtempSync(path.join(tmpdir(), "watchfloor-mount-"));
const skip = NO_IMAP === false ? whyNoMount(trial) : NO_IMAP;
rmSync(trial, {recursive: true, force: true});

let scene: Scene;
let imap: ImapServer;
let disk: Disk;
test.before(async () => {
  if (skip !== false) return;
  scene = await openScene();
  imap = await openImap();
  // what others made lies on a disk of its own
  disk = memoryDisk(path.join(scene.house.home, "artefacts"), DISK_BYTES);
  const responsibilities = [{kind: "tld" as const, value: "com"}];
  await scene.party({kind: "registrar", name: "R", country: "US", address: "abuse@r.example", responsibilities});
});
test.after(async () => {
  if (skip !== false) return;
  await imap.close();
  await disk.remove();
  await scene.close();
});

/** Fills the disk but for so many bytes while the work is done. */
async function whileFull<Result>(left: number, work: () => Promise<Result>): Promise<Result> {
  const {bavail, bsize} = statfsSync(disk.folder);
  const ballast = path.join(disk.folder, "ballast");
  writeFileSync(ballast, "");
  execFileSync("fallocate", ["--length", String(Math.max(bsize, bavail * bsize - left)), ballast]);
  try {
    return await work();
  } finally {
    rmSync(ballast);
  }
}

const isFull = (work: Promise<unknown>): Promise<void> => assert.rejects(work, {code: "disk_full"});
const leftovers = (): string[] => filesBelow(disk.folder).filter((name) => !/^[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name));
const mailsKept = () => scene.desk.db.selectFrom("mails").selectAll().orderBy("id").execute();

test("a mail that does not fit on the disk stays in the mailbox unmarked, as do the next ones, and is taken when there is room", {
  skip,
}, async () => {
  const body = `Phishing site: hxxp://full[.]example-disk[.]com/login\nPlease take it down.\n${"x".repeat(70)}\n`;
  const attachment = Buffer.alloc(300_000, "attached ").toString("base64").replaceAll(/.{76}/g, "$&\r\n");
  const parts = `--b\r\nContent-Type: text/plain\r\n\r\n${body}\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n${attachment}\r\n--b--`;
  imap.deliver(mailOf(parts, {headers: {Subject: "phishing", "Content-Type": "multipart/mixed; boundary=b"}}));
  imap.deliver(mailOf(body.replace("full", "next"), {headers: {Subject: "phishing"}}));
  // no room for the mail; none for its attachment beside it
  for (const left of [100_000, 500_000]) {
    await whileFull(left, () => isFull(readOnce(scene, {port: imap.port}, hoursLater(0))));
    assert.deepEqual(await mailsKept(), []);
    assert.deepEqual(imap.flags(), ["", ""]);
  }
  assert.deepEqual(await readOnce(scene, {port: imap.port}, hoursLater(0.1)), {complaint: 2});
  assert.deepEqual(
    (await mailsKept()).map(({kind}) => kind),
    ["complaint", "complaint"],
  );
  for (const {sha256} of await mailsKept()) assert.ok((await readArtefact(scene.house.home, sha256)).length > 0);
  const files = await scene.desk.db.selectFrom("mail_files").selectAll().execute();
  assert.equal((await readArtefact(scene.house.home, files[0]?.sha256 ?? "")).length, 300_000);
  assert.deepEqual([imap.flags(), leftovers()], [["S", "S"], []]);
});

/** The probe of the world, whose looks bring a picture of so many bytes. */
function picturing(bytes: number): Probe {
  const {probe} = scene.world;
  const picture = Buffer.alloc(bytes, 7);
  return {
    ...probe,
    look: async (order) => ({
      ...(await probe.look(order)),
      screenshot: {png: picture.toString("base64"), sha256: createHash("sha256").update(picture).digest("hex")},
    }),
  };
}

test("a look whose page or picture does not fit is taken again when there is room; nothing half is kept", {
  skip,
}, async () => {
  scene.world.place("look.example-disk.com", {body: `<h1>login</h1>${"word ".repeat(20_000)}`});
  const id = await caseAbout(scene.desk, "http://look.example-disk.com/");
  const look = () => lookAtDue(scene.desk, {probe: picturing(400_000), now: hoursLater(1)});
  for (const left of [20_000, 200_000]) {
    await whileFull(left, () => isFull(look()));
    assert.deepEqual(await looksOf(scene.desk.db, [id]), []);
  }
  await look();
  const [kept] = await looksOf(scene.desk.db, [id]);
  assert.equal(kept?.verdict, "up");
  assert.equal((await readArtefact(scene.house.home, kept?.screenshot ?? "")).length, 400_000);
  assert.ok(kept?.evidence !== null && leftovers().length === 0);
});

test("a notification whose bytes do not fit is not sent; when there is room it is sent once", {skip}, async () => {
  const address = "abuse@full.example";
  const responsibilities = [{kind: "tld" as const, value: "net"}];
  await scene.party({kind: "registrar", name: "F", country: "US", address, responsibilities});
  const id = await caseAbout(scene.desk, "http://send.example-disk.net/");
  await runRules(scene.desk, hoursLater(2));
  await tellPending(scene.desk, hoursLater(2));
  const send = () => sendDue(scene.desk, {mailer: scene.mailer, now: hoursLater(2)});
  await whileFull(0, () => isFull(send()));
  assert.deepEqual(sentTo(scene, address), []);
  assert.equal((await listNotifications(scene.desk.db, {case: id, limit: 1}))[0]?.state, "planned");
  await send();
  await send();
  assert.equal(sentTo(scene, address).length, 1);
  assert.deepEqual(leftovers(), []);
});
