/**
 * Servers for tests that speak on the bare connection: no HTTP, half an answer, nothing at all, a closed port. Each has a
 * public address of its own, which `dial` leads to it.
 */
import {type AddressInfo, createServer, type Server, type Socket} from "node:net";
import type {TroubleKind} from "../../src/model/verification.ts";

/** One such server: where it is looked at, and what the probe has to say of it. */
export interface BareSite {
  readonly name: string;
  readonly url: string;
  readonly kind: TroubleKind;
}

/** All of them. */
export interface BareWorld {
  readonly sites: readonly BareSite[];
  readonly dial: Readonly<Record<string, {host: string; port: number}>>;
  close(): void;
}

interface Speaker {
  readonly name: string;
  readonly scheme: "http" | "https";
  readonly kind: TroubleKind;
  /** Null: nobody listens there. */
  readonly speak: ((socket: Socket) => void) | null;
}

/** Says the text over and over, one letter at a time. */
function drip(text: string, everyMs: number): (socket: Socket) => void {
  return (socket) => {
    let at = 0;
    const timer = setInterval(() => socket.write(text.charAt(at++ % text.length)), everyMs);
    socket.on("close", () => clearInterval(timer));
  };
}

/** Says the text over and over, whole. */
function repeat(text: string, everyMs: number): (socket: Socket) => void {
  return (socket) => {
    const timer = setInterval(() => socket.write(text), everyMs);
    socket.on("close", () => clearInterval(timer));
  };
}

const SPEAKERS: readonly Speaker[] = [
  {name: "headers in drips", scheme: "http", kind: "timeout", speak: drip("HTTP/1.1 200 OK\r\nx-a: b\r\nx-b: c", 20)},
  {name: "no answer on an open connection", scheme: "http", kind: "timeout", speak: () => undefined},
  {name: "no TLS handshake", scheme: "https", kind: "timeout", speak: () => undefined},
  {
    name: "endless interim answers",
    scheme: "http",
    kind: "timeout",
    speak: repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 10),
  },
  {
    name: "plain words on the TLS port",
    scheme: "https",
    kind: "tls-failed",
    speak: (socket) => void socket.end("HTTP/1.1 200 OK\r\n\r\n"),
  },
  {
    name: "another protocol",
    scheme: "http",
    kind: "bad-response",
    speak: (socket) => void socket.end("SSH-2.0-OpenSSH_9.2\r\n"),
  },
  {name: "a connection that closes at once", scheme: "http", kind: "cut", speak: (socket) => void socket.end()},
  {name: "a port where nobody listens", scheme: "http", kind: "connection-refused", speak: null},
];

/** Opens the servers on free ports of loopback. */
export async function openBare(): Promise<BareWorld> {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const dial: Record<string, {host: string; port: number}> = {};
  const sites: BareSite[] = [];
  for (const [at, {name, scheme, kind, speak}] of SPEAKERS.entries()) {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      speak?.(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const {port} = server.address() as AddressInfo;
    if (speak === null) await new Promise((resolve) => server.close(resolve));
    else servers.push(server);
    const address = `8.8.5.${at + 1}`;
    dial[`${address}:${scheme === "http" ? 80 : 443}`] = {host: "127.0.0.1", port};
    sites.push({name, url: `${scheme}://${address}/`, kind});
  }
  return {
    sites,
    dial,
    close: () => {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    },
  };
}
