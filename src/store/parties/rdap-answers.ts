/** Answers of RDAP servers, kept with their age: nobody is asked twice a day for the same thing. */
import type {Kysely} from "kysely";
import type {Schema} from "../postgres/schema.ts";

/** An answer of a server. `answer` is null where it says that there is nothing. */
export interface RdapAnswer {
  /** What was asked for: `domain/example.cn`, `ip/192.0.2.1`, `autnum/64500`, or the address of an entity. */
  readonly key: string;
  readonly url: string;
  readonly status: number;
  readonly answer: string | null;
  readonly fetchedAt: Date;
}

/** Returns the answer that is kept, however old, or null. */
export async function keptRdapAnswer(db: Kysely<Schema>, key: string): Promise<RdapAnswer | null> {
  const row = await db.selectFrom("rdap_answers").selectAll().where("key", "=", key).executeTakeFirst();
  if (row === undefined) return null;
  return {key, url: row.url, status: row.status, answer: row.answer, fetchedAt: row.fetched_at};
}

/** Returns those of the answers that are kept. */
export async function keptRdapAnswers(db: Kysely<Schema>, keys: readonly string[]): Promise<RdapAnswer[]> {
  if (keys.length === 0) return [];
  const rows = await db.selectFrom("rdap_answers").selectAll().where("key", "in", keys).execute();
  return rows.map(({key, url, status, answer, fetched_at: fetchedAt}) => ({key, url, status, answer, fetchedAt}));
}

/** Keeps an answer in place of the one of before; an older one never takes the place of a newer one. */
export async function keepRdapAnswer(db: Kysely<Schema>, {key, fetchedAt, ...rest}: RdapAnswer): Promise<void> {
  const row = {...rest, fetched_at: fetchedAt};
  await db
    .insertInto("rdap_answers")
    .values({key, ...row})
    .onConflict((conflict) => conflict.column("key").doUpdateSet(row).where("rdap_answers.fetched_at", "<", fetchedAt))
    .execute();
}
