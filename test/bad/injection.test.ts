/** Headers and recipients that somebody writes into a field: the mails that arrive have our headers and one recipient. */
import assert from "node:assert/strict";
import {mkdirSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import PostalMime from "postal-mime";
import {dismissCase} from "../../src/app/cases/acts.ts";
import {recallNotices} from "../../src/app/cases/notices.ts";
import {type CaseDesk, openCaseDesk} from "../../src/app/coordination/case-desk.ts";
import {takeComplaints} from "../../src/app/coordination/opening/complaints.ts";
import {runRound} from "../../src/app/coordination/round.ts";
import {addContact, addParty} from "../../src/app/parties.ts";
import {WatchfloorError} from "../../src/model/errors.ts";
import {hoursLater, MONDAY} from "../case-fixture.ts";
import {openScene, type Scene} from "../coordination-scene.ts";
import {HEADERS, headerNames, PAYLOADS} from "../injections.ts";
import type {ReceivedMail} from "../smtp.ts";
import {answerTo, complaintAbout, mailOf} from "./mails.ts";

const HOSTILE = JSON.stringify("CSIRT\r\nBcc: evil@evil.example\u2028X-Evil: 1");
/** A subject of the site's own with what YAML lets through; the slots are filled with words of others. */
const TEMPLATE = `event: opened
language: en
classes: [web.phish]
subject: "a\\u2028Bcc: evil@evil.example {class}\\u0085X-Evil: {count}"
text: "{contact} {party} {asset} {cases} {evidence} {seen} {asked}\\n\\n--b\\nContent-Type: text/html\\n"
`;

let scene: Scene;
let desk: CaseDesk;
test.before(async () => {
  const overrides = `overrides: {publisher: {name: {zh: ${HOSTILE}, en: ${HOSTILE}}}}`;
  scene = await openScene((text) =>
    text.replace("overrides: {}", overrides).replace("gatherMinutes: 0", "mailsPerDay: 1000, gatherMinutes: 0"),
  );
  mkdirSync(path.join(scene.house.home, "notices"), {recursive: true});
  writeFileSync(path.join(scene.house.home, "notices/own.yaml"), TEMPLATE);
  desk = await openCaseDesk(scene.house);
});
test.after(() => scene.close());

const act = {by: "test", reason: null, now: new Date("2023-01-01T00:00:00Z")};

/** Does what a door may refuse; null when it did, and any other fault is thrown. */
async function unlessRefused<Result>(work: () => Promise<Result>): Promise<Result | null> {
  return work().catch((error: unknown) => {
    if (error instanceof WatchfloorError && error.code === "usage") return null;
    throw error;
  });
}

/** A party by a hostile name; where the door refuses it, by a plain one. */
async function hostileParty(n: number, payload: string): Promise<void> {
  const fields = {kind: "registrar", country: "US", province: null, from: null, until: null};
  const responsibilities = [{kind: "domain" as const, value: `example-inj${n}.com`}];
  const make = (name: string) => addParty(scene.house, {...fields, names: {zh: name, en: name}, responsibilities}, act);
  const party = (await unlessRefused(() => make(`Party ${n}${payload}`))) ?? (await make(`Party ${n}`));
  const contact = {
    ...{purpose: "abuse" as const, language: "en" as const, channel: "mail" as const, pgpKey: null},
    ...{pgpFingerprints: [], hours: null, from: null, until: null},
  };
  const add = (address: string) => addContact(scene.house, {party, contact: {...contact, address}}, act);
  await unlessRefused(() => add(`x${n}@inj.example${payload}`));
  await unlessRefused(() => add(`${payload}x${n}@inj.example`));
  await add(`abuse${n}@inj.example`);
}

function isOurs({to}: ReceivedMail): boolean {
  // what looks like an encoded word is a local part like any other, and stays one
  return (
    to.length === 1 && /^(=\?utf-8\?[bq]\?[\w=:]+\?=|%0d%0aBcc:)?[a-z]+\d+@(inj|people)\.example$/.test(to[0] ?? "")
  );
}

async function check(mail: ReceivedMail, about: string): Promise<void> {
  assert.ok(isOurs(mail), `${about}: ${mail.to}`);
  const extra = ["content-transfer-encoding", "in-reply-to", "references", "precedence"];
  assert.deepEqual(
    headerNames(mail.bytes)
      .filter((name) => !extra.includes(name))
      .sort(),
    HEADERS,
    about,
  );
  const parsed = await PostalMime.parse(mail.bytes);
  assert.deepEqual(
    parsed.to?.map(({address}) => address),
    mail.to,
    about,
  );
  assert.deepEqual(
    [parsed.from?.address, parsed.html, parsed.cc, parsed.bcc],
    ["desk@csirt.example", undefined, undefined, undefined],
    about,
  );
  assert.match(parsed.subject ?? "", /^\[WN-2023-\d{6} [0-9a-z]{6}\] /, about);
  assert.doesNotMatch(parsed.subject ?? "", /[\r\n\u2028\u0085\0]/, about);
}

test(`${PAYLOADS.length} injections through every field of the flow: one recipient each, and no header of others`, {
  timeout: 120_000,
}, async (t) => {
  const cases: string[] = [];
  for (const [n, payload] of PAYLOADS.entries()) {
    await hostileParty(n, payload);
    const host = `www.example-inj${n}.com`;
    scene.world.place(host, {body: `<title>${payload}</title><h1>${payload}</h1>`});
    const over = {brand: `Bank${payload}`, text: payload, wantsAnswer: true};
    const given = [
      complaintAbout(`http://${host}/${payload}`, {...over, reporter: `api${n}@people.example`}),
      complaintAbout(`http://${host}/second`, {...over, reporter: `p${n}@people.example${payload}`}),
      complaintAbout(`http://${host}/third`, {...over, reporter: `${payload}p${n}@people.example`}),
    ];
    const taken = await takeComplaints(desk, given, {by: "api", now: MONDAY});
    cases.push(...taken.flatMap((each) => each.case ?? []));
    const encoded = `=?utf-8?B?${Buffer.from(payload.toWellFormed()).toString("base64")}?=`;
    const headers = {Subject: `phishing ${encoded}`, "Reply-To": `${encoded} <mail${n}@people.example>`};
    const text = `Phishing site: hxxp://mail.example-inj${n}[.]com/login\nPlease take it down. ${payload.toWellFormed()}`;
    await scene.receive(mailOf(text, {from: `${encoded} <from${n}@people.example>`, headers}), MONDAY);
  }
  assert.ok(cases.length > 2 * PAYLOADS.length);
  const round = async (hour: number) => {
    const {mailer, reader, world} = scene;
    await runRound(desk, {mailer, reader, probe: world.probe, openInbox: null}, hoursLater(hour));
  };
  await round(0.1);
  for (const [n, payload] of PAYLOADS.entries()) {
    const told = scene.smtp.mails.find(({to}) => new RegExp(`[a-z]${n}@inj\\.example$`).test(to[0] ?? ""));
    assert.ok(told !== undefined, `party ${n} was told`);
    const [words] = [`${payload}`.trim() || "words"];
    const subject = `=?utf-8?B?${Buffer.from(`Re: ${payload.toWellFormed()}`).toString("base64")}?=`;
    await scene.receive(
      answerTo(told, "We are investigating.", {from: told.to[0] ?? "", headers: {Subject: subject}}),
      hoursLater(1),
    );
    for (const id of cases.slice(n * 3, n * 3 + 3)) {
      await dismissCase(
        scene.house,
        {id, by: "us", reason: words, toReporter: words},
        {by: "Li", now: hoursLater(2)},
      ).catch(plainFault);
      await recallNotices(scene.house, {of: {case: id}, reason: words}, {by: "Li", now: hoursLater(2)}).catch(
        plainFault,
      );
    }
  }
  await round(3);
  await round(30);
  for (const mail of scene.smtp.mails) await check(mail, JSON.stringify(mail.bytes.toString("latin1").slice(0, 900)));
  const kinds = new Map<string, number>();
  for (const {to} of scene.smtp.mails) {
    const kind = to[0]?.split("@")[1] ?? "";
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  t.diagnostic(JSON.stringify([...kinds]));
  const toApi = scene.smtp.mails.filter(({to}) => to[0]?.startsWith("api"));
  assert.equal(toApi.length, 2 * PAYLOADS.length, "who complained is told that it came in, and of its end");
  assert.ok((kinds.get("inj.example") ?? 0) >= 2 * PAYLOADS.length, "parties are told, and told of the recall");
});

function plainFault(error: unknown): void {
  if (!(error instanceof WatchfloorError)) throw error;
}
