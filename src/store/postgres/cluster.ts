/**
 * The data of the server: made once, with checksums, random passwords, and a role for the product that is no superuser.
 * Every step can be broken off and done again.
 */
import {execFile} from "node:child_process";
import {randomBytes} from "node:crypto";
import {chown, mkdir, readFile, rename, rm} from "node:fs/promises";
import path from "node:path";
import {promisify} from "node:util";
import pg from "pg";
import {z} from "zod";
import {WatchfloorError} from "../../model/errors.ts";
import {codeOf, readIfThere, removeStale, syncFolder, temporaryFor, writeDurably} from "../durable.ts";
import {type Account, commandFor, giveTo} from "./account.ts";
import type {Address} from "./postmaster.ts";

const run = promisify(execFile);
const VERSION = "18";
const NAME = "watchfloor";
const SECRETS_FILE = "secrets.json";

const secretsSchema = z.strictObject({superuser: z.string().min(1), application: z.string().min(1)});

/** The passwords of the two roles. */
export type Secrets = z.infer<typeof secretsSchema>;

/** Returns the passwords, made on the first call. */
export async function readSecrets(folder: string): Promise<Secrets> {
  const file = path.join(folder, SECRETS_FILE);
  const known = await readIfThere(file);
  if (known !== null) {
    await syncFolder(folder); // whoever made it may have been killed before this
    return secretsSchema.parse(JSON.parse(known.toString()));
  }
  const secrets = {superuser: randomBytes(24).toString("hex"), application: randomBytes(24).toString("hex")};
  await writeDurably(file, `${JSON.stringify(secrets)}\n`, 0o600);
  return secrets;
}

/**
 * Makes the data folder where there is none, and hands it and the socket folder to the account.
 * Throws database_unavailable (also for data of another PostgreSQL version), disk_full.
 */
export async function makeCluster(account: Account, secrets: Secrets, now: Date): Promise<void> {
  const data = path.join(account.base, "data");
  const sockets = path.join(account.base, "run");
  await mkdir(sockets, {recursive: true, mode: 0o700});
  await giveTo(account, sockets);
  const version = await readFile(path.join(data, "PG_VERSION"), "utf8").catch(() => null);
  if (version === null) return initialise(account, secrets, now);
  if (version.trim() !== VERSION)
    throw new WatchfloorError("database_unavailable", `${data} is of PostgreSQL ${version.trim()}, not ${VERSION}`);
  await giveTo(account, data);
}

async function initialise(account: Account, secrets: Secrets, now: Date): Promise<void> {
  const data = path.join(account.base, "data");
  await removeStale(account.base, now);
  const temporary = temporaryFor(data);
  const password = temporaryFor(`${data}-password`);
  await writeDurably(password, secrets.superuser, 0o600);
  await mkdir(temporary, {mode: 0o700});
  for (const each of account.kind === "other" ? [temporary, password] : []) await chown(each, account.uid, account.gid);
  const options = ["--username=postgres", `--pwfile=${password}`, "--auth=scram-sha-256", "--data-checksums"];
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const command = commandFor(account, "initdb", ["-D", temporary, ...options, ...locale]);
  try {
    await run(command.file, command.args, command.options);
    await rename(temporary, data);
    await syncFolder(account.base);
  } catch (error) {
    throw initialiseError(error, data);
  } finally {
    await rm(password, {force: true});
    await rm(temporary, {force: true, recursive: true});
  }
}

/** Returns how the product's own role connects. */
export function applicationClient(address: Address, secrets: Secrets): pg.ClientConfig {
  return {...address, user: NAME, database: NAME, password: secrets.application, ssl: false};
}

/** Returns how the superuser connects, for what the product's role may not do. */
export function superuserClient(address: Address, secrets: Secrets): pg.ClientConfig {
  return {...address, user: "postgres", database: "postgres", password: secrets.superuser, ssl: false};
}

/** Makes the product's role and database where they are missing. */
export async function prepareDatabase(address: Address, secrets: Secrets): Promise<void> {
  if (await canConnect(applicationClient(address, secrets))) return;
  const client = clientOf(superuserClient(address, secrets));
  await client.connect();
  try {
    const password = client.escapeLiteral(secrets.application);
    const role = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [NAME]);
    const verb = role.rowCount === 0 ? "CREATE" : "ALTER";
    await client.query(`${verb} ROLE ${NAME} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${password}`);
    const database = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [NAME]);
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${NAME} OWNER ${NAME}`);
  } finally {
    await client.end();
  }
}

/** False only when the server says that role or database are not there yet. */
async function canConnect(config: pg.ClientConfig): Promise<boolean> {
  const client = clientOf(config);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (["28P01", "28000", "3D000"].includes(codeOf(error) ?? "")) return false;
    throw error;
  } finally {
    await client.end().catch(() => {}); // it may never have been connected
  }
}

function initialiseError(error: unknown, data: string): unknown {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
  if (/No space left|Disk quota/.test(said)) return new WatchfloorError("disk_full", data, error);
  const line = said.split("\n").find((each) => /error|FATAL|could not/i.test(each)) ?? "";
  return new WatchfloorError("database_unavailable", `PostgreSQL cannot make its data in ${data}: ${line}`, error);
}

/** A server that ends between two statements says so by an event: unheard, it would end the process. */
function clientOf(config: pg.ClientConfig): pg.Client {
  const client = new pg.Client(config);
  client.on("error", () => {}); // the next statement says it too
  return client;
}
