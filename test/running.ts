/** A running server for tests: the archive of a synthetic site on a free loopback port, and talking to it byte by byte. */
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {type AddressInfo, connect, createServer, type Socket} from "node:net";
import {tmpdir} from "node:os";
import path from "node:path";
import {type ArchiveServer, openServer} from "../src/app/http/server.ts";
import {editionPages} from "../src/bulletin/site/edition-pages.ts";
import {siteFiles} from "../src/bulletin/site/site.ts";
import {fixtureArchive} from "./archive-fixture.ts";
import {fixtureDocument} from "./edition-fixture.ts";

/** What is beside the site and must never come out. */
export const SECRET = "this is nobody's business";

/** A served site. `folder` holds `site/` and, beside it, files that are not served. */
export interface Running extends ArchiveServer {
  readonly folder: string;
  readonly lines: readonly string[];
}

/** Writes a synthetic archive into a temporary folder and serves it. */
export async function serveSite(): Promise<Running> {
  const folder = mkdtempSync(path.join(tmpdir(), "watchfloor-served-"));
  const site = path.join(folder, "site");
  writeSite(site);
  writeFileSync(path.join(folder, "secret.txt"), SECRET);
  const lines: string[] = [];
  const server = await openServer({
    site,
    languages: ["zh", "en"],
    health: async () => ({status: "ok"}),
    host: "127.0.0.1",
    port: 0,
    logLevel: "info",
    write: (text) => lines.push(text),
  });
  const close = async (): Promise<void> => {
    await server.close();
    rmSync(folder, {recursive: true, force: true});
  };
  return {...server, close, folder, lines};
}

function writeSite(site: string): void {
  const archive = fixtureArchive(12);
  const documents = (["zh", "en"] as const).flatMap((language) =>
    (["long", "short"] as const).map((variant) => fixtureDocument(language, variant)),
  );
  const pages = archive.editions.slice(0, 1).flatMap((edition) => editionPages(archive, edition, documents));
  const frozen = {path: "2023-02-20/v1/2023-02-20.zh.long.html", content: "<!doctype html><title>第9期</title>"};
  const odd = {path: "2023-02-20/v1/2023-02-20.zh.long.docx", content: "not shown by a browser"};
  for (const {path: name, content} of [
    ...siteFiles(archive),
    ...pages,
    frozen,
    odd,
    {path: ".hidden", content: SECRET},
  ]) {
    const file = path.join(site, name);
    mkdirSync(path.dirname(file), {recursive: true});
    writeFileSync(file, content);
  }
}

/** Returns a port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const {port} = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A connection of its own, for what no client would send. */
export interface RawConnection {
  readonly socket: Socket;
  /** What has come back so far. */
  received(): string;
  /** Milliseconds from opening to the end of the connection. */
  readonly ended: Promise<number>;
}

/** Opens a connection and sends the text. */
export function openRaw(port: number, text: string): RawConnection {
  const openedAt = performance.now();
  let answer = "";
  const socket = connect({port, host: "127.0.0.1"}, () => {
    if (text !== "") socket.write(text);
  });
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    answer += String(chunk);
  });
  socket.on("error", () => undefined); // being cut is what is tested
  const ended = new Promise<number>((resolve) => socket.on("close", () => resolve(performance.now() - openedAt)));
  return {socket, received: () => answer, ended};
}

/** Sends a request as it stands and returns the whole answer. */
export async function askRaw(port: number, target: string, more = ""): Promise<string> {
  const raw = openRaw(port, `GET ${target} HTTP/1.1\r\nHost: archive.example\r\nConnection: close\r\n${more}\r\n`);
  await raw.ended;
  return raw.received();
}
