import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {shorten, textWidth, wrap} from "./text.ts";

const TYPE = {size: 10};

test("a Chinese character is one em wide, a Latin one as in the wider of our font and the browsers'", () => {
  assert.equal(textWidth("周报", TYPE), 20);
  assert.equal(textWidth("11", {size: 1000}), 2 * 636);
  assert.equal(textWidth("e\u0301", TYPE), textWidth("e", TYPE));
});

test("what is too long is cut between characters as readers see them", () => {
  assert.equal(shorten("网络安全信息", 40, TYPE), "网络安…");
  assert.equal(shorten("🇪🇺甲乙丙", 45, TYPE), "🇪🇺甲…");
  assert.equal(shorten("周报", 20, TYPE), "周报");
});

test("lines break between words and between Chinese characters, and no line begins with a mark", () => {
  assert.deepEqual(wrap("Industrial and Commercial Bank", {width: 90, most: 2}, TYPE), [
    "Industrial and",
    "Commercial Bank",
  ]);
  assert.deepEqual(wrap("网络安全，信息", {width: 40, most: 2}, TYPE), ["网络安", "全，信息"]);
});

test("wrapped lines never grow wider than their room", () => {
  fc.assert(
    fc.property(fc.string({unit: "grapheme", maxLength: 80}), fc.integer({min: 12, max: 200}), (text, width) => {
      const lines = wrap(text, {width, most: 2}, TYPE);
      assert.ok(lines.length <= 2);
      for (const line of lines) assert.ok(textWidth(line, TYPE) <= width);
    }),
  );
});
