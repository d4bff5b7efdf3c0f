/**
 * The way from an empty database to today's tables: each step once, in order, in a transaction of its own. A step that
 * was released is never changed; a change is a new step.
 */
import {type Kysely, sql} from "kysely";
import {WatchfloorError} from "../../model/errors.ts";
import type {Schema} from "../postgres/schema.ts";
import {editions} from "./0001-editions.ts";
import {reasons} from "./0002-reasons.ts";
import {news} from "./0003-news.ts";
import {parties} from "./0004-parties.ts";
import {fetches} from "./0005-fetches.ts";
import {cases} from "./0006-cases.ts";
import {notices} from "./0007-notices.ts";

/** One step: its id, which sorts in the order of the steps, and its SQL. */
export interface Migration {
  readonly id: string;
  readonly up: string;
}

/** All steps, oldest first. */
export const MIGRATIONS: readonly Migration[] = [editions, reasons, news, parties, fetches, cases, notices];

const LOCK = 7_465_001; // any number; all versions of the product use this one

/**
 * Takes the steps that the database does not have yet, up to and including `until`; others may do the same at the same
 * time. Returns the ids of the steps taken. Throws database_unavailable when the database is of a newer version.
 */
export async function migrate(db: Kysely<Schema>, steps = MIGRATIONS, until?: string): Promise<string[]> {
  const wanted = steps.filter((step) => until === undefined || step.id <= until);
  const applied = await appliedMigrations(db);
  const unknown = applied.filter((id) => !steps.some((step) => step.id === id));
  if (unknown.length > 0)
    throw new WatchfloorError("database_unavailable", `It was made by a newer version (${unknown.join(", ")})`);
  const taken: string[] = [];
  for (const step of wanted) if (!applied.includes(step.id) && (await take(db, step))) taken.push(step.id);
  return taken;
}

/** Returns the ids of the steps that the database has, in order. */
export async function appliedMigrations(db: Kysely<Schema>): Promise<string[]> {
  const {rows} = await sql<{there: boolean}>`SELECT to_regclass('migrations') IS NOT NULL AS there`.execute(db);
  if (!rows[0]?.there) return [];
  const found = await db.selectFrom("migrations").select("id").orderBy("id").execute();
  return found.map(({id}) => id);
}

const CREATE_LOG = `
  CREATE TABLE IF NOT EXISTS migrations (
    id text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`;

function take(db: Kysely<Schema>, step: Migration): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    await sql`SELECT pg_advisory_xact_lock(${LOCK})`.execute(transaction);
    await sql.raw(CREATE_LOG).execute(transaction);
    const logged = await transaction
      .insertInto("migrations")
      .values({id: step.id})
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (logged.numInsertedOrUpdatedRows === 0n) return false; // somebody else was first
    await sql.raw(step.up).execute(transaction);
    return true;
  });
}
