import assert from "node:assert/strict";
import {existsSync, readFileSync, statSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {EDITION_FORMATS} from "../src/app/publish/rendering.ts";
import {watchfloor} from "./command-line.ts";
import {ROOT, SHARED, temporaryFolder} from "./site.ts";

const PUBLISHED = path.join(SHARED, "domain/reference-edition-2023-09.txt");
const skip = existsSync(PUBLISHED) ? false : "skipped: no shared data";
const HEADINGS = ["本周网络安全基本态势", "本周事件处理情况", "近期回顾"];

const files = await rendered();

/** Renders it as a reader of the manual would, where there is no data folder. */
async function rendered(): Promise<{file: string; format: string; language: string}[]> {
  const to = path.join(temporaryFolder(), "edition");
  const figures = path.join(ROOT, "examples/reference-edition-2023-09.json");
  const words = ["edition", "render", "--figures", figures, "--to", to, "--json"];
  const {code, out, err} = await watchfloor(words, {home: path.join(to, "nowhere")});
  assert.deepEqual([code, err], [0, ""]);
  return JSON.parse(out).files;
}

/** Text of the Chinese Markdown, its marks taken off. */
function ours(): string[] {
  const found = files.find(({format, language}) => format === "md" && language === "zh");
  const text = readFileSync(found?.file ?? "", "utf8");
  return text.split("\n").map((line) => line.replace(/^(#+|-|>) /, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"));
}

/** The published page from its first heading to its last link: lines of text without pictures. */
function published(): string[] {
  const lines = readFileSync(PUBLISHED, "utf8").split("\n");
  const first = lines.indexOf(HEADINGS[0] ?? "");
  const last = lines.findLastIndex((line) => line.startsWith("●"));
  return lines
    .slice(first, last + 1)
    .filter((line) => line.trim() !== "" && !line.startsWith("!["))
    .map((line) => line.replace(/^●\[([^\]]*)\]\(.*\)$/, "$1"));
}

test("the reference edition 2023/9 comes out as published: every sentence, in its place", {skip}, () => {
  const lines = ours();
  const sentences = published().flatMap((line) => line.split(/(?<=[。；])/));
  assert.ok(sentences.length >= 14);
  let at = 0;
  const text = lines.join("\n");
  for (const sentence of sentences) {
    const found = text.indexOf(sentence, at);
    assert.notEqual(found, -1, `not in its place: ${sentence}`);
    at = found + sentence.length;
  }
});

test("its title and its review list are as published, and nothing more is reviewed", {skip}, () => {
  const title = /^title: (.+)$/m.exec(readFileSync(PUBLISHED, "utf8"))?.[1];
  const lines = ours();
  assert.equal(lines[0], title);
  const review = lines.slice(lines.indexOf("近期回顾") + 1).filter((line) => line.startsWith("网络安全信息与动态周报"));
  const expected = published().filter((line) => line.startsWith("网络安全信息与动态周报"));
  assert.equal(expected.length, 5);
  assert.deepEqual(review, expected);
});

test("its sections are those published, and each format is there in both languages", () => {
  const headings = ours().filter((line) => HEADINGS.includes(line));
  assert.deepEqual(headings, HEADINGS);
  for (const format of EDITION_FORMATS)
    for (const language of ["zh", "en"])
      assert.ok(
        files.some((each) => each.format === format && each.language === language && statSync(each.file).size > 500),
        `${format} ${language}`,
      );
});
