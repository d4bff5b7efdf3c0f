/**
 * How the rating rule agrees with the ratings that were published, computed for every rated edition of
 * domain/editions.json; rating-page.ts makes docs/rating.md of it. Something to judge the product by, no part of it.
 */
import {readFileSync} from "node:fs";
import path from "node:path";
import {parse} from "yaml";
import {z} from "zod";
import type {Grade} from "../src/model/indicator.ts";
import {profileSchema} from "../src/model/profile.ts";
import {median} from "../src/situation/median.ts";
import {gradeOf, type RatingRules} from "../src/situation/rating.ts";
import {weeklyIndex} from "../src/situation/weekly-index.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const FIRST_BASE_YEAR = 2013;
const LAST_BASE_YEAR = 2016;
const A_WAN = 10_000;

const editionsSchema = z.array(
  z.looseObject({
    period: z.looseObject({from: z.string().nullable()}),
    rating: z.enum(["优", "良", "中", "差", "危"]).nullable().catch(null),
    source_kind: z.string(),
    figures: z.record(z.string(), z.unknown()),
  }),
);

/** A published week with its rating and the figures that the index weighs. */
export interface RatedWeek {
  readonly from: string;
  readonly grade: Grade;
  readonly isPrimary: boolean;
  readonly values: Readonly<Record<string, number | null>>;
}

/** Returns the weights and cuts of the profile for mainland China. */
export function chinaRules(): RatingRules {
  return profileSchema.parse(parse(readFileSync(path.join(ROOT, "profiles/cn.yaml"), "utf8"))).rating;
}

/** Returns the rated weeks of editions.json, earliest first. A figure in 万 is that many times 10,000. */
export function ratedWeeks(editions: unknown, rules: RatingRules): RatedWeek[] {
  return editionsSchema
    .parse(editions)
    .flatMap(({period, rating, figures, source_kind}) => {
      if (rating === null || period.from === null) return [];
      const values = Object.keys(rules.weights).map((id) => [id, figureOf(figures, id)]);
      return [
        {
          from: period.from,
          grade: rating,
          isPrimary: source_kind.startsWith("primary"),
          values: Object.fromEntries(values),
        },
      ];
    })
    .sort((a, b) => (a.from < b.from ? -1 : 1));
}

function figureOf(figures: Readonly<Record<string, unknown>>, id: string): number | null {
  const exact = figures[id];
  if (typeof exact === "number") return exact;
  const rounded = figures[`${id}_wan`];
  return typeof rounded === "number" ? Math.round(rounded * A_WAN) : null;
}

/** A rated week beside what the rule says of it; `leftOut` is with a base that the week itself is no part of. */
export interface JudgedWeek extends RatedWeek {
  readonly weightPresent: number;
  /** Null when too little of the weight is present. */
  readonly index: number | null;
  readonly byRule: Grade | null;
  readonly leftOut: {readonly index: number; readonly byRule: Grade} | null;
  readonly isBase: boolean;
}

/** Returns what the rule says of each rated week, against the medians of the rated weeks of 2013 to 2016. */
export function judge(weeks: readonly RatedWeek[], rules: RatingRules): JudgedWeek[] {
  const isBase = ({from}: RatedWeek): boolean => {
    const year = Number(from.slice(0, 4));
    return year >= FIRST_BASE_YEAR && year <= LAST_BASE_YEAR;
  };
  const base = weeks.filter(isBase);
  return weeks.map((week) => {
    const found = against(week, base, rules);
    const left = against(
      week,
      base.filter((each) => each !== week),
      rules,
    );
    const index = found.weightPresent < rules.leastWeightPresent ? null : found.index;
    const leftIndex = left.weightPresent < rules.leastWeightPresent ? null : left.index;
    return {
      ...week,
      weightPresent: found.weightPresent,
      index,
      byRule: index === null ? null : gradeOf(index, rules.cuts),
      leftOut: leftIndex === null ? null : {index: leftIndex, byRule: gradeOf(leftIndex, rules.cuts)},
      isBase: isBase(week),
    };
  });
}

function against(week: RatedWeek, base: readonly RatedWeek[], rules: RatingRules) {
  const bases = Object.keys(rules.weights).map((id): [string, number | null] => [
    id,
    median(base.map(({values}) => values[id] ?? null).filter((value) => value !== null)),
  ]);
  return weeklyIndex({weights: rules.weights, values: week.values, bases: Object.fromEntries(bases)});
}

/** How often a grade of the rule is the published one. */
export interface Hits {
  readonly right: number;
  readonly of: number;
}

/** Counts agreement over the weeks of the base: with the week in its own base, without, and for always saying 良. */
export function agreementOf(judged: readonly JudgedWeek[]): {inBase: Hits; leftOut: Hits; alwaysGood: Hits} {
  const base = judged.filter(({isBase}) => isBase);
  const hits = (grade: (week: JudgedWeek) => Grade | null): Hits => ({
    right: base.filter((week) => grade(week) === week.grade).length,
    of: base.length,
  });
  return {
    inBase: hits(({byRule}) => byRule),
    leftOut: hits(({leftOut}) => leftOut?.byRule ?? null),
    alwaysGood: hits(() => "良"),
  };
}

/** Returns how many pairs of a 中 and a 良 week of the base the index puts in the published order. */
export function orderedPairs(judged: readonly JudgedWeek[]): Hits {
  const base = judged.filter(({isBase, index}) => isBase && index !== null);
  const pairs = base
    .filter(({grade}) => grade === "中")
    .flatMap((fair) => base.filter(({grade}) => grade === "良").map((good) => (fair.index ?? 0) > (good.index ?? 0)));
  return {right: pairs.filter((isRight) => isRight).length, of: pairs.length};
}

/** One way to weigh differently, and what then comes out. */
export interface Variation {
  readonly what: string;
  readonly leftOut: Hits;
  readonly pairs: Hits;
}

/** Judges the same weeks with equal weights, and with each indicator left out in turn. */
export function variations(weeks: readonly RatedWeek[], rules: RatingRules): Variation[] {
  const ids = Object.keys(rules.weights);
  const tried = (what: string, weights: RatingRules["weights"]): Variation => {
    const judged = judge(weeks, {...rules, weights, leastWeightPresent: 0.5}); // leaving one out must not refuse weeks
    return {what, leftOut: agreementOf(judged).leftOut, pairs: orderedPairs(judged)};
  };
  return [
    tried("as set", rules.weights),
    tried("equal weights", Object.fromEntries(ids.map((id) => [id, 1]))),
    ...ids.map((id) =>
      tried(`without ${id}`, Object.fromEntries(Object.entries(rules.weights).filter(([each]) => each !== id))),
    ),
  ];
}

/** The one-line rival: defaced plus backdoored sites, in the weeks that give both. */
export function rival(weeks: readonly JudgedWeek[]): {
  goodAtMost: number;
  fairAtLeast: number;
  good: number;
  fair: number;
} {
  const sums = weeks.flatMap(({isBase, grade, values}) => {
    const [defaced, backdoored] = [values["web.defaced"] ?? null, values["web.backdoored"] ?? null];
    return isBase && defaced !== null && backdoored !== null ? [{grade, sum: defaced + backdoored}] : [];
  });
  const of = (wanted: Grade): number[] => sums.filter(({grade}) => grade === wanted).map(({sum}) => sum);
  return {
    goodAtMost: Math.max(...of("良")),
    fairAtLeast: Math.min(...of("中")),
    good: of("良").length,
    fair: of("中").length,
  };
}
