import assert from "node:assert/strict";
import test from "node:test";
import {WatchfloorError} from "../../model/errors.ts";
import {protectedList, protectionOf} from "./protected-list.ts";

const TEXT =
  "\uFEFF# top\nexample.com\n.partner.example # our partner\n*.例子.中国\n192.0.2.0/24 # ours\n2001:db8::1\n";
const list = protectedList(
  {name: "tables/protected.txt", text: TEXT},
  {governmentSuffixes: ["gov.cn"], ownDomains: ["csirt.example"]},
);
const why = (host: string | null, ips: string[] = [], domain: string | null = null): string | null =>
  protectionOf(list, {host, domain, ips})?.because ?? null;

test("a protected name is that name: what customers put below it can be notified", () => {
  assert.equal(why("example.com"), "listed");
  assert.equal(why("WWW.example.com."), "listed");
  assert.equal(why("phish.example.com", [], "example.com"), null);
  assert.equal(why(null, [], "example.com"), "listed");
  assert.equal(why("notexample.com"), null);
});

test("below a protected suffix everything is protected, and the remark says why", () => {
  assert.equal(why("a.b.partner.example"), "listed");
  assert.equal(why("partner.example"), "listed");
  assert.equal(why("xpartner.example"), null);
  assert.equal(why("www.xn--fsqu00a.xn--fiqs8s"), "listed");
  assert.equal(why("www.例子.中国"), "listed");
  assert.equal(protectionOf(list, {host: "partner.example", domain: null, ips: []})?.remark, "our partner");
});

test("government and our own domains are protected without being listed", () => {
  assert.equal(why("www.county.gov.cn"), "government");
  assert.equal(why("gov.cn"), "government");
  assert.equal(why("mygov.cn"), null);
  assert.equal(why("mail.csirt.example"), "own-party");
});

test("protected addresses count whatever name leads to them, also in IPv6 dress", () => {
  assert.equal(why("evil.example", ["198.51.100.1", "192.0.2.9"]), "listed");
  assert.equal(why(null, ["::ffff:192.0.2.9"]), "listed");
  assert.equal(why(null, ["2001:db8::1"]), "listed");
  assert.equal(why(null, ["2001:db8::2", "nonsense"]), null);
});

test("a line that is none stops the start, with its number: a list that lacks a line protects less than it says", () => {
  for (const line of ["exa mple.com", "192.0.2.0/33", "192.0.2.1/24", "http://a.example/"])
    assert.throws(
      () =>
        protectedList(
          {name: "tables/protected.txt", text: `a.example\n${line}\n`},
          {governmentSuffixes: [], ownDomains: []},
        ),
      (error: unknown) =>
        error instanceof WatchfloorError && error.code === "table_invalid" && /protected\.txt:2/.test(error.message),
      line,
    );
});
