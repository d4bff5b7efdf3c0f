import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {canonicalAsset, isPlainAsset} from "./asset.ts";

const url = (value: string): string => canonicalAsset({kind: "url", value}).value;

test("URLs that browsers send alike are one asset", () => {
  for (const same of ["http://Evil.Example/a", "http://evil.example:80/a#top", " http://evil.example/./a "])
    assert.equal(url(same), "http://evil.example/a");
  assert.notEqual(url("http://evil.example/a?x=1"), url("http://evil.example/a?x=2"));
  assert.notEqual(url("https://evil.example/a"), url("http://evil.example/a"));
  assert.equal(url("http://中国.example/"), "http://xn--fiqs8s.example/");
  assert.equal(
    url("http://name:word@evil.example/a"),
    "http://evil.example/a",
    "what stands before the host is not sent",
  );
});

test("what is no web address, address or name is no plain asset", () => {
  const is = (kind: string, value: string): boolean => isPlainAsset({kind, value});
  for (const value of [
    "javascript:alert(1)",
    "data:,x",
    "ftp://a.example/",
    "http://",
    "www.a.example",
    "",
    `http://a.example/${"a".repeat(9000)}`,
  ])
    assert.equal(is("url", value), false, value);
  for (const value of [
    "http://a.example/",
    "HTTPS://A.example:8443/x?y#z",
    "http://[2001:db8::1]/",
    "http://中国.example/",
  ])
    assert.equal(is("url", value), true, value);
  assert.deepEqual(
    ["192.0.2.1", "2001:db8::1", "0x7f.1", "01.2.3.4", "1.2.3", "x"].map((value) => is("ip", value)),
    [true, true, false, false, false, false],
  );
  assert.deepEqual(
    ["a.example", "A.Example.", "a b.example", "localhost", "1.2.3.4"].map((value) => is("site", value)),
    [true, true, false, false, false],
  );
});

test("names and addresses have one spelling each, and what is none stays as it is", () => {
  assert.equal(canonicalAsset({kind: "site", value: "WWW.Evil.Example."}).value, "www.evil.example");
  assert.equal(canonicalAsset({kind: "ip", value: "::ffff:192.0.2.1"}).value, "192.0.2.1");
  assert.equal(canonicalAsset({kind: "ip", value: "2001:DB8:0:0::1"}).value, "2001:db8::1");
  assert.equal(canonicalAsset({kind: "ip", value: "nowhere"}).value, "nowhere");
  assert.equal(canonicalAsset({kind: "app", value: "com.Evil.App"}).value, "com.Evil.App");
});

test("the one spelling of the one spelling is itself", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("url", "ip", "site", "file", "app"),
      fc.oneof(fc.webUrl(), fc.string(), fc.ipV6()),
      (kind, value) => {
        const once = canonicalAsset({kind, value});
        assert.deepEqual(canonicalAsset(once), once);
      },
    ),
  );
});
