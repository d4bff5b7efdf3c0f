/** The rating and every indicator over all published weeks: a line for each, the last year as a table, and all of it as a file. */
import {oneDecimal} from "../../model/rounding.ts";
import {addDays} from "../../model/week.ts";
import {drawChart} from "../charts.ts";
import type {Figure, Language, Table} from "../document.ts";
import {gradeName, ratingStrip} from "../grades.ts";
import {decimalText, valueText} from "../numbers.ts";
import {isTrend} from "../printed.ts";
import {textOf} from "../text/index.ts";
import {dayText} from "../titles.ts";
import {
  type Archive,
  type ArchiveEdition,
  folderOf,
  INDICATORS_PATH,
  linkBetween,
  type SiteFile,
  surroundings,
} from "./archive.ts";
import {renderPlot, renderTable} from "./blocks.ts";
import {renderPage} from "./frame.ts";
import {drawing, html, type Markup} from "./markup.ts";

const SMALL = 360;
const TABLE_WEEKS = 53;
const NO_VALUE = "—";
const LARGEST_INDEX = 100;

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
  const [first = "", last = ""] = [history.weeks[0], history.weeks.at(-1)];
  const days = last === "" ? ["", ""] : [dayText(text, first), dayText(text, addDays(last, 6))];
  const intro = text.site.trendsIntro(history.weeks.length, days[0] ?? "", days[1] ?? "");
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
${ratingChart(archive, language)}<div class="trends">
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

/** The editions of the weeks, null where there is none. */
function editionsOf({history, editions}: Archive): (ArchiveEdition | null)[] {
  return history.weeks.map((week) => editions.find((each) => each.week.from === week) ?? null);
}

/** The index in the ranges of the five grades; a reviewer may have rated otherwise, which the table says. */
function ratingChart(archive: Archive, language: Language): Markup | null {
  const {profile, history} = archive;
  const {site, figures} = textOf(language);
  const editions = editionsOf(archive);
  const values = editions.map((each) => (each?.index == null ? null : Number(oneDecimal(each.index))));
  const known = values.filter((value) => value !== null);
  const last = editions.at(-1) ?? null;
  if (known.length === 0) return null;
  const say = (value: number | null): string => (value === null ? NO_VALUE : decimalText(value, language));
  const now = say(last?.index ?? null);
  const {names} = ratingStrip(last?.grade ?? null, language);
  const ends = [...profile.rating.cuts, LARGEST_INDEX];
  const bands = names.map((name, index) => ({name, to: ends[index] ?? LARGEST_INDEX}));
  const figure: Pick<Figure, "chart" | "caption" | "description"> = {
    caption: site.index,
    description: figures.describe.trend(site.index, [say(Math.min(...known)), say(Math.max(...known)), now]),
    chart: {kind: "lines", points: history.weeks, series: [{name: site.index, values}], bands},
  };
  const grade = last?.grade == null ? NO_VALUE : gradeName(last.grade, language);
  return html`<figure class="chart alone" id="trend-rating">
<h2>${site.index}</h2>
<p class="now">${site.ratedNow(grade, now)}</p>
${renderPlot(figure, language)}</figure>
`;
}

function smallChart({history}: Archive, {id, name, values}: Trend, language: Language): Markup {
  const {site, figures} = textOf(language);
  const known = values.filter((value) => value !== null);
  const last = values.at(-1) ?? null;
  const now = last === null ? NO_VALUE : valueText(last, language);
  const description = figures.describe.trend(name, [
    valueText(Math.min(...known), language),
    valueText(Math.max(...known), language),
    now,
  ]);
  const chart = drawChart(
    {caption: name, description, chart: {kind: "lines", points: history.weeks, series: [{name, values}]}},
    {language, mode: "page", width: SMALL},
  );
  return html`<figure class="chart" id="trend-${id}">
<h2>${name}</h2>
<p class="now">${site.thisWeek(now)}</p>
<div class="plot">${drawing(chart)}</div>
</figure>
`;
}

/** Newest week first. Older weeks are in the file. */
function tableOf(archive: Archive, trends: readonly Trend[], language: Language): Table {
  const {figures, site} = textOf(language);
  const editions = editionsOf(archive);
  const cell = (value: number | null | undefined): string =>
    value === null || value === undefined ? NO_VALUE : valueText(value, language);
  const rows = archive.history.weeks
    .map((week, at) => {
      const {grade = null, index = null} = editions[at] ?? {};
      const rated = [
        grade === null ? NO_VALUE : gradeName(grade, language),
        index === null ? NO_VALUE : decimalText(index, language),
      ];
      return {cells: [week, ...rated, ...trends.map(({values}) => cell(values[at]))]};
    })
    .slice(-TABLE_WEEKS)
    .reverse();
  const headings = [figures.rating, site.index, ...trends.map(({name}) => name)];
  return {
    kind: "table",
    id: "trends",
    caption: site.trendsTable,
    columns: [
      {heading: figures.columns.week, align: "start"},
      ...headings.map((heading) => ({heading, align: "end"}) as const),
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
    .filter(([id, values]) => isTrend(id) && values.some((value) => value !== null))
    .toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map(([id, values]) => ({
      id,
      name: figures.alone(id, domestic) ?? definitions.find((each) => each.id === id)?.title[language] ?? id,
      values,
    }));
}
