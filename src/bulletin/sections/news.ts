/** Section 6: news of the trade, when the editor chose some. */
import type {Section} from "../document.ts";
import type {Context} from "./context.ts";

/** Composes the list of news; null when there are none. */
export function composeNews({input, text, language}: Context): Section | null {
  if (input.news.length === 0) return null;
  const items = input.news.map(({title, text: words, source, link}) => [
    {text: title[language], strong: true, ...(link === null ? {} : {link})},
    {text: `${text.title.gap === "" ? "：" : ": "}${words[language]}${text.title.gap}`},
    {text: text.notes.newsSource(source)},
  ]);
  return {id: "news", heading: text.headings.news, blocks: [{kind: "list", id: "news", items}]};
}
