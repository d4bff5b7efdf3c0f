import {type ChildProcess, fork} from "node:child_process";
import {once} from "node:events";
import {mkdirSync, rmSync} from "node:fs";
import {availableParallelism, tmpdir} from "node:os";
import path from "node:path";
import {WatchfloorError} from "../../model/errors.ts";
import {codeOf, diskError, temporaryFor} from "../durable.ts";
import type {EngineAnswer, EngineRequest} from "./engine-process.ts";
import {plainNames} from "./files/plain-names.ts";
import {settingsClause} from "./sql.ts";

/** Runs statements of the events engine (ClickHouse in a child process). */
export interface Engine {
  /** Runs a SELECT and gives its rows; 64-bit numbers come as numbers. Throws engine_failed, disk_full. */
  query<Row>(sql: string, settings?: EngineSettings): Promise<Row[]>;
  /** Runs a statement without rows. It may run twice when the engine dies: it must be repeatable. */
  run(sql: string, settings?: EngineSettings): Promise<void>;
  /** Statements that every new engine process runs first: dictionaries. The function it gives takes them back. */
  prepare(statements: readonly string[]): () => void;
  /** Gives a name of the folder under which statements can speak of files in it, however the folder is called. */
  plain(folder: string): string;
  /** Process id of the running engine, or null; for tests that kill it. */
  pid(): number | null;
  close(): Promise<void>;
}

export type EngineSettings = Readonly<Record<string, string | number>>;

export interface EngineOptions {
  /** Folder for the engine's scratch data; one sub-folder per process, which `removeStale` knows. */
  readonly scratch: string;
  /** Ends the process after so long without a statement; it comes back when needed. */
  readonly idleSeconds: number;
  readonly maxMemoryBytes: number;
}

/** A crash is repeated this often before it is told. */
const ATTEMPTS = 3;
/** What every process begins with: a statement may name thousands of families or columns. */
const SESSION = ["SET max_query_size = 1073741824, max_ast_elements = 10000000, max_expanded_ast_elements = 10000000"];
/** So much of the end of what the process says is kept. */
const COMPLAINT_CHARACTERS = 4000;
/** What Node says where the engine's package for the platform is not installed or does not fit it. */
const IS_MISSING = /^\w*Error\b.*(?:no native binding|failed to load native binding|Cannot find (?:module|package))/;
/** More threads than this make no report faster, but each holds a piece of it in memory (measured). */
const MOST_THREADS = 8;

interface Child {
  readonly process: ChildProcess;
  /** Settles when the process has ended and its scratch folder is gone. */
  readonly gone: Promise<void>;
  readonly pending: Map<number, {resolve: (text: string) => void; reject: (error: Error) => void}>;
  readonly ready: Promise<void>;
}

/** The engine process went away in the middle of a statement. */
class EngineDied extends Error {}

/** Opens the engine. Nothing is started before the first statement. */
export function openEngine(options: EngineOptions): Engine {
  const names = plainNames();
  let child: Child | null = null;
  let prepared: readonly string[] = SESSION;
  let idle: NodeJS.Timeout | null = null;
  let count = 0;
  let running = 0;
  let last: Promise<unknown> = Promise.resolve();

  const current = (): Child => {
    if (child?.process.connected) return child;
    child = startChild(options.scratch, names.of);
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
        if (round === ATTEMPTS) throw told(error);
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
      max_threads: Math.min(availableParallelism(), MOST_THREADS),
      prefer_column_name_to_alias: 1,
      optimize_move_to_prewhere: 0,
      query_plan_optimize_prewhere: 0,
      input_format_csv_detect_header: 0,
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
    plain: names.of,
    pid: () => child?.process.pid ?? null,
    close: async () => {
      await last;
      if (idle !== null) clearTimeout(idle);
      await endChild(child);
      child = null;
      names.release();
    },
  };
}

function startChild(scratch: string, plain: (folder: string) => string): Child {
  const folder = makeScratch(scratch);
  const script = path.join(import.meta.dirname, "engine-process.ts");
  const process_ = fork(script, [path.join(plain(path.dirname(folder)), path.basename(folder))], {
    cwd: "/", // dictionaries may read files below the working folder only
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const pending: Child["pending"] = new Map();
  let complaint = "";
  process_.stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString("utf8")).slice(-COMPLAINT_CHARACTERS);
  });
  const {promise: ready, resolve: isReady, reject: isDead} = Promise.withResolvers<void>();
  ready.catch(() => undefined);
  process_.on("message", (answer: EngineAnswer) => {
    if (answer.id === 0) return isReady();
    const waiting = pending.get(answer.id);
    pending.delete(answer.id);
    if ("error" in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.text);
  });
  const gone = goneFrom(process_).then((how) => {
    const error = endingOf(complaint, how);
    isDead(error);
    for (const waiting of pending.values()) waiting.reject(error);
    pending.clear();
    rmSync(folder, {recursive: true, force: true});
  });
  return {process: process_, pending, ready, gone};
}

/** Says how the process ended, once all that it complained of has been read. ("close" never comes after a disconnect.) */
async function goneFrom(child: ChildProcess): Promise<string> {
  const silent = child.stderr === null ? null : once(child.stderr, "close");
  const how = await once(child, "exit").then(
    (ended) => String(ended[1] ?? ended[0]), // the signal, else the code
    (error: Error) => `${error.message}, it could not be started`,
  );
  await silent;
  return how;
}

/** A home that is full or read-only can still be read: then the scratch data go where temporary files go. */
function makeScratch(scratch: string): string {
  for (const parent of [scratch, tmpdir()]) {
    const folder = temporaryFor(path.join(parent, "engine"));
    try {
      mkdirSync(folder, {recursive: true});
      return folder;
    } catch (error) {
      if (parent !== scratch || !["EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT"].includes(codeOf(error) ?? ""))
        throw diskError(error, folder);
    }
  }
  throw new TypeError("one of the two was made or has thrown");
}

/** Says why the engine ended. */
function endingOf(complaint: string, how: string): Error {
  const missing = complaint.split("\n").find((line) => IS_MISSING.test(line));
  return missing === undefined
    ? new EngineDied(`the engine ended with ${how}: ${complaint.trim()}`)
    : new WatchfloorError("engine_missing", missing.trim());
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
  if (child === null) return;
  if (child.process.connected) child.process.disconnect();
  const force = setTimeout(() => child.process.kill("SIGKILL"), 3000);
  await child.gone;
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
  const where = error instanceof EngineDied ? `it ended ${ATTEMPTS} times in the same statement: ${line}` : line;
  return new WatchfloorError("engine_failed", where, error);
}
