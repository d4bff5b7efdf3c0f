import assert from "node:assert/strict";
import test from "node:test";
import {type ScopeRule, scopeRules} from "./scope.ts";

/** What the rule looks at. Null is "looked up and not found". */
type ScopeFacts = Readonly<Record<ScopeRule["column"], string | null>>;

/** The scope of an asset by the rule, as the engine's statement finds it. */
function scopeOf(rules: readonly ScopeRule[], facts: ScopeFacts): string {
  const rule = rules.find(({column, is}) => {
    const value = facts[column];
    return value !== null && (is === "any" || is.includes(value));
  });
  return rule?.scope ?? "unknown";
}

const name = {zh: "试", en: "Test"};
const china = scopeRules({
  country: "CN",
  name,
  tlds: ["cn", "xn--fiqs8s"],
  overseasRegions: ["HK", "MO", "TW"],
  hasProvinces: true,
});
const sector = scopeRules({country: null, name, tlds: [], overseasRegions: [], hasProvinces: false});
const japan = scopeRules({country: "JP", name, tlds: ["jp"], overseasRegions: [], hasProvinces: false});

const address = (country: string | null, province: string | null = null, tld: string | null = null): ScopeFacts => ({
  province,
  country,
  tld,
});
const named = (tld: string | null, country: string | null = null): ScopeFacts => ({
  province: null,
  country,
  tld,
});

test("scope of an address or host name, line by line of the truth table", () => {
  const table: readonly [string, typeof china, ScopeFacts, string][] = [
    ["an address in the territory", china, address("CN"), "domestic"],
    ["the same with its province", china, address("CN", "44"), "domestic"],
    ["an address abroad", china, address("US"), "overseas"],
    ["Namibia is a country, not a missing value", china, address("NA"), "overseas"],
    ["Hong Kong by country", china, address("HK"), "overseas"],
    ["Macao by country", china, address("MO"), "overseas"],
    ["Taiwan by country", china, address("TW"), "overseas"],
    ["Hong Kong by the site's table, China by country", china, address("CN", "81"), "overseas"],
    ["Macao by the site's table alone", china, address(null, "82"), "overseas"],
    ["Taiwan by the site's table", china, address("TW", "71"), "overseas"],
    ["a province where no country was found", china, address(null, "11"), "domestic"],
    ["the site's province table goes before the country", china, address("US", "11"), "domestic"],
    ["an address found nowhere", china, address(null), "unknown"],
    ["the same with a .cn name", china, address(null, null, ".cn"), "domestic"],
    ["a .cn name on an address abroad", china, address("US", null, ".cn"), "overseas"],
    ["a .com name on an address at home", china, address("CN", null, ".com"), "domestic"],
    ["a .cn name without address", china, named(".cn"), "domestic"],
    ["a name under the Chinese-letter domain", china, named(".xn--fiqs8s"), "domestic"],
    ["a .com name without address", china, named(".com"), "unknown"],
    ["another country's name without address", china, named(".jp"), "unknown"],
    ["a name without address whose country the provider states", china, named(".com", "CN"), "domestic"],
    ["nothing known", china, named(null), "unknown"],
    ["a sector has every known country at home", sector, address("BR"), "domestic"],
    ["but not the unknown", sector, address(null), "unknown"],
    ["nor a name without address", sector, named(".br"), "unknown"],
    ["another territory: at home", japan, address("JP"), "domestic"],
    ["another territory: China is abroad", japan, address("CN"), "overseas"],
    ["another territory: Hong Kong is abroad like any other", japan, address("HK"), "overseas"],
    ["another territory: its names", japan, named(".jp"), "domestic"],
  ];
  for (const [what, rules, facts, scope] of table) assert.equal(scopeOf(rules, facts), scope, what);
});

test("the rule is data without empty steps, so that SQL can be made from it", () => {
  assert.deepEqual(sector, [
    {column: "province", is: "any", scope: "domestic"},
    {column: "country", is: "any", scope: "domestic"},
  ]);
  for (const rule of [...china, ...japan]) assert.ok(rule.is === "any" || rule.is.length > 0);
});
