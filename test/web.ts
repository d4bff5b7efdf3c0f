/** A real web server on loopback whose answers a test writes, and what was asked of it. */
import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {text} from "node:stream/consumers";

/** A request as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The server. */
export interface Web {
  readonly url: string;
  readonly asked: Asked[];
  /** Connections that were opened so far. */
  connections(): number;
  /** What it answers from now on. */
  answer: (asked: Asked, response: ServerResponse) => void;
  close(): Promise<void>;
}

/** Starts a server on a free port of loopback. */
export async function openWeb(answer: Web["answer"]): Promise<Web> {
  const asked: Asked[] = [];
  let connections = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void text(request).then((body) => {
      const one = {method: request.method ?? "", path: request.url ?? "", headers: request.headers, body};
      asked.push(one);
      web.answer(one, response);
    });
  });
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const {port} = server.address() as AddressInfo;
  const web: Web = {
    url: `http://127.0.0.1:${port}`,
    asked,
    connections: () => connections,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return web;
}
