import assert from "node:assert/strict";
import test, {after, before} from "node:test";
import {sql} from "kysely";
import {openTestDatabase} from "../../test/database.ts";
import {WatchfloorError} from "../model/errors.ts";
import {
  addInfraEvent,
  enterFigures,
  figureHistory,
  figuresOf,
  infraEventsOf,
  overrideRating,
  ratingOverrideOf,
  withdrawInfraEvent,
} from "./entries.ts";

const WEEK = "2023-02-20";
const NOON = new Date("2023-02-27T04:00:00Z");
const LATER = new Date("2023-02-27T05:00:00Z");
const isCoded = (code: string) => (error: unknown) => error instanceof WatchfloorError && error.code === code;

let database: Awaited<ReturnType<typeof openTestDatabase>>;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

test("the newest figure of a week holds, and every one is kept with name and time", async () => {
  const {db} = database;
  await enterFigures(db, [{week: WEEK, indicator: "incident.total", value: 1776, by: "陈"}], NOON);
  await enterFigures(db, [{week: WEEK, indicator: "incident.total", value: 1777, by: " Li  Na "}], LATER);
  await enterFigures(db, [{week: "2023-02-27", indicator: "incident.total", value: 1, by: "陈"}], LATER);
  const held = (await figuresOf(db, WEEK)).get("incident.total");
  assert.deepEqual(held, {
    week: WEEK,
    indicator: "incident.total",
    value: 1777,
    by: "Li Na",
    at: "2023-02-27T05:00:00.000Z",
  });
  const history = await figureHistory(db, WEEK);
  assert.deepEqual(
    history.map((entry) => [entry.value, entry.by]),
    [
      [1776, "陈"],
      [1777, "Li Na"],
    ],
  );
});

test("a figure that was taken back holds no more, and zero is a figure", async () => {
  const {db} = database;
  const week = "2023-03-06";
  await enterFigures(
    db,
    [
      {week, indicator: "infra.events", value: 0, by: "陈"},
      {week, indicator: "mobile.urls", value: 69, by: "陈"},
    ],
    NOON,
  );
  await enterFigures(db, [{week, indicator: "mobile.urls", value: null, by: "陈"}], LATER);
  const held = await figuresOf(db, week);
  assert.deepEqual([...held.keys()], ["infra.events"]);
  assert.equal(held.get("infra.events")?.value, 0);
});

test("a figure is a whole number of 0 or more, and all of a call are entered or none", async () => {
  const {db} = database;
  const week = "2023-03-13";
  const good = {week, indicator: "mobile.urls", value: 1, by: "陈"};
  for (const value of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])
    await assert.rejects(enterFigures(db, [good, {...good, value}], NOON), isCoded("figure_invalid"));
  await assert.rejects(enterFigures(db, [{...good, by: " \u200b "}], NOON), isCoded("usage"));
  assert.equal((await figuresOf(db, week)).size, 0);
  await enterFigures(db, [{...good, value: Number.MAX_SAFE_INTEGER}], NOON);
  assert.equal((await figuresOf(db, week)).get("mobile.urls")?.value, Number.MAX_SAFE_INTEGER);
});

test("what was entered can be neither changed nor removed, not even past the product", async () => {
  const {db} = database;
  await assert.rejects(sql`UPDATE figures SET value = 1`.execute(db), /never changed/);
  await assert.rejects(sql`DELETE FROM figures`.execute(db), /never changed/);
});

test("an infrastructure event counts in its days until it is withdrawn with a reason", async () => {
  const {db} = database;
  const event = {level: "II", reach: "province", title: {zh: "中断", en: "Outage"}, by: "值班员"} as const;
  const first = await addInfraEvent(db, {...event, day: "2023-02-20"}, NOON);
  const last = await addInfraEvent(db, {...event, day: "2023-02-26"}, NOON);
  await addInfraEvent(db, {...event, day: "2023-02-27"}, NOON);
  assert.match(first.id, /^IE-\d{6}$/);
  const days = {from: "2023-02-20", to: "2023-02-26"};
  assert.deepEqual(await infraEventsOf(db, days), [first, last]);
  await assert.rejects(withdrawInfraEvent(db, {id: last.id, reason: "", by: "陈"}, LATER), isCoded("usage"));
  await assert.rejects(
    withdrawInfraEvent(db, {id: "IE-999999", reason: "x", by: "陈"}, LATER),
    isCoded("infra_unknown"),
  );
  await withdrawInfraEvent(db, {id: last.id, reason: "重复", by: "陈"}, LATER);
  await withdrawInfraEvent(db, {id: last.id, reason: "again", by: "陈"}, LATER);
  assert.deepEqual(await infraEventsOf(db, days), [first]);
});

test("a rating by hand needs a reason, the newest holds, and it can be taken back", async () => {
  const {db} = database;
  const override = {week: WEEK, by: "陈"};
  assert.equal(await ratingOverrideOf(db, WEEK), null);
  await assert.rejects(
    overrideRating(db, {...override, grade: "良", reason: {zh: " ", en: null}}, NOON),
    isCoded("usage"),
  );
  await overrideRating(db, {...override, grade: "中", reason: {zh: null, en: "first"}}, NOON);
  await overrideRating(db, {...override, grade: "良", reason: {zh: "其二", en: "second"}}, LATER);
  assert.deepEqual(await ratingOverrideOf(db, WEEK), {
    ...override,
    grade: "良",
    reason: {zh: "其二", en: "second"},
    at: LATER.toISOString(),
  });
  await overrideRating(db, {...override, grade: null, reason: {zh: null, en: "by rule after all"}}, LATER);
  assert.equal(await ratingOverrideOf(db, WEEK), null);
});
