import {visible} from "../escape.ts";

/**
 * Widths of the ASCII characters from space to tilde in thousandths of the font size: of two fonts the wider one, so that
 * a label has room in ours (print) as in what a page is shown in. Source: Noto Sans SC Regular, DejaVu Sans Book.
 */
const ASCII = [
  318, 401, 474, 838, 636, 950, 780, 278, 390, 390, 500, 838, 318, 361, 318, 392, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 535, 656, 557, 863,
  748, 787, 633, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 392, 390, 838, 559, 606, 613, 635, 550, 635,
  615, 352, 635, 634, 278, 278, 579, 284, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
  337, 636, 838,
] as const;

/** How much wider bold letters are. */
const BOLD = 1.1;
const OTHER_LATIN = 0.66;

/** Marks that take no room: combining accents, variation selectors. */
const NO_WIDTH = /^(\p{Mn}|\p{Me}|\p{Cf})$/u;
const LATIN_GREEK_CYRILLIC = /^[\u00a0-\u00bf\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\u2013]$/u;
const ELLIPSIS = "…";

/** How a text is set: its size in pixels, bold or not. */
export interface Type {
  readonly size: number;
  readonly isBold?: boolean;
}

/** Returns the most width that the text takes in pixels as it is written out: by table for ASCII, one em for Chinese. */
export function textWidth(text: string, type: Type): number {
  let ems = 0;
  for (const char of visible(text)) ems += emsOf(char);
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
