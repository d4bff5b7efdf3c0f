/**
 * The files in which the regional registries say which addresses and AS numbers they gave to whom. Each holder that the
 * extended form names is a party; in the plain form each line is one. Neither form has names or contacts: RDAP gives them.
 * Source: RIR Statistics Exchange Format (https://www.apnic.net/about-apnic/corporate-documents/documents/resource-guidelines/rir-statistics-exchange-format/).
 */
import type {PartyRecord, PartyReject, Responsibility} from "../../../model/party.ts";
import {prefixesOf, rangeBetween, rangeOf} from "../networks.ts";
import {type PartyFormat, type ReadRecord, recordWith, responsibleFor} from "./reading.ts";

const REGISTRIES = ["afrinic", "apnic", "arin", "lacnic", "ripencc", "iana"];
const GIVEN = ["allocated", "assigned"];
const NOT_GIVEN = ["available", "reserved"];
const MOST_ASNS = 65_536;

interface Line {
  readonly registry: string;
  readonly country: string;
  readonly type: string;
  readonly start: string;
  readonly count: string;
  readonly status: string;
  readonly holder: string;
}

/** Delegations of the five regional registries, `registry|CC|type|start|count|date|status|holder`. */
export const delegations: PartyFormat = {
  name: "rir-delegations",
  title: {zh: "地区互联网注册管理机构分配表", en: "Delegations of the regional registries"},
  isWhole: true,
  read: (text, {countries}) => {
    const records = new Map<string, ReadRecord>();
    const rejects: PartyReject[] = [];
    let skipped = 0;
    text.split("\n").forEach((whole, index) => {
      const line = readLine(whole.replace(/\r$/, ""));
      if (line === null || (countries !== null && line !== "bad" && !countries.includes(line.country))) {
        skipped += line === null ? 0 : 1;
        return;
      }
      const given = line === "bad" ? "has too few fields, or an unknown registry" : resourcesOf(line);
      if (typeof given === "string") rejects.push({line: index + 1, reason: given});
      else if (line !== "bad" && given.length > 0) add(records, recordOf(line, given), index + 1);
      else skipped += 1;
    });
    return {records: [...records.values()], rejects, skipped};
  },
};

/** Null for lines that say nothing of a delegation: remarks, the version and the sums. */
function readLine(text: string): Line | "bad" | null {
  if (text.trim() === "" || text.startsWith("#") || /^\d/.test(text) || text.endsWith("|summary")) return null;
  const [registry = "", country = "", type = "", start = "", count = "", , status = "", holder = ""] = text.split("|");
  return REGISTRIES.includes(registry) && status !== ""
    ? {registry, country, type, start, count, status, holder}
    : "bad";
}

/** What was given; empty when it was not given to anybody; a text says what is wrong. */
function resourcesOf({country, type, start, count, status}: Line): Responsibility[] | string {
  if (NOT_GIVEN.includes(status)) return [];
  if (!GIVEN.includes(status)) return `has an unknown status: ${status}`;
  if (!/^[A-Z]{2}$/.test(country)) return `has no country: ${country}`;
  if (!/^\d{1,10}$/.test(count) || Number(count) === 0) return `has no count: ${count}`;
  if (type === "asn") return asns(Number(start), Number(count));
  if (type === "ipv4") return ipv4(start, Number(count));
  if (type !== "ipv6") return `has an unknown type: ${type}`;
  const range = start.includes(":") ? rangeOf(`${start}/${count}`) : null;
  return range === null ? `is no IPv6 prefix: ${start}/${count}` : networks(prefixesOf(range));
}

function asns(start: number, count: number): Responsibility[] | string {
  if (!(Number.isSafeInteger(start) && start > 0) || count > MOST_ASNS || start + count > 2 ** 32)
    return `is no range of AS numbers: ${start}, ${count}`;
  return Array.from({length: count}, (_, at) => responsibleFor("asn", start + at));
}

function ipv4(start: string, count: number): Responsibility[] | string {
  const first = rangeOf(start);
  if (first === null || first.bits !== 32 || first.first + BigInt(count) > 2n ** 32n)
    return `is no IPv4 range: ${start}, ${count}`;
  return networks(prefixesOf({...first, last: first.first + BigInt(count) - 1n}));
}

const networks = (prefixes: readonly string[]): Responsibility[] =>
  prefixes.map((each) => responsibleFor("network", each));

function recordOf({registry, country, type, start, holder}: Line, responsibilities: Responsibility[]): PartyRecord {
  const resource = type === "asn" ? `AS${start}` : start;
  const isNamed = holder !== "";
  return recordWith({
    key: isNamed ? `${registry}:${holder}` : `${registry}:${resource}`,
    kind: "network-operator",
    names: {zh: null, en: isNamed ? `Holder ${holder} of ${registry.toUpperCase()}` : `Holder of ${resource}`},
    country,
    responsibilities,
  });
}

/** A holder has many lines; the first says its country. */
function add(records: Map<string, ReadRecord>, record: PartyRecord, line: number): void {
  const before = records.get(record.key)?.record;
  if (before === undefined) records.set(record.key, {line, record});
  else before.responsibilities.push(...record.responsibilities);
}

/** Returns the addresses between two as prefixes; empty when they are no range. */
export function prefixesBetween(first: string, last: string): string[] {
  const range = rangeBetween(first, last);
  return range === null ? [] : prefixesOf(range);
}
