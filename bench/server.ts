import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import {readdirSync, readFileSync} from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {makeSamples} from "../src/app/samples.ts";
import type {Bar} from "./bench.ts";

const REQUESTS = 3000;
const PER_SECOND = 300;
const SETTLE_MS = 3000;
const START_LIMIT_MS = 30_000;

/** Start, idle memory of all processes, and a public page under steady requests. */
export async function benchServer(home: string): Promise<Bar[]> {
  const port = await freePort();
  await makeSamples({home, siteUrl: `http://127.0.0.1:${port}/`, passphrase: null, say: () => undefined});
  const bin = path.resolve(import.meta.dirname, "../bin/watchfloor.mjs");
  const begun = performance.now();
  const server = spawn(process.execPath, [bin, "serve", "--home", home, "--port", String(port)], {stdio: "ignore"});
  try {
    await firstPage(port);
    const start = (performance.now() - begun) / 1000;
    await sleep(SETTLE_MS); // the database starts beside the first pages
    const times = await steadyRequests(port);
    await sleep(SETTLE_MS);
    const memory = memoryOfTree(server);
    const p99 =
      times.toSorted((one, other) => one - other)[Math.floor(times.length * 0.99)] ?? Number.POSITIVE_INFINITY;
    return [
      {what: "server: start to first page", bar: "<= 5 s", measured: `${start.toFixed(2)} s`, isMet: start <= 5},
      {
        what: "server: idle memory, all processes",
        bar: "<= 400 MB",
        measured: `${(memory / 1e6).toFixed(0)} MB`,
        isMet: memory <= 400e6,
      },
      {
        what: `public page at ${PER_SECOND} requests/s, p99 of ${REQUESTS}`,
        bar: "<= 50 ms",
        measured: `${p99.toFixed(1)} ms`,
        isMet: p99 <= 50,
      },
    ];
  } finally {
    const gone = once(server, "exit");
    server.kill("SIGTERM");
    await gone;
  }
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function firstPage(port: number): Promise<void> {
  const until = performance.now() + START_LIMIT_MS;
  while (performance.now() < until) {
    if (await get(port, null).catch(() => null)) return;
    await sleep(20);
  }
  throw new Error("the server did not start");
}

/** One request; gives its milliseconds. */
function get(port: number, agent: http.Agent | null): Promise<number> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.get(
      {host: "127.0.0.1", port, path: "/2026-11-16/", ...(agent === null ? {} : {agent})},
      (response) => {
        response.resume();
        response.on("end", () =>
          response.statusCode === 200
            ? resolve(performance.now() - begun)
            : reject(new Error(String(response.statusCode))),
        );
      },
    );
    request.on("error", reject);
  });
}

/** Requests at a steady pace, whether the ones before are answered or not, so that waiting shows. */
async function steadyRequests(port: number): Promise<number[]> {
  const agent = new http.Agent({keepAlive: true, maxSockets: 50});
  const begun = performance.now();
  const all: Promise<number>[] = [];
  for (let n = 0; n < REQUESTS; n++) {
    const wait = begun + (n * 1000) / PER_SECOND - performance.now();
    if (wait > 0) await sleep(wait);
    all.push(get(port, agent));
  }
  const times = await Promise.all(all);
  agent.destroy();
  return times;
}

/** Proportional memory of a process and all below it, in bytes: shared pages are counted once. */
function memoryOfTree(root: ChildProcess): number {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => parentOf(Number(name)));
  const family = new Set([root.pid ?? 0]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const {pid, parent} of processes) if (family.has(parent)) family.add(pid);
  }
  return [...family].reduce((sum, pid) => sum + memoryOf(pid), 0);
}

function parentOf(pid: number): {pid: number; parent: number}[] {
  try {
    return [{pid, parent: Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[1])}];
  } catch {
    return []; // it has ended meanwhile
  }
}

function memoryOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
