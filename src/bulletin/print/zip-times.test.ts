import assert from "node:assert/strict";
import test from "node:test";
import {withFixedTimes} from "./zip-times.ts";

/** An empty zip file is its end record alone. */
const EMPTY = Uint8Array.from([0x50, 0x4b, 5, 6, ...new Array(18).fill(0)]);

test("a zip file without entries stays as it is, and the given bytes are not touched", () => {
  const copy = withFixedTimes(EMPTY, new Date(0));
  assert.deepEqual(copy, EMPTY);
  assert.notEqual(copy, EMPTY);
});

test("what is no plain zip file is refused", () => {
  assert.throws(() => withFixedTimes(new Uint8Array(40), new Date(0)), /no plain end record/);
  const broken = new Uint8Array(100);
  broken.set(EMPTY, 78);
  broken[88] = 1;
  assert.throws(() => withFixedTimes(broken, new Date(0)), /directory is broken/);
});
