import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {moveCase} from "../src/cases/life.ts";
import type {CaseAction, HandledWhen} from "../src/model/cases/case.ts";
import {caseFacts} from "../src/model/cases/case.ts";
import {weekNamed} from "../src/model/week.ts";
import {changeCase} from "../src/store/cases/changing.ts";
import {addComplaints} from "../src/store/cases/complaints.ts";
import {type CaseWeek, countCases} from "../src/store/cases/counting.ts";
import type {Database} from "../src/store/postgres.ts";
import {hoursLater, MONDAY, phishing, take} from "./case-fixture.ts";
import {openTestDatabase} from "./database.ts";

const WEEK = weekNamed("2023-02-20", "Asia/Shanghai");
const NEXT = weekNamed("2023-02-27", "Asia/Shanghai");
const LATER = new Date("2023-04-01T00:00:00Z");

async function live({db}: Database, id: string, moves: readonly (readonly [CaseAction, number])[], kind = "registrar") {
  for (const [action, hour] of moves) {
    const now = hoursLater(hour);
    await changeCase(db, id, {
      by: "Li",
      now,
      decide: ({case: one, round}) => ({
        ...moveCase(one.id, one.state, {round, move: {action, at: now.toISOString(), dismissedBy: "party"}}),
        ...(action === "notify" ? {party: {id: 1, kind}} : {}),
        steps: [{step: action}],
      }),
    });
  }
}

async function count(
  {db}: Database,
  handledWhen: HandledWhen = "answered",
  until = LATER,
): Promise<[CaseWeek, CaseWeek]> {
  const weeks = await countCases(db, {weeks: [WEEK, NEXT], handledWhen, until});
  return [weeks.get(WEEK.from) ?? {}, weeks.get(NEXT.from) ?? {}];
}

test("a case counts in the week in which it is first handled, and again when it comes back", async () => {
  const house = await openTestDatabase();
  assert.deepEqual(await count(house), [{}, {}], "nobody kept cases: nothing is said, not 0");
  const {
    opened: [one = "", two = "", three = ""],
  } = await take(
    house,
    ["a", "b", "c"].map((n) => phishing(`http://${n}.example.com/`)),
  );
  await live(house, one, [
    ["notify", 1],
    ["acknowledge", 2],
    ["verify", 8],
    ["reopen", 200],
    ["notify", 201],
    ["resolve", 202],
  ]);
  await live(house, two, [
    ["notify", 1],
    ["acknowledge", 170],
  ]);
  await live(house, three, [["notify", 1]], "hosting-provider");
  const [week, next] = await count(house);
  assert.equal(week.handled?.value, 1);
  assert.equal(next.handled?.value, 2, "the answer of the second, and the second round of the first");
  assert.equal((await count(house, "notified"))[0].handled?.value, 3);
  assert.equal((await count(house, "verified"))[0].handled?.value, 1);
  assert.equal((await count(house, "answered", hoursLater(1.5)))[0].handled?.value, 0, "not known yet");
  assert.equal(week.medianHours?.value, 7);
  await house.close();
});

test("handled cases are told apart by party, class, brand sector and what is abroad", async () => {
  const house = await openTestDatabase();
  const app = (n: number, over = {}) =>
    phishing(`http://app${n}.example.net/x.apk`, {
      class: "mal.mobile",
      asset: {kind: "platform", value: `app${n}.example.net`},
      facts: caseFacts({platform: `app${n}.example.net`, channelKind: "registrar", responsible: "域名注册商"}),
      urls: [`http://app${n}.example.net/x.apk`, `http://app${n}.example.net/y.apk`],
      ...over,
    });
  const {opened} = await take(house, [
    phishing("http://1.example.com/", {borderTests: ["registrar", "hosting"]}),
    phishing("http://2.example.com/", {borderTests: ["hosting"]}),
    phishing("http://3.example.com/"),
    phishing("http://4.example.com/", {class: "test"}),
    app(1),
    app(2),
  ]);
  for (const id of opened)
    await live(house, id, [
      ["notify", 1],
      ["resolve", 3],
    ]);
  const [week] = await count(house);
  assert.equal(week.handled?.value, 5, "a test never counts");
  assert.deepEqual(week.handled?.by.class, [
    {key: "web.phish", value: 3},
    {key: "mal.mobile", value: 2},
  ]);
  assert.deepEqual(week.handled?.by.partyKind, [{key: "registrar", value: 5}]);
  assert.equal(week.crossBorder?.value, 2);
  assert.deepEqual(week.crossBorder?.by.borderTest, [
    {key: "hosting", value: 2},
    {key: "registrar", value: 1},
  ]);
  assert.deepEqual(week.phishing?.by.sector, [{key: "finance-bank", value: 3}]);
  assert.deepEqual([week.platforms?.value, week.urls?.value], [2, 4]);
  assert.deepEqual(week.urls?.by.channelKind, [{key: "registrar", value: 4}]);
  await house.close();
});

test("complaints count for themselves, each once, whatever becomes of them", async () => {
  const house = await openTestDatabase();
  const complaint = (key: string, hour: number) => ({
    receivedAt: hoursLater(hour).toISOString(),
    source: "mail" as const,
    key,
    reporter: "someone@example.com",
    wantsAnswer: true,
    class: "web.phish",
    asset: {kind: "url", value: "http://1.example.com/"},
    brand: null,
    text: "",
  });
  const add = (keys: [string, number][]) =>
    house.db.transaction().execute((work) =>
      addComplaints(
        work,
        keys.map(([key, hour]) => complaint(key, hour)),
        {year: 2023, now: MONDAY},
      ),
    );
  const first = await add([
    ["m1", 1],
    ["m2", 2],
    ["m1", 1],
  ]);
  assert.deepEqual(
    first.map(({isNew}) => isNew),
    [true, true, true],
  );
  assert.equal(new Set(first.map(({key}) => key)).size, 2);
  assert.deepEqual(
    (
      await add([
        ["m2", 2],
        ["m3", 170],
      ])
    ).map(({isNew}) => isNew),
    [false, true],
  );
  const [week, next] = await count(house);
  assert.deepEqual([week.complaints?.value, next.complaints?.value], [2, 1]);
  assert.equal(week.handled, undefined, "complaints are no cases");
  await house.close();
});

test("whatever happens to cases, each handled round is counted in exactly one week, and in one cell of each breakdown", async () => {
  const house = await openTestDatabase();
  let page = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({min: 0, max: 326}), {minLength: 1, maxLength: 12}), async (hours) => {
      const before = await count(house);
      const {opened} = await take(
        house,
        hours.map((hour) => phishing(`http://p${page++}-${hour}.example.com/`)),
        hoursLater(0),
      );
      for (const [n, id] of opened.entries())
        await live(house, id, [
          ["notify", 0],
          ["acknowledge", hours[n] ?? 0],
        ]);
      const after = await count(house);
      const added = after.map((week, n) => (week.handled?.value ?? 0) - (before[n]?.handled?.value ?? 0));
      const isNext = (hour: number): boolean => hoursLater(hour) >= NEXT.startsAt;
      assert.deepEqual(added, [hours.filter((hour) => !isNext(hour)).length, hours.filter(isNext).length]);
      for (const week of after)
        for (const cells of Object.values(week.handled?.by ?? {}))
          assert.equal(
            cells.reduce((sum, {value}) => sum + value, 0),
            week.handled?.value,
          );
    }),
    {numRuns: 15},
  );
  await house.close();
});
