import type {Look, Reason, Verdict} from "../../model/verification.ts";
import {type KnownHosts, kindOfAddress, kindOfServers} from "./known-hosts.ts";

/** What the name alone says. Null in place of one: the name works, look at the page. */
export interface NameFinding {
  readonly verdict: Verdict;
  readonly reason: Reason;
}

/**
 * Statuses that take a domain out of its zone, without blanks, in small letters.
 * Source: ICANN, EPP status codes; RFC 5731 2.3, RFC 3915 3.1, RFC 8056 (the same words in RDAP, with blanks).
 */
const HOLD = new Set(["clienthold", "serverhold", "inactive", "redemptionperiod", "pendingdelete"]);

/** Returns the status by which the registry keeps the domain out of the zone; null when none does, or nobody asked. */
export function holdOf({registration}: Look): string | null {
  return registration?.statuses.find((each) => HOLD.has(each.toLowerCase().replace(/[\s_-]+/g, ""))) ?? null;
}

/** Returns what the resolvers' answers mean by themselves; null when they lead to an address, or the asset is one. */
export function judgeName({dns}: Look, known: KnownHosts): NameFinding | null {
  if (dns === null) return null;
  const statuses = new Set(dns.answers.map(({status}) => status));
  const addresses = dns.answers.flatMap((answer) => answer.addresses);
  if (statuses.has("no-name") && (statuses.has("answered") || statuses.has("no-data")))
    return {verdict: "unknown", reason: {code: "resolvers-disagree", detail: dns.name}};
  if (statuses.has("no-name")) return judgeMissing(dns);
  if (statuses.has("answered")) return judgeServers(dns.nameServers, known) ?? judgeAddresses(addresses, known);
  if (statuses.has("no-data")) return {verdict: "down-host", reason: {code: "no-address", detail: dns.name}};
  return {verdict: "unknown", reason: {code: "dns-failed", detail: [...statuses].join(" ") || null}};
}

type Dns = NonNullable<Look["dns"]>;

/** NXDOMAIN: by whom? The service that the name leads to, whoever keeps the zone, or the registrar. */
function judgeMissing({name, alias, zone, zoneStatus}: Dns): NameFinding {
  if (alias !== null) return {verdict: "down-host", reason: {code: "alias-target-gone", detail: alias}};
  const isZoneThere = zone !== name && (zoneStatus === "answered" || zoneStatus === "no-data");
  return isZoneThere
    ? {verdict: "down-host", reason: {code: "name-removed", detail: name}}
    : {verdict: "down-registrar", reason: {code: "no-such-domain", detail: zone ?? name}};
}

/** A delegation cannot be made up by a filter on our way, unlike an address. So a sinkhole's is a takedown. */
function judgeServers(servers: readonly string[], known: KnownHosts): NameFinding | null {
  const found = kindOfServers(servers, known);
  if (found === null) return null;
  return found.kind === "sinkhole"
    ? {verdict: "down-registrar", reason: {code: "sinkhole-servers", detail: found.match}}
    : {verdict: "parked", reason: {code: "parking-servers", detail: found.match}};
}

function judgeAddresses(addresses: readonly string[], known: KnownHosts): NameFinding | null {
  const sinkhole = addresses.find((each) => kindOfAddress(each, known) === "sinkhole");
  if (sinkhole !== undefined) return {verdict: "blocked", reason: {code: "sinkhole-address", detail: sinkhole}};
  const parking = addresses.find((each) => kindOfAddress(each, known) === "parking");
  return parking === undefined ? null : {verdict: "parked", reason: {code: "parking-address", detail: parking}};
}
