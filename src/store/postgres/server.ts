/**
 * One server for all processes that use the same data folder: the first that comes starts it, the last that leaves stops
 * it. A server that outlived a crash of ours is used again; a dead one is started anew.
 */
import {existsSync} from "node:fs";
import path from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import type {ClientConfig} from "pg";
import {WatchfloorError} from "../../model/errors.ts";
import {makeFolder} from "../durable.ts";
import {tryLock, withLock} from "../lock.ts";
import {ACCOUNT_KINDS, type AccountKind, baseOf, chooseAccount} from "./account.ts";
import {
  applicationClient,
  makeCluster,
  prepareDatabase,
  readSecrets,
  type Secrets,
  superuserClient,
} from "./cluster.ts";
import {databaseError, isGone} from "./failures.ts";
import {countHolders, enterHolder, leaveHolder} from "./holders.ts";
import {type Address, askToStop, startPostmaster, stopPostmaster, waitUntilReady} from "./postmaster.ts";

/** How to connect, as the product and as the superuser. */
interface Connections {
  readonly application: ClientConfig;
  readonly superuser: ClientConfig;
}

interface Running {
  readonly data: string;
  readonly connections: Connections;
}

interface Found {
  readonly data: string;
  readonly address: Address;
}

/** A share in the running server. */
export interface Server {
  /** Makes sure that the server runs, starting it again if it died, and returns how to connect. */
  ensure(): Promise<Connections>;
  /** Gives the share back; the last one stops the server and waits for it. Calling it twice is harmless. */
  leave(): Promise<void>;
  /** The same without waiting, for the end of the process. */
  leaveNow(): void;
}

/**
 * Joins the server whose files lie in `folder`, starting it when it does not run. `kinds` limits the accounts that it may
 * run under. Throws database_unavailable, disk_full, home_not_writable.
 */
export async function joinServer(folder: string, kinds: readonly AccountKind[] = ACCOUNT_KINDS): Promise<Server> {
  const lock = path.join(folder, "lock");
  const holders = path.join(folder, "holders");
  await makeFolder(holders);
  const {data, holder} = await withLock(lock, async () => {
    const running = await ensureRunning(folder, kinds);
    return {data: running.data, holder: enterHolder(holders)};
  });
  let hasLeft = false;
  let isLocked = false;
  const isLast = (): boolean => {
    hasLeft = true;
    leaveHolder(holders, holder);
    return countHolders(holders) === 0;
  };
  return {
    ensure: () =>
      withLock(lock, async () => {
        // whoever asks late, while another part of the process closes, must not start a server that nobody stops
        if (hasLeft) throw new WatchfloorError("database_unavailable", "The database is closed");
        isLocked = true;
        return (await ensureRunning(folder, kinds).finally(() => (isLocked = false))).connections;
      }),
    leave: async () => {
      if (!hasLeft) await withLock(lock, async () => (isLast() ? stopPostmaster(data) : undefined));
    },
    leaveNow: () => {
      if (hasLeft || !existsSync(folder)) return;
      const release = isLocked ? () => undefined : waitForLock(lock); // for ourselves we would wait in vain
      if (isLast() && release !== null) askToStop(data);
      release?.();
    },
  };
}

/** Under the lock: the running server is used, a stopping one is waited for, and where there is none it is started. */
async function ensureRunning(folder: string, kinds: readonly AccountKind[]): Promise<Running> {
  const secrets = await readSecrets(folder);
  for (let triesLeft = 5; ; triesLeft--) {
    const {data, address} = await findOrStart(folder, secrets, kinds);
    try {
      await prepareDatabase(address, secrets);
      const [application, superuser] = [applicationClient(address, secrets), superuserClient(address, secrets)];
      return {data, connections: {application, superuser}};
    } catch (error) {
      if (!isGone(error) || triesLeft === 0) throw databaseError(error);
      await sleep(50); // killed just now: it is still in the list of processes, but does not answer
    }
  }
}

async function findOrStart(folder: string, secrets: Secrets, kinds: readonly AccountKind[]): Promise<Found> {
  const data = path.join(await baseOf(folder), "data");
  const running = await waitUntilReady(data);
  if (running !== null) return {data, address: running.address};
  const account = await chooseAccount(folder, kinds);
  await makeCluster(account, secrets, new Date());
  const {address} = await startPostmaster(account, path.join(folder, "server.log"));
  return {data: path.join(account.base, "data"), address};
}

/** At the end of a process nothing can be awaited; so this blocks, but not for long. */
function waitForLock(lock: string): (() => void) | null {
  for (let left = 50; left > 0; left--) {
    const release = tryLock(lock);
    if (release !== null) return release;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  return null;
}
