import assert from "node:assert/strict";
import test from "node:test";
import {fixtureDocument, fixtureInput, referenceInput} from "../../test/edition-fixture.ts";
import {statedRating} from "./edition-input.ts";
import {renderMarkdown} from "./markdown.ts";

test("published sentences come through unchanged, without a single backslash", () => {
  const text = renderMarkdown(fixtureDocument("zh", "short", referenceInput));
  assert.ok(text.startsWith("# 网络安全信息与动态周报2023年第9期（2月20日-2月26日）\n"));
  assert.ok(text.includes("共处理网络安全事件1777起，含跨境网络安全事件1182起。其中，协调"));
  assert.ok(text.includes("- [网络安全信息与动态周报2023年第8期（2月13日-2月19日）](../2023-02-13/)"));
  assert.doesNotMatch(text, /\\/);
  assert.ok(renderMarkdown(fixtureDocument("zh", "long")).includes("感染飞客（conficker）蠕虫"));
});

test("the grade that holds is marked among the five", () => {
  assert.ok(renderMarkdown(fixtureDocument("zh", "short")).includes("整体评价：优 · **【良】** · 中 · 差 · 危\n"));
});

test("a week without a rating says so beside the five, of which none is marked", () => {
  const input = {...fixtureInput, rating: statedRating(null)};
  assert.match(renderMarkdown(fixtureDocument("zh", "short", input)), /整体评价：优 .* 危。本周未作整体评价。\n/);
  assert.match(
    renderMarkdown(fixtureDocument("en", "short", input)),
    /rating: Excellent .* Critical\. The week was not/,
  );
});

test("each table has its head, its rule and as many cells in every row", () => {
  const lines = renderMarkdown(fixtureDocument("en", "long")).split("\n");
  const heads = lines.flatMap((line, index) => (/^\| (:---|---:)/.test(line) ? [index] : []));
  assert.ok(heads.length > 15);
  for (const rule of heads) {
    const width = lines[rule]?.split("|").length;
    for (let at = rule - 1; lines[at]?.startsWith("|"); at += 1)
      assert.equal(lines[at]?.split(/(?<!\\)\|/).length, width);
  }
});

test("text that looks like Markdown stays text", () => {
  const texts = {
    zh: {
      incidents:
        "# 标题\n- [点我](http://evil.example) <b>x</b> *强调* `码` |列| https://evil.example www.evil.example",
    },
  };
  const text = renderMarkdown(fixtureDocument("zh", "short", {...fixtureInput, texts}));
  assert.ok(
    text.includes(
      "\\# 标题 - \\[点我\\](http:\\//evil.example) &lt;b&gt;x&lt;/b&gt; \\*强调\\* \\`码\\` \\|列\\| https:\\//evil.example www\\.evil.example",
    ),
  );
});
