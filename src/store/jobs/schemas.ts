import {type Kysely, sql} from "kysely";
import type {Schema} from "../postgres/schema.ts";

/**
 * Returns whether the database has a schema of that name. Where it has, nobody needs the right to make one: an
 * administrator may have made it for us.
 */
export async function hasSchema(db: Kysely<Schema>, name: string): Promise<boolean> {
  const {rows} = await sql<{there: boolean}>`SELECT to_regnamespace(${name}) IS NOT NULL AS there`.execute(db);
  return rows[0]?.there ?? false;
}
