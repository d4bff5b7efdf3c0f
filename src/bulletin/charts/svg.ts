import {escapeMarkup} from "../escape.ts";
import {colour, type Look, type Paint} from "./paint.ts";
import type {Type} from "./text.ts";

/** What a drawing function gives back: how high it became, and its marks in order. */
export interface Drawing {
  readonly height: number;
  readonly marks: readonly string[];
}

/** A text on its baseline. */
interface Label extends Type {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly paint: Paint;
  readonly anchor?: "start" | "middle" | "end";
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly paint: Paint;
  readonly radius?: number;
  /** Colour of the edge; none when left out. */
  readonly edge?: Paint;
}

interface Stroke {
  readonly path: string;
  readonly paint: Paint;
  readonly width: number;
  readonly dashes?: string;
}

/** Draws marks in the colours of one look. */
export interface Pen {
  label(label: Label): string;
  box(box: Box): string;
  stroke(stroke: Stroke): string;
  shape(path: string, paint: Paint): string;
  dot(at: {readonly x: number; readonly y: number; readonly radius: number; readonly paint: Paint}): string;
}

/** Returns a pen for the look. */
export function penFor(look: Look): Pen {
  const paint = (name: Paint) => colour(name, look);
  return {
    label: ({x, y, text, size, paint: ink, anchor = "start", isBold = false}) =>
      element(
        "text",
        {
          x,
          y,
          "font-size": size,
          ...(isBold ? {"font-weight": 700} : {}),
          ...(anchor === "start" ? {} : {"text-anchor": anchor}),
          fill: paint(ink),
        },
        escapeMarkup(text),
      ),
    box: ({x, y, width, height, paint: ink, radius = 0, edge}) =>
      element("rect", {
        x,
        y,
        width,
        height,
        ...(radius > 0 ? {rx: radius} : {}),
        fill: paint(ink),
        ...(edge === undefined ? {} : {stroke: paint(edge)}),
      }),
    stroke: ({path, paint: ink, width, dashes}) =>
      element("path", {
        d: path,
        fill: "none",
        stroke: paint(ink),
        "stroke-width": width,
        "stroke-linejoin": "round",
        ...(dashes === undefined ? {"stroke-linecap": "round"} : {"stroke-dasharray": dashes}),
      }),
    shape: (path, ink) => element("path", {d: path, fill: paint(ink)}),
    dot: ({x, y, radius, paint: ink}) => element("circle", {cx: x, cy: y, r: radius, fill: paint(ink)}),
  };
}

/** Returns the whole SVG: the drawing with what a reader without sight needs. It has no ids, styles or scripts. */
export function frame(
  drawing: Drawing,
  about: {readonly title: string; readonly description: string},
  look: Look,
): string {
  const size = {width: round(look.width), height: round(drawing.height)};
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${size.width} ${size.height}`,
    ...size,
    role: "img",
    lang: look.language === "zh" ? "zh-CN" : "en",
    ...(look.mode === "print" ? {"font-family": "Noto Sans SC"} : {class: "wf-chart"}),
  };
  const words = element("title", {}, escapeMarkup(about.title)) + element("desc", {}, escapeMarkup(about.description));
  return element("svg", attributes, words + drawing.marks.join(""));
}

/** Returns a number with at most two decimals, as SVG attributes have it. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ""): string {
  const list = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : value}"`)
    .join("");
  return content === "" ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`;
}
