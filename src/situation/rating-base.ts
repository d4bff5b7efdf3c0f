import {z} from "zod";
import {WatchfloorError} from "../model/errors.ts";
import type {WeekValues} from "../model/indicator.ts";
import type {Day} from "../model/week.ts";
import {median} from "./median.ts";

/** What is usual, as the operator states and signs it while there is too little history. */
export interface Baseline {
  readonly signedBy: string;
  /** ISO 8601. */
  readonly at: string;
  /** Made up for the sample; said wherever it is used. */
  readonly isSynthetic: boolean;
  readonly values: Readonly<Record<string, number>>;
}

/** The baseline file; one that nobody has signed has no name or no time. */
const baselineSchema = z.strictObject({
  signedBy: z.string().nullable(),
  at: z.iso.datetime({offset: true}).or(z.iso.date()).nullable(),
  isSynthetic: z.boolean(),
  values: z.record(z.string(), z.number().nonnegative()),
});

/** Returns the baseline of a parsed file; null while nobody has signed it. Throws config_invalid. */
export function readBaseline(value: unknown): Baseline | null {
  const read = baselineSchema.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new WatchfloorError("config_invalid", `baseline: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const {signedBy, at} = read.data;
  return signedBy === null || signedBy.trim() === "" || at === null ? null : {...read.data, signedBy, at};
}

/** What is usual for each indicator, and which of them have it from the baseline instead of history. */
export interface Bases {
  readonly values: Readonly<Record<string, number | null>>;
  readonly fromBaseline: readonly string[];
}

/** How much history a median needs and takes, in weeks. */
export interface HistoryRules {
  readonly leastWeeks: number;
  readonly mostWeeks: number;
}

/**
 * Returns the median of each indicator over the latest weeks before this one; with fewer than `leastWeeks` known values
 * the baseline's value, and null when it has none either.
 * Source: BULLETIN (b) 1; RULINGS 8: the history is all computed weeks.
 */
export function rollingBases(
  {week, indicators, history, baseline}: BaseInput,
  {leastWeeks, mostWeeks}: HistoryRules,
): Bases {
  const earlier = history.filter((each) => each.week < week).toSorted((a, b) => (a.week < b.week ? 1 : -1));
  return basesOf({indicators, weeks: earlier.slice(0, mostWeeks), baseline, leastWeeks});
}

/**
 * Returns the same over the calendar year before, so that the base stays in place for a whole year and a slow worsening
 * shows. Source: BULLETIN (b) 5.
 */
export function fixedBases(
  {week, indicators, history, baseline}: BaseInput,
  {leastWeeks}: Pick<HistoryRules, "leastWeeks">,
): Bases {
  const yearBefore = String(Number(week.slice(0, 4)) - 1);
  const weeks = history.filter((each) => each.week.slice(0, 4) === yearBefore);
  return basesOf({indicators, weeks, baseline, leastWeeks});
}

/** Where the bases of a week come from. */
export interface BaseInput {
  readonly week: Day;
  readonly indicators: readonly string[];
  readonly history: readonly WeekValues[];
  readonly baseline: Baseline | null;
}

function basesOf(from: {
  readonly indicators: readonly string[];
  readonly weeks: readonly WeekValues[];
  readonly baseline: Baseline | null;
  readonly leastWeeks: number;
}): Bases {
  const fromBaseline: string[] = [];
  const values = from.indicators.map((id): [string, number | null] => {
    const known = from.weeks.map((each) => each.values[id] ?? null).filter((value) => value !== null);
    if (known.length >= from.leastWeeks) return [id, median(known)];
    const stated = from.baseline?.values[id] ?? null;
    if (stated !== null) fromBaseline.push(id);
    return [id, stated];
  });
  return {values: Object.fromEntries(values), fromBaseline};
}
