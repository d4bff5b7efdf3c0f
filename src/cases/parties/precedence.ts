/** How well a claim fits an asset: the rules in their order, and the keys by which a store finds the claims. */
import type {AssetFacts, Claim, ClaimKeys, ResponsibilityKind} from "../../model/party.ts";
import {canonicalAddressText, prefixLength, rangeOf} from "./networks.ts";
import {foldBrand} from "./spelling.ts";

/** The rules, the most specific first. docs/parties.md has the same order. */
export const MATCH_RULES = [
  "domain", // the very name
  "suffix", // a name above it, the longest first
  "store", // the app store's host, or a name above it
  "network", // the longest prefix
  "asn",
  "registrar",
  "tld",
  "brand",
  "province",
  "sector",
  "country",
] as const;
export type MatchRule = (typeof MATCH_RULES)[number];

/** How a claim fits: by which rule, and how specific within it; more is better. */
export interface Match {
  readonly rule: MatchRule;
  readonly depth: number;
}

/** Returns the keys by which every claim to the asset is found. Texts that are no address or number are passed over. */
export function claimKeys(facts: AssetFacts): ClaimKeys {
  const values: {kind: ResponsibilityKind; value: string}[] = [];
  const put = (kind: ResponsibilityKind, value: string | number | null): void => {
    if (value !== null && value !== "") values.push({kind, value: String(value)});
  };
  for (const name of namesAbove(facts.host ?? facts.domain)) put("domain", name);
  for (const name of namesAbove(facts.store)) put("store", name);
  for (const asn of facts.asns) put("asn", asn);
  put("registrar", facts.registrar);
  put("tld", tldOf(facts));
  put("brand", facts.brand === null ? null : foldBrand(facts.brand));
  put("province", facts.province);
  put("sector", facts.sector);
  put("country", facts.country);
  return {values, ips: facts.ips.flatMap((ip) => canonicalAddressText(ip) ?? [])};
}

/** Returns how the claim fits the asset, or null. */
export function matchOf(facts: AssetFacts, {responsibility: {kind, value}}: Claim): Match | null {
  if (kind === "network") return networkMatch(facts, value);
  if (!claimKeys(facts).values.some((key) => key.kind === kind && key.value === value)) return null;
  const labels = value.split(".").length;
  if (kind === "domain") {
    const isExact = [facts.host, facts.domain].includes(value) && value === (facts.host ?? facts.domain);
    return isExact ? {rule: "domain", depth: labels} : {rule: "suffix", depth: labels};
  }
  return {rule: kind, depth: kind === "store" ? labels : 0};
}

function networkMatch({ips}: AssetFacts, network: string): Match | null {
  const range = rangeOf(network);
  const isIn = ips.some((ip) => {
    const at = rangeOf(canonicalAddressText(ip) ?? "");
    return range !== null && at?.bits === range.bits && range.first <= at.first && at.first <= range.last;
  });
  return isIn ? {rule: "network", depth: prefixLength(network)} : null;
}

/** Compares how two claims fit: negative when the first fits better. */
export function compareMatches(one: Match, other: Match): number {
  return MATCH_RULES.indexOf(one.rule) - MATCH_RULES.indexOf(other.rule) || other.depth - one.depth;
}

function tldOf({tld, host, domain}: AssetFacts): string | null {
  const name = host ?? domain;
  const found = tld ?? (name === null ? null : name.slice(name.lastIndexOf(".") + 1));
  return found === null ? null : found.replace(/^\./, "");
}

/** The name and those above it, down to two labels. */
function namesAbove(name: string | null): string[] {
  const labels = name === null || name === "" ? [] : name.split(".");
  return labels.slice(0, Math.max(labels.length - 1, 1)).flatMap((_, at) => {
    const above = labels.slice(at).join(".");
    return above === "" ? [] : [above];
  });
}
