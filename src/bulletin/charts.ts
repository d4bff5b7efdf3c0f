/** Charts as SVG. Pure: the same figure and look give the same text. */

import type {Chart} from "./chart.ts";
import {drawBars} from "./charts/bars.ts";
import {drawLines} from "./charts/lines.ts";
import type {Look} from "./charts/paint.ts";
import {drawRank} from "./charts/rows.ts";
import {drawShares} from "./charts/shares.ts";
import {drawStrip} from "./charts/strip.ts";
import {type Drawing, frame} from "./charts/svg.ts";
import {drawTiles} from "./charts/tiles.ts";
import type {Figure, RatingStrip} from "./document.ts";

export {CHART_CSS, type Look} from "./charts/paint.ts";

/** Returns the figure's chart as an SVG text, its caption as title and its description as description. */
export function drawChart(figure: Pick<Figure, "chart" | "caption" | "description">, look: Look): string {
  return frame(drawing(figure.chart, look), {title: figure.caption, description: figure.description}, look);
}

/** Returns the strip of the five grades as an SVG text. */
export function drawRatingStrip(strip: RatingStrip, look: Look): string {
  return frame(drawStrip(strip, look), {title: strip.label, description: strip.description}, look);
}

function drawing(chart: Chart, look: Look): Drawing {
  switch (chart.kind) {
    case "bars":
      return drawBars(chart, look);
    case "rank":
      return drawRank(chart, look);
    case "shares":
      return drawShares(chart, look);
    case "lines":
      return drawLines(chart, look);
    case "tiles":
      return drawTiles(chart, look);
  }
}
