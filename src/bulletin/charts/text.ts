/** Widths of the ASCII characters from space to tilde in thousandths of the font size. Source: Noto Sans SC Regular. */
const ASCII = [
  224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555, 555, 555, 555, 555,
  555, 555, 555, 278, 278, 555, 555, 555, 474, 946, 608, 657, 638, 688, 589, 552, 689, 728, 293, 535, 646, 543, 812,
  723, 742, 633, 742, 635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620,
  554, 325, 564, 607, 275, 275, 552, 284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338,
  270, 338, 555,
] as const;

/** Bold is wider, and a page may show another font than ours: both are allowed for. */
const BOLD = 1.07;
const OTHER_LATIN = 0.66;

/** Marks that take no room: combining accents, joiners, variation selectors. */
const NO_WIDTH = /^(\p{Mn}|\p{Me}|\p{Cf})$/u;
const LATIN_GREEK_CYRILLIC = /^[\u00a0-\u00bf\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\u2013]$/u;
const ELLIPSIS = "…";

/** How a text is set: its size in pixels, bold or not. */
export interface Type {
  readonly size: number;
  readonly isBold?: boolean;
}

/** Returns the width of the text in pixels, near enough to place it: by table for ASCII, one em for Chinese. */
export function textWidth(text: string, type: Type): number {
  let ems = 0;
  for (const char of text) ems += emsOf(char);
  return ems * type.size * (type.isBold === true ? BOLD : 1);
}

function emsOf(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  const ascii = ASCII[code - 32];
  if (ascii !== undefined) return ascii / 1000;
  if (NO_WIDTH.test(char)) return 0;
  return LATIN_GREEK_CYRILLIC.test(char) ? OTHER_LATIN : 1;
}

/** Returns the text if it is no wider than `width`, else its beginning and an ellipsis; empty when not even that fits. */
export function shorten(text: string, width: number, type: Type): string {
  if (textWidth(text, type) <= width) return text;
  const room = width - textWidth(ELLIPSIS, type);
  if (room < 0) return "";
  let kept = "";
  for (const {segment} of new Intl.Segmenter().segment(text)) {
    if (textWidth(kept + segment, type) > room) break;
    kept += segment;
  }
  return kept.trimEnd() + ELLIPSIS;
}

/**
 * Returns the text in at most `most` lines no wider than `width`. Breaks between words and between Chinese characters;
 * what does not fit is shortened.
 */
export function wrap(text: string, room: {readonly width: number; readonly most: number}, type: Type): string[] {
  const lines: string[] = [];
  let line = "";
  let rest = text.trim();
  for (const piece of piecesOf(rest)) {
    const isLast = lines.length + 1 >= room.most;
    if (isLast || textWidth((line + piece).trimEnd(), type) <= room.width || line === "") {
      line += piece;
      continue;
    }
    lines.push(line.trimEnd());
    rest = rest.slice(line.length);
    line = piece;
  }
  return [...lines, line.trim()].map((each) => shorten(each, room.width, type)).filter((each) => each !== "");
}

/** Splits before each place where a line may begin: after a space or a hyphen, around a Chinese character. */
function piecesOf(text: string): string[] {
  return (
    text.match(
      /[\p{Script=Han}\u3000-\u303f\uff00-\uffef][，。、；：）》”’]*|[^\s\p{Script=Han}-]+-?\s*|\s+|-+\s*/gu,
    ) ?? [text]
  );
}
