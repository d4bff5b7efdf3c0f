/** An axis: its range, the values where it has ticks, and where a value lies on it, from 0 to 1. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  at(value: number): number;
}

const STEPS = [1, 2, 2.5, 5, 10];
/** Smaller values are no count, share or index of anything, and smaller parts of a value cannot be told apart. */
const LEAST = 1e-9;

/**
 * Returns an axis from zero to a round value at or above `most`, with at most `count` steps of 1, 2, 2.5 or 5.
 * When no value has decimals the steps have none either.
 */
export function axisFromZero(most: number, count = 4): Axis {
  return axisBetween(0, most, count);
}

/** Returns an axis whose round ends hold both values. */
export function axisBetween(least: number, most: number, count: number): Axis {
  const span = most - least;
  const step = stepFor(
    span > LEAST * Math.max(1, most) ? span : most > LEAST ? most : 1,
    count,
    Number.isInteger(least) && Number.isInteger(most),
  );
  const first = Math.floor(least / step);
  const last = Math.max(Math.ceil(most / step), first + 1);
  const ticks = Array.from({length: last - first + 1}, (_, index) => (first + index) * step);
  const from = first * step;
  const to = last * step;
  return {from, to, ticks, at: (value) => Math.min(1, Math.max(0, (value - from) / (to - from)))};
}

function stepFor(span: number, count: number, isWhole: boolean): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((each) => each * power >= rough * (1 - 1e-9)) ?? 10) * power;
  return isWhole ? Math.max(1, step === 2.5 ? 5 : step) : step;
}
