import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {fixtureDocument} from "../../../test/edition-fixture.ts";
import {shippedFonts} from "../../../test/edition-fonts.ts";
import {drawChart} from "../charts.ts";
import {subsetFonts} from "./fonts.ts";
import {type FontFiles, figuresOf, renderFigures, renderPng} from "./png.ts";

const document = fixtureDocument("zh", "long");
const folder = mkdtempSync(path.join(tmpdir(), "watchfloor-png-"));
after(() => rmSync(folder, {recursive: true}));
const fonts = await subsetFonts(shippedFonts(), [document]);
const files: FontFiles = {fonts, paths: [path.join(folder, "regular.ttf"), path.join(folder, "bold.ttf")]};
writeFileSync(path.join(folder, "regular.ttf"), fonts.regular);
writeFileSync(path.join(folder, "bold.ttf"), fonts.bold);

test("every figure of an edition becomes a picture that WeChat takes: PNG, under 1 MB, sharp on a phone", () => {
  const images = renderFigures(document, files, "phone");
  assert.deepEqual(
    [...images.keys()],
    figuresOf(document).map((figure) => figure.id),
  );
  for (const [id, {png, width, height}] of images) {
    assert.equal(Buffer.from(png.subarray(0, 8)).toString("latin1"), "\x89PNG\r\n\x1a\n", id);
    const view = new DataView(png.buffer, png.byteOffset);
    assert.deepEqual([view.getUint32(16), view.getUint32(20)], [width, height]);
    assert.equal(width, 1000);
    assert.ok(png.length < 1_000_000, `${id}: ${png.length} bytes`);
  }
});

test("words are drawn with the font that is given, and equal input gives equal bytes", () => {
  const [figure] = figuresOf(document);
  assert.ok(figure);
  const svg = drawChart(figure, {language: "zh", mode: "print", width: 460});
  const drawn = renderPng(svg, files, 400);
  assert.deepEqual(renderPng(svg, files, 400), drawn);
  assert.notDeepEqual(renderPng(svg, {fonts, paths: []}, 400).png, drawn.png);
});
