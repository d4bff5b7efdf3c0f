import {addDays, type Day, startOfDay} from "../../model/week.ts";

/** Zone of the sample's weeks. */
export const SAMPLE_ZONE = "Asia/Shanghai";
/** Every feed of the sample is called so, for its name stands in explanations and method notes. */
export const SYNTHETIC = "synthetic-";

/** A made-up report, as a provider would send it. */
export interface SampleReport {
  readonly feed: string;
  readonly fileName: string;
  readonly fetchedAt: Date;
  readonly text: string;
}

const DAY_SECONDS = 24 * 3600;
/** Seconds of a week; the zone of the sample has no clock changes. */
export const WEEK_SECONDS = 7 * DAY_SECONDS;
const DELIVERED_HOUR = 6;

/** Returns what gives the UTC time so many seconds into the week, as providers write it: `2026-11-09 04:05:06`. */
export function clockOf(monday: Day): (seconds: number) => string {
  return clockFrom(startOfDay(monday, SAMPLE_ZONE));
}

/** Returns the same in the zone of the sample, as lists write it that are read in the zone of the data folder. */
export function localClockOf(monday: Day): (seconds: number) => string {
  return clockFrom(startOfDay(monday, "UTC"));
}

function clockFrom(start: Date): (seconds: number) => string {
  return (seconds) => new Date(start.getTime() + seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}

/** Returns the day of the week, 0 for Monday, of so many seconds into it. */
export function dayIn(seconds: number): number {
  return Math.floor(seconds / DAY_SECONDS);
}

/** Returns when the report of a day comes: early on the next morning. Day 6 is Sunday, the end of the week. */
export function deliveredAfter(monday: Day, day: number): Date {
  return new Date(startOfDay(addDays(monday, day + 1), SAMPLE_ZONE).getTime() + DELIVERED_HOUR * 3600 * 1000);
}

/** Returns a CSV text; columns that a row does not name stay empty. */
export function csvText(columns: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string {
  const lines = rows.map((row) => columns.map((column) => quoted(row[column] ?? "")).join(","));
  return [columns.join(","), ...lines, ""].join("\n");
}

function quoted(value: string): string {
  return value === "" ? "" : `"${value.replaceAll('"', '""')}"`;
}
