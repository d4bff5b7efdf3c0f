/** Chinese words of the archive's pages. */
export const zhSite = {
  language: "中文",
};
