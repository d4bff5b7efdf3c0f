import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {doorOf, isPublic} from "./address.ts";

/** What is not of the public Internet, by kind. Source: IANA special-purpose address registries; RFC 6890. */
export const SPECIAL = [
  ..."0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1".split(
    " ",
  ),
  ..."192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255".split(
    " ",
  ),
  ..."::1 :: ::ffff:127.0.0.1 ::ffff:7f00:1 ::127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b:1::7f00:1 2002:7f00:1::".split(
    " ",
  ),
  ..."2001::1 2001:db8::1 2001:10::1 2001:20::1 2001:2::1 100::1 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd12:3456::1".split(
    " ",
  ),
  ..."ff02::1 3fff::1 5f00::1 4000::1 8000::1 e000::1 ::ffff:0:7f00:1".split(" "),
];
const PUBLIC = [
  "8.8.8.8",
  "1.1.1.1",
  "93.184.215.14",
  "223.5.5.5",
  "2606:4700:4700::1111",
  "2001:4860:4860::8888",
  "2400:3200::1",
];

test("addresses that are not of the public Internet are refused, however they are wrapped", () => {
  assert.deepEqual(SPECIAL.filter(isPublic), []);
});

test("addresses of the public Internet are taken", () => {
  assert.deepEqual(
    PUBLIC.filter((each) => !isPublic(each)),
    [],
  );
});

test("what is no address in plain form is refused, also where a system would read one", () => {
  for (const text of [
    "",
    "localhost",
    "127.1",
    "0x7f.0.0.1",
    "017700000001",
    "2130706433",
    "8.8.8",
    "08.8.8.8",
    "8.8.8.8 ",
    "[::1]",
    "8.8.8.8:80",
    "1.2.3.4.5",
  ])
    assert.equal(isPublic(text), false, text);
});

test("no address of a private network is ever public", () => {
  const part = fc.integer({min: 0, max: 255});
  const inside = fc.tuple(
    fc.constantFrom([10], [127], [0], [192, 168], [169, 254], [172, 16], [172, 31], [100, 127], [224], [255]),
    part,
    part,
    part,
  );
  fc.assert(
    fc.property(inside, ([prefix, ...rest]) => {
      const address = [...prefix, ...rest].slice(0, 4).join(".");
      assert.equal(isPublic(address), false, address);
      assert.equal(isPublic(`::ffff:${address}`), false);
    }),
  );
});

test("the gate before the socket refuses what is not public, even where a test has placed it", () => {
  const dial = {"127.0.0.1:80": {host: "127.0.0.1", port: 1}, "8.8.4.4:80": {host: "127.0.0.1", port: 2}};
  assert.throws(() => doorOf("127.0.0.1", 80, {dial}), {kind: "address-refused"});
  assert.throws(() => doorOf("127.0.0.1", 80, {dial: null}), {kind: "address-refused"});
  assert.throws(() => doorOf("8.8.8.8", 80, {dial}), {kind: "unreachable"});
  assert.deepEqual(doorOf("8.8.4.4", 80, {dial}), {host: "127.0.0.1", port: 2});
  assert.deepEqual(doorOf("8.8.4.4", 80, {dial: null}), {host: "8.8.4.4", port: 80});
});
