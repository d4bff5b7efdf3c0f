import {Temporal} from "temporal-polyfill";

/** How often each part may be written: its pattern, and which part of the time it is. */
const PARTS: Readonly<Record<string, readonly [string, "year" | "month" | "day" | "hour" | "minute" | "second"]>> = {
  yyyy: ["(\\d{4})", "year"],
  MM: ["(\\d{2})", "month"],
  M: ["(\\d{1,2})", "month"],
  dd: ["(\\d{2})", "day"],
  d: ["(\\d{1,2})", "day"],
  HH: ["(\\d{2})", "hour"],
  H: ["(\\d{1,2})", "hour"],
  mm: ["(\\d{2})", "minute"],
  m: ["(\\d{1,2})", "minute"],
  ss: ["(\\d{2})", "second"],
  s: ["(\\d{1,2})", "second"],
};
const PART = /yyyy|MM|M|dd|d|HH|H|mm|m|ss|s/g;

/** Reads a text as a time; null when it cannot be read. */
export type TimeReader = (text: string) => Date | null;

/**
 * Returns a reader of times of one form, see `timeFormat` of a mapping. Times without an offset are meant in `zone`; the
 * one that a clock change repeats is the first. "iso" takes a day, a day and time, with or without an offset.
 */
export function timeReader(format: string, zone: string): TimeReader {
  if (format === "iso") return (text) => isoTime(text.trim(), zone);
  const names: ("year" | "month" | "day" | "hour" | "minute" | "second")[] = [];
  let pattern = "";
  let end = 0;
  for (const found of format.matchAll(PART)) {
    const [expression, name] = PARTS[found[0]] ?? ["", "year"];
    pattern += escapeText(format.slice(end, found.index)) + expression;
    names.push(name);
    end = found.index + found[0].length;
  }
  const whole = new RegExp(`^${pattern}${escapeText(format.slice(end))}$`);
  return (text) => {
    const parts = whole.exec(text.trim());
    if (parts === null) return null;
    const fields = {year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0};
    names.forEach((name, at) => {
      fields[name] = Number(parts[at + 1]);
    });
    return orNull(
      () => Temporal.PlainDateTime.from(fields, {overflow: "reject"}).toZonedDateTime(zone).epochMilliseconds,
    );
  };
}

function isoTime(text: string, zone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  if (/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) && text.length > 10)
    return orNull(() => Temporal.Instant.from(text.replace(" ", "T")).epochMilliseconds);
  return orNull(
    () =>
      Temporal.PlainDateTime.from(text.replace(" ", "T"), {overflow: "reject"}).toZonedDateTime(zone).epochMilliseconds,
  );
}

function orNull(read: () => number): Date | null {
  try {
    return new Date(read());
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
