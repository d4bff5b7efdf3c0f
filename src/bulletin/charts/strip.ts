import {GRADES} from "../../model/indicator.ts";
import type {RatingStrip} from "../document.ts";
import type {Look, Paint} from "./paint.ts";
import {type Drawing, penFor, round} from "./svg.ts";
import {shorten, type Type, textWidth} from "./text.ts";

const PAINTS: readonly Paint[] = ["g1", "g2", "g3", "g4", "g5"];
const LABEL: Type = {size: 14};
const LARGEST = 14;
const SMALLEST = 10;
const GAP = 4;
const CELL = 34;
const BAND = 4;
const NARROW = 440;

/** Draws the five grades from best to worst; the marked one is filled, raised and pointed at, so colour is not needed. */
export function drawStrip(strip: RatingStrip, look: Look): Drawing {
  const pen = penFor(look);
  const isBeside = look.width >= NARROW && strip.label !== "";
  const labelWidth = isBeside ? Math.min(textWidth(strip.label, LABEL) + 16, look.width * 0.34) : 0;
  const top = isBeside || strip.label === "" ? 4 : 28;
  const width = (look.width - labelWidth - GAP * 4) / 5;
  const label = {x: 0, y: isBeside ? top + CELL / 2 + 5 : 16, paint: "ink", ...LABEL} as const;
  const text = shorten(strip.label, isBeside ? labelWidth - 8 : look.width, LABEL);
  const marks = text === "" ? [] : [pen.label({...label, text})];
  const name = fitting(strip.names, width - 8);
  const marked = strip.grade === null ? -1 : GRADES.indexOf(strip.grade);
  for (const [index, grade] of strip.names.entries()) {
    const x = labelWidth + index * (width + GAP);
    const paint = PAINTS[index] ?? "rest";
    const middle = x + width / 2;
    if (index === marked) {
      marks.push(pen.box({x, y: top - 4, width, height: CELL + 8, paint, radius: 5}));
      marks.push(pen.shape(pointer(middle, top + CELL + 12), paint));
      const type = {size: name.size + 1.5, isBold: true};
      const shown = shorten(grade, width - 4, type);
      marks.push(pen.label({x: middle, y: top + 22.5, text: shown, paint: "onGrade", anchor: "middle", ...type}));
      continue;
    }
    marks.push(pen.box({x, y: top, width, height: CELL, paint: "track", radius: 4}));
    marks.push(pen.box({x: x + 4, y: top + CELL - BAND, width: width - 8, height: BAND - 1, paint, radius: 1.5}));
    const shown = shorten(grade, width - 4, name);
    marks.push(pen.label({x: middle, y: top + 20, text: shown, paint: "muted", anchor: "middle", ...name}));
  }
  return {height: top + CELL + 14, marks};
}

/** The type in which the longest name still fits, bold allowed for. */
function fitting(names: readonly string[], width: number): Type {
  const widest = Math.max(...names.map((text) => textWidth(text, {size: 1, isBold: true})), 0.1);
  return {size: Math.max(SMALLEST, Math.min(LARGEST, Math.floor((width / widest - 1.5) * 2) / 2))};
}

/** A small triangle below the marked cell. */
function pointer(x: number, y: number): string {
  return `M${round(x - 7)} ${round(y - 8)}h14l-7 8z`;
}
