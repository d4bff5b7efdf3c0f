import type {Language} from "../document.ts";
import type {Look} from "./paint.ts";
import {penFor, round} from "./svg.ts";
import {shorten, type Type, textWidth} from "./text.ts";

const TYPE: Type = {size: 11};
const LEAST_GAP = 12;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface Place {
  readonly left: number;
  readonly right: number;
  readonly floor: number;
  readonly look: Look;
}

/**
 * Draws the weeks below a plot: as many as fit, always the last. The year stands below the first label and below the
 * first of each new year.
 */
export function weekLabels(points: readonly string[], {left, right, floor, look}: Place): string[] {
  const pen = penFor(look);
  const last = points.length - 1;
  const texts = points.map((point) => dayLabel(point, look.language));
  const widest = Math.max(...texts.map((text) => textWidth(text, TYPE)), 30) + LEAST_GAP;
  const every = last === 0 ? 1 : Math.max(1, Math.ceil((widest * last) / Math.max(1, right - left)));
  let year = "";
  return points.flatMap((point, index) => {
    if ((last - index) % every !== 0) return [];
    const x = left + (last === 0 ? 0.5 : index / last) * (right - left);
    const text = texts[index] ?? "";
    const half = textWidth(text, TYPE) / 2;
    const at = {x: Math.min(Math.max(x, half), look.width - half), anchor: "middle", ...TYPE} as const;
    const own = yearOf(point);
    const isNew = own !== "" && own !== year;
    year = own;
    return [
      pen.stroke({path: `M${round(x)} ${floor}v4`, paint: "axis", width: 1}),
      pen.label({...at, y: floor + 17, text, paint: "muted"}),
      ...(isNew ? [pen.label({...at, y: floor + 32, text: own, paint: "muted"})] : []),
    ];
  });
}

function yearOf(day: string): string {
  return /^\d{4}(?=-\d{2}-\d{2}$)/.exec(day)?.[0] ?? "";
}

function dayLabel(day: string, language: Language): string {
  const found = /^\d{4}-(\d{2})-(\d{2})$/.exec(day);
  if (found === null) return shorten(day, 80, TYPE);
  const [month, date] = [Number(found[1]), Number(found[2])];
  return language === "zh" ? `${month}/${date}` : `${date} ${MONTHS[month - 1] ?? month}`;
}
