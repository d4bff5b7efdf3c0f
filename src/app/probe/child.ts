/** One probe process: how it is started, asked and ended. */
import {type ChildProcess, fork} from "node:child_process";
import {once} from "node:events";
import {createRequire} from "node:module";
import path from "node:path";
import {z} from "zod";
import {type Look, lookSchema, type ProbeOrder} from "../../model/verification.ts";
import type {ProbeSettings} from "./settings.ts";

/** A probe process. */
export interface ProbeChild {
  readonly pid: number | null;
  /** Settles when it has ended. */
  readonly gone: Promise<void>;
  isOpen(): boolean;
  /** Sends an order. Null when the process went away, or sent what is no look. */
  send(order: ProbeOrder): Promise<Look | null>;
  /** Ends it at once. */
  kill(): void;
}

const SOURCE = path.resolve(import.meta.dirname, "../..");
const MEMORY_MB = 512;

/** Starts a probe process. */
export function startProbeChild(settings: ProbeSettings): ProbeChild {
  const script = path.join(import.meta.dirname, "process.ts");
  const child = fork(script, [JSON.stringify(settings)], {
    cwd: "/",
    env: {}, // no secret of ours may be in reach of what it reads
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: [...fence(), `--max-old-space-size=${MEMORY_MB}`, "--disable-warning=ExperimentalWarning"],
  });
  const waiting: Waiting = new Map();
  let number = 0;
  let isGone = false;
  child.on("message", (answer: unknown) => receive(waiting, answer));
  const gone = Promise.race([once(child, "exit"), once(child, "error")]).then(() => {
    isGone = true;
    for (const give of waiting.values()) give(null);
    waiting.clear();
  });
  return {
    pid: child.pid ?? null,
    gone,
    isOpen: () => !isGone && child.connected,
    send: (order) => (isGone ? Promise.resolve(null) : ask(child, waiting, {number: ++number, order})),
    kill: () => void child.kill("SIGKILL"),
  };
}

/**
 * Node's permissions: it may read the program and its libraries. Writing files, starting processes or threads and loading
 * native code are denied.
 */
function fence(): string[] {
  const libraries = path.resolve(path.dirname(createRequire(import.meta.url).resolve("undici")), "..");
  const net = process.allowedNodeEnvironmentFlags.has("--allow-net") ? ["--allow-net"] : [];
  const readable = [SOURCE, libraries, path.join(SOURCE, "../package.json")];
  return ["--permission", ...net, ...readable.map((each) => `--allow-fs-read=${each}`)];
}

type Waiting = Map<number, (look: Look | null) => void>;

const answerSchema = z.object({number: z.int(), look: z.unknown()});

/** What the process says is checked like what any stranger says: hostile pages were in it. */
function receive(waiting: Waiting, message: unknown): void {
  const answer = answerSchema.safeParse(message).data;
  const give = waiting.get(answer?.number ?? 0);
  if (answer === undefined || give === undefined) return;
  waiting.delete(answer.number);
  give(lookSchema.safeParse(answer.look).data ?? null);
}

function ask(
  child: ChildProcess,
  waiting: Waiting,
  request: {number: number; order: ProbeOrder},
): Promise<Look | null> {
  return new Promise((resolve) => {
    waiting.set(request.number, resolve);
    child.send(request, (error) => {
      if (error === null) return;
      waiting.delete(request.number);
      resolve(null);
    });
  });
}
