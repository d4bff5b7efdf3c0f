import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {WatchfloorError} from "./errors.ts";
import {addDays, dayOf, daysOf, type Week, weekBefore, weekNamed, weekOfDay} from "./week.ts";

const ZONES = ["Asia/Shanghai", "UTC", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"];
const DAY_MS = 86_400_000;

/** Monday of a day by plain arithmetic: an implementation that shares nothing with ours. */
function mondayOf(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  const sinceMonday = (new Date(at).getUTCDay() + 6) % 7;
  return new Date(at - sinceMonday * DAY_MS).toISOString().slice(0, 10);
}

test("every day from 2004 to 2060 lies in the week that plain arithmetic says, whatever the zone", () => {
  let days = 0;
  for (let at = Date.UTC(2004, 0, 1); at <= Date.UTC(2060, 11, 31); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    const zone = ZONES[days % ZONES.length] ?? "UTC";
    const week = weekOfDay(day, zone);
    assert.equal(week.from, mondayOf(day), day);
    assert.equal(week.to, addDays(week.from, 6));
    days += 1;
  }
  assert.equal(days, 20_820);
});

test("a week begins when its Monday begins in its zone and ends when the next one does, through every clock change", () => {
  for (const zone of ZONES) {
    for (let year = 2004; year <= 2060; year += 1) {
      for (const start of [`${year}-03-08`, `${year}-04-02`, `${year}-10-28`, `${year}-11-03`, `${year}-12-30`]) {
        const week = weekOfDay(start, zone);
        assert.equal(dayOf(week.startsAt, zone), week.from, `${zone} ${week.from}`);
        assert.equal(dayOf(new Date(week.endsAt.getTime() - 1), zone), week.to, `${zone} ${week.to}`);
        assert.notEqual(dayOf(new Date(week.startsAt.getTime() - 1), zone), week.from);
      }
    }
  }
});

test("China's summer time of 1986 to 1991 is known: a week with the change is an hour shorter or longer", () => {
  const hours = ({startsAt, endsAt}: Week): number => (endsAt.getTime() - startsAt.getTime()) / 3_600_000;
  const shortWeeks = ["1986-04-28", "1987-04-06", "1988-04-11"].map((day) => hours(weekNamed(day, "Asia/Shanghai")));
  assert.deepEqual(shortWeeks, [167, 167, 167]);
  assert.equal(hours(weekNamed("2023-02-20", "Asia/Shanghai")), 168);
});

test("a Sunday evening in UTC is already the next week for a constituency at UTC+8", () => {
  const at = new Date("2023-02-26T16:00:00Z");
  assert.equal(dayOf(at, "UTC"), "2023-02-26");
  assert.equal(dayOf(at, "Asia/Shanghai"), "2023-02-27");
  assert.equal(weekOfDay(dayOf(at, "Asia/Shanghai"), "Asia/Shanghai").from, "2023-02-27");
});

test("the week that holds 1 January 2027 begins on 28 December 2026", () => {
  assert.equal(weekOfDay("2027-01-01", "Asia/Shanghai").from, "2026-12-28");
  assert.deepEqual(daysOf(weekNamed("2026-12-28", "Asia/Shanghai")).at(-1), "2027-01-03");
});

test("what is no Monday is refused, and the Monday that was meant is named", () => {
  const refusal = (name: string): string => {
    try {
      weekNamed(name, "Asia/Shanghai");
      return "taken";
    } catch (error) {
      assert.ok(error instanceof WatchfloorError && error.code === "week_invalid");
      return error.message;
    }
  };
  assert.match(refusal("2023-02-22"), /its week is 2023-02-20/);
  for (const name of ["2023-02-30", "20230220", "2023-W08", "2023-2-20", "", "yesterday", "2023-02-20T00:00:00Z"]) {
    assert.match(refusal(name), /no date of the form YYYY-MM-DD/, name);
  }
});

test("the week before the week after is the week itself, and weeks leave no gap", () => {
  const monday = fc.integer({min: 0, max: 3000}).map((weeks) => addDays("2004-01-05", weeks * 7));
  fc.assert(
    fc.property(monday, fc.constantFrom(...ZONES), (name, zone) => {
      const week = weekNamed(name, zone);
      const before = weekBefore(week);
      assert.equal(before.endsAt.getTime(), week.startsAt.getTime());
      assert.equal(weekBefore(weekNamed(addDays(name, 7), zone)).from, name);
    }),
  );
});
