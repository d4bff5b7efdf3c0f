/**
 * Adds to package-lock.json the platform builds of optional dependencies that the registry at hand lacked when the lock
 * was written. `npm install` passes over them in silence, and `npm ci` then refuses the lock. Run it after every
 * `npm install`. Usage: node scripts/complete-lock.ts
 */
import {readFileSync, writeFileSync} from "node:fs";
import path from "node:path";

/** What of a lock entry matters here; all else stays as it is. */
interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly os?: readonly string[] | string;
  readonly cpu?: readonly string[] | string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** A package-lock.json of version 3. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
  readonly [key: string]: unknown;
}

/** For which machines a package is built. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
  readonly libc?: "glibc" | "musl";
}

const SYSTEMS = ["darwin", "win32", "android", "freebsd", "openharmony", "linux"];
const PROCESSORS: Readonly<Record<string, string>> = {
  x64: "x64",
  arm64: "arm64",
  arm: "arm",
  ia32: "ia32",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
};
const LIBRARIES: readonly (readonly [RegExp, "glibc" | "musl"])[] = [
  [/^musl/, "musl"],
  [/^gnu/, "glibc"],
];

/** Returns the platform that the last words of a package name tell, such as linux-x64-gnu; null when they tell none. */
export function platformOf(name: string): Platform | null {
  const words = name.replace(/^@[^/]+\//, "").split("-");
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = words.map((word) => PROCESSORS[word]).find((processor) => processor !== undefined);
  if (os === undefined || cpu === undefined) return null;
  const libc = LIBRARIES.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1];
  return {os, cpu, ...(os === "linux" && libc !== undefined ? {libc} : {})};
}

/**
 * Returns the lock with an entry for each optional dependency that has none, and the names of those added. They carry no
 * integrity, since their bytes were never seen. Throws when a name does not tell its platform: without one, npm would try
 * to install the package everywhere.
 */
export function completeLock(lock: Lock): {lock: Lock; added: string[]} {
  const packages: Record<string, LockEntry> = {...lock.packages};
  const added: string[] = [];
  for (const entry of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (Object.keys(packages).some((key) => key.endsWith(`node_modules/${name}`))) continue;
      packages[`node_modules/${name}`] = {version, ...addition(name, entry.dev === true)};
      added.push(name);
    }
  }
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en")));
  return {lock: {...lock, packages: sorted}, added};
}

function addition(name: string, isForDevelopment: boolean): LockEntry {
  const platform = platformOf(name);
  if (platform === null) throw new Error(`${name} is not in the lock, and its name does not tell a platform`);
  const {os, cpu, libc} = platform;
  return {
    cpu: [cpu],
    ...(isForDevelopment ? {dev: true} : {}),
    ...(libc === undefined ? {} : {libc: [libc]}),
    optional: true,
    os: [os],
  };
}

if (import.meta.main) {
  const file = path.resolve(import.meta.dirname, "../package-lock.json");
  const {lock, added} = completeLock(JSON.parse(readFileSync(file, "utf8")));
  if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(added.length === 0 ? "the lock is complete" : `added ${added.length}: ${added.join(", ")}`);
}
