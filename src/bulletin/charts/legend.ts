import type {Look, Paint} from "./paint.ts";
import {type Drawing, penFor} from "./svg.ts";
import {shorten, type Type, textWidth} from "./text.ts";

const TYPE: Type = {size: 12};
const SWATCH = 10;
const LINE = 20;

/** Returns a legend above a chart, in as many lines as it needs; nothing for a single entry. */
export function drawLegend(entries: readonly {readonly name: string; readonly paint: Paint}[], look: Look): Drawing {
  if (entries.length < 2) return {height: 0, marks: []};
  const pen = penFor(look);
  const marks: string[] = [];
  let x = 1;
  let y = 0;
  for (const {name, paint} of entries) {
    const text = shorten(name, look.width - SWATCH - 8, TYPE);
    const width = SWATCH + 6 + textWidth(text, TYPE);
    if (x > 1 && x + width > look.width) {
      x = 1;
      y += LINE;
    }
    marks.push(pen.box({x, y: y + 4.5, width: SWATCH, height: SWATCH, paint, radius: 2}));
    marks.push(pen.label({x: x + SWATCH + 6, y: y + 14, text, paint: "ink", ...TYPE}));
    x += width + 18;
  }
  return {height: y + LINE + 6, marks};
}
