import type {Contribution} from "../model/indicator.ts";

const AS_USUAL = 50;
const POINTS_A_DOUBLING = 25;
const BEST = 0;
const WORST = 100;
/** Counts are whole, so where there is usually nothing the smallest count stands in: one is then as usual, two a doubling. */
const LEAST_BASE = 1;

/**
 * Returns how a value compares with its base, 0 to 100, higher is worse: 50 is as usual, a doubling adds 25, a halving
 * takes 25 away. A value of 0 gives 0; a base of 0 is taken as 1.
 * Source: BULLETIN (b) 1.
 */
export function scoreOf(value: number, base: number): number {
  if (value <= 0) return BEST;
  const score = AS_USUAL + POINTS_A_DOUBLING * Math.log2(value / (base > 0 ? base : LEAST_BASE));
  return Math.min(WORST, Math.max(BEST, score));
}

/** What is missing is absent from `values` or `bases`, or null. */
export interface IndexInput {
  readonly weights: Readonly<Record<string, number>>;
  readonly values: Readonly<Record<string, number | null>>;
  readonly bases: Readonly<Record<string, number | null>>;
}

/** The Weekly Situation Index before any refusal. */
export interface WeeklyIndex {
  /** 0 to 100, the sum of the contributions' points; null when nothing is present. */
  readonly index: number | null;
  /** Share of the weight that is present, 0 to 1. */
  readonly weightPresent: number;
  /** In the order of the weights. */
  readonly contributions: readonly Contribution[];
}

/**
 * Returns the weighted mean of the scores of all indicators that have a weight, a value and a base.
 * Source: BULLETIN (b) 2.
 */
export function weeklyIndex({weights, values, bases}: IndexInput): WeeklyIndex {
  const scored = Object.entries(weights).flatMap(([indicator, weight]) => {
    const value = values[indicator] ?? null;
    const base = bases[indicator] ?? null;
    return value === null || base === null ? [] : [{indicator, value, base, weight, score: scoreOf(value, base)}];
  });
  const present = sum(scored.map(({weight}) => weight));
  const all = sum(Object.values(weights));
  const contributions = scored.map((each) => ({...each, points: (each.weight / present) * each.score}));
  return {
    index: scored.length === 0 ? null : sum(contributions.map(({points}) => points)),
    weightPresent: all === 0 ? 0 : present / all,
    contributions,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
