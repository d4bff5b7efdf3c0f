import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {canonicalAddressText, canonicalNetwork, outermost, prefixesOf, rangeBetween, rangeOf} from "./networks.ts";
import {canonicalContactAddress, canonicalFingerprint, canonicalHost, canonicalResponsibility} from "./spelling.ts";

test("a range becomes the fewest prefixes: they cover it without gap or overlap, whatever its size", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.nat(5000), (first, size) => {
      const start = rangeOf(first);
      if (start === null) return;
      const last = start.first + BigInt(size);
      if (last > 0xffff_ffffn) return;
      const ranges = prefixesOf({bits: 32, first: start.first, last}).map((each) => rangeOf(each));
      let at = start.first;
      for (const range of ranges) {
        assert.equal(range?.first, at);
        at = (range?.last ?? 0n) + 1n;
      }
      assert.equal(at, last + 1n);
    }),
  );
  assert.deepEqual(prefixesOf(rangeBetween("192.0.2.0", "192.0.2.130") ?? {bits: 32, first: 0n, last: 0n}), [
    "192.0.2.0/25",
    "192.0.2.128/31",
    "192.0.2.130/32",
  ]);
  assert.deepEqual(prefixesOf({bits: 32, first: 0n, last: 0xffff_ffffn}), ["0.0.0.0/0"]);
});

test("addresses that programs read in several ways are not guessed at", () => {
  for (const text of ["010.0.0.1", "10.1", "0x7f.0.0.1", "fe80::1%eth0", "1.2.3.4.5", "256.1.1.1", "", "1.2.3.4/24"])
    assert.equal(canonicalAddressText(text), null, text);
  assert.equal(canonicalAddressText("::ffff:192.0.2.1"), "192.0.2.1");
  assert.equal(canonicalAddressText("2001:DB8:0:0::1"), "2001:db8::1");
  assert.equal(canonicalNetwork("192.0.2.1/24"), null);
  assert.equal(canonicalNetwork("2001:db8::/32"), "2001:db8::/32");
  assert.equal(canonicalNetwork("192.0.2.7"), "192.0.2.7/32");
});

test("of a cloud's ranges only the outermost are kept: those inside say nothing more", () => {
  const ranges = ["10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8", "11.0.0.0/24", "2001:db8::/32", "2001:db8:1::/48"].flatMap(
    (text) => rangeOf(text) ?? [],
  );
  assert.deepEqual(outermost(ranges).flatMap(prefixesOf), ["10.0.0.0/8", "11.0.0.0/24", "2001:db8::/32"]);
});

test("what a party answers for is written in one way", () => {
  const spelled = [
    canonicalResponsibility("domain", "*.Example.CN."),
    canonicalResponsibility("domain", "例子.中国"),
    canonicalResponsibility("domain", "cn"),
    canonicalResponsibility("tld", ".中国"),
    canonicalResponsibility("asn", "as4134"),
    canonicalResponsibility("asn", "4294967296"),
    canonicalResponsibility("country", "at"),
    canonicalResponsibility("province", "99"),
    canonicalResponsibility("sector", "gov"),
    canonicalResponsibility("brand", " Sample　 Bank "),
    canonicalResponsibility("registrar", "0"),
  ];
  assert.deepEqual(spelled, [
    "example.cn",
    "xn--fsqu00a.xn--fiqs8s",
    null,
    "xn--fiqs8s",
    "4134",
    null,
    "AT",
    null,
    "gov",
    "sample bank",
    null,
  ]);
  assert.equal(canonicalHost("192.0.2.1"), null);
});

test("an address that could carry a second header or another recipient is no address", () => {
  for (const text of [
    "a@b.test\r\nBcc: x@evil.test",
    "a@b.test,x@evil.test",
    "a b@c.test",
    '"a b"@c.test',
    "<a@b.test>",
    "a@b",
    "@b.test",
    "a@192.0.2.1",
    "a..b@c.test",
  ])
    assert.equal(canonicalContactAddress("mail", text), null, text);
  assert.equal(canonicalContactAddress("mail", "mailto:Abuse@Example.NET"), "Abuse@example.net");
  assert.equal(canonicalContactAddress("mail", "cert@例子.中国"), "cert@xn--fsqu00a.xn--fiqs8s");
  assert.equal(canonicalContactAddress("portal", "http://example.net/report"), "http://example.net/report");
  for (const text of ["http://example.net/api", "https://u:p@example.net/", "javascript:alert(1)", "https://a/\nb"])
    assert.equal(canonicalContactAddress("api", text), null, text);
});

test("a fingerprint has 40 or 64 digits, or it is none: a short key id proves nothing", () => {
  assert.equal(
    canonicalFingerprint("945c 2808 4340 505C 36CC FA6B CA51 9536 60F3 B29B"),
    "945C28084340505C36CCFA6BCA51953660F3B29B",
  );
  assert.equal(canonicalFingerprint("60F3B29B"), null);
});
