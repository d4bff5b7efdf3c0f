/** What is counted as handled: the rounds of our own cases, and imported cases of sources that the site counts. */
import {type Kysely, sql} from "kysely";
import type {HandledWhen} from "../../model/cases/case.ts";
import type {ImportedTimes} from "../../model/cases/case-history.ts";
import type {Week} from "../../model/week.ts";
import type {Schema} from "../postgres/schema.ts";

/** Imported cases of a source that the site counts, in weeks before an instant. */
export interface CountedHistory {
  readonly source: string;
  readonly before: Date;
}

/** What is counted: the weeks, when a round is handled, until when things are known, and which imported cases as well. */
export interface CaseCounting {
  readonly weeks: readonly Week[];
  readonly handledWhen: HandledWhen;
  readonly until: Date;
  /** None without it. */
  readonly history?: readonly CountedHistory[];
}

/** The time of a round by which it is handled. */
export const HANDLED_COLUMNS = {
  answered: "answered_at",
  notified: "notified_at",
  verified: "verified_at",
} as const satisfies Record<HandledWhen, string>;

/** The same of an imported case. */
export const HANDLED_TIMES = {
  answered: "answeredAt",
  notified: "notifiedAt",
  verified: "verifiedAt",
} as const satisfies Record<HandledWhen, keyof ImportedTimes>;

/** From when to when a source tells of cases, or of complaints. */
export interface HistorySpan extends CountedHistory {
  readonly kind: "case" | "complaint";
  readonly since: Date;
}

/** Returns from when to when the sources that count tell of cases, and of complaints. */
export async function historySpans(db: Kysely<Schema>, history: CaseCounting["history"] = []): Promise<HistorySpan[]> {
  if (history.length === 0) return [];
  const {rows} = await sql<HistorySpan>`
    SELECT k.source, k.before, i.kind, min(i.opened_at) AS since
    FROM ${historyTable(history)} JOIN imported_cases AS i ON i.source = k.source
    GROUP BY k.source, k.before, i.kind`.execute(db);
  return rows;
}

/** The sources that count, as the relation k (source, before). */
export function historyTable(history: CaseCounting["history"] = []) {
  return sql`jsonb_to_recordset(${JSON.stringify(history)}::jsonb) AS k (source text, before timestamptz)`;
}

/**
 * The rounds that were handled in each week, with their cases. A merged case counts with the one it was merged into. Of
 * an imported case it may not be known whether it crossed a border: `is_crossing` is null then.
 */
export function handledRounds({weeks, handledWhen, until, history}: CaseCounting) {
  const column = sql.ref(`r.${HANDLED_COLUMNS[handledWhen]}`);
  const imported = sql.ref(`i.${HANDLED_COLUMNS[handledWhen]}`);
  return sql`
    weeks AS (
      SELECT * FROM jsonb_to_recordset(${weeksJson(weeks)}::jsonb) AS w (week text, starts timestamptz, ends timestamptz)
    ),
    handled AS (
      SELECT w.week, false AS is_imported, r."case", r.round, r.party_kind, r.notified_at, r.gone_at, r.verified_at,
        c.class, c.brand_sector, c.province, c.border_tests, cardinality(c.border_tests) > 0 AS is_crossing, c.facts
      FROM weeks AS w
      JOIN case_rounds AS r ON ${column} >= w.starts AND ${column} < w.ends AND ${column} <= ${until}
      JOIN cases AS c ON c.id = r."case"
      WHERE c.state <> 'merged' AND c.class <> 'test'
      UNION ALL
      SELECT w.week, true, NULL, 1, i.party_kind, i.notified_at, NULL, i.verified_at,
        i.class, i.brand_sector, i.province, '{}', i.is_cross_border, '{}'
      FROM weeks AS w
      JOIN imported_cases AS i ON ${imported} >= w.starts AND ${imported} < w.ends AND i.added_at <= ${until}
      JOIN ${historyTable(history)} ON k.source = i.source AND w.starts < k.before
      WHERE i.kind = 'case' AND i.state <> 'merged' AND i.class <> 'test'
    )`;
}

/** Returns weeks for a relation of them: week, starts, ends. */
export function weeksJson(weeks: readonly Week[]): string {
  return JSON.stringify(
    weeks.map(({from, startsAt, endsAt}) => ({week: from, starts: startsAt.toISOString(), ends: endsAt.toISOString()})),
  );
}
