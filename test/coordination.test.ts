import assert from "node:assert/strict";
import test from "node:test";
import PostalMime from "postal-mime";
import {type ComplaintIn, takeComplaints} from "../src/app/coordination/opening/complaints.ts";
import {weekNamed} from "../src/model/week.ts";
import {caseOfId} from "../src/store/cases/changing.ts";
import {countCases} from "../src/store/cases/counting.ts";
import {roundsOf, stepsOf} from "../src/store/cases/lists.ts";
import {looksOf} from "../src/store/cases/looks.ts";
import {noticeDecisions} from "../src/store/notices/pending.ts";
import {hoursLater, MONDAY} from "./case-fixture.ts";
import {headerOf, openScene, type Scene} from "./coordination-scene.ts";

const PAGE = "http://login.bank-example.com/index.html";
const HTML = "<html><title>示例银行登录</title><body><h1>示例银行</h1><form><input type=password></form></body></html>";

function complaint(over: Partial<ComplaintIn> = {}): ComplaintIn {
  return {
    receivedAt: MONDAY.toISOString(),
    source: "api",
    key: "k1",
    reporter: "zhang@example.net",
    wantsAnswer: true,
    class: "web.phish",
    asset: {kind: "url", value: PAGE},
    brand: "示例银行",
    text: "这个网站在仿冒银行",
    ip: null,
    ...over,
  };
}

function reply(to: Buffer, {from, text}: {from: string; text: string}): string {
  return [
    `From: ${from}`,
    "To: desk@csirt.example",
    `Subject: Re: ${headerOf(to, "Subject")}`,
    `In-Reply-To: ${headerOf(to, "Message-ID")}`,
    `Message-ID: <${Math.random()}@registrar.example>`,
    "Date: Mon, 20 Feb 2023 10:00:00 +0800",
    "Content-Type: text/plain; charset=utf-8",
    "",
    text,
    "",
  ].join("\r\n");
}

let scene: Scene;
test.before(async () => {
  scene = await openScene();
  await scene.party({
    kind: "registrar",
    name: "Example Registrar",
    country: "US",
    address: "abuse@registrar.example",
    responsibilities: [{kind: "tld", value: "com"}],
  });
});
test.after(() => scene.close());

test("a complaint becomes a case, its registrar is told, answers, and the page is verified as gone", async () => {
  const {desk, smtp, world} = scene;
  world.place("login.bank-example.com", {body: HTML});
  const [taken] = await takeComplaints(desk, [complaint()], {by: "api", now: MONDAY});
  const id = taken?.case ?? "";
  assert.match(id, /^WF-2023-\d{6}$/);

  await scene.round(hoursLater(0.1));
  const {case: told, partyKind} = await caseOfId(desk.db, id);
  assert.deepEqual([told.state, partyKind, told.borderTests], ["notified", "registrar", ["party", "hosting"]]);
  const mail = smtp.mails.find(({to}) => to[0] === "abuse@registrar.example");
  assert.ok(mail !== undefined);
  assert.match(headerOf(mail.bytes, "Subject"), /WN-2023-\d{6} [0-9a-z]{6}/);
  const reporter = smtp.mails.find(({to}) => to[0] === "zhang@example.net");
  assert.ok(reporter !== undefined, "who complained is told that it came in");
  const looks = await looksOf(desk.db, [id]);
  assert.deepEqual(
    looks.map(({verdict}) => verdict),
    ["up"],
    "evidence was kept before anybody was told",
  );

  assert.equal(
    await scene.receive(
      reply(mail.bytes, {
        from: "abuse@registrar.example",
        text: "We have received your report and are investigating.\n",
      }),
      hoursLater(3),
    ),
    "reply",
  );
  assert.equal((await caseOfId(desk.db, id)).case.state, "acknowledged");
  world.dns.names.set("login.bank-example.com", "no-name");
  world.dns.names.set("bank-example.com", "no-name");
  await scene.receive(
    reply(mail.bytes, {from: "abuse@registrar.example", text: "The domain has been suspended.\n"}),
    hoursLater(5),
  );
  assert.equal((await caseOfId(desk.db, id)).case.state, "resolved");
  await scene.round(hoursLater(5.1));
  assert.equal((await caseOfId(desk.db, id)).case.state, "resolved", "one look is not enough");
  await scene.round(hoursLater(6.5));
  const {case: gone, look} = await caseOfId(desk.db, id);
  assert.equal(gone.state, "verified");
  assert.equal(look?.kind, "recheck");
  const [round] = await roundsOf(desk.db, id);
  assert.equal(round?.goneAt, hoursLater(5.1).toISOString());
  await scene.round(hoursLater(6.6));
  const toReporter = smtp.mails.filter(({to}) => to[0] === "zhang@example.net");
  assert.equal(toReporter.length, 2, "and what came of it");
  const closing = (await PostalMime.parse(toReporter[1]?.bytes ?? "")).text ?? "";
  assert.match(
    closing,
    /^举报人：\s+您好！您于 2023-02-20 09:00 \(UTC\+8\) 提交的举报/,
    "it names the day of the complaint",
  );
  const week = weekNamed("2023-02-20", "Asia/Shanghai");
  const counted = (await countCases(desk.db, {weeks: [week], handledWhen: "answered", until: hoursLater(100)})).get(
    week.from,
  );
  assert.deepEqual([counted?.handled?.value, counted?.crossBorder?.value, counted?.phishing?.value], [1, 1, 1]);
  assert.deepEqual(
    (await stepsOf(desk.db, id)).map(({step}) => step),
    ["open", "join", "party", "notify", "acknowledge", "resolve", "verify"],
  );

  world.place("login.bank-example.com", {body: HTML});
  world.dns.names.set("bank-example.com", {ns: ["ns.example"]});
  await scene.round(hoursLater(31));
  const {case: back} = await caseOfId(desk.db, id);
  assert.deepEqual(
    [back.state, back.round],
    ["notified", 2],
    "back after takedown: a new round, and its registrar is told again",
  );
  assert.equal(smtp.mails.filter(({to}) => to[0] === "abuse@registrar.example").length, 2);
  const decisions = await noticeDecisions(desk.db, id);
  assert.deepEqual(
    decisions.map(({isTold, event}) => [event, isTold]),
    [
      ["opened", true],
      ["reopened", true],
    ],
  );
});
