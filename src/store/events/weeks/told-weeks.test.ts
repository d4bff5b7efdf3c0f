import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {addDays} from "../../../model/week.ts";
import {toldWeeks} from "./told-weeks.ts";

const MONDAY = "2023-02-13";

/** The weeks that a report tells of whose weeks have so many events each, by their places. */
function told(counts: readonly number[]): number[] {
  const files = counts.flatMap((rows, index) =>
    rows === 0 ? [] : [{day: addDays(MONDAY, 7 * index + 6), name: `${index}`, rows}],
  );
  const events = counts.reduce((sum, count) => sum + count, 0);
  const weeks = toldWeeks({files, zone: "Asia/Shanghai", events, rejects: 0});
  return counts.flatMap((_, index) => (weeks.has(addDays(MONDAY, 7 * index)) ? [index] : []));
}

test("a few late events do not mean that the week before was looked at", () => {
  assert.deepEqual(told([14, 331]), [1]);
  assert.deepEqual(told([1, 0, 20]), [2]);
  assert.deepEqual(told([1, 2, 90, 80, 100]), [2, 3, 4]);
});

test("a report over the turn of a week tells of both", () => {
  assert.deepEqual(told([66, 34]), [0, 1]);
  assert.deepEqual(told([20, 100]), [0, 1]);
});

test("a quiet week in the middle or at the end of a long report was looked at", () => {
  assert.deepEqual(told([100, 3, 90, 110, 2]), [0, 1, 2, 3, 4]);
});

test("a report with a header only tells of its week; one of which no line could be read tells of none", () => {
  const empty = {files: [{day: "2023-02-15", name: "empty", rows: 0}], zone: "Asia/Shanghai", events: 0};
  assert.deepEqual([...toldWeeks({...empty, rejects: 0})], [MONDAY]);
  assert.deepEqual([...toldWeeks({...empty, rejects: 3})], []);
});

test("every report tells of the last of its weeks, and of all between the first it tells of and that one", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1000), {minLength: 1, maxLength: 12}),
      fc.integer({min: 1, max: 1000}),
      (some, last) => {
        const counts = [...some, last];
        const found = told(counts);
        assert.equal(found.at(-1), counts.length - 1);
        const from = found[0] ?? counts.length;
        assert.deepEqual(
          found,
          counts.flatMap((count, index) => (index >= from && count > 0 ? [index] : [])),
        );
      },
    ),
  );
});
