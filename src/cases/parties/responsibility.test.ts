import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type {AssetFacts, Claim, HeldResponsibility} from "../../model/party.ts";
import {claimKeys, MATCH_RULES, matchOf} from "./precedence.ts";
import {nobodyText, responsible} from "./responsibility.ts";

const ON = "2023-02-22";
const FACTS: AssetFacts = {
  kind: "url",
  value: "http://login.shop.example.cn/a",
  ips: ["192.0.2.7"],
  asns: [64500],
  host: "login.shop.example.cn",
  domain: "example.cn",
  tld: ".cn",
  registrar: 9999,
  store: null,
  country: "CN",
  province: "44",
  sector: "finance-bank",
  brand: "Sample Bank",
};
const ORDER = ["cloud-provider", "network-operator", "registrar", "registry", "foreign-cert"];

function claim(
  party: number,
  what: Pick<HeldResponsibility, "kind" | "value"> & Partial<HeldResponsibility>,
  partyKind = "network-operator",
): Claim {
  return {
    party,
    partyKind,
    names: {zh: null, en: `Party ${party}`},
    partyFrom: null,
    partyUntil: null,
    responsibility: {from: null, until: null, layer: "imported", source: "list", ...what},
  };
}
const ask = (claims: readonly Claim[], facts = FACTS, order: readonly string[] = ORDER) =>
  responsible({facts, order, on: ON}, claims);

test("within one kind of party the most specific claim decides, in the stated order of rules", () => {
  const ladder = [
    claim(1, {kind: "domain", value: "login.shop.example.cn"}),
    claim(2, {kind: "domain", value: "shop.example.cn"}),
    claim(3, {kind: "domain", value: "example.cn"}),
    claim(4, {kind: "network", value: "192.0.2.0/28"}),
    claim(5, {kind: "network", value: "192.0.2.0/24"}),
    claim(6, {kind: "asn", value: "64500"}),
    claim(7, {kind: "registrar", value: "9999"}),
    claim(8, {kind: "tld", value: "cn"}),
    claim(9, {kind: "brand", value: "sample bank"}),
    claim(10, {kind: "province", value: "44"}),
    claim(11, {kind: "sector", value: "finance-bank"}),
    claim(12, {kind: "country", value: "CN"}),
  ];
  for (let at = 0; at < ladder.length; at += 1) {
    const {party, others} = ask(ladder.slice(at).toReversed());
    assert.equal(party, at + 1);
    assert.deepEqual(
      others.map((each) => each.claim.party),
      ladder.slice(at + 1).map((each) => each.party),
    );
  }
});

test("the order of party kinds goes before how well a claim fits: the cloud before the registrar of the very domain", () => {
  const cloud = claim(1, {kind: "network", value: "192.0.0.0/16"}, "cloud-provider");
  const registrar = claim(2, {kind: "domain", value: "login.shop.example.cn"}, "registrar");
  const decision = ask([registrar, cloud]);
  assert.deepEqual([decision.party, decision.by?.match.rule], [1, "network"]);
  assert.equal(ask([registrar, cloud], FACTS, ["registrar", "cloud-provider"]).party, 2);
});

test("the next party of an escalation is the first that was not tried", () => {
  const claims = [
    claim(1, {kind: "asn", value: "64500"}, "cloud-provider"),
    claim(2, {kind: "registrar", value: "9999"}, "registrar"),
    claim(3, {kind: "tld", value: "cn"}, "registry"),
  ];
  const next = (...except: number[]) =>
    responsible({facts: FACTS, order: ORDER, on: ON, except: new Set(except)}, claims).party;
  assert.deepEqual([next(), next(1), next(1, 2), next(1, 2, 3)], [1, 2, 3, null]);
});

test("two parties that claim one AS are not chosen between silently: it is a person's to decide", () => {
  const claims = [claim(1, {kind: "asn", value: "64500"}), claim(2, {kind: "asn", value: "64500"})];
  const decision = ask([...claims, claim(3, {kind: "tld", value: "cn"}, "registry")]);
  assert.equal(decision.party, null);
  assert.deepEqual(decision.why?.code, "ambiguous");
  assert.deepEqual(decision.why && nobodyText(decision.why), {
    zh: "两家单位都声明负责AS64500：WP-000001, WP-000002",
    en: "two parties claim AS64500: WP-000001, WP-000002",
  });
  assert.deepEqual(
    decision.others.map((each) => each.claim.party),
    [1, 2, 3],
  );
});

test("of two claims to one AS a local entry goes before an imported one, then the one valid since the later day", () => {
  const asn = {kind: "asn", value: "64500"} as const;
  const [old, newer] = [claim(1, {...asn, from: "2020-01-01"}), claim(2, {...asn, from: "2022-01-01"})];
  assert.equal(ask([old, newer]).party, 2);
  assert.equal(ask([{...old, responsibility: {...old.responsibility, layer: "local"}}, newer]).party, 1);
  assert.equal(ask([claim(3, asn), old]).party, 1, "a stated day goes before none");
  const local = claim(4, {...asn, layer: "local"});
  assert.equal(ask([local, claim(5, {...asn, layer: "local"})]).party, null);
});

test("one party with two equal claims is one party", () => {
  const claims = [claim(1, {kind: "asn", value: "64500"}), claim(1, {kind: "asn", value: "64501"})];
  assert.equal(ask(claims, {...FACTS, asns: [64500, 64501]}).party, 1);
});

test("what is not valid on the day does not count, of the party or of what it answers for", () => {
  const asn = {kind: "asn", value: "64500"} as const;
  assert.equal(ask([claim(1, {...asn, until: "2023-02-21"})]).why?.code, "no-claim");
  assert.equal(ask([claim(1, {...asn, until: ON})]).party, 1);
  assert.equal(ask([claim(1, {...asn, from: "2023-02-23"})]).party, null);
  assert.equal(ask([{...claim(1, asn), partyUntil: "2023-01-01"}]).party, null);
});

test("when only kinds answer that the rule does not want, it says so, and keeps them as what was possible", () => {
  const decision = ask([claim(1, {kind: "brand", value: "sample bank"}, "brand-owner")]);
  assert.deepEqual(decision.why, {code: "not-in-order", kinds: ["brand-owner"]});
  assert.equal(decision.others[0]?.claim.party, 1);
  assert.match((decision.why && nobodyText(decision.why).en) ?? "", /not in the order: brand-owner/);
  assert.equal(ask([]).why?.code, "no-claim");
});

test("a name is not under another by its letters: notexample.cn is not below example.cn", () => {
  const of = (value: string, host: string) =>
    matchOf({...FACTS, host, domain: null}, claim(1, {kind: "domain", value}))?.rule ?? null;
  assert.equal(of("example.cn", "notexample.cn"), null);
  assert.equal(of("example.cn", "example.cn"), "domain");
  assert.equal(of("example.cn", "a.example.cn"), "suffix");
  assert.equal(of("a.example.cn", "example.cn"), null);
});

test("an address falls under prefixes of its own kind only", () => {
  const of = (ip: string, value: string) => matchOf({...FACTS, ips: [ip]}, claim(1, {kind: "network", value}));
  assert.equal(of("2001:db8::1", "192.0.2.0/24"), null);
  assert.deepEqual(of("2001:db8::1", "2001:db8::/32"), {rule: "network", depth: 32});
  assert.deepEqual(of("::ffff:192.0.2.1", "192.0.2.0/24"), {rule: "network", depth: 24});
  assert.equal(of("192.0.3.0", "192.0.2.0/24"), null);
});

test("the order of the claims decides nothing, and whoever is chosen fits", () => {
  const kinds = fc.constantFrom(...ORDER, "brand-owner");
  const anyClaim = fc
    .record({
      party: fc.integer({min: 1, max: 5}),
      kind: kinds,
      value: fc.constantFrom(...claimKeys(FACTS).values, {kind: "asn", value: "1"} as const),
      from: fc.constantFrom(null, "2020-01-01", "2024-01-01"),
      layer: fc.constantFrom("local", "imported"),
    })
    .map(({party, kind, value, from, layer}) => claim(party, {...value, from, layer}, kind));
  fc.assert(
    fc.property(fc.array(anyClaim, {maxLength: 8}), fc.nat(), (claims, turn) => {
      const turned = [...claims.slice(turn % (claims.length + 1)), ...claims.slice(0, turn % (claims.length + 1))];
      const [one, other] = [ask(claims), ask(turned.toReversed())];
      assert.deepEqual([one.party, one.why], [other.party, other.why]);
      if (one.party === null) assert.ok(one.why !== null);
      if (one.by !== null) {
        assert.ok(ORDER.includes(one.by.claim.partyKind));
        assert.ok(one.by.claim.responsibility.from !== "2024-01-01");
        assert.ok(MATCH_RULES.includes(one.by.match.rule));
      }
    }),
  );
});
