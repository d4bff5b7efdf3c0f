/**
 * Web sites on loopback for tests: many host names on one port for http and one for https, told apart by their Host header.
 *
 *     const sites = await openSites();
 *     sites.hosts.set("shop.example.com", {body: "<h1>hello</h1>"});
 *     sites.hosts.set("gone.example.com", {status: 404});
 *     sites.hosts.set("away.example.com", {status: 302, headers: {location: "http://shop.example.com/"}});
 *     sites.hosts.set("odd.example.com", {answer: (request, response) => response.socket?.destroy()});
 *     openProbe({...settings, dial: sites.dial("8.8.4.4")}); // 8.8.4.4:80 and :443 are these servers
 *     await sites.close();
 *
 * A host may be changed while a test runs. One that is not in the map answers 404. `requests` is what was asked for.
 */
import {createServer, type IncomingMessage, type RequestListener, type ServerResponse} from "node:http";
import {createServer as createSecureServer} from "node:https";
import type {AddressInfo, Server} from "node:net";
import {createSecureContext} from "node:tls";
import {type Certificate, makeCertificate} from "./certificate.ts";

/** What a host answers. */
export interface Site {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** In place of all else: the answer by hand. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Running sites. */
export interface SitesWorld {
  readonly hosts: Map<string, Site>;
  /** Certificates by host; a host without one shows a self-signed one for its own name. */
  readonly certificates: Map<string, Certificate>;
  /** What was asked for so far, as `http://host/path`. */
  readonly requests: string[];
  readonly ports: {readonly http: number; readonly https: number};
  /** Connections that were opened so far. */
  connections(): number;
  /** Where the probe finds these servers under a public address: for `dial` of its settings. */
  dial(...addresses: readonly string[]): Record<string, {host: string; port: number}>;
  close(): Promise<void>;
}

/** Opens sites on free ports of loopback. */
export async function openSites(): Promise<SitesWorld> {
  const hosts = new Map<string, Site>();
  const certificates = new Map<string, Certificate>();
  const requests: string[] = [];
  let connections = 0;
  const answerOn =
    (scheme: string): RequestListener =>
    (request, response) => {
      const host = (request.headers.host ?? "").replace(/:\d+$/, "");
      requests.push(`${scheme}://${host}${request.url}`);
      give(hosts.get(host) ?? {status: 404, body: "no such host"}, request, response);
    };
  const plain = createServer(answerOn("http"));
  const secure = createSecureServer(
    {
      ...makeCertificate({names: ["localhost"]}),
      SNICallback: (name, done) => {
        const made = certificates.get(name) ?? makeCertificate({names: [name]});
        certificates.set(name, made);
        done(null, createSecureContext(made));
      },
    },
    answerOn("https"),
  );
  for (const server of [plain, secure]) server.on("connection", () => void connections++);
  const ports = {http: await listen(plain), https: await listen(secure)};
  const at = (port: number): {host: string; port: number} => ({host: "127.0.0.1", port});
  return {
    hosts,
    certificates,
    requests,
    ports,
    connections: () => connections,
    dial: (...addresses) =>
      Object.fromEntries(
        addresses.flatMap((address) => [
          [`${address}:80`, at(ports.http)],
          [`${address}:8080`, at(ports.http)],
          [`${address}:443`, at(ports.https)],
          [`${address}:8443`, at(ports.https)],
        ]),
      ),
    close: async () => {
      for (const server of [plain, secure]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function give(site: Site, request: IncomingMessage, response: ServerResponse): void {
  response.on("error", () => undefined);
  if (site.answer !== undefined) {
    site.answer(request, response);
    return;
  }
  for (const [name, value] of Object.entries(site.headers ?? {}))
    response.setHeader(name, typeof value === "string" ? value : [...value]);
  if (!response.hasHeader("content-type")) response.setHeader("content-type", "text/html; charset=utf-8");
  response.statusCode = site.status ?? 200;
  response.end(site.body ?? "");
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("a server without a port");
  return address.port;
}
