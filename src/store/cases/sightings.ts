/** What reports say of cases, summed up. */
import {type Kysely, sql} from "kysely";
import type {Schema} from "../postgres/schema.ts";
import {caseId, caseKey, isAnyOf} from "./rows.ts";

/** Events of a case in all reports. */
export interface SightingSum {
  readonly events: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

/** Returns the sums of some cases, by id; a case of which no report tells is not there. */
export async function sightingSums(db: Kysely<Schema>, ids: readonly string[]): Promise<Map<string, SightingSum>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("case_sightings")
    .select((each) => [
      "case",
      sql<number>`sum(events)::integer`.as("events"),
      each.fn.min("first_seen_at").as("first"),
      each.fn.max("last_seen_at").as("last"),
    ])
    .where(isAnyOf("case", ids.map(caseKey)))
    .groupBy("case")
    .execute();
  return new Map(
    rows.map((row) => [caseId(row.case), {events: row.events, firstSeenAt: row.first, lastSeenAt: row.last}]),
  );
}
