/**
 * Under which user the server runs. PostgreSQL refuses to run as root, and an install on a small machine or in a
 * container is often run as root; so: an ordinary user runs it plainly; root runs it in a user namespace, where the
 * process is nobody but still reaches root's own folders; where that is forbidden, as another user of the machine, with
 * data and programs where that user can reach them.
 */
import {execFile} from "node:child_process";
import {randomBytes} from "node:crypto";
import {chown, cp, readdir, readFile, rm, stat} from "node:fs/promises";
import {userInfo} from "node:os";
import path from "node:path";
import {promisify} from "node:util";
import {WatchfloorError} from "../../model/errors.ts";
import {makeFolder, syncTree, writeDurably} from "../durable.ts";
import {type Binaries, copyPackage, findPackage, linkLibraries} from "./binaries.ts";

const run = promisify(execFile);
const MOVED_TO = "/var/lib/watchfloor";

/** How the server may be run. The order of trying is the order here. */
export const ACCOUNT_KINDS = ["own", "namespace", "other"] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** A user that can run the server, with all it needs. */
export interface Account {
  readonly kind: AccountKind;
  /** Holds data/ and run/; the folder in the home, unless that is out of the user's reach. */
  readonly base: string;
  readonly binaries: Binaries;
  /** Owner of the files, as seen from here. */
  readonly uid: number;
  readonly gid: number;
  /** Put before a command, so that it runs as that user; empty when `uid` and `gid` of the new process do it. */
  readonly prefix: readonly string[];
}

interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Returns the first kind of account of `kinds` that works here for a server in `folder`.
 * Throws database_unavailable when none does.
 */
export async function chooseAccount(folder: string, kinds: readonly AccountKind[]): Promise<Account> {
  const native = await findPackage();
  const binaries = await linkLibraries(native, path.join(folder, "lib"));
  const base = await baseOf(folder);
  const tried: string[] = [];
  for (const kind of kinds) {
    try {
      const account = await tryKind(kind, {folder, base, binaries});
      if (account !== null) return account;
      tried.push(`${kind}: does not apply here`);
    } catch (error) {
      tried.push(`${kind}: ${error instanceof Error ? error.message.trim().split("\n").at(-1) : error}`);
    }
  }
  throw new WatchfloorError("database_unavailable", `PostgreSQL can run under no user here (${tried.join("; ")})`);
}

/** Returns the environment of a server program: nothing of ours but its libraries. */
function environmentFor(binaries: Binaries): Record<string, string> {
  const libraries = binaries.libraries;
  return {PATH: "/usr/bin:/bin", TZ: "UTC", LC_ALL: "C", LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries};
}

/** Returns file, arguments and user with which a server program is started under the account. */
export function commandFor(account: Account, program: "initdb" | "postgres", args: readonly string[]) {
  const [file = "", ...rest] = [...account.prefix, path.join(account.binaries.native, "bin", program), ...args];
  const user = account.kind === "other" ? {uid: account.uid, gid: account.gid} : {};
  return {file, args: rest, options: {...user, cwd: "/", env: environmentFor(account.binaries)}};
}

/** Makes the folder and all in it belong to the account, when another account had it before. */
export async function giveTo(account: Account, folder: string): Promise<void> {
  if ((await stat(folder)).uid === account.uid || process.getuid?.() !== 0) return;
  for (const name of await readdir(folder, {recursive: true}))
    await chown(path.join(folder, name), account.uid, account.gid);
  await chown(folder, account.uid, account.gid); // last: it says that the work is done
}

interface Place {
  readonly folder: string;
  readonly base: string;
  readonly binaries: Binaries;
}

function tryKind(kind: AccountKind, place: Place): Promise<Account | null> {
  if (kind === "own") return ownAccount(place);
  if (kind === "namespace") return namespaceAccount(place);
  return otherAccount(place);
}

async function ownAccount({base, binaries}: Place): Promise<Account | null> {
  if (process.getuid?.() === 0) return null;
  const {uid, gid} = userInfo(); // throws when the user has no name; initdb would refuse, too
  return {kind: "own", base, binaries, uid, gid, prefix: []};
}

async function namespaceAccount({base, binaries}: Place): Promise<Account | null> {
  const user = await userNamed(["nobody", "daemon"]);
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  if (user === null || uid === undefined || gid === undefined || process.platform !== "linux") return null;
  const prefix = ["unshare", "--user", `--map-user=${user.uid}`, `--map-group=${user.gid}`, "--"];
  await run("unshare", [...prefix.slice(1), ...reachTest(base, binaries)], {env: environmentFor(binaries)});
  return {kind: "namespace", base, binaries, uid, gid, prefix};
}

async function otherAccount({folder, base, binaries}: Place): Promise<Account | null> {
  const user = await userNamed(["watchfloor", "postgres", "nobody"]);
  if (user === null || process.getuid?.() !== 0) return null;
  const {uid, gid} = user;
  const canUse = async (test: readonly string[]): Promise<boolean> => {
    const [file = "", ...args] = test;
    return run(file, args, {uid, gid, cwd: "/", env: environmentFor(binaries)}).then(
      () => true,
      () => false,
    );
  };
  const newBase = (await canUse(["test", "-x", base])) ? base : await moveBase(folder, base);
  const native = (await canUse(reachTest("/tmp", binaries)))
    ? binaries.native
    : await copyPackage(binaries.native, newBase);
  const reachable =
    native === binaries.native && newBase === folder
      ? binaries
      : await linkLibraries(native, path.join(newBase, "lib"));
  return {kind: "other", base: newBase, binaries: reachable, uid, gid, prefix: []};
}

/** A command that succeeds when its user can write into the folder and run the programs. */
function reachTest(folder: string, binaries: Binaries): string[] {
  const program = path.join(binaries.native, "bin", "postgres");
  return ["/bin/sh", "-c", 'test -w "$1" && exec "$2" --version', "sh", folder, program];
}

/** Returns the first of the users that this machine has. */
async function userNamed(names: readonly string[]): Promise<User | null> {
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n").map((line) => line.split(":"));
  for (const wanted of names) {
    const [name, , uid, gid] = lines.find((fields) => fields[0] === wanted) ?? [];
    if (name !== undefined) return {name, uid: Number(uid), gid: Number(gid)};
  }
  return null;
}

const PLACE_FILE = "place";

/** Returns where the data lies: in the folder itself, or where the file `place` in it says. */
export async function baseOf(folder: string): Promise<string> {
  const place = await readFile(path.join(folder, PLACE_FILE), "utf8").catch(() => null);
  return place === null ? folder : place.trim();
}

/** Moves the data to where every user can be let in, and says so in the folder. */
async function moveBase(folder: string, base: string): Promise<string> {
  const target = path.join(MOVED_TO, randomBytes(8).toString("hex")); // a new one: what lies there may be somebody's
  await makeFolder(target);
  const data = path.join(base, "data");
  const isThere = await stat(data).then(
    () => true,
    () => false,
  );
  if (isThere) {
    await cp(data, path.join(target, "data"), {recursive: true, preserveTimestamps: true});
    await syncTree(target);
  }
  await writeDurably(path.join(folder, PLACE_FILE), `${target}\n`);
  if (isThere) await rm(data, {recursive: true, force: true});
  return target;
}
