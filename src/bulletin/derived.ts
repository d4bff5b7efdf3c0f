/**
 * Facts that follow from the indicators: shares, averages, ranks. What a figures file states is taken as stated; else the
 * fact is worked out from counts that the public may see, and is null where they do not suffice.
 */
import {type Dimension, UNKNOWN_KEY} from "../model/indicator.ts";
import {type Parts, type PublicCells, publicParts} from "./breakdowns.ts";
import type {EditionInput} from "./edition-input.ts";
import type {Share} from "./numbers.ts";

/** Where a share comes from: one indicator in another, or one cell in its breakdown. */
type ShareRule =
  | {readonly part: string; readonly whole: string}
  | {readonly of: string; readonly dimension: Dimension; readonly key: string};

const SHARES = {
  "web.gov_defaced": {part: "web.gov_defaced", whole: "web.defaced"},
  "web.gov_backdoored": {part: "web.gov_backdoored", whole: "web.backdoored"},
  "msite.domains_domestic": {of: "msite.domains", dimension: "scope", key: "domestic"},
  "msite.domains_overseas": {of: "msite.domains", dimension: "scope", key: "overseas"},
  "msite.domains_unknown": {of: "msite.domains", dimension: "scope", key: "unknown"},
  "msite.ips_domestic": {of: "msite.ips", dimension: "scope", key: "domestic"},
  "msite.ips_overseas": {of: "msite.ips", dimension: "scope", key: "overseas"},
  "msite.tld_com": {of: "msite.domains", dimension: "tld", key: ".com"},
} as const satisfies Record<string, ShareRule>;

/** The shares that the texts speak of. */
export type ShareKey = keyof typeof SHARES;

const RANKED = 3;

/** Returns the public cells of a breakdown; none when it was not made. */
export function cellsOf(input: EditionInput, id: string, at: {dimension: Dimension; mergeBelow: number}): Parts {
  const {value = null, by = {}} = input.indicators[id] ?? {};
  return publicParts(value, by[at.dimension] ?? [], at.mergeBelow);
}

/** Returns the same of the week before. */
export function cellsBefore(input: EditionInput, id: string, at: {dimension: Dimension; mergeBelow: number}): Parts {
  const {previous = null, previousBy = {}} = input.indicators[id] ?? {};
  return publicParts(previous, previousBy[at.dimension] ?? [], at.mergeBelow);
}

/** Returns a share, null when it is not known. */
export function shareOf(input: EditionInput, key: ShareKey, mergeBelow: number): Share | null {
  const stated = input.facts.shares[key];
  if (stated) return stated;
  const rule: ShareRule = SHARES[key];
  if ("part" in rule) {
    const [part, whole] = [input.indicators[rule.part]?.value ?? null, input.indicators[rule.whole]?.value ?? null];
    return part === null || whole === null || whole === 0 ? null : {part, whole};
  }
  const found = cellsOf(input, rule.of, {dimension: rule.dimension, mergeBelow});
  const cell = found.cells.find((each) => each.key === rule.key);
  return cell ? {part: cell.value, whole: found.whole} : null;
}

/** Returns the phishing pages for each address, not rounded. */
export function pagesPerIp({facts, indicators}: EditionInput): number | null {
  if (facts.pagesPerIp !== null) return facts.pagesPerIp;
  const pages = indicators["web.phishing_pages"]?.value ?? null;
  const ips = indicators["phish.ips"]?.value ?? null;
  return pages === null || ips === null || ips === 0 ? null : pages / ips;
}

/**
 * Returns the week's vulnerabilities by affected object type. None when the source does not say the type of most of them:
 * the shares and ranks of the rest would be none of the week.
 */
export function vulnTypeCells(input: EditionInput, mergeBelow: number): Parts {
  const {value = null, by = {}} = input.indicators["vuln.total"] ?? {};
  const cells = by.vulnType ?? [];
  const unknown = cells.find(({key}) => key === UNKNOWN_KEY)?.value ?? 0;
  const parts = publicParts(value, cells, mergeBelow);
  return unknown * 2 < parts.whole ? parts : publicParts(null, [], mergeBelow);
}

/** Returns the three affected object types with most vulnerabilities, codes or words of the source; null when unknown. */
export function topVulnTypes(input: EditionInput, mergeBelow: number): readonly string[] | null {
  return input.facts.vulnTypes ?? firstKeys(vulnTypeCells(input, mergeBelow));
}

/** Returns the three provinces with most controlled hosts, GB/T codes or names; null when unknown. */
export function topProvinces(input: EditionInput, mergeBelow: number): readonly string[] | null {
  return input.facts.topProvinces ?? firstKeys(cellsOf(input, "host.trojan_bot", {dimension: "province", mergeBelow}));
}

function firstKeys({cells}: PublicCells): readonly string[] | null {
  const keys = cells.filter(({key}) => key !== "" && key !== UNKNOWN_KEY).map(({key}) => key);
  return keys.length === 0 ? null : keys.slice(0, RANKED);
}
