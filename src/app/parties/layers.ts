/** After a change of a layer: what holds is made anew of both, and written. */
import type {Kysely} from "kysely";
import {conflictsOf, heldParty, importedLayer} from "../../cases/parties/overlay.ts";
import type {HeldContact, ImportedRecord, PartyEdit, PgpFacts} from "../../model/party.ts";
import {heldEdits} from "../../store/parties/edits.ts";
import {type PartyToWrite, writeHeld} from "../../store/parties/held.ts";
import {importedRecords} from "../../store/parties/imports.ts";
import type {Schema} from "../../store/postgres/schema.ts";
import {readPgpKey} from "./pgp.ts";

/** The layers of one party. */
export interface Layers {
  readonly records: readonly ImportedRecord[];
  readonly edits: readonly PartyEdit[];
}

/** Returns the layers of the parties. */
export async function layersOf(db: Kysely<Schema>, parties: readonly number[]): Promise<Map<number, Layers>> {
  const [records, edits] = [await importedRecords(db, parties), await heldEdits(db, parties)];
  return new Map(parties.map((party) => [party, {records: records.get(party) ?? [], edits: edits.get(party) ?? []}]));
}

/** Makes and writes what holds of the parties; returns how many of their paths are in conflict. */
export async function refreshParties(tx: Kysely<Schema>, parties: readonly number[], now: Date): Promise<number> {
  const layers = await layersOf(tx, parties);
  const rows: PartyToWrite[] = [];
  for (const [party, {records, edits}] of layers) {
    const held = heldParty(records, edits);
    if (held === null) continue;
    const conflicts = conflictsOf(importedLayer(records), edits).map(({path}) => path);
    rows.push({party, held, pgp: await factsOfKeys(held.contacts, now), conflicts});
  }
  await writeHeld(tx, rows, now);
  return rows.reduce((sum, {conflicts}) => sum + conflicts.length, 0);
}

async function factsOfKeys(contacts: readonly HeldContact[], now: Date): Promise<Map<string, PgpFacts>> {
  const facts = new Map<string, PgpFacts>();
  for (const {key, pgpKey} of contacts) {
    const found = pgpKey === null ? null : (await readPgpKey(pgpKey, now)).facts;
    if (found !== null) facts.set(key, found);
  }
  return facts;
}
