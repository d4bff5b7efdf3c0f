/**
 * One HTTP request, with the answer as a stream: redirects are followed by hand, each address is checked, and there is an
 * end to size and time. The answer is given as it came over the wire; packed ones are opened by store/opening, with limits.
 */
import {Agent, type Dispatcher, request as send} from "undici";
import {checkHost, publicLookup} from "./addresses.ts";
import {FetchError} from "./failures.ts";

/** What is asked for. */
export interface HttpRequest {
  readonly url: URL;
  /** With a body it is a POST. */
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers that go to the origin of `url` only. */
  readonly secretHeaders: Readonly<Record<string, string>>;
  /** The origin of `url` may be in a private network; nothing else may. */
  readonly allowPrivate: boolean;
  readonly maxBytes: number;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** An answer with status 200 or 304. The body has to be read to its end, or `drop` be called. */
export interface HttpAnswer {
  readonly status: 200 | 304;
  header(name: string): string | null;
  readonly body: AsyncIterable<Uint8Array>;
  drop(): Promise<void>;
}

const MOST_REDIRECTS = 5;
const STALL_MS = 30_000;
const HEADER_BYTES = 64 * 1024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Sends the request and returns the answer. Throws FetchError, also while the body is read. */
export async function ask(wanted: HttpRequest): Promise<HttpAnswer> {
  const deadline = AbortSignal.timeout(wanted.timeoutSeconds * 1000);
  const signal = AbortSignal.any([wanted.signal, deadline]);
  let {url} = wanted;
  for (let redirects = 0; ; redirects++) {
    const agent = agentFor(url, wanted);
    try {
      const answer = await sendOnce(url, {wanted, agent, signal});
      const target = targetOf(answer, url);
      if (target === null) return answerOf(answer, {url, wanted, agent, deadline});
      if (redirects === MOST_REDIRECTS) throw new FetchError("redirect-refused", `${target.host} (${redirects + 1})`);
      checkRedirect(url, target, wanted);
      url = target;
      await agent.destroy();
    } catch (error) {
      await agent.destroy();
      throw httpError(error, url, {deadline, stopped: wanted.signal});
    }
  }
}

/** Each request has its own connection: what a name pointed to before says nothing about now. */
function agentFor(url: URL, {url: origin, allowPrivate}: HttpRequest): Agent {
  const isOwn = allowPrivate && url.origin === origin.origin;
  if (!isOwn) checkHost(url);
  return new Agent({
    connect: {timeout: STALL_MS, ...(isOwn ? {} : {lookup: publicLookup})},
    headersTimeout: STALL_MS,
    bodyTimeout: STALL_MS,
    maxHeaderSize: HEADER_BYTES,
    pipelining: 0,
  });
}

interface Sending {
  readonly wanted: HttpRequest;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

function sendOnce(url: URL, {wanted, agent, signal}: Sending): Promise<Dispatcher.ResponseData> {
  const isOwn = url.origin === wanted.url.origin;
  return send(url, {
    dispatcher: agent,
    signal,
    method: wanted.body === undefined ? "GET" : "POST",
    ...(wanted.body === undefined ? {} : {body: wanted.body}),
    headers: {
      "user-agent": "watchfloor",
      "accept-encoding": "identity",
      ...wanted.headers,
      ...(isOwn ? wanted.secretHeaders : {}),
    },
  });
}

function targetOf({statusCode, headers}: Dispatcher.ResponseData, url: URL): URL | null {
  const location = headers["location"];
  if (!REDIRECTS.has(statusCode) || typeof location !== "string") return null;
  const target = URL.parse(location, url.href);
  if (target === null) throw new FetchError("redirect-refused", "?");
  return target;
}

/** A signed request is not sent anywhere else, and nothing goes from https to http. */
function checkRedirect(from: URL, to: URL, {body}: HttpRequest): void {
  const isDowngrade = from.protocol === "https:" && to.protocol !== "https:";
  const isOdd = !/^https?:$/.test(to.protocol) || to.username !== "" || to.password !== "";
  if (isDowngrade || isOdd || body !== undefined)
    throw new FetchError("redirect-refused", `${to.protocol}//${to.host}`);
}

interface Answering {
  readonly url: URL;
  readonly wanted: HttpRequest;
  readonly agent: Agent;
  readonly deadline: AbortSignal;
}

function answerOf(answer: Dispatcher.ResponseData, {url, wanted, agent, deadline}: Answering): HttpAnswer {
  const {statusCode: status, headers, body} = answer;
  if (status !== 200 && status !== 304) throw statusError(status, url);
  const header = (name: string): string | null => {
    const value = headers[name];
    return typeof value === "string" ? value : null;
  };
  const announced = Number(header("content-length") ?? 0);
  if (announced > wanted.maxBytes) throw new FetchError("too-large", `${announced} > ${wanted.maxBytes}`);
  const encoding = header("content-encoding") ?? "identity";
  // what gzip and zstd make is known by its first bytes when the report is opened
  if (!/^(identity|gzip|x-gzip|zstd)?$/i.test(encoding))
    throw new FetchError("odd-answer", `content-encoding ${encoding}`);
  const drop = async (): Promise<void> => {
    body.on("error", () => {}); // being cut off is what it says
    await agent.destroy();
  };
  async function* read(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    try {
      for await (const piece of body) {
        bytes += piece.length;
        if (bytes > wanted.maxBytes) throw new FetchError("too-large", `> ${wanted.maxBytes}`);
        yield piece;
      }
    } catch (error) {
      throw httpError(error, url, {deadline, stopped: wanted.signal});
    } finally {
      await drop();
    }
  }
  return {status, header, body: read(), drop};
}

function statusError(status: number, {host}: URL): FetchError {
  const about = `${status}, ${host}`;
  if (status === 401 || status === 403 || status === 407) return new FetchError("access-denied", about);
  if (status === 404 || status === 410) return new FetchError("not-there", about);
  if (status === 429) return new FetchError("too-often", about);
  return new FetchError(status >= 500 ? "server-fault" : "odd-answer", about);
}

/** Returns the failure that a network error means; anything else stays as it is. */
function httpError(error: unknown, {host}: URL, ended: {deadline: AbortSignal; stopped: AbortSignal}): unknown {
  if (ended.stopped.aborted) return ended.stopped.reason instanceof Error ? ended.stopped.reason : error;
  if (ended.deadline.aborted) return new FetchError("too-slow", host, error);
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each instanceof FetchError) return each;
    const code = "code" in each && typeof each.code === "string" ? each.code : "";
    if (/^(ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/.test(code)) return new FetchError("no-such-host", host, error);
    if (/_TIMEOUT$|^ETIMEDOUT$/.test(code)) return new FetchError("too-slow", host, error);
    if (
      /^(ECONN|EPIPE|ENET|EHOST|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH|UND_ERR_CLOSED|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(
        code,
      )
    )
      return new FetchError("no-connection", `${host}, ${code}`, error);
    if (each.name === "HTTPParserError")
      return new FetchError(/EOF/.test(each.message) ? "no-connection" : "odd-answer", host, error);
    if (code.startsWith("UND_ERR_")) return new FetchError("odd-answer", `${host}, ${code}`, error);
  }
  return error;
}
