/**
 * An edition as one web page: semantic, without scripts, light and dark, narrow and wide, and fit to print. It stands
 * alone; in the archive it is given its place among the others.
 */
import type {EditionDocument} from "./document.ts";
import {renderSection} from "./site/blocks.ts";
import {type NavLink, type Page, renderPage} from "./site/frame.ts";
import {html, type Markup} from "./site/markup.ts";
import {textOf} from "./text/index.ts";

/** Where an edition stands in the archive; all addresses are relative to its page. */
export interface EditionPlace {
  readonly homeHref: string | null;
  readonly nav: readonly NavLink[];
  readonly languages: Page["languages"];
  readonly forms: readonly NavLink[];
  readonly files: readonly NavLink[];
  readonly previous: NavLink | null;
  readonly next: NavLink | null;
  readonly feeds: Page["feeds"];
  readonly canonical: string | null;
}

const NOWHERE: EditionPlace = {
  homeHref: null,
  nav: [],
  languages: [],
  forms: [],
  files: [],
  previous: null,
  next: null,
  feeds: [],
  canonical: null,
};

/** Returns the page of the edition. */
export function renderHtml(document: EditionDocument, place: EditionPlace = NOWHERE): string {
  return renderPage({
    language: document.language,
    title: document.title,
    description: document.summary,
    home: {label: document.series, href: place.homeHref},
    nav: place.nav,
    languages: place.languages,
    feeds: place.feeds,
    canonical: place.canonical,
    main: mainOf(document, place),
    foot: [document.publisher],
  });
}

function mainOf(document: EditionDocument, place: EditionPlace): Markup {
  const words = {text: textOf(document.language), language: document.language};
  return html`<div class="desk">
<article class="sheet">
${masthead(document)}
${document.sections.map((section) => renderSection(section, words))}${turn(place, document)}</article>
${side(document, place)}</div>
`;
}

function masthead(document: EditionDocument): Markup {
  const {site} = textOf(document.language);
  const published = document.publishedOn === null ? site.draft : site.publishedOn(publishedText(document));
  return html`<header class="masthead">
<p class="by"><span>${document.publisher}</span><span>${published}</span></p>
<h1>${document.series}<span class="issue">${[document.issue]}${
    document.period !== "" && html` <span class="period">${document.period}</span>`
  }</span></h1>
<hr class="rule">
</header>
${document.stamp !== null && html`<p class="stamp" data-words="${document.stamp}">${document.stamp}</p>`}`;
}

function publishedText({publishedOn, language}: EditionDocument): string {
  return textOf(language).title.date((publishedOn ?? "").split("-").map(Number));
}

function turn({previous, next}: EditionPlace, {language}: EditionDocument): Markup | null {
  if (previous === null && next === null) return null;
  const {site} = textOf(language);
  const link = (each: NavLink | null, label: string, rel: string): Markup | null =>
    each && html`<a class="${rel}" rel="${rel}" href="${each.href}"><b>${label}</b> ${each.label}</a>`;
  return html`<nav class="turn" aria-label="${site.editionPages}">${link(previous, site.previous, "prev")}${link(next, site.next, "next")}</nav>
`;
}

function side(document: EditionDocument, {forms, files}: EditionPlace): Markup {
  const {site} = textOf(document.language);
  const contents = document.sections.map(({id, heading}) => ({href: `#${id}`, label: heading}));
  return html`<aside class="side" aria-label="${site.contents}">
${linkList("contents", site.contents, contents)}${linkList("forms", site.form, forms)}${linkList("files", site.downloads, files)}</aside>
`;
}

function linkList(id: string, heading: string, links: readonly NavLink[]): Markup | null {
  if (links.length === 0) return null;
  return html`<nav aria-labelledby="${id}-heading"><h2 id="${id}-heading">${heading}</h2><ul>${links.map(
    ({href, label, isHere}) =>
      html`<li><a href="${href}"${isHere === true && html` aria-current="page"`}>${label}</a></li>`,
  )}</ul></nav>
`;
}
