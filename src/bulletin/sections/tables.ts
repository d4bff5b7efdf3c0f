/** How indicators look in the cells of tables. */
import type {Table, TableColumn} from "../document.ts";
import {type Change, changeOf, countText, sampledText} from "../numbers.ts";
import {type Context, indicatorOf} from "./context.ts";

/** Stands in a cell where nothing was measured. */
export const NO_VALUE = "—";

const ARROWS = {up: "↑", down: "↓", same: "→"} as const;

/** Returns the value of this week, exact; of which only a rounded one is known, that with 约. Null when not measured. */
export function valueCell(context: Context, id: string): string | null {
  const {language, wording, text} = context;
  const {value, isRounded} = indicatorOf(context, id);
  if (value === null) return null;
  const rounded = isRounded ? sampledText(value, language, wording.usesWan) : null;
  return rounded?.isAbout ? text.figures.about(rounded.text) : countText(value, language);
}

/** Returns the value of last week, a dash when it is missing. */
export function previousCell(context: Context, id: string): string {
  const {previous} = indicatorOf(context, id);
  return previous === null ? NO_VALUE : countText(previous, context.language);
}

/** Returns the change with its arrow, such as `↓ 35.7%`; a dash when there is nothing to compare with. */
export function trendCell(context: Context, id: string): string {
  const change = changeOf(indicatorOf(context, id));
  return change === null ? NO_VALUE : `${ARROWS[change.direction]} ${amountOf(context, id, change)}`;
}

/** New names and families are few: their change is printed as a number, as published in 2015 and 2016. */
function amountOf(context: Context, id: string, change: Change): string {
  const {value, previous} = indicatorOf(context, id);
  const isAbsolute = id.startsWith("malware.") && value !== null && previous !== null;
  return isAbsolute ? countText(Math.abs(value - previous), context.language) : `${change.percent}%`;
}

/**
 * Returns a table of indicators: name, this week, last week, change. The last two columns are there only when some row
 * has something in them. Rows without a value are the caller's to leave out.
 */
export function comparisonTable(
  {text}: Context,
  {id, caption, heading}: {id: string; caption: string; heading: string},
  rows: Table["rows"],
): Table {
  const {columns} = text.figures;
  const all: TableColumn[] = [
    {heading, align: "start"},
    {heading: columns.thisWeek, align: "end"},
    {heading: columns.lastWeek, align: "end"},
    {heading: columns.change, align: "end"},
  ];
  const isUsed = all.map((_, index) => index < 2 || rows.some(({cells}) => cells[index] !== NO_VALUE));
  return {
    kind: "table",
    id,
    caption,
    columns: all.filter((_, index) => isUsed[index]),
    rows: rows.map((row) => ({...row, cells: row.cells.filter((_, index) => isUsed[index])})),
  };
}
