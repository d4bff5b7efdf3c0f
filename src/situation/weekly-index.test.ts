import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {scoreOf, weeklyIndex} from "./weekly-index.ts";

const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

test("as usual scores 50, a doubling 25 more, a halving 25 less, within 0 and 100", () => {
  assert.equal(scoreOf(300, 300), 50);
  assert.equal(scoreOf(600, 300), 75);
  assert.equal(scoreOf(150, 300), 25);
  assert.equal(scoreOf(1200, 300), 100);
  assert.equal(scoreOf(1_000_000, 300), 100);
  assert.equal(scoreOf(75, 300), 0);
  assert.equal(scoreOf(1, 300), 0);
});

test("nothing at all scores 0, whatever is usual", () => {
  for (const base of [0, 0.5, 1, 300]) assert.equal(scoreOf(0, base), 0);
});

test("where there is usually nothing, one is as usual and four is the worst", () => {
  assert.equal(scoreOf(1, 0), 50);
  assert.equal(scoreOf(2, 0), 75);
  assert.equal(scoreOf(4, 0), 100);
});

test("what has no value or no base does not enter, and its weight is missing", () => {
  const weights = {a: 25, b: 20, c: 5};
  const {index, weightPresent, contributions} = weeklyIndex({
    weights,
    values: {a: 100, b: null, c: 7},
    bases: {a: 100, b: 10, c: null},
  });
  assert.equal(index, 50);
  assert.equal(weightPresent, 0.5);
  assert.deepEqual(contributions, [{indicator: "a", value: 100, base: 100, weight: 25, score: 50, points: 50}]);
});

test("with nothing present there is no index, and no weights give no share", () => {
  assert.deepEqual(weeklyIndex({weights: {a: 1}, values: {}, bases: {}}), {
    index: null,
    weightPresent: 0,
    contributions: [],
  });
  assert.deepEqual(weeklyIndex({weights: {}, values: {}, bases: {}}), {
    index: null,
    weightPresent: 0,
    contributions: [],
  });
});

const ids = ["a", "b", "c", "d", "e"];
const perId = <Value>(value: fc.Arbitrary<Value>) =>
  fc.tuple(...ids.map(() => value)).map((all) => Object.fromEntries(ids.map((id, at) => [id, all[at] as Value])));
const week = fc.record({
  weights: perId(fc.integer({min: 1, max: 40})),
  values: perId(fc.option(fc.nat(1_000_000), {nil: null, freq: 6})),
  bases: perId(fc.option(fc.integer({min: 1, max: 1_000_000}), {nil: null, freq: 6})),
});

test("the contributions add up to the index, which lies between 0 and 100", () => {
  fc.assert(
    fc.property(week, (input) => {
      const {index, contributions} = weeklyIndex(input);
      if (index === null) return assert.equal(contributions.length, 0);
      assert.ok(
        near(
          contributions.reduce((sum, {points}) => sum + points, 0),
          index,
        ),
      );
      assert.ok(index >= 0 && index <= 100 + 1e-9);
    }),
  );
});

test("more of anything never lowers the index", () => {
  fc.assert(
    fc.property(week, fc.constantFrom(...ids), fc.nat(1_000_000), (input, id, more) => {
      const value = input.values[id] ?? null;
      if (value === null) return;
      const before = weeklyIndex(input).index ?? 0;
      const after = weeklyIndex({...input, values: {...input.values, [id]: value + more}}).index ?? 0;
      assert.ok(after >= before - 1e-9, `${after} < ${before}`);
    }),
  );
});

test("a larger constituency with everything k times as large has the same index", () => {
  fc.assert(
    fc.property(week, fc.integer({min: 1, max: 50}), (input, k) => {
      const times = (all: Record<string, number | null>) =>
        Object.fromEntries(Object.entries(all).map(([id, value]) => [id, value === null ? null : value * k]));
      const scaled = weeklyIndex({weights: input.weights, values: times(input.values), bases: times(input.bases)});
      const found = weeklyIndex(input);
      assert.equal(scaled.index === null, found.index === null);
      assert.ok(near(scaled.index ?? 0, found.index ?? 0));
      assert.ok(near(scaled.weightPresent, found.weightPresent));
    }),
  );
});

test("neither the order nor the unit of the weights matters", () => {
  fc.assert(
    fc.property(
      week,
      fc.shuffledSubarray(ids, {minLength: ids.length}),
      fc.integer({min: 2, max: 9}),
      (input, order, unit) => {
        const weights = Object.fromEntries(order.map((id) => [id, (input.weights[id] ?? 0) * unit]));
        assert.ok(near(weeklyIndex({...input, weights}).index ?? -1, weeklyIndex(input).index ?? -1));
      },
    ),
  );
});
