import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {hostFacts, hostLists} from "./hosts.ts";
import {brandList, brandOf, governmentList, sectorList} from "./lists.ts";

const file = (name: string, ...lines: readonly string[]) => ({name, text: lines.join("\n")});
const sectors = sectorList(
  file("sectors.csv", "match,sector", "bank.example.cn,finance-bank", "health.gov.cn,health", "edu.cn,education"),
);
const brands = brandList(
  file(
    "brands.csv",
    "brand,aliases,country,sector,domains",
    "Example Bank,EB;示例银行,CN,finance-bank,bank.example.cn",
    '"Shop, Inc.",shop,JP,ecommerce,shop.example.jp',
  ),
);
const lists = hostLists({
  governmentSuffixes: ["gov.cn"],
  government: governmentList(file("government.txt", "# cities", "city.example.cn")),
  sectors,
  brands,
});
const none = hostLists({
  governmentSuffixes: [],
  government: new Set(),
  sectors: sectorList(file("s", "match,sector")),
  brands: brandList(file("b", "brand,aliases,country,sector,domains")),
});

test("a site is its host name without www., so that both spellings count once", () => {
  assert.equal(hostFacts("www.example.com", none)?.site, "example.com");
  assert.equal(hostFacts("WWW.Example.COM.", none)?.site, "example.com");
  assert.equal(hostFacts("www2.example.com", none)?.site, "www2.example.com");
  assert.equal(hostFacts("www.com", none)?.site, "www.com");
});

test("the registered domain is that of the registry, not of a hosting provider", () => {
  assert.equal(hostFacts("a.b.example.co.uk", none)?.domain, "example.co.uk");
  assert.equal(hostFacts("page.github.io", none)?.domain, "github.io");
  assert.equal(hostFacts("www.beijing.gov.cn", none)?.domain, "beijing.gov.cn");
  assert.equal(hostFacts("gov.cn", none)?.domain, null);
  assert.equal(hostFacts("printer.local", none)?.domain, null);
  assert.equal(hostFacts("localhost", none)?.domain, null);
});

test("names reserved for tests and examples have a registered domain, names of a local network have none", () => {
  assert.equal(hostFacts("www.shop.example", none)?.domain, "shop.example");
  assert.equal(hostFacts("a.b.c.test", none)?.domain, "c.test");
  assert.equal(hostFacts("example", none)?.domain, null);
  assert.equal(hostFacts("printer.local", none)?.domain, null);
});

test("a name in Chinese letters is kept in ASCII and shown in its own letters", () => {
  const facts = hostFacts("www.例子.中国", none);
  assert.equal(facts?.host, "www.xn--fsqu00a.xn--fiqs8s");
  assert.equal(facts?.tld, ".xn--fiqs8s");
  assert.equal(facts?.domain, "xn--fsqu00a.xn--fiqs8s");
  assert.equal(facts?.unicode, "www.例子.中国");
});

test("an address or what is no host name has no facts", () => {
  for (const name of ["", "192.0.2.1", "2001:db8::1", "a b.com", "a..b", "-", "http://example.com/", "x".repeat(64)])
    assert.equal(hostFacts(name, lists)?.domain ?? null, null, name);
  assert.equal(hostFacts("192.0.2.1", lists), null);
  assert.equal(hostFacts("a b.com", lists), null);
});

test("a government site is told by suffix or list, at the borders of labels only", () => {
  assert.equal(hostFacts("www.example.gov.cn", lists)?.isGov, true);
  assert.equal(hostFacts("gov.cn", lists)?.isGov, true);
  assert.equal(hostFacts("service.city.example.cn", lists)?.isGov, true);
  assert.equal(hostFacts("notgov.cn", lists)?.isGov, false);
  assert.equal(hostFacts("gov.cn.example.com", lists)?.isGov, false);
  assert.equal(hostFacts("mycity.example.cn", lists)?.isGov, false);
});

test("the longest listed domain names the sector; a government site in no list is of the government", () => {
  assert.equal(hostFacts("a.health.gov.cn", lists)?.sector, "health");
  assert.equal(hostFacts("a.gov.cn", lists)?.sector, "gov");
  assert.equal(hostFacts("lab.university.edu.cn", lists)?.sector, "education");
  assert.equal(hostFacts("www.shop.example.jp", lists)?.sector, "ecommerce");
  assert.equal(hostFacts("example.org", lists)?.sector, null);
});

test("a brand's own domain is known as its own", () => {
  assert.equal(hostFacts("login.bank.example.cn", lists)?.owner?.name, "Example Bank");
  assert.equal(hostFacts("bank.example.cn.evil.example", lists)?.owner, null);
});

test("whatever stands in a report, facts are in order or null", () => {
  fc.assert(
    fc.property(fc.oneof(fc.domain(), fc.string(), fc.string({unit: "binary"})), (text) => {
      const facts = hostFacts(text, lists);
      if (facts === null) return;
      assert.match(facts.host, /^[a-z0-9_.-]+$/);
      assert.ok(facts.host === facts.site || facts.host === `www.${facts.site}`);
      assert.ok(facts.domain === null || facts.host === facts.domain || facts.host.endsWith(`.${facts.domain}`));
      assert.ok(facts.tld === null || facts.host.endsWith(facts.tld));
      assert.deepEqual(hostFacts(facts.host, lists), facts);
    }),
  );
});

test("a brand is found by its name and aliases without regard to case, width and blanks, never by a part", () => {
  const bank = {name: "Example Bank", country: "CN", sector: "finance-bank"};
  for (const text of ["Example Bank", " EXAMPLE  bank ", "ＥＢ", "eb", "示例银行"])
    assert.deepEqual(brandOf(brands, text), bank, text);
  assert.equal(brandOf(brands, "Shop, Inc.")?.country, "JP");
  for (const text of ["Example", "Example Bank Ltd", ""]) assert.equal(brandOf(brands, text), null);
});
