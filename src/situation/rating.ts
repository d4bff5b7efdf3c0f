import type {RatingOverride} from "../model/edition.ts";
import {WatchfloorError} from "../model/errors.ts";
import {
  type Gap,
  GRADES,
  type Grade,
  type Indicator,
  type IndicatorDefinition,
  type InfraEvent,
  type Rating,
  type Reason,
  type WeekValues,
} from "../model/indicator.ts";
import type {Profile} from "../model/profile.ts";
import {oneDecimal} from "../model/rounding.ts";
import type {Day} from "../model/week.ts";
import {type BaseInput, type Baseline, fixedBases, rollingBases} from "./rating-base.ts";
import type {HeldOverride, Titles} from "./reasons.ts";
import * as say from "./reasons.ts";
import {type WeeklyIndex, weeklyIndex} from "./weekly-index.ts";

/** Weights, cuts and thresholds of the profile. */
export type RatingRules = Profile["rating"];

/** All that a week is rated by. */
export interface RatingInput {
  readonly week: Day;
  readonly rules: RatingRules;
  readonly definitions: readonly IndicatorDefinition[];
  readonly indicators: Readonly<Record<string, Indicator>>;
  /** Values of all computed weeks, in any order; this week and later ones are passed over. */
  readonly history: readonly WeekValues[];
  /** Null while nobody has signed one. */
  readonly baseline: Baseline | null;
  /** Events of the week; null when the register could not be read. */
  readonly infraEvents: readonly InfraEvent[] | null;
  readonly override: RatingOverride | null;
}

/** Shares are sums of fractions: 0.7 may come out as 0.6999999. */
const ROUNDING = 1e-9;

/**
 * Rates a week by the Weekly Situation Index: a documented method of ours, nobody else's rating. Each weighted indicator
 * is scored against what is usual, the weighted mean is cut into five grades, infrastructure events set floors.
 * The grade is null, with the reason, when too little of the weight is present or the register could not be read; an
 * editor's override takes the place of either. Numbers of what was handled never enter.
 * Throws config_invalid when a weight is not of an indicator of threats, usage when an override gives no reason.
 * Source: BULLETIN (b) 1-6; RULINGS 7, 8.
 */
export function rate(input: RatingInput): Rating {
  const {rules, definitions} = input;
  const override = heldOverride(input.override);
  checkWeights(rules.weights, definitions);
  const titles: Titles = Object.fromEntries(definitions.map(({id, title}) => [id, title]));
  const compared = compare(input);
  const refusals = refusalsOf(input, compared, titles);
  const index = refusals.length > 0 ? null : compared.found.index;
  const byIndex = index === null ? null : gradeOf(Number(oneDecimal(index)), rules.cuts); // as it is printed
  const floors = floorsOf(input.infraEvents ?? []);
  const byRule = byIndex === null ? null : worst([byIndex, ...floors.map(({floor}) => floor)]);
  const because = [
    ...refusals,
    ...(index === null || byIndex === null ? [] : indexReasons(index, byIndex, {rules, compared, titles})),
    ...floors.map(({event, floor}) => say.floorReason(event, floor)),
    ...qualityReasons(input, compared, titles),
    ...(override === null ? [] : [say.overrideReason(override, byRule)]),
  ];
  return {
    grade: override?.grade ?? byRule,
    byRule,
    index,
    fixedBaseIndex: index === null ? null : compared.fixedIndex,
    weightPresent: compared.found.weightPresent,
    base: compared.present.length === 0 ? null : compared.fromBaseline.length > 0 ? "baseline" : "history",
    contributions: compared.found.contributions,
    because,
    override: override === null ? null : {by: override.by, at: override.at, reason: override.reason},
  };
}

/** Returns the grade of an index: below the first cut excellent, at or above the last critical. */
export function gradeOf(index: number, cuts: readonly number[]): Grade {
  return GRADES[cuts.filter((cut) => index >= cut).length] ?? "危";
}

/** Checks that weights are of known indicators that count threats. Throws config_invalid with the id. */
function checkWeights(weights: RatingRules["weights"], definitions: readonly IndicatorDefinition[]): void {
  for (const id of Object.keys(weights)) {
    const definition = definitions.find((each) => each.id === id);
    if (definition === undefined)
      throw new WatchfloorError("config_invalid", `rating.weights names ${id}, which is no indicator`);
    if (definition.isHandled === true)
      throw new WatchfloorError("config_invalid", `rating.weights names ${id}, which counts what was handled`);
  }
}

interface Compared {
  readonly found: WeeklyIndex;
  readonly fixedIndex: number | null;
  /** Ids with a weight, a value and a base; of those, the ones whose base is the baseline's. */
  readonly present: readonly string[];
  readonly fromBaseline: readonly string[];
}

function compare(input: RatingInput): Compared {
  const {rules, indicators} = input;
  const ids = Object.keys(rules.weights);
  const values = Object.fromEntries(ids.map((id) => [id, indicators[id]?.value ?? null]));
  const from: BaseInput = {...input, indicators: ids};
  const bases = rollingBases(from, rules);
  const found = weeklyIndex({weights: rules.weights, values, bases: bases.values});
  const fixed = weeklyIndex({weights: rules.weights, values, bases: fixedBases(from, rules).values});
  const present = found.contributions.map(({indicator}) => indicator);
  return {
    found,
    fixedIndex: isEnough(fixed, rules) ? fixed.index : null,
    present,
    fromBaseline: bases.fromBaseline.filter((id) => present.includes(id)),
  };
}

function isEnough({weightPresent}: WeeklyIndex, {leastWeightPresent}: RatingRules): boolean {
  return weightPresent >= leastWeightPresent - ROUNDING;
}

function refusalsOf(input: RatingInput, {found, present}: Compared, titles: Titles): Reason[] {
  const {rules, infraEvents, indicators} = input;
  const absent = Object.keys(rules.weights).filter((id) => !present.includes(id));
  const isMeasured = (id: string): boolean => (indicators[id]?.value ?? null) !== null;
  const missing = {unmeasured: absent.filter((id) => !isMeasured(id)), baseless: absent.filter(isMeasured)};
  return [
    ...(infraEvents === null ? [say.REGISTER_REASON] : []),
    ...(isEnough(found, rules) && found.index !== null
      ? []
      : [say.weightReason({present: found.weightPresent, least: rules.leastWeightPresent}, missing, titles)]),
  ];
}

function indexReasons(
  index: number,
  grade: Grade,
  {rules, compared, titles}: {rules: RatingRules; compared: Compared; titles: Titles},
): Reason[] {
  const drivers = say.driverReason(compared.found.contributions, titles);
  return [say.indexReason(index, grade, rules.cuts), ...(drivers === null ? [] : [drivers])];
}

/** What a reader has to know of the numbers behind the index: bases by word of the operator, and gaps. */
function qualityReasons(
  {baseline, indicators}: RatingInput,
  {present, fromBaseline}: Compared,
  titles: Titles,
): Reason[] {
  const byFeed = new Map<string, {gap: Gap; ids: string[]}>();
  for (const id of present) {
    for (const gap of indicators[id]?.gaps ?? []) {
      const known = byFeed.get(gap.feed) ?? {gap, ids: []};
      byFeed.set(gap.feed, {gap, ids: [...known.ids, id]});
    }
  }
  const gaps = [...byFeed.values()].map(({gap, ids}) => say.gapReason(gap, ids, titles));
  const isUsed = baseline !== null && fromBaseline.length > 0;
  return [...(isUsed ? [say.baselineReason(baseline, fromBaseline, titles)] : []), ...gaps];
}

/**
 * The worst grade that an event forbids to go above: III that reaches a province or more, II, I.
 * Source: BULLETIN (b) 4; levels of the annex of 2025.
 */
function floorOf({level, reach}: InfraEvent): Grade | null {
  if (level === "I") return "危";
  if (level === "II") return "差";
  return level === "III" && (reach === "province" || reach === "nation") ? "中" : null;
}

function floorsOf(events: readonly InfraEvent[]): {event: InfraEvent; floor: Grade}[] {
  return events.flatMap((event) => {
    const floor = floorOf(event);
    return floor === null ? [] : [{event, floor}];
  });
}

function worst(grades: readonly Grade[]): Grade {
  return GRADES[Math.max(...grades.map((grade) => GRADES.indexOf(grade)))] ?? "危";
}

/** The override with its grade; null when there is none, or it was taken back. */
function heldOverride(override: RatingOverride | null): HeldOverride | null {
  if (override === null || override.grade === null) return null;
  if ([override.reason.zh, override.reason.en].every((text) => (text ?? "").trim() === ""))
    throw new WatchfloorError("usage", "an override of the rating needs a written reason");
  return {...override, grade: override.grade};
}
