/**
 * Fetches a feed: what its source offers is taken in one by one, and each is noted only after it is durable. Whatever is
 * broken off is done again the next time; a report that is in already counts once, for it is known by its bytes.
 */
import {hostname} from "node:os";
import type {Kysely} from "kysely";
import {WatchfloorError} from "../../model/errors.ts";
import {removeStale} from "../../store/durable.ts";
import {knownItems, noteItems} from "../../store/fetches/items.ts";
import {
  beginFetch,
  endFetch,
  type FetchLease,
  type FetchMemory,
  type FetchProblem,
  type FetchRun,
  renewFetch,
} from "../../store/fetches.ts";
import type {Schema} from "../../store/postgres/schema.ts";
import {scratchFolder} from "../../store/report-records.ts";
import {ingestDelivery} from "../flow.ts";
import {feedOf, type House} from "../house.ts";
import {FAILURES, type FailureCode, FetchError, failureOf, isOfReport, problemOf} from "./failures.ts";
import {fromFolder} from "./from-folder.ts";
import {fromHttp} from "./from-http.ts";
import {fromImap} from "./from-imap.ts";
import {fromShadowserver} from "./from-shadowserver.ts";
import type {FetchConfig} from "./schema.ts";
import type {FetchWork, Offer, Source} from "./work.ts";

/** How a feed is fetched. */
export interface Fetching {
  readonly now: Date;
  /** Breaks it off. */
  readonly signal?: AbortSignal;
  /** How long the fetch is ours without a sign of life; it is renewed in a third of that. */
  readonly leaseSeconds?: number;
}

/** What a fetch brought; `isPassing` when it failed by something that may pass by itself. */
export interface Fetched extends FetchRun {
  readonly isPassing: boolean;
}

const LEASE_SECONDS = 45;

/**
 * Fetches a feed now, whether it is due or not, and returns what it brought; also a failure is returned, and kept.
 * Throws feed_unknown, feed_not_fetched, fetch_running, fetch_overtaken, database_unavailable, and a bug once it is kept.
 */
export async function fetchFeed(house: House, name: string, how: Fetching): Promise<Fetched> {
  const {feed} = feedOf(house, name);
  if (feed.fetch === undefined) throw new WatchfloorError("feed_not_fetched", name);
  const {db} = await house.database();
  const leaseSeconds = how.leaseSeconds ?? LEASE_SECONDS;
  const lease = await beginFetch(db, {feed: name, by: `${hostname()} ${process.pid}`, leaseSeconds}, how.now);
  if (lease === null) throw new WatchfloorError("fetch_running", name);
  await removeStale(scratchFolder(house.home), new Date()); // of a download that was killed
  const kept = keepLease(db, {lease, leaseSeconds, stop: how.signal});
  try {
    const {tally, memory, failure} = await takeAll({house, db, lease, now: how.now, signal: kept.signal}, feed.fetch);
    kept.signal.throwIfAborted(); // overtaken: nothing is to be said any more
    const run = runOf({feed: name, begunAt: how.now, endedAt: endOf(how.now, kept.startedAt)}, tally, failure);
    await endFetch(db, lease, {run, memory});
    if (failure?.code === "fault") throw failure.cause; // a bug is left to whoever called
    return {...run, isPassing: failure !== null && FAILURES[failure.code].isPassing};
  } catch (error) {
    if (how.signal?.aborted === true) await endStopped(db, lease, how.now);
    throw error;
  } finally {
    kept.end();
  }
}

/** What counts is the time that was handed in; how long it took is added to it. */
function endOf(now: Date, startedAt: number): Date {
  return new Date(now.getTime() + Math.round(performance.now() - startedAt));
}

interface Taking {
  readonly house: House;
  readonly db: Kysely<Schema>;
  readonly lease: FetchLease;
  readonly now: Date;
  readonly signal: AbortSignal;
}

interface Tally {
  reports: number;
  newReports: number;
  received: number;
  refused: number;
  lastRefusal: FetchProblem | null;
}

interface Taken {
  readonly tally: Tally;
  /** Null when the source was not seen through. */
  readonly memory: FetchMemory | null;
  readonly failure: FetchError | null;
}

async function takeAll(taking: Taking, config: FetchConfig): Promise<Taken> {
  const tally: Tally = {reports: 0, newReports: 0, received: 0, refused: 0, lastRefusal: null};
  const offers = sourceOf(config, workOf(taking));
  try {
    for (;;) {
      const next = await offers.next();
      if (next.done === true) return {tally, memory: next.value, failure: null};
      taking.signal.throwIfAborted();
      await takeOffer(next.value, taking, tally);
    }
  } catch (error) {
    taking.signal.throwIfAborted();
    return {tally, memory: null, failure: failureOf(error)};
  } finally {
    await offers.return({});
  }
}

/** One that cannot be read does not keep the rest from being taken; where it is all there is, the fetch has failed. */
async function takeOffer(offer: Offer, taking: Taking, tally: Tally): Promise<void> {
  const {house, db, lease, now} = taking;
  let code: string | null = null;
  try {
    for await (const delivery of offer.deliveries()) {
      for await (const report of ingestDelivery(house, delivery, {feed: lease.feed, fetchedAt: offer.fetchedAt, now})) {
        tally.reports++;
        if (report.duplicate) continue;
        tally.newReports++;
        tally.received += report.received;
      }
    }
  } catch (error) {
    if (offer.item === null || !(isOfReport(error) || isGoneReport(error))) throw error;
    const failure = failureOf(error);
    code = failure.code;
    tally.refused++;
    tally.lastRefusal = problemOf(new FetchError(failure.code, `${offer.name}: ${failure.about}`, error));
    if (isGoneReport(error)) return; // it may be there the next time: nothing is noted
  }
  if (offer.item !== null)
    await noteItems(db, lease, {items: [{item: offer.item, outcome: code === null ? "taken" : "refused", code}], now});
  await offer.settle(code !== null);
}

/** A single report of a list that is not there, or too large, says nothing about the others. */
function isGoneReport(error: unknown): boolean {
  const codes: readonly FailureCode[] = ["not-there", "too-large"];
  return error instanceof FetchError && codes.includes(error.code);
}

function sourceOf({from}: FetchConfig, work: FetchWork): Source {
  if (from.http !== undefined) return fromHttp(from.http, work);
  if (from.folder !== undefined) return fromFolder(from.folder, work);
  if (from.imap !== undefined) return fromImap(from.imap, work);
  if (from.shadowserver !== undefined) return fromShadowserver(from.shadowserver, work);
  throw new Error("the configuration names no source");
}

function workOf({house, db, lease, now, signal}: Taking): FetchWork {
  const {limits, profile} = house.config;
  return {
    home: house.home,
    scratch: scratchFolder(house.home),
    zone: profile.zone,
    isStandingList: feedOf(house, lease.feed).format.isStandingList === true,
    limits,
    now,
    signal,
    memory: lease.memory,
    known: (items) => knownItems(db, lease, {items, now}),
    note: (items) => noteItems(db, lease, {items, now}),
  };
}

function runOf(
  base: Pick<FetchRun, "feed" | "begunAt" | "endedAt">,
  tally: Tally,
  failure: FetchError | null,
): FetchRun {
  const {lastRefusal, ...counts} = tally;
  if (failure !== null) return {...base, ...counts, outcome: "failed", problem: problemOf(failure)};
  if (lastRefusal !== null) return {...base, ...counts, outcome: "partial", problem: lastRefusal};
  return {...base, ...counts, outcome: tally.newReports > 0 ? "fetched" : "unchanged", problem: null};
}

/** Told to stop, the feed is given free at once, so that the next start need not wait for the lease to run out. */
async function endStopped(db: Kysely<Schema>, lease: FetchLease, now: Date): Promise<void> {
  const counts = {reports: 0, newReports: 0, received: 0, refused: 0};
  const problem = problemOf(new FetchError("stopped", ""));
  const run: FetchRun = {feed: lease.feed, begunAt: now, endedAt: now, ...counts, outcome: "failed", problem};
  await endFetch(db, lease, {run, memory: null}).catch(() => {}); // then the lease runs out
}

interface KeptLease {
  readonly signal: AbortSignal;
  readonly startedAt: number;
  end(): void;
}

/** Renews the lease while the fetch goes on; when it is another's by now, the fetch is broken off. */
function keepLease(
  db: Kysely<Schema>,
  {lease, leaseSeconds, stop}: {lease: FetchLease; leaseSeconds: number; stop: AbortSignal | undefined},
): KeptLease {
  const lost = new AbortController();
  const timer = setInterval(
    () => {
      renewFetch(db, lease, leaseSeconds).catch((error: unknown) => {
        // a database that is away for a moment is no loss yet: the next one tells
        if (error instanceof WatchfloorError && error.code === "fetch_overtaken") lost.abort(error);
      });
    },
    (leaseSeconds * 1000) / 3,
  );
  timer.unref();
  return {
    signal: stop === undefined ? lost.signal : AbortSignal.any([lost.signal, stop]),
    startedAt: performance.now(),
    end: () => clearInterval(timer),
  };
}
