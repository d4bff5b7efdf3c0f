import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import test from "node:test";
import {fixtureDocument, fixtureInput, referenceInput} from "../../test/edition-fixture.ts";
import {renderHtml} from "./html.ts";

const page = renderHtml(fixtureDocument("zh", "long"));

test("the page names its language, its title and its bulletin", () => {
  assert.match(page, /<html lang="zh-CN">/);
  assert.ok(page.includes("<title>网络安全信息与动态周报2023年第9期（2月20日-2月26日）</title>"));
  assert.equal(page.match(/<h1>/g)?.length, 1);
  assert.match(renderHtml(fixtureDocument("en", "short")), /<html lang="en">/);
});

test("each section is an h2, and every table has a caption and headings with scope", () => {
  const document = fixtureDocument("zh", "long");
  for (const {id, heading} of document.sections) assert.ok(page.includes(`<h2 id="${id}-heading">${heading}</h2>`));
  const tables = page.match(/<table/g)?.length ?? 0;
  assert.ok(tables > 10);
  assert.equal(page.match(/<caption>/g)?.length, tables);
  assert.doesNotMatch(page, /<th(?! scope=)[ >]/);
});

test("each chart is a drawing with title and description, and its data can be opened beside it", () => {
  const figures = fixtureDocument("zh", "long").sections.flatMap(({blocks}) =>
    blocks.filter(({kind}) => kind === "figure"),
  );
  assert.equal(page.match(/<figure class="chart/g)?.length, figures.length);
  assert.equal(page.match(/<details>/g)?.length, figures.length);
  assert.equal(page.match(/<svg[^>]*role="img"/g)?.length, page.match(/<svg/g)?.length);
  assert.equal(page.match(/<svg[^>]*><title>[^<]+<\/title><desc>[^<]+<\/desc>/g)?.length, page.match(/<svg/g)?.length);
});

test("the page has no script, and its policy allows none and only its own style", () => {
  assert.doesNotMatch(page, /<script|\son\w+=|style="/i);
  const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  assert.ok(page.includes(`content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;;`));
});

test("published sentences stand in the page in one piece", () => {
  const reference = renderHtml(fixtureDocument("zh", "short", referenceInput));
  assert.ok(reference.includes("本周，互联网网络安全态势整体评价为良。我国互联网基础设施运行整体平稳，"));
  assert.ok(reference.includes("重点处理1530起仿冒投诉事件；协调61个提供恶意移动应用程序下载服务的平台"));
  assert.ok(reference.includes("网络安全信息与动态周报2023年第8期（2月13日-2月19日）</a>"));
});

test("the stamp of a sample and the note of a correction stand before the first section's text", () => {
  const corrections = [{version: 2, day: "2023-03-08", reason: {zh: "更正一处。", en: "One."}}];
  const corrected = renderHtml(fixtureDocument("zh", "short", {...fixtureInput, corrections}));
  assert.ok(corrected.indexOf("样例数据") < corrected.indexOf("更正（2023年3月8日"));
  assert.ok(corrected.indexOf("更正（2023年3月8日") < corrected.indexOf(`id="p-situation"`));
});

test("an edition that stands alone has no links to an archive", () => {
  assert.doesNotMatch(renderHtml(fixtureDocument("zh", "short", {...referenceInput, review: []})), /href="(?!#)/);
});

test("the same edition always gives the same page", () => {
  assert.equal(renderHtml(fixtureDocument("zh", "long")), page);
});
