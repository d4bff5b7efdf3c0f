/**
 * Fetching each feed: who is at it, what it brought, what is remembered for the next time. One fetch of a feed at a time:
 * it is held by a lease that its process keeps renewing, and by a token that grows, so that a process that was stopped
 * and comes back later cannot write over what another one did meanwhile.
 */
import {type Kysely, type Selectable, sql, type Transaction} from "kysely";
import {WatchfloorError} from "../model/errors.ts";
import type {Bilingual} from "../model/format.ts";
import type {Schema} from "./postgres/schema.ts";

/** What a source remembers from one fetch to the next, such as an ETag or the last mail read. */
export type FetchMemory = Readonly<Record<string, unknown>>;

/** The right to fetch a feed. */
export interface FetchLease {
  readonly feed: string;
  readonly token: number;
  readonly memory: FetchMemory;
}

/** What is wrong, as a code and in words that a person understands. */
export interface FetchProblem {
  readonly code: string;
  readonly words: Bilingual;
}

/** How one fetch ended. `lost`: its process died, and another one took over. */
export type FetchOutcome = Selectable<Schema["fetch_runs"]>["outcome"];

/** What one fetch brought. `received` counts the lines of new reports; `refused` what could not be taken in. */
export interface FetchCounts {
  readonly reports: number;
  readonly newReports: number;
  readonly received: number;
  readonly refused: number;
}

/** One fetch, as it is kept. */
export interface FetchRun extends FetchCounts {
  readonly feed: string;
  readonly begunAt: Date;
  readonly endedAt: Date;
  readonly outcome: FetchOutcome;
  readonly problem: FetchProblem | null;
}

/** How it stands with fetching one feed. `reportAt` is when the newest report that was new came in. */
export interface FetchState {
  readonly feed: string;
  readonly isRunning: boolean;
  readonly runAt: Date | null;
  readonly successAt: Date | null;
  readonly reportAt: Date | null;
  /** Fetches in a row that have failed. */
  readonly failures: number;
  readonly problem: (FetchProblem & {readonly at: Date}) | null;
}

const IS_HELD = sql<boolean>`coalesce(lease_until > clock_timestamp(), false)`;
const leaseEnd = (seconds: number) => sql<Date>`clock_timestamp() + make_interval(secs => ${seconds})`;

/** Begins a fetch; null while another process is at it. A fetch whose process died is noted as lost and taken over. */
export async function beginFetch(
  db: Kysely<Schema>,
  {feed, by, leaseSeconds}: {readonly feed: string; readonly by: string; readonly leaseSeconds: number},
  now: Date,
): Promise<FetchLease | null> {
  await db
    .insertInto("fetch_states")
    .values({feed})
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return db.transaction().execute(async (work) => {
    const found = await work
      .selectFrom("fetch_states")
      .select(["token", "begun_at", IS_HELD.as("isHeld")])
      .where("feed", "=", feed)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (found.isHeld) return null;
    if (found.begun_at !== null) await noteLost(work, {feed, token: found.token, begunAt: found.begun_at}, now);
    return work
      .updateTable("fetch_states")
      .set({token: found.token + 1, lease_until: leaseEnd(leaseSeconds), held_by: by, begun_at: now})
      .where("feed", "=", feed)
      .returning(["feed", "token", "memory"])
      .executeTakeFirstOrThrow();
  });
}

async function noteLost(
  work: Transaction<Schema>,
  {feed, token, begunAt}: {feed: string; token: number; begunAt: Date},
  now: Date,
): Promise<void> {
  const counts = {reports: 0, new_reports: 0, received: 0, refused: 0};
  await work
    .insertInto("fetch_runs")
    .values({feed, token, begun_at: begunAt, ended_at: now, outcome: "lost", ...counts})
    .execute();
}

/** Renews the lease. Throws fetch_overtaken when another process has taken the fetch over. */
export async function renewFetch(db: Kysely<Schema>, lease: FetchLease, leaseSeconds: number): Promise<void> {
  const renewed = await db
    .updateTable("fetch_states")
    .set({lease_until: leaseEnd(leaseSeconds)})
    .where("feed", "=", lease.feed)
    .where("token", "=", lease.token)
    .where("begun_at", "is not", null)
    .executeTakeFirst();
  if (renewed.numUpdatedRows === 0n) throw overtaken(lease);
}

/**
 * Ends the fetch: its run is kept, and on success what is to be remembered (null changes nothing).
 * Throws fetch_overtaken; then nothing is written.
 */
export async function endFetch(
  db: Kysely<Schema>,
  lease: FetchLease,
  {run, memory}: {readonly run: FetchRun; readonly memory: FetchMemory | null},
): Promise<void> {
  const {problem, outcome} = run;
  const isSuccess = outcome !== "failed";
  const said = {
    error_code: problem?.code ?? null,
    error_zh: problem?.words.zh ?? null,
    error_en: problem?.words.en ?? null,
  };
  await db.transaction().execute(async (work) => {
    const ended = await work
      .updateTable("fetch_states")
      .set((column) => ({
        lease_until: null,
        held_by: null,
        begun_at: null,
        run_at: run.begunAt,
        failures: isSuccess ? 0 : sql<number>`${column.ref("failures")} + 1`,
        ...said,
        error_at: problem === null ? null : run.endedAt,
        ...(isSuccess ? {success_at: run.endedAt} : {}),
        ...(run.newReports > 0 ? {report_at: run.endedAt} : {}),
        ...(memory === null ? {} : {memory: JSON.stringify(memory)}),
      }))
      .where("feed", "=", lease.feed)
      .where("token", "=", lease.token)
      .where("begun_at", "is not", null)
      .executeTakeFirst();
    if (ended.numUpdatedRows === 0n) throw overtaken(lease);
    await work.insertInto("fetch_runs").values(runRow(run, lease.token)).execute();
  });
}

function runRow(run: FetchRun, token: number) {
  return {
    feed: run.feed,
    token,
    begun_at: run.begunAt,
    ended_at: run.endedAt,
    outcome: run.outcome,
    reports: run.reports,
    new_reports: run.newReports,
    received: run.received,
    refused: run.refused,
    error_code: run.problem?.code ?? null,
    error_zh: run.problem?.words.zh ?? null,
    error_en: run.problem?.words.en ?? null,
  };
}

/** Returns how it stands with every feed that was ever fetched, by name. */
export async function fetchStates(db: Kysely<Schema>): Promise<Map<string, FetchState>> {
  const rows = await db.selectFrom("fetch_states").selectAll().select(IS_HELD.as("isHeld")).execute();
  return new Map(rows.map((row) => [row.feed, stateOf(row)]));
}

function stateOf(row: Selectable<Schema["fetch_states"]> & {isHeld: boolean}): FetchState {
  const {error_at: at, error_code: code, error_zh: zh, error_en: en} = row;
  return {
    feed: row.feed,
    isRunning: row.isHeld,
    runAt: row.run_at,
    successAt: row.success_at,
    reportAt: row.report_at,
    failures: row.failures,
    problem: at === null || code === null || zh === null || en === null ? null : {at, code, words: {zh, en}},
  };
}

/** Returns the newest runs of a feed, newest first; only those that brought something new when `isDelivering`. */
export async function fetchRuns(
  db: Kysely<Schema>,
  feed: string,
  {limit, isDelivering = false}: {readonly limit: number; readonly isDelivering?: boolean},
): Promise<FetchRun[]> {
  const rows = await db
    .selectFrom("fetch_runs")
    .selectAll()
    .where("feed", "=", feed)
    .$if(isDelivering, (query) => query.where("new_reports", ">", 0))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(({error_code: code, error_zh: zh, error_en: en, ...row}) => ({
    feed: row.feed,
    begunAt: row.begun_at,
    endedAt: row.ended_at,
    outcome: row.outcome,
    reports: row.reports,
    newReports: row.new_reports,
    received: row.received,
    refused: row.refused,
    problem: code === null || zh === null || en === null ? null : {code, words: {zh, en}},
  }));
}

/** Returns what to throw when the lease is another's by now. */
export function overtaken(lease: FetchLease): WatchfloorError {
  return new WatchfloorError("fetch_overtaken", lease.feed);
}
