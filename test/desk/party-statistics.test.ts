/** How parties handle their cases, counted from what really went out and came in. */
import assert from "node:assert/strict";
import test from "node:test";
import {verifyCase} from "../../src/app/cases/acts.ts";
import {openByHand} from "../../src/app/cases/opening.ts";
import {partyFigures} from "../../src/app/cases/party-figures.ts";
import {FIGURE_COMMANDS} from "../../src/app/commands/party-figures.ts";
import {partyId} from "../../src/model/party.ts";
import {hoursLater} from "../case-fixture.ts";
import {headerOf, openScene, type Scene} from "../coordination-scene.ts";
import {answerOf} from "../in-process.ts";

let scene: Scene;
let fast = 0;
let slow = 0;
test.before(async () => {
  scene = await openScene();
  fast = await scene.party({
    ...{kind: "registrar", name: "快速注册商", country: "CN", address: "abuse@fast.example"},
    responsibilities: [{kind: "tld", value: "com"}],
  });
  slow = await scene.party({
    ...{kind: "registrar", name: "=Slow Registrar", country: "US", address: "abuse@slow.example"},
    responsibilities: [{kind: "tld", value: "org"}],
  });
});
test.after(() => scene.close());

const FIRST = "2023-02-20";
const LAST = "2023-02-26";

async function open(host: string): Promise<string> {
  scene.world.place(host, {body: "<title>示例银行登录</title><form><input type=password></form>"});
  const opening = {class: "web.phish", asset: `http://${host}/`, kind: null, facts: {}, severity: null, tlp: null};
  const act = {by: "Li", now: hoursLater(0)};
  const {case: there} = await openByHand(scene.house, {...opening, isUrgent: null, parties: null, note: null}, act);
  return there.case.id;
}

const figures = (over: Partial<Parameters<typeof partyFigures>[1]> = {}, hour = 100) =>
  partyFigures(scene.house, {from: FIRST, to: LAST, per: "party", ...over}, hoursLater(hour));

test("each party has what it was told of, its times to takedown, and how often it said nothing", async () => {
  const [quick, late] = [[] as string[], [] as string[]];
  for (let n = 0; n < 5; n += 1) quick.push(await open(`page${n}.bank-example.com`));
  for (let n = 0; n < 6; n += 1) late.push(await open(`page${n}.bank-example.org`));
  await scene.round(hoursLater(1));
  const toFast = scene.smtp.mails.find(({to}) => to[0] === "abuse@fast.example");
  assert.ok(toFast !== undefined);
  const answer = (hour: number) =>
    scene.receive(
      [
        ...["From: abuse@fast.example", "To: desk@csirt.example", `Subject: Re: ${headerOf(toFast.bytes, "Subject")}`],
        ...[`In-Reply-To: ${headerOf(toFast.bytes, "Message-ID")}`, `Message-ID: <answer-${hour}@fast.example>`],
        ...["Content-Type: text/plain", "", "We have received your report and are looking into it.", ""],
      ].join("\n"),
      hoursLater(hour),
    );
  await answer(3);
  await answer(4);
  for (const [n, id] of quick.entries())
    await verifyCase(
      scene.house,
      {id, reason: "gone", goneAt: hoursLater(2 + n), toReporter: null},
      {by: "Li", now: hoursLater(10)},
    );
  const [one = ""] = late;
  await verifyCase(
    scene.house,
    {id: one, reason: "gone", goneAt: hoursLater(90), toReporter: null},
    {by: "Li", now: hoursLater(91)},
  );
  const found = await figures({}, 2000);
  assert.deepEqual(
    found.map(({key, names, country, cases, takenDown, medianHours, p90Hours}) => ({
      key,
      zh: names.zh,
      country,
      cases,
      takenDown,
      medianHours,
      p90Hours,
    })),
    [
      {
        key: partyId(slow),
        zh: "=Slow Registrar",
        country: "US",
        cases: 6,
        takenDown: 1,
        medianHours: null,
        p90Hours: null,
      },
      {key: partyId(fast), zh: "快速注册商", country: "CN", cases: 5, takenDown: 5, medianHours: 3, p90Hours: 5},
    ],
  );
  assert.deepEqual(
    found.map(({answerable, withoutAnswer, withoutAnswerShare}) => [answerable, withoutAnswer, withoutAnswerShare]),
    [
      [6, 6, 1],
      [5, 0, 0],
    ],
  );
  assert.deepEqual((await figures({}, 1.5))[0]?.answerable, 0, "no answer is due yet");
});

test("they are put together by kind and by country, of a kind or a country only, in a period", async () => {
  const [all] = await figures({per: "kind"});
  assert.deepEqual([all?.key, all?.names.zh, all?.cases], ["registrar", "域名注册服务机构", 11]);
  const byCountry = await figures({per: "country"});
  assert.deepEqual(
    byCountry.map(({key, names, cases}) => [key, names.en, cases]),
    [
      ["US", "United States", 6],
      ["CN", "China", 5],
    ],
  );
  assert.deepEqual(
    (await figures({country: "CN"})).map(({key}) => key),
    [partyId(fast)],
  );
  assert.deepEqual(await figures({kind: "registry"}), []);
  assert.deepEqual(await figures({from: "2023-02-21"}), [], "they were told the day before");
  await assert.rejects(figures({kind: "nobody"}), {code: "usage"});
  await assert.rejects(figures({from: LAST, to: FIRST}), {code: "usage"});
});

test("what goes on to the next party counts for both; it was taken down by the one in whose turn it went", async () => {
  await scene.party({
    ...{kind: "hosting-provider", name: "Silent Hosting", country: "US", address: "abuse@silent.example"},
    responsibilities: [{kind: "domain", value: "hosted-example.com"}],
  });
  scene.world.place("login.hosted-example.com", {
    body: "<title>示例银行登录</title><form><input type=password></form>",
  });
  const {case: there} = await openByHand(
    scene.house,
    {
      ...{class: "web.phish", asset: "http://login.hosted-example.com/", kind: null, facts: {}, severity: null},
      ...{tlp: null, isUrgent: true, parties: ["hosting-provider", "registrar"], note: null},
    },
    {by: "Li", now: hoursLater(200)},
  );
  const {id} = there.case;
  let hour = 200.5;
  for (; hour < 600; hour += 12) {
    await scene.round(hoursLater(hour));
    const lines = await answerOf<{event: string}[]>(scene.house, "notification", "list", "--case", id);
    if (lines.some(({event}) => event === "escalated")) break;
  }
  const goneAt = hoursLater(hour + 1);
  await verifyCase(scene.house, {id, reason: "gone", goneAt, toReporter: null}, {by: "Li", now: hoursLater(hour + 2)});
  const week = {from: "2023-02-27", to: "2023-03-31", kind: "hosting-provider"};
  const [silent] = await figures(week, 2000);
  assert.deepEqual([silent?.cases, silent?.takenDown, silent?.withoutAnswer], [1, 0, 1]);
  const [next] = await figures({...week, kind: "registrar"}, 2000);
  assert.deepEqual([next?.key, next?.cases, next?.takenDown], [partyId(fast), 1, 1]);
});

test("as CSV they are safe to open, as JSON they say their period", async () => {
  const words = ["party", "statistics", "--from", FIRST, "--to", LAST];
  const answer = await answerOf<{from: string; parties: readonly unknown[]}>(scene.house, ...words);
  assert.deepEqual([answer.from, answer.parties.length], [FIRST, 2]);
  const [command] = FIGURE_COMMANDS;
  const call = {
    options: {from: FIRST, to: LAST, csv: true},
    positionals: [],
    home: scene.house.home,
    now: new Date(),
    say: () => undefined,
  };
  const {text} = (await command?.run(call, async () => scene.house)) ?? {text: ""};
  const [head, row] = text.split("\r\n");
  assert.match(head ?? "", /^\ufeffkey,name_zh,name_en,kind,country,cases,taken_down,/);
  assert.match(row ?? "", /,"'=Slow Registrar",/, "no spreadsheet takes a name for a formula");
});
