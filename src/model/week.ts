import {Temporal} from "temporal-polyfill";
import {WatchfloorError} from "./errors.ts";

/** A calendar day in the constituency's time zone, such as `2023-02-20`. */
export type Day = string;

/**
 * A week of the constituency: Monday 00:00 to Sunday 24:00 in its time zone.
 * `from` and `to` are its Monday and Sunday; `startsAt` is inside the week, `endsAt` is the first instant after it.
 * Source: BULLETIN.md rule 1. The week is named by its Monday.
 */
export interface Week {
  readonly from: Day;
  readonly to: Day;
  readonly zone: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Returns the day in `zone` on which the instant `at` falls. */
export function dayOf(at: Date, zone: string): Day {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** Returns the instant as the clocks of `zone` show it, with their offset: `2023-02-20T08:00:00+08:00`. */
export function localTime(at: Date, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
  return local.toString({smallestUnit: "second", timeZoneName: "never"});
}

/** Returns the first instant of `day` in `zone`; where midnight is skipped by a clock change, the first that exists. */
export function startOfDay(day: Day, zone: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds);
}

/** Returns the instant at which the clocks of `zone` show `time` (`06:30`) on `day`; a skipped time is as much later. */
export function instantAt(day: Day, time: string, zone: string): Date {
  const local = Temporal.PlainDate.from(day).toZonedDateTime({
    timeZone: zone,
    plainTime: Temporal.PlainTime.from(time),
  });
  return new Date(local.epochMilliseconds);
}

/** Returns the day of the week, 1 for Monday to 7. */
export function weekdayOf(day: Day): number {
  return Temporal.PlainDate.from(day).dayOfWeek;
}

/** Returns the day `days` after `day`; negative goes back. */
export function addDays(day: Day, days: number): Day {
  return Temporal.PlainDate.from(day).add({days}).toString();
}

/** Returns the week that holds the day. */
export function weekOfDay(day: Day, zone: string): Week {
  const date = Temporal.PlainDate.from(day);
  return weekFrom(date.subtract({days: date.dayOfWeek - 1}), zone);
}

/**
 * Returns the week of that name, its Monday.
 * Throws week_invalid when the text is no date or no Monday; the message names the Monday that was probably meant.
 */
export function weekNamed(name: string, zone: string): Week {
  let date: Temporal.PlainDate;
  try {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(name)) throw new RangeError("not a date");
    date = Temporal.PlainDate.from(name, {overflow: "reject"});
  } catch (cause) {
    throw new WatchfloorError("week_invalid", `"${name}" is no date of the form YYYY-MM-DD`, cause);
  }
  if (date.dayOfWeek !== 1) {
    const monday = date.subtract({days: date.dayOfWeek - 1}).toString();
    throw new WatchfloorError("week_invalid", `${name} is no Monday; its week is ${monday}`);
  }
  return weekFrom(date, zone);
}

/** Returns the week before. */
export function weekBefore(week: Week): Week {
  return weekFrom(Temporal.PlainDate.from(week.from).subtract({days: 7}), week.zone);
}

/** Returns the seven days of the week, Monday first. */
export function daysOf(week: Week): Day[] {
  const monday = Temporal.PlainDate.from(week.from);
  return [0, 1, 2, 3, 4, 5, 6].map((days) => monday.add({days}).toString());
}

function weekFrom(monday: Temporal.PlainDate, zone: string): Week {
  const from = monday.toString();
  const next = monday.add({days: 7}).toString();
  return {
    from,
    to: monday.add({days: 6}).toString(),
    zone,
    startsAt: startOfDay(from, zone),
    endsAt: startOfDay(next, zone),
  };
}
