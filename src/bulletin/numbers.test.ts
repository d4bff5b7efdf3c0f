import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {averageText, changeOf, countText, isExactlySame, pointsText, sampledText, shareText} from "./numbers.ts";

const counts = fc.integer({min: 0, max: 2_000_000_000});
const positive = fc.integer({min: 1, max: 2_000_000_000});

/** Half up to one decimal of a fraction in percent, by exact integers. */
function percentTenths(part: number, whole: number): string {
  const tenths = (2000n * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole));
  return `${tenths / 10n}.${tenths % 10n}`;
}

test("shares are rounded half up to 0.1 as published: 28 of 1865 is 1.5 %, 9 of 717 is 1.3 %, 29 of 1793 is 1.6 %", () => {
  assert.equal(shareText({part: 28, whole: 1865}), "1.5");
  assert.equal(shareText({part: 9, whole: 717}), "1.3");
  assert.equal(shareText({part: 29, whole: 1793}), "1.6");
  assert.equal(shareText({part: 1, whole: 2000}), "0.1", "0.05 % rounds up");
  assert.equal(shareText({part: 3, whole: 0}), null);
});

test("every share is the exact one, half up", () => {
  fc.assert(
    fc.property(counts, positive, (part, whole) => {
      assert.equal(shareText({part, whole}), percentTenths(part, whole));
    }),
  );
});

test("a change is worked out from raw counts and divided by last week, so a doubling is 100.0 % and not 50", () => {
  assert.deepEqual(changeOf({value: 20, previous: 10, change: null}), {direction: "up", percent: "100.0"});
  assert.deepEqual(changeOf({value: 9, previous: 14, change: null}), {direction: "down", percent: "35.7"});
  assert.deepEqual(changeOf({value: 439, previous: 376, change: null}), {direction: "up", percent: "16.8"});
});

test("every change is the exact one, half up, unsigned and never -0.0", () => {
  fc.assert(
    fc.property(counts, positive, (value, previous) => {
      const change = changeOf({value, previous, change: null});
      assert.ok(change);
      assert.equal(change.percent, percentTenths(Math.abs(value - previous), previous));
      assert.match(change.percent, /^\d+\.\d$/);
      const expected = change.percent === "0.0" ? "same" : value > previous ? "up" : "down";
      assert.equal(change.direction, expected);
    }),
  );
});

test("there is no change to speak of when last week was zero or is missing, nor when this week is", () => {
  assert.equal(changeOf({value: 5, previous: 0, change: null}), null);
  assert.equal(changeOf({value: 5, previous: null, change: null}), null);
  assert.equal(changeOf({value: null, previous: 5, change: null}), null);
  assert.equal(changeOf({value: null, previous: null, change: 0.5}), null);
});

test("a change that is only stated is printed as stated", () => {
  fc.assert(
    fc.property(fc.integer({min: -999, max: 9999}), (tenths) => {
      const change = changeOf({value: 1, previous: null, change: tenths / 10 / 100});
      assert.equal(change?.percent, `${Math.floor(Math.abs(tenths) / 10)}.${Math.abs(tenths) % 10}`);
    }),
  );
});

test("no change at all is told apart from one that only rounds to 0.0 %", () => {
  assert.equal(isExactlySame({value: 22, previous: 22, change: 0}), true);
  assert.equal(isExactlySame({value: 100_001, previous: 100_000, change: 0.00001}), false);
  assert.equal(changeOf({value: 100_001, previous: 100_000, change: null})?.direction, "same");
});

test("sampled hosts are printed in 万 with one decimal and 约 from 10,000 on, exactly below", () => {
  assert.deepEqual(sampledText(184_000, "zh", true), {text: "18.4万", isAbout: true});
  assert.deepEqual(sampledText(770_000, "zh", true), {text: "77.0万", isAbout: true});
  assert.deepEqual(sampledText(184_499, "zh", true), {text: "18.4万", isAbout: true});
  assert.deepEqual(sampledText(184_500, "zh", true), {text: "18.5万", isAbout: true});
  assert.deepEqual(sampledText(10_000, "zh", true), {text: "1.0万", isAbout: true});
  assert.deepEqual(sampledText(9999, "zh", true), {text: "9999", isAbout: false});
  assert.deepEqual(sampledText(184_500, "en", true), {text: "185,000", isAbout: true});
  assert.deepEqual(sampledText(184_500, "zh", false), {text: "185000", isAbout: true});
});

test("a 万 value is never more than half a tenth of 万 from the count", () => {
  fc.assert(
    fc.property(fc.integer({min: 10_000, max: 2_000_000_000}), (value) => {
      const printed = Math.round(Number(sampledText(value, "zh", true).text.replace("万", "")) * 10_000);
      assert.ok(Math.abs(printed - value) <= 500);
    }),
  );
});

test("counts have no separators in Chinese and commas in English", () => {
  assert.equal(countText(1_234_567, "zh"), "1234567");
  assert.equal(countText(1_234_567, "en"), "1,234,567");
  assert.equal(countText(999, "en"), "999");
});

test("averages are rounded half up to an integer as published: 187 pages on 60 addresses are 约3", () => {
  assert.equal(averageText(187 / 60, "zh"), "3");
  assert.equal(averageText(2.5, "zh"), "3");
  assert.equal(averageText(1417 / 228, "zh"), "6", "42-3642 printed 5, a slip that cannot happen here");
});

test("points carry a sign but never a negative zero", () => {
  assert.equal(pointsText(-0.031), "-3.1");
  assert.equal(pointsText(0.0125), "+1.3");
  assert.equal(pointsText(-0.0001), "0.0");
});
