import assert from "node:assert/strict";
import test from "node:test";
import {shareLabel, tickLabel, valueLabel} from "./values.ts";

test("Chinese values are exact below 万, then have one decimal of 万 or 亿", () => {
  const printed = [0, 9, 1530, 9999, 10_000, 793_000, 99_994_999, 99_999_999, 123_456_789].map((each) =>
    valueLabel(each, "zh"),
  );
  assert.deepEqual(printed, ["0", "9", "1530", "9999", "1.0万", "79.3万", "9999.5万", "1.0亿", "1.2亿"]);
});

test("English values are exact with separators below a million", () => {
  const printed = [0, 999, 1530, 793_000, 999_999, 1_250_000, 999_999_999].map((each) => valueLabel(each, "en"));
  assert.deepEqual(printed, ["0", "999", "1,530", "793,000", "999,999", "1.3M", "1.0B"]);
});

test("an axis leaves out a decimal that says nothing", () => {
  assert.deepEqual(
    [0, 200_000, 25_000].map((each) => tickLabel(each, "zh")),
    ["0", "20万", "2.5万"],
  );
  assert.equal(tickLabel(12.5, "en"), "12.5");
});

test("a share has one decimal, half rounded up", () => {
  assert.deepEqual([0, 0.0045, 0.743, 0.1235, 1].map(shareLabel), ["0.0%", "0.5%", "74.3%", "12.4%", "100.0%"]);
});

test("what was not measured, and what cannot be a count, is a dash and never zero", () => {
  for (const value of [null, Number.NaN, Number.POSITIVE_INFINITY, -1]) {
    assert.equal(valueLabel(value, "zh"), "—");
    assert.equal(shareLabel(value), "—");
  }
});
