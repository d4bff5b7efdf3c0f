import {Temporal} from "temporal-polyfill";
import {calendarSchema, WEEKDAYS, type WorkCalendar} from "../../model/cases/calendar.ts";
import type {Day} from "../../model/week.ts";
import {type RuleFile, readRuleFile} from "../rule-file.ts";

/** Which days are worked on. */
export interface WorkingDays {
  readonly id: string;
  /** Returns whether people work on that day. */
  readonly isWorkingDay: (day: Day) => boolean;
  /** Returns the year of the day when nothing was announced for it, so that only its weekends are off; else null. */
  readonly unknownYear: (day: Day) => number | null;
}

/** Reads a calendar file. Throws rules_invalid with file, line and key. */
export function readCalendar(file: RuleFile): WorkCalendar {
  return readRuleFile(calendarSchema, file);
}

/** Returns the working days of a calendar. A day that two years announce, such as 31 December, is as the later one says. */
export function workingDaysOf(calendar: WorkCalendar): WorkingDays {
  const stated = new Map<Day, boolean>();
  for (const year of Object.keys(calendar.years).sort()) {
    const {off = [], work = []} = calendar.years[year] ?? {};
    for (const {from, to} of off) for (const day of daysBetween(from, to)) stated.set(day, false);
    for (const day of work) stated.set(day, true);
  }
  const weekend = new Set<string>(calendar.weekend);
  return {
    id: calendar.id,
    isWorkingDay: (day) =>
      stated.get(day) ?? !weekend.has(WEEKDAYS[Temporal.PlainDate.from(day).dayOfWeek - 1] ?? "monday"),
    unknownYear: (day) => {
      const year = day.slice(0, 4);
      return calendar.isYearly && !stated.has(day) && !Object.hasOwn(calendar.years, year) ? Number(year) : null;
    },
  };
}

function daysBetween(from: Day, to: Day): Day[] {
  const days: Day[] = [];
  for (let day = from; day <= to; day = Temporal.PlainDate.from(day).add({days: 1}).toString()) days.push(day);
  return days;
}
