import type {BarChart} from "../chart.ts";
import {drawLegend} from "./legend.ts";
import {type Look, seriesPaint} from "./paint.ts";
import {drawRows, type Row} from "./rows.ts";
import {type Axis, axisFromZero} from "./scale.ts";
import {type Drawing, type Pen, penFor, round} from "./svg.ts";
import {type Type, textWidth, wrap} from "./text.ts";
import {largest, measured, tickLabel, valueLabel} from "./values.ts";

/** Height of the plot; paper has less room than a page that scrolls. */
const PLOT = {page: 164, print: 140} as const;
const VALUE: Type = {size: 12};
const TICK: Type = {size: 11};
const NAME: Type = {size: 12};
const NAME_LINE = 16;
const GAP = 3;
const WIDEST_BAR = 46;

/** Where everything of an upright chart goes; worked out first, so that it is known whether it fits. */
interface Plan {
  readonly axis: Axis;
  readonly left: number;
  /** Width of a category, and of one bar with its gap. */
  readonly group: number;
  readonly slot: number;
  readonly names: readonly (readonly string[])[];
  readonly fits: boolean;
}

/** Draws bars side by side; lying ones when names or values would not fit beside each other. */
export function drawBars(chart: BarChart, look: Look): Drawing {
  if (chart.categories.length === 0 || chart.series.length === 0) return drawRows([], look);
  const plan = planFor(chart, look);
  const body = plan.fits ? drawUpright(chart, plan, look) : drawRows(rowsOf(chart), look);
  const entries = chart.series.map(({name}, index) => ({name, paint: seriesPaint(index, chart.series.length)}));
  const legend = drawLegend(entries, look);
  return {
    height: legend.height + body.height,
    marks: [...legend.marks, `<g transform="translate(0 ${legend.height})">`, ...body.marks, "</g>"],
  };
}

function planFor(chart: BarChart, look: Look): Plan {
  const axis = axisFromZero(largest(chart.series.flatMap((series) => series.values)));
  const left = Math.max(...axis.ticks.map((tick) => textWidth(tickLabel(tick, look.language), TICK))) + 10;
  const group = (look.width - left) / chart.categories.length;
  const labels = chart.series.flatMap((series) =>
    chart.categories.map((_, index) => textWidth(valueLabel(series.values[index] ?? null, look.language), VALUE)),
  );
  const needed = Math.max(...labels) + 5;
  const slot = Math.max(needed, Math.min(WIDEST_BAR + GAP, (group * 0.72) / chart.series.length));
  const room = {width: group - 8, most: 2};
  const names = chart.categories.map((name) => wrap(name, room, NAME));
  const fits =
    slot * chart.series.length <= group - 6 &&
    names.every((lines) => lines.length > 0 && !lines.join("").includes("…"));
  return {axis, left, group, slot, names, fits};
}

function drawUpright(chart: BarChart, plan: Plan, look: Look): Drawing {
  const pen = penFor(look);
  const top = 18;
  const room = PLOT[look.mode];
  const floor = top + room;
  const marks = plan.axis.ticks.flatMap((tick) => {
    const y = round(floor - plan.axis.at(tick) * room);
    const text = tickLabel(tick, look.language);
    return [
      ...(tick === 0 ? [] : [pen.stroke({path: `M${plan.left} ${y}H${look.width}`, paint: "grid", width: 1})]),
      pen.label({x: plan.left - 6, y: y + 4, text, paint: "muted", anchor: "end", ...TICK}),
    ];
  });
  chart.categories.forEach((_, index) => {
    const middle = plan.left + plan.group * (index + 0.5);
    marks.push(...bars(chart, {index, middle, floor, plan, look}));
    plan.names[index]?.forEach((text, line) => {
      const y = floor + 18 + line * NAME_LINE;
      marks.push(pen.label({x: middle, y, text, paint: "ink", anchor: "middle", ...NAME}));
    });
  });
  marks.push(pen.stroke({path: `M${round(plan.left)} ${floor}H${look.width}`, paint: "axis", width: 1}));
  const lines = Math.max(...plan.names.map((each) => each.length));
  return {height: floor + 10 + lines * NAME_LINE, marks};
}

interface Group {
  readonly index: number;
  readonly middle: number;
  readonly floor: number;
  readonly plan: Plan;
  readonly look: Look;
}

function bars(chart: BarChart, {index, middle, floor, plan, look}: Group): string[] {
  const pen = penFor(look);
  const count = chart.series.length;
  return chart.series.flatMap((series, position) => {
    const value = measured(series.values[index]);
    const center = middle + (position - (count - 1) / 2) * plan.slot;
    const height = value === null ? 0 : plan.axis.at(value) * PLOT[look.mode];
    const label = pen.label({
      x: center,
      y: floor - height - 5,
      text: valueLabel(value, look.language),
      paint: value === null ? "muted" : "ink",
      anchor: "middle",
      ...VALUE,
    });
    if (value === null) return [label];
    const width = Math.min(WIDEST_BAR, plan.slot - GAP);
    return [uprightBar(pen, {center, width, floor, height, paint: seriesPaint(position, count)}), label];
  });
}

/** A bar with rounded head; zero keeps a hair line, so that it is seen to be measured. */
function uprightBar(
  pen: Pen,
  bar: {center: number; width: number; floor: number; height: number; paint: Parameters<Pen["shape"]>[1]},
): string {
  const left = round(bar.center - bar.width / 2);
  const width = round(bar.width);
  if (bar.height < 3) {
    const height = Math.max(1.5, bar.height);
    return pen.box({x: left, y: bar.floor - height, width, height, paint: bar.paint});
  }
  const rise = round(bar.height - 2);
  return pen.shape(`M${left} ${bar.floor}v${-rise}q0 -2 2 -2h${round(width - 4)}q2 0 2 2v${rise}z`, bar.paint);
}

function rowsOf(chart: BarChart): Row[] {
  return chart.categories.map((name, index) => ({
    name,
    bars: chart.series.map((series, position) => ({
      value: series.values[index] ?? null,
      paint: seriesPaint(position, chart.series.length),
    })),
  }));
}
