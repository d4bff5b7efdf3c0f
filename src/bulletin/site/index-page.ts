/** The front page of the archive: the latest edition, and all of them by year. */
import {GRADES} from "../../model/indicator.ts";
import type {Language} from "../document.ts";
import {gradeName, ratingStrip} from "../grades.ts";
import {countText} from "../numbers.ts";
import {KEY_FIGURES} from "../printed.ts";
import {textOf} from "../text/index.ts";
import {dayText, titleOf} from "../titles.ts";
import {
  type Archive,
  type ArchiveEdition,
  editionPath,
  editionTitle,
  FEEDS,
  folderOf,
  linkBetween,
  newestFirst,
  type SiteFile,
  surroundings,
} from "./archive.ts";
import {renderNumbers, renderRating} from "./blocks.ts";
import {renderPage} from "./frame.ts";
import {html, type Markup} from "./markup.ts";

/** Where a page of the archive is, and in which language. */
interface Here {
  readonly archive: Archive;
  readonly path: string;
  readonly language: Language;
}

/** Returns the front page in the language. */
export function indexPage(archive: Archive, language: Language): SiteFile {
  const path = `${folderOf(archive, language)}index.html`;
  const {site} = textOf(language);
  const {profile} = archive;
  const series = profile.bulletin.title[language];
  const intro = site.intro(series, profile.publisher.name[language]);
  const sorted = newestFirst(archive);
  const here: Here = {archive, path, language};
  const main = html`<div class="desk">
<div class="sheet">
<header class="masthead">
<p class="by"><span>${profile.publisher.name[language]}</span></p>
<h1>${series}</h1>
<hr class="rule">
</header>
${archive.stamp && html`<p class="stamp" data-words="${archive.stamp[language]}">${archive.stamp[language]}</p>\n`}<p class="lead">${intro}</p>
${sorted[0] ? latest(here, sorted[0]) : html`<p>${site.noEditions}</p>\n`}${byYear(sorted).map(([year, editions]) => yearSection(here, year, editions))}</div>
${subscribe(here)}</div>
`;
  const around = surroundings(archive, path, {language, same: (each) => `${folderOf(archive, each)}index.html`});
  return {path, content: renderPage({language, title: series, description: intro, ...around, main})};
}

function latest(here: Here, edition: ArchiveEdition): Markup {
  const {archive, language} = here;
  const text = textOf(language);
  const href = hrefOf(here, edition);
  return html`<section class="latest" aria-labelledby="latest-heading">
<p class="eyebrow">${text.site.latest}</p>
<h2 id="latest-heading"><a href="${href}">${editionTitle(archive, edition, language)}</a></h2>
${renderRating(ratingStrip(edition.grade, language))}<p>${edition.summary[language] ?? ""}</p>
${numbers(here, edition)}<p class="more"><a href="${href}">${text.site.read}</a> · ${text.site.publishedOn(dayText(text, edition.publishedOn))}</p>
</section>
`;
}

/** The handled counts of the edition's week, as far as the history has them. */
function numbers({archive, language}: Here, edition: ArchiveEdition): Markup | null {
  const {history, profile} = archive;
  const {labels} = textOf(language).figures;
  const at = history.weeks.indexOf(edition.week.from);
  const rows = KEY_FIGURES.flatMap((id) => {
    const value = history.values[id]?.[at] ?? null;
    const name = labels[id](profile.bulletin.domestic[language]);
    return value === null ? [] : [{cells: [name, countText(value, language)]}];
  });
  return rows.length === 0 ? null : html`<div class="key">${renderNumbers(rows)}</div>\n`;
}

/** Each issue is a tile with its number, period and grade; the grade is written, and its colour only repeats it. */
function yearSection(here: Here, year: number, editions: readonly ArchiveEdition[]): Markup {
  const {site} = textOf(here.language);
  return html`<section aria-labelledby="year-${year}">
<h2 id="year-${year}">${site.year(year, editions.length)}</h2>
<ul class="issues">
${editions.map((edition) => issueTile(here, edition))}</ul>
</section>
`;
}

function issueTile(here: Here, edition: ArchiveEdition): Markup {
  const text = textOf(here.language);
  const {period} = titleOf(text, "", edition);
  const step = edition.grade === null ? 0 : GRADES.indexOf(edition.grade) + 1;
  const name = edition.grade === null ? "" : gradeName(edition.grade, here.language);
  const number = edition.issue === null ? period : text.site.number(edition.issue.number);
  const corrected = edition.isCorrected && html` (${text.site.corrected})`;
  return html`<li><a class="g${step}" href="${hrefOf(here, edition)}"><b>${number}</b><span class="mark">${
    name !== "" && html`<span class="unseen">${text.site.rated}</span>${name}`
  }</span><small>${period}${corrected}</small></a></li>
`;
}

function subscribe({archive, path, language}: Here): Markup {
  const {site} = textOf(language);
  const links = FEEDS.map(({file, key}) => {
    const href = linkBetween(path, `${folderOf(archive, language)}${file}`);
    return html`<li><a href="${href}">${site.feeds[key]}</a></li>`;
  });
  return html`<aside class="side" aria-label="${site.subscribe}">
<nav aria-labelledby="subscribe-heading"><h2 id="subscribe-heading">${site.subscribe}</h2><ul>${links}</ul></nav>
</aside>
`;
}

function hrefOf({archive, path, language}: Here, edition: ArchiveEdition): string {
  return linkBetween(path, editionPath(archive, edition, {language, variant: edition.variants[0] ?? "long"}));
}

/** Issues belong to the year of their number; one without a number to the year in which its week ends. */
function byYear(editions: readonly ArchiveEdition[]): [number, ArchiveEdition[]][] {
  const years = new Map<number, ArchiveEdition[]>();
  for (const edition of editions) {
    const year = edition.issue?.year ?? Number(edition.week.to.slice(0, 4));
    years.set(year, [...(years.get(year) ?? []), edition]);
  }
  return [...years].toSorted(([a], [b]) => b - a);
}
