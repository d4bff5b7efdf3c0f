/** The queue of jobs on our PostgreSQL: it delivers, retries, and notices when a process that had a job has died. */
import {PgBoss} from "pg-boss";
import {hasSchema} from "../../store/jobs/schemas.ts";
import type {Database} from "../../store/postgres.ts";

/** Schema of the queue's own tables. It is no part of a backup: what is due stands in our tables. */
const JOBS_SCHEMA = "jobs";

/** How fast the queue looks; tests make it faster. */
export interface Pace {
  /** Between two looks for jobs of others; what this process sends it takes at once. */
  readonly pollSeconds: number;
  /** A job whose process gives no sign of life for so long is given to another one; 10 or more. */
  readonly heartbeatSeconds: number;
  /** Between two looks for such jobs. */
  readonly superviseSeconds: number;
  /** Before the first retry; the next ones wait longer, each about twice as long. */
  readonly retrySeconds: number;
}

/** The usual pace. */
export const PACE: Pace = {pollSeconds: 10, heartbeatSeconds: 30, superviseSeconds: 20, retrySeconds: 60};

const LONGEST_RETRY_SECONDS = 1800;
const RETRIES = 6;
const KEPT_SECONDS = 3600;
const LONGEST_SECONDS = 12 * 60 * 60;
const SELDOM_SECONDS = 3600;

/** One queue: its name and what does a job. `key` tells jobs apart: of each key there is one at most, waiting or running. */
export interface Queue {
  readonly name: string;
  readonly atOnce: number;
  readonly run: (job: Job) => Promise<void>;
}

/** A job as it is delivered. A job that throws is retried. */
export interface Job {
  readonly key: string;
  /** 0 for the first try. */
  readonly retry: number;
  /** Tells that the process ends, or that another one has the job by now. */
  readonly signal: AbortSignal;
}

/** The running queues. */
export interface Boss {
  /** Puts a job into a queue, unless there is one of that key. */
  send(queue: string, key: string): Promise<void>;
  /** Waits a little for jobs under way and gives the rest back. */
  close(waitMs: number): Promise<void>;
}

/** What it needs. `failed` hears what goes wrong beside the jobs, such as a database that is away. */
export interface BossWork {
  readonly database: Database;
  readonly queues: readonly Queue[];
  readonly pace: Pace;
  readonly failed: (error: unknown) => void;
}

/** Starts the queues. Throws database_unavailable. */
export async function openBoss({database, queues, pace, failed}: BossWork): Promise<Boss> {
  const boss = new PgBoss({
    db: {executeSql: (text, values) => database.executeSql(text, values)},
    schema: JOBS_SCHEMA,
    createSchema: !(await hasSchema(database.db, JOBS_SCHEMA)),
    schedule: false, // due times are our own
    superviseIntervalSeconds: pace.superviseSeconds,
    monitorIntervalSeconds: pace.superviseSeconds,
    flowIntervalSeconds: SELDOM_SECONDS,
    registerInstance: false,
    monitorVacuum: false,
    openTelemetry: {enabled: false},
  });
  boss.on("error", failed);
  const stop = (waitMs: number): Promise<void> => boss.stop({graceful: true, timeout: waitMs, close: true});
  try {
    await boss.start();
    const workers = new Map<string, string>();
    for (const queue of queues) workers.set(queue.name, await startQueue(boss, queue, pace));
    return {
      send: async (queue, key) => {
        await boss.send(queue, {key}, {singletonKey: key});
        const worker = workers.get(queue);
        if (worker !== undefined) boss.notifyWorker(worker);
      },
      close: stop,
    };
  } catch (error) {
    await stop(1000).catch(() => {}); // the first error says more
    throw error;
  }
}

async function startQueue(boss: PgBoss, queue: Queue, pace: Pace): Promise<string> {
  const settings = {
    retryLimit: RETRIES,
    retryDelay: pace.retrySeconds,
    retryBackoff: true,
    retryDelayMax: LONGEST_RETRY_SECONDS,
    heartbeatSeconds: pace.heartbeatSeconds,
    expireInSeconds: LONGEST_SECONDS,
    deleteAfterSeconds: KEPT_SECONDS,
  };
  // the policy of a queue cannot be changed later; everything else can
  await boss.createQueue(queue.name, {...settings, policy: "exclusive"});
  await boss.updateQueue(queue.name, settings);
  return boss.work<{key: string}>(
    queue.name,
    {
      pollingIntervalSeconds: pace.pollSeconds,
      localConcurrency: queue.atOnce,
      includeMetadata: true,
    },
    async (jobs) => {
      for (const {data, retryCount, signal} of jobs) await queue.run({key: data.key, retry: retryCount, signal});
    },
  );
}
