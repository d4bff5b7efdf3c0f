/** When recurring work was last done: due times are compared with the time that is handed in, whatever the clock says. */
import {type Kysely, sql} from "kysely";
import type {Schema} from "../postgres/schema.ts";

/** Recurring work, by name and how often it is done. */
export interface TickTime {
  readonly name: string;
  readonly everySeconds: number;
}

/** Returns the names of those that are due: never begun, or begun so long ago. */
export async function dueTicks(db: Kysely<Schema>, ticks: readonly TickTime[], now: Date): Promise<Set<string>> {
  const rows = await db.selectFrom("ticks").select(["name", "begun_at"]).where("begun_at", "is not", null).execute();
  const begun = new Map(rows.map((row) => [row.name, row.begun_at]));
  return new Set(ticks.filter((tick) => isDue(begun.get(tick.name) ?? null, tick, now)).map(({name}) => name));
}

/** A beginning that lies ahead is that of a clock that was set back since: nobody waits for it. */
function isDue(begunAt: Date | null, {everySeconds}: TickTime, now: Date): boolean {
  const seconds = begunAt === null ? Number.POSITIVE_INFINITY : (now.getTime() - begunAt.getTime()) / 1000;
  return seconds >= everySeconds || seconds < 0;
}

/** Notes that the work begins; false when it is not due any more, because somebody else has begun it since. */
export async function beginTick(db: Kysely<Schema>, tick: TickTime, now: Date): Promise<boolean> {
  return db.transaction().execute(async (work) => {
    await work
      .insertInto("ticks")
      .values({name: tick.name})
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const found = await work
      .selectFrom("ticks")
      .select("begun_at")
      .where("name", "=", tick.name)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (!isDue(found.begun_at, tick, now)) return false;
    await work.updateTable("ticks").set({begun_at: now}).where("name", "=", tick.name).execute();
    return true;
  });
}

/** Notes that the work was done. */
export async function endTick(db: Kysely<Schema>, name: string, now: Date): Promise<void> {
  await db.updateTable("ticks").set({done_at: now}).where("name", "=", name).execute();
}

/** Returns what recurring work has put down for itself, such as the last week that it cared for; null when nothing. */
export async function markOf(db: Kysely<Schema>, name: string): Promise<string | null> {
  const row = await db.selectFrom("ticks").select("mark").where("name", "=", name).executeTakeFirst();
  return row?.mark ?? null;
}

/** Puts down what recurring work wants to know the next time. */
export async function setMark(db: Kysely<Schema>, name: string, mark: string): Promise<void> {
  await sql`INSERT INTO ticks (name, mark) VALUES (${name}, ${mark})
    ON CONFLICT (name) DO UPDATE SET mark = excluded.mark`.execute(db);
}
