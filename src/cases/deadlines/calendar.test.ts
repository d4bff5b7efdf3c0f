import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {WatchfloorError} from "../../model/errors.ts";
import {addDays} from "../../model/week.ts";
import {readCalendar, workingDaysOf} from "./calendar.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../../profiles/calendars");
const shipped = (id: string) =>
  readCalendar({name: `${id}.yaml`, text: readFileSync(path.join(FOLDER, `${id}.yaml`), "utf8")});
const cn = workingDaysOf(shipped("cn"));

const daysOf = (year: number): string[] => {
  const days: string[] = [];
  for (let day = `${year}-01-01`; day.startsWith(String(year)); day = addDays(day, 1)) days.push(day);
  return days;
};
const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

test("in China a Sunday before Spring Festival is worked on, and the days of the festival are off", () => {
  assert.equal(cn.isWorkingDay("2023-01-20"), true);
  assert.equal(cn.isWorkingDay("2023-01-21"), false);
  assert.equal(cn.isWorkingDay("2023-01-27"), false);
  assert.equal(cn.isWorkingDay("2023-01-28"), true, "a Saturday that is worked");
  assert.equal(cn.isWorkingDay("2025-01-26"), true, "a Sunday that is worked");
  assert.equal(cn.isWorkingDay("2026-02-14"), true);
  assert.equal(cn.isWorkingDay("2026-02-23"), false);
  assert.equal(cn.isWorkingDay("2024-02-09"), true, "New Year's Eve 2024 was recommended to be off, not off");
});

test("exchanging days neither gives nor takes any: a year has all its days but weekends and the days that the law gives", () => {
  // 11 days by 全国年节及纪念日放假办法, 13 since 2025; counted without the announcements
  for (const [year, given] of [
    [2023, 11],
    [2024, 11],
    [2025, 13],
    [2026, 13],
  ] as const) {
    const weekdays = daysOf(year).filter((day) => weekdayOf(day) % 6 !== 0).length;
    assert.equal(daysOf(year).filter(cn.isWorkingDay).length, weekdays - given, String(year));
  }
});

test("a day worked in exchange is a Saturday or Sunday, and each holiday has a day that is no weekend day or shares one", () => {
  for (const {work, off} of Object.values(shipped("cn").years)) {
    assert.deepEqual(
      work.filter((day) => weekdayOf(day) % 6 !== 0),
      [],
    );
    // people get as many days of the week off as the law gives, the rest is exchanged: never more worked than given
    const weekdaysOff = off.flatMap(({from, to}) => {
      const days: string[] = [];
      for (let day = from; day <= to; day = addDays(day, 1)) if (weekdayOf(day) % 6 !== 0) days.push(day);
      return days;
    });
    assert.ok(work.length < weekdaysOff.length);
  }
});

test("a year that was not announced has its weekends only, and says so", () => {
  assert.equal(cn.isWorkingDay("2027-10-01"), true);
  assert.equal(cn.isWorkingDay("2027-10-02"), false);
  assert.equal(cn.unknownYear("2027-10-01"), 2027);
  assert.equal(cn.unknownYear("2026-10-01"), null);
  assert.equal(cn.unknownYear("2022-12-31"), null, "the announcement for 2023 takes in this day");
  assert.equal(cn.unknownYear("2022-12-30"), 2022);
});

test("without days off every day is worked, and no year is unknown", () => {
  const none = workingDaysOf(shipped("none"));
  assert.ok(daysOf(2027).every(none.isWorkingDay));
  assert.equal(none.unknownYear("2031-01-01"), null);
});

test("a calendar that is not right is refused with file, line and key", () => {
  const head = "id: x\ntitle: {zh: x, en: x}\nweekend: [saturday]\nisYearly: true\n";
  const refused = (text: string): string => {
    try {
      readCalendar({name: "calendars/x.yaml", text});
    } catch (error) {
      assert.ok(error instanceof WatchfloorError);
      assert.equal(error.code, "rules_invalid");
      return error.message;
    }
    return assert.fail("was taken");
  };
  const year = (off: string, work = "[]"): string =>
    `${head}years:\n  2023:\n    source: x\n    off:\n      - ${off}\n    work: ${work}\n`;
  assert.match(refused(year("{from: 2023-02-30, to: 2023-03-01, zh: x, en: x}")), /calendars\/x\.yaml:9 .*is no day/);
  assert.match(refused(year("{from: 2023-03-02, to: 2023-03-01, zh: x, en: x}")), /x\.yaml:9 .*ends before it begins/);
  assert.match(refused(year("{from: 2032-03-01, to: 2032-03-01, zh: x, en: x}")), /is not in 2023/);
  assert.match(
    refused(year("{from: 2023-03-01, to: 2023-03-01, zh: x, en: x}", "[2023-03-01]")),
    /x\.yaml:10 .*is off as well/,
  );
  assert.match(refused(`${head}years: {}\nholiday: []\n`), /x\.yaml:6 "holiday" is not known/);
  assert.match(refused("id: x\n\ttitle: y"), /x\.yaml:2/);
  assert.match(refused("id: x"), /"title" is missing/);
});
