/** What a history has left in the database, read once for all who judge it. */
import {type Kysely, sql} from "kysely";
import type {Schema} from "../../src/store/postgres/schema.ts";

/** A line of history, with the transaction that wrote it. */
export interface FoundStep {
  readonly id: number;
  readonly case: number;
  readonly round: number;
  readonly step: string;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly note: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly done_by: string;
  readonly done_at: Date;
  readonly tx: string;
}

/** A change of a case's row, as the database itself wrote it down. */
export interface FoundChange {
  readonly id: number;
  readonly case: number;
  readonly old_version: number | null;
  readonly version: number;
  readonly old_state: string | null;
  readonly state: string;
  readonly tx: string;
}

/** See the head of this file. */
export type Found = Awaited<ReturnType<typeof readAll>>;

/** Reads all of it. */
export async function readAll(db: Kysely<Schema>) {
  const steps = await sql<FoundStep>`SELECT *, xmin::text AS tx FROM case_steps ORDER BY id`.execute(db);
  const changes = await sql<FoundChange>`SELECT * FROM watched_cases ORDER BY id`.execute(db);
  return {
    steps: steps.rows,
    changes: changes.rows,
    cases: await db.selectFrom("cases").selectAll().orderBy("id").execute(),
    rounds: await db.selectFrom("case_rounds").selectAll().orderBy("case").orderBy("round").execute(),
    assets: await db.selectFrom("case_assets").selectAll().execute(),
    complaints: await db.selectFrom("complaints").selectAll().orderBy("id").execute(),
    files: await db.selectFrom("case_files").selectAll().execute(),
    links: await db.selectFrom("case_links").selectAll().execute(),
    timers: await db.selectFrom("case_timers").selectAll().execute(),
    decisions: await db.selectFrom("responsibility_decisions").selectAll().execute(),
    mails: await db.selectFrom("mails").select(["id", "sha256", "kind"]).execute(),
    looks: await db.selectFrom("looks").select(["id", "case", "round"]).execute(),
    notifications: await db.selectFrom("notifications").selectAll().orderBy("id").execute(),
    told: await db.selectFrom("notification_cases").selectAll().execute(),
    noticeDecisions: await db.selectFrom("notice_decisions").selectAll().execute(),
  };
}
