import {fork} from "node:child_process";
import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {chmod, chown, mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import path from "node:path";
import {z} from "zod";
import type {Look} from "../../../model/verification.ts";
import type {ProbeSettings} from "../settings.ts";
import {NOBODY} from "./browser.ts";

/** Takes pictures of pages. */
export interface Screen {
  /** Returns the picture of the page that a look saw; null when it saw none, there is no browser, or it did not come about. */
  take(look: Look): Promise<Look["screenshot"]>;
  close(): Promise<void>;
}

/** Where Chromium is, usually. */
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const TOTAL_MS = 20_000;
const MOST_CHARACTERS = 8_000_000;

/** Opens the screen. `browser` is Chromium's path; null takes that of the system. One picture is taken at a time. */
export function openScreen(settings: ProbeSettings, browser: string | null): Screen {
  const executable = browser ?? BROWSERS.find((each) => existsSync(each)) ?? null;
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  const take = async (look: Look): Promise<Look["screenshot"]> => {
    const {page, chain} = look;
    const hosts = [...new Set(chain.flatMap(({url, status}) => (status === null ? [] : [hostOf(url)])))];
    if (isClosed || page === null || executable === null || hosts.length === 0) return null;
    return inFolder((folder) => start({url: page.url, hosts, executable, folder, settings}));
  };
  return {
    take: (look) => {
      const mine = last.then(() => take(look));
      last = mine.catch(() => undefined);
      return mine;
    },
    close: async () => {
      isClosed = true;
      await last;
    },
  };
}

function hostOf(url: string): string {
  return (URL.parse(url)?.hostname ?? "").replace(/^\[|\]$/g, "");
}

/** Gives a folder to a task, for the account that the browser runs as, and takes it away with all that is in it. */
async function inFolder<Result>(task: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), "watchfloor-screen-"));
  try {
    await chmod(folder, 0o700);
    if (process.getuid?.() === 0) await chown(folder, NOBODY, NOBODY);
    return await task(folder);
  } finally {
    // the browser's last children may still be writing
    await rm(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
  }
}

const answerSchema = z.object({png: z.base64().max(MOST_CHARACTERS).nullable()});

function start(order: object): Promise<Look["screenshot"]> {
  const script = path.join(import.meta.dirname, "process.ts");
  const child = fork(script, [JSON.stringify(order)], {
    cwd: "/",
    env: {},
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  return new Promise((resolve) => {
    let picture: Look["screenshot"] = null;
    const timer = setTimeout(() => child.kill("SIGKILL"), TOTAL_MS); // the browser ends with its pipe
    child.once("message", (message: unknown) => {
      const png = answerSchema.safeParse(message).data?.png ?? null;
      if (png !== null) picture = {sha256: createHash("sha256").update(Buffer.from(png, "base64")).digest("hex"), png};
    });
    const end = (): void => {
      clearTimeout(timer);
      resolve(picture);
    };
    child.once("error", end);
    child.once("exit", end);
  });
}
