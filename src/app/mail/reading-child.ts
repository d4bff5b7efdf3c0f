/** One process that reads mails: how it is started, fenced in, watched and killed. */
import {type ChildProcess, fork} from "node:child_process";
import {once} from "node:events";
import {readFileSync} from "node:fs";
import path from "node:path";
import type {MailReading} from "../../model/complaint.ts";
import type {UnreadableReason} from "../../model/mail.ts";
import type {MailLimits} from "./limits.ts";
import type {ReadingCost} from "./reader.ts";
import {converse} from "./reading-answer.ts";
import type {ReadingRequest} from "./reading-process.ts";

/** What one mail came to. `reading` is null when the process was killed or met a fault; then `reason` says why. */
export interface ReadingOutcome {
  readonly reading: MailReading | null;
  readonly reason: UnreadableReason | null;
  readonly fault: string | null;
  readonly cost: ReadingCost;
}

/** A process that reads. */
export interface ReadingChild {
  /** Whether it may be given a mail of that size: it lives, and is new or has not grown too much. */
  isFit(bytes: number): boolean;
  read(request: Omit<ReadingRequest, "id">): Promise<ReadingOutcome>;
  end(): Promise<void>;
}

const ROOT = path.resolve(import.meta.dirname, "../../..");
/** Share of the memory limit that the language's own heap may take; buffers lie outside of it. */
const HEAP_SHARE = 0.55;
/** Above this share of the limit after a mail, the next mail gets a new process; */
const WORN_SHARE = 0.7;
/** and where a mail so many times its size in memory would not fit. */
const GROWTH = 9;
const WATCH_MS = 20;
/** It is killed at this share: between two looks it grows. */
const KILL_SHARE = 0.9;
const MIB = 1024 * 1024;

/** Returns the options of Node that fence the process in: it may read the code; no other file, no writing, no processes. */
export function fenceOf({memoryBytes}: Pick<MailLimits, "memoryBytes">): string[] {
  return [
    "--disable-warning=ExperimentalWarning",
    "--max-semi-space-size=4", // rubbish of short life is thrown away early
    "--permission",
    `--allow-fs-read=${ROOT}`,
    `--max-old-space-size=${Math.floor((memoryBytes * HEAP_SHARE) / MIB)}`,
  ];
}

/** Starts a process and comes back when it takes mails. */
export async function startReading(limits: MailLimits): Promise<ReadingChild> {
  const child = fork(path.join(import.meta.dirname, "reading-process.ts"), [], {
    cwd: "/",
    env: {TZ: "UTC"}, // no secrets of the environment, and no zone of the machine
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
    execArgv: fenceOf(limits),
  });
  child.on("error", () => undefined); // "exit" tells of it too
  const gone = once(child, "exit").catch(() => undefined);
  await Promise.race([once(child, "message"), gone]);
  let nextId = 1;
  return {
    isFit: (bytes) => {
      const isAlive = child.connected && child.exitCode === null && child.signalCode === null;
      const now = memoryOf(child) ?? 0;
      const isRoomy = now < limits.memoryBytes * WORN_SHARE && now + bytes * GROWTH < limits.memoryBytes * KILL_SHARE;
      return isAlive && (nextId === 1 || isRoomy);
    },
    read: (request) => readIn(child, {...request, id: nextId++}),
    end: async () => {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
        child.kill("SIGKILL"); // it holds nothing that could be lost
        await gone;
      }
    },
  };
}

async function readIn(child: ChildProcess, request: ReadingRequest): Promise<ReadingOutcome> {
  const startedAt = performance.now();
  const watch = watched(child, request.limits);
  const {reading, understood, fault} = await converse(child, request);
  const {killedFor, peakBytes} = watch.stop();
  const cost = {milliseconds: performance.now() - startedAt, peakBytes};
  const ended = child.signalCode ?? child.exitCode;
  const why = fault ?? (ended === null ? null : `the reading process ended: ${ended}`);
  if (reading === null) {
    // the language ends a process whose heap is full by SIGABRT
    const isFull = child.signalCode === "SIGABRT" || child.exitCode === 134;
    return {reading, reason: killedFor ?? (isFull ? "too_much_memory" : "crashed"), fault: why, cost};
  }
  if (reading.state === "unreadable") return {reading, reason: null, fault: null, cost};
  const unknown = {as: "unknown" as const, why: "What it says could not be read in time."};
  return {reading: {...reading, understood: understood ?? unknown}, reason: null, fault: why, cost};
}

interface Watch {
  stop(): {killedFor: UnreadableReason | null; peakBytes: number | null};
}

/** Kills the process when it takes too long or too much. */
function watched(child: ChildProcess, {memoryBytes, milliseconds}: MailLimits): Watch {
  let peakBytes: number | null = null;
  let killedFor: UnreadableReason | null = null;
  const kill = (reason: UnreadableReason): void => {
    killedFor ??= reason;
    child.kill("SIGKILL");
  };
  const look = (): void => {
    const bytes = memoryOf(child);
    if (bytes === null) return;
    peakBytes = Math.max(peakBytes ?? 0, bytes);
    if (bytes > memoryBytes * KILL_SHARE) kill("too_much_memory");
  };
  const watch = setInterval(look, WATCH_MS);
  const deadline = setTimeout(() => kill("too_slow"), milliseconds);
  return {
    stop: () => {
      clearInterval(watch);
      clearTimeout(deadline);
      if (killedFor === null) look();
      return {killedFor, peakBytes};
    },
  };
}

/** Memory that the system counts for the process; null where it does not tell, or the process is gone. */
function memoryOf({pid}: ChildProcess): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
    return found === undefined ? null : Number(found) * 1024;
  } catch {
    return null;
  }
}
