/** Which reports were looked through for cases, each once. */
import type {Insertable, Kysely} from "kysely";
import type {Schema} from "../postgres/schema.ts";
import type {Work} from "./rows.ts";

/** Returns the ids of the reports that were looked through. */
export async function openedReports(db: Kysely<Schema>): Promise<Set<string>> {
  const rows = await db.selectFrom("opened_reports").select("report").execute();
  return new Set(rows.map(({report}) => report));
}

/** Says that a report was looked through. Returns false when it was before: then nothing may be written of it again. */
export async function keepOpened(
  work: Work,
  report: Omit<Insertable<Schema["opened_reports"]>, "done_at">,
  now: Date,
): Promise<boolean> {
  const added = await work
    .insertInto("opened_reports")
    .values({...report, done_at: now})
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return added.numInsertedOrUpdatedRows === 1n;
}
