/** An axis: the values where it has ticks, the first and last at its ends, and where a value lies on it, from 0 to 1. */
export interface Axis {
  readonly ticks: readonly number[];
  at(value: number): number;
}

const STEPS = [1, 2, 2.5, 5, 10];
/** Smaller values are no count, share or index of anything, and smaller parts of a value cannot be told apart. */
const LEAST = 1e-9;

/**
 * Returns an axis from zero to a round value at or above `most`, with at most `count` steps of 1, 2, 2.5 or 5. Every chart
 * begins at zero: a cut axis would make a small change look like a large one. Without decimals in `most` the steps have none.
 */
export function axisFromZero(most: number, count = 4): Axis {
  const step = stepFor(most > LEAST ? most : 1, count, Number.isInteger(most));
  const steps = Math.max(Math.ceil(most / step), 1);
  return axisAt(Array.from({length: steps + 1}, (_, index) => index * step));
}

/** Returns the axis with these ticks, which rise. */
export function axisAt(ticks: readonly number[]): Axis {
  const [from, to] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  return {ticks, at: (value) => Math.min(1, Math.max(0, (value - from) / (to - from)))};
}

function stepFor(span: number, count: number, isWhole: boolean): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((each) => each * power >= rough * (1 - 1e-9)) ?? 10) * power;
  return isWhole ? Math.max(1, step === 2.5 ? 5 : step) : step;
}
