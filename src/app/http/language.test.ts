import assert from "node:assert/strict";
import test from "node:test";
import {languageOf} from "./language.ts";

const OFFERED = ["zh", "en"] as const;
const choice = (header: string, more: Record<string, string> = {}): string =>
  languageOf({"accept-language": header, ...more}, OFFERED);

test("a reader gets the language that the browser wants most", () => {
  assert.equal(choice("en-US,en;q=0.9"), "en");
  assert.equal(choice("zh-CN,zh;q=0.9,en;q=0.8"), "zh");
  assert.equal(choice("en;q=0.8, zh;q=0.9"), "zh");
  assert.equal(choice("fr, en;q=0.5"), "en");
  assert.equal(choice("EN"), "en");
});

test("who wants nothing in particular, or nothing that there is, gets the first language", () => {
  for (const header of ["", "fr,de;q=0.9", "*", "en;q=0, *;q=0.5", "zh, en", "e, enx, ;;q=1,,", "en;q=1.5", "en;q=x"])
    assert.equal(choice(header), "zh", header);
  assert.equal(languageOf({}, OFFERED), "zh");
});

test("a star stands for every language that is not named", () => {
  assert.equal(choice("zh;q=0.1, *"), "en");
});

test("who comes from one of our own pages has chosen already", () => {
  assert.equal(choice("en", {"sec-fetch-site": "same-origin"}), "zh");
  assert.equal(choice("en", {"sec-fetch-site": "none"}), "en");
  assert.equal(choice("en", {"sec-fetch-site": "cross-site"}), "en");
});

test("a header of any length is read in no time", () => {
  assert.equal(choice("en,".repeat(100_000)), "en");
});
