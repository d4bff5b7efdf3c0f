/** Faults at chosen system calls of a running process, by strace: this one kills, that one answers with an error. */
import {execFileSync, spawn} from "node:child_process";
import {readdirSync, readFileSync} from "node:fs";
import {startWorker} from "./working.ts";

/** What a system call meets: the process dies before it, or it answers with the error. */
export interface Fault {
  /** Whose calls: those of the worker's thread that works on files, or all of the engine beside it. */
  readonly of: "files" | "engine";
  readonly call: string;
  /** The n-th of these calls in one thread; n+ for all from there on. */
  readonly when: string;
  readonly meets: "signal=KILL" | "error=EIO" | "error=ENOSPC";
}

/** Why strace cannot be used here, as a reason to skip; false when it can. */
export function whyNoStrace(): string | false {
  try {
    execFileSync("strace", ["-o", "/dev/null", "-f", "true"], {stdio: "ignore"});
    return false;
  } catch {
    return "skipped: strace cannot be used here";
  }
}

/** What came of a worker that met a fault: what it said of its step, how it ended, and how long that took. */
export interface Met {
  readonly said: string;
  readonly end: number | string;
  readonly endMs: number;
}

/** Has a worker do the step, with the fault. */
export async function doWith(home: string, step: string, fault: Fault): Promise<Met> {
  const worker = startWorker(home, ["--wait", step], {env: {UV_THREADPOOL_SIZE: "1"}});
  const [, pid = 0, engine = 0] = ((await worker.hear("ready")) ?? "").split(" ").map(Number);
  const whom = fault.of === "files" ? ["-p", String(fileThreadOf(pid))] : ["-f", "-p", String(engine)];
  const strace = await attach(whom, fault);
  worker.process.stdin?.write("go\n");
  await Promise.race([worker.hear("done"), worker.hear("failed")]);
  const from = performance.now();
  const end = await worker.ended();
  const endMs = performance.now() - from;
  await strace.detach();
  return {said: worker.said.find((line) => /^(done|failed)/.test(line)) ?? "", end, endMs};
}

/** Comes back when the fault is armed. `detach` takes it off again. */
async function attach(whom: readonly string[], {call, when, meets}: Fault): Promise<{detach(): Promise<void>}> {
  const what = ["-e", `trace=${call}`, "-e", `inject=${call}:${meets}:when=${when}`];
  const child = spawn("strace", [...whom, "-o", "/dev/null", ...what], {stdio: ["ignore", "ignore", "pipe"]});
  const end = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let complaint = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
      if (/attached/.test(complaint)) resolve();
    });
    void end.then(() => reject(new Error(`strace ended: ${complaint}`)));
  });
  return {
    detach: async () => {
      child.kill("SIGTERM");
      await end;
    },
  };
}

/** A worker has one thread for files: so the n-th call is the same one each time. */
function fileThreadOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).filter(
    (thread) => readFileSync(`/proc/${pid}/task/${thread}/comm`, "utf8").trim() === "libuv-worker",
  );
  if (threads.length !== 1) throw new Error(`${threads.length} threads for files in ${pid}`);
  return Number(threads[0]);
}
