/** The web server of the public archive: files of a folder, nothing more. Any other web server could carry them as well. */
import {once} from "node:events";
import {createServer} from "node:net";
import path from "node:path";
import fastifyStatic from "@fastify/static";
import Fastify, {type FastifyInstance, type FastifyReply, type FastifyRequest, LogController} from "fastify";
import {WatchfloorError} from "../../model/errors.ts";
import {codeOf} from "../../store/durable.ts";
import {compression} from "./compression.ts";
import {fileHeaders, setSecurityHeaders} from "./headers.ts";
import {LANGUAGE_VARY, languageOf} from "./language.ts";
import {readableLog} from "./log.ts";
import {failed, notFound, plain, refuseConnection} from "./refusals.ts";

/** What is served, and where. */
export interface ServerChoice {
  /** Folder of the archive's site; it may be made later. */
  readonly site: string;
  /** Languages of the archive: the first has the root, each other one a folder. */
  readonly languages: readonly [string, ...string[]];
  /** What /healthz answers. */
  readonly health: () => Promise<unknown>;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly logLevel: "debug" | "info" | "silent";
  readonly write: (text: string) => void;
}

/** A running server. `close` lets running answers end, for a short time. */
export interface ArchiveServer {
  readonly url: string;
  readonly port: number;
  readonly log: FastifyInstance["log"];
  close(): Promise<void>;
}

/** A connection that does not get its request across in this time is cut; they are looked at every second. */
const REQUEST_MS = 8_000;
const LOOKED_AT_EVERY_MS = 1_000;
/** Nothing sent and nothing taken for so long, or twice as long in the midst of an answer: a reader who does not read. */
const SILENT_MS = 8_000;
const KEPT_ALIVE_MS = 5_000;
const MOST_CONNECTIONS = 2_000;
const MOST_HEADER_BYTES = 16_384;
const CLOSING_MS = 3_000;
const METHODS = ["GET", "HEAD"];

/** Starts the server. Throws port_in_use, usage (an address that cannot be listened on). */
export async function openServer(choice: ServerChoice): Promise<ArchiveServer> {
  const app = newServer(choice);
  app.addHook("onRequest", refuseOtherMethods);
  app.addHook("onSend", compression());
  app.addHook("onResponse", async (request, reply) => {
    request.log.debug(`${reply.statusCode} ${request.method} ${request.url} ${Math.round(reply.elapsedTime)} ms`);
  });
  app.setNotFoundHandler((request, reply) => notFound(choice.site, request, reply));
  app.setErrorHandler((error, request, reply) => failed(choice.site, {error, request, reply}));
  app.get("/healthz", async (_request, reply) => reply.header("cache-control", "no-store").send(await choice.health()));
  // browsers ask for it by themselves
  app.get("/favicon.ico", (_request, reply) => reply.code(204).header("cache-control", "public, max-age=86400").send());
  addLanguages(app, choice.languages);
  await app.register(fastifyStatic, {
    root: path.resolve(choice.site),
    suppressWarning: true,
    index: ["index.html"],
    redirect: true,
    list: false,
    dotfiles: "ignore",
    cacheControl: false,
    setHeaders: (reply, file) => {
      reply.headers(fileHeaders(path.relative(choice.site, file).split(path.sep).join("/")));
    },
  });
  await listen(app, choice);
  return {...addressOf(app, choice), log: app.log, close: () => closeServer(app)};
}

function newServer({logLevel, write}: ServerChoice): FastifyInstance {
  const app = Fastify({
    logger: {level: logLevel, stream: readableLog(write)},
    logController: new LogController({disableRequestLogging: true}),
    http: {
      headersTimeout: REQUEST_MS,
      connectionsCheckingInterval: LOOKED_AT_EVERY_MS,
      maxHeaderSize: MOST_HEADER_BYTES,
    },
    requestTimeout: REQUEST_MS,
    connectionTimeout: SILENT_MS,
    keepAliveTimeout: KEPT_ALIVE_MS,
    forceCloseConnections: "idle",
    bodyLimit: 1,
    exposeHeadRoutes: true,
    return503OnClosing: false,
    clientErrorHandler: refuseConnection,
    frameworkErrors: (_error, _request, reply) => {
      void plain(reply, 400, "请求有误。\nThe request is not right.\n");
    },
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  app.server.prependListener("request", (_request, response) => setSecurityHeaders(response));
  return app;
}

/** Reading is all that the archive is for; a body is not even looked at. */
async function refuseOtherMethods(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  if (METHODS.includes(request.method)) return undefined;
  reply.headers({allow: METHODS.join(", "), connection: "close"});
  return plain(reply, 405, "只提供读取。\nThis is for reading only.\n");
}

/** The root goes by the reader's browser; `/zh/` (when Chinese has the root) always leads there, whatever the browser says. */
function addLanguages(app: FastifyInstance, languages: ServerChoice["languages"]): void {
  const [first] = languages;
  app.get("/", (request, reply) => {
    reply.headers({vary: LANGUAGE_VARY});
    const language = languageOf(request.headers, languages);
    return language === first ? reply.sendFile("index.html") : reply.redirect(`/${language}/`, 302);
  });
  app.get(`/${first}`, (_request, reply) => reply.redirect(`/${first}/`, 301));
  app.get(`/${first}/`, (_request, reply) => reply.sendFile("index.html"));
  app.get(`/${first}/*`, (request, reply) => {
    // the part after the folder; a path that begins with a second slash would be another host's
    const rest = request.url.slice(first.length + 2).replace(/^[/\\]+/, "");
    return reply.redirect(`/${rest}`, 301);
  });
}

async function listen(app: FastifyInstance, {host, port}: ServerChoice): Promise<void> {
  try {
    await app.listen({host, port, listenTextResolver: (address) => `listening on ${address}`});
  } catch (error) {
    await app.close();
    throw listenError(error, {host, port});
  }
}

function listenError(error: unknown, {host, port}: Pick<ServerChoice, "host" | "port">): unknown {
  const code = codeOf(error);
  const where = `${host}:${port} (from --port, WATCHFLOOR_PORT or serve.port in watchfloor.yaml)`;
  if (code === "EADDRINUSE") return new WatchfloorError("port_in_use", where, error);
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new WatchfloorError("usage", `cannot listen on ${where}: ${code}`, error);
  return error;
}

/** Tries whether the port can be had. Throws port_in_use, usage. */
export async function checkPort(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen({host, port}), "listening");
  } catch (error) {
    throw listenError(error, {host, port});
  }
  await new Promise((resolve) => server.close(resolve));
}

function addressOf(app: FastifyInstance, {host}: ServerChoice): {url: string; port: number} {
  const address = app.server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {url: `http://${host.includes(":") ? `[${host}]` : host}:${port}/`, port};
}

/** Idle connections end at once, running answers within a few seconds, and then whatever is left. */
async function closeServer(app: FastifyInstance): Promise<void> {
  const force = setTimeout(() => app.server.closeAllConnections(), CLOSING_MS);
  await app.close();
  clearTimeout(force);
}
