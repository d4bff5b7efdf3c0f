import ipaddr from "ipaddr.js";
import {WatchfloorError} from "../../model/errors.ts";

/** What a name server or address of the table tells of a domain. */
export const HOST_KINDS = ["parking", "sinkhole"] as const;
/** One of `HOST_KINDS`. */
export type HostKind = (typeof HOST_KINDS)[number];

/** Name servers and addresses that mean that a domain is parked, or held by those who fight abuse. */
export interface KnownHosts {
  /** Suffixes of name servers, without leading dot. */
  readonly nameServers: ReadonlyMap<string, HostKind>;
  /** Networks by CIDR. */
  readonly networks: readonly {readonly kind: HostKind; readonly network: string; readonly bits: number}[];
}

/** Columns of known-hosts.csv. */
const HEADER = "kind,match";

/**
 * Reads one or more tables of known hosts: lines `kind,match`, where match is the suffix of a name server, an address or a
 * network (CIDR); `#` begins a remark. Later tables win. Throws table_invalid with file and line.
 */
export function readKnownHosts(files: readonly {readonly name: string; readonly text: string}[]): KnownHosts {
  const nameServers = new Map<string, HostKind>();
  const networks: {kind: HostKind; network: string; bits: number}[] = [];
  for (const file of files) {
    for (const [at, line] of file.text.split(/\r?\n/).entries()) {
      const text = line.replace(/#.*/, "").trim().toLowerCase();
      if (text === "" || text === HEADER) continue;
      const [kindText = "", match = ""] = text.split(",").map((cell) => cell.trim());
      const kind = HOST_KINDS.find((each) => each === kindText);
      const network = networkOf(match);
      if (kind !== undefined && network !== null) networks.push({kind, ...network});
      else if (kind !== undefined && isSuffix(match)) nameServers.set(match, kind);
      else throw new WatchfloorError("table_invalid", `${file.name}:${at + 1} is no known host: ${text.slice(0, 80)}`);
    }
  }
  return {nameServers, networks};
}

/** Returns what the longest known suffix of any of these name servers tells, and that name server; null when none is known. */
export function kindOfServers(servers: readonly string[], known: KnownHosts): {kind: HostKind; match: string} | null {
  for (const server of servers) {
    const labels = server.toLowerCase().replace(/\.$/, "").split(".");
    for (let at = 0; at < labels.length; at += 1) {
      const kind = known.nameServers.get(labels.slice(at).join("."));
      if (kind !== undefined) return {kind, match: server};
    }
  }
  return null;
}

/** Returns what an address tells; null when it is in no known network. */
export function kindOfAddress(address: string, known: KnownHosts): HostKind | null {
  if (!ipaddr.isValid(address)) return null;
  const parsed = ipaddr.process(address);
  const found = known.networks.filter(({network, bits}) => {
    const range = ipaddr.parse(network);
    return range.kind() === parsed.kind() && parsed.match(range, bits);
  });
  return found.toSorted((a, b) => b.bits - a.bits)[0]?.kind ?? null;
}

const ADDRESS_BITS = {ipv4: 32, ipv6: 128};

function networkOf(match: string): {network: string; bits: number} | null {
  const [base = "", bits, ...more] = match.split("/");
  if (more.length > 0 || !/^[0-9a-f.:]+$/.test(base) || !ipaddr.isValid(base)) return null;
  const parsed = ipaddr.parse(base);
  if (base.includes(".") && !base.includes(":") && !ipaddr.IPv4.isValidFourPartDecimal(base)) return null;
  const most = ADDRESS_BITS[parsed.kind()];
  const wanted = bits === undefined ? most : Number(bits);
  return Number.isInteger(wanted) && wanted > 0 && wanted <= most ? {network: parsed.toString(), bits: wanted} : null;
}

function isSuffix(match: string): boolean {
  return /^(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{1,62}$/.test(match);
}
