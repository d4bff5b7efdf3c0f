import {createServer, request as httpRequest, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo, Socket} from "node:net";
import type {Duplex} from "node:stream";
import {isPublic} from "../address.ts";
import {openPinned} from "../connection.ts";
import {type Names, openNames} from "../names.ts";
import type {ProbeSettings} from "../settings.ts";
import {literalOf, targetAt} from "../target.ts";
import {ProbeTrouble} from "../trouble.ts";

/** The only way out of the browser: a proxy on loopback with the probe's guard in it. */
export interface Gate {
  readonly port: number;
  /** How many requests were turned away. */
  refused(): number;
  close(): void;
}

/** What may pass. */
export interface GateWish {
  readonly settings: ProbeSettings;
  /** Hosts that the look was at. No other is reached. */
  readonly hosts: readonly string[];
  /** Bytes that all answers together may have. */
  readonly bytes: number;
  readonly signal: AbortSignal;
}

const REFUSED = "HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
const METHODS = new Set(["GET", "HEAD"]);

/** Opens the gate on a free port of loopback. */
export async function openGate(wish: GateWish): Promise<Gate> {
  const passage: Passage = {...wish, names: openNames(wish.settings), left: wish.bytes, sockets: new Set(), refused: 0};
  const server = createServer((request, response) => void pass(request, response, passage));
  server.on("connect", (request, socket) => void passTunnel(request, socket, passage));
  server.on("connection", (socket: Socket) => keep(passage, socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    refused: () => passage.refused,
    close: () => {
      server.close();
      for (const socket of passage.sockets) socket.destroy();
    },
  };
}

interface Passage extends GateWish {
  readonly names: Names;
  readonly sockets: Set<Duplex>;
  left: number;
  refused: number;
}

/** A page without TLS: the request is read, and made again towards the pinned address. */
async function pass(request: IncomingMessage, response: ServerResponse, passage: Passage): Promise<void> {
  response.on("error", () => undefined);
  try {
    if (!METHODS.has(request.method ?? "")) throw new ProbeTrouble("order-refused", "method");
    const url = targetAt(request.url ?? "");
    const socket = await openTo(url, passage);
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !/^(proxy-|connection$)/.test(name)),
    );
    const away = httpRequest({
      createConnection: () => socket,
      method: request.method,
      path: url.pathname + url.search,
      headers,
    });
    away.on("error", () => response.destroy());
    away.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      limit(answer, passage);
      answer.on("error", () => response.destroy()).pipe(response);
    });
    away.end();
  } catch {
    passage.refused += 1;
    response.writeHead(403, {connection: "close"}).end();
  }
}

/** A page with TLS: bytes go through as they are, to the pinned address only. */
async function passTunnel(request: IncomingMessage, inner: Duplex, passage: Passage): Promise<void> {
  inner.on("error", () => undefined);
  try {
    const outer = await openTo(targetAt(`https://${request.url ?? ""}/`), passage);
    limit(outer, passage);
    inner.write("HTTP/1.1 200 OK\r\n\r\n");
    outer.on("close", () => inner.destroy());
    inner.on("close", () => outer.destroy());
    outer.pipe(inner);
    inner.pipe(outer);
  } catch {
    passage.refused += 1;
    inner.end(REFUSED);
  }
}

async function openTo(url: URL, passage: Passage): Promise<Socket> {
  const {hosts, names, settings, signal} = passage;
  const literal = literalOf(url);
  const host = literal ?? url.hostname;
  if (!hosts.includes(host)) throw new ProbeTrouble("address-refused", host);
  const address = (literal === null ? await names.addresses(host) : [literal]).find(isPublic);
  if (address === undefined) throw new ProbeTrouble("address-refused", host);
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  const socket = await openPinned(
    {address, host, settings, signal, onCertificate: () => undefined},
    {port, isTls: false},
  );
  keep(passage, socket);
  return socket;
}

function limit(stream: Duplex | IncomingMessage, passage: Passage): void {
  stream.on("data", (chunk: Buffer) => {
    passage.left -= chunk.length;
    if (passage.left < 0) for (const socket of passage.sockets) socket.destroy();
  });
}

function keep({sockets}: Passage, socket: Duplex): void {
  sockets.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => sockets.delete(socket));
}
