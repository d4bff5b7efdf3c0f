/**
 * Asks RDAP servers: only those that IANA names, at public addresses only, with a limit of time and bytes. A redirect is
 * followed to another such server and to nothing else.
 * Source: RFC 7480; TRUST.md lesson 42.
 */
import {Agent, request} from "undici";
import {WatchfloorError} from "../../model/errors.ts";
import {type Dial, reachable} from "./guard.ts";

const MOST_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];
const ACCEPT = "application/rdap+json, application/json;q=0.5";

/** How a server may be asked. */
export interface RdapLimits {
  readonly seconds: number;
  readonly bytes: number;
  /** Origins that may be asked, such as `https://rdap.registry.example`. */
  readonly origins: ReadonlySet<string>;
  readonly dial: Dial;
  /** What we call ourselves to the server. */
  readonly agent: string;
}

/** What a server answered, and where in the end; `text` is null where it says that there is nothing (404). */
export interface RdapResponse {
  readonly url: string;
  readonly status: number;
  readonly text: string | null;
}

/** Asks for an address. Throws rdap_failed with the reason; nothing that is not JSON comes back as an answer. */
export async function askRdapServer(url: string, limits: RdapLimits): Promise<RdapResponse> {
  const signal = AbortSignal.timeout(limits.seconds * 1000);
  let at = url;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const answer = await oneAnswer(at, {...limits, signal});
    if (answer.next === null) return {url: at, status: answer.status, text: answer.text};
    at = answer.next;
  }
  throw failed(url, "it redirects without end");
}

interface Answer {
  readonly status: number;
  readonly text: string | null;
  readonly next: string | null;
}

async function oneAnswer(url: string, limits: RdapLimits & {readonly signal: AbortSignal}): Promise<Answer> {
  const {origin, hostname} = new URL(url);
  if (!limits.origins.has(origin)) throw failed(url, "it is no server that IANA names");
  const addresses = await reachable(limits.dial, hostname);
  if (addresses === null) throw failed(url, "it has no public address");
  const agent = agentFor(addresses);
  try {
    const {
      statusCode: status,
      headers,
      body,
    } = await request(url, {
      dispatcher: agent,
      signal: limits.signal,
      headers: {accept: ACCEPT, "user-agent": limits.agent, "accept-encoding": "identity"},
    });
    const {location} = headers;
    if (REDIRECTS.includes(status) && typeof location === "string" && URL.canParse(location, url))
      return {status, text: null, next: new URL(location, url).href};
    if (status === 404) return {status, text: null, next: null};
    if (status !== 200) throw failed(url, `it answers ${status}`);
    return {status, text: await jsonText(url, body, limits.bytes), next: null};
  } catch (error) {
    throw error instanceof WatchfloorError ? error : failed(url, reasonOf(error, limits), error);
  } finally {
    await agent.destroy();
  }
}

/** Connects to the addresses that were checked, so that a second look-up cannot lead elsewhere. */
function agentFor(addresses: readonly string[]): Agent {
  const found = addresses.map((address) => ({address, family: address.includes(":") ? 6 : 4}));
  return new Agent({
    connect: {
      lookup: (_host, options, callback) => {
        const [first] = found;
        if (options.all === true) callback(null, found);
        else callback(null, first?.address ?? "", first?.family ?? 4);
      },
    },
    maxHeaderSize: 16_384,
  });
}

async function jsonText(url: string, body: AsyncIterable<Uint8Array>, most: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > most) throw failed(url, `its answer is longer than ${most} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    JSON.parse(text);
  } catch (cause) {
    throw failed(url, "its answer is no JSON", cause);
  }
  return text;
}

function reasonOf(error: unknown, {seconds, signal}: RdapLimits & {readonly signal: AbortSignal}): string {
  if (signal.aborted) return `it did not answer within ${seconds} s`;
  return error instanceof Error ? error.message : String(error);
}

function failed(url: string, why: string, cause?: unknown): WatchfloorError {
  return new WatchfloorError("rdap_failed", `${url}: ${why}`, cause);
}
