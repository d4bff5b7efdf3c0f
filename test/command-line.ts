/** Runs the real command line, in a process of its own, as a person or a script does. */
import {spawn} from "node:child_process";
import path from "node:path";
import {text} from "node:stream/consumers";
import {ROOT} from "./site.ts";

/** What a command left behind. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** How it is run besides its arguments. */
export interface RunOptions {
  readonly home: string;
  readonly input?: string | Uint8Array;
  /** Another user's id, where the test runs as root. */
  readonly user?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `watchfloor` with the words and waits until it has ended. */
export async function watchfloor(words: readonly string[], {home, input, user, env}: RunOptions): Promise<Ran> {
  const child = spawn(process.execPath, [path.join(ROOT, "bin/watchfloor.mjs"), ...words], {
    env: {...process.env, WATCHFLOOR_HOME: home, NODE_NO_WARNINGS: "1", ...env},
    stdio: ["pipe", "pipe", "pipe"],
    ...(user === undefined ? {} : {uid: user, gid: user}),
  });
  child.stdin.on("error", () => undefined); // a command that reads nothing has ended before
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return {code: await ended, out, err};
}
