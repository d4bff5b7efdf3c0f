import {type ChildProcess, fork} from "node:child_process";
import {mkdirSync, mkdtempSync, rmSync} from "node:fs";
import path from "node:path";
import {WatchfloorError} from "../../model/errors.ts";
import type {EngineAnswer, EngineRequest} from "./engine-process.ts";
import {settingsClause} from "./sql.ts";

/** Runs statements of the events engine (ClickHouse in a child process). */
export interface Engine {
  /** Runs a SELECT and gives its rows; 64-bit numbers come as numbers. Throws engine_failed, disk_full. */
  query<Row>(sql: string, settings?: EngineSettings): Promise<Row[]>;
  /** Runs a statement without rows. It may run twice when the engine dies: it must be repeatable. */
  run(sql: string, settings?: EngineSettings): Promise<void>;
  /** Statements that every new engine process runs first: dictionaries. The function it gives takes them back. */
  prepare(statements: readonly string[]): () => void;
  /** Process id of the running engine, or null; for tests that kill it. */
  pid(): number | null;
  close(): Promise<void>;
}

export type EngineSettings = Readonly<Record<string, string | number>>;

export interface EngineOptions {
  /** Folder for the engine's scratch data; one sub-folder per process. */
  readonly scratch: string;
  /** Ends the process after so long without a statement; it comes back when needed. */
  readonly idleSeconds: number;
  readonly maxMemoryBytes: number;
}

/** A crash is repeated this often before it is told. */
const ATTEMPTS = 3;

interface Child {
  readonly process: ChildProcess;
  readonly folder: string;
  readonly pending: Map<number, {resolve: (text: string) => void; reject: (error: Error) => void}>;
  readonly ready: Promise<void>;
}

/** The engine process went away in the middle of a statement. */
class EngineDied extends Error {}

/** Opens the engine. Nothing is started before the first statement. */
export function openEngine(options: EngineOptions): Engine {
  let child: Child | null = null;
  let prepared: string[] = [];
  let idle: NodeJS.Timeout | null = null;
  let count = 0;
  let running = 0;
  let last: Promise<unknown> = Promise.resolve();

  const current = (): Child => {
    if (child?.process.connected) return child;
    child = startChild(options);
    for (const sql of prepared) void send(child, {id: ++count, sql, format: "TSV"}).catch(() => undefined);
    return child;
  };
  const rest = (): void => {
    if (idle !== null) clearTimeout(idle);
    idle = running > 0 ? null : setTimeout(() => endChild(child), options.idleSeconds * 1000).unref();
  };
  const attempt = async (sql: string, format: string): Promise<string> => {
    for (let round = 1; ; round++) {
      try {
        const now = current();
        await now.ready;
        return await send(now, {id: ++count, sql, format});
      } catch (error) {
        if (!(error instanceof EngineDied)) throw told(error);
        child = null;
        if (round === ATTEMPTS)
          throw new WatchfloorError("engine_failed", `it ended ${ATTEMPTS} times in the same statement`, error);
      }
    }
  };
  // one statement at a time: a session runs them one after another anyway, and so a dying engine concerns one only
  const enqueue = (sql: string, format: string): Promise<string> => {
    running++;
    if (idle !== null) clearTimeout(idle);
    const mine = last
      .then(() => attempt(sql, format))
      .finally(() => {
        running--;
        rest();
      });
    last = mine.catch(() => undefined);
    return mine;
  };
  const all = (settings: EngineSettings = {}): string =>
    settingsClause({
      max_memory_usage: options.maxMemoryBytes,
      prefer_column_name_to_alias: 1,
      optimize_move_to_prewhere: 0,
      query_plan_optimize_prewhere: 0,
      ...settings,
    });

  return {
    query: async <Row>(sql: string, settings?: EngineSettings) => {
      const text = await enqueue(
        `${sql} ${all({output_format_json_quote_64bit_integers: 0, ...settings})}`,
        "JSONEachRow",
      );
      return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Row);
    },
    run: async (sql, settings) => {
      await enqueue(`${sql} ${all(settings)}`, "Null");
    },
    prepare: (statements) => {
      const fresh = statements.filter((each) => !prepared.includes(each));
      prepared = [...prepared, ...fresh];
      if (child?.process.connected === true)
        for (const sql of fresh) void send(child, {id: ++count, sql, format: "TSV"}).catch(() => undefined);
      return () => {
        prepared = prepared.filter((each) => !fresh.includes(each));
      };
    },
    pid: () => child?.process.pid ?? null,
    close: async () => {
      await last;
      if (idle !== null) clearTimeout(idle);
      await endChild(child);
      child = null;
    },
  };
}

function startChild(options: EngineOptions): Child {
  mkdirSync(options.scratch, {recursive: true});
  const folder = mkdtempSync(path.join(options.scratch, "engine-"));
  const script = path.join(import.meta.dirname, "engine-process.ts");
  const process_ = fork(script, [folder], {
    cwd: "/", // dictionaries may read files below the working folder only
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const pending: Child["pending"] = new Map();
  let complaint = "";
  process_.stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString("utf8")).slice(-2000);
  });
  let isReady: () => void;
  let isDead: (error: Error) => void;
  const ready = new Promise<void>((resolve, reject) => {
    isReady = resolve;
    isDead = reject;
  });
  ready.catch(() => undefined);
  process_.on("message", (answer: EngineAnswer) => {
    if (answer.id === 0) return isReady();
    const waiting = pending.get(answer.id);
    pending.delete(answer.id);
    if ("error" in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.text);
  });
  process_.on("exit", (code, signal) => {
    const error = /Cannot find (module|package)|no prebuilt/i.test(complaint)
      ? new WatchfloorError("engine_missing", complaint.split("\n").find((line) => /Cannot find/.test(line)) ?? "")
      : new EngineDied(`the engine ended with ${signal ?? code}: ${complaint.trim()}`);
    isDead(error);
    for (const waiting of pending.values()) waiting.reject(error);
    pending.clear();
    rmSync(folder, {recursive: true, force: true});
  });
  return {process: process_, folder, pending, ready};
}

function send(child: Child, request: EngineRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    child.pending.set(request.id, {resolve, reject});
    child.process.send(request, (error) => {
      if (error === null) return;
      child.pending.delete(request.id);
      reject(new EngineDied("the engine was gone", {cause: error}));
    });
  });
}

async function endChild(child: Child | null): Promise<void> {
  if (child === null || child.process.exitCode !== null || child.process.signalCode !== null) return;
  const gone = new Promise((resolve) => child.process.once("exit", resolve));
  child.process.disconnect();
  const force = setTimeout(() => child.process.kill("SIGKILL"), 3000);
  await gone;
  clearTimeout(force);
}

/** Turns the engine's message into one of ours where a person can act on it. */
function told(error: unknown): Error {
  if (error instanceof WatchfloorError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/No space left on device|NOT_ENOUGH_SPACE|ENOSPC/i.test(message))
    return new WatchfloorError("disk_full", "the events engine could not write", error);
  const line = message
    .replace(/\s+/g, " ")
    .replace(/^Query failed: /, "")
    .slice(0, 400);
  return new WatchfloorError("engine_failed", line, error);
}
