import {type ChildProcess, spawn} from "node:child_process";
import type {Readable, Writable} from "node:stream";

/** A running Chromium that is spoken to over a pipe (Chrome DevTools Protocol), so that no port is open for it. */
export interface Browser {
  /** Sends a command and gives its result. Rejects when the browser refuses it or is gone. */
  ask(method: string, params?: object, session?: string): Promise<Readonly<Record<string, unknown>>>;
  /** Calls back for each event of that name. */
  on(method: string, listener: (params: Readonly<Record<string, unknown>>, session: string | null) => void): void;
  /** Ends the browser and all that it started. */
  kill(): void;
}

/** How a browser is started. */
export interface BrowserWish {
  readonly executable: string;
  /** Its profile, home and temporary files: gone afterwards. */
  readonly folder: string;
  readonly proxyPort: number;
  readonly userAgent: string;
  readonly acceptLanguage: string;
}

/** Chromium never runs as root: its sandbox would have to be switched off. Source: Debian's and most systems' nobody. */
export const NOBODY = 65534;

/** Starts Chromium in its sandbox, with nothing reachable but the proxy. */
export function startBrowser({executable, folder, proxyPort, userAgent, acceptLanguage}: BrowserWish): Browser {
  const child = spawn(
    executable,
    [...switches(folder, proxyPort), `--user-agent=${userAgent}`, `--accept-lang=${acceptLanguage}`],
    {
      cwd: folder,
      env: {HOME: folder, TMPDIR: folder, PATH: "/usr/bin:/bin", LANG: "C.UTF-8"},
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      detached: true, // a group of its own: it can be ended with all its children
      ...(process.getuid?.() === 0 ? {uid: NOBODY, gid: NOBODY} : {}),
    },
  );
  child.on("error", () => undefined); // who waits for an answer is told by the end of the pipe
  return speak(child);
}

function switches(folder: string, proxyPort: number): string[] {
  return [
    "--headless",
    "--remote-debugging-pipe",
    `--user-data-dir=${folder}/profile`,
    `--proxy-server=http://127.0.0.1:${proxyPort}`,
    "--proxy-bypass-list=<-loopback>", // else pages reach loopback past the proxy
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--js-flags=--jitless", // most holes of the engine are in its compilers
    "--disable-3d-apis",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,AutofillServerCommunication",
    "--deny-permission-prompts",
    "--use-fake-device-for-media-stream", // else the machine's sound is looked for
    "--disable-audio-output",
    "--block-new-web-contents",
    "--ignore-certificate-errors", // nothing is trusted anyway
    "--mute-audio",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--password-store=basic",
    "--hide-scrollbars",
    "--window-size=1280,800",
  ];
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: {readonly message: string};
  readonly sessionId?: string;
}

type Settle = {
  readonly resolve: (result: Readonly<Record<string, unknown>>) => void;
  readonly reject: (error: Error) => void;
};

function speak(child: ChildProcess): Browser {
  const [, , , input, output] = child.stdio;
  const waiting = new Map<number, Settle>();
  const listeners: {method: string; listener: Parameters<Browser["on"]>[1]}[] = [];
  let count = 0;
  const receive = ({id, method, params = {}, result, error, sessionId}: Message): void => {
    if (method !== undefined)
      for (const each of listeners) if (each.method === method) each.listener(params, sessionId ?? null);
    const settle = waiting.get(id ?? 0);
    waiting.delete(id ?? 0);
    if (error !== undefined) settle?.reject(new Error(error.message));
    else settle?.resolve(result ?? {});
  };
  const end = (): void => {
    for (const {reject} of waiting.values()) reject(new Error("the browser is gone"));
    waiting.clear();
  };
  readMessages(isReadable(output) ? output : null, receive, end);
  if (isWritable(input)) input.on("error", end);
  return {
    ask: (method, params = {}, session) =>
      new Promise((resolve, reject) => {
        if (!isWritable(input) || input.destroyed) return reject(new Error("the browser is gone"));
        count += 1;
        waiting.set(count, {resolve, reject});
        input.write(
          `${JSON.stringify({id: count, method, params, ...(session === undefined ? {} : {sessionId: session})})}\0`,
        );
      }),
    on: (method, listener) => void listeners.push({method, listener}),
    kill: () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // it has ended already
      }
    },
  };
}

/** More than a screenshot has no browser to say. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

function readMessages(output: Readable | null, receive: (message: Message) => void, end: () => void): void {
  let text = "";
  output?.setEncoding("utf8");
  output?.on("data", (chunk: string) => {
    const parts = (text + chunk).split("\0");
    text = parts.pop() ?? "";
    if (text.length > MOST_CHARACTERS) output.destroy();
    for (const part of parts) receive(JSON.parse(part));
  });
  output?.on("error", end);
  output?.on("close", end);
}

function isReadable(stream: unknown): stream is Readable {
  return typeof stream === "object" && stream !== null && "setEncoding" in stream;
}

function isWritable(stream: unknown): stream is Writable {
  return typeof stream === "object" && stream !== null && "write" in stream;
}
