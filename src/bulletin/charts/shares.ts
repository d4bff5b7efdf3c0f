import type {ShareChart} from "../chart.ts";
import type {Language} from "../document.ts";
import {type Look, type Paint, SERIES_PAINTS} from "./paint.ts";
import {drawRows} from "./rows.ts";
import {type Drawing, type Pen, penFor, round} from "./svg.ts";
import {shorten, type Type, textWidth} from "./text.ts";
import {measured, shareLabel, valueLabel} from "./values.ts";

/** Radii of the ring and height of a line of its key; paper has less room than a page that scrolls. */
const SIZES = {page: {outer: 84, inner: 54, line: 26}, print: {outer: 70, inner: 45, line: 22}} as const;
type Sizes = (typeof SIZES)[keyof typeof SIZES];
/** Space between neighbours on the ring, in pixels. */
const GAP = 1.6;
const NARROW = 380;
const WIDEST_KEY = 360;
const NAME: Type = {size: 12.5};
const VALUE: Type = {size: 12.5};

const WORDS = {zh: {total: "合计", other: "其余"}, en: {total: "Total", other: "Others"}};

interface Part {
  readonly name: string;
  readonly value: number | null;
  readonly paint: Paint;
}

/** Draws a ring with its key beside it: name, value and share in columns. Below the ring where there is little room. */
export function drawShares(chart: ShareChart, look: Look): Drawing {
  const parts = partsOf(chart, look.language);
  if (parts.length === 0) return drawRows([], look);
  const total = parts.reduce((sum, part) => sum + (part.value ?? 0), 0);
  const isBeside = look.width >= NARROW;
  const sizes = SIZES[look.mode];
  const {outer, line} = sizes;
  const keyHeight = parts.length * line;
  const ringHeight = 2 * outer + 4;
  const height = isBeside ? Math.max(ringHeight, keyHeight + 4) : ringHeight + 14 + keyHeight;
  const keyX = isBeside ? 2 * outer + 40 : 0;
  const center = {x: isBeside ? outer + 2 : look.width / 2, y: isBeside ? height / 2 : outer + 2};
  const key = {
    x: keyX,
    y: isBeside ? (height - keyHeight) / 2 : ringHeight + 14,
    width: Math.min(WIDEST_KEY, look.width - keyX),
  };
  const pen = penFor(look);
  const exact = !chart.parts.some(({value}) => !Number.isInteger(value));
  return {
    height,
    marks: [
      ...ring(pen, {parts, total, center, sizes}),
      ...(exact ? middle(pen, {total, center, sizes, language: look.language}) : []),
      ...keyLines(pen, {parts, total, ...key, line, language: look.language, hasValues: exact}),
    ],
  };
}

/** At most as many parts as there are colours and one for the rest, which the table beside the chart holds in full. */
function partsOf(chart: ShareChart, language: Language): Part[] {
  const most = SERIES_PAINTS.length;
  const head = chart.parts.length > most + 1 ? chart.parts.slice(0, most) : chart.parts;
  const tail = chart.parts.slice(head.length).map((part) => measured(part.value) ?? 0);
  const parts = head.map(({name, value}, index): Part => {
    return {name, value: measured(value), paint: SERIES_PAINTS[index] ?? "rest"};
  });
  if (tail.length === 0) return parts;
  const value = tail.reduce((sum, each) => sum + each, 0);
  return [...parts, {name: WORDS[language].other, value, paint: "rest"}];
}

interface Ring {
  readonly parts: readonly Part[];
  readonly total: number;
  readonly center: {readonly x: number; readonly y: number};
  readonly sizes: Sizes;
}

function ring(pen: Pen, {parts, total, center, sizes}: Ring): string[] {
  const shown = parts.filter((part) => (part.value ?? 0) > 0);
  if (shown.length === 0 || !Number.isFinite(total)) return [pen.shape(band({center, sizes}, 0, 1), "track")];
  let from = 0;
  return shown.map((part) => {
    const to = from + (part.value ?? 0) / total;
    const path = shown.length === 1 ? band({center, sizes}, 0, 1) : band({center, sizes}, from, to);
    from = to;
    return pen.shape(path, part.paint);
  });
}

/** The outline of a part of the ring between two fractions of the turn, clockwise from the top. */
function band({center, sizes: {outer, inner}}: Pick<Ring, "center" | "sizes">, from: number, to: number): string {
  if (to - from >= 1) {
    // a circle cannot be one arc: two halves, the inner way round
    const half = (r: number, sweep: 0 | 1) =>
      `M${round(center.x)} ${round(center.y - r)}a${r} ${r} 0 1 ${sweep} 0 ${2 * r}a${r} ${r} 0 1 ${sweep} 0 ${-2 * r}z`;
    return half(outer, 1) + half(inner, 0);
  }
  const edge = (radius: number, turn: number, inset: number) => {
    const angle = 2 * Math.PI * turn + inset / radius - Math.PI / 2;
    return `${round(center.x + radius * Math.cos(angle))} ${round(center.y + radius * Math.sin(angle))}`;
  };
  // a thin part keeps a visible edge: the gap never takes more than a third of it
  const gap = Math.min(GAP / 2, ((to - from) * 2 * Math.PI * inner) / 6);
  const isLarge = to - from > 0.5 ? 1 : 0;
  return [
    `M${edge(outer, from, gap)}`,
    `A${outer} ${outer} 0 ${isLarge} 1 ${edge(outer, to, -gap)}`,
    `L${edge(inner, to, -gap)}`,
    `A${inner} ${inner} 0 ${isLarge} 0 ${edge(inner, from, gap)}z`,
  ].join("");
}

function middle(
  pen: Pen,
  {total, center, sizes, language}: Pick<Ring, "total" | "center" | "sizes"> & {language: Language},
): string[] {
  const text = valueLabel(total, language);
  const size = Math.min(22, (22 * (2 * sizes.inner - 16)) / textWidth(text, {size: 22, isBold: true}));
  return [
    pen.label({x: center.x, y: center.y + 4, text, paint: "ink", anchor: "middle", size, isBold: true}),
    pen.label({
      x: center.x,
      y: center.y + 22,
      text: WORDS[language].total,
      paint: "muted",
      anchor: "middle",
      size: 11.5,
    }),
  ];
}

interface Key {
  readonly parts: readonly Part[];
  readonly total: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly line: number;
  readonly language: Language;
  readonly hasValues: boolean;
}

function keyLines(pen: Pen, key: Key): string[] {
  const values = key.parts.map((part) => (key.hasValues ? valueLabel(part.value, key.language) : ""));
  const shares = key.parts.map(({value}) => shareLabel(value === null || key.total <= 0 ? null : value / key.total));
  const widest = (texts: readonly string[]) => Math.max(...texts.map((text) => textWidth(text, VALUE)));
  const right = key.x + key.width;
  const valueRight = right - widest(shares) - 14;
  const nameWidth = valueRight - widest(values) - 12 - (key.x + 20);
  return key.parts.flatMap((part, index) => {
    const y = key.y + index * key.line;
    const base = y + key.line / 2 + 4.5;
    const rule = `M${round(key.x)} ${round(y)}H${round(right)}`;
    return [
      ...(index === 0 ? [] : [pen.stroke({path: rule, paint: "grid", width: 1})]),
      pen.box({x: key.x, y: y + key.line / 2 - 5, width: 10, height: 10, paint: part.paint, radius: 2}),
      pen.label({x: key.x + 18, y: base, text: shorten(part.name, nameWidth, NAME), paint: "ink", ...NAME}),
      pen.label({x: valueRight, y: base, text: values[index] ?? "", paint: "muted", anchor: "end", ...VALUE}),
      pen.label({x: right, y: base, text: shares[index] ?? "", paint: "ink", anchor: "end", ...VALUE}),
    ];
  });
}
