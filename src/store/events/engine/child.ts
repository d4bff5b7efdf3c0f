/** One process of the engine: how it is started, asked and ended, and what it says when it dies. */
import {type ChildProcess, fork} from "node:child_process";
import {once} from "node:events";
import path from "node:path";
import {WatchfloorError} from "../../../model/errors.ts";
import type {EngineAnswer, EngineRequest} from "./process.ts";
import {makeScratch, removeScratch} from "./scratch.ts";

/** A process of the engine. */
export interface Child {
  /** Null when it could not be started. */
  readonly pid: number | null;
  /** Settles when the process takes statements. Rejects with EngineDied, engine_missing. */
  readonly ready: Promise<void>;
  /** Settles when the process has ended and its scratch folder is gone. */
  readonly gone: Promise<void>;
  /** Whether it may be sent statements. */
  isOpen(): boolean;
  /** Sends a statement and gives the answer. Rejects with EngineDied when the process goes away before. */
  send(request: EngineRequest): Promise<string>;
  /** Ends the process; comes back when it is gone. May be called again. */
  end(): Promise<void>;
}

/** The engine process went away in the middle of a statement. */
export class EngineDied extends Error {}

/** So much of the end of what the process says is kept. */
const COMPLAINT_CHARACTERS = 4000;
/** What Node says where the engine's package for the platform is not installed or does not fit it. */
const IS_MISSING = /^\w*Error\b.*(?:no native binding|failed to load native binding|Cannot find (?:module|package))/;
const END_MS = 3000;

/** Starts a process. `plain` gives names of folders that the engine takes. */
export function startChild(scratch: string, plain: (folder: string) => string): Child {
  const folder = makeScratch(scratch);
  const script = path.join(import.meta.dirname, "process.ts");
  const child = fork(script, [path.join(plain(path.dirname(folder)), path.basename(folder))], {
    cwd: "/", // dictionaries may read files below the working folder only
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  child.on("error", () => undefined); // `goneFrom` tells of it; one that comes later must not end the server
  const waiting: Waiting = new Map();
  const complaint = complaintOf(child);
  const {promise: ready, resolve: isReady, reject: isDead} = Promise.withResolvers<void>();
  ready.catch(() => undefined);
  child.on("message", (answer: EngineAnswer) => (answer.id === 0 ? isReady() : give(waiting, answer)));
  let death: Error | null = null;
  const gone = goneFrom(child).then((how) => {
    death = endingOf(complaint(), how);
    isDead(death);
    for (const each of waiting.values()) each.reject(death);
    waiting.clear();
    removeScratch(folder);
  });
  return {
    pid: child.pid ?? null,
    ready,
    gone,
    isOpen: () => death === null && child.connected,
    // the channel may still seem open when the process is gone: what is sent then is never answered
    send: (request) => (death === null ? send(child, waiting, request) : Promise.reject(death)),
    end: async () => {
      if (child.connected) child.disconnect();
      const force = setTimeout(() => child.kill("SIGKILL"), END_MS);
      await gone;
      clearTimeout(force);
    },
  };
}

type Waiting = Map<number, {resolve: (text: string) => void; reject: (error: Error) => void}>;

function give(waiting: Waiting, answer: EngineAnswer): void {
  const asked = waiting.get(answer.id);
  waiting.delete(answer.id);
  if ("error" in answer) asked?.reject(new Error(answer.error));
  else asked?.resolve(answer.text);
}

function send(child: ChildProcess, waiting: Waiting, request: EngineRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.connected) return reject(new EngineDied("the engine was gone"));
    waiting.set(request.id, {resolve, reject});
    child.send(request, (error) => {
      if (error === null) return;
      waiting.delete(request.id);
      reject(new EngineDied("the engine was gone", {cause: error}));
    });
  });
}

/** Collects what the process says. Without a file descriptor left it has not even a pipe. */
function complaintOf(child: ChildProcess): () => string {
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString("utf8")).slice(-COMPLAINT_CHARACTERS);
  });
  return () => complaint;
}

/** Says how the process ended, once all that it complained of has been read. ("close" never comes after a disconnect.) */
async function goneFrom(child: ChildProcess): Promise<string> {
  const silent = child.stderr ? once(child.stderr, "close") : null;
  const how = await once(child, "exit").then(
    (ended) => String(ended[1] ?? ended[0]), // the signal, else the code
    (error: Error) => `${error.message}, it could not be started`,
  );
  await silent;
  return how;
}

/** Says why the engine ended. */
function endingOf(complaint: string, how: string): Error {
  const missing = complaint.split("\n").find((line) => IS_MISSING.test(line));
  return missing === undefined
    ? new EngineDied(`the engine ended with ${how}: ${complaint.trim()}`)
    : new WatchfloorError("engine_missing", missing.trim());
}
