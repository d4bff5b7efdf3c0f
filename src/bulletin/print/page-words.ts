/** The line at the foot of printed pages. `{page}` and `{pages}` stand for the numbers. */
export const PAGE_OF = {zh: "第{page}页 / 共{pages}页", en: "Page {page} of {pages}"} as const;

/** Returns how much room a text takes on a line: Chinese characters are twice as wide as others. */
export function widthInHalfEms(text: string): number {
  return [...text].reduce((sum, char) => sum + (char > "\u2e7f" ? 2 : 1), 0);
}
