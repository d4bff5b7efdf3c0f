/** Starts workers, and hears what they say. */
import {type ChildProcess, spawn} from "node:child_process";
import path from "node:path";

/** A running worker. */
export interface Worker {
  readonly process: ChildProcess;
  /** Lines that it has said so far. */
  readonly said: readonly string[];
  /** Waits for a line that begins so; gives null when the worker has ended without it. */
  hear(beginning: string): Promise<string | null>;
  /** Waits for the end: exit code, or the signal that ended it. */
  ended(): Promise<number | string>;
}

/** How a worker is started: with which environment, with how many file descriptors. */
export interface Start {
  readonly env?: Readonly<Record<string, string>>;
  readonly descriptors?: number;
}

/** Starts a worker. */
export function startWorker(home: string, steps: readonly string[], how: Start = {}): Worker {
  const command = [process.execPath, path.join(import.meta.dirname, "worker.ts"), home, ...steps];
  const limited = how.descriptors === undefined ? [] : ["prlimit", `--nofile=${how.descriptors}`];
  const [program = "", ...words] = [...limited, ...command];
  const child = spawn(program, words, {
    stdio: ["pipe", "pipe", "inherit"],
    env: {...process.env, NODE_NO_WARNINGS: "1", ...how.env},
  });
  const said: string[] = [];
  const waiting: (() => void)[] = [];
  const wake = (): void => {
    for (const each of waiting.splice(0)) each();
  };
  let rest = "";
  let isOver = false;
  child.stdin.on("error", () => undefined); // it may be dead
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    said.push(...lines);
    wake();
  });
  const end = new Promise<number | string>((resolve) =>
    child.once("close", (code, signal) => {
      isOver = true;
      wake();
      resolve(signal ?? code ?? "nothing");
    }),
  );
  return {
    process: child,
    said,
    ended: () => end,
    hear: async (beginning) => {
      for (;;) {
        const found = said.find((line) => line.startsWith(beginning));
        if (found !== undefined) return found;
        if (isOver) return null;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };
}

/** Runs a worker to its end and returns what it said. */
export async function runWorker(home: string, steps: readonly string[]): Promise<readonly string[]> {
  const worker = startWorker(home, steps);
  await worker.ended();
  return worker.said;
}
