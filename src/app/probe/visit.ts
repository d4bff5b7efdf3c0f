import {Client, type Dispatcher} from "undici";
import {isPublic} from "./address.ts";
import {type Body, readBody} from "./body.ts";
import type {TlsFacts} from "./certificate.ts";
import {connectorTo} from "./connection.ts";
import type {ProbeSettings} from "./settings.ts";
import {literalOf} from "./target.ts";
import {ProbeTrouble, troubleOf} from "./trouble.ts";

/** What is needed to visit one URL. */
export interface VisitInput {
  readonly url: URL;
  /** Addresses of its host as looked up; those that are not public are passed over. */
  readonly addresses: readonly string[];
  readonly settings: ProbeSettings;
  readonly signal: AbortSignal;
  readonly onCertificate: (facts: TlsFacts) => void;
}

/** One answer: a redirect, or a page. */
export interface Visit {
  readonly address: string;
  readonly status: number;
  readonly type: string;
  /** Where a redirect leads; null when it is none. */
  readonly location: string | null;
  /** Null for a redirect: its body is not read. */
  readonly body: Body | null;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** So many addresses of one name are tried. */
const MOST_ADDRESSES = 3;
/** What may be tried at the next address. */
const PASSING = new Set(["connection-refused", "unreachable", "connection-reset"]);

/** Visits one URL once. Throws ProbeTrouble, or what `troubleOf` makes one of. */
export async function visit(input: VisitInput): Promise<Visit> {
  const open = input.addresses.filter(isPublic);
  if (open.length === 0) throw new ProbeTrouble("address-refused", input.addresses.join(" ").slice(0, 200));
  let last: unknown = null;
  for (const address of open.slice(0, MOST_ADDRESSES)) {
    try {
      return await visitAt(address, input);
    } catch (error) {
      last = error;
      if (!PASSING.has(troubleOf(error).kind) || input.signal.aborted) throw error;
    }
  }
  throw last;
}

async function visitAt(address: string, {url, settings, signal, onCertificate}: VisitInput): Promise<Visit> {
  const {limits, userAgent, acceptLanguage} = settings;
  const host = literalOf(url) ?? url.hostname;
  const client = new Client(url.origin, {
    connect: connectorTo({address, host, settings, onCertificate, signal}),
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.totalMs,
    bodyTimeout: limits.totalMs,
    pipelining: 0,
    allowH2: false,
  });
  try {
    const answer = await client.request({
      method: "GET",
      path: url.pathname + url.search,
      headers: {
        "user-agent": userAgent,
        accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
        "accept-language": acceptLanguage,
        "accept-encoding": "gzip, deflate, br",
      },
      signal,
    });
    return await read(answer, {address, limit: limits.bytes});
  } finally {
    client.destroy().catch(() => undefined);
  }
}

async function read(
  {statusCode: status, headers, body}: Dispatcher.ResponseData,
  {address, limit}: {address: string; limit: number},
): Promise<Visit> {
  const type = firstOf(headers["content-type"]) ?? "";
  const location = REDIRECTS.has(status) ? (firstOf(headers["location"]) ?? null) : null;
  if (location !== null) {
    body.on("error", () => undefined).destroy();
    return {address, status, type, location, body: null};
  }
  const encodings = [headers["content-encoding"] ?? []].flat().join(",");
  return {address, status, type, location, body: await readBody(body, encodings, limit)};
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
