/**
 * Which issue a week is, and which five issues come before it. CNCERT's issue 1 is the Monday-Sunday week that holds
 * 1 January; other bulletins count otherwise, so the policy is a setting and a person may override any week.
 * Source: BULLETIN.md a5 (holds for all 82 dated issues; 30 of 84 titles differ from ISO 8601).
 */
import {Temporal} from "temporal-polyfill";
import type {Day} from "../model/week.ts";

/** The number of an edition within its year. */
export interface Issue {
  readonly year: number;
  readonly number: number;
}

/** How issues are counted, and what a person set otherwise: by Monday; null is a week without an issue of its own. */
export interface Numbering {
  readonly policy: "holds-1-january" | "first-full-week" | "iso-8601";
  readonly overrides: Readonly<Record<Day, Issue | null>>;
}

/** A week with its issue. */
export interface NumberedWeek {
  readonly issue: Issue;
  readonly week: {readonly from: Day; readonly to: Day};
}

const REVIEWED = 5;
/** Holidays merge two or three weeks at most; the walk back stops well after that. */
const LONGEST_WALK = 30;

/** Returns the issue of the week of that Monday; null when a person set that it has none. */
export function issueOf(monday: Day, numbering: Numbering): Issue | null {
  const override = numbering.overrides[monday];
  return override === undefined ? issueByPolicy(monday, numbering.policy) : override;
}

/** Returns the days of the week that carries that issue by the policy; overrides are not searched. */
export function weekOfIssue(issue: Issue, policy: Numbering["policy"]): {from: Day; to: Day} {
  const monday = firstMonday(issue.year, policy).add({weeks: issue.number - 1});
  return {from: monday.toString(), to: monday.add({days: 6}).toString()};
}

/** Returns the five issues before the week of that Monday, newest first. */
export function issuesBefore(monday: Day, numbering: Numbering): NumberedWeek[] {
  const found: NumberedWeek[] = [];
  let day = Temporal.PlainDate.from(monday);
  for (let step = 0; step < LONGEST_WALK && found.length < REVIEWED; step += 1) {
    day = day.subtract({days: 7});
    const issue = issueOf(day.toString(), numbering);
    if (issue) found.push({issue, week: {from: day.toString(), to: day.add({days: 6}).toString()}});
  }
  return found;
}

function issueByPolicy(monday: Day, policy: Numbering["policy"]): Issue {
  const date = Temporal.PlainDate.from(monday);
  const yearAfter = date.year + 1;
  const year =
    Temporal.PlainDate.compare(date, firstMonday(yearAfter, policy)) >= 0
      ? yearAfter
      : Temporal.PlainDate.compare(date, firstMonday(date.year, policy)) >= 0
        ? date.year
        : date.year - 1;
  const days = firstMonday(year, policy).until(date, {largestUnit: "days"}).days;
  return {year, number: days / 7 + 1};
}

/** Returns the Monday of issue 1. Whichever day must lie in week 1 fixes it: 1 January, 7 January or 4 January. */
function firstMonday(year: number, policy: Numbering["policy"]): Temporal.PlainDate {
  const inFirstWeek = {"holds-1-january": 1, "first-full-week": 7, "iso-8601": 4}[policy];
  const date = Temporal.PlainDate.from({year, month: 1, day: inFirstWeek});
  return date.subtract({days: date.dayOfWeek - 1});
}
