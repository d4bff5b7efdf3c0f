/** What sources say of parties: each version of each record is kept, the latest one counts. */
import {type Kysely, sql} from "kysely";
import {type ImportedRecord, type PartyRecord, partyRecordSchema} from "../../model/party.ts";
import {named} from "../editions/people.ts";
import type {Schema} from "../postgres/schema.ts";

const LOCK = 7_465_004; // any number; whoever changes parties holds it
const ROWS_AT_ONCE = 2000;

/** The latest record of a key: its party, its canonical text, and whether the source dropped it. */
export interface StoredRecord {
  readonly party: number;
  readonly text: string;
  readonly isGone: boolean;
}

/** A record to be kept. `party` null makes a new party, one for all records with the same `join`. */
export interface RecordToKeep {
  readonly record: PartyRecord;
  readonly text: string;
  readonly party: number | null;
  readonly join: string;
  readonly isGone: boolean;
}

/** One import, as it is logged. */
export interface ImportRun {
  readonly source: string;
  readonly format: string;
  readonly fileHash: string;
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  readonly unchanged: number;
  readonly rejects: number;
  readonly by: string;
}

/** Does work on parties in one transaction; nobody else changes parties meanwhile. */
export function changingParties<T>(db: Kysely<Schema>, work: (tx: Kysely<Schema>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${LOCK})`.execute(tx);
    return work(tx);
  });
}

/** Returns the latest records of a source by key. */
export async function recordsOfSource(db: Kysely<Schema>, source: string): Promise<Map<string, StoredRecord>> {
  const rows = await db
    .selectFrom("party_imports")
    .distinctOn("key")
    .select(["key", "party", "record", "is_gone"])
    .where("source", "=", source)
    .orderBy("key")
    .orderBy("id", "desc")
    .execute();
  return new Map(rows.map((row) => [row.key, {party: row.party, text: row.record, isGone: row.is_gone}]));
}

/** Returns the parties that records with these identities belong to. */
export async function partiesOfIdentities(
  db: Kysely<Schema>,
  identities: readonly string[],
): Promise<Map<string, number>> {
  const {rows} = await sql<{identity: string; party: number}>`
    SELECT DISTINCT ON (identity) identity, party FROM party_imports
    WHERE identity = ANY(${identities}::text[]) ORDER BY identity, id`.execute(db);
  return new Map(rows.map(({identity, party}) => [identity, party]));
}

/** Returns those of the numbers that parties have. */
export async function knownPartyNumbers(db: Kysely<Schema>, numbers: readonly number[]): Promise<Set<number>> {
  const {rows} = await sql<{id: number}>`SELECT id FROM parties WHERE id = ANY(${numbers}::bigint[])`.execute(db);
  return new Set(rows.map(({id}) => id));
}

/** Keeps the records and logs the run; returns the numbers of the parties that they belong to. Throws usage (no name). */
export async function keepImport(
  tx: Kysely<Schema>,
  {run, records}: {run: ImportRun; records: readonly RecordToKeep[]},
  now: Date,
): Promise<number[]> {
  const {id} = await tx
    .insertInto("party_import_runs")
    .values({
      ...{source: run.source, format: run.format, file_hash: run.fileHash},
      ...{added: run.added, changed: run.changed, gone: run.gone, unchanged: run.unchanged, rejects: run.rejects},
      entered_by: named(run.by),
      entered_at: now,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const parties = await partiesFor(tx, records, {by: named(run.by), now});
  for (let at = 0; at < records.length; at += ROWS_AT_ONCE) {
    const rows = records.slice(at, at + ROWS_AT_ONCE).map(({record: {key, identity}, text, isGone}, index) => ({
      ...{key, identity, record: text, is_gone: isGone},
      party: parties[at + index],
    }));
    await sql`
      INSERT INTO party_imports (run, source, key, identity, party, record, is_gone)
      SELECT ${id}, ${run.source}, key, identity, party, record, is_gone
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS row (key text, identity text, party bigint, record text, is_gone boolean)`.execute(tx);
  }
  return [...new Set(parties)];
}

interface Maker {
  readonly by: string;
  readonly now: Date;
}

/** The party of each record, in their order; those that are new are made. */
async function partiesFor(tx: Kysely<Schema>, records: readonly RecordToKeep[], maker: Maker): Promise<number[]> {
  const fresh = new Map<string, PartyRecord>();
  for (const {record, party, join} of records) if (party === null && !fresh.has(join)) fresh.set(join, record);
  const numbers = await makeParties(tx, [...fresh.values()], maker);
  const made = new Map([...fresh.keys()].map((join, at) => [join, numbers[at] as number]));
  return records.map(({party, join}) => party ?? (made.get(join) as number));
}

/** Makes parties as bare rows, in order, and returns their numbers; what holds of them is written afterwards. */
export async function makeParties(
  tx: Kysely<Schema>,
  fields: readonly Pick<PartyRecord, "kind" | "names">[],
  {by, now}: Maker,
): Promise<number[]> {
  if (fields.length === 0) return [];
  const {rows} = await sql<{id: number}>`
    SELECT nextval(pg_get_serial_sequence('parties', 'id')) AS id FROM generate_series(1, ${fields.length})`.execute(
    tx,
  );
  const numbers = rows.map(({id}) => id);
  const made = fields.map(({kind, names}, at) => ({id: numbers[at], kind, name_zh: names.zh, name_en: names.en}));
  await sql`
    INSERT INTO parties (id, kind, name_zh, name_en, is_stated, created_by, created_at, changed_at)
    SELECT id, kind, name_zh, name_en, true, ${by}, ${now}, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(made)}::jsonb) AS row (id bigint, kind text, name_zh text, name_en text)`.execute(
    tx,
  );
  return numbers;
}

/** Returns the latest record of each source of the parties, in the order in which the records joined them. */
export async function importedRecords(
  db: Kysely<Schema>,
  parties: readonly number[],
): Promise<Map<number, ImportedRecord[]>> {
  const {rows} = await sql<{party: number; source: string; record: string; is_gone: boolean}>`
    SELECT party, source, record, is_gone FROM (
      SELECT DISTINCT ON (source, key) party, source, record, is_gone, min(id) OVER (PARTITION BY source, key) AS joined
      FROM party_imports WHERE party = ANY(${parties}::bigint[]) ORDER BY source, key, id DESC
    ) AS latest ORDER BY party, joined`.execute(db);
  const found = new Map<number, ImportedRecord[]>();
  for (const {party, source, record, is_gone: isGone} of rows) {
    const list = found.get(party) ?? [];
    list.push({source, record: partyRecordSchema.parse(JSON.parse(record)), isGone});
    found.set(party, list);
  }
  return found;
}

/** The last import of a source. */
export interface SourceState {
  readonly source: string;
  readonly format: string;
  readonly importedAt: Date;
  readonly by: string;
  readonly fileHash: string;
}

/** Returns the last import of each source. */
export async function importedSources(db: Kysely<Schema>): Promise<SourceState[]> {
  const rows = await db
    .selectFrom("party_import_runs")
    .distinctOn("source")
    .selectAll()
    .orderBy("source")
    .orderBy("id", "desc")
    .execute();
  return rows.map((row) => ({
    ...{source: row.source, format: row.format, importedAt: row.entered_at},
    ...{by: row.entered_by, fileHash: row.file_hash},
  }));
}
