import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {XMLValidator} from "fast-xml-parser";
import {fixtureDocument, fixtureInput, referenceInput} from "../../../test/edition-fixture.ts";
import type {EditionDocument, Table} from "../document.ts";
import {type ChartImage, figuresOf} from "../print/png.ts";
import {mapText} from "../tree-text.ts";
import {charactersIn} from "./limits.ts";
import {lintWechat} from "./lint.ts";
import {renderWechat} from "./wechat.ts";

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47]);
const imagesOf = (document: EditionDocument): ReadonlyMap<string, ChartImage> =>
  new Map(figuresOf(document).map(({id}) => [id, {png: PNG, width: 1125, height: 700}]));
const render = (document: EditionDocument) => renderWechat(document, imagesOf(document));
const documents = [fixtureInput, referenceInput].flatMap((input) =>
  (["zh", "en"] as const).flatMap((language) =>
    (["short", "long"] as const).map((variant) => fixtureDocument(language, variant, input)),
  ),
);

test("the article is fit for the WeChat editor in both languages and forms", () => {
  for (const document of documents) {
    const article = render(document);
    assert.deepEqual(lintWechat(article), []);
    assert.equal(XMLValidator.validate(article.html), true);
  }
});

test("every sentence of the edition is in the article, every figure with its picture", () => {
  for (const document of documents) {
    const {html, images} = render(document);
    const words = html
      .replace(/<[^>]*>/g, "")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'");
    for (const section of document.sections) {
      for (const block of section.blocks) {
        if (block.kind !== "paragraph") continue;
        for (const {text} of block.spans)
          assert.ok(words.includes(text.replace(/[“”]/g, document.language === "en" ? '"' : "$&")));
      }
    }
    assert.deepEqual(
      images.map(({name}) => name),
      figuresOf(document).map(({id}) => `${id}.png`),
    );
  }
});

test("a title longer than 32 characters loses its period, then part of the bulletin's name, never its issue", () => {
  const chinese = fixtureDocument("zh", "short");
  assert.equal(render(chinese).title, "网络安全信息与动态周报2023年第9期（2月20日-2月26日）");
  const across = {
    ...chinese,
    title: "网络安全信息与动态周报2025年第1期（2024年12月30日-2025年1月5日）",
    issue: "2025年第1期",
  };
  assert.equal(render(across).title, "网络安全信息与动态周报2025年第1期");
  const english = fixtureDocument("en", "short");
  assert.equal(render(english).title, "Weekly Network… 2023, Issue 9");
  assert.equal(render({...english, title: "x".repeat(40), series: "Bulletin"}).title, "Bulletin 2023, Issue 9");
});

test("the digest is whole sentences, at most 128 characters", () => {
  const document = fixtureDocument("zh", "short");
  const summary = `${"周".repeat(60)}。${"报".repeat(60)}。${"期".repeat(60)}。`;
  assert.equal(render({...document, summary}).digest, `${"周".repeat(60)}。${"报".repeat(60)}。`);
  assert.equal(charactersIn(render({...document, summary: "长".repeat(300)}).digest), 128);
});

test("links to outside become numbered footnotes, each address once; those inside the archive only words", () => {
  const spans = [
    {text: "甲", link: "https://example.org/a"},
    {text: "乙", link: "https://example.org/b"},
    {text: "丙", link: "https://example.org/a"},
    {text: "丁", link: "../2023-02-13/"},
    {text: "戊", link: "javascript:alert(1)"},
  ];
  const section = {id: "s", heading: "链接", blocks: [{kind: "paragraph", id: "p", spans} as const]};
  const {html} = render({...fixtureDocument("zh", "short"), sections: [section]});
  const words = html.replace(/<[^>]*>/g, "");
  assert.match(words, /甲\[1\]乙\[2\]丙\[1\]丁戊/);
  assert.match(words, /\[1\] https:\/\/example\.org\/a\[2\] https:\/\/example\.org\/b$/);
  assert.doesNotMatch(html, /javascript:|2023-02-13/);
});

test("a long article loses tables from its end, keeps its figures, and says so", () => {
  const document = fixtureDocument("zh", "long");
  const table: Table = {
    kind: "table",
    id: "method",
    caption: "说明",
    columns: [{heading: "指标", align: "start"}],
    rows: Array.from({length: 400}, (_, index) => ({cells: [`第${index}项指标的统计口径`]})),
  };
  const section = {id: "method", heading: "统计口径", blocks: [table]};
  const article = render({...document, sections: [...document.sections, section]});
  assert.deepEqual(lintWechat(article), []);
  assert.ok(!article.html.includes("第399项") && article.html.includes("从略"));
  assert.equal(article.images.length, figuresOf(document).length);
});

test("hostile text stays text and the article stays fit", () => {
  const text = fc.oneof(
    fc.constantFrom('"><img src=x onerror="a">', "</section><script>", "&lt;", "\u202e\u0000", "style=", "[1]"),
    fc.string({unit: "grapheme", maxLength: 30}),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(...documents), (hostile, document) => {
      fc.pre(hostile.trim() !== "");
      assert.deepEqual(lintWechat(render(mapText(document, () => hostile))), []);
    }),
    {numRuns: 60},
  );
});

test("an article that WeChat would not take is not made, and what is wrong with it is named", () => {
  const [document] = documents;
  assert.ok(document);
  assert.throws(() => render(mapText(document, () => "")), {code: "wechat_unfit", message: /title-empty/});
  const large: ReadonlyMap<string, ChartImage> = new Map(
    figuresOf(document).map(({id}) => [
      id,
      {png: Uint8Array.from({length: 1_000_000}, (_, at) => PNG[at] ?? 0), width: 9, height: 9},
    ]),
  );
  assert.throws(() => renderWechat(document, large), /image-large/);
});

test("equal input gives an equal article", () => {
  for (const document of documents) assert.deepEqual(render(structuredClone(document)), render(document));
});
