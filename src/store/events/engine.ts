import {availableParallelism} from "node:os";
import {WatchfloorError} from "../../model/errors.ts";
import {type Child, EngineDied, startChild} from "./engine/child.ts";
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
/** More threads than this make no report faster, but each holds a piece of it in memory (measured). */
const MOST_THREADS = 8;

/** Opens the engine. Nothing is started before the first statement. */
export function openEngine(options: EngineOptions): Engine {
  const names = plainNames();
  let child: Child | null = null;
  const started = new Set<Child>();
  let prepared: readonly string[] = SESSION;
  let idle: NodeJS.Timeout | null = null;
  let count = 0;
  let running = 0;
  let last: Promise<unknown> = Promise.resolve();

  // what goes wrong with it is said by the statement that needs it
  const tell = (to: Child, sql: string): void => void to.send({id: ++count, sql, format: "TSV"}).catch(() => undefined);
  const current = (): Child => {
    if (child?.isOpen()) return child;
    const fresh = startChild(options.scratch, names.of);
    started.add(fresh);
    void fresh.gone.then(() => started.delete(fresh));
    for (const sql of prepared) tell(fresh, sql);
    child = fresh;
    return fresh;
  };
  const rest = (): void => {
    if (idle !== null) clearTimeout(idle);
    idle = running > 0 ? null : setTimeout(() => void child?.end(), options.idleSeconds * 1000).unref();
  };
  const attempt = async (sql: string, format: string): Promise<string> => {
    for (let round = 1; ; round++) {
      let now: Child | null = null;
      try {
        now = current();
        await now.ready;
        return await now.send({id: ++count, sql, format});
      } catch (error) {
        if (!(error instanceof EngineDied)) throw told(error);
        void now?.end(); // nobody could tell what it does in a process that does not answer
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
      if (child?.isOpen()) for (const sql of fresh) tell(child, sql);
      return () => {
        prepared = prepared.filter((each) => !fresh.includes(each));
      };
    },
    plain: names.of,
    pid: () => child?.pid ?? null,
    close: async () => {
      while (running > 0) await last;
      if (idle !== null) clearTimeout(idle);
      await Promise.all([...started].map((each) => each.end()));
      child = null;
      names.release();
    },
  };
}

/** Turns the engine's message into one of ours where a person can act on it. */
function told(error: unknown): Error {
  if (error instanceof WatchfloorError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/No space left on device|NOT_ENOUGH_SPACE|ENOSPC/i.test(message))
    return new WatchfloorError("disk_full", "the events engine could not write", error);
  if (/Read-only file system/.test(message))
    return new WatchfloorError("home_not_writable", "the events engine could not write", error);
  if (/Too many open files|EMFILE|ENFILE/.test(message))
    return new WatchfloorError("too_many_files", "the events engine needs about a hundred", error);
  const line = message
    .replace(/\s+/g, " ")
    .replace(/^Query failed: /, "")
    .slice(0, 400);
  const where = error instanceof EngineDied ? `it ended ${ATTEMPTS} times in the same statement: ${line}` : line;
  return new WatchfloorError("engine_failed", where, error);
}
