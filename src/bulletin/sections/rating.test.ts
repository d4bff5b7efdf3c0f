import assert from "node:assert/strict";
import test from "node:test";
import {fixtureDocument, fixtureInput} from "../../../test/edition-fixture.ts";
import {plainText} from "../../../test/plain-text.ts";
import type {Rating} from "../../model/indicator.ts";
import {renderHtml} from "../html.ts";

test("words of the editor that are in the other language only are said to be, and marked for who reads them aloud", () => {
  const corrections = [{version: 2, day: "2023-03-10", reason: {zh: "一处有误。", en: null}}];
  const reason = {zh: null, en: "A major event"};
  const because = [
    {kind: "override" as const, zh: "理由（原文为英文）：A major event。", en: "reason given: A major event."},
  ];
  const rating = {...fixtureInput.rating, because, override: {by: "A", at: "2023-03-01T00:00:00Z", reason}};
  const input = {...fixtureInput, corrections, rating};
  const [english, chinese] = (["en", "zh"] as const).map((language) => fixtureDocument(language, "long", input));
  assert.ok(english && chinese);
  assert.match(plainText(english), /Correction \(10 March 2023, version 2, in Chinese\): \n一处有误。/);
  assert.match(renderHtml(english), /in Chinese\): <span lang="zh-CN">一处有误。<\/span>/);
  assert.match(renderHtml(english), /<li>reason given: A major event\.<\/li>/);
  assert.match(renderHtml(chinese), /（2023年3月10日，第2版）：一处有误。/);
  assert.match(renderHtml(chinese), /（原文为英文）：<span lang="en">A major event<\/span>。/);
});

test("the table of the rating has exact values, and every number of a column the same decimals", () => {
  const [first, second] = [10_000, 2104.5].map((base, index) => ({
    ...{indicator: index === 0 ? "host.infected" : "web.defaced", value: index === 0 ? 793_412 : 2211, base},
    ...{score: 50, weight: index === 0 ? 25 : 20, points: 25 - index},
  }));
  assert.ok(first && second);
  const cells = (contributions: Rating["contributions"], language: "zh" | "en"): string[][] => {
    const input = {...fixtureInput, rating: {...fixtureInput.rating, contributions}};
    const blocks = fixtureDocument(language, "long", input).sections.flatMap((section) => section.blocks);
    const table = blocks.find((block) => block.kind === "table" && block.id === "contributions");
    return table?.kind === "table" ? table.rows.map((row) => row.cells.slice(1, 5)) : [];
  };
  assert.deepEqual(cells([first, second], "zh"), [
    ["793412", "10000.0", "50.0", "25"],
    ["2211", "2104.5", "50.0", "20"],
  ]);
  assert.deepEqual(cells([first, {...second, base: 2104, weight: 2.5}], "en"), [
    ["793,412", "10,000", "50.0", "25.0"],
    ["2,211", "2,104", "50.0", "2.5"],
  ]);
});
