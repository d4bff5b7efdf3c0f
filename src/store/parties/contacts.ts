/** Contacts with their record: what mail servers answered, when they were asked whether they hold, and what they said. */
import {type Kysely, type Selectable, sql} from "kysely";
import {WatchfloorError} from "../../model/errors.ts";
import type {HealthEventKind, KnownContact, PgpFacts} from "../../model/party.ts";
import {named} from "../editions/people.ts";
import type {Schema} from "../postgres/schema.ts";

/** Which contacts: those of these parties, of these numbers, at this mail address, or all that hold. */
export type ContactFilter =
  | {readonly parties: readonly number[]}
  | {readonly ids: readonly number[]}
  | {readonly address: string}
  | "all";

interface ContactRow extends Selectable<Schema["contacts"]> {
  readonly hard_at: Date | null;
  readonly soft_at: readonly Date[];
  readonly delivered_at: Date | null;
  readonly asked_at: Date | null;
  readonly confirmed_at: Date | null;
}

/**
 * Returns contacts that hold, with their record; by number also those that no layer states any more. Soft bounces of before
 * `softSince` are left out.
 */
export async function contactsWith(
  db: Kysely<Schema>,
  filter: ContactFilter,
  {softSince}: {readonly softSince: Date},
): Promise<KnownContact[]> {
  const {rows} = await sql<ContactRow>`
    SELECT contact.*, life.* FROM contacts AS contact CROSS JOIN LATERAL (
      SELECT max(at) FILTER (WHERE kind = 'hard-bounce') AS hard_at,
        coalesce(array_agg(at ORDER BY at) FILTER (WHERE kind = 'soft-bounce' AND at > ${softSince}), '{}') AS soft_at,
        max(at) FILTER (WHERE kind = 'delivered') AS delivered_at, max(at) FILTER (WHERE kind = 'asked') AS asked_at,
        max(at) FILTER (WHERE kind = 'confirmed') AS confirmed_at
      FROM contact_events WHERE contact_events.contact = contact.id
    ) AS life WHERE ${condition(filter)} ORDER BY contact.id`.execute(db);
  return rows.map(contactOf);
}

/** Returns the OpenPGP keys of all contacts that hold, each once. */
export async function keysOfContacts(db: Kysely<Schema>): Promise<string[]> {
  const rows = await db
    .selectFrom("contacts")
    .select("pgp_key")
    .distinct()
    .where("is_held", "=", true)
    .where("pgp_key", "is not", null)
    .orderBy("pgp_key")
    .execute();
  return rows.flatMap(({pgp_key: key}) => key ?? []);
}

function condition(filter: ContactFilter) {
  if (filter === "all") return sql`contact.is_held`;
  if ("parties" in filter) return sql`contact.is_held AND contact.party = ANY(${filter.parties}::bigint[])`;
  if ("ids" in filter) return sql`contact.id = ANY(${filter.ids}::bigint[])`;
  return sql`contact.channel = 'mail' AND lower(contact.address) = lower(${filter.address})`;
}

function contactOf(row: ContactRow): KnownContact {
  return {
    ...{id: row.id, party: row.party, key: row.key, layer: row.layer, source: row.source},
    ...{purpose: row.purpose, language: row.language, channel: row.channel, address: row.address},
    ...{pgpKey: row.pgp_key, pgpFingerprints: row.pgp_fingerprints, pgp: pgpOf(row), hours: row.hours},
    ...{from: row.valid_from, until: row.valid_until},
    record: {
      ...{addedAt: row.added_at, hardBounceAt: row.hard_at, softBouncesAt: row.soft_at},
      ...{deliveredAt: row.delivered_at, askedAt: row.asked_at, confirmedAt: row.confirmed_at},
    },
  };
}

function pgpOf({pgp_fingerprint: fingerprint, pgp_expires_at: expires}: ContactRow): PgpFacts | null {
  return fingerprint === null ? null : {fingerprint, expiresAt: expires?.toISOString() ?? null};
}

/** What happened to a contact, such as a bounce; `note` is what the mail server said. */
export interface ContactEvent {
  readonly contact: number;
  readonly kind: HealthEventKind;
  readonly note: string | null;
  readonly by: string;
}

/** Adds events to the contacts' records, all or none. Throws contact_unknown, usage (no name). */
export async function addContactEvents(db: Kysely<Schema>, events: readonly ContactEvent[], at: Date): Promise<void> {
  if (events.length === 0) return;
  const ids = [...new Set(events.map(({contact}) => contact))];
  const {rows} = await sql<{id: number}>`SELECT id FROM contacts WHERE id = ANY(${ids}::bigint[])`.execute(db);
  const missing = ids.find((id) => !rows.some((row) => row.id === id));
  if (missing !== undefined) throw new WatchfloorError("contact_unknown", String(missing));
  await db
    .insertInto("contact_events")
    .values(
      events.map(({contact, kind, note, by}) => ({
        contact,
        kind,
        at,
        note: note?.trim() || null,
        entered_by: named(by),
      })),
    )
    .execute();
}
