/** `npm start` as a process of its own, and what it and its children take of the machine. */
import {type ChildProcess, spawn} from "node:child_process";
import {readdirSync, readFileSync} from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");

/** A process that was started. */
export interface Started {
  readonly process: ChildProcess;
  /** All that it has printed so far, errors too. */
  output(): string;
  /** Standard output alone. */
  answer(): string;
  /** Comes back when the output holds the text. Throws when the process ends before. */
  says(text: string | RegExp): Promise<void>;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts a program of ours on a data folder, in a process group of its own. */
export function startProcess(script: string, args: readonly string[], home: string): Started {
  const child = spawn(process.execPath, [path.join(ROOT, script), ...args], {
    cwd: ROOT,
    env: {...process.env, WATCHFLOOR_HOME: home},
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  let answer = "";
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
      if (stream === child.stdout) answer += text;
      for (const listen of heard) listen();
    });
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once("close", (code, signal) => resolve(signal ?? code ?? -1)),
  );
  const says = (text: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const listen = (): void => {
        if (typeof text === "string" ? !output.includes(text) : !text.test(output)) return;
        heard.delete(listen);
        resolve();
      };
      heard.add(listen);
      listen();
      void ended.then((how) => reject(new Error(`ended with ${how} before it said ${text}:\n${output}`)));
    });
  return {process: child, output: () => output, answer: () => answer, says, ended};
}

/** A process below another one. */
export interface Below {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** What it takes of the memory: of pages that several share its part of each (PSS). NaN when that may not be read. */
  readonly bytes: number;
}

/** Returns every process of the machine. Linux only. */
export function allProcesses(): Below[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (look(Number(name)) ?? []) : []));
}

/** Returns a process and all below it, however deep. Linux only. */
export function processesOf(pid: number): Below[] {
  const all = allProcesses();
  const found: Below[] = [];
  const wanted = [pid];
  for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) {
    const here = next;
    found.push(...all.filter((each) => each.pid === here));
    wanted.push(...all.filter((each) => each.parent === here).map((each) => each.pid));
  }
  return found;
}

/** Comes back when none of the processes runs any more. Throws when some still do after a few seconds. */
export async function waitUntilGone(processes: readonly Below[]): Promise<void> {
  let left = processes;
  for (let triesLeft = 100; triesLeft > 0; triesLeft--) {
    // one that has ended stays in the list until whoever inherited it has taken note
    left = left.filter(({pid}) => look(pid)?.hasEnded === false);
    if (left.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`still there: ${left.map(({pid, command}) => `${pid} ${command.slice(0, 80)}`).join("; ")}`);
}

function look(pid: number): (Below & {hasEnded: boolean}) | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const number = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    const hasEnded = /^State:\s+[ZX]/m.test(status);
    return {pid, parent: number("PPid"), command, bytes: hasEnded ? 0 : takenBy(pid), hasEnded};
  } catch {
    return null; // it ended meanwhile
  }
}

function takenBy(pid: number): number {
  try {
    const sums = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+)/m.exec(sums)?.[1] ?? 0) * 1024;
  } catch {
    return NaN; // somebody else's process
  }
}
