/** The title of an edition and its parts, in one language. */
import type {Day} from "../model/week.ts";
import type {WeekDays} from "./edition-input.ts";
import type {Issue} from "./numbering.ts";
import type {Text} from "./text/zh.ts";

/** A title and its parts; a part that is not known is empty. */
export interface Title {
  readonly full: string;
  readonly issue: string;
  readonly period: string;
}

/** Returns the title: 网络安全信息与动态周报2023年第9期（2月20日-2月26日）. Years are in the period across New Year only. */
export function titleOf(text: Text, series: string, edition: {issue: Issue | null; week: WeekDays | null}): Title {
  const issue = edition.issue === null ? "" : text.title.issue(edition.issue.year, edition.issue.number);
  const period = edition.week === null ? "" : text.title.period(partsOf(edition.week.from), partsOf(edition.week.to));
  return {full: text.title.full(series, issue, period), issue, period};
}

/** Returns a day in words: 2023年3月4日, "4 March 2023". */
export function dayText(text: Text, day: Day): string {
  return text.title.date(partsOf(day));
}

function partsOf(day: Day): number[] {
  return day.split("-").map(Number);
}
