/** What holds of parties, as rows that look-ups read. It is written anew from the layers whenever one of them changes. */
import {type Kysely, sql} from "kysely";
import type {HeldParty, PgpFacts} from "../../model/party.ts";
import type {Schema} from "../postgres/schema.ts";

const PARTIES_AT_ONCE = 1000;

/** A party as it holds, what was read from its contacts' keys, and the paths that are in conflict. */
export interface PartyToWrite {
  readonly party: number;
  readonly held: HeldParty;
  readonly pgp: ReadonlyMap<string, PgpFacts>;
  readonly conflicts: readonly string[];
}

/** Writes what holds of the parties in place of what was written of them before. Contacts keep their numbers. */
export async function writeHeld(tx: Kysely<Schema>, parties: readonly PartyToWrite[], now: Date): Promise<void> {
  for (let at = 0; at < parties.length; at += PARTIES_AT_ONCE) {
    const some = parties.slice(at, at + PARTIES_AT_ONCE);
    const numbers = some.map(({party}) => party);
    await writeFields(tx, some, now);
    await writeResponsibilities(tx, some, numbers);
    await writeContacts(tx, {some, numbers, now});
    await writeConflicts(tx, {some, numbers, now});
  }
}

async function writeFields(tx: Kysely<Schema>, some: readonly PartyToWrite[], now: Date): Promise<void> {
  const rows = some.map(({party, held: {kind, names, country, province, from, until, isStated}}) => ({
    ...{id: party, kind, name_zh: names.zh, name_en: names.en, country, province},
    ...{valid_from: from, valid_until: until, is_stated: isStated},
  }));
  await sql`
    UPDATE parties SET kind = row.kind, name_zh = row.name_zh, name_en = row.name_en, country = row.country,
      province = row.province, valid_from = row.valid_from, valid_until = row.valid_until, is_stated = row.is_stated,
      changed_at = ${now}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row (id bigint, kind text, name_zh text, name_en text,
      country text, province text, valid_from date, valid_until date, is_stated boolean)
    WHERE parties.id = row.id`.execute(tx);
}

async function writeResponsibilities(
  tx: Kysely<Schema>,
  some: readonly PartyToWrite[],
  numbers: readonly number[],
): Promise<void> {
  const rows = some.flatMap(({party, held: {responsibilities}}) =>
    responsibilities.map(({kind, value, from, until, layer, source}) => ({
      ...{party, kind, value, network: kind === "network" ? value : null},
      ...{valid_from: from, valid_until: until, layer, source},
    })),
  );
  await sql`DELETE FROM party_responsibilities WHERE party = ANY(${numbers}::bigint[])`.execute(tx);
  await sql`
    INSERT INTO party_responsibilities (party, kind, value, network, valid_from, valid_until, layer, source)
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row (party bigint, kind text, value text,
      network cidr, valid_from date, valid_until date, layer text, source text)`.execute(tx);
}

interface Writing {
  readonly some: readonly PartyToWrite[];
  readonly numbers: readonly number[];
  readonly now: Date;
}

async function writeContacts(tx: Kysely<Schema>, {some, numbers, now}: Writing): Promise<void> {
  const rows = some.flatMap(({party, held: {contacts}, pgp}) =>
    contacts.map((each) => ({
      ...{party, key: each.key, purpose: each.purpose, language: each.language, channel: each.channel},
      ...{address: each.address, pgp_key: each.pgpKey, pgp_fingerprints: each.pgpFingerprints, hours: each.hours},
      pgp_fingerprint: pgp.get(each.key)?.fingerprint ?? null,
      pgp_expires_at: pgp.get(each.key)?.expiresAt ?? null,
      ...{valid_from: each.from, valid_until: each.until, layer: each.layer, source: each.source},
    })),
  );
  await sql`UPDATE contacts SET is_held = false WHERE is_held AND party = ANY(${numbers}::bigint[])`.execute(tx);
  if (rows.length === 0) return;
  await sql`
    INSERT INTO contacts (party, key, purpose, language, channel, address, pgp_key, pgp_fingerprints, pgp_fingerprint,
      pgp_expires_at, hours, valid_from, valid_until, layer, source, is_held, added_at)
    SELECT row.*, true, ${now} FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row (party bigint, key text,
      purpose text, language text, channel text, address text, pgp_key text, pgp_fingerprints text[],
      pgp_fingerprint text, pgp_expires_at timestamptz, hours jsonb, valid_from date, valid_until date, layer text,
      source text)
    ON CONFLICT (party, key) DO UPDATE SET language = excluded.language, address = excluded.address,
      pgp_key = excluded.pgp_key, pgp_fingerprints = excluded.pgp_fingerprints,
      pgp_fingerprint = excluded.pgp_fingerprint, pgp_expires_at = excluded.pgp_expires_at, hours = excluded.hours,
      valid_from = excluded.valid_from, valid_until = excluded.valid_until, layer = excluded.layer,
      source = excluded.source, is_held = true`.execute(tx);
}

/** A conflict that stays keeps the time at which it was found. */
async function writeConflicts(tx: Kysely<Schema>, {some, numbers, now}: Writing): Promise<void> {
  const rows = some.flatMap(({party, conflicts}) => conflicts.map((path) => ({party, path})));
  await sql`
    DELETE FROM party_conflicts AS old WHERE party = ANY(${numbers}::bigint[]) AND NOT EXISTS (
      SELECT FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row (party bigint, path text)
      WHERE row.party = old.party AND row.path = old.path)`.execute(tx);
  if (rows.length === 0) return;
  await tx
    .insertInto("party_conflicts")
    .values(rows.map((row) => ({...row, found_at: now})))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
