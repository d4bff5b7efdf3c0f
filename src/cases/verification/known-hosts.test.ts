import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {kindOfAddress, kindOfServers, readKnownHosts} from "./known-hosts.ts";

const read = (text: string) => readKnownHosts([{name: "known-hosts.csv", text}]);

test("a name server is known by its suffix, label by label, and a site's table wins", () => {
  const known = readKnownHosts([
    {name: "a", text: "kind,match\nparking,park.example # a remark\n"},
    {name: "b", text: "kind,match\nsinkhole,ns1.park.example\n"},
  ]);
  assert.deepEqual(kindOfServers(["x.example", "NS2.park.example."], known), {
    kind: "parking",
    match: "NS2.park.example.",
  });
  assert.equal(kindOfServers(["ns1.park.example"], known)?.kind, "sinkhole");
  assert.equal(kindOfServers(["notpark.example", "park.example.org"], known), null);
});

test("an address is known by the longest network that holds it", () => {
  const known = read("parking,192.0.2.0/24\nsinkhole,192.0.2.7\nsinkhole,2001:db8::/32");
  assert.equal(kindOfAddress("192.0.2.7", known), "sinkhole");
  assert.equal(kindOfAddress("192.0.2.8", known), "parking");
  assert.equal(kindOfAddress("::ffff:192.0.2.8", known), "parking");
  assert.equal(kindOfAddress("2001:db8::1", known), "sinkhole");
  assert.equal(kindOfAddress("192.0.3.1", known), null);
  assert.equal(kindOfAddress("no address", known), null);
});

test("a line that is no known host is refused by file and line", () => {
  for (const line of [
    "parking",
    "parking,",
    "other,a.example",
    "parking,com",
    "parking,192.0.2",
    "parking,192.0.2.0/33",
    "parking,-x",
  ])
    assert.throws(() => read(`kind,match\n${line}`), /known-hosts\.csv:2 /, line);
});

test("the table that comes with the product can be read, and names nobody twice", () => {
  const text = readFileSync(path.join(import.meta.dirname, "../../../profiles/known-hosts.csv"), "utf8");
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#") && line !== "kind,match");
  const known = read(text);
  assert.equal(known.nameServers.size + known.networks.length, lines.length);
});
