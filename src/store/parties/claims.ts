/** Who claims an asset: all candidates for many assets at once, one round trip for names and numbers, one for addresses. */
import {type Kysely, type RawBuilder, sql} from "kysely";
import type {Claim, ClaimKeys, PartyLayer, ResponsibilityKind} from "../../model/party.ts";
import type {Schema} from "../postgres/schema.ts";

interface ClaimRow {
  readonly asset: number;
  readonly party: number;
  readonly party_kind: string;
  readonly name_zh: string | null;
  readonly name_en: string | null;
  readonly party_from: string | null;
  readonly party_until: string | null;
  readonly kind: ResponsibilityKind;
  readonly value: string;
  readonly valid_from: string | null;
  readonly valid_until: string | null;
  readonly layer: PartyLayer;
  readonly source: string | null;
}

const COLUMNS = sql`
  asked.asset, held.party, party.kind AS party_kind, party.name_zh, party.name_en, party.valid_from AS party_from,
  party.valid_until AS party_until, held.kind, held.value, held.valid_from, held.valid_until, held.layer, held.source`;

/** Returns the claims to each asset, in the order in which they were asked. Valid days are the decision's to look at. */
export async function claimsTo(db: Kysely<Schema>, assets: readonly ClaimKeys[]): Promise<Claim[][]> {
  const claims = assets.map((): Claim[] => []);
  for (const row of [...(await run(db, byValue(assets))), ...(await run(db, byAddress(assets)))])
    claims[row.asset]?.push(claimOf(row));
  return claims;
}

async function run(db: Kysely<Schema>, query: RawBuilder<ClaimRow> | null): Promise<ClaimRow[]> {
  return query === null ? [] : (await query.execute(db)).rows;
}

function byValue(assets: readonly ClaimKeys[]): RawBuilder<ClaimRow> | null {
  const keys = assets.flatMap(({values}, asset) => values.map((each) => ({asset, ...each})));
  if (keys.length === 0) return null;
  return sql<ClaimRow>`
    SELECT ${COLUMNS}
    FROM unnest(${keys.map(({asset}) => asset)}::integer[], ${keys.map(({kind}) => kind)}::text[],
      ${keys.map(({value}) => value)}::text[]) AS asked (asset, kind, value)
    JOIN party_responsibilities AS held
      ON held.kind = asked.kind AND held.value = asked.value AND held.network IS NULL
    JOIN parties AS party ON party.id = held.party`;
}

/**
 * Every network that an address can lie in is asked for by its name, 33 for IPv4: a plain index finds them in 0.1 ms an
 * address among 300,000 networks, where an index of networks within networks (GiST) took 1.5 ms, and ten times as long to
 * fill (measured). As an array, so that the planner takes the index and does not read the whole table.
 */
function byAddress(assets: readonly ClaimKeys[]): RawBuilder<ClaimRow> | null {
  const keys = assets.flatMap(({ips}, asset) => ips.map((ip) => ({asset, ip})));
  if (keys.length === 0) return null;
  return sql<ClaimRow>`
    SELECT ${COLUMNS}
    FROM unnest(${keys.map(({asset}) => asset)}::integer[], ${keys.map(({ip}) => ip)}::inet[]) AS asked (asset, ip)
    JOIN party_responsibilities AS held ON held.network IS NOT NULL AND held.network = ANY(ARRAY(
      SELECT network(set_masklen(asked.ip, length))::inet FROM generate_series(0, masklen(asked.ip)) AS length))
    JOIN parties AS party ON party.id = held.party`;
}

function claimOf(row: ClaimRow): Claim {
  return {
    party: row.party,
    partyKind: row.party_kind,
    names: {zh: row.name_zh, en: row.name_en},
    partyFrom: row.party_from,
    partyUntil: row.party_until,
    responsibility: {
      ...{kind: row.kind, value: row.value, from: row.valid_from, until: row.valid_until},
      ...{layer: row.layer, source: row.source},
    },
  };
}
