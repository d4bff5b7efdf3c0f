import assert from "node:assert/strict";
import test from "node:test";
import {shareLabel, tickLabel, valueLabel} from "./values.ts";

test("Chinese values are exact below a million, then have one decimal of 万 or 亿", () => {
  const printed = [0, 1530, 9999, 22_300, 22_310, 793_000, 793_412, 1_234_567, 99_999_999, 123_456_789].map((each) =>
    valueLabel(each, "zh"),
  );
  assert.deepEqual(printed.slice(0, 4), ["0", "1530", "9999", "22300"]);
  assert.deepEqual(printed.slice(4), ["22310", "79.3万", "793412", "123.5万", "1.0亿", "1.2亿"]);
});

test("English values are exact with separators below a million", () => {
  const printed = [0, 999, 1530, 793_000, 999_999, 1_250_000, 999_999_999].map((each) => valueLabel(each, "en"));
  assert.deepEqual(printed, ["0", "999", "1,530", "793,000", "999,999", "1.3M", "1.0B"]);
});

test("an axis is written short, without a decimal that says nothing and with each that says something", () => {
  assert.deepEqual(
    [0, 5000, 12_500, 25_000, 200_000, 125_000_000].map((each) => tickLabel(each, "zh")),
    ["0", "5000", "1.25万", "2.5万", "20万", "1.25亿"],
  );
  assert.deepEqual(
    [12.5, 12_500, 1_250_000].map((each) => tickLabel(each, "en")),
    ["12.5", "12,500", "1.25M"],
  );
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
