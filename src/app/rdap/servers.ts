/** Which RDAP server answers for what: only those that IANA names are ever asked. */
import {readFile} from "node:fs/promises";
import path from "node:path";
import {type AddressRange, canonicalAddressText, rangeOf} from "../../cases/parties/networks.ts";
import {registrarServers} from "../../cases/parties/readers/iana-registrars.ts";
import {type RdapEntry, rdapEntries} from "../../cases/parties/readers/rdap-bootstrap.ts";
import {asnOf, canonicalHost} from "../../cases/parties/spelling.ts";
import {WatchfloorError} from "../../model/errors.ts";

/** What the bootstrap files say. `origins` are the only places that an answer may lead on to. */
export interface RdapServers {
  readonly domains: ReadonlyMap<string, string>;
  readonly networks: readonly (AddressRange & {readonly server: string})[];
  readonly asns: readonly {readonly first: number; readonly last: number; readonly server: string}[];
  readonly registrars: ReadonlyMap<string, string>;
  readonly origins: ReadonlySet<string>;
}

/** What is asked, in the one form by which its answer is kept: `domain/example.cn`, `ip/192.0.2.1`, `autnum/64500`. */
export interface RdapQuestion {
  readonly key: string;
  readonly server: string;
}

/**
 * Reads tables/rdap/ of the data folder: dns.json, ipv4.json, ipv6.json and asn.json as IANA publishes them
 * (https://data.iana.org/rdap/), and registrars.csv, its list of registrars. What is not there is not asked.
 * Throws table_invalid for a file that is none.
 */
export async function readRdapServers(home: string): Promise<RdapServers> {
  const textOf = (name: string): Promise<string | null> =>
    readFile(path.join(home, "tables/rdap", name), "utf8").catch(() => null);
  const entriesOf = async (name: string): Promise<RdapEntry[]> => {
    const text = await textOf(name);
    const entries = text === null ? [] : rdapEntries(text);
    if (entries === null) throw new WatchfloorError("table_invalid", `tables/rdap/${name} is no bootstrap file`);
    return entries;
  };
  return rdapServers({
    dns: await entriesOf("dns.json"),
    ip: [...(await entriesOf("ipv4.json")), ...(await entriesOf("ipv6.json"))],
    asn: await entriesOf("asn.json"),
    registrars: registrarServers((await textOf("registrars.csv")) ?? ""),
  });
}

/** What the files hold. */
export interface RdapFiles {
  readonly dns: readonly RdapEntry[];
  readonly ip: readonly RdapEntry[];
  readonly asn: readonly RdapEntry[];
  readonly registrars: ReadonlyMap<string, string>;
}

/** Returns the servers of the files, an encrypted one before one that is not. */
export function rdapServers({dns, ip, asn, registrars}: RdapFiles): RdapServers {
  const each = <Item>(entries: readonly RdapEntry[], make: (of: string, server: string) => Item | null): Item[] =>
    entries.flatMap(({of, servers}) => {
      const server = servers.find((url) => url.startsWith("https:")) ?? servers[0];
      return server === undefined ? [] : of.flatMap((name) => make(name, withSlash(server)) ?? []);
    });
  const domains = each(dns, (name, server) => {
    const host = canonicalHost(name);
    return host === null ? null : {host, server};
  });
  const networks = each(ip, (name, server) => {
    const range = rangeOf(name);
    return range === null ? null : {...range, server};
  });
  const asns = each(asn, (name, server) => {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(name) ?? [];
    return first === undefined ? null : {first: Number(first), last: Number(last ?? first), server};
  });
  const all = [...[...dns, ...ip, ...asn].flatMap(({servers}) => servers), ...registrars.values()];
  const origins = new Set(all.map((url) => new URL(url).origin));
  return {domains: new Map(domains.map(({host, server}) => [host, server])), networks, asns, registrars, origins};
}

const withSlash = (url: string): string => (url.endsWith("/") ? url : `${url}/`);

/** Returns what to ask which server about a domain, an address or an AS number; null when no server is known for it. */
export function questionFor(servers: RdapServers, asset: string): RdapQuestion | null {
  const asn = /^AS/i.test(asset) ? asnOf(asset) : null;
  if (asn !== null) {
    const server = servers.asns.find(({first, last}) => first <= asn && asn <= last)?.server;
    return server === undefined ? null : {key: `autnum/${asn}`, server};
  }
  const address = canonicalAddressText(asset);
  if (address !== null) {
    const at = rangeOf(address);
    const around = servers.networks.filter(
      ({bits, first, last}) => bits === at?.bits && first <= at.first && at.first <= last,
    );
    const [nearest] = around.toSorted((one, other) => (one.last - one.first < other.last - other.first ? -1 : 1));
    return nearest === undefined ? null : {key: `ip/${address}`, server: nearest.server};
  }
  const host = canonicalHost(asset);
  for (let rest = host ?? ""; rest.includes("."); ) {
    rest = rest.slice(rest.indexOf(".") + 1);
    const server = servers.domains.get(rest);
    if (server !== undefined) return {key: `domain/${host}`, server};
  }
  return null;
}
