import assert from "node:assert/strict";
import test from "node:test";
import {inflateRawSync} from "node:zlib";
import {XMLValidator} from "fast-xml-parser";
import {fixtureDocument} from "../../../test/edition-fixture.ts";
import type {EditionDocument} from "../document.ts";
import {mapText} from "../tree-text.ts";
import {renderDocx} from "./docx.ts";
import {type ChartImage, figuresOf} from "./png.ts";

const createdAt = new Date("2023-03-04T02:00:00Z");
/** One white pixel. */
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=",
  "base64",
);
const imagesOf = (document: EditionDocument): ReadonlyMap<string, ChartImage> =>
  new Map(figuresOf(document).map(({id}) => [id, {png: PIXEL, width: 1200, height: 700}]));
const render = (document: EditionDocument) => renderDocx(document, {images: imagesOf(document), createdAt});
const documents = (["zh", "en"] as const).flatMap((language) =>
  (["short", "long"] as const).map((variant) => fixtureDocument(language, variant)),
);

/** Returns the parts of a Word file by name, and the times of their entries. */
function partsOf(docx: Uint8Array): {parts: Map<string, string>; times: Set<number>} {
  const view = new DataView(docx.buffer, docx.byteOffset);
  const parts = new Map<string, string>();
  const times = new Set<number>();
  let at = view.getUint32(docx.length - 6, true);
  for (let left = view.getUint16(docx.length - 12, true); left > 0; left--) {
    const [name, extra] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
    const local = view.getUint32(at + 42, true);
    times.add(view.getUint32(at + 12, true)).add(view.getUint32(local + 10, true));
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const data = docx.subarray(start, start + view.getUint32(at + 20, true));
    const isPacked = view.getUint16(at + 10, true) === 8;
    const key = Buffer.from(docx.subarray(at + 46, at + 46 + name)).toString("utf8");
    parts.set(key, Buffer.from(isPacked ? inflateRawSync(data) : data).toString("utf8"));
    at += 46 + name + extra + view.getUint16(at + 32, true);
  }
  return {parts, times};
}

const bodyOf = (parts: ReadonlyMap<string, string>): string => parts.get("word/document.xml") ?? "";
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

test("equal input gives equal bytes, and every date is the one given", async () => {
  for (const document of documents) {
    const one = await render(document);
    assert.deepEqual(await render(structuredClone(document)), one);
    const {parts, times} = partsOf(one);
    assert.equal(times.size, 1);
    assert.match(parts.get("docProps/core.xml") ?? "", /<dcterms:created [^>]*>2023-03-04T02:00:00Z</);
  }
});

test("every part is well-formed, nothing refers to outside, and the only fields are page numbers", async () => {
  for (const document of documents) {
    const {parts} = partsOf(await render(document));
    for (const [name, text] of parts) {
      if (/\.(xml|rels)$/.test(name)) assert.equal(XMLValidator.validate(text), true, name);
      assert.doesNotMatch(text, /TargetMode="External"|<w:fldSimple|<w:altChunk|<w:object/, name);
      for (const [, code] of text.matchAll(/<w:instrText[^>]*>([^<]*)</g))
        assert.match(code ?? "", /^(PAGE|NUMPAGES)$/);
    }
    assert.ok([...parts.keys()].some((name) => name.startsWith("word/footer")));
  }
});

test("every figure has its picture with an alternative text, every table a header row that repeats", async () => {
  for (const document of documents) {
    const body = bodyOf(partsOf(await render(document)).parts);
    const blocks = document.sections.flatMap((section) => section.blocks);
    const figures = figuresOf(document);
    assert.equal(count(body, /<w:drawing>/g), figures.length);
    for (const {description} of figures) assert.ok(body.includes(`descr="${description.replaceAll('"', "&quot;")}"`));
    assert.equal(count(body, /<w:tblHeader\/>/g), blocks.filter(({kind}) => kind === "table").length);
    assert.equal(count(body, /w:val="Heading1"/g), document.sections.length);
    assert.equal(count(body, /w:val="Title"/g), 1);
  }
});

test("Chinese and Latin letters each have their font and language, and paragraphs begin two characters in", async () => {
  const {parts} = partsOf(await render(fixtureDocument("zh", "long")));
  const styles = parts.get("word/styles.xml") ?? "";
  assert.match(
    styles,
    /<w:rFonts w:ascii="Arial" w:cs="Arial" w:eastAsia="Microsoft YaHei" w:hAnsi="Arial" w:hint="eastAsia"/,
  );
  assert.match(styles, /<w:lang w:val="en-US" w:eastAsia="zh-CN"/);
  assert.match(styles, /w:firstLine="420"/);
  assert.match(styles, /w:firstLineChars="200"/);
});

test("the stamp stands in the header of every page, and without one there is none", async () => {
  const document = fixtureDocument("zh", "short");
  const headerOf = async (shown: EditionDocument) => partsOf(await render(shown)).parts.get("word/header1.xml") ?? "";
  assert.ok((await headerOf(document)).includes(document.stamp ?? "?"));
  assert.ok(!(await headerOf({...document, stamp: null})).includes(document.stamp ?? "?"));
});

test("hostile text stays text", async () => {
  const hostile = '</w:t><w:instrText>HYPERLINK "http://x"</w:instrText>\u0000\ud800\u202e&#0;]]>';
  const {parts} = partsOf(await render(mapText(fixtureDocument("en", "long"), () => hostile)));
  for (const [name, text] of parts) {
    if (/\.(xml|rels)$/.test(name)) assert.equal(XMLValidator.validate(text), true, name);
    assert.doesNotMatch(text, /<w:instrText>HYPERLINK/);
  }
  assert.match(bodyOf(parts), /&lt;\/w:t&gt;/);
});

test("links are printed as addresses, those inside the archive not at all", async () => {
  const spans = [
    {text: "here", link: "https://example.org/a"},
    {text: "there", link: "../2023-02-13/"},
  ];
  const section = {id: "s", heading: "Links", blocks: [{kind: "paragraph", id: "p", spans} as const]};
  const body = bodyOf(partsOf(await render({...fixtureDocument("en", "short"), sections: [section]})).parts);
  assert.ok(body.includes("(https://example.org/a)") && !body.includes("2023-02-13/"));
});
