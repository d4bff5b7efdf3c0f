import {WatchfloorError} from "../../model/errors.ts";
import type {Block, EditionDocument, Figure, Language, Span} from "../document.ts";
import {safeLink} from "../escape.ts";
import {straightQuoted} from "../print/fonts.ts";
import type {ChartImage} from "../print/png.ts";
import {html, type Markup} from "../site/markup.ts";
import {charactersIn, WECHAT_LIMITS, type WechatArticle} from "./limits.ts";
import {lintWechat} from "./lint.ts";
import {CSS, keyFigures, listing, strip} from "./parts.ts";

/** So many findings are named; the first ones tell what is wrong. */
const NAMED = 3;

const WORDS = {
  zh: {links: "文中链接", shortened: "表格与数据说明等内容从略，完整内容见周报网页版。"},
  en: {links: "Links", shortened: "Tables and notes left out here are in the web edition."},
} as const;

/**
 * Returns the edition as an article for the WeChat editor: inline styles only, links as numbered footnotes, charts as
 * pictures by file name. When it grows too long, tables that are no key figures go first, from the end, then the last
 * sections; a line says so. Throws wechat_unfit when WeChat would still refuse, drop or show wrongly some of it.
 */
export function renderWechat(document: EditionDocument, images: ReadonlyMap<string, ChartImage>): WechatArticle {
  let shown = straightQuoted(document);
  let body = bodyOf(shown, images, false);
  while (charactersIn(body) >= WECHAT_LIMITS.htmlCharacters && shown.sections.length > 0) {
    shown = withoutLastTable(shown) ?? {...shown, sections: shown.sections.slice(0, -1)};
    body = bodyOf(shown, images, true);
  }
  const used = figuresIn(shown).filter(({id}) => images.has(id));
  const article: WechatArticle = {
    title: titleOf(document),
    digest: digestOf(document),
    html: body,
    images: used.map(({id}) => ({name: fileOf(id), png: images.get(id)?.png ?? new Uint8Array()})),
  };
  const findings = lintWechat(article);
  if (findings.length > 0) {
    const named = findings.slice(0, NAMED).map(({rule, reason, place}) => `${rule} (${place}): ${reason}`);
    throw new WatchfloorError("wechat_unfit", named.join("; "));
  }
  return article;
}

/** The whole title if it is short enough; else without the period; else with the bulletin's name cut. */
function titleOf({title, series, issue, language}: EditionDocument): string {
  const most = WECHAT_LIMITS.titleCharacters;
  const space = language === "zh" ? "" : " ";
  const found = [title, `${series}${space}${issue}`].find((text) => charactersIn(text) <= most);
  if (found !== undefined) return found;
  const end = cut(`${space}${issue}`, most - 1);
  return cut(series, most - charactersIn(end)) + end;
}

/** Whole sentences as far as they fit. */
function digestOf({summary}: EditionDocument): string {
  const most = WECHAT_LIMITS.digestCharacters;
  const sentences = summary.match(/.+?(?:[。！？]|[.!?](?=\s|$)|$)\s*/gs) ?? [];
  let digest = "";
  for (const sentence of sentences) {
    if (charactersIn((digest + sentence).trim()) > most) break;
    digest += sentence;
  }
  return digest === "" ? cut(summary, most) : digest.trim();
}

/** Cuts at a space when there is one in the second half. */
function cut(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const kept = characters.slice(0, Math.max(0, most - 1)).join("");
  const space = kept.lastIndexOf(" ");
  return `${space > kept.length / 2 ? kept.slice(0, space) : kept}…`;
}

function figuresIn(document: EditionDocument): Figure[] {
  return document.sections.flatMap(({blocks}) => blocks).filter((block) => block.kind === "figure");
}

function withoutLastTable(document: EditionDocument): EditionDocument | null {
  const isLoose = (block: Block) => block.kind === "table" && block.look === undefined;
  const at = document.sections.findLastIndex(({blocks}) => blocks.some(isLoose));
  const sections = document.sections.map((section, index) => {
    const last = section.blocks.findLastIndex(isLoose);
    return index === at ? {...section, blocks: section.blocks.toSpliced(last, 1)} : section;
  });
  return at < 0 ? null : {...document, sections};
}

/** What the parts of an article share while it is written: the language, the pictures, the links so far. */
interface Writing {
  readonly language: Language;
  readonly images: ReadonlyMap<string, ChartImage>;
  readonly links: string[];
}

function bodyOf(document: EditionDocument, images: ReadonlyMap<string, ChartImage>, isShortened: boolean): string {
  const {language, stamp, issue, period, publisher, publishedOn} = document;
  const writing: Writing = {language, images, links: []};
  const sections = document.sections.map((section) => {
    return html`<section style="${CSS.heading}"><strong>${section.heading}</strong></section>${section.blocks.map((block) => blockOf(block, writing))}`;
  });
  const when = [issue, period].filter((part) => part !== "").join(" · ");
  const who = publishedOn === null ? publisher : `${publisher} · ${publishedOn}`;
  return html`<section style="${CSS.body}">${stamp !== null && html`<p style="${CSS.stamp}">${stamp}</p>`}<p style="${CSS.issue}"><strong>${when}</strong></p><p style="${CSS.publisher}">${who}</p>${sections}${isShortened && html`<p style="${CSS.small}">${WORDS[language].shortened}</p>`}${footnotes(writing)}</section>`
    .markup;
}

function blockOf(block: Block, writing: Writing): Markup {
  switch (block.kind) {
    case "paragraph":
      return html`<p style="${writing.language === "zh" ? CSS.indented : CSS.text}">${spansOf(block.spans, writing)}</p>`;
    case "list":
      return html`${block.items.map((item) => html`<p style="${CSS.item}">• ${spansOf(item, writing)}</p>`)}`;
    case "note":
      return html`<section style="${CSS[block.tone]}"><p style="${CSS.noteText}">${spansOf(block.spans, writing)}</p></section>`;
    case "rating":
      return strip(block);
    case "table":
      return block.look === "key-figures" ? keyFigures(block) : listing(block);
    case "figure":
      return figureOf(block, writing);
  }
}

function figureOf({id, caption, description}: Figure, {images}: Writing): Markup {
  const picture =
    images.has(id) &&
    html`<p style="${CSS.picture}"><img src="${fileOf(id)}" alt="${description}" style="width:100%"/></p>`;
  return html`${picture}<p style="${CSS.caption}">${caption}</p>`;
}

/** Ids are ours, but a site may bring its own: only plain names become files. */
function fileOf(id: string): string {
  return `${id.replace(/[^\w-]/g, "-")}.png`;
}

/** WeChat takes no links to outside: their addresses stand at the end, under their numbers. */
function spansOf(spans: readonly Span[], {links}: Writing): Markup {
  return html`${spans.map(({text, strong, link}) => {
    const words = strong === true ? html`<strong>${text}</strong>` : html`${text}`;
    const safe = link === undefined ? null : safeLink(link);
    if (safe === null || !/^https?:/.test(safe)) return words;
    if (!links.includes(safe)) links.push(safe);
    return html`${words}<span style="${CSS.mark}">[${links.indexOf(safe) + 1}]</span>`;
  })}`;
}

function footnotes({links, language}: Writing): Markup | null {
  if (links.length === 0) return null;
  return html`<section style="${CSS.heading}"><strong>${WORDS[language].links}</strong></section>${links.map(
    (link, index) => html`<p style="${CSS.address}">[${index + 1}] ${link}</p>`,
  )}`;
}
