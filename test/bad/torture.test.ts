/** Sixty mails made to hurt and one of 100 MB, through a real mailbox: each is kept, has a clear state, and stops nothing. */
import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import test from "node:test";
import {readArtefact} from "../../src/store/artefacts.ts";
import {listCases} from "../../src/store/cases/lists.ts";
import {listMails} from "../../src/store/mails.ts";
import {hoursLater} from "../case-fixture.ts";
import {openScene, type Scene} from "../coordination-scene.ts";
import {type ImapServer, NO_IMAP, openImap} from "../imap.ts";
import {readOnce} from "./mailbox.ts";
import {mailOf} from "./mails.ts";
import {growthDuring} from "./memory.ts";
import {tortureMails} from "./torture-mails.ts";

const MIB = 1024 * 1024;
const SEED = 20230220;
const KINDS = ["unreadable", "unknown", "complaint", "bounce", "reply", "auto-reply", "feedback", "report"];
/** An honest mail comes after so many. */
const EVERY = 6;

const skip = NO_IMAP;
let scene: Scene;
let imap: ImapServer;
test.before(async () => {
  if (skip !== false) return;
  scene = await openScene();
  imap = await openImap();
});
test.after(async () => {
  if (skip !== false) return;
  await imap.close();
  await scene.close();
});

const honest = (n: number | string): string =>
  mailOf(`Phishing site: hxxp://honest-${n}[.]example-honest[.]com/login\nPlease take it down.`, {
    headers: {Subject: "phishing"},
  });
const casesAbout = async (search: string): Promise<number> =>
  (await listCases(scene.desk.db, {search, limit: 100}, hoursLater(1))).length;

/** A mail as a mail server gives it: with its own line ends, and without NUL. */
function served(bytes: Buffer): string {
  return bytes.toString("latin1").replaceAll(/\r?\n/g, "\r\n").replaceAll("\0", "\x80");
}

async function keptMails() {
  return scene.desk.db.selectFrom("mails").selectAll().orderBy("id").execute();
}

test("sixty torture mails: each is kept as it came, is handled or waits for a person, and the mails between are read", {
  skip,
  timeout: 300_000,
}, async (t) => {
  imap.deliver(honest("first"));
  await readOnce(scene, {port: imap.port}, hoursLater(0)); // what names are looked up in is in memory from now on
  const mails = tortureMails(SEED);
  assert.equal(mails.length, 60);
  for (const [n, {bytes}] of mails.entries()) {
    imap.deliver(bytes);
    if (n % EVERY === 0) imap.deliver(honest(n));
  }
  const {result: run, bytes: growth} = await growthDuring(() => readOnce(scene, {port: imap.port}, hoursLater(0)));
  t.diagnostic(`${JSON.stringify(run)}, ${Math.round(growth / MIB)} MiB more`);
  const kept = await keptMails();
  const known = new Map(kept.map((row) => [row.sha256, row]));
  const states = new Map<string, string[]>();
  for (const {kind, bytes} of mails) {
    const row = known.get(createHash("sha256").update(served(bytes), "latin1").digest("hex"));
    assert.ok(row !== undefined, `a mail of ${kind} is kept as it came`);
    assert.ok(KINDS.includes(row.kind), `${kind}: ${row.kind}`);
    const about = await scene.desk.db.selectFrom("mail_cases").select("case").where("mail", "=", row.id).execute();
    const isHandled = about.length > 0 || ["complaint", "bounce", "auto-reply", "feedback"].includes(row.kind);
    assert.ok(row.needs_person || isHandled, `a mail of ${kind} (${row.kind}) waits for a person, or was handled`);
    assert.deepEqual((await readArtefact(scene.house.home, row.sha256)).toString("latin1"), served(bytes));
    states.set(kind, [...(states.get(kind) ?? []), `${row.kind}${row.needs_person ? " (person)" : ""}`]);
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(states)));
  assert.equal(
    Object.values(run).reduce((sum, n) => sum + n, 0),
    60 + 60 / EVERY,
    "every one was taken",
  );
  assert.equal(await casesAbout("example-honest.com"), 1 + 60 / EVERY);
  assert.ok(
    imap.flags().every((flag) => flag !== ""),
    "each is marked in the mailbox",
  );
  assert.deepEqual(await readOnce(scene, {port: imap.port}, hoursLater(0.1)), {}, "and none is read again");
  assert.ok(growth < 100 * MIB, `${growth} bytes`);
});

test("of a mail of 100 MB only the beginning is read: who sent it is known, a person is told, and the next ones are read", {
  skip,
  timeout: 120_000,
}, async (t) => {
  const head = mailOf("", {
    from: "abuse@registrar.example",
    headers: {Subject: "[WN-2023-000045 k7q2w3] logs", "Content-Type": "multipart/mixed; boundary=b"},
  });
  const line = `${"QUJD".repeat(19)}\r\n`;
  const part = "--b\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  imap.deliver(honest("before-large"));
  imap.deliver(
    Buffer.concat([Buffer.from(`${head}${part}`), Buffer.alloc(137_000_000, line), Buffer.from("\r\n--b--\r\n")]),
  );
  imap.deliver(honest("after-large"));
  const {result, bytes} = await growthDuring(() => readOnce(scene, {port: imap.port}, hoursLater(1)));
  t.diagnostic(`${Math.round(bytes / MIB)} MiB more`);
  assert.deepEqual(result, {complaint: 2, unreadable: 1});
  assert.ok(bytes < 50 * MIB, `${bytes} bytes`);
  const large = (await listMails(scene.desk.db, {waiting: true})).at(-1);
  assert.deepEqual(
    [large?.kind, large?.sender, large?.subject, large?.understood, large?.needsPerson],
    ["unreadable", "abuse@registrar.example", "[WN-2023-000045 k7q2w3] logs", {why: "too_large"}, true],
  );
  const row = (await keptMails()).find(({id}) => id === large?.id);
  assert.ok((row?.bytes ?? 0) > 137_000_000, "its true size is known");
  assert.equal((await readArtefact(scene.house.home, row?.sha256 ?? "")).length, 256 * 1024);
  assert.deepEqual(imap.flags().slice(-3), ["S", "F", "S"], "it stays in the mailbox, flagged");
  assert.equal(await casesAbout("after-large"), 1);
});
