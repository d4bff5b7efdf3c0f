/** Notifications and mails as people step in, with a real database, mail server and mail reader. */
import assert from "node:assert/strict";
import {readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {createCleartextMessage, generateKey, sign} from "openpgp";
import {dismissCase, verifyCase} from "../../src/app/cases/acts.ts";
import {takeMailFile} from "../../src/app/cases/mails.ts";
import {previewNotices, recallNotices, resendNotification, thankFor} from "../../src/app/cases/notices.ts";
import {openByHand} from "../../src/app/cases/opening.ts";
import {chooseParty} from "../../src/app/cases/party.ts";
import {runRules} from "../../src/app/coordination/deciding/deciding.ts";
import {lookAtDue} from "../../src/app/coordination/looking/looking.ts";
import {tellPending} from "../../src/app/coordination/telling/telling.ts";
import {listPending} from "../../src/store/notices/pending.ts";
import {hoursLater} from "../case-fixture.ts";
import {headerOf, openScene, type Scene} from "../coordination-scene.ts";
import {answerOf} from "../in-process.ts";
import {temporaryFolder} from "../site.ts";

const HTML = "<html><title>示例银行登录</title><body><form><input type=password></form></body></html>";
const {privateKey} = await generateKey({
  userIDs: [{name: "Abuse", email: "abuse@keys.example"}],
  format: "object",
  date: new Date("2023-01-01T00:00:00Z"),
});

let scene: Scene;
// biome-ignore lint/suspicious/noExplicitAny: answers of any command
const say = (...words: string[]): Promise<any> => answerOf(scene.house, ...words);
const refused = (words: string[], code: string): Promise<void> => assert.rejects(say(...words), {code});
test.before(async () => {
  scene = await openScene();
  await scene.party({
    ...{kind: "registrar", name: "Example Registrar", country: "US", address: "abuse@registrar.example"},
    responsibilities: [{kind: "tld", value: "com"}],
  });
  await scene.party({
    ...{kind: "registrar", name: "Registrar with a key", country: "US", address: "abuse@keys.example"},
    responsibilities: [{kind: "tld", value: "org"}],
    key: privateKey.toPublic().armor(),
  });
});
test.after(() => scene.close());

async function open(host: string, hour: number): Promise<string> {
  scene.world.place(host, {body: HTML});
  const opening = {class: "web.phish", asset: `http://${host}/`, kind: null, facts: {}, severity: null, tlp: null};
  const act = {by: "Li", now: hoursLater(hour)};
  const {case: there} = await openByHand(scene.house, {...opening, isUrgent: null, parties: null, note: null}, act);
  return there.case.id;
}
/** What was sent of a case for one thing: the notification, and the mails that arrived. */
async function sentOf(id: string, event: string) {
  const lines = (await say("notification", "list", "--case", id)).filter(
    (each: {event: string}) => each.event === event,
  );
  const ids = lines.map(({messageId}: {messageId: string}) => messageId);
  return {lines, mails: scene.smtp.mails.filter(({bytes}) => ids.includes(headerOf(bytes, "Message-ID")))};
}

test("a preview says what would go out in its words and writes nothing; then just that goes out", async () => {
  const id = await open("preview.bank-example.com", 0);
  await lookAtDue(scene.desk, {probe: scene.world.probe, now: hoursLater(0.1)});
  await runRules(scene.desk, hoursLater(0.5));
  const preview = await previewNotices(scene.house, hoursLater(0.5));
  assert.deepEqual(
    preview.notices.map(({address, cases, files}) => [address, cases, files]),
    [["abuse@registrar.example", [id], ["cases.csv", "xarf.json"]]],
  );
  assert.deepEqual(
    preview.decisions.map(({event, outcome}) => [event, outcome]),
    [["opened", "told"]],
  );
  assert.deepEqual(await say("notification", "list"), []);
  assert.equal((await listPending(scene.desk.db, {after: null, limit: 10})).length, 1, "it waits as before");
  await scene.round(hoursLater(0.5));
  const [line] = await say("notification", "list", "--case", id);
  const shown = await say("notification", "show", "--id", line.id);
  assert.deepEqual([shown.notice.text, shown.state], [preview.notices[0]?.text, "sent"]);
  assert.deepEqual(shown.cases, [{id, round: 1}]);
  await refused(["notification", "show", "--id", "WN-2023-999999"], "notification_unknown");
});

test("what was told wrongly is taken back from those who were told, once, with the reason, and in the same thread", async () => {
  const id = await open("wrong.bank-example.com", 2);
  await scene.round(hoursLater(2.5));
  const told = await sentOf(id, "opened");
  assert.equal(told.mails.length, 1);
  const recall = (of: {case: string}, hour: number) =>
    recallNotices(scene.house, {of, reason: "it is the bank's own page"}, {by: "Li", now: hoursLater(hour)});
  await assert.rejects(recall({case: id}, 3), {code: "case_step_not_allowed"}, "it would still be reminded");
  const dismissal = {id, by: "us", reason: "the bank's own page", toReporter: null} as const;
  await dismissCase(scene.house, dismissal, {by: "Li", now: hoursLater(3)});
  assert.deepEqual(await recall({case: id}, 3), {asked: 1, withdrawn: []});
  await recall({case: id}, 3);
  await scene.round(hoursLater(3.1));
  await scene.round(hoursLater(3.2));
  const recalled = await sentOf(id, "recall");
  const [mail] = recalled.mails;
  assert.ok(mail !== undefined && recalled.mails.length === 1);
  assert.equal(headerOf(mail.bytes, "In-Reply-To"), headerOf(told.mails[0]?.bytes ?? mail.bytes, "Message-ID"));
  const {notice} = await say("notification", "show", "--id", recalled.lines[0].id);
  assert.match(notice.text, /we take it back[\s\S]*it is the bank's own page/);
  const {steps} = await say("case", "show", "--id", id);
  assert.equal(steps.filter(({note}: {note: string | null}) => note?.startsWith("recall: ")).length, 2);
  await refused(["notification", "recall", "--case", id], "usage");
  await refused(["notification", "recall", "--reason", "x"], "usage");
  const nobody = await open("nobody.bank-example.com", 3);
  await refused(["notification", "recall", "--case", nobody, "--reason", "x"], "notification_step_not_allowed");
  await dismissCase(scene.house, {...dismissal, id: nobody}, {by: "Li", now: hoursLater(3)});
});

test("what has not gone out when it is taken back never does, but a mail that tells of other cases too goes out first", async () => {
  const [one, two] = [await open("late-one.bank-example.com", 4), await open("late-two.bank-example.com", 4)];
  await runRules(scene.desk, hoursLater(4.5));
  await tellPending(scene.desk, hoursLater(4.5));
  const [line] = await say("notification", "list", "--case", one);
  assert.deepEqual([line.state, (await say("notification", "show", "--id", line.id)).cases.length], ["planned", 2]);
  for (const id of [one, two])
    await dismissCase(
      scene.house,
      {id, by: "us", reason: "no phishing", toReporter: null},
      {by: "Li", now: hoursLater(5)},
    );
  const act = {by: "Li", now: hoursLater(5)};
  const reason = "no phishing after all";
  assert.deepEqual(await recallNotices(scene.house, {of: {case: one}, reason}, act), {asked: 1, withdrawn: []});
  const all = await recallNotices(scene.house, {of: {notification: line.id}, reason}, act);
  assert.deepEqual(all.withdrawn, [line.id]);
  await scene.round(hoursLater(5.1));
  assert.deepEqual((await sentOf(one, "opened")).mails, []);
  assert.deepEqual((await sentOf(one, "recall")).lines, [], "and nothing is taken back that nobody heard of");
});

test("a party is thanked for what was verified, and for nothing else", async () => {
  const id = await open("thanks.bank-example.com", 30);
  await scene.round(hoursLater(30.5));
  const act = {by: "Li", now: hoursLater(31)};
  await assert.rejects(thankFor(scene.house, {case: id, words: null}, act), {code: "case_step_not_allowed"});
  await verifyCase(scene.house, {id, reason: "gone", goneAt: null, toReporter: null}, act);
  assert.deepEqual(await thankFor(scene.house, {case: id, words: "Quick work."}, act), {asked: 1});
  await scene.round(hoursLater(31.1));
  const {lines, mails} = await sentOf(id, "thanks");
  assert.equal(mails.length, 1);
  assert.match((await say("notification", "show", "--id", lines[0].id)).notice.text, /Quick work\./);
});

test("a mail that a server refused is sent again by hand as the same mail, and no other is", async () => {
  await scene.party({
    ...{kind: "registrar", name: "Other Registrar", country: "US", address: "abuse@other.example"},
    responsibilities: [{kind: "tld", value: "net"}],
  });
  const id = await open("refused.bank-example.net", 40);
  scene.smtp.behave({does: "refuse", at: "rcpt", status: 550, text: "no such user"});
  await scene.round(hoursLater(40.5));
  scene.smtp.behave({does: "accept"});
  const [line] = await say("notification", "list", "--case", id, "--state", "refused");
  const [sent] = await say("notification", "list", "--state", "sent");
  await refused(["notification", "resend", "--id", sent.id], "notification_step_not_allowed");
  await resendNotification(scene.house, line.id, {by: "Li", now: hoursLater(41)});
  scene.smtp.clear();
  await scene.round(hoursLater(41.1));
  const [mail] = scene.smtp.mails.filter(({to}) => to[0] === "abuse@other.example");
  assert.ok(mail !== undefined);
  assert.equal(headerOf(mail.bytes, "Message-ID"), line.messageId);
  const {steps, case: one} = await say("case", "show", "--id", id);
  assert.ok(steps.some(({note}: {note: string}) => note === `${line.id} is sent again`));
  assert.equal(one.state, "notified");
});

const mailText = (from: string, subject: string, text: string): string =>
  [
    ...[`From: ${from}`, "To: desk@csirt.example", `Subject: ${subject}`, `Message-ID: <${Math.random()}@a.example>`],
    ...["Date: Tue, 21 Feb 2023 10:00:00 +0800", "Content-Type: text/plain; charset=utf-8", "", text, ""],
  ].join("\r\n");

test("a stranger's mail waits for a person, who reads the verdict, puts it to its case and believes it", async () => {
  const id = await open("stranger.bank-example.com", 50);
  await scene.round(hoursLater(50.5));
  const file = path.join(temporaryFolder(), "mail.eml");
  const [line] = await say("notification", "list", "--case", id);
  const shown = await say("notification", "show", "--id", line.id);
  writeFileSync(
    file,
    mailText("someone@elsewhere.example", `Re: ${shown.notice.token}`, "The domain has been suspended."),
  );
  const taken = await say("mail", "take", file, "--by", "Li");
  assert.deepEqual([taken.isNew, taken.kind, taken.needsPerson, taken.pgp], [true, "reply", true, []]);
  assert.equal((await say("case", "show", "--id", id)).case.state, "notified", "a stranger moves nothing");
  assert.equal((await say("mail", "take", file)).isNew, false);
  const waiting = await say("mail", "list");
  assert.ok(waiting.some(({id: mail}: {id: number}) => mail === taken.id));
  const number = String(taken.id);
  const joined = await say("mail", "join", "--id", number, "--case", id, "--says", "done", "--by", "Li");
  assert.deepEqual(joined.cases, [{id, claim: "done"}]);
  assert.equal(joined.handledBy, "Li");
  const {case: one, steps, mails} = await say("case", "show", "--id", id);
  assert.deepEqual([one.state, steps.at(-1).by, mails.length], ["resolved", "Li", 1]);
  await refused(["mail", "handled", "--id", number], "mail_unknown");
  await refused(["mail", "show", "--id", "999999"], "mail_unknown");
  const out = path.join(temporaryFolder(), "out.eml");
  await say("mail", "file", "--id", number, "--out", out);
  assert.equal(readFileSync(out, "utf8"), readFileSync(file, "utf8"));
});

test("the verdict of each signed part is shown with whose key it was", async () => {
  const signed = await sign({
    message: await createCleartextMessage({text: "We look into it."}),
    signingKeys: privateKey,
    date: new Date("2023-02-20T00:00:00Z"),
  });
  const raw = Buffer.from(mailText("abuse@keys.example", "hello", signed.replace(/\r?\n/g, "\r\n")));
  const act = {by: "Li", now: hoursLater(60)};
  const {mail} = await takeMailFile(scene.house, {bytes: raw, receivedAt: hoursLater(60)}, act);
  const [piece] = mail.pgp;
  assert.deepEqual(
    [piece?.signature, piece?.signer?.isSender, piece?.signer?.address],
    ["good", true, "abuse@keys.example"],
  );
  const handled = await say("mail", "handled", "--id", String(mail.id), "--by", "Wang");
  assert.equal(handled.handledBy, "Wang");
});

test("what was told to a party that is not asked any more says nothing of the one that is", async () => {
  const id = await open("moved.bank-example.org", 30);
  await scene.round(hoursLater(30.5));
  assert.equal((await sentOf(id, "opened")).mails.length, 1);
  const other = await scene.party({
    ...{kind: "hosting-provider", name: "Example Host", country: "US", address: "abuse@host.example"},
    responsibilities: [],
  });
  await chooseParty(scene.house, {id, party: other, reason: "they host it"}, {by: "Li", now: hoursLater(46)});
  await say("contact", "bounce", "--address", "abuse@keys.example");
  await recallNotices(scene.house, {of: {case: id}, reason: "not theirs"}, {by: "Li", now: hoursLater(46)});
  await tellPending(scene.desk, hoursLater(46.5));
  const {progress, waitsFor} = await say("case", "show", "--id", id);
  assert.equal(waitsFor ?? null, null);
  assert.equal(progress?.assignment?.undeliverableAt ?? null, null, "the new party can be reached");
});
