import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {oneDecimal} from "./rounding.ts";

test("one decimal, half up, also where a binary fraction lies just below its half", () => {
  assert.deepEqual([0, 0.04, 0.05, 1.005, 35.05, 53.96, 99.95].map(oneDecimal), [
    ...["0.0", "0.0", "0.1", "1.0", "35.1", "54.0", "100.0"],
  ]);
});

test("it is never further off than half a tenth, and a larger number is never printed as a smaller one", () => {
  fc.assert(
    fc.property(
      fc.double({min: 0, max: 1e6, noNaN: true}),
      fc.double({min: 0, max: 10, noNaN: true}),
      (value, more) => {
        assert.ok(Math.abs(Number(oneDecimal(value)) - value) <= 0.05 + 1e-6);
        assert.ok(Number(oneDecimal(value + more)) >= Number(oneDecimal(value)));
      },
    ),
  );
});
