/**
 * The work that goes on by itself while `serve` runs: feeds are fetched when they are due, and recurring work is done. Any
 * number of processes may do it together: each thing is done by one at a time. A database that is away is waited for.
 */
import {setTimeout as sleep} from "node:timers/promises";
import {WatchfloorError} from "../../model/errors.ts";
import {fetchStates} from "../../store/fetches.ts";
import {beginTick, dueTicks, endTick} from "../../store/jobs/ticks.ts";
import {fetchFeed} from "../fetch/fetch.ts";
import {nextFetchAt} from "../fetch/schedule.ts";
import type {House} from "../house.ts";
import type {UpkeepLog} from "../upkeep.ts";
import {type Boss, type BossWork, type Job, openBoss, PACE, type Pace} from "./boss.ts";
import {draftMonday, forgetOld} from "./house-ticks.ts";
import type {Tick} from "./ticks.ts";

/** How the jobs are run; each has a usual value. */
export interface JobsChoice {
  /** Recurring work besides that of every data folder. */
  readonly ticks?: readonly Tick[];
  /** What time it is, for all that is due. */
  readonly clock?: () => Date;
  /** Between two looks for what is due. */
  readonly lookSeconds?: number;
  readonly pace?: Partial<Pace>;
  readonly leaseSeconds?: number;
}

/** The running jobs. */
export interface Jobs {
  /** Comes back when the queue runs for the first time. */
  readonly started: Promise<void>;
  /** Looks for what is due now, not only at the next look. */
  look(): Promise<void>;
  /** Ends the jobs: what is under way is broken off, and done again by the next process. */
  close(): Promise<void>;
}

const LOOK_SECONDS = 60;
const WAIT_MS = 2000;
const CLOSE_MS = 3500;
const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [2000, 60_000];
const FETCH = "fetch-feed";
const TICK = "tick";
const FETCHES_AT_ONCE = 2;
const TICKS_AT_ONCE = 2;

/** Starts the jobs of a data folder. Nobody has to wait for it; that they cannot start yet is logged once. */
export function openJobs(house: House, log: UpkeepLog, choice: JobsChoice = {}): Jobs {
  const stop = new AbortController();
  const outage = watchOutage(log);
  const ticks = [draftMonday, forgetOld, ...(choice.ticks ?? [])];
  const {clock = () => new Date(), leaseSeconds, pace} = choice;
  const working: Working = {house, log, ticks, clock, leaseSeconds, stop: stop.signal};
  let boss: Boss | null = null;
  const start = async (): Promise<void> => {
    const opened = await openQueues(working, {pace: {...PACE, ...pace}, failed: outage.happened});
    if (stop.signal.aborted) await opened.close(WAIT_MS);
    else boss = opened;
    outage.over();
  };
  const look = async (): Promise<void> => {
    if (boss === null || stop.signal.aborted) return;
    await sendDue(boss, working).then(outage.over, outage.happened);
  };
  const started = startUntilDone(start, {stop: stop.signal, failed: outage.happened});
  let looking = started.then(look);
  const lookAgain = (): Promise<void> => (looking = looking.then(look));
  const timer = setInterval(lookAgain, (choice.lookSeconds ?? LOOK_SECONDS) * 1000);
  return {
    started,
    look: lookAgain,
    close: async () => {
      clearInterval(timer);
      stop.abort(new Error("the jobs are stopped"));
      const ended = started.then(() => boss?.close(WAIT_MS)).catch(outage.happened);
      await Promise.race([ended, sleep(CLOSE_MS, undefined, {ref: false})]); // a database that hangs holds nobody up
    },
  };
}

interface Working {
  readonly house: House;
  readonly log: UpkeepLog;
  readonly ticks: readonly Tick[];
  readonly clock: () => Date;
  readonly leaseSeconds: number | undefined;
  readonly stop: AbortSignal;
}

async function openQueues(working: Working, how: Pick<BossWork, "pace" | "failed">): Promise<Boss> {
  const {house, stop} = working;
  const queues = [
    {name: FETCH, atOnce: FETCHES_AT_ONCE, run: (job: Job) => runFetch(working, joined(job, stop))},
    {name: TICK, atOnce: TICKS_AT_ONCE, run: (job: Job) => runTick(working, joined(job, stop))},
  ];
  return openBoss({database: await house.database(), queues, ...how});
}

function joined(job: Job, stop: AbortSignal): Job {
  return {...job, signal: AbortSignal.any([job.signal, stop])};
}

async function startUntilDone(
  start: () => Promise<void>,
  {stop, failed}: {stop: AbortSignal; failed: (error: unknown) => void},
): Promise<void> {
  for (let waitMs = FIRST_WAIT_MS; !stop.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return await start();
    } catch (error) {
      failed(error);
      await sleep(waitMs, undefined, {signal: stop, ref: false}).catch(() => {}); // told to stop
    }
  }
}

/** Says once that something does not work, and once that it does again. */
function watchOutage(log: UpkeepLog): {happened: (error: unknown) => void; over: () => void} {
  let said: string | null = null;
  return {
    happened: (error) => {
      const text = error instanceof WatchfloorError ? error.code : String(error);
      if (text !== said) log.error(error, "the jobs wait; the archive is served meanwhile");
      said = text;
    },
    over: () => {
      if (said !== null) log.info("the jobs go on");
      said = null;
    },
  };
}

/** What is due is put into the queues; what is there already, waiting or under way, stays the only one. */
async function sendDue(boss: Boss, {house, ticks, clock}: Working): Promise<void> {
  const now = clock();
  const {db} = await house.database();
  for (const name of await dueTicks(db, ticks, now)) await boss.send(TICK, name);
  const states = await fetchStates(db);
  for (const [name, {enabled, fetch}] of Object.entries(house.config.feeds)) {
    if (!enabled || fetch === undefined) continue;
    const due = nextFetchAt(fetch.every, states.get(name)?.runAt ?? null, {now, zone: house.config.profile.zone});
    if (due <= now) await boss.send(FETCH, name);
  }
}

/** A fetch that failed by something that may pass is retried by the queue; another one waits for its schedule. */
async function runFetch({house, log, clock, leaseSeconds}: Working, {key: feed, signal}: Job): Promise<void> {
  if (house.config.feeds[feed]?.fetch === undefined) return; // taken out of the configuration meanwhile
  const lease = leaseSeconds === undefined ? {} : {leaseSeconds};
  const run = await fetchFeed(house, feed, {now: clock(), signal, ...lease}).catch((error: unknown) => {
    if (!(error instanceof WatchfloorError || signal.aborted)) log.error(error, `feed ${feed} could not be fetched`);
    throw error;
  });
  if (run.newReports > 0) log.info(`feed ${feed}: ${run.newReports} new reports, ${run.received} lines`);
  if (run.problem !== null) log.info(`feed ${feed}: ${run.outcome}: ${run.problem.words.en}`);
  if (run.isPassing) throw new Error(run.problem?.words.en ?? run.outcome);
}

async function runTick({house, log, ticks, clock}: Working, {key, retry, signal}: Job): Promise<void> {
  const tick = ticks.find(({name}) => name === key);
  if (tick === undefined) return; // of another version
  const now = clock();
  const {db} = await house.database();
  if (!(await beginTick(db, tick, now)) && retry === 0) return;
  try {
    await tick.run(house, now, signal);
    await endTick(db, tick.name, now);
  } catch (error) {
    if (!signal.aborted) log.error(error, `${tick.name} failed; it is tried again`);
    throw error;
  }
}
