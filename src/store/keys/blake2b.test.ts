import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import test from "node:test";
import fc from "fast-check";
import {blake2b} from "./blake2b.ts";

test("in its longest form it is the BLAKE2b of Node, whatever the data", () => {
  const data = fc.uint8Array({maxLength: 700});
  fc.assert(
    fc.property(data, (bytes) => {
      assert.equal(blake2b(bytes, 64).toString("hex"), createHash("blake2b512").update(bytes).digest("hex"));
    }),
  );
  for (const length of [0, 1, 127, 128, 129, 256])
    assert.deepEqual(blake2b(Buffer.alloc(length), 64), createHash("blake2b512").update(Buffer.alloc(length)).digest());
});

test("a shorter hash is a hash of its own", () => {
  // Source: BLAKE2b-256 of "abc", as b2sum -l 256 prints it.
  const expected = "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319";
  assert.equal(blake2b(Buffer.from("abc"), 32).toString("hex"), expected);
});
