import type {CaseRules} from "../model/cases/case-rules.ts";
import type {DeadlineTable} from "../model/cases/deadlines.ts";
import {WatchfloorError} from "../model/errors.ts";
import type {WorkingHours} from "../model/party.ts";
import {readCalendar, type WorkingDays, workingDaysOf} from "./deadlines/calendar.ts";
import {readDeadlines} from "./deadlines/table.ts";
import {type WorkingTime, workingTimeOf} from "./deadlines/working-time.ts";
import {readCaseRules} from "./opening/rules.ts";
import type {RuleFile} from "./rule-file.ts";

/** What a desk works its cases by. */
export interface DeskRules {
  readonly rules: CaseRules;
  readonly deadlines: DeadlineTable;
  readonly workingTime: WorkingTime;
  /** Tells whether a contact with these hours is at work; one whose calendar there is not works on the days that we work. */
  readonly isOpen: (hours: WorkingHours, at: Date) => boolean;
}

/** The files of the rules, of the site or as they come with the product. */
export interface DeskFiles {
  readonly cases: RuleFile;
  readonly deadlines: RuleFile;
  /** Returns the file of a calendar by its name; throws when there is none. */
  readonly calendar: (name: string) => RuleFile;
}

/** Reads what a desk in `zone` works its cases by. Throws rules_invalid with file, line and key. */
export function readDeskRules(files: DeskFiles, zone: string): DeskRules {
  const deadlines = readDeadlines(files.deadlines);
  const days = workingDaysOf(readCalendar(files.calendar(deadlines.calendar)));
  return {
    rules: readCaseRules(files.cases),
    deadlines,
    workingTime: workingTimeOf({days, spans: deadlines.hours, zone}),
    isOpen: openingHours(files, {days, zone}),
  };
}

const MINUTE_MS = 60_000;

function openingHours(files: DeskFiles, own: {days: WorkingDays; zone: string}): DeskRules["isOpen"] {
  const known = new Map<string, WorkingTime>();
  const timeOf = (hours: WorkingHours): WorkingTime => {
    const key = JSON.stringify(hours);
    const found = known.get(key);
    if (found !== undefined) return found;
    const spans = [{fromMinute: minuteOf(hours.from), toMinute: minuteOf(hours.to)}];
    const made = workingTimeOf({days: daysOf(files, hours.calendar) ?? own.days, spans, zone: hours.zone ?? own.zone});
    known.set(key, made);
    return made;
  };
  return (hours, at) => timeOf(hours).between(at, new Date(at.getTime() + MINUTE_MS)) > 0;
}

/** Contacts come from lists of others: a calendar that is not there must not keep anybody from being told. */
function daysOf({calendar}: DeskFiles, name: string): WorkingDays | null {
  try {
    return workingDaysOf(readCalendar(calendar(name)));
  } catch (error) {
    if (error instanceof WatchfloorError && error.code === "rules_invalid") return null;
    throw error;
  }
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}
