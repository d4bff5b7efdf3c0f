import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after, type TestContext} from "node:test";
import {fixtureDocument} from "../../../test/edition-fixture.ts";
import {shippedFonts} from "../../../test/edition-fonts.ts";
import type {EditionDocument} from "../document.ts";
import {mapText} from "../tree-text.ts";
import {subsetFonts} from "./fonts.ts";
import {renderPdf} from "./pdf.ts";

const createdAt = new Date("2023-03-04T02:00:00Z");
const documents = (["zh", "en"] as const).flatMap((language) =>
  (["short", "long"] as const).map((variant) => fixtureDocument(language, variant)),
);
/** Where the foot of a page begins, in points. */
const FOOT = 780;
const whole = shippedFonts();
const fonts = await subsetFonts(whole, documents);
const folder = mkdtempSync(path.join(tmpdir(), "watchfloor-pdf-"));
after(() => rmSync(folder, {recursive: true}));

/** Runs a program of poppler over the PDF; null, and the test is skipped, when it is not installed. */
function poppler(context: TestContext, program: string, pdf: Uint8Array, before: string[] = [], then: string[] = []) {
  const file = path.join(folder, "edition.pdf");
  writeFileSync(file, pdf);
  try {
    return execFileSync(program, [...before, file, ...then], {encoding: "utf8", stdio: ["ignore", "pipe", "ignore"]});
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "ENOENT") throw error;
    context.skip(`skipped: no ${program}`);
    return null;
  }
}

const textOf = (context: TestContext, pdf: Uint8Array) =>
  poppler(context, "pdftotext", pdf, ["-layout"], ["-"])?.replace(/[^\S\f\n]+/g, " ") ?? null;

test("equal input gives equal bytes, another date gives others", () => {
  const [document] = documents;
  assert.ok(document);
  const one = renderPdf(document, {fonts, createdAt});
  assert.deepEqual(renderPdf(structuredClone(document), {fonts, createdAt}), one);
  assert.notDeepEqual(renderPdf(document, {fonts, createdAt: new Date("2023-03-05T02:00:00Z")}), one);
});

test("the PDF states that it is PDF/UA-1, its language, its title and who wrote it", () => {
  for (const document of documents) {
    const raw = Buffer.from(renderPdf(document, {fonts, createdAt})).toString("utf8");
    assert.match(raw, /<pdfuaid:part>1</);
    assert.match(raw, document.language === "zh" ? /<rdf:li>zh/ : /<rdf:li>en/);
    assert.ok(raw.includes(document.title) && raw.includes(document.publisher));
    assert.match(raw, /<xmp:CreateDate>2023-03-04T/);
  }
});

test("only our two fonts are in it, embedded", (context) => {
  for (const document of documents) {
    const list = poppler(context, "pdffonts", renderPdf(document, {fonts, createdAt}));
    if (list === null) return;
    const rows = list.split("\n").slice(2, -1);
    assert.equal(rows.length, 2);
    for (const row of rows) assert.match(row, /^[A-Z]{6}\+NotoSansSC-(Regular|Bold) .* yes yes yes /);
  }
});

test("every page has the stamp and its number of all", (context) => {
  for (const document of documents) {
    const text = textOf(context, renderPdf(document, {fonts, createdAt}));
    if (text === null) return;
    const pages = text.split("\f").slice(0, -1);
    for (const [index, page] of pages.entries()) {
      const number =
        document.language === "zh" ? `第${index + 1}页 / 共${pages.length}页` : `Page ${index + 1} of ${pages.length}`;
      assert.ok(page.replaceAll(" ", "").includes(number.replaceAll(" ", "")), number);
      assert.ok(page.replaceAll(" ", "").includes((document.stamp ?? "?").replaceAll(" ", "")));
    }
  }
});

test("the short form is three pages, and no page but the last is left half empty", (context) => {
  for (const document of documents) {
    const pdf = renderPdf(document, {fonts, createdAt});
    const boxes = poppler(context, "pdftotext", pdf, ["-bbox"], ["-"]);
    if (boxes === null) return;
    const pages = boxes.split("<page ").slice(1);
    if (document.variant === "short") assert.equal(pages.length, 3);
    for (const [index, page] of pages.slice(0, -1).entries()) {
      const ends = [...page.matchAll(/yMax="([\d.]+)"/g)].map(([, y]) => Number(y));
      const lowest = Math.max(...ends.filter((y) => y < FOOT));
      assert.ok(lowest > FOOT / 2, `page ${index + 1} of ${document.variant} ${document.language} ends at ${lowest}`);
    }
  }
});

test("an edition without a stamp has none", (context) => {
  const text = textOf(context, renderPdf({...fixtureDocument("en", "short"), stamp: null}, {fonts, createdAt}));
  if (text !== null) assert.doesNotMatch(text, /Synthetic/);
});

test("tables have header cells, charts say what they show, headings have their levels", (context) => {
  const [, long] = documents;
  assert.ok(long);
  const pdf = renderPdf(long, {fonts, createdAt});
  const tree = poppler(context, "pdfinfo", pdf, ["-struct"]);
  if (tree === null) return;
  const blocks = long.sections.flatMap((section) => section.blocks);
  const count = (pattern: RegExp) => tree.match(pattern)?.length ?? 0;
  assert.equal(count(/^ *H1 /gm), 1);
  assert.equal(count(/^ *H2 /gm), long.sections.length);
  assert.equal(
    count(/^ *THead/gm),
    blocks.filter((block) => block.kind === "table" && block.look !== "key-figures").length,
  );
  const figures = blocks.filter((block) => block.kind === "figure" || block.kind === "rating");
  assert.equal(count(/^ *Figure/gm), figures.length);
  assert.equal(
    Buffer.from(pdf)
      .toString("latin1")
      .match(/\/S ?\/Figure[^>]*\/Alt|\/Alt[^>]*\/S ?\/Figure/g)?.length,
    figures.length,
  );
});

test("no text of an edition becomes Typst, and what the font lacks is a box", (context) => {
  const hostile = '#read("/etc/passwd") $x$ [*b*] <a> @ref \\ ]}) 😀 한 <svg onload="x">&amp;';
  const document: EditionDocument = mapText(fixtureDocument("en", "long"), () => hostile);
  const text = textOf(context, renderPdf(document, {fonts: whole, createdAt}));
  if (text === null) return;
  assert.ok(text.includes('#read("/etc/passwd") $x$ [*b*] <a> @ref'));
  assert.doesNotMatch(text, /root:/);
  assert.match(text, /□/);
});

test("links lead to the web or nowhere", () => {
  const link = (to: string) => ({text: "x", link: to});
  const spans = [
    link("https://example.org/a"),
    link("../2023-02-13/"),
    link("javascript:alert(1)"),
    link("file:///etc"),
  ];
  const section = {id: "s", heading: "Links", blocks: [{kind: "paragraph", id: "p", spans} as const]};
  const raw = Buffer.from(renderPdf({...fixtureDocument("en", "short"), sections: [section]}, {fonts, createdAt}));
  assert.deepEqual(raw.toString("latin1").match(/\/URI ?\([^)]*\)/g), ["/URI (https://example.org/a)"]);
});
