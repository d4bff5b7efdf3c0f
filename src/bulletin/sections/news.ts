/** Section 6: news of the trade, when the editor chose some. */
import type {Written} from "../../model/format.ts";
import type {Section, Span} from "../document.ts";
import {type Context, editorsWords} from "./context.ts";

/** Composes the list of news; null when there are none. */
export function composeNews({input, text, language}: Context): Section | null {
  if (input.news.length === 0) return null;
  const words = (written: Written): Span => {
    const {text: said, isForeign} = editorsWords(written, language);
    return isForeign ? {text: said, lang: language === "zh" ? "en" : "zh"} : {text: said};
  };
  const items = input.news.map(({title, text: item, source, link}) => [
    {...words(title), strong: true, ...(link === null ? {} : {link})},
    {text: text.title.gap === "" ? "：" : ": "},
    words(item),
    {text: `${text.title.gap}${text.notes.newsSource(source)}`},
  ]);
  return {id: "news", heading: text.headings.news, blocks: [{kind: "list", id: "news", items}]};
}
