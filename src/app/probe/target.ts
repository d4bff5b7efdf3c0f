import {isIP} from "node:net";
import type {ProbeOrder} from "../../model/verification.ts";
import {ProbeTrouble} from "./trouble.ts";

/** Ports that are looked at; an empty port is that of the scheme. */
const PORTS = new Set(["", "80", "443", "8080", "8443"]);
const MOST_URL = 8192;

/**
 * Returns the addresses to try, in this order: a page as it stands; for a name or an address first without TLS, as a
 * visitor who types it would. Throws ProbeTrouble order-refused for what is no place on the web.
 */
export function targetsOf({kind, value}: ProbeOrder["asset"]): URL[] {
  if (kind === "url") return [targetAt(value)];
  if (kind !== "domain" && kind !== "site" && kind !== "ip") throw new ProbeTrouble("order-refused", `kind ${kind}`);
  const host = value.includes(":") ? `[${value}]` : value;
  if (/[/\\?#@\s]/.test(host)) throw new ProbeTrouble("order-refused", "no host name");
  return [targetAt(`http://${host}/`), targetAt(`https://${host}/`)];
}

/** Returns an address that the probe may visit, resolved against `base`. Throws ProbeTrouble order-refused. */
export function targetAt(text: string, base?: URL): URL {
  const url = text.length > MOST_URL ? null : URL.parse(text, base?.href);
  if (url === null) throw new ProbeTrouble("order-refused", "no URL");
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new ProbeTrouble("order-refused", `scheme ${url.protocol}`);
  if (!PORTS.has(url.port)) throw new ProbeTrouble("order-refused", `port ${url.port}`);
  if (url.username !== "" || url.password !== "") throw new ProbeTrouble("order-refused", "credentials");
  if (url.hostname === "" || url.href.length > MOST_URL)
    throw new ProbeTrouble("order-refused", "no host, or too long");
  url.hash = "";
  return url;
}

/** Returns the address that a URL names itself; null when it has a name. WHATWG has brought every form into one. */
export function literalOf(url: URL): string | null {
  const bare = url.hostname.replace(/^\[|\]$/g, "");
  return isIP(bare) === 0 ? null : bare;
}
