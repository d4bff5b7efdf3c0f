/** Takes in what may be a case: opens, joins and reopens in one transaction, each report and complaint once. */
import type {Kysely} from "kysely";
import {sql} from "kysely";
import {keyInYear, TLP_MARKS} from "../../model/cases/case.ts";
import {assetKey, type CaseAtWork, type CaseCandidate, type Opening} from "../../model/cases/case-change.ts";
import {named} from "../editions/people.ts";
import type {Schema} from "../postgres/schema.ts";
import {applyChanges, type Doing, lockCases} from "./changing.ts";
import {joinComplaint} from "./complaints.ts";
import {
  caseId,
  caseKey,
  factColumns,
  isAnyOf,
  lockOpening,
  NO_PROGRESS,
  reserveKeys,
  storedJson,
  type Work,
} from "./rows.ts";

/** What is there of the assets that candidates name. */
export interface KnownCases {
  readonly cases: ReadonlyMap<string, CaseAtWork>;
  /** Feeds that told of a case before, by its id. */
  readonly feedsOf: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Candidates and what decides on them. `year` is that of the new numbers. */
export interface Intake extends Doing {
  readonly candidates: readonly CaseCandidate[];
  readonly year: number;
  readonly plan: (candidates: readonly CaseCandidate[], known: KnownCases) => readonly Opening[];
}

/** What became of them: ids of the cases, in the order of the candidates. */
export interface TakenIn {
  readonly opened: readonly string[];
  readonly joined: readonly string[];
  readonly reopened: readonly string[];
  /** The case of each candidate. */
  readonly cases: readonly string[];
}

const ROWS_AT_ONCE = 1000;

/** Opens, joins and reopens cases, all or nothing. Whoever opens cases does it alone: one asset, one case. */
export function takeIn(db: Kysely<Schema>, intake: Intake): Promise<TakenIn> {
  return db.transaction().execute((work) => takeInside(work, intake));
}

/** The same inside a transaction, which should begin with it. */
export async function takeInside(work: Work, intake: Intake): Promise<TakenIn> {
  await lockOpening(work);
  const done: Done = {opened: [], joined: [], reopened: [], idOf: new Map()};
  for (let rest = onePerAsset(intake.candidates); rest.length > 0; ) {
    const known = await knownCases(work, rest);
    const [turn, later] = onePerCase(rest, known);
    await carryOut(work, intake, {plans: intake.plan(turn, known), done});
    rest = later;
  }
  const placed = intake.candidates.map((candidate) => [candidate, done.idOf.get(assetKey(candidate)) ?? ""] as const);
  await addFacts(work, placed, doingOf(intake));
  const {opened, joined, reopened} = done;
  return {opened, joined, reopened, cases: placed.map(([, id]) => id)};
}

/** What was done so far; `idOf` has the case of each asset. */
interface Done {
  readonly opened: string[];
  readonly joined: string[];
  readonly reopened: string[];
  readonly idOf: Map<string, string>;
}

async function carryOut(
  work: Work,
  intake: Intake,
  {plans, done}: {plans: readonly Opening[]; done: Done},
): Promise<void> {
  const openings = plans.filter((each) => each.do === "open");
  const ids = await openAll(work, openings, intake);
  for (const [n, {candidate}] of openings.entries()) done.idOf.set(assetKey(candidate), ids[n] ?? "");
  done.opened.push(...ids);
  const found = plans.filter((each) => each.do !== "open");
  const changes = found.flatMap(({there, change}) => (change === null ? [] : [{there, change}]));
  await applyChanges(work, changes, doingOf(intake));
  for (const {do: what, candidate, there} of found) {
    done.idOf.set(assetKey(candidate), there.case.id);
    (what === "join" ? done.joined : done.reopened).push(there.case.id);
  }
}

function doingOf({by, now}: Doing): Doing {
  return {by, now};
}

/** The first of each asset, with the strictest that is said of it: the others belong to its case. */
function onePerAsset(candidates: readonly CaseCandidate[]): CaseCandidate[] {
  const first = new Map<string, CaseCandidate>();
  for (const each of candidates) {
    const there = first.get(assetKey(each)) ?? each;
    const tlp = TLP_MARKS[Math.min(TLP_MARKS.indexOf(there.tlp), TLP_MARKS.indexOf(each.tlp))] ?? there.tlp;
    first.set(assetKey(each), {...there, tlp, isProtected: there.isProtected || each.isProtected});
  }
  return [...first.values()];
}

/** Of several assets of one case (others were merged into it) the second is decided on what the first has made of it. */
function onePerCase(
  candidates: readonly CaseCandidate[],
  {cases}: KnownCases,
): [turn: CaseCandidate[], later: CaseCandidate[]] {
  const taken = new Set<string>();
  const [turn, later]: [CaseCandidate[], CaseCandidate[]] = [[], []];
  for (const each of candidates) {
    const id = cases.get(assetKey(each))?.case.id;
    (id !== undefined && taken.has(id) ? later : turn).push(each);
    if (id !== undefined) taken.add(id);
  }
  return [turn, later];
}

async function knownCases(work: Work, candidates: readonly CaseCandidate[]): Promise<KnownCases> {
  const wanted = storedJson(candidates.map((each) => ({c: each.class, k: each.asset.kind, v: each.asset.value})));
  const {rows} = await sql<{class: string; asset_kind: string; asset: string; case: number}>`
    SELECT a.class, a.asset_kind, a.asset, a."case"
    FROM jsonb_to_recordset(${wanted}::jsonb) AS wanted (c text, k text, v text)
    JOIN case_assets AS a ON a.class || ' ' || a.asset_kind || ' ' || a.asset = wanted.c || ' ' || wanted.k || ' ' || wanted.v`.execute(
    work,
  );
  const keys = rows.map((row) => row.case);
  const there = new Map((await lockCases(work, keys)).map((each) => [caseKey(each.case.id), each]));
  const cases = new Map<string, CaseAtWork>();
  for (const row of rows) {
    const found = there.get(row.case);
    if (found !== undefined)
      cases.set(assetKey({class: row.class, asset: {kind: row.asset_kind, value: row.asset}}), found);
  }
  const told =
    keys.length === 0
      ? []
      : await work
          .selectFrom("case_sightings")
          .select(["case", "feed"])
          .distinct()
          .where(isAnyOf("case", keys))
          .execute();
  const feedsOf = new Map<string, Set<string>>();
  for (const {case: key, feed} of told) feedsOf.set(caseId(key), (feedsOf.get(caseId(key)) ?? new Set()).add(feed));
  return {cases, feedsOf};
}

type Open = Extract<Opening, {do: "open"}>;

async function openAll(work: Work, openings: readonly Open[], {year, by, now}: Intake): Promise<string[]> {
  if (openings.length === 0) return [];
  const first = await reserveKeys(work, "case", {year, count: openings.length});
  const keyed = openings.map((opening, n) => ({opening, key: keyInYear(year, first + n)}));
  for (let from = 0; from < keyed.length; from += ROWS_AT_ONCE) {
    const some = keyed.slice(from, from + ROWS_AT_ONCE);
    await work
      .insertInto("cases")
      .values(some.map((each) => caseColumns(each, now)))
      .execute();
    await work
      .insertInto("case_assets")
      .values(
        some.map(({opening: {candidate}, key}) => ({
          class: candidate.class,
          asset_kind: candidate.asset.kind,
          asset: candidate.asset.value,
          case: key,
        })),
      )
      .execute();
    await work
      .insertInto("case_rounds")
      .values(some.map(({key}) => ({case: key, round: 1, opened_at: now})))
      .execute();
    await work
      .insertInto("case_steps")
      .values(
        some.map(({opening: {candidate}, key}) => ({
          case: key,
          round: 1,
          step: "open" as const,
          from_state: null,
          to_state: "open" as const,
          note: null,
          data: storedJson({source: candidate.source, rule: candidate.rule, borderTests: candidate.borderTests}),
          done_by: named(by),
          done_at: now,
        })),
      )
      .execute();
  }
  return keyed.map(({key}) => caseId(key));
}

function caseColumns({opening: {candidate, actAt, look}, key}: {opening: Open; key: number}, now: Date) {
  const {facts, asset} = candidate;
  return {
    id: key,
    class: candidate.class,
    asset_kind: asset.kind,
    asset: asset.value,
    facts: storedJson(facts),
    ...factColumns(facts),
    state: "open" as const,
    round: 1,
    severity: candidate.severity,
    tlp: candidate.tlp,
    source: candidate.source,
    rule: candidate.rule,
    parties: [...candidate.parties],
    is_urgent: candidate.isUrgent,
    is_protected: candidate.isProtected,
    border_tests: [...candidate.borderTests],
    progress: NO_PROGRESS,
    opened_at: now,
    changed_at: now,
    version: 1,
    act_at: new Date(actAt),
    look_at: look === null ? null : new Date(look.at),
    look_kind: look?.kind ?? null,
  };
}

/** Sightings, URLs and complaints, each once. */
async function addFacts(work: Work, placed: readonly Placed[], doing: Doing): Promise<void> {
  await addSightings(work, placed);
  await addUrls(work, placed, doing.now);
  for (const [{complaint}, id] of placed) if (complaint !== null) await joinComplaint(work, {complaint, id, ...doing});
}

type Placed = readonly [CaseCandidate, string];

async function addSightings(work: Work, placed: readonly Placed[]): Promise<void> {
  const rows = placed.flatMap(([{sighting: each}, id]) =>
    each === null
      ? []
      : [
          {
            case: caseKey(id),
            report: each.report,
            feed: each.feed,
            line: each.line,
            events: each.events,
            first_seen_at: new Date(each.firstSeenAt),
            last_seen_at: new Date(each.lastSeenAt),
          },
        ],
  );
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await work
      .insertInto("case_sightings")
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .onConflict((conflict) => conflict.columns(["case", "report"]).doNothing())
      .execute();
  }
}

async function addUrls(work: Work, placed: readonly Placed[], now: Date): Promise<void> {
  const urls = placed.flatMap(([candidate, id]) => candidate.urls.map((url) => ({url, key: caseKey(id)})));
  for (let from = 0; from < urls.length; from += ROWS_AT_ONCE) {
    const rows = storedJson(urls.slice(from, from + ROWS_AT_ONCE));
    await sql`
      INSERT INTO case_urls ("case", round, url, added_at)
      SELECT c.id, c.round, u.url, ${now}
      FROM jsonb_to_recordset(${rows}::jsonb) AS u (key bigint, url text)
      JOIN cases AS c ON c.id = u.key
      ON CONFLICT DO NOTHING`.execute(work);
  }
}

/** Adds a URL to the present round of a case; once is enough. */
export async function addUrl(
  work: Work,
  {id, url, now}: {readonly id: string; readonly url: string; readonly now: Date},
): Promise<void> {
  await sql`
    INSERT INTO case_urls ("case", round, url, added_at)
    SELECT id, round, ${url}, ${now} FROM cases WHERE id = ${caseKey(id)}
    ON CONFLICT DO NOTHING`.execute(work);
}
