import type {Profile} from "../model/profile.ts";
import {TAXONOMY} from "../model/taxonomy.ts";

/** Where an asset lies, seen from the constituency. */
type Scope = "domestic" | "overseas" | "unknown";

/**
 * One step of the rule: it fits when the column is one of the values, or is filled where `is` is "any". The columns are what
 * look-ups found, `tld` in ASCII form with its dot.
 */
export interface ScopeRule {
  readonly column: "province" | "country" | "tld";
  readonly is: readonly string[] | "any";
  readonly scope: Exclude<Scope, "unknown">;
}

/**
 * The rule of a territory as a table that SQL can be made from: the first step that fits decides; none fits: unknown.
 * The site's own province table goes before the general country table. Regions that the profile counts as overseas are
 * overseas by either. Only where no place was found, for a host name without address above all, the name decides: domestic
 * under the territory's own top-level domains, else unknown, for a name under .com says nothing of its place.
 */
export function scopeRules(territory: Profile["territory"]): readonly ScopeRule[] {
  const regions = TAXONOMY.regions.filter((region) => territory.overseasRegions.includes(region.country));
  const overseasCodes = regions.map((region) => region.code);
  const rules: ScopeRule[] = [
    {column: "province", is: overseasCodes, scope: "overseas"},
    {column: "province", is: "any", scope: "domestic"},
    {column: "country", is: territory.overseasRegions, scope: "overseas"},
    ...countryRules(territory.country),
    {column: "tld", is: territory.tlds.map((tld) => `.${tld}`), scope: "domestic"},
  ];
  return rules.filter(({is}) => is === "any" || is.length > 0);
}

/** A constituency that is no country has every known country at home. */
function countryRules(country: string | null): ScopeRule[] {
  if (country === null) return [{column: "country", is: "any", scope: "domestic"}];
  return [
    {column: "country", is: [country], scope: "domestic"},
    {column: "country", is: "any", scope: "overseas"},
  ];
}
