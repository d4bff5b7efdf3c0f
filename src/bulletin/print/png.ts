import {Resvg} from "@resvg/resvg-js";
import {drawChart} from "../charts.ts";
import type {EditionDocument, Figure} from "../document.ts";
import {FONT_FAMILY, type Fonts, printable} from "./fonts.ts";

/** A chart as a picture, `width` and `height` in pixels. */
export interface ChartImage {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * The fonts as files, because the renderer reads fonts from disk only: the app writes what subsetFonts gives into its
 * cache. `fonts` are the same bytes; they say which characters can be drawn.
 */
export interface FontFiles {
  readonly fonts: Fonts;
  readonly paths: readonly string[];
}

/** Where pictures are seen: widths in which charts are drawn, so that their letters keep a readable size there. */
const USES = {
  /** A column of 345 pixels in WeChat, nearly three device pixels each. */
  phone: {width: 375, pixels: 1000},
  /** 11.5 cm in a Word file: 220 dots an inch. */
  page: {width: 460, pixels: 1000},
} as const;
const PAPER = "#ffffff";

/** Returns the SVG as a PNG that is `pixels` wide, drawn with the given fonts and no others. */
export function renderPng(svg: string, files: FontFiles, pixels: number): ChartImage {
  const image = new Resvg(svg, {
    font: {loadSystemFonts: false, fontFiles: [...files.paths], defaultFontFamily: FONT_FAMILY},
    fitTo: {mode: "width", value: pixels},
    background: PAPER,
  }).render();
  return {png: new Uint8Array(image.asPng()), width: image.width, height: image.height};
}

/** Returns the pictures of the document's figures by their ids, for WeChat (`phone`) or Word (`page`). */
export function renderFigures(
  document: EditionDocument,
  files: FontFiles,
  use: keyof typeof USES,
): ReadonlyMap<string, ChartImage> {
  const {width, pixels} = USES[use];
  const look = {language: document.language, mode: "print", width} as const;
  const figures = figuresOf(printable(document, files.fonts));
  return new Map(figures.map((figure) => [figure.id, renderPng(drawChart(figure, look), files, pixels)]));
}

/** Returns the figures of a document in the order of reading. */
export function figuresOf(document: EditionDocument): Figure[] {
  return document.sections.flatMap((section) => section.blocks).filter((block) => block.kind === "figure");
}
