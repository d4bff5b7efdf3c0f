/**
 * The product in a process of its own, with its own database, that is started again whenever it died, as a service is by
 * the system: what it was at is handed in once more.
 */
import {type ChildProcess, fork} from "node:child_process";
import {once} from "node:events";
import path from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import type {ProbeSettings} from "../../src/app/probe/settings.ts";
import {baseOf} from "../../src/store/postgres/account.ts";
import {findPostmaster, stopPostmaster} from "../../src/store/postgres/postmaster.ts";
import {LEASE_SECONDS, type Product} from "../party-world/product.ts";
import type {Answer, Order} from "./worker.ts";

/** See the head of this file. */
export interface Killable extends Product {
  /** Process id of the running worker; null while none runs. */
  pid(): number | null;
  /** Ends it at once, whatever it is at. */
  end(): Promise<void>;
  /** How often a worker was started, and how often something was handed in again. */
  readonly counts: {readonly starts: number; readonly repeats: number};
}

/** Of one thing: more tries than any number of kills would take. */
const MOST_TRIES = 60;
/** What was claimed by who died is free then. */
const WAIT_MS = LEASE_SECONDS * 1000 + 100;
const COMPLAINT_CHARACTERS = 4000;

/** Opens the product over a data folder. */
export async function openKillable(home: string, probe: ProbeSettings): Promise<Killable> {
  const counts = {starts: 0, repeats: 0};
  let worker: Worker | null = null;
  const current = async (): Promise<Worker | null> => {
    if (worker?.isOpen() === true) return worker;
    counts.starts += 1;
    worker = startWorker(home, probe);
    const first = await worker.ready;
    if (first === null || first.is === "done") return worker;
    refuseFault(first);
    await worker.gone;
    return null;
  };
  const obey = async (order: Order): Promise<string> => {
    let freeAt = performance.now();
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const found = await current();
      await sleep(Math.max(0, freeAt - performance.now()));
      const answer = (await found?.ask(order)) ?? null;
      if (answer?.is === "done") return answer.text;
      if (answer !== null) refuseFault(answer);
      counts.repeats += 1;
      freeAt = performance.now() + WAIT_MS;
    }
    throw new Error(`${order.do} could not be done in ${MOST_TRIES} tries`);
  };
  await current();
  return {
    counts,
    pid: () => (worker?.isOpen() === true ? worker.pid : null),
    mail: (raw, at) => obey({do: "mail", raw, ...at}),
    complain: async (complaints, now) => void (await obey({do: "complain", complaints, now})),
    report: async (file, now) => void (await obey({do: "report", ...file, now})),
    round: async (now) => void (await obey({do: "round", now})),
    close: async () => {
      await obey({do: "close"});
      await worker?.gone;
    },
    end: async () => {
      worker?.kill();
      await worker?.gone;
      await endDatabase(home);
    },
  };
}

/** A database that was killed is away for a moment, which is said by its code; anything else is a fault of the product. */
function refuseFault({code, text}: Extract<Answer, {is: "failed"}>): void {
  if (code !== "database_unavailable") throw new Error(`the product failed: ${text}`);
}

async function endDatabase(home: string): Promise<void> {
  const data = path.join(await baseOf(path.join(home, "postgres")), "data");
  const running = findPostmaster(data);
  if (running !== null) await stopPostmaster(data);
}

interface Worker {
  readonly pid: number | null;
  kill(): void;
  /** What it says first; null when it was killed before. */
  readonly ready: Promise<Answer | null>;
  readonly gone: Promise<void>;
  isOpen(): boolean;
  /** Null when it was killed meanwhile. Rejects when it ended by itself: that is a fault. */
  ask(order: Order): Promise<Answer | null>;
}

function startWorker(home: string, probe: ProbeSettings): Worker {
  const child = fork(path.join(import.meta.dirname, "worker.ts"), [home, JSON.stringify(probe)], {
    serialization: "advanced",
    stdio: ["ignore", "inherit", "pipe", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const complaint = complaintOf(child);
  let isGone = false;
  const gone = once(child, "exit").then(() => {
    isGone = true;
  });
  const next = async (): Promise<Answer | null> => {
    const stop = new AbortController();
    const answer = once(child, "message", {signal: stop.signal}).then(([what]): Answer => what);
    answer.catch(() => undefined); // nobody waits for it any more
    const first = await Promise.race([answer, gone.then(() => null)]);
    stop.abort();
    if (first === null && child.signalCode !== "SIGKILL")
      throw new Error(`the product ended by itself with ${child.exitCode ?? child.signalCode}: ${complaint()}`);
    return first;
  };
  return {
    pid: child.pid ?? null,
    kill: () => void child.kill("SIGKILL"),
    ready: next(),
    gone,
    isOpen: () => !isGone && child.connected,
    ask: (order) => {
      const answer = next();
      child.send(order, () => undefined); // that it could not be sent is told by its end
      return answer;
    },
  };
}

function complaintOf({stderr}: ChildProcess): () => string {
  let complaint = "";
  stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString("utf8")).slice(-COMPLAINT_CHARACTERS);
  });
  return () => complaint;
}
