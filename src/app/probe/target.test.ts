import assert from "node:assert/strict";
import test from "node:test";
import {targetAt, targetsOf} from "./target.ts";

test("only http and https, four ports, no credentials", () => {
  for (const url of [
    "http://a.example/",
    "https://a.example:8443/x?y",
    "http://a.example:8080",
    "https://a.example:443/",
  ])
    assert.ok(targetAt(url).href);
  for (const url of [
    "ftp://a.example/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "gopher://a.example/",
    "http://a.example:22/",
    "http://a.example:5432/",
    "http://user@a.example/",
    "http://user:word@a.example/",
    "http://:word@a.example/",
    "//a.example/",
    "a.example",
    "",
    `http://a.example/${"x".repeat(9000)}`,
  ])
    assert.throws(() => targetAt(url), {kind: "order-refused"}, url);
});

test("a name is looked at without TLS first, then with; a page only where it is", () => {
  const at = (kind: string, value: string): string[] => targetsOf({kind, value}).map(({href}) => href);
  assert.deepEqual(at("domain", "a.example"), ["http://a.example/", "https://a.example/"]);
  assert.deepEqual(at("ip", "2001:4860:4860::8888"), [
    "http://[2001:4860:4860::8888]/",
    "https://[2001:4860:4860::8888]/",
  ]);
  assert.deepEqual(at("url", "https://a.example/x#part"), ["https://a.example/x"]);
  assert.deepEqual(
    at("site", "银行.example"),
    ["http://xn--wcvx7l.example/", "https://xn--wcvx7l.example/"].map((each) =>
      each.replace("xn--wcvx7l", new URL("http://银行.example").hostname.split(".")[0] ?? ""),
    ),
  );
});

test("an asset that is no place on the web is refused", () => {
  for (const kind of ["file", "account", "app", "org"])
    assert.throws(() => targetsOf({kind, value: "x"}), {kind: "order-refused"});
  for (const value of ["a.example/x", "a@b.example", "a.example?x", "a b"])
    assert.throws(() => targetsOf({kind: "domain", value}), {kind: "order-refused"});
});
