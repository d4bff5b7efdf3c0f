import type {LineChart} from "../chart.ts";
import type {Language} from "../document.ts";
import {axisOfBands, drawBands} from "./bands.ts";
import {drawLegend} from "./legend.ts";
import {type Look, type Paint, SERIES_PAINTS} from "./paint.ts";
import {drawRows} from "./rows.ts";
import {type Axis, axisFromZero} from "./scale.ts";
import {type Drawing, type Pen, penFor, round} from "./svg.ts";
import {shorten, type Type, textWidth} from "./text.ts";
import {largest, measured, tickLabel, valueLabel} from "./values.ts";
import {weekLabels} from "./week-labels.ts";

const TOP = 22;
const PLOT = 180;
const FLOOR = TOP + PLOT;
const TICK: Type = {size: 11};
const END: Type = {size: 12};
const END_LINE = 16;
/** Up to so many weeks each has its dot: a line between two weeks would show a course that nobody saw. */
const FEW = 8;

/** One series as it is drawn: its points, its colour, what stands at its end. */
interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly paint: Paint;
}

interface Plan {
  readonly axis: Axis;
  readonly left: number;
  readonly right: number;
  /** Whether the names stand at the ends of the lines; else above in a legend. */
  readonly namesAtEnds: boolean;
}

/** Draws lines over weeks; what was not measured is a gap in the line. */
export function drawLines(chart: LineChart, look: Look): Drawing {
  if (chart.points.length === 0 || chart.series.length === 0) return drawRows([], look);
  const lines = chart.series.map(({name, values}, index): Line => {
    const known = chart.points.map((_, point) => measured(values[point]));
    return {name, values: known, paint: SERIES_PAINTS[index] ?? "rest"};
  });
  const plan = planFor(lines, chart.bands, look);
  const pen = penFor(look);
  const legend = plan.namesAtEnds ? {height: 0, marks: []} : drawLegend(lines, look);
  return {
    height: legend.height + FLOOR + 38,
    marks: [
      ...legend.marks,
      `<g transform="translate(0 ${legend.height})">`,
      ...grid(pen, plan, look.language),
      ...drawBands(pen, chart.bands ?? [], {axis: plan.axis, left: plan.left, floor: FLOOR, height: PLOT}),
      ...weekLabels(chart.points, {left: plan.left, right: plan.right, floor: FLOOR, look}),
      ...lines.flatMap((line) => stroke(pen, line, plan)),
      ...(lines.length === 1 && chart.bands === undefined ? peak(pen, lines, {plan, language: look.language}) : []),
      ...ends(pen, lines, {plan, look}),
      "</g>",
    ],
  };
}

function planFor(lines: readonly Line[], bands: LineChart["bands"], look: Look): Plan {
  const axis = bands ? axisOfBands(bands) : axisFromZero(largest(lines.flatMap((line) => line.values)));
  const left = Math.max(...axis.ticks.map((tick) => textWidth(tickLabel(tick, look.language), TICK)), 14) + 10;
  const widths = (named: boolean) => Math.max(...lines.map((line) => textWidth(endLabel(line, named, look), END)));
  const namesAtEnds =
    lines.length > 1 && lines.length * END_LINE <= PLOT && look.width >= 420 && widths(true) <= look.width * 0.42;
  return {axis, left, right: look.width - widths(namesAtEnds) - 14, namesAtEnds};
}

function endLabel(line: Line, named: boolean, look: Look): string {
  const value = valueLabel(line.values.at(-1) ?? null, look.language);
  return named ? `${shorten(line.name, look.width * 0.3, END)} ${value}` : value;
}

function grid(pen: Pen, plan: Plan, language: Language): string[] {
  return plan.axis.ticks.flatMap((tick, index) => {
    const y = round(FLOOR - plan.axis.at(tick) * PLOT);
    const path = `M${round(plan.left)} ${y}H${round(plan.right)}`;
    const text = tickLabel(tick, language);
    return [
      pen.stroke({path, paint: index === 0 ? "axis" : "grid", width: 1}),
      pen.label({x: plan.left - 6, y: y + 4, text, paint: "muted", anchor: "end", ...TICK}),
    ];
  });
}

/** Where the point lies; a single week stands in the middle. */
function place(line: Line, index: number, plan: Plan): {x: number; y: number} {
  const last = line.values.length - 1;
  const x = plan.left + (last === 0 ? 0.5 : index / last) * (plan.right - plan.left);
  return {x: round(x), y: round(FLOOR - plan.axis.at(line.values[index] ?? 0) * PLOT)};
}

function stroke(pen: Pen, line: Line, plan: Plan): string[] {
  const has = (index: number) => (line.values[index] ?? null) !== null;
  const points = line.values.map((_, index) => index).filter(has);
  const path = points
    .map((index) => {
      const {x, y} = place(line, index, plan);
      return `${has(index - 1) ? "L" : "M"}${x} ${y}`;
    })
    .join("");
  // a week between two gaps would be a line without length
  const alone = points.filter((index) => points.length <= FEW || (!has(index - 1) && !has(index + 1)));
  return [
    ...(path === "" ? [] : [pen.stroke({path, paint: line.paint, width: 2})]),
    ...alone.map((index) => pen.dot({...place(line, index, plan), radius: 2.5, paint: line.paint})),
  ];
}

/** The value of the highest week, when it is not the last one, which has its label anyway. */
function peak(pen: Pen, [line]: readonly Line[], at: {plan: Plan; language: Language}): string[] {
  if (line === undefined) return [];
  const most = largest(line.values);
  const index = line.values.indexOf(most);
  if (index < 0 || index === line.values.length - 1) return [];
  const text = valueLabel(most, at.language);
  const half = textWidth(text, END) / 2;
  const {x, y} = place(line, index, at.plan);
  const middle = Math.min(Math.max(x, at.plan.left + half), at.plan.right - half);
  return [
    pen.dot({x, y, radius: 2.5, paint: line.paint}),
    pen.label({x: middle, y: y - 7, text, paint: "ink", anchor: "middle", ...END}),
  ];
}

/** The labels at the right: each as near to its line's end as the others allow. */
function ends(pen: Pen, lines: readonly Line[], {plan, look}: {plan: Plan; look: Look}): string[] {
  const wanted = lines.map((line) => {
    const index = line.values.findLastIndex((value) => value !== null);
    return index < 0 ? {x: plan.right, y: FLOOR, isDrawn: false} : {...place(line, index, plan), isDrawn: true};
  });
  const heights = spread(wanted.map(({y}) => y));
  return lines.flatMap((line, index) => {
    const end = wanted[index];
    const y = heights[index];
    if (end === undefined || y === undefined) return [];
    const path = `M${round(plan.right + 4)} ${end.y}L${round(plan.right + 9)} ${round(y)}`;
    const text = endLabel(line, plan.namesAtEnds, look);
    return [
      ...(end.isDrawn ? [pen.dot({x: end.x, y: end.y, radius: 3, paint: line.paint})] : []),
      ...(Math.abs(y - end.y) > 3 && end.isDrawn ? [pen.stroke({path, paint: line.paint, width: 1})] : []),
      pen.label({x: plan.right + 11, y: y + 4, text, paint: "ink", ...END}),
    ];
  });
}

/** Moves heights apart until labels fit above each other, keeping their order and staying in the plot if they can. */
function spread(heights: readonly number[]): number[] {
  const order = heights.map((y, index) => ({y, index})).sort((a, b) => a.y - b.y || a.index - b.index);
  const placed: number[] = [];
  for (const {y} of order) placed.push(Math.max(y, (placed.at(-1) ?? TOP - END_LINE - 6) + END_LINE));
  let below = FLOOR + END_LINE;
  for (let index = placed.length - 1; index >= 0; index--) {
    below = Math.min(placed[index] ?? 0, below - END_LINE);
    placed[index] = below;
  }
  const result = heights.map(() => 0);
  for (const [rank, {index}] of order.entries()) result[index] = placed[rank] ?? 0;
  return result;
}
