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

/** Charts for phones and for Word: drawn narrow, so that their labels stay readable in a column of 345 pixels. */
const DRAWN_WIDTH = 460;
const PIXELS = 1200;
const PAPER = "#ffffff";

/** Returns the SVG as a PNG that is `pixels` wide, drawn with the given fonts and no others. */
export function renderPng(svg: string, files: FontFiles, pixels = PIXELS): ChartImage {
  const image = new Resvg(svg, {
    font: {loadSystemFonts: false, fontFiles: [...files.paths], defaultFontFamily: FONT_FAMILY},
    fitTo: {mode: "width", value: pixels},
    background: PAPER,
  }).render();
  return {png: new Uint8Array(image.asPng()), width: image.width, height: image.height};
}

/** Returns the pictures of the document's figures by their ids. Word and WeChat take the same ones. */
export function renderFigures(document: EditionDocument, files: FontFiles): ReadonlyMap<string, ChartImage> {
  const look = {language: document.language, mode: "print", width: DRAWN_WIDTH} as const;
  const figures = figuresOf(printable(document, files.fonts));
  return new Map(figures.map((figure) => [figure.id, renderPng(drawChart(figure, look), files)]));
}

/** Returns the figures of a document in the order of reading. */
export function figuresOf(document: EditionDocument): Figure[] {
  return document.sections.flatMap((section) => section.blocks).filter((block) => block.kind === "figure");
}
