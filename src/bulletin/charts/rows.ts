import type {RankChart} from "../chart.ts";
import type {Look, Paint} from "./paint.ts";
import {type Drawing, type Pen, penFor, round} from "./svg.ts";
import {type Type, textWidth, wrap} from "./text.ts";
import {largest, measured, NOT_MEASURED, shareLabel, valueLabel} from "./values.ts";

/** One name with its lying bars. */
export interface Row {
  readonly name: string;
  readonly bars: readonly {readonly value: number | null; readonly paint: Paint}[];
}

const NAME: Type = {size: 12.5};
const VALUE: Type = {size: 12};
const NAME_LINE = 16;
const BAR = 14;
const BAR_PITCH = 17;
const ROW_GAP = 9;
const GAP = 8;
/** More rows than these stand in the table only. */
const MOST_ROWS = 40;
const WIDEST_NAMES = 0.4;

const MORE = {
  zh: (count: number) => `另有${count}项，见数据表`,
  en: (count: number) => `${count} more in the table`,
};
const NOTHING = {zh: "没有数据", en: "No data"};

/** Draws a ranking: one lying bar for each name, in the order given. */
export function drawRank(chart: RankChart, look: Look): Drawing {
  const rows = chart.items.map(({name, value}): Row => ({name, bars: [{value, paint: "s1"}]}));
  return drawRows(rows, look, chart.isShare ? shareLabel : undefined);
}

/** Draws names on the left and their bars to the right, each with its value at its end. */
export function drawRows(
  rows: readonly Row[],
  look: Look,
  print = (value: number | null): string => valueLabel(value, look.language),
): Drawing {
  const pen = penFor(look);
  if (rows.length === 0) return {height: 32, marks: [note(pen, NOTHING[look.language], 20)]};
  const shown = rows.length > MOST_ROWS ? rows.slice(0, MOST_ROWS - 1) : rows;
  const plan = planFor(shown, look, print);
  const marks: string[] = [];
  let y = 2;
  for (const [index, row] of shown.entries()) {
    const lines = plan.names[index] ?? [];
    const barsHeight = row.bars.length * BAR_PITCH - (BAR_PITCH - BAR);
    const height = Math.max(barsHeight, lines.length * NAME_LINE);
    marks.push(...nameOf(pen, {lines, x: plan.zero - GAP, middle: y + height / 2}));
    marks.push(...barsOf(pen, row, {...plan, top: y + (height - barsHeight) / 2, print}));
    y += height + ROW_GAP;
  }
  const path = `M${round(plan.zero)} 0V${round(y - ROW_GAP + 2)}`;
  marks.push(pen.stroke({path, paint: "axis", width: 1}));
  if (shown.length === rows.length) return {height: y - ROW_GAP + 4, marks};
  return {height: y + 16, marks: [...marks, note(pen, MORE[look.language](rows.length - shown.length), y + 8)]};
}

interface Plan {
  /** Where the bars begin, and how long the longest is. */
  readonly zero: number;
  readonly length: number;
  readonly most: number;
  readonly names: readonly (readonly string[])[];
}

function planFor(rows: readonly Row[], look: Look, print: (value: number | null) => string): Plan {
  const bars = rows.flatMap((row) => row.bars);
  const room = {width: look.width * WIDEST_NAMES, most: 2};
  const names = rows.map((row) => wrap(row.name, room, NAME));
  const widest = Math.max(...names.flat().map((line) => textWidth(line, NAME)), 0);
  const labels = Math.max(...bars.map(({value}) => textWidth(print(value), VALUE)), 0);
  const zero = widest + GAP + 1;
  const length = Math.max(8, look.width - zero - labels - 8);
  return {zero, length, most: largest(bars.map(({value}) => value)), names};
}

function nameOf(pen: Pen, at: {lines: readonly string[]; x: number; middle: number}): string[] {
  const first = at.middle - ((at.lines.length - 1) * NAME_LINE) / 2 + 4.5;
  return at.lines.map((text, line) =>
    pen.label({x: at.x, y: first + line * NAME_LINE, text, paint: "ink", anchor: "end", ...NAME}),
  );
}

function barsOf(
  pen: Pen,
  row: Row,
  at: Plan & {readonly top: number; readonly print: (value: number | null) => string},
): string[] {
  return row.bars.flatMap(({value, paint}, index) => {
    const y = at.top + index * BAR_PITCH;
    const known = measured(value);
    const width = known === null || at.most === 0 ? 0 : (known / at.most) * at.length;
    const x = at.zero + width + 6;
    const text = known === null ? NOT_MEASURED : at.print(known);
    const label = pen.label({x, y: y + 11.5, text, paint: known === null ? "muted" : "ink", ...VALUE});
    return known === null ? [label] : [lyingBar(pen, {x: at.zero, y, width, paint}), label];
  });
}

/** A bar with rounded end; zero keeps a hair line, so that it is seen to be measured. */
function lyingBar(pen: Pen, bar: {x: number; y: number; width: number; paint: Paint}): string {
  if (bar.width < 3) return pen.box({...bar, width: Math.max(1.5, bar.width), height: BAR});
  const [x, y, run] = [round(bar.x), round(bar.y), round(bar.width - 2)];
  return pen.shape(`M${x} ${y}h${run}q2 0 2 2v${BAR - 4}q0 2 -2 2h${-run}z`, bar.paint);
}

function note(pen: Pen, text: string, y: number): string {
  return pen.label({x: 1, y, text, paint: "muted", size: 12});
}
