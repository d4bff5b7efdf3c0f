import {readFileSync} from "node:fs";
import os from "node:os";

/** What a piece of work cost: wall seconds, CPU seconds of the engine and of this process, greatest memory of the engine in bytes. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}

const TICKS_PER_SECOND = 100;

/** CPU seconds that a process has used, from /proc. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Greatest resident memory of a process since it started, in bytes, from /proc. */
function memoryOf(pid: number): number {
  const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1] ?? 0) * 1024;
}

/** Runs the work and says what it cost. `pid` gives the engine's process, which must live when the work ends. */
export async function measure(pid: () => number | null, work: () => Promise<unknown>): Promise<Cost> {
  const engine = pid();
  const before = engine === null ? 0 : cpuOf(engine);
  const own = process.cpuUsage();
  const started = performance.now();
  await work();
  const wall = (performance.now() - started) / 1000;
  const used = process.cpuUsage(own);
  const after = pid();
  const engineCpu = after === null ? 0 : cpuOf(after) - (after === engine ? before : 0);
  return {wall, cpu: engineCpu + (used.user + used.system) / 1e6, memory: after === null ? 0 : memoryOf(after)};
}

/** One line about the machine. */
export function machineLine(): string {
  return `${os.cpus()[0]?.model ?? "unknown"}, ${os.cpus().length} cores, ${Math.round(os.totalmem() / 1024 ** 3)} GiB, load ${os.loadavg()[0]?.toFixed(1)}, Node ${process.versions.node}`;
}

/** The middle of several measurements of the same work, by wall time. */
export function middle(costs: readonly Cost[]): Cost {
  const sorted = [...costs].sort((one, other) => one.wall - other.wall);
  const found = sorted[Math.floor(sorted.length / 2)];
  if (found === undefined) throw new RangeError("nothing was measured");
  return found;
}
