/** Faults at chosen system calls of a running process, by strace: this one kills, that one answers with an error. */
import {execFileSync, spawn} from "node:child_process";

/** What a system call meets: the process dies before it, or it answers with the error. */
export interface Fault {
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

/** Attaches to the process and all its threads; returns when the fault is armed. `detach` takes it off again. */
export async function injectInto(pid: number, {call, when, meets}: Fault): Promise<{detach(): Promise<void>}> {
  const child = spawn(
    "strace",
    ["-f", "-p", String(pid), "-o", "/dev/null", "-e", `trace=${call}`, "-e", `inject=${call}:${meets}:when=${when}`],
    {stdio: ["ignore", "ignore", "pipe"]},
  );
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
