import {Temporal} from "temporal-polyfill";
import {WatchfloorError} from "../../model/errors.ts";
import {addDays, type Day, dayOf} from "../../model/week.ts";
import type {WorkingDays} from "./calendar.ts";

/** A part of a day that is worked, by the clock on the wall: minutes after midnight, the second one excluded. */
export interface WorkSpan {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** What working time is made of: which days, which hours of them, where. */
export interface WorkingTimeRule {
  readonly days: WorkingDays;
  /** Parts of the day in order, such as before and after lunch. */
  readonly spans: readonly WorkSpan[];
  /** IANA time zone of the hours. */
  readonly zone: string;
}

/** An instant that was counted in working time, and the years of the way to it for which no days off are known. */
export interface CountedTime {
  readonly at: Date;
  readonly yearsWithoutData: readonly number[];
}

/** Counts time while people work. */
export interface WorkingTime {
  /** Returns the first instant by which that many working hours have passed since `from`; `from` itself for 0. */
  readonly add: (from: Date, hours: number) => CountedTime;
  /** Returns the working hours from `a` to `b`; negative when b is before a. */
  readonly between: (a: Date, b: Date) => number;
}

/** Milliseconds of an hour. */
export const HOUR_MS = 3_600_000;
/** A calendar that has no working time in so many days is not right. */
const MOST_DAYS_OFF = 400;

/**
 * Returns the working time of a rule. What passes inside working hours is counted as it passes, so an hour that a clock
 * change skips is not counted and one that it repeats is counted twice. Times are exact to the millisecond.
 * `add` throws rules_invalid when the calendar has no working time for more than a year.
 */
export function workingTimeOf(rule: WorkingTimeRule): WorkingTime {
  // days are asked for again and again, and each costs several calendar calculations
  const known = new Map<Day, KnownDay>();
  const lookUp = (day: Day): KnownDay => {
    const found = known.get(day);
    if (found !== undefined) return found;
    const made = {spans: instantsOf(day, rule), unknownYear: rule.days.unknownYear(day), next: addDays(day, 1)};
    known.set(day, made);
    return made;
  };
  return {
    add: (from, hours) => addWorking({from: from.getTime(), rest: Math.round(hours * HOUR_MS), rule, lookUp}),
    between: (a, b) => (a <= b ? passed(a, b, {rule, lookUp}) : -passed(b, a, {rule, lookUp})) / HOUR_MS,
  };
}

/** Returns `hours` after `from` round the clock. */
export function addClockHours(from: Date, hours: number): CountedTime {
  return {at: new Date(from.getTime() + Math.round(hours * HOUR_MS)), yearsWithoutData: []};
}

/** A day as instants: its working parts, and the day after it. */
interface KnownDay {
  readonly spans: readonly [number, number][];
  readonly unknownYear: number | null;
  readonly next: Day;
}

interface Adding {
  readonly from: number;
  readonly rest: number;
  readonly rule: WorkingTimeRule;
  readonly lookUp: (day: Day) => KnownDay;
}

function addWorking({from, rest, rule, lookUp}: Adding): CountedTime {
  if (rest <= 0) return {at: new Date(from), yearsWithoutData: []};
  const years = new Set<number>();
  let left = rest;
  let off = 0;
  for (let day = dayOf(new Date(from), rule.zone); off <= MOST_DAYS_OFF; day = lookUp(day).next) {
    const {spans, unknownYear} = lookUp(day);
    if (unknownYear !== null) years.add(unknownYear);
    off += 1;
    for (const [start, end] of spans) {
      const begins = Math.max(start, from);
      if (end - begins >= left) return {at: new Date(begins + left), yearsWithoutData: [...years]};
      left -= Math.max(0, end - begins);
      off = 0;
    }
  }
  throw new WatchfloorError("rules_invalid", `the calendar ${rule.days.id} has no working time for more than a year`);
}

function passed(a: Date, b: Date, {rule, lookUp}: Pick<Adding, "rule" | "lookUp">): number {
  const last = dayOf(b, rule.zone);
  let sum = 0;
  for (let day = dayOf(a, rule.zone); day <= last; day = lookUp(day).next)
    for (const [start, end] of lookUp(day).spans)
      sum += Math.max(0, Math.min(end, b.getTime()) - Math.max(start, a.getTime()));
  return sum;
}

/** The working parts of a day as instants in order; where a clock change makes two parts meet they do not overlap. */
function instantsOf(day: Day, {days, spans, zone}: WorkingTimeRule): readonly [number, number][] {
  if (!days.isWorkingDay(day)) return [];
  const instants: [number, number][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const {fromMinute, toMinute} of spans) {
    const start = Math.max(before, instantOf(day, fromMinute, zone));
    const end = Math.max(start, instantOf(day, toMinute, zone));
    if (end > start) instants.push([start, end]);
    before = end;
  }
  return instants;
}

/** A time that a clock change skips is taken as much later as the clock was put forward. */
function instantOf(day: Day, minute: number, timeZone: string): number {
  const date = Temporal.PlainDate.from(day).add({days: Math.floor(minute / 1440)});
  const plainTime = new Temporal.PlainTime(Math.floor((minute % 1440) / 60), minute % 60);
  return date.toZonedDateTime({timeZone, plainTime}).epochMilliseconds;
}
