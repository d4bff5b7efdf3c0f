/** What of a folder, a mailbox or an API was looked at already, so that each file, mail and report is taken once. */
import {type Kysely, sql} from "kysely";
import {type FetchLease, overtaken} from "../fetches.ts";
import type {Schema} from "../postgres/schema.ts";

/** One thing that a source offers, by a name that stays: file with size and time, number of a mail, id of a report. */
export interface FetchItem {
  readonly item: string;
  readonly outcome: "taken" | "refused" | "skipped";
  /** Why it was refused. */
  readonly code: string | null;
}

const SEEN_AGAIN_AFTER = "1 day";

/** Returns those of the items that were looked at before, with what became of them; that they are still there is noted. */
export async function knownItems(
  db: Kysely<Schema>,
  {feed}: FetchLease,
  {items, now}: {readonly items: readonly string[]; readonly now: Date},
): Promise<Map<string, FetchItem["outcome"]>> {
  if (items.length === 0) return new Map();
  const isAmong = sql<boolean>`item = ANY(${items})`;
  await db
    .updateTable("fetch_items")
    .set({seen_at: now})
    .where("feed", "=", feed)
    .where(isAmong)
    .where("seen_at", "<", sql<Date>`${now}::timestamptz - ${SEEN_AGAIN_AFTER}::interval`)
    .execute();
  const rows = await db
    .selectFrom("fetch_items")
    .select(["item", "outcome"])
    .where("feed", "=", feed)
    .where(isAmong)
    .execute();
  return new Map(rows.map(({item, outcome}) => [item, outcome]));
}

/** Notes, durably, that the items were looked at. Throws fetch_overtaken; then nothing is noted. */
export async function noteItems(
  db: Kysely<Schema>,
  lease: FetchLease,
  {items, now}: {readonly items: readonly FetchItem[]; readonly now: Date},
): Promise<void> {
  if (items.length === 0) return;
  await db.transaction().execute(async (work) => {
    const held = await work
      .selectFrom("fetch_states")
      .select("feed")
      .where("feed", "=", lease.feed)
      .where("token", "=", lease.token)
      .where("begun_at", "is not", null)
      .forShare()
      .executeTakeFirst();
    if (held === undefined) throw overtaken(lease);
    await work
      .insertInto("fetch_items")
      .values(items.map((each) => ({feed: lease.feed, ...each, seen_at: now})))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

/** Removes runs that ended, and items that were last seen, before the day. Returns how many. */
export async function clearFetches(db: Kysely<Schema>, before: Date): Promise<number> {
  const runs = await db.deleteFrom("fetch_runs").where("ended_at", "<", before).executeTakeFirst();
  const items = await db.deleteFrom("fetch_items").where("seen_at", "<", before).executeTakeFirst();
  return Number(runs.numDeletedRows + items.numDeletedRows);
}
