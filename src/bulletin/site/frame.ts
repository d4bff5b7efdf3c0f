/** What is around the text of every page: head, navigation, foot. Pages carry their style and no script at all. */
import {createHash} from "node:crypto";
import type {Language} from "../document.ts";
import {textOf} from "../text/index.ts";
import {html, type Markup} from "./markup.ts";
import {STYLE} from "./style.ts";

/** A link of the navigation. */
export interface NavLink {
  readonly href: string;
  readonly label: string;
  readonly isHere?: boolean;
}

/** One page, before it is written. */
export interface Page {
  readonly language: Language;
  readonly title: string;
  readonly description: string;
  /** Name of the bulletin at the head of the page, leading to the archive where there is one. */
  readonly home: {readonly label: string; readonly href: string | null};
  readonly nav: readonly NavLink[];
  /** The same page in the languages there are; empty when there is one only. */
  readonly languages: readonly (NavLink & {readonly language: Language})[];
  readonly feeds: readonly {readonly href: string; readonly type: string; readonly title: string}[];
  /** Absolute address of the page; null where it is not known. */
  readonly canonical: string | null;
  readonly main: Markup;
  readonly foot: readonly string[];
}

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** No script, no frame, no form, no request to anywhere; the style is named by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src 'self'; base-uri 'none'; form-action 'none'`;

/** Returns the whole page. */
export function renderPage(page: Page): string {
  const {site} = textOf(page.language);
  return html`<!doctype html>
<html lang="${site.tag}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${page.title}</title>
<meta name="description" content="${page.description}">
<meta property="og:title" content="${page.title}">
<meta property="og:type" content="article">
${headLinks(page)}<style>${STYLE_MARKUP}</style>
</head>
<body>
<a class="skip" href="#main">${site.skip}</a>
<header class="top">
<div class="top-inner">
${page.home.href === null ? html`<span class="home">${page.home.label}</span>` : html`<a class="home" href="${page.home.href}">${page.home.label}</a>`}
${navigation(page.nav, site.pages)}${languageSwitch(page)}</div>
</header>
<main id="main" tabindex="-1">
${page.main}</main>
<footer class="foot">
${page.foot.map((line) => html`<p>${line}</p>\n`)}<p>${site.madeWith}</p>
</footer>
</body>
</html>
`.markup;
}

/** The style is ours and fixed; it is the one text besides drawings that is not escaped. */
const STYLE_MARKUP: Markup = {markup: STYLE};

function headLinks({canonical, languages, feeds}: Page): Markup {
  return html`${canonical !== null && html`<link rel="canonical" href="${canonical}">\n`}${languages.map(
    ({href, language}) => html`<link rel="alternate" hreflang="${textOf(language).site.tag}" href="${href}">\n`,
  )}${feeds.map(({href, type, title}) => html`<link rel="alternate" type="${type}" href="${href}" title="${title}">\n`)}`;
}

function navigation(links: readonly NavLink[], label: string): Markup | null {
  if (links.length === 0) return null;
  return html`<nav class="site" aria-label="${label}"><ul>${links.map(
    ({href, label: name, isHere}) =>
      html`<li><a href="${href}"${isHere === true && html` aria-current="page"`}>${name}</a></li>`,
  )}</ul></nav>
`;
}

function languageSwitch({languages, language}: Page): Markup | null {
  if (languages.length < 2) return null;
  return html`<nav class="languages" aria-label="${textOf(language).site.languages}"><ul>${languages.map((each) => {
    const tag = textOf(each.language).site.tag;
    const here = each.language === language && html` aria-current="true"`;
    return html`<li><a href="${each.href}" lang="${tag}" hreflang="${tag}"${here}>${each.label}</a></li>`;
  })}</ul></nav>
`;
}
