/**
 * The server process itself: found by its `postmaster.pid`, started, stopped. Everything here is called under the
 * server's lock, so that there is never a second one on the same data.
 */
import {spawn} from "node:child_process";
import {closeSync, openSync, readFileSync, readlinkSync, realpathSync, renameSync, statSync} from "node:fs";
import {rm, writeFile} from "node:fs/promises";
import {createServer} from "node:net";
import path from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {WatchfloorError} from "../../model/errors.ts";
import {isRunning} from "../durable.ts";
import {type Account, commandFor} from "./account.ts";

const START_SECONDS = 120; // recovery after a crash is part of the start
const STOP_SECONDS = 60;
/**
 * So long a server may take to stop in order. One that is told to while it recovers from a crash never comes to an end
 * (PostgreSQL 18.4); then it is told to stop at once, which costs the next start a recovery and loses nothing.
 */
const PATIENCE_MS = 20_000;
const POLL_MS = 5;
const LOG_BYTES = 4_000_000;
const LONGEST_SOCKET = 103; // bytes of a path that every system takes
const NO_PROCESS = 2_147_483_647; // above every pid that a system gives

/**
 * Small, and as durable as it goes. On the command line, so that a new version's values hold for old data folders, too.
 * The log is kept free of statements and details: they carry case data.
 */
const SETTINGS = {
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  shared_buffers: "32MB",
  work_mem: "8MB",
  maintenance_work_mem: "64MB",
  max_connections: "60",
  max_wal_size: "256MB",
  min_wal_size: "32MB",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_logical_replication_workers: "0",
  max_parallel_workers_per_gather: "0",
  io_method: "sync",
  jit: "off",
  huge_pages: "off",
  idle_in_transaction_session_timeout: "60s",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  log_line_prefix: "%m [%p] ",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  unix_socket_permissions: "0700",
};

/** Where a running server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A server process as its pid file tells of it. */
export interface Postmaster {
  readonly pid: number;
  readonly isReady: boolean;
  readonly isStopping: boolean;
  readonly address: Address;
}

/** Returns the server that runs on the data folder, or null. A pid that another program got since is not taken for it. */
export function findPostmaster(data: string): Postmaster | null {
  const lines = readLines(path.join(data, "postmaster.pid"));
  const pid = Number(lines[0]);
  if (!(pid > 0) || !isRunning(pid) || !worksIn(pid, data)) return null;
  const status = (lines[7] ?? "").trim();
  const host = lines[4] ? lines[4] : (lines[5] ?? "");
  const address = {host, port: Number(lines[3])};
  return {pid, isReady: status === "ready", isStopping: status === "stopping", address};
}

/** Starts a server on the account's data and returns it when it takes connections. Throws database_unavailable, disk_full. */
export async function startPostmaster(account: Account, log: string): Promise<Postmaster> {
  const data = path.join(account.base, "data");
  const giveUpAt = performance.now() + START_SECONDS * 1000;
  for (;;) {
    await retirePidFile(data);
    const failure = await launch(account, log, giveUpAt);
    if (typeof failure !== "string") return failure;
    // After a crash the old server's children need a moment to notice that it is gone; a free port may be taken by now.
    const mayPass = /still in use|could not bind|lock file .* already exists/.test(failure);
    if (!mayPass || performance.now() > giveUpAt) throw startError(failure, data);
    await sleep(100);
  }
}

/** Stops the server in order, or at once when that takes longer than `patienceMs`; returns when it is gone. */
export async function stopPostmaster(data: string, patienceMs = PATIENCE_MS): Promise<void> {
  const giveUpAt = performance.now() + STOP_SECONDS * 1000;
  const urge = urging(patienceMs);
  askToStop(data);
  for (let running = findPostmaster(data); running !== null; running = findPostmaster(data)) {
    urge(running);
    if (performance.now() > giveUpAt) throw new WatchfloorError("database_unavailable", `${data} does not stop`);
    await sleep(POLL_MS);
  }
}

/** Tells the server to end its connections and stop, without waiting for it. */
export function askToStop(data: string): void {
  const running = findPostmaster(data);
  if (running !== null) process.kill(running.pid, "SIGINT");
}

/** Tells a server that has been stopping for too long to stop at once, and again when another one does. */
function urging(patienceMs: number): (running: Postmaster) => void {
  let urgeAt = performance.now() + patienceMs;
  return ({pid, isStopping}) => {
    if (!isStopping || performance.now() < urgeAt) return;
    urgeAt = performance.now() + patienceMs;
    process.kill(pid, "SIGQUIT");
  };
}

/** Returns the running server once it takes connections; null when it ends instead. */
export async function waitUntilReady(data: string, patienceMs = PATIENCE_MS): Promise<Postmaster | null> {
  const giveUpAt = performance.now() + START_SECONDS * 1000;
  const urge = urging(patienceMs);
  for (;;) {
    const running = findPostmaster(data);
    if (running === null || running.isReady) return running;
    urge(running);
    if (performance.now() > giveUpAt) throw new WatchfloorError("database_unavailable", `${data} does not get ready`);
    await sleep(POLL_MS);
  }
}

/** Returns the running server, or what the log says when it ended. */
async function launch(account: Account, log: string, giveUpAt: number): Promise<Postmaster | string> {
  const data = path.join(account.base, "data");
  rotate(log);
  const logFrom = sizeOf(log);
  const output = openSync(log, "a", 0o600);
  const {file, args, options} = commandFor(account, "postgres", ["-D", data, ...(await listenArguments(account))]);
  const child = spawn(file, args, {...options, detached: true, stdio: ["ignore", output, output]});
  closeSync(output);
  let ended: string | null = null;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", () => (ended ??= readFileSync(log, "utf8").slice(logFrom)));
  child.unref();
  while (ended === null && performance.now() < giveUpAt) {
    const running = findPostmaster(data);
    if (running?.isReady && running.pid === child.pid) {
      child.removeAllListeners(); // from here on it lives longer than we look
      return running;
    }
    await sleep(POLL_MS);
  }
  return ended ?? `no answer within ${START_SECONDS} seconds`;
}

/** A socket in the data folder, which nobody else can reach; where its path would be too long, a free port of loopback. */
async function listenArguments(account: Account): Promise<string[]> {
  const folder = path.join(account.base, "run");
  const isShort = Buffer.byteLength(path.join(folder, ".s.PGSQL.5432")) <= LONGEST_SOCKET;
  const settings: Record<string, string> = isShort
    ? {...SETTINGS, listen_addresses: "", unix_socket_directories: `"${folder.replaceAll('"', '""')}"`}
    : {...SETTINGS, listen_addresses: "127.0.0.1", unix_socket_directories: "", port: String(await freePort())};
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === "object" ? address.port : 0));
    });
  });
}

/**
 * Where the pid of a crashed server was given to another program since, PostgreSQL would believe that it still runs.
 * The rest of the file stays: with it PostgreSQL makes sure that no child of the old server is left.
 */
async function retirePidFile(data: string): Promise<void> {
  const file = path.join(data, "postmaster.pid");
  const lines = readLines(file);
  if (lines.length === 0 || findPostmaster(data) !== null) return;
  if (!(Number(lines[0]) > 0)) return rm(file, {force: true}); // torn by a full disk or a power cut
  if (isRunning(Number(lines[0]))) await writeFile(file, [NO_PROCESS, ...lines.slice(1)].join("\n"));
}

/** A server works in its data folder. Where the system does not tell (macOS), a running pid is believed. */
function worksIn(pid: number, data: string): boolean {
  if (process.platform !== "linux") return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch {
    return false;
  }
}

function startError(failure: string, data: string): WatchfloorError {
  const line = failure.split("\n").find((each) => /FATAL|PANIC|error/i.test(each)) ?? failure.trim();
  const reason = line.replace(/^.*?(FATAL|PANIC):\s*/, "");
  if (/No space left|Disk quota/.test(failure)) return new WatchfloorError("disk_full", data);
  return new WatchfloorError("database_unavailable", `PostgreSQL does not start on ${data}: ${reason}`);
}

function rotate(log: string): void {
  if (sizeOf(log) > LOG_BYTES) renameSync(log, `${log}.old`);
}

function sizeOf(file: string): number {
  return statSync(file, {throwIfNoEntry: false})?.size ?? 0;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return []; // no server, or it ended this moment
  }
}
