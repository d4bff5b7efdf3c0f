/**
 * The cells of a breakdown as the public may see them. A small cell could point at one organisation, so cells below the
 * profile's threshold are merged into one; and because every total is printed, that one must hide something: it takes
 * the next smallest cell along until at least two cells and the threshold are in it (complementary suppression).
 * Source: RULINGS 21.
 */
import type {BreakdownCell} from "../model/indicator.ts";

/** Public cells, largest first; `other` is the sum of the merged ones, null when nothing was merged. */
export interface PublicCells {
  readonly cells: readonly BreakdownCell[];
  readonly other: number | null;
}

/** Public cells beside the count that they are parts of. */
export interface Parts extends PublicCells {
  /** Distinct things counted: less than the sum of the cells where one thing is in several of them. */
  readonly whole: number;
  /** Whether one thing may be in several cells: then they are no slices of a whole. */
  readonly isOverlapping: boolean;
}

/** Returns the public cells of a count. What a partial breakdown does not tell of is added to other. */
export function publicParts(whole: number | null, cells: readonly BreakdownCell[], mergeBelow: number): Parts {
  const sum = sumOf(cells);
  const found = publicCells(cells, mergeBelow);
  if (whole === null || whole >= sum) {
    const rest = found.cells.length === 0 ? 0 : (whole ?? sum) - sum;
    return {
      ...found,
      other: rest > 0 ? (found.other ?? 0) + rest : found.other,
      whole: whole ?? sum,
      isOverlapping: false,
    };
  }
  return {...found, whole, isOverlapping: true};
}

/**
 * Returns the public cells. There are none at all when merging cannot hide: all cells together stay below the threshold,
 * or the only cell there is does.
 */
export function publicCells(cells: readonly BreakdownCell[], mergeBelow: number): PublicCells {
  const sorted = cells.filter(({value}) => value > 0).toSorted(byValueThenKey);
  let kept = sorted.filter(({value}) => value >= mergeBelow).length;
  if (kept === sorted.length) return {cells: sorted, other: null};
  while (kept > 0 && !hides(sorted.slice(kept), mergeBelow)) kept -= 1;
  if (!hides(sorted.slice(kept), mergeBelow)) return {cells: [], other: null};
  return {cells: sorted.slice(0, kept), other: sumOf(sorted.slice(kept))};
}

/** Returns the first `count` cells, with the rest added to `other`. One cell too many is shown rather than named other. */
export function firstCells({cells, other}: PublicCells, count: number): PublicCells {
  if (cells.length <= count + (other === null ? 1 : 0)) return {cells, other};
  return {cells: cells.slice(0, count), other: (other ?? 0) + sumOf(cells.slice(count))};
}

function hides(merged: readonly BreakdownCell[], mergeBelow: number): boolean {
  return merged.length >= 2 && sumOf(merged) >= mergeBelow;
}

function sumOf(cells: readonly BreakdownCell[]): number {
  return cells.reduce((sum, {value}) => sum + value, 0);
}

function byValueThenKey(a: BreakdownCell, b: BreakdownCell): number {
  return b.value - a.value || (a.key < b.key ? -1 : 1);
}
