/** The blocks of a document tree as HTML. */
import {GRADES} from "../../model/indicator.ts";
import {drawChart} from "../charts.ts";
import type {Block, EditionDocument, Figure, List, Note, RatingStrip, Section, Span, Table} from "../document.ts";
import {safeLink} from "../escape.ts";
import {textOf} from "../text/index.ts";
import type {Text} from "../text/zh.ts";
import {drawing, html, type Markup} from "./markup.ts";

/** What blocks are rendered with. */
export interface Words {
  readonly text: Text;
  readonly language: EditionDocument["language"];
}

/** Widths at which charts are drawn, so that their letters keep their size: alone on a wide page, or small. */
const WIDE = 720;
const RING = 560;
const SMALL = 360;
const MANY_COLUMNS = 4;

/** Returns a section with its heading. */
export function renderSection(section: Section, words: Words): Markup {
  return html`<section id="${section.id}" aria-labelledby="${section.id}-heading">
<h2 id="${section.id}-heading">${section.heading}</h2>
${grouped(section.blocks).map((group) => renderGroup(group, words))}
</section>
`;
}

/** Figures that follow each other stand side by side; everything else stands alone. */
function grouped(blocks: readonly Block[]): Block[][] {
  const groups: Block[][] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (last && isSmall(block) && last.every(isSmall)) last.push(block);
    else groups.push([block]);
  }
  return groups;
}

function isSmall(block: Block): block is Figure {
  return block.kind === "figure" && block.chart.kind !== "lines" && block.chart.kind !== "tiles";
}

function renderGroup(group: readonly Block[], words: Words): Markup {
  const figures = group.filter(isSmall);
  if (figures.length < 2) return html`${group.map((block) => renderBlock(block, words))}`;
  const isOdd = figures.length % 2 === 1;
  return html`<div class="figures">
${figures.map((figure, index) => renderFigure(figure, words, isOdd && index === figures.length - 1))}</div>
`;
}

function renderBlock(block: Block, words: Words): Markup {
  switch (block.kind) {
    case "paragraph":
      return html`<p id="p-${block.id}">${block.spans.map(renderSpan)}</p>
`;
    case "table":
      return block.look === "key-figures" ? renderKeyFigures(block) : renderTable(block, words);
    case "figure":
      return renderFigure(block, words, true);
    case "list":
      return renderList(block);
    case "rating":
      return renderRating(block);
    case "note":
      return renderNote(block);
  }
}

function renderSpan({text, strong, link, lang}: Span): Markup {
  const safe = link === undefined ? null : safeLink(link);
  const plain = lang === undefined ? html`${text}` : html`<span lang="${textOf(lang).site.tag}">${text}</span>`;
  const words = strong ? html`<strong>${plain}</strong>` : plain;
  return safe === null ? words : html`<a href="${safe}">${words}</a>`;
}

function renderList({id, items}: List): Markup {
  return html`<ul class="list ${id}">
${items.map((item) => html`<li>${item.map(renderSpan)}</li>\n`)}</ul>
`;
}

function renderNote({id, tone, spans}: Note): Markup {
  return html`<p class="note ${tone}" id="n-${id}" role="note">${spans.map(renderSpan)}</p>
`;
}

/** Returns the five steps from best to worst; the one that holds is larger and filled, so that colour is not needed. */
export function renderRating({grade, label, names, description}: RatingStrip): Markup {
  const steps = names.map((name, index) => {
    const isMarked = grade !== null && index === GRADES.indexOf(grade);
    return html`<span class="step g${index + 1}${isMarked ? " on" : ""}">${name}</span>`;
  });
  return html`<div class="rating">
<span class="rating-label" aria-hidden="true">${label}</span>
<div class="steps" role="img" aria-label="${label}. ${description}">${steps}</div>
</div>
`;
}

function renderKeyFigures({id, caption, rows}: Table): Markup {
  return html`<figure class="key" id="t-${id}">
${renderNumbers(rows)}<figcaption>${caption}</figcaption>
</figure>
`;
}

/** Returns a few large numbers with their names. */
export function renderNumbers(rows: Table["rows"]): Markup {
  return html`<dl>
${rows.map(({cells: [name = "", value = ""]}) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
`;
}

/** Returns the table; one with many columns scrolls by itself on a narrow screen and can then be reached by keyboard. */
export function renderTable(table: Table, words: Words): Markup {
  const isWide = table.columns.length >= MANY_COLUMNS && table.look !== "front";
  const classes = table.look === "front" ? "front" : "plain";
  const markup = html`<table class="${classes}" id="t-${table.id}">
<caption>${table.caption}</caption>
<thead><tr>${table.columns.map(
    ({heading, align}) => html`<th scope="col"${align === "end" && html` class="end"`}>${heading}</th>`,
  )}</tr></thead>
<tbody>
${table.rows.map((row) => renderRow(row, table, words))}</tbody>
</table>
`;
  if (!isWide) return markup;
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${table.caption}">
${markup}</div>
`;
}

function renderRow({cells, isIndented, trend}: Table["rows"][number], table: Table, {text}: Words): Markup {
  const last = table.columns.length - 1;
  return html`<tr${isIndented === true && html` class="part"`}>${cells.map((cell, index) => {
    if (index === 0) return html`<th scope="row">${cell}</th>`;
    if (index === last && trend) return html`<td class="end trend ${trend}">${trendWords(cell, text.site[trend])}</td>`;
    return html`<td${table.columns[index]?.align === "end" && html` class="end"`}>${cell}</td>`;
  })}</tr>
`;
}

/** The arrow is for eyes; who listens hears the word. */
function trendWords(cell: string, word: string): Markup {
  const [arrow = "", ...rest] = cell.split(" ");
  return html`<span aria-hidden="true">${arrow}</span><span class="unseen">${word}</span> ${rest.join(" ")}`;
}

/** Returns the chart of a figure that stands alone: drawn for a wide place and for a narrow one, of which one is shown. */
export function renderPlot(
  figure: Pick<Figure, "chart" | "caption" | "description">,
  language: EditionDocument["language"],
): Markup {
  const chart = (width: number): Markup => drawing(drawChart(figure, {language, mode: "page", width}));
  const isRing = figure.chart.kind === "shares";
  return html`<div class="plot"><div class="wide${isRing && " ring"}">${chart(isRing ? RING : WIDE)}</div><div class="narrow">${chart(SMALL)}</div></div>
`;
}

function renderFigure(figure: Figure, words: Words, isAlone: boolean): Markup {
  const {language} = words;
  const small = (): Markup =>
    html`<div class="plot">${drawing(drawChart(figure, {language, mode: "page", width: SMALL}))}</div>\n`;
  return html`<figure class="chart${isAlone && " alone"}" id="f-${figure.id}">
${isAlone ? renderPlot(figure, language) : small()}<figcaption>${figure.caption}</figcaption>
<details><summary>${words.text.site.showData}<span class="unseen"> ${figure.caption}</span></summary>
${renderTable(figure.data, words)}</details>
</figure>
`;
}
