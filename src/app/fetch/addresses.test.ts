import assert from "node:assert/strict";
import test from "node:test";
import {checkHost, isPublicAddress, publicLookup} from "./addresses.ts";

/** What stands for this machine, its network, its cloud's metadata or nobody, in the forms in which it is written. */
const NOT_PUBLIC = [
  "0.0.0.0",
  "10.0.0.1",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.1",
  "192.0.2.1",
  "192.88.99.1",
  "192.168.0.1",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:2::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "3fff::1",
  "fc00::1",
  "fd12:3456::1",
  "fe80::1",
  "fec0::1",
  "ff02::1",
  "4000::1",
  "localhost",
  "",
  "1.2.3.4.5",
];
const PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "192.167.255.255", "2606:4700:4700::1111", "2400:3200::1"];

test("only global unicast addresses are public", () => {
  assert.deepEqual(NOT_PUBLIC.filter(isPublicAddress), []);
  assert.deepEqual(
    PUBLIC.filter((each) => !isPublicAddress(each)),
    [],
  );
});

test("a host that is an address is refused however it is written, a public one and a name are not", () => {
  for (const host of [
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "017700000001",
    "2130706433",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "１２７.0.0.1",
  ])
    assert.throws(() => checkHost(new URL(`http://${host}/`)), /no public address/, host);
  for (const host of ["1.1.1.1", "[2606:4700:4700::1111]", "feeds.example"]) checkHost(new URL(`https://${host}/`));
});

test("a name is refused when any of its addresses is not public", async () => {
  for (const all of [true, false]) {
    const error = await new Promise((resolve) => publicLookup("localhost", {all}, (failed) => resolve(failed)));
    assert.match(String(error), /localhost \((127\.0\.0\.1|::1)\) is no public address/);
  }
});
