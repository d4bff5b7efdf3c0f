/** What people changed of parties: each change is kept with name and time, the last one of a path counts. */
import {type Kysely, sql} from "kysely";
import type {PartyEdit, PartyValue} from "../../model/party.ts";
import {named} from "../editions/people.ts";
import type {Schema} from "../postgres/schema.ts";

/** One step: a value is set in place of what sources say, or what was set is withdrawn so that they hold again. */
export type EditStep =
  | ({readonly step: "set"} & PartyEdit)
  | {readonly step: "withdraw"; readonly path: string; readonly base: PartyValue};

/** Who changes which party, and why. */
export interface EditFacts {
  readonly party: number;
  readonly by: string;
  readonly reason: string | null;
}

/** A change as it was made. */
export type EditRow = EditStep & {readonly by: string; readonly at: Date; readonly reason: string | null};

/** Adds the changes to the history. Throws usage (no name). */
export async function addEdits(
  tx: Kysely<Schema>,
  {party, by, reason}: EditFacts,
  {steps, now}: {steps: readonly EditStep[]; now: Date},
): Promise<void> {
  if (steps.length === 0) return;
  const rows = steps.map((each) => ({
    party,
    path: each.path,
    step: each.step,
    value: each.step === "set" ? jsonText(each.value) : null,
    base: jsonText(each.base),
    reason,
    entered_by: named(by),
    entered_at: now,
  }));
  await tx.insertInto("party_edits").values(rows).execute();
}

/** Nothing is SQL's NULL, never JSON's. */
function jsonText(value: PartyValue): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** Returns the changes that hold, by party. */
export async function heldEdits(db: Kysely<Schema>, parties: readonly number[]): Promise<Map<number, PartyEdit[]>> {
  const {rows} = await sql<{party: number; path: string; value: PartyValue; base: PartyValue}>`
    SELECT party, path, value, base FROM (
      SELECT DISTINCT ON (party, path) party, path, step, value, base FROM party_edits
      WHERE party = ANY(${parties}::bigint[]) ORDER BY party, path, id DESC
    ) AS latest WHERE step = 'set' ORDER BY party, path`.execute(db);
  const found = new Map<number, PartyEdit[]>();
  for (const {party, path, value, base} of rows) {
    const list = found.get(party) ?? [];
    list.push({path, value, base});
    found.set(party, list);
  }
  return found;
}

/** Returns every change of a party, in the order of making. */
export async function editHistory(db: Kysely<Schema>, party: number): Promise<EditRow[]> {
  const rows = await db.selectFrom("party_edits").selectAll().where("party", "=", party).orderBy("id").execute();
  return rows.map((row) => {
    const {path, value, base} = row;
    const facts = {by: row.entered_by, at: row.entered_at, reason: row.reason};
    return row.step === "set" ? {step: "set", path, value, base, ...facts} : {step: "withdraw", path, base, ...facts};
  });
}
