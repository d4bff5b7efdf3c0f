import type {zhSite} from "./zh-site.ts";

/** English words of the archive's pages. */
export const enSite: typeof zhSite = {
  language: "English",
};
