/** What concerns two cases: merging, splitting, linking; and the files of a case. */
import {type Kysely, sql} from "kysely";
import type {AssetKey} from "../../model/cases/case.ts";
import {keyInYear} from "../../model/cases/case.ts";
import type {CaseAtWork, CaseChange} from "../../model/cases/case-change.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {named} from "../editions/people.ts";
import type {Schema} from "../postgres/schema.ts";
import {applyChange, caseOfId, type Doing, lockCase, lockCases} from "./changing.ts";
import type {CaseFile} from "./lists.ts";
import {caseId, caseKey, lockOpening, NO_PROGRESS, reserveKeys, type Work} from "./rows.ts";

interface Pair {
  readonly from: CaseAtWork;
  readonly into: CaseAtWork;
}

/**
 * Merges a case into another: what is reported of its assets, its complaints, URLs and files belong to that one from now on.
 * Throws case_unknown, and what `decide` throws.
 */
export function mergeCases(
  db: Kysely<Schema>,
  {
    from,
    into,
    decide,
    ...doing
  }: Doing & {
    readonly from: string;
    readonly into: string;
    readonly decide: (pair: Pair) => {readonly from: CaseChange; readonly into: CaseChange};
  },
): Promise<CaseAtWork> {
  return db.transaction().execute(async (work) => {
    await lockOpening(work); // what comes in at this moment belongs to the case that stands afterwards
    const both = await lockCases(work, [caseKey(from), caseKey(into)]);
    const [one, other] = [from, into].map((id) => both.find((each) => each.case.id === caseId(caseKey(id))));
    if (one === undefined || other === undefined)
      throw new WatchfloorError("case_unknown", one === undefined ? from : into);
    const changes = decide({from: one, into: other});
    await applyChange(work, one, {change: changes.from, ...doing});
    await applyChange(work, other, {change: changes.into, ...doing});
    await moveMatter(work, {from: caseKey(one.case.id), into: caseKey(other.case.id), now: doing.now});
    return caseOfId(work, other.case.id);
  });
}

async function moveMatter(work: Work, {from, into, now}: {from: number; into: number; now: Date}): Promise<void> {
  await work.updateTable("case_assets").set({case: into}).where("case", "=", from).execute();
  await work.updateTable("complaints").set({case: into, changed_at: now}).where("case", "=", from).execute();
  await sql`
    INSERT INTO case_sightings ("case", report, feed, line, events, first_seen_at, last_seen_at)
    SELECT ${into}, report, feed, line, events, first_seen_at, last_seen_at FROM case_sightings WHERE "case" = ${from}
    ON CONFLICT DO NOTHING`.execute(work);
  await sql`
    INSERT INTO case_urls ("case", round, url, added_at)
    SELECT c.id, c.round, u.url, ${now} FROM case_urls AS u JOIN cases AS c ON c.id = ${into} WHERE u."case" = ${from}
    ON CONFLICT DO NOTHING`.execute(work);
  await sql`
    INSERT INTO case_files ("case", sha256, name, type, bytes, added_by, added_at)
    SELECT ${into}, sha256, name, type, bytes, added_by, added_at FROM case_files WHERE "case" = ${from}`.execute(work);
}

/** Which asset is taken out of which case. `isLookedAt`: a look can see whether it is there. */
export interface Splitting {
  readonly id: string;
  readonly asset: AssetKey;
  readonly year: number;
  readonly isLookedAt: boolean;
}

/**
 * Takes an asset out of a case that has several and opens a case of its own for it, which begins where this one began.
 * Returns the new case. Throws case_unknown, case_step_not_allowed when the asset is not one of several.
 */
export function splitCase(
  db: Kysely<Schema>,
  {id, asset, year, isLookedAt, by, now}: Splitting & Doing,
): Promise<CaseAtWork> {
  return db.transaction().execute(async (work) => {
    await lockOpening(work);
    await lockCase(work, id);
    const key = caseKey(id);
    const assets = await work.selectFrom("case_assets").selectAll().where("case", "=", key).execute();
    const isThere = assets.some((each) => each.asset_kind === asset.kind && each.asset === asset.value);
    if (!isThere || assets.length < 2)
      throw new WatchfloorError("case_step_not_allowed", `${asset.value} is not one of several assets of ${id}`);
    const fresh = keyInYear(year, await reserveKeys(work, "case", {year, count: 1}));
    await copyCase(work, {from: key, to: fresh, asset, now});
    if (isLookedAt)
      await work.updateTable("cases").set({look_at: now, look_kind: "plan"}).where("id", "=", fresh).execute();
    const owned = {asset_kind: asset.kind, asset: asset.value};
    await work
      .updateTable("case_assets")
      .set({case: fresh})
      .where("case", "=", key)
      .where("asset_kind", "=", owned.asset_kind)
      .where("asset", "=", owned.asset)
      .execute();
    await work.insertInto("case_rounds").values({case: fresh, round: 1, opened_at: now}).execute();
    await takeFacts(work, {from: key, to: fresh, asset});
    await moveUrl(work, {from: key, to: fresh, url: asset.value, now});
    await keepAnAsset(work, {key, assets, asset});
    const changed = await lockCase(work, id);
    await applyChange(work, changed, {change: {steps: [{step: "split", data: {case: caseId(fresh), asset}}]}, by, now});
    await work
      .insertInto("case_steps")
      .values({
        case: fresh,
        round: 1,
        step: "split-off",
        from_state: null,
        to_state: "open",
        note: null,
        data: JSON.stringify({case: id}),
        done_by: named(by),
        done_at: now,
      })
      .execute();
    return caseOfId(work, caseId(fresh));
  });
}

async function copyCase(
  work: Work,
  {from, to, asset, now}: {from: number; to: number; asset: AssetKey; now: Date},
): Promise<void> {
  await sql`
    INSERT INTO cases (id, class, asset_kind, asset, facts, brand, brand_sector, sector, province, scope, state, round,
      severity, tlp, source, rule, parties, is_urgent, is_protected, border_tests, progress, opened_at, changed_at, version, act_at)
    SELECT ${to}, class, ${asset.kind}, ${asset.value}, facts, brand, brand_sector, sector, province, scope, 'open', 1,
      severity, tlp, source, rule, parties, is_urgent, is_protected, border_tests, ${NO_PROGRESS}::jsonb, ${now}, ${now}, 1, ${now}
    FROM cases WHERE id = ${from}`.execute(work);
}

/** A case is called after one of the assets that it still has. */
async function keepAnAsset(
  work: Work,
  {key, assets, asset}: {key: number; assets: readonly {asset_kind: string; asset: string}[]; asset: AssetKey},
): Promise<void> {
  const left = assets.find((each) => each.asset_kind !== asset.kind || each.asset !== asset.value);
  if (left === undefined) return;
  const {numUpdatedRows} = await work
    .updateTable("cases")
    .set({asset_kind: left.asset_kind, asset: left.asset})
    .where("id", "=", key)
    .where("asset", "=", asset.value)
    .where("asset_kind", "=", asset.kind)
    .executeTakeFirst();
  if (numUpdatedRows > 0n)
    await takeFacts(work, {from: key, to: key, asset: {kind: left.asset_kind, value: left.asset}});
}

/** A case that was merged into another still knows its own asset: what is stated of that is taken from there. */
async function takeFacts(work: Work, {from, to, asset}: {from: number; to: number; asset: AssetKey}): Promise<void> {
  await sql`
    UPDATE cases SET facts = own.facts, brand = own.brand, brand_sector = own.brand_sector, sector = own.sector,
      province = own.province, scope = own.scope, border_tests = own.border_tests,
      is_protected = cases.is_protected OR own.is_protected
    FROM (
      SELECT * FROM cases WHERE merged_into = ${from} AND asset_kind = ${asset.kind} AND asset = ${asset.value}
      ORDER BY id DESC LIMIT 1) AS own
    WHERE cases.id = ${to}`.execute(work);
}

/** A page that is a case of its own is looked at there, and not here any more. */
async function moveUrl(
  work: Work,
  {from, to, url, now}: {from: number; to: number; url: string; now: Date},
): Promise<void> {
  const {numDeletedRows} = await work
    .deleteFrom("case_urls")
    .where("case", "=", from)
    .where("url", "=", url)
    .executeTakeFirst();
  if (numDeletedRows > 0n)
    await work.insertInto("case_urls").values({case: to, round: 1, url, added_at: now}).execute();
}

/** Links two cases, both ways. Once is enough. Throws case_unknown, case_step_not_allowed for one case. */
export function linkCases(
  db: Kysely<Schema>,
  {id, other, by, now}: Doing & {readonly id: string; readonly other: string},
): Promise<void> {
  return db.transaction().execute(async (work) => {
    const [one, two] = [caseKey(id), caseKey(other)];
    if (one === two) throw new WatchfloorError("case_step_not_allowed", `${id} is one case`);
    const both = await lockCases(work, [one, two]);
    if (both.length < 2)
      throw new WatchfloorError("case_unknown", both.some((each) => each.case.id === id) ? other : id);
    const rows = [
      {case: one, other: two, added_at: now},
      {case: two, other: one, added_at: now},
    ];
    const added = await work
      .insertInto("case_links")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (added.numInsertedOrUpdatedRows === 0n) return;
    for (const [n, there] of both.entries())
      await applyChange(work, there, {
        change: {steps: [{step: "link", data: {case: both[1 - n]?.case.id ?? ""}}]},
        by,
        now,
      });
  });
}

/** Adds a kept file to a case. Throws case_unknown. */
export function attachFile(
  db: Kysely<Schema>,
  {id, file, by, now}: Doing & {readonly id: string; readonly file: Omit<CaseFile, "by" | "at">},
): Promise<void> {
  return db.transaction().execute(async (work) => {
    const there = await lockCase(work, id);
    await work
      .insertInto("case_files")
      .values({case: caseKey(id), ...file, added_by: named(by), added_at: now})
      .execute();
    await applyChange(work, there, {
      change: {steps: [{step: "attach", note: file.name, data: {sha256: file.sha256}}]},
      by,
      now,
    });
  });
}
