/** Cases of other systems, as they were there: kept apart from our own, so that nothing acts on them and nobody is told. */
import {type Kysely, type Selectable, sql} from "kysely";
import type {AssetKey} from "../../model/cases/case.ts";
import {
  type ImportedCase,
  type ImportedFilter,
  type ImportedLine,
  type ImportedTimes,
  importedFilterSchema,
  importedId,
  importedKey,
  type KeptContent,
} from "../../model/cases/case-history.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {named} from "../editions/people.ts";
import type {Schema} from "../postgres/schema.ts";
import type {Doing} from "./changing.ts";
import {isoOf, likePattern, type Reading, storedJson, type Work} from "./rows.ts";

const IMPORTING = 7_465_003; // any number; all versions of the product use this one

/** Returns the hash of each of these cases that was kept before, by its number. Until the transaction ends nobody else imports. */
export async function keptHashes(
  work: Work,
  {source, numbers}: {readonly source: string; readonly numbers: readonly string[]},
): Promise<Map<string, string>> {
  await sql`SELECT pg_advisory_xact_lock(${IMPORTING})`.execute(work);
  const rows = await work
    .selectFrom("imported_cases")
    .select(["external_id", "hash"])
    .where("source", "=", source)
    .where(sql<boolean>`external_id = ANY(${[...numbers]}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.external_id, row.hash]));
}

const ROWS_AT_ONCE = 1000;

/** Keeps old cases; one that is there says from now on what this one says. */
export async function keepImported(
  work: Work,
  given: readonly {readonly case: ImportedCase; readonly times: ImportedTimes}[],
  {by, now}: Doing,
): Promise<void> {
  for (let from = 0; from < given.length; from += ROWS_AT_ONCE) {
    const rows = storedJson(given.slice(from, from + ROWS_AT_ONCE).map((each) => rowOf(each.case, each.times)));
    await sql`
      INSERT INTO imported_cases (source, external_id, kind, class, asset_kind, asset, state, opened_at, notified_at,
        answered_at, verified_at, party_kind, is_cross_border, brand_sector, province, search, content, hash,
        added_by, added_at, changed_by, changed_at)
      SELECT n.*, ${named(by)}, ${now}, ${named(by)}, ${now}
      FROM jsonb_to_recordset(${rows}::jsonb) AS n (source text, external_id text, kind text, class text,
        asset_kind text, asset text, state text, opened_at timestamptz, notified_at timestamptz,
        answered_at timestamptz, verified_at timestamptz, party_kind text, is_cross_border boolean, brand_sector text,
        province text, search text, content jsonb, hash text)
      ON CONFLICT (source, external_id) DO UPDATE SET
        kind = excluded.kind, class = excluded.class, asset_kind = excluded.asset_kind, asset = excluded.asset,
        state = excluded.state, opened_at = excluded.opened_at, notified_at = excluded.notified_at,
        answered_at = excluded.answered_at, verified_at = excluded.verified_at, party_kind = excluded.party_kind,
        is_cross_border = excluded.is_cross_border, brand_sector = excluded.brand_sector,
        province = excluded.province, search = excluded.search, content = excluded.content, hash = excluded.hash,
        changed_by = excluded.changed_by, changed_at = excluded.changed_at`.execute(work);
  }
}

function rowOf(one: ImportedCase, {notifiedAt, answeredAt, verifiedAt}: ImportedTimes) {
  const {partyKind, isCrossBorder, brandSector, province} = one.facts;
  const words = [
    ...[one.externalId, one.asset.value, ...one.otherAssets.map(({value}) => value), one.subject],
    ...one.parties.flatMap(({name, contact}) => [name, contact]),
  ];
  return {
    source: one.source,
    external_id: one.externalId,
    kind: one.kind,
    class: one.class,
    asset_kind: one.asset.kind,
    asset: one.asset.value,
    state: one.states.at(-1)?.state ?? "open",
    opened_at: one.openedAt,
    notified_at: notifiedAt,
    answered_at: answeredAt,
    verified_at: verifiedAt,
    party_kind: partyKind,
    is_cross_border: isCrossBorder,
    brand_sector: brandSector,
    province,
    search: words
      .filter((word) => word !== null)
      .join(" ")
      .toLowerCase(),
    content: one,
    hash: one.contentHash,
  };
}

const COLUMNS = ["source", "external_id", "kind", "class", "asset_kind", "asset", "state", "opened_at"] as const;

/** Returns a page of old cases, those opened last first. Throws a ZodError for what may not be asked, case_unknown (`after`). */
export async function listImported(db: Kysely<Schema>, filter: ImportedFilter): Promise<ImportedLine[]> {
  const {limit, after, search, ...equal} = importedFilterSchema.parse(filter);
  let query = db.selectFrom("imported_cases");
  for (const [column, value] of Object.entries(equal))
    if (value !== undefined) query = query.where(column as keyof typeof equal, "=", value);
  if (search !== undefined) query = query.where("search", "like", likePattern(search));
  if (after !== undefined) {
    const {source, external_id, opened_at} = await rowNamed(db, after);
    query = query.where(sql<boolean>`(opened_at, source, external_id) < (${opened_at}, ${source}, ${external_id})`);
  }
  const rows = await query
    .select([...COLUMNS, "content"])
    .orderBy("opened_at", "desc")
    .orderBy("source", "desc")
    .orderBy("external_id", "desc")
    .limit(limit)
    .execute();
  return rows.map(lineOf);
}

function lineOf(row: Pick<Selectable<Schema["imported_cases"]>, (typeof COLUMNS)[number] | "content">): ImportedLine {
  const {parties, subject} = row.content;
  const last = parties.at(-1);
  return {
    id: importedId(row.source, row.external_id),
    kind: row.kind,
    class: row.class,
    asset: {kind: row.asset_kind, value: row.asset},
    state: row.state,
    openedAt: row.opened_at.toISOString(),
    party: last?.name ?? last?.contact ?? null,
    subject,
  };
}

/** An old case with all that was kept of it, when it was imported and by whom. */
export interface KeptImport {
  readonly line: ImportedLine;
  readonly content: KeptContent;
  readonly times: {readonly [Name in keyof ImportedTimes]: string | null};
  readonly added: {readonly by: string; readonly at: string};
  readonly changed: {readonly by: string; readonly at: string};
}

/** Returns an old case by its id. Throws case_unknown. */
export async function importedOf(db: Reading, id: string): Promise<KeptImport> {
  const row = await rowNamed(db, id);
  return {
    line: lineOf(row),
    content: row.content,
    times: {
      notifiedAt: isoOf(row.notified_at),
      answeredAt: isoOf(row.answered_at),
      verifiedAt: isoOf(row.verified_at),
    },
    added: {by: row.added_by, at: row.added_at.toISOString()},
    changed: {by: row.changed_by, at: row.changed_at.toISOString()},
  };
}

async function rowNamed(db: Reading, id: string): Promise<Selectable<Schema["imported_cases"]>> {
  const key = importedKey(id);
  const row =
    key === null
      ? undefined
      : await db
          .selectFrom("imported_cases")
          .selectAll()
          .where("source", "=", key.source)
          .where("external_id", "=", key.externalId)
          .executeTakeFirst();
  if (row === undefined) throw new WatchfloorError("case_unknown", id);
  return row;
}

/** Returns the old cases about an asset, those opened last first. */
export async function importedAbout(db: Reading, {kind, value}: AssetKey): Promise<ImportedLine[]> {
  const rows = await db
    .selectFrom("imported_cases")
    .select([...COLUMNS, "content"])
    .where("asset", "=", value)
    .where("asset_kind", "=", kind)
    .orderBy("opened_at", "desc")
    .limit(MOST_ABOUT)
    .execute();
  return rows.map(lineOf);
}

const MOST_ABOUT = 100;
