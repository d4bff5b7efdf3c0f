/**
 * A real PostgreSQL for tests: one server for all test files of a run (the store's own embedded one, shared by its own
 * rules: the last file that leaves stops it), and a fresh database for each file.
 */
import {randomBytes} from "node:crypto";
import {lstatSync, mkdirSync} from "node:fs";
import {tmpdir, userInfo} from "node:os";
import path from "node:path";
import pg from "pg";
import {isRunning} from "../src/store/durable.ts";
import {joinServer} from "../src/store/postgres/server.ts";
import {type Database, openDatabase} from "../src/store/postgres.ts";

/** Returns a fresh database with today's tables, and its URL; `close` removes it. */
export async function openTestDatabase(): Promise<Database & {readonly url: string}> {
  const {url, drop} = await createDatabase();
  const database = await openDatabase({home: "unused", url});
  const close = async (): Promise<void> => {
    await database.close();
    await drop();
  };
  return {...database, url, close};
}

/** Returns the URL of an empty database without any tables; `drop` removes it. */
export async function createDatabase(): Promise<{url: string; drop(): Promise<void>}> {
  const server = await joinServer(sharedFolder());
  const {application, superuser} = await server.ensure();
  const name = `test_${process.pid}_${randomBytes(4).toString("hex")}`;
  await asSuperuser(superuser, async (client) => {
    await dropLeftovers(client);
    await client.query(`CREATE DATABASE ${name} OWNER ${application.user}`);
  });
  const url = new URL(`postgresql://localhost/${name}`);
  for (const key of ["host", "port", "user", "password"] as const) url.searchParams.set(key, String(application[key]));
  const drop = async (): Promise<void> => {
    await asSuperuser(superuser, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    await server.leave();
  };
  return {url: url.href, drop};
}

/** The folder stays from run to run, because making the server's data takes a second or two. */
function sharedFolder(): string {
  const folder = path.join(tmpdir(), `watchfloor-test-${userInfo().uid}`);
  mkdirSync(folder, {recursive: true, mode: 0o700});
  if (lstatSync(folder).uid !== userInfo().uid) throw new Error(`${folder} belongs to somebody else`);
  return folder;
}

async function asSuperuser(config: pg.ClientConfig, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Databases of test files that were killed. */
async function dropLeftovers(client: pg.Client): Promise<void> {
  const {rows} = await client.query<{datname: string}>("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'");
  for (const {datname} of rows) {
    if (isRunning(Number(datname.split("_")[1]))) continue;
    await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  }
}
