import type {LineChart} from "../chart.ts";
import type {Paint} from "./paint.ts";
import {type Axis, axisAt} from "./scale.ts";
import {type Pen, round} from "./svg.ts";
import type {Type} from "./text.ts";

const PAINTS: readonly Paint[] = ["g1", "g2", "g3", "g4", "g5"];
const NAME: Type = {size: 11};
const WIDTH = 5;

type Bands = NonNullable<LineChart["bands"]>;

interface Plot {
  readonly axis: Axis;
  readonly left: number;
  readonly floor: number;
  readonly height: number;
}

/** Returns an axis from zero with a tick where each band ends. */
export function axisOfBands(bands: Bands): Axis {
  return axisAt([0, ...bands.map(({to}) => to)]);
}

/** Draws the bands as a scale along the axis, each with its name in it: the names say what the colours repeat. */
export function drawBands(pen: Pen, bands: Bands, {axis, left, floor, height}: Plot): string[] {
  const yOf = (value: number): number => floor - axis.at(value) * height;
  return bands.flatMap(({name, to}, index) => {
    const from = bands[index - 1]?.to ?? 0;
    const [top, bottom] = [yOf(to), yOf(from)];
    const paint = PAINTS[index] ?? "rest";
    return [
      pen.box({x: left, y: round(top + 1), width: WIDTH, height: round(bottom - top - 2), paint}),
      pen.label({x: left + WIDTH + 6, y: round((top + bottom) / 2 + 4), text: name, paint: "muted", ...NAME}),
    ];
  });
}
