/** What a chart shows, as data; charts.ts draws it as SVG. Values are plain numbers, null where not measured. */

interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** Upright bars side by side: this week against last week for a few categories. */
export interface BarChart {
  readonly kind: "bars";
  readonly categories: readonly string[];
  readonly series: readonly Series[];
}

/** Lying bars, longest first: ranks by province, brand, TLD. Values may be shares (0 to 1) when `isShare`. */
export interface RankChart {
  readonly kind: "rank";
  readonly items: readonly {readonly name: string; readonly value: number}[];
  readonly isShare: boolean;
}

/** A whole and its parts in one ring. */
export interface ShareChart {
  readonly kind: "shares";
  readonly parts: readonly {readonly name: string; readonly value: number}[];
}

/** Lines over weeks. `points` are Mondays. `bands` name ranges of the value, from zero up, each to its end. */
export interface LineChart {
  readonly kind: "lines";
  readonly points: readonly string[];
  readonly series: readonly Series[];
  readonly bands?: readonly {readonly name: string; readonly to: number}[];
}

/** One tile for each province-level unit. `key` is the GB/T code. */
export interface TileChart {
  readonly kind: "tiles";
  readonly tiles: readonly {readonly key: string; readonly name: string; readonly value: number | null}[];
}

export type Chart = BarChart | RankChart | ShareChart | LineChart | TileChart;
