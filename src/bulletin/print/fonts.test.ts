import assert from "node:assert/strict";
import test from "node:test";
import {fixtureDocument} from "../../../test/edition-fixture.ts";
import {shippedFonts} from "../../../test/edition-fonts.ts";
import {plainText} from "../../../test/plain-text.ts";
import {mapText} from "../tree-text.ts";
import {coverageOf, printable, subsetFonts} from "./fonts.ts";

const whole = shippedFonts();

test("a subset has the characters of both languages and is a fiftieth of the font", async () => {
  const documents = [fixtureDocument("zh", "long"), fixtureDocument("en", "long")];
  const {regular, bold} = await subsetFonts(whole, documents);
  const wanted = [...new Set(documents.map(plainText).join(""))].filter((char) => char.trim() !== "");
  for (const font of [regular, bold]) {
    const covered = coverageOf(font);
    assert.deepEqual(
      wanted.filter((char) => !covered.has(char.codePointAt(0) ?? 0)),
      [],
    );
    assert.ok(font.length < whole.regular.length / 50, `${font.length} bytes`);
  }
});

test("equal documents give equal subsets", async () => {
  const [one, other] = [fixtureDocument("zh", "short"), fixtureDocument("zh", "short")];
  assert.deepEqual(await subsetFonts(whole, [one]), await subsetFonts(whole, [other]));
});

test("the character map of the font is read right, also beyond the basic plane", () => {
  const covered = coverageOf(whole.regular);
  const has = (char: string) => covered.has(char.codePointAt(0) ?? 0);
  assert.deepEqual([..."周A—“。龘"].map(has), [true, true, true, true, true, true]);
  assert.deepEqual([..."😀𠮷한ก"].map(has), [false, false, false, false]);
});

test("what the font cannot show is printed as a box, and English quotes are straight", () => {
  const english = mapText(fixtureDocument("en", "short"), () => "the bank’s “😀” 한");
  assert.equal(printable(english, whole).title, `the bank's "□" □`);
  const chinese = mapText(fixtureDocument("zh", "short"), () => "“引号”与😀");
  assert.equal(printable(chinese, whole).title, "“引号”与□");
});
