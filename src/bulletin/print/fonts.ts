import {createRequire} from "node:module";
import type {EditionDocument} from "../document.ts";
import {mapText} from "../tree-text.ts";

const require = createRequire(import.meta.url);

/** The library has no types of its own. */
type SubsetFont = (
  font: Uint8Array,
  characters: string,
  options: {readonly targetFormat: "truetype"; readonly keepFeatures: readonly string[]; readonly noHinting: boolean},
) => Promise<Uint8Array>;

/** The two fonts of everything that is drawn by us: TrueType, as bytes. */
export interface Fonts {
  readonly regular: Uint8Array;
  readonly bold: Uint8Array;
}

/** The family name of the fonts that we ship. */
export const FONT_FAMILY = "Noto Sans SC";

/** What stands for a character that the font does not have. It must be in the font itself. */
const MISSING_CHARACTER = "□";

/** Always kept: ASCII, and what layout and charts may set without its being in a document. */
const ALWAYS = `${String.fromCharCode(...Array.from({length: 95}, (_, index) => 32 + index))}\u00a0${MISSING_CHARACTER}—–…·•↑↓→，。：；（）“”‘’万亿第页共合计其余另有项见数据表没无`;
/** Pair spacing and accents; the rest (vertical forms, old variants) would only pull in more outlines. */
const FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"];

/**
 * Returns the fonts with the outlines of the documents' characters only: the 10 MB of a Chinese font become about 200 KB, which
 * renderers read a hundred times faster. One subset serves both languages of an edition.
 */
export async function subsetFonts(fonts: Fonts, documents: readonly EditionDocument[]): Promise<Fonts> {
  const subsetFont: SubsetFont = require("subset-font");
  const wanted = [...new Set(ALWAYS + JSON.stringify(documents))].sort().join("");
  const options = {targetFormat: "truetype", keepFeatures: FEATURES, noHinting: true} as const;
  const cut = async (font: Uint8Array) => new Uint8Array(await subsetFont(font, wanted, options));
  return {regular: await cut(fonts.regular), bold: await cut(fonts.bold)};
}

/** Returns the code points that the font has an outline for. Source: OpenType, cmap, formats 4 and 12. */
export function coverageOf(font: Uint8Array): ReadonlySet<number> {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const covered = new Set<number>();
  const map = tableAt(view, "cmap");
  for (let index = 0; index < view.getUint16(map + 2); index++) {
    const at = map + view.getUint32(map + 8 + 8 * index);
    const format = view.getUint16(at);
    if (format === 12) addGroups(view, at, covered);
    if (format === 4) addSegments(view, at, covered);
  }
  return covered;
}

/** Returns the document with a box in place of each character that the fonts lack: PDF/UA has no place for those. */
export function printable(document: EditionDocument, {regular}: Fonts): EditionDocument {
  const covered = coverageOf(regular);
  const known = (char: string) => (covered.has(char.codePointAt(0) ?? 0) ? char : MISSING_CHARACTER);
  return mapText(straightQuoted(document), (text) => text.replace(/[^\s]/gu, known));
}

/** Returns an English document with straight quotes: Chinese fonts set the curly ones a word wide. */
export function straightQuoted(document: EditionDocument): EditionDocument {
  if (document.language === "zh") return document;
  return mapText(document, (text) => text.replace(/[‘’]/g, "'").replace(/[“”]/g, '"'));
}

function tableAt(view: DataView, tag: string): number {
  for (let index = 0; index < view.getUint16(4); index++) {
    const at = 12 + 16 * index;
    const name = [0, 1, 2, 3].map((offset) => String.fromCharCode(view.getUint8(at + offset))).join("");
    if (name === tag) return view.getUint32(at + 8);
  }
  throw new Error(`The font has no table ${tag}`);
}

function addGroups(view: DataView, at: number, covered: Set<number>): void {
  for (let index = 0; index < view.getUint32(at + 12); index++) {
    const group = at + 16 + 12 * index;
    for (let code = view.getUint32(group); code <= view.getUint32(group + 4); code++) covered.add(code);
  }
}

/** A segment of format 4 may have holes (a glyph number of zero), so its characters are looked at one by one. */
function addSegments(view: DataView, at: number, covered: Set<number>): void {
  const bytes = view.getUint16(at + 6);
  for (let index = 0; index < bytes; index += 2) {
    const last = view.getUint16(at + 14 + index);
    const first = view.getUint16(at + 16 + bytes + index);
    const delta = view.getUint16(at + 16 + 2 * bytes + index);
    const slot = at + 16 + 3 * bytes + index;
    const offset = view.getUint16(slot);
    for (let code = first; code <= last && code < 0xffff; code++) {
      const glyph = offset === 0 ? (code + delta) & 0xffff : view.getUint16(slot + offset + 2 * (code - first));
      if (glyph !== 0) covered.add(code);
    }
  }
}
