/**
 * All text of a document tree, changed by one function or read. compose.ts sends every tree through it once, so that
 * no renderer meets a character that hides or turns text around, nor a link that leads where it should not.
 */

import type {Block, EditionDocument, Figure, Span, Table} from "./document.ts";
import {safeLink} from "./escape.ts";

/** Returns the tree with `change` applied to each text in it; links that are not safe are taken away, their text stays. */
export function mapText(document: EditionDocument, change: (text: string) => string): EditionDocument {
  return {
    ...document,
    title: change(document.title),
    series: change(document.series),
    publisher: change(document.publisher),
    summary: change(document.summary),
    stamp: document.stamp === null ? null : change(document.stamp),
    sections: document.sections.map((section) => ({
      ...section,
      heading: change(section.heading),
      blocks: section.blocks.map((block) => mapBlock(block, change)),
    })),
  };
}

/** Returns the words of spans in a row. */
export function spansText(spans: readonly Span[]): string {
  return spans.map(({text}) => text).join("");
}

function mapBlock(block: Block, change: (text: string) => string): Block {
  switch (block.kind) {
    case "table":
      return mapTable(block, change);
    case "figure":
      return mapFigure(block, change);
    case "list":
      return {...block, items: block.items.map((item) => item.map((span) => mapSpan(span, change)))};
    case "rating":
      return {...block, label: change(block.label), description: change(block.description)};
    default:
      return {...block, spans: block.spans.map((span) => mapSpan(span, change))};
  }
}

function mapSpan({text, strong, link, lang}: Span, change: (text: string) => string): Span {
  const safe = link === undefined ? null : safeLink(link);
  return {
    text: change(text),
    ...(strong === undefined ? {} : {strong}),
    ...(safe === null ? {} : {link: safe}),
    ...(lang === undefined ? {} : {lang}),
  };
}

function mapTable(table: Table, change: (text: string) => string): Table {
  return {
    ...table,
    caption: change(table.caption),
    columns: table.columns.map((column) => ({...column, heading: change(column.heading)})),
    rows: table.rows.map((row) => ({...row, cells: row.cells.map(change)})),
  };
}

function mapFigure(figure: Figure, change: (text: string) => string): Figure {
  const {chart} = figure;
  const named = <T extends {readonly name: string}>(items: readonly T[]): T[] =>
    items.map((item) => ({...item, name: change(item.name)}));
  const drawn = (): Figure["chart"] => {
    switch (chart.kind) {
      case "bars":
        return {...chart, categories: chart.categories.map(change), series: named(chart.series)};
      case "lines":
        return {...chart, series: named(chart.series), ...(chart.bands ? {bands: named(chart.bands)} : {})};
      case "rank":
        return {...chart, items: named(chart.items)};
      case "shares":
        return {...chart, parts: named(chart.parts)};
      default:
        return {...chart, tiles: named(chart.tiles)};
    }
  };
  return {
    ...figure,
    caption: change(figure.caption),
    description: change(figure.description),
    chart: drawn(),
    data: mapTable(figure.data, change),
  };
}
