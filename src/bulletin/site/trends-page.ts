/** Every indicator over all published weeks: a small line for each, the last year as a table, and all of it as a file. */
import {drawChart} from "../charts.ts";
import type {Language, Table} from "../document.ts";
import {indicatorText} from "../numbers.ts";
import {textOf} from "../text/index.ts";
import {type Archive, folderOf, INDICATORS_PATH, linkBetween, type SiteFile, surroundings} from "./archive.ts";
import {renderTable} from "./blocks.ts";
import {renderPage} from "./frame.ts";
import {drawing, html, type Markup} from "./markup.ts";

const SMALL = 360;
const TABLE_WEEKS = 53;
const NO_VALUE = "—";

/** An indicator of the trends page with its values, one for each week of the history. */
interface Trend {
  readonly id: string;
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** Returns the trends page in the language. */
export function trendsPage(archive: Archive, language: Language): SiteFile {
  const path = `${folderOf(archive, language)}trends/index.html`;
  const text = textOf(language);
  const {profile, history} = archive;
  const trends = trendsOf(archive, language);
  const intro = text.site.trendsIntro(history.weeks.length, history.weeks[0] ?? "", history.weeks.at(-1) ?? "");
  const main = html`<div class="desk alone">
<div class="sheet">
<header class="masthead">
<p class="by"><span>${profile.publisher.name[language]}</span></p>
<h1>${text.site.trends}</h1>
<hr class="rule">
</header>
${archive.stamp && html`<p class="stamp" data-words="${archive.stamp[language]}">${archive.stamp[language]}</p>\n`}${
  trends.length === 0
    ? html`<p>${text.site.noEditions}</p>\n`
    : html`<p class="lead">${intro} <a href="${linkBetween(path, INDICATORS_PATH)}">${text.site.trendsCsv}</a></p>
<div class="trends">
${trends.map((trend) => smallChart(archive, trend, language))}</div>
<h2 class="part-heading">${text.site.trendsTable}</h2>
${renderTable(tableOf(archive, trends, language), {text, language})}`
}</div>
</div>
`;
  const around = surroundings(archive, path, {language, same: (each) => `${folderOf(archive, each)}trends/index.html`});
  const title = `${text.site.trends} · ${profile.bulletin.title[language]}`;
  return {path, content: renderPage({language, title, description: intro, ...around, main})};
}

function smallChart({history, profile}: Archive, {id, name, values}: Trend, language: Language): Markup {
  const {site, figures} = textOf(language);
  const known = values.filter((value) => value !== null);
  const cell = (value: number): string => indicatorText(id, value, {language, usesWan: profile.bulletin.usesWan});
  const last = values.at(-1) ?? null;
  const description = figures.describe.trend(name, [
    cell(Math.min(...known)),
    cell(Math.max(...known)),
    last === null ? NO_VALUE : cell(last),
  ]);
  const chart = drawChart(
    {caption: name, description, chart: {kind: "lines", points: history.weeks, series: [{name, values}]}},
    {language, mode: "page", width: SMALL},
  );
  return html`<figure class="chart" id="trend-${id}">
<h2>${name}</h2>
<p class="now">${site.thisWeek(last === null ? NO_VALUE : cell(last))}</p>
<div class="plot">${drawing(chart)}</div>
</figure>
`;
}

/** Newest week first. Older weeks are in the file. */
function tableOf({history, profile}: Archive, trends: readonly Trend[], language: Language): Table {
  const {figures, site} = textOf(language);
  const as = {language, usesWan: profile.bulletin.usesWan};
  const rows = history.weeks
    .map((week, index) => ({
      cells: [
        week,
        ...trends.map(({id, values}) => {
          const value = values[index] ?? null;
          return value === null ? NO_VALUE : indicatorText(id, value, as);
        }),
      ],
    }))
    .slice(-TABLE_WEEKS)
    .reverse();
  return {
    kind: "table",
    id: "trends",
    caption: site.trendsTable,
    columns: [
      {heading: figures.columns.week, align: "start"},
      ...trends.map(({name}) => ({heading: name, align: "end"}) as const),
    ],
    rows,
  };
}

/** Indicators that have any value, in the order of the definitions, then those of the site's own. */
function trendsOf({profile, history, definitions}: Archive, language: Language): Trend[] {
  const {figures} = textOf(language);
  const domestic = profile.bulletin.domestic[language];
  const order = definitions.map(({id}) => id);
  const rank = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return Object.entries(history.values)
    .filter(([, values]) => values.some((value) => value !== null))
    .toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map(([id, values]) => ({
      id,
      name: figures.alone(id, domestic) ?? definitions.find((each) => each.id === id)?.title[language] ?? id,
      values,
    }));
}
