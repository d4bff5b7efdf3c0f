import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {axisBetween, axisFromZero} from "./scale.ts";

test("ticks are round numbers that a reader can divide by", () => {
  assert.deepEqual(axisFromZero(1530).ticks, [0, 500, 1000, 1500, 2000]);
  assert.deepEqual(axisFromZero(7).ticks, [0, 2, 4, 6, 8]);
  assert.deepEqual(axisFromZero(1).ticks, [0, 1]);
  assert.deepEqual(axisFromZero(0).ticks, [0, 1]);
  assert.deepEqual(axisFromZero(0.9).ticks, [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(axisBetween(770_000, 830_000, 4).ticks, [760_000, 780_000, 800_000, 820_000, 840_000]);
});

test("every value between the ends lies on the axis, and more is further along", () => {
  const value = fc.oneof(fc.nat(), fc.double({min: 0.001, max: 1e12, noNaN: true}));
  fc.assert(
    fc.property(value, value, (one, other) => {
      const [least, most] = [Math.min(one, other), Math.max(one, other)];
      const axis = axisBetween(least, most, 4);
      assert.ok(axis.from <= least && axis.to >= most && axis.ticks.length >= 2 && axis.ticks.length <= 7);
      assert.ok(axis.at(least) >= 0 && axis.at(most) <= 1 && axis.at(least) <= axis.at(most));
    }),
  );
});

test("a value next to nothing, such as the smallest number there is, still has an axis", () => {
  for (const value of [5e-324, 1e-12]) {
    const axis = axisFromZero(value);
    assert.ok(axis.to > 0 && Number.isFinite(axis.at(value)) && axis.ticks.every(Number.isFinite));
  }
});
