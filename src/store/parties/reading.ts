/** Parties as people look at them: lists, one party with what it answers for, and what is in conflict. */
import {type Kysely, type Selectable, sql} from "kysely";
import {WatchfloorError} from "../../model/errors.ts";
import {type HeldResponsibility, type PartyFields, partyId} from "../../model/party.ts";
import type {Schema} from "../postgres/schema.ts";

/** A party's row with its number. */
export interface PartyView extends PartyFields {
  readonly party: number;
  readonly isStated: boolean;
  readonly changedAt: Date;
}

/** A party with how much it has. */
export interface PartyLine extends PartyView {
  readonly responsibilities: number;
  readonly contacts: number;
  readonly conflicts: number;
}

/** What a list is narrowed to; `after` is the number of the last party seen. */
export interface PartyFilter {
  readonly kind?: string;
  readonly country?: string;
  /** A part of a name in either language, letter case aside. */
  readonly text?: string;
  readonly after?: number;
  readonly limit: number;
}

/** Returns parties in the order of their numbers. */
export async function listParties(db: Kysely<Schema>, filter: PartyFilter): Promise<PartyLine[]> {
  const text = filter.text === undefined ? null : `%${filter.text.replace(/[\\%_]/g, "\\$&")}%`;
  const {rows} = await sql<
    Selectable<Schema["parties"]> & {responsibilities: number; contacts: number; conflicts: number}
  >`
    SELECT party.*,
      (SELECT count(*) FROM party_responsibilities AS held WHERE held.party = party.id) AS responsibilities,
      (SELECT count(*) FROM contacts WHERE contacts.party = party.id AND contacts.is_held) AS contacts,
      (SELECT count(*) FROM party_conflicts AS open WHERE open.party = party.id) AS conflicts
    FROM parties AS party
    WHERE party.id > ${filter.after ?? 0}
      AND (${filter.kind ?? null}::text IS NULL OR party.kind = ${filter.kind ?? null})
      AND (${filter.country ?? null}::text IS NULL OR party.country = ${filter.country ?? null})
      AND (${text}::text IS NULL OR party.name_zh ILIKE ${text} OR party.name_en ILIKE ${text})
    ORDER BY party.id LIMIT ${filter.limit}`.execute(db);
  return rows.map((row) => ({
    ...viewOf(row),
    ...{responsibilities: row.responsibilities, contacts: row.contacts, conflicts: row.conflicts},
  }));
}

/** Returns the party of that number. Throws party_unknown. */
export async function partyOf(db: Kysely<Schema>, party: number): Promise<PartyView> {
  const row = await db.selectFrom("parties").selectAll().where("id", "=", party).executeTakeFirst();
  if (row === undefined) throw new WatchfloorError("party_unknown", partyId(party));
  return viewOf(row);
}

function viewOf(row: Selectable<Schema["parties"]>): PartyView {
  return {
    party: row.id,
    ...{kind: row.kind, names: {zh: row.name_zh, en: row.name_en}, country: row.country, province: row.province},
    ...{from: row.valid_from, until: row.valid_until, isStated: row.is_stated, changedAt: row.changed_at},
  };
}

/** Returns what a party answers for, networks in their order. */
export async function responsibilitiesOf(
  db: Kysely<Schema>,
  {party, limit}: {party: number; limit: number},
): Promise<HeldResponsibility[]> {
  const rows = await db
    .selectFrom("party_responsibilities")
    .selectAll()
    .where("party", "=", party)
    .orderBy("kind")
    .orderBy("network")
    .orderBy("value")
    .limit(limit)
    .execute();
  return rows.map(({kind, value, valid_from: from, valid_until: until, layer, source}) => ({
    ...{kind, value, from, until, layer, source},
  }));
}

/** Returns the parties that have open conflicts, with their paths and when each was found; of one party or of all. */
export async function openConflicts(
  db: Kysely<Schema>,
  party: number | null,
): Promise<{party: number; path: string; foundAt: Date}[]> {
  const all = db.selectFrom("party_conflicts").selectAll().orderBy("party").orderBy("path");
  const rows = await (party === null ? all : all.where("party", "=", party)).execute();
  return rows.map((row) => ({party: row.party, path: row.path, foundAt: row.found_at}));
}

/** Returns the domains that valid parties of the kinds answer for: ours, which are protected. */
export async function domainsOfKinds(db: Kysely<Schema>, kinds: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom("party_responsibilities as held")
    .innerJoin("parties as party", "party.id", "held.party")
    .select("held.value")
    .distinct()
    .where("held.kind", "=", "domain")
    .where("party.kind", "in", [...kinds])
    .orderBy("held.value")
    .execute();
  return rows.map(({value}) => value);
}

/** Returns the parties of those numbers that there are. */
export async function partiesOfNumbers(
  db: Kysely<Schema>,
  numbers: readonly number[],
): Promise<Map<number, PartyView>> {
  if (numbers.length === 0) return new Map();
  const rows = await db
    .selectFrom("parties")
    .selectAll()
    .where(sql<boolean>`id = ANY(${[...new Set(numbers)]}::bigint[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, viewOf(row)]));
}

/** Returns the registrars with these IANA ids; where several claim one it is left out. */
export async function registrarParties(db: Kysely<Schema>, ids: readonly number[]): Promise<Map<number, PartyView>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("party_responsibilities as held")
    .innerJoin("parties as party", "party.id", "held.party")
    .selectAll("party")
    .select("held.value as claimed")
    .where("held.kind", "=", "registrar")
    .where("held.value", "in", ids.map(String))
    .execute();
  const byId = Map.groupBy(rows, ({claimed}) => Number(claimed));
  return new Map(
    [...byId].flatMap(([id, [row, ...others]]) =>
      row === undefined || others.length > 0 ? [] : [[id, viewOf(row)] as const],
    ),
  );
}
