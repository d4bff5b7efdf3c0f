/**
 * Opens the database: the site's own by URL, or the one that we start ourselves. Only who starts it differs.
 */
import path from "node:path";
import {Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql} from "kysely";
import pg from "pg";
import {WatchfloorError} from "../model/errors.ts";
import {MIGRATIONS, migrate} from "./migrations/index.ts";
import {atProcessEnd} from "./postgres/end.ts";
import {databaseError, isGone} from "./postgres/failures.ts";
import type {Schema} from "./postgres/schema.ts";
import {joinServer} from "./postgres/server.ts";

const INT8 = 20;
const DATE = 1082;
const LEAST_VERSION = 140_000;

/** The open database. `close` ends the connections; the last process that closes the embedded server stops it. */
export interface Database {
  readonly db: Kysely<Schema>;
  /**
   * Runs statements as they are written, for a library that brings its own: over the same connections, so that a server
   * that was started again is found. Of several statements it gives the rows of all. Throws database_unavailable, disk_full.
   */
  executeSql(text: string, values?: readonly unknown[]): Promise<{rows: unknown[]}>;
  close(): Promise<void>;
}

/** Which database: `url` null is the embedded server in `<home>/postgres`. `until` stops the tables at an older step. */
export interface DatabasePlace {
  readonly home: string;
  readonly url: string | null;
  readonly until?: string;
}

/**
 * Opens the database and brings its tables up to date. Queries throw database_unavailable when it cannot be reached and
 * disk_full; a dead embedded server is started again.
 */
export async function openDatabase({home, url, until}: DatabasePlace): Promise<Database> {
  const source = url === null ? await embeddedSource(path.resolve(home, "postgres")) : remoteSource(url);
  const pool = guarded(source);
  const db = new Kysely<Schema>({dialect: new PostgresDialect({pool})});
  const close = async (): Promise<void> => {
    await db.destroy();
    await source.leave();
  };
  try {
    await checkVersion(db);
    await migrate(db, MIGRATIONS, until);
    return {db, executeSql: (text, values) => executeOn(pool, text, values), close};
  } catch (error) {
    await close();
    throw error;
  }
}

/** What both kinds of database offer. */
interface Source {
  connect(): Promise<pg.PoolClient>;
  end(): Promise<void>;
  leave(): Promise<void>;
  readonly options: object;
}

function remoteSource(url: string): Source {
  const pool = poolOf({connectionString: url});
  return {connect: () => pool.connect(), end: () => pool.end(), leave: async () => {}, options: pool.options};
}

async function embeddedSource(folder: string): Promise<Source> {
  const server = await joinServer(folder);
  const takeBack = atProcessEnd(server.leaveNow);
  let pool = poolOf((await server.ensure()).application);
  const connect = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      if (!isGone(error)) throw error;
      const {application} = await server.ensure();
      if (application.port !== pool.options.port) pool = poolOf(application);
      return pool.connect();
    }
  };
  const leave = async (): Promise<void> => {
    await server.leave();
    takeBack(); // not before: the process may be ended while this waits
  };
  return {connect, end: () => pool.end(), leave, options: pool.options};
}

function poolOf(config: pg.ClientConfig): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    application_name: "watchfloor",
    max: 8,
    connectionTimeoutMillis: 15_000,
    allowExitOnIdle: true,
    types: {getTypeParser: parserOf},
  });
  // A broken connection is dropped by the pool; its query, or the next one, says so. Unheard, it would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** pg gives int8 as text and a date as local midnight; we want a number and the day as it is written. */
function parserOf(oid: number, format?: "text" | "binary"): (text: string) => unknown {
  if (oid === INT8) return safeInteger;
  if (oid === DATE) return String;
  return pg.types.getTypeParser(oid, format ?? "text");
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a number`);
  return value;
}

/** The pool as Kysely wants it, with errors in our words. Each connection keeps its one wrapper: Kysely knows it by that. */
function guarded(source: Source): PostgresPool & {connect(): Promise<PlainClient>} {
  const wrappers = new WeakMap<pg.PoolClient, PostgresPoolClient & PlainClient>();
  return {
    options: source.options,
    end: () => source.end(),
    connect: async () => {
      const client = await source.connect().catch((error: unknown) => {
        throw databaseError(error);
      });
      const known = wrappers.get(client) ?? wrap(client);
      wrappers.set(client, known);
      return known;
    },
  };
}

/** What we need of a connection ourselves. */
interface PlainClient {
  query(text: string, values: unknown[]): Promise<unknown>;
  release(destroy?: boolean): void;
}

/** A connection whose statement failed is not used again: it may stand in the midst of a transaction. */
async function executeOn(
  pool: {connect(): Promise<PlainClient>},
  text: string,
  values: readonly unknown[] = [],
): Promise<{rows: unknown[]}> {
  const client = await pool.connect();
  let isDone = false;
  try {
    const result = (await client.query(text, [...values])) as pg.QueryResult | pg.QueryResult[];
    isDone = true;
    return {rows: [result].flat().flatMap(({rows}) => rows as unknown[])};
  } finally {
    client.release(!isDone);
  }
}

function wrap(client: pg.PoolClient): PostgresPoolClient & PlainClient {
  let isBroken = false;
  const query = (text: string, values: unknown[]): Promise<unknown> =>
    client.query(text, values.map(withoutNul)).catch((error: unknown) => {
      isBroken ||= isGone(error);
      throw databaseError(error);
    });
  // The server's farewell comes before the end of its connection: without a hint the pool would hand it out once more.
  const release = (destroy?: boolean): void => client.release(isBroken || destroy);
  return {query, release} as PostgresPoolClient & PlainClient;
}

/** PostgreSQL keeps no NUL in texts; whoever sends one shall not stop the rest. */
function withoutNul(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNul);
  return typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;
}

/** Comes back when the database answers. Throws database_unavailable. */
export async function pingDatabase(db: Kysely<Schema>): Promise<void> {
  await sql`SELECT 1`.execute(db);
}

async function checkVersion(db: Kysely<Schema>): Promise<void> {
  const {rows} = await sql<{v: number}>`SELECT current_setting('server_version_num')::integer AS v`.execute(db);
  const version = rows[0]?.v ?? 0;
  if (version < LEAST_VERSION)
    throw new WatchfloorError("database_unavailable", `PostgreSQL 14 or newer is needed, this is ${version / 10_000}`);
}
