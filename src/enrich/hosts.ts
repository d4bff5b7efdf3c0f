import {domainToUnicode} from "node:url";
import {parse} from "tldts";
import {asciiHost} from "./list-table.ts";
import type {Brand, BrandList, SectorList} from "./lists.ts";

/** What a site says about host names; see `hostLists`. */
export type HostLists = ReadonlyMap<string, HostEntry>;

interface HostEntry {
  readonly isGov: boolean;
  readonly sector: string | null;
  readonly owner: Brand | null;
}

/** What a host name tells by itself and by the site's lists. Null is "not found". Names are in lower-case ASCII form. */
export interface HostFacts {
  readonly host: string;
  /** The host without `www.`: what counts as one site. */
  readonly site: string;
  /**
   * The domain that was registered, by the ICANN section of the public suffix list: registrars act on it. Names under a
   * hosting provider's own suffix (github.io) thus have the provider's domain. Null below suffixes that nobody delegated,
   * those reserved for tests and examples excepted: samples have domains, too.
   */
  readonly domain: string | null;
  /** The last label with its dot: `.com`, `.xn--fiqs8s`. */
  readonly tld: string | null;
  /** The host as people read it, IDN in its own letters. */
  readonly unicode: string;
  readonly isGov: boolean;
  readonly sector: string | null;
  /** The brand whose own domain this is. A phishing page stands elsewhere. */
  readonly owner: Brand | null;
}

/** Below these a domain is the last two labels. Source: RFC 2606 section 2. */
const RESERVED_TLDS: readonly string[] = [".example", ".test"];

/** Joins the lists into one table of domains; an entry holds for the domain and all names below it. */
export function hostLists(lists: {
  readonly governmentSuffixes: readonly string[];
  readonly government: ReadonlySet<string>;
  readonly sectors: SectorList;
  readonly brands: BrandList;
}): HostLists {
  const isGov = new Set([
    ...lists.governmentSuffixes.map((suffix) => asciiHost(suffix) ?? suffix),
    ...lists.government,
  ]);
  const domains = new Set([...isGov, ...lists.sectors.domains.keys(), ...lists.brands.domains.keys()]);
  return new Map(
    Array.from(domains, (domain) => {
      const owner = lists.brands.domains.get(domain) ?? null;
      const sector = lists.sectors.domains.get(domain) ?? owner?.sector ?? null;
      return [domain, {isGov: isGov.has(domain), sector, owner}];
    }),
  );
}

/**
 * Returns what is known of a host name; null when it is no host name (an address, blanks, bad characters).
 * For sector and owner the longest listed domain wins; a government host in no sector's list is of the sector `gov`.
 */
export function hostFacts(name: string, lists: HostLists): HostFacts | null {
  const host = asciiHost(name);
  if (host === null) return null;
  const {domain, isIcann} = parse(host, {extractHostname: false, validateHostname: false, detectIp: false});
  const dot = host.lastIndexOf(".");
  const tld = dot < 0 ? null : host.slice(dot);
  const isRegistered = isIcann === true || (tld !== null && RESERVED_TLDS.includes(tld));
  return {
    host,
    site: host.startsWith("www.") && host.includes(".", 4) ? host.slice(4) : host,
    domain: isRegistered ? domain : null,
    tld,
    unicode: host.includes("xn--") ? domainToUnicode(host) || host : host,
    ...listed(host, lists),
  };
}

/** Looks the host and each domain above it up, the longest first. */
function listed(host: string, lists: HostLists): HostEntry {
  let isGov = false;
  let sector: string | null = null;
  let owner: Brand | null = null;
  if (lists.size > 0) {
    for (let start = 0, dot = 0; dot >= 0; start = dot + 1) {
      const entry = lists.get(host.slice(start));
      isGov ||= entry?.isGov ?? false;
      sector ??= entry?.sector ?? null;
      owner ??= entry?.owner ?? null;
      dot = host.indexOf(".", start);
    }
  }
  return {isGov, sector: sector ?? (isGov ? "gov" : null), owner};
}
