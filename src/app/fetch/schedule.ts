/** When a feed is due, by the time that is handed in. */
import {addDays, dayOf, instantAt, weekdayOf} from "../../model/week.ts";
import type {Every} from "./schema.ts";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MINUTE_MS = 60_000;
const WEEK_SECONDS = 7 * 24 * 60 * 60;

interface LocalTimes {
  /** 1 for Monday to 7. */
  readonly weekdays: ReadonlySet<number>;
  /** `06:30`, sorted. */
  readonly times: readonly string[];
}

/** Returns when the feed is to be fetched next; at once (`now`) when it never was, or `last` lies ahead. */
export function nextFetchAt(
  every: Every,
  last: Date | null,
  {now, zone}: {readonly now: Date; readonly zone: string},
): Date {
  if (last === null || last > now) return now;
  if (typeof every === "number") return new Date(last.getTime() + every * MINUTE_MS);
  const {weekdays, times} = localTimes(every);
  const first = dayOf(last, zone);
  for (let days = 0; days <= 8; days++) {
    const day = addDays(first, days);
    if (!weekdays.has(weekdayOf(day))) continue;
    const next = times.map((time) => instantAt(day, time, zone)).find((at) => at > last);
    if (next !== undefined) return next;
  }
  return now; // a schedule names at least one time a week
}

/** Returns the usual seconds between two fetches. */
export function periodSeconds(every: Every): number {
  if (typeof every === "number") return every * 60;
  const {weekdays, times} = localTimes(every);
  return WEEK_SECONDS / (weekdays.size * times.length);
}

function localTimes(every: string): LocalTimes {
  const parts = every.split(" ");
  const times = (parts.at(-1) ?? "").split(",").toSorted();
  return {times, weekdays: parts.length === 1 ? daysBetween(1, 7) : weekdaysOf(parts[0] ?? "")};
}

function weekdaysOf(text: string): ReadonlySet<number> {
  const numbers = text.split(/[-,]/).map((name) => WEEKDAYS.indexOf(name) + 1);
  const [from = 1, to = 7] = numbers;
  return text.includes("-") ? daysBetween(from, to) : new Set(numbers);
}

/** Fri-Mon goes over the weekend. */
function daysBetween(from: number, to: number): ReadonlySet<number> {
  const count = ((to - from + 7) % 7) + 1;
  return new Set(Array.from({length: count}, (_, index) => ((from - 1 + index) % 7) + 1));
}
