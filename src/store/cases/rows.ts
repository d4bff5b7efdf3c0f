/** Cases as they lie in their tables: rows to cases and back. */
import {type Insertable, type Kysely, type RawBuilder, type Selectable, sql, type Transaction} from "kysely";
import {type Case, type CaseRound, type CaseStep, keyOfShown, shownId} from "../../model/cases/case.ts";
import type {CaseAtWork, CaseChange, Progress} from "../../model/cases/case-change.ts";
import {WatchfloorError} from "../../model/errors.ts";
import type {Schema} from "../postgres/schema.ts";

/** A transaction in which cases are changed. */
export type Work = Transaction<Schema>;

const PREFIX = "WF";

/** Returns the key of a case's id. Throws case_unknown when it is none. */
export function caseKey(id: string): number {
  const key = keyOfShown(PREFIX, id);
  if (key === null) throw new WatchfloorError("case_unknown", `"${id}"`);
  return key;
}

/** Returns the id of a case as it is shown. */
export function caseId(key: number): string {
  return shownId(PREFIX, key);
}

/** Returns the condition that a column is one of these keys, however many: a list of parameters ends at 65,535. */
export function isAnyOf(column: string, keys: Iterable<number>): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} = ANY(${[...new Set(keys)]}::bigint[])`;
}

/** Returns a value as JSON that the database takes: it knows no NUL and no half of a character. */
export function storedJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "string" ? each.replaceAll("\0", "\uFFFD").toWellFormed() : each,
  );
}

/** Returns the case of a row. */
function caseOf(row: Selectable<Schema["cases"]>): Case {
  return {
    id: caseId(row.id),
    class: row.class,
    asset: {kind: row.asset_kind, value: row.asset},
    facts: row.facts,
    state: row.state,
    round: row.round,
    severity: row.severity,
    tlp: row.tlp,
    source: row.source,
    rule: row.rule,
    isUrgent: row.is_urgent,
    isProtected: row.is_protected,
    borderTests: row.border_tests,
    assignee: row.assignee,
    party: row.party,
    mergedInto: row.merged_into === null ? null : caseId(row.merged_into),
    openedAt: row.opened_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
    version: row.version,
  };
}

/** Returns a case with its present round. */
export function caseAtWork(row: Selectable<Schema["cases"]>, round: Selectable<Schema["case_rounds"]>): CaseAtWork {
  return {
    case: caseOf(row),
    round: roundOf(round),
    parties: row.parties,
    partyKind: row.party_kind,
    releaseAskedBy: row.release_asked_by,
    releasedBy: row.released_by,
    waitsFor: row.waits_for,
    progress: row.progress,
    actAt: isoOf(row.act_at),
    look: row.look_at === null || row.look_kind === null ? null : {at: row.look_at.toISOString(), kind: row.look_kind},
  };
}

/** Returns the round of a row. */
export function roundOf(row: Selectable<Schema["case_rounds"]>): CaseRound {
  return {
    round: row.round,
    openedAt: row.opened_at.toISOString(),
    notifiedAt: isoOf(row.notified_at),
    acknowledgedAt: isoOf(row.acknowledged_at),
    resolvedAt: isoOf(row.resolved_at),
    verifiedAt: isoOf(row.verified_at),
    dismissedAt: isoOf(row.dismissed_at),
    dismissedBy: row.dismissed_by,
    answeredAt: isoOf(row.answered_at),
    goneAt: isoOf(row.gone_at),
  };
}

/** Returns the row of a case's round after a change. Times stay ISO 8601. */
export function changedRound({case: one, round: old, partyKind}: CaseAtWork, {round = old, party}: CaseChange) {
  return {
    case: caseKey(one.id),
    round: round.round,
    opened_at: round.openedAt,
    notified_at: round.notifiedAt,
    acknowledged_at: round.acknowledgedAt,
    resolved_at: round.resolvedAt,
    verified_at: round.verifiedAt,
    dismissed_at: round.dismissedAt,
    dismissed_by: round.dismissedBy,
    answered_at: round.answeredAt,
    gone_at: round.goneAt,
    ...partyColumns({id: one.party, kind: partyKind}, party),
  };
}

/** Returns what may change of a case's row, after a change, with the key and the version that it has now. */
export function changedRow(there: CaseAtWork, change: CaseChange) {
  const {case: one} = there;
  const facts = change.facts ?? one.facts;
  const look = change.look === undefined ? there.look : change.look;
  return {
    id: caseKey(one.id),
    version: one.version,
    state: change.state ?? one.state,
    round: change.round?.round ?? one.round,
    facts,
    ...factColumns(facts),
    severity: change.severity ?? one.severity,
    tlp: change.tlp ?? one.tlp,
    is_protected: change.isProtected ?? one.isProtected,
    release_asked_by: change.releaseAskedBy === undefined ? there.releaseAskedBy : change.releaseAskedBy,
    released_by: change.releasedBy === undefined ? there.releasedBy : change.releasedBy,
    border_tests: change.borderTests ?? one.borderTests,
    assignee: change.assignee === undefined ? one.assignee : change.assignee,
    ...partyColumns({id: one.party, kind: there.partyKind}, change.party),
    waits_for: change.waitsFor === undefined ? there.waitsFor : change.waitsFor,
    progress: change.progress ?? there.progress,
    merged_into: keyOrNull(change.mergedInto ?? one.mergedInto),
    act_at: change.actAt === undefined ? there.actAt : change.actAt,
    look_at: look?.at ?? null,
    look_kind: look?.kind ?? null,
  };
}

function partyColumns(old: {id: number | null; kind: string | null}, party: CaseChange["party"]) {
  if (party === undefined) return {party: old.id, party_kind: old.kind};
  return {party: party?.id ?? null, party_kind: party?.kind ?? null};
}

function keyOrNull(id: string | null): number | null {
  return id === null ? null : caseKey(id);
}

/** How far a round has come that has not begun. */
export const NO_PROGRESS = JSON.stringify({chain: [], assignment: null, handedAt: null} satisfies Progress);

/** Returns the facts that cases are listed and counted by. */
export function factColumns(
  facts: Case["facts"],
): Pick<Insertable<Schema["cases"]>, "brand" | "brand_sector" | "sector" | "province" | "scope"> {
  const {brand, brandSector, sector, province, scope} = facts;
  return {brand, brand_sector: brandSector, sector, province, scope};
}

/** Returns the line of history of a row. */
export function stepOf(row: Selectable<Schema["case_steps"]>): CaseStep {
  return {
    id: row.id,
    round: row.round,
    step: row.step,
    from: row.from_state,
    to: row.to_state,
    note: row.note,
    data: row.data,
    by: row.done_by,
    at: row.done_at.toISOString(),
  };
}

const OPENING = 7_465_002; // any number; all versions of the product use this one

/**
 * Whoever opens cases, takes complaints in, or looks which case a thing belongs to, and whoever changes that, does it alone
 * until the transaction ends: one asset, one case. It comes before the lock of any case.
 */
export async function lockOpening(work: Work): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${OPENING})`.execute(work);
}

/** Returns the next `count` keys of a kind in a year: the first of them. They are never given out again. */
export async function reserveKeys(
  work: Work,
  kind: string,
  {year, count}: {year: number; count: number},
): Promise<number> {
  const row = await work
    .insertInto("numbers")
    .values({kind, year, last: count})
    .onConflict((conflict) =>
      conflict.columns(["kind", "year"]).doUpdateSet((set) => ({last: set("numbers.last", "+", count)})),
    )
    .returning("last")
    .executeTakeFirstOrThrow();
  return row.last - count + 1;
}

/** A database or a transaction on it. */
export type Reading = Kysely<Schema>;

/** Returns the pattern that finds a text inside texts in small letters. */
export function likePattern(search: string): string {
  return `%${search
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, "\\$&")}%`;
}

/** Returns a time as ISO 8601, or null. */
export function isoOf(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
