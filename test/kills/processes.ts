/** The processes of a running product, as the system shows them: all of them descend from what the test has started. */
import {readdirSync, readFileSync} from "node:fs";
import path from "node:path";
import {baseOf} from "../../src/store/postgres/account.ts";
import {findPostmaster} from "../../src/store/postgres/postmaster.ts";

/** What kind of process it is. `connection`: one of those that the database server has for its connections and its own work. */
export type Kind = "worker" | "database" | "connection" | "engine" | "probe" | "reader";

const SCRIPTS: Readonly<Record<string, Kind>> = {
  "store/events/engine/process.ts": "engine",
  "app/probe/process.ts": "probe",
  "app/mail/reading-process.ts": "reader",
};

/** Returns the process ids of each kind that runs now. `worker` is the one that the test has started, `home` its data folder. */
export async function processesOf({worker, home}: {worker: number; home: string}): Promise<Map<Kind, number[]>> {
  const found = new Map<Kind, number[]>();
  const add = (kind: Kind, pid: number): void => {
    if (isAlive(pid)) found.set(kind, [...(found.get(kind) ?? []), pid]);
  };
  add("worker", worker);
  for (const pid of childrenOf(worker)) {
    const command = textOf(`/proc/${pid}/cmdline`);
    const script = Object.keys(SCRIPTS).find((each) => command.includes(each));
    if (script !== undefined && SCRIPTS[script] !== undefined) add(SCRIPTS[script], pid);
  }
  const postmaster = findPostmaster(path.join(await baseOf(path.join(home, "postgres")), "data"));
  if (postmaster === null) return found;
  add("database", postmaster.pid);
  for (const pid of childrenOf(postmaster.pid)) add("connection", pid);
  return found;
}

/** What was killed stays in the list until its parent has heard of it. */
function isAlive(pid: number): boolean {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat !== "" && !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(")") + 1));
}

function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    textOf(`/proc/${pid}/task/${thread}/children`)
      .split(" ")
      .filter((each) => each !== "")
      .map(Number),
  );
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // it has ended
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // it has ended
  }
}
