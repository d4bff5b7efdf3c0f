/** Figures: a chart, its caption, a description in words and the same data as a table. */
import type {Dimension} from "../../model/indicator.ts";
import {firstCells, type Parts} from "../breakdowns.ts";
import type {Figure, Table, TableColumn} from "../document.ts";
import {nameOf} from "../names.ts";
import {countText, pointsText, type Share, shareText} from "../numbers.ts";
import type {zhFigures} from "../text/zh-figures.ts";
import {type Context, indicatorOf} from "./context.ts";
import {comparisonTable, NO_VALUE, previousCell, trendCell, valueCell} from "./tables.ts";

/** Id and printed caption of a figure. */
export interface Heading {
  readonly id: string;
  readonly caption: string;
}

/** Indicators that have a name short enough for a bar. */
export type BarKey = keyof (typeof zhFigures)["bars"];

/** Cells of a breakdown with what they are cells of. */
export interface Breakdown {
  readonly dimension: Dimension;
  readonly cells: Parts;
  /** How many are drawn; the rest is other. */
  readonly most: number;
  /** The cells of last week, where the change of each share is to be printed in points. */
  readonly before?: Parts;
}

/**
 * Returns bars of this week beside last week; indicators without a value are left out. Null when none is left, or when all
 * bars would be of no height.
 */
export function barFigure(context: Context, heading: Heading, ids: readonly BarKey[]): Figure | null {
  const {bars, columns, describe} = context.text.figures;
  const measured = ids.filter((id) => indicatorOf(context, id).value !== null);
  const values = measured.map((id) => indicatorOf(context, id));
  if (values.every(({value, previous}) => (value ?? 0) === 0 && (previous ?? 0) === 0)) return null;
  const before = {name: columns.lastWeek, values: values.map(({previous}) => previous)};
  const now = {name: columns.thisWeek, values: values.map(({value}) => value)};
  const rows = measured.map((id) => ({
    cells: [bars[id], valueCell(context, id) ?? NO_VALUE, previousCell(context, id), trendCell(context, id)],
  }));
  const said = rows.map(({cells: [name = "", value = "", last = ""]}) =>
    describe.compared(name, value, last === NO_VALUE ? null : last),
  );
  return {
    kind: "figure",
    ...heading,
    description: describe.all(said),
    chart: {
      kind: "bars",
      categories: measured.map((id) => bars[id]),
      series: before.values.every((value) => value === null) ? [now] : [before, now],
    },
    data: comparisonTable(context, {...heading, id: `${heading.id}-data`, heading: columns.name}, rows),
  };
}

/**
 * Returns the cells as parts of a ring, or as ranked bars; null when the public may see none by its name. Cells that
 * overlap are no slices of a ring.
 */
export function cellFigure(
  context: Context,
  heading: Heading,
  {look, ...breakdown}: Breakdown & {readonly look: "ring" | "rank"},
): Figure | null {
  if (breakdown.cells.cells.length === 0) return null;
  const items = itemsOf(context, breakdown);
  const chart =
    look === "ring" && !breakdown.cells.isOverlapping
      ? ({kind: "shares", parts: items} as const)
      : ({kind: "rank", items, isShare: false} as const);
  const said = saying(context, heading, {items, cells: breakdown.cells});
  return {kind: "figure", ...heading, chart, ...said, data: withPoints(context, said.data, breakdown)};
}

/** Returns the ring of shares that a figures file states without counts. */
export function statedShareFigure(
  context: Context,
  heading: Heading,
  parts: readonly {readonly name: string; readonly share: Share}[],
): Figure | null {
  if (parts.length < 2) return null;
  const {columns, describe} = context.text.figures;
  const rows = parts.map(({name, share}) => ({cells: [name, `${shareText(share) ?? NO_VALUE}%`]}));
  return {
    kind: "figure",
    ...heading,
    description: describe.all(rows.map(({cells}) => cells.join(" "))),
    chart: {kind: "shares", parts: parts.map(({name, share}) => ({name, value: share.part / share.whole}))},
    data: dataTable(heading, columnsOf([columns.name, columns.share]), rows),
  };
}

/** Returns a tile for each unit that the public may see a number of; null when there is none. */
export function tileFigure(
  context: Context,
  heading: Heading,
  {cells, units}: {cells: Parts; units: readonly {readonly code: string; readonly zh: string; readonly en: string}[]},
): Figure | null {
  if (cells.cells.length === 0) return null;
  const values = new Map(cells.cells.map(({key, value}) => [key, value]));
  const tiles = units.map((unit) => ({
    key: unit.code,
    name: unit[context.language],
    value: values.get(unit.code) ?? null,
  }));
  const items = itemsOf(context, {dimension: "province", cells, most: Number.POSITIVE_INFINITY});
  return {
    kind: "figure",
    ...heading,
    chart: {kind: "tiles", tiles},
    ...saying(context, heading, {items, cells}),
  };
}

/** Returns lines over the weeks of the history; null when fewer than four weeks have a value. */
export function lineFigure(context: Context, heading: Heading, ids: readonly BarKey[]): Figure | null {
  const {history} = context.input;
  const {bars, columns, describe} = context.text.figures;
  if (!history) return null;
  const series = ids
    .map((id) => ({id, name: bars[id], values: history.values[id] ?? []}))
    .filter(({values}) => values.filter((value) => value !== null).length >= LEAST_WEEKS);
  if (series.length === 0) return null;
  const cell = (value: number | null | undefined): string =>
    value === null || value === undefined ? NO_VALUE : countText(value, context.language);
  const said = series.map(({name, values}) => {
    const known = values.filter((value) => value !== null);
    return describe.trend(name, [cell(Math.min(...known)), cell(Math.max(...known)), cell(values.at(-1))]);
  });
  const rows = history.weeks.map((week, index) => ({
    cells: [week, ...series.map(({values}) => cell(values[index]))],
  }));
  const span = describe.weeks(history.weeks.length, history.weeks[0] ?? "", history.weeks.at(-1) ?? "");
  return {
    kind: "figure",
    ...heading,
    description: `${span}${describe.all(said)}`,
    chart: {kind: "lines", points: history.weeks, series: series.map(({name, values}) => ({name, values}))},
    data: dataTable(heading, columnsOf([columns.week, ...series.map(({name}) => name)]), rows),
  };
}

const LEAST_WEEKS = 4;
/** How many cells a description names; the table has them all. */
const SAID = 5;

interface Item {
  readonly name: string;
  readonly value: number;
}

function itemsOf(context: Context, {dimension, cells, most}: Breakdown): Item[] {
  const {unknown, other} = context.text.figures;
  const first = firstCells(cells, most);
  const items = first.cells.map(({key, value}) => ({name: nameOf(dimension, key, context.language) ?? unknown, value}));
  return first.other === null ? items : [...items, {name: other, value: first.other}];
}

function saying(
  context: Context,
  heading: Heading,
  {items, cells}: {items: readonly Item[]; cells: Parts},
): Pick<Figure, "description" | "data"> {
  const {columns, describe, other} = context.text.figures;
  const shareOf = ({name, value}: Item): string | null =>
    cells.isOverlapping && name === other ? null : shareText({part: value, whole: cells.whole});
  const rows = items.map((item) => {
    const share = shareOf(item);
    return {
      cells: [item.name, countText(item.value, context.language), share === null ? NO_VALUE : `${share}%`],
    };
  });
  const said = rows
    .slice(0, SAID)
    .map(({cells: [name = "", count = "", share = ""]}) =>
      describe.counted(name, count, share === NO_VALUE ? null : share.replace("%", "")),
    );
  const merged = cells.other === null ? "" : describe.merged(context.profile.mergeBelow);
  const overlapping = cells.isOverlapping ? describe.overlapping : "";
  return {
    description: `${describe.all(said)}${merged}${overlapping}`,
    data: dataTable(heading, columnsOf([columns.name, columns.count, columns.share]), rows),
  };
}

/** Adds the change of each share in points; only where nothing had to be merged in either week. */
function withPoints(context: Context, table: Table, {cells, before, dimension}: Breakdown): Table {
  if (!before || before.cells.length === 0 || before.other !== null || cells.other !== null) return table;
  const points = new Map(
    cells.cells.map(({key, value}) => {
      const last = before.cells.find((cell) => cell.key === key)?.value ?? 0;
      return [nameOf(dimension, key, context.language), pointsText(value / cells.whole - last / before.whole)];
    }),
  );
  return {
    ...table,
    columns: [...table.columns, {heading: context.text.figures.columns.points, align: "end"}],
    rows: table.rows.map((row) => ({...row, cells: [...row.cells, points.get(row.cells[0] ?? "") ?? NO_VALUE]})),
  };
}

function columnsOf(headings: readonly string[]): TableColumn[] {
  return headings.map((heading, index) => ({heading, align: index === 0 ? "start" : "end"}));
}

function dataTable({id, caption}: Heading, columns: readonly TableColumn[], rows: Table["rows"]): Table {
  return {kind: "table", id: `${id}-data`, caption, columns, rows};
}
