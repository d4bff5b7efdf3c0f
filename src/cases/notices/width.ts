/**
 * Widths in a mail program with letters of one width: Chinese, Japanese and Korean ones and full-width marks take two
 * columns. Source: UAX #11 (wide and full-width).
 */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const ELLIPSIS = "…";

/** Returns how many columns the text takes. */
export function columns(text: string): number {
  let sum = 0;
  for (const character of text) sum += /\p{M}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return sum;
}

/** Returns the text with spaces up to a width. */
function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

/** Returns the text if it takes no more than `most` columns, else its beginning and an ellipsis. */
export function cut(text: string, most: number): string {
  if (columns(text) <= most) return text;
  let kept = "";
  let room = most - 1;
  for (const character of text) {
    room -= columns(character);
    if (room < 0) break;
    kept += character;
  }
  return kept.trimEnd() + ELLIPSIS;
}

/** Returns rows of cells as lines with aligned columns, two spaces between; the last column is not filled up. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => columns(row[at] ?? ""))));
  return rows.map((row) =>
    row
      .map((cell, at) => pad(cell, widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
