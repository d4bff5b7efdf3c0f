/** The line at the foot of printed pages. `{page}` and `{pages}` stand for the numbers. */
export const PAGE_OF = {zh: "第{page}页 / 共{pages}页", en: "Page {page} of {pages}"} as const;
