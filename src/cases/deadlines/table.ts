import {SEVERITIES, type Severity} from "../../model/cases/case.ts";
import {isOfClass} from "../../model/cases/case-words.ts";
import {type Deadline, type DeadlineRow, type DeadlineTable, deadlineTableSchema} from "../../model/cases/deadlines.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";
import {type RuleFile, readRuleFile} from "../rule-file.ts";

/** What a deadline is looked up by. */
export interface DeadlineQuery {
  readonly class: string;
  readonly severity: Severity;
  readonly partyKind: string;
  /** The name that the case's rule gives; null when it gives none. */
  readonly name: string | null;
}

/** The deadline that holds, and its row in the table, 1 for the first. */
export interface ChosenDeadline {
  readonly deadline: Deadline;
  readonly row: number;
}

/** Reads a table of deadlines. Throws rules_invalid with file, line and key. */
export function readDeadlines(file: RuleFile): DeadlineTable {
  return readRuleFile(deadlineTableSchema, file);
}

/**
 * Returns the deadline of a case with a party. Of the rows that fit the most specific one holds: a row with the asked
 * name before one without; then the one whose class is said more closely (a code before `web.*` before `*`); then one
 * that names party kinds; then one that names severities; among equals the first in the file.
 */
export function deadlineFor(table: DeadlineTable, query: DeadlineQuery): ChosenDeadline {
  const fitting = table.deadlines
    .map((row, at) => ({row, at}))
    .filter(({row}) => fits(row, query))
    .sort((a, b) => closenessOf(b.row) - closenessOf(a.row) || a.at - b.at);
  // the schema makes sure that one row fits all
  const [best = {row: table.deadlines[0], at: 0}] = fitting;
  if (best.row === undefined) throw new Error("the table of deadlines is empty");
  const {clock, acknowledgeHours, resolveHours, remindEveryHours, mostReminders} = best.row;
  return {deadline: {clock, acknowledgeHours, resolveHours, remindEveryHours, mostReminders}, row: best.at + 1};
}

function fits(row: DeadlineRow, query: DeadlineQuery): boolean {
  return (
    (row.name === undefined || row.name === query.name) &&
    isOfClass(query.class, row.class) &&
    (row.severity?.includes(query.severity) ?? true) &&
    (row.party?.includes(query.partyKind) ?? true)
  );
}

/** One digit for each question, the weightiest first. */
function closenessOf({name, class: pattern, party, severity}: DeadlineRow): number {
  const byClass = pattern === "*" ? 0 : pattern.endsWith(".*") ? 1 : 2;
  const digits = [name === undefined ? 0 : 1, byClass, party === undefined ? 0 : 1, severity === undefined ? 0 : 1];
  return digits.reduce((sum, digit) => sum * 3 + digit, 0);
}

/** Returns the numbers of the rows that hold for no case at all, 1 for the first: others always come before them. */
export function unreachableDeadlines(table: DeadlineTable): number[] {
  const reached = new Set<number>();
  const names = [null, ...new Set(table.deadlines.flatMap((row) => row.name ?? []))];
  for (const name of names)
    for (const {code} of TAXONOMY.incidentClasses)
      for (const severity of SEVERITIES)
        for (const party of TAXONOMY.partyKinds)
          reached.add(deadlineFor(table, {class: code, severity, partyKind: party.code, name}).row);
  return table.deadlines.map((_, at) => at + 1).filter((row) => !reached.has(row));
}
