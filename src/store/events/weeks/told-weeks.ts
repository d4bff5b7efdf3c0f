import {type Day, weekOfDay} from "../../../model/week.ts";
import type {Commit} from "../commits.ts";

/** A first week with a smaller share of what is usual in the report's weeks was not looked at: these are late events. */
const LATE_SHARE = 0.2;

/** What of a commit says it. */
export type ToldBy = Pick<Commit, "files" | "zone" | "events" | "rejects">;

/**
 * Returns the Mondays of the weeks that a report tells of. A report of one week often has a few late events of the week
 * before; they are counted there, but they do not mean that its feed looked at that week. So the first weeks drop out as
 * long as they have less than a fifth of the events of the middle one. A report of which nothing could be read tells of none:
 * its provider changed something, and nobody knows what it said.
 */
export function toldWeeks({files, zone, events, rejects}: ToldBy): ReadonlySet<Day> {
  if (events === 0 && rejects > 0) return new Set();
  const rows = new Map<Day, number>();
  for (const file of files) {
    const {from} = weekOfDay(file.day, zone);
    rows.set(from, (rows.get(from) ?? 0) + file.rows);
  }
  const weeks = [...rows].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const usual = middle(weeks.map(([, count]) => count));
  const first = weeks.findIndex(([, count]) => count >= usual * LATE_SHARE);
  return new Set(weeks.slice(Math.max(first, 0)).map(([week]) => week));
}

/** The larger of the two in the middle: of two weeks the fuller one is the usual. */
function middle(counts: readonly number[]): number {
  return counts.toSorted((a, b) => a - b)[counts.length >> 1] ?? 0;
}
