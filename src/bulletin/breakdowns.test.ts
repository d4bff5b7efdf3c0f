import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {firstCells, type PublicCells, publicCells, publicParts} from "./breakdowns.ts";

const breakdowns = fc
  .uniqueArray(fc.tuple(fc.string({minLength: 1, maxLength: 4}), fc.integer({min: 0, max: 12})), {
    selector: ([key]) => key,
    maxLength: 14,
  })
  .map((cells) => cells.map(([key, value]) => ({key, value})));

test("cells below the threshold are merged into other", () => {
  const cells = [
    {key: "44", value: 120},
    {key: "33", value: 2},
    {key: "32", value: 9},
    {key: "31", value: 1},
  ];
  assert.deepEqual(publicCells(cells, 3), {
    cells: [
      {key: "44", value: 120},
      {key: "32", value: 9},
    ],
    other: 3,
  });
});

test("a single small cell takes the next smallest along, or the printed total would give it away", () => {
  const cells = [
    {key: "44", value: 120},
    {key: "32", value: 9},
    {key: "31", value: 1},
  ];
  assert.deepEqual(publicCells(cells, 3), {cells: [{key: "44", value: 120}], other: 10});
});

test("two cells of one each take a third along, because other would be below the threshold itself", () => {
  const cells = [
    {key: "a", value: 7},
    {key: "b", value: 5},
    {key: "c", value: 1},
    {key: "d", value: 1},
  ];
  assert.deepEqual(publicCells(cells, 3), {cells: [{key: "a", value: 7}], other: 7});
});

test("nothing is shown where merging cannot hide", () => {
  assert.deepEqual(publicCells([{key: "a", value: 1}], 3), {cells: [], other: null});
  assert.deepEqual(
    publicCells(
      [
        {key: "a", value: 1},
        {key: "b", value: 1},
      ],
      3,
    ),
    {cells: [], other: null},
  );
});

function totalOf({cells, other}: PublicCells): number {
  return cells.reduce((sum, {value}) => sum + value, 0) + (other ?? 0);
}

test("the whole is what was counted, not the sum of cells that overlap", () => {
  const cells = [
    {key: "domestic", value: 8},
    {key: "overseas", value: 5},
  ];
  assert.deepEqual(publicParts(10, cells, 3), {cells, other: null, whole: 10, isOverlapping: true});
  assert.deepEqual(publicParts(13, cells, 3), {cells, other: null, whole: 13, isOverlapping: false});
});

test("what a breakdown leaves out of its count is other", () => {
  const cells = [{key: ".com", value: 8}];
  assert.deepEqual(publicParts(10, cells, 3), {cells, other: 2, whole: 10, isOverlapping: false});
  assert.deepEqual(publicParts(null, cells, 3), {cells, other: null, whole: 8, isOverlapping: false});
});

test("whatever the cells: none shown is below the threshold, other hides at least two, and nothing is lost", () => {
  fc.assert(
    fc.property(breakdowns, fc.integer({min: 1, max: 6}), (cells, mergeBelow) => {
      const found = publicCells(cells, mergeBelow);
      assert.ok(found.cells.every(({value}) => value >= mergeBelow));
      const sum = cells.reduce((all, {value}) => all + value, 0);
      if (found.cells.length > 0 || found.other !== null) assert.equal(totalOf(found), sum);
      if (found.other === null) return;
      const hidden = cells.filter(({key, value}) => value > 0 && !found.cells.some((cell) => cell.key === key));
      assert.ok(hidden.length >= 2);
      assert.ok(found.other >= mergeBelow);
    }),
  );
});

test("the first cells and other still sum to the whole, and one cell alone is not renamed to other", () => {
  const cells = [5, 4, 3].map((value, index) => ({key: String(index), value}));
  assert.deepEqual(firstCells({cells, other: null}, 2), {cells, other: null});
  assert.deepEqual(firstCells({cells, other: 3}, 2), {cells: cells.slice(0, 2), other: 6});
  assert.equal(totalOf(firstCells({cells, other: 3}, 1)), 15);
});
