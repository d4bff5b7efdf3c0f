import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {isLike} from "./glob.ts";

test("a pattern means all of a text, letter case aside", () => {
  for (const [text, pattern, is] of [
    ["Daily Report 7", "*report*", true],
    ["2026-11-24-scan.csv.gz", "*.csv*", true],
    ["scan.csv", "*.csv", true],
    ["scan.csv.part", "*.csv", false],
    ["a.b", "a?b", true],
    ["ab", "a?b", false],
    ["", "*", true],
    ["周报", "??", true],
    ["a*b", "a*b", true],
  ] as const)
    assert.equal(isLike(text, pattern), is, `${text} ${pattern}`);
});

test("it says what a regular expression would, in time that a hostile subject cannot stretch", () => {
  const letters = fc.array(fc.constantFrom("a", "b", "*", "?"), {maxLength: 8}).map((all) => all.join(""));
  fc.assert(
    fc.property(letters, letters, (text, pattern) => {
      const expression = `^${pattern.replaceAll("?", "[^]").replaceAll("*", "[^]*")}$`;
      assert.equal(isLike(text, pattern), new RegExp(expression).test(text));
    }),
  );
  const from = performance.now();
  assert.equal(isLike("a".repeat(20_000), `${"*a".repeat(20)}b`), false);
  assert.ok(performance.now() - from < 2000);
});
