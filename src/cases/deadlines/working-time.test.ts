import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import {dayOf} from "../../model/week.ts";
import {readCalendar, workingDaysOf} from "./calendar.ts";
import {addClockHours, type WorkSpan, workingTimeOf} from "./working-time.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../../profiles/calendars");
const daysOf = (id: string) =>
  workingDaysOf(readCalendar({name: id, text: readFileSync(path.join(FOLDER, `${id}.yaml`), "utf8")}));
const OFFICE: WorkSpan[] = [
  {fromMinute: 540, toMinute: 720},
  {fromMinute: 810, toMinute: 1050},
];
const ALL_DAY: WorkSpan[] = [{fromMinute: 0, toMinute: 1440}];
const beijing = workingTimeOf({days: daysOf("cn"), spans: OFFICE, zone: "Asia/Shanghai"});
const at = (text: string): Date => new Date(text);

test("a working day of seven hours with lunch ends at half past five", () => {
  assert.deepEqual(beijing.add(at("2023-02-20T09:00+08:00"), 7).at, at("2023-02-20T17:30+08:00"));
  assert.deepEqual(beijing.add(at("2023-02-20T11:00+08:00"), 2).at, at("2023-02-20T14:30+08:00"));
  assert.deepEqual(beijing.add(at("2023-02-20T12:30+08:00"), 1).at, at("2023-02-20T14:30+08:00"), "told at lunch");
});

test("a notice of the evening before Spring Festival is due after it, on the Saturday that is worked", () => {
  assert.deepEqual(beijing.add(at("2023-01-20T17:00+08:00"), 1).at, at("2023-01-28T09:30+08:00"));
});

test("a time that touches a year without data says which", () => {
  assert.deepEqual(beijing.add(at("2026-12-31T17:00+08:00"), 1), {
    at: at("2027-01-01T09:30+08:00"),
    yearsWithoutData: [2027],
  });
  assert.deepEqual(beijing.add(at("2026-06-01T09:00+08:00"), 1).yearsWithoutData, []);
});

test("an hour that the clocks skip does not count, and one that they repeat counts twice", () => {
  const berlin = workingTimeOf({days: daysOf("none"), spans: ALL_DAY, zone: "Europe/Berlin"});
  assert.equal(berlin.between(at("2023-03-26T00:00+01:00"), at("2023-03-27T00:00+02:00")), 23);
  assert.equal(berlin.between(at("2023-10-29T00:00+02:00"), at("2023-10-30T00:00+01:00")), 25);
  const early = workingTimeOf({days: daysOf("none"), spans: [{fromMinute: 60, toMinute: 240}], zone: "Europe/Berlin"});
  assert.equal(
    early.between(at("2023-03-26T00:00+01:00"), at("2023-03-27T00:00+02:00")),
    2,
    "01:00-04:00 without 02:00",
  );
  assert.equal(early.between(at("2023-10-29T00:00+02:00"), at("2023-10-30T00:00+01:00")), 4);
  const skipped = workingTimeOf({
    days: daysOf("none"),
    spans: [
      {fromMinute: 120, toMinute: 150},
      {fromMinute: 180, toMinute: 210},
    ],
    zone: "Europe/Berlin",
  });
  assert.equal(
    skipped.between(at("2023-03-26T00:00+01:00"), at("2023-03-27T00:00+02:00")),
    0.5,
    "parts that fall together count once",
  );
});

test("round the clock is the clock on the wall", () => {
  assert.deepEqual(addClockHours(at("2023-01-21T00:00Z"), 1.5).at, at("2023-01-21T01:30Z"));
});

const zones = [
  "Asia/Shanghai",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Asia/Kathmandu",
];
const times = [...new Set([...zones])].flatMap((zone) =>
  (["cn", "none"] as const).flatMap((id) =>
    [OFFICE, ALL_DAY].map((spans) => workingTimeOf({days: daysOf(id), spans, zone})),
  ),
);
const instant = fc.date({min: at("2022-11-01T00:00Z"), max: at("2026-12-01T00:00Z"), noInvalidDate: true});
const hours = fc.integer({min: 0, max: 200 * 60}).map((minutes) => minutes / 60);
const clock = fc.constantFrom(...times);

test("between is the inverse of add in every zone and calendar, and the instant is the first one", () => {
  fc.assert(
    fc.property(clock, instant, hours, (time, from, span) => {
      const due = time.add(from, span).at;
      assert.ok(Math.abs(time.between(from, due) - span) < 1e-6);
      assert.ok(span === 0 || time.between(from, new Date(due.getTime() - 1)) < span);
    }),
    {numRuns: 400},
  );
});

test("working time adds up: a to b and b to c is a to c, backwards is negative, and it is never more than the clock", () => {
  fc.assert(
    fc.property(
      clock,
      instant,
      fc.integer({min: 0, max: 40 * 24}),
      fc.integer({min: 0, max: 40 * 24}),
      (time, a, x, y) => {
        const b = addClockHours(a, x).at;
        const c = addClockHours(b, y).at;
        assert.ok(Math.abs(time.between(a, b) + time.between(b, c) - time.between(a, c)) < 1e-6);
        assert.equal(time.between(c, a), -time.between(a, c));
        assert.ok(time.between(a, c) <= x + y + 1e-9);
      },
    ),
    {numRuns: 300},
  );
});

test("more hours are never due earlier, and a later start never makes it due earlier", () => {
  fc.assert(
    fc.property(clock, instant, hours, hours, (time, from, first, second) => {
      const [less, more] = [Math.min(first, second), Math.max(first, second)];
      assert.ok(time.add(from, less).at <= time.add(from, more).at);
      assert.ok(time.add(from, more).at <= time.add(addClockHours(from, 5).at, more).at);
    }),
    {numRuns: 300},
  );
});

test("a deadline that is due on a day off does not exist: due times lie in working hours", () => {
  const days = daysOf("cn");
  fc.assert(
    fc.property(
      instant,
      hours.filter((each) => each > 0),
      (from, span) => {
        const due = beijing.add(from, span).at;
        assert.ok(days.isWorkingDay(dayOf(new Date(due.getTime() - 1), "Asia/Shanghai")));
      },
    ),
    {numRuns: 200},
  );
});

test("a calendar without any working day is refused instead of counting for ever", () => {
  const never = workingTimeOf({
    days: {id: "never", isWorkingDay: () => false, unknownYear: () => null},
    spans: OFFICE,
    zone: "UTC",
  });
  assert.throws(() => never.add(at("2023-01-01T00:00Z"), 1), /rules.*never has no working time/s);
});
