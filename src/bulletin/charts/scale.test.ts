import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {axisAt, axisFromZero} from "./scale.ts";

test("ticks are round numbers that a reader can divide by", () => {
  assert.deepEqual(axisFromZero(1530).ticks, [0, 500, 1000, 1500, 2000]);
  assert.deepEqual(axisFromZero(7).ticks, [0, 2, 4, 6, 8]);
  assert.deepEqual(axisFromZero(1).ticks, [0, 1]);
  assert.deepEqual(axisFromZero(0).ticks, [0, 1]);
  assert.deepEqual(axisFromZero(0.9).ticks, [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(axisFromZero(830_000).ticks, [0, 250_000, 500_000, 750_000, 1_000_000]);
});

test("every axis begins at zero, every value lies on it, and more is further along", () => {
  const value = fc.oneof(fc.nat(), fc.double({min: 0.001, max: 1e12, noNaN: true}));
  fc.assert(
    fc.property(value, value, (one, other) => {
      const [least, most] = [Math.min(one, other), Math.max(one, other)];
      const axis = axisFromZero(most);
      assert.equal(axis.ticks[0], 0);
      assert.ok((axis.ticks.at(-1) ?? 0) >= most && axis.ticks.length >= 2 && axis.ticks.length <= 7);
      assert.ok(axis.at(least) >= 0 && axis.at(most) <= 1 && axis.at(least) <= axis.at(most));
    }),
  );
});

test("an axis may have ticks of its own, as far apart as their values", () => {
  const axis = axisAt([0, 35, 54, 70, 85, 100]);
  assert.deepEqual([0, 35, 100].map(axis.at), [0, 0.35, 1]);
});

test("a value next to nothing, such as the smallest number there is, still has an axis", () => {
  for (const value of [5e-324, 1e-12]) {
    const axis = axisFromZero(value);
    assert.ok((axis.ticks.at(-1) ?? 0) > 0 && Number.isFinite(axis.at(value)) && axis.ticks.every(Number.isFinite));
  }
});
