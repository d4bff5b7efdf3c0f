import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import {blockBits, canonicalPrefix, compareAddresses, prefixText, WORDS, writeAddress} from "./address.ts";

/** The address as one number, IPv4 as ::ffff:a.b.c.d, by ipaddr.js. */
function numberOf(text: string): bigint {
  const address = ipaddr.parse(text);
  const six = address.kind() === "ipv4" ? (address as ipaddr.IPv4).toIPv4MappedAddress() : (address as ipaddr.IPv6);
  return BigInt(`0x${Buffer.from(six.toByteArray()).toString("hex")}`);
}

function wordsOf(...texts: readonly string[]): Uint32Array {
  const words = new Uint32Array(texts.length * WORDS);
  for (const [at, text] of texts.entries()) assert.ok(writeAddress(text, words, at), text);
  return words;
}

const anyAddress = fc.oneof(
  fc.ipV4(),
  fc.ipV6().filter((text) => !text.includes(".")),
);

test("an address is the same number as ipaddr.js reads", () => {
  fc.assert(
    fc.property(anyAddress, (text) => {
      const hex = Array.from(wordsOf(text), (word) => word.toString(16).padStart(8, "0")).join("");
      assert.equal(BigInt(`0x${hex}`), numberOf(text));
    }),
  );
});

test("addresses sort by their number, IPv4 before public IPv6", () => {
  fc.assert(
    fc.property(anyAddress, anyAddress, (a, b) => {
      const order = Math.sign(compareAddresses(wordsOf(a, b), 0, 1));
      assert.equal(order, numberOf(a) < numberOf(b) ? -1 : numberOf(a) > numberOf(b) ? 1 : 0);
    }),
  );
});

test("what only looks like an address is none", () => {
  const wrong = [
    "",
    ".",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "1.2.3.04",
    "1.2.3.4 ",
    "-1.2.3.4",
    "1..2.3",
    "a.b.c.d",
    "١.2.3.4",
  ];
  const wrong6 = [
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::8",
    "12345::",
    "g::",
    "::1%eth0",
    ":1::",
  ];
  for (const text of [...wrong, ...wrong6]) assert.equal(writeAddress(text, new Uint32Array(WORDS), 0), false, text);
});

test("a prefix has one spelling, and covers the network that ipaddr.js computes", () => {
  fc.assert(
    fc.property(anyAddress, fc.nat(128), (text, length) => {
      const bits = text.includes(":") ? length : length % 33;
      const cidr = `${text}/${bits}`;
      const network = (text.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4).networkAddressFromCIDR(cidr).toString();
      const prefix = canonicalPrefix(`${network}/${bits}`);
      assert.ok(prefix !== null);
      const [address, own] = ipaddr.parseCIDR(prefix);
      assert.equal(`${address.toString()}/${own}`, `${network}/${bits}`);
      assert.equal(canonicalPrefix(prefix), prefix);
      assert.equal(canonicalPrefix(cidr), numberOf(text) === numberOf(network) ? prefix : null);
    }),
  );
});

test("a prefix with a wrong length or with bits beyond its length is none; a bare address is a prefix of itself", () => {
  for (const text of [
    "192.0.2.0/33",
    "192.0.2.0/-1",
    "192.0.2.0/",
    "192.0.2.0/024",
    "192.0.2.1/24",
    "2001:db8::/129",
    "2001:db8::1/64",
  ])
    assert.equal(canonicalPrefix(text), null, text);
  assert.equal(canonicalPrefix("192.0.2.1"), "192.0.2.1/32");
  assert.equal(canonicalPrefix("2001:DB8:0:0:0:0:0:1"), "2001:db8:0:0:0:0:0:1/128");
  assert.equal(canonicalPrefix("0.0.0.0/0"), "0.0.0.0/0");
  assert.equal(canonicalPrefix("::/0"), "::/0");
});

test("a block is the largest aligned one that fits between two addresses", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), (a, b) => {
      const [first, last] = numberOf(a) <= numberOf(b) ? [a, b] : [b, a];
      const bits = blockBits(wordsOf(first, last), 0, 1);
      const fits = (size: number): boolean =>
        numberOf(first) % (1n << BigInt(size)) === 0n && numberOf(first) + (1n << BigInt(size)) - 1n <= numberOf(last);
      assert.ok(fits(bits));
      assert.ok(!fits(bits + 1));
      assert.equal(prefixText(wordsOf(first, last), 0, bits), `${first}/${32 - bits}`);
    }),
  );
});
