import type {FigureEntry} from "../model/edition.ts";
import {
  type BreakdownCell,
  type BreakdownTable,
  type CaseFigure,
  classesOf,
  type EventDimension,
  type Gap,
  type Indicator,
  type IndicatorDefinition,
  type WeekCount,
  type WeekCounts,
} from "../model/indicator.ts";
import {codesOf} from "./figures.ts";
import {mayBeEntered, partsOf} from "./indicators.ts";

/** What is known of one week. */
export interface WeekInput {
  readonly counts: WeekCounts;
  /** What people stated, by indicator; empty when the database could not be opened (RULINGS 7). */
  readonly entered: ReadonlyMap<string, FigureEntry>;
  /** Classes of events that the feeds which delivered are known to tell of, see `fedClasses`. */
  readonly fedClasses: ReadonlySet<string>;
  /** What cases say of the week; null where they could not be read. Figures that nobody kept yet are not there. */
  readonly cases: Partial<Record<CaseFigure, WeekCount>> | null;
  /** Number of infrastructure events in the register; null when it could not be read. */
  readonly infraEvents: number | null;
}

/** What one week says of one indicator, before any comparison. */
interface Figure {
  readonly value: number | null;
  readonly by: BreakdownTable;
  readonly reports: readonly string[];
  readonly entered: Indicator["entered"];
  readonly codes: readonly string[] | null;
}

const NOTHING: Figure = {value: null, by: {}, reports: [], entered: null, codes: null};

/**
 * Returns the indicators of a week, each beside the week before (null: there is none). What is counted goes before what is
 * stated. A value is null, never 0, when no feed that could have reported it told of the week, when a part of it
 * is null, or when nobody stated it. `gaps` are those of `gapsOf` for the week, `gapsBefore` those of the week before; sums
 * and ratios share those of their parts.
 */
export function indicatorsOf(input: {
  readonly definitions: readonly IndicatorDefinition[];
  readonly now: WeekInput;
  readonly before: WeekInput | null;
  readonly gaps: ReadonlyMap<string, readonly Gap[]>;
  readonly gapsBefore: ReadonlyMap<string, readonly Gap[]>;
}): Record<string, Indicator> {
  const {definitions} = input;
  const now = figuresOf(definitions, input.now);
  const before = input.before === null ? null : figuresOf(definitions, input.before);
  const [gaps, gapsBefore] = [
    withParts(definitions, input.gaps, now),
    withParts(definitions, input.gapsBefore, before),
  ];
  return Object.fromEntries(
    definitions.map((definition): [string, Indicator] => {
      const {id, version} = definition;
      const {value, by, reports, entered, codes} = now.get(id) ?? NOTHING;
      const previous = before?.get(id) ?? NOTHING;
      const compared = {
        value,
        previous: previous.value,
        change: changeFrom(previous.value, value),
        by,
        previousBy: previous.by,
      };
      const marks = {
        gaps: entered === null ? (gaps.get(id) ?? []) : [],
        gapsBefore: previous.entered === null && previous.value !== null ? (gapsBefore.get(id) ?? []) : [],
      };
      return [id, {...compared, reports, ...marks, entered, ...(codes === null ? {} : {codes}), version}];
    }),
  );
}

/** Gaps by indicator; sums and ratios, which come after their parts, have those of their parts that nobody entered. */
function withParts(
  definitions: readonly IndicatorDefinition[],
  own: ReadonlyMap<string, readonly Gap[]>,
  figures: ReadonlyMap<string, Figure> | null,
): ReadonlyMap<string, readonly Gap[]> {
  const all = new Map<string, readonly Gap[]>();
  for (const definition of definitions) {
    const parts = partsOf(definition)
      .filter((part) => (figures?.get(part) ?? NOTHING).entered === null)
      .flatMap((part) => all.get(part) ?? []);
    all.set(definition.id, uniqueGaps([...(own.get(definition.id) ?? []), ...parts]));
  }
  return all;
}

/**
 * Returns the change against the week before as a fraction: 0.25 is 25 % more.
 * Null when there is nothing to compare with: either week was not measured, or last week was zero.
 */
export function changeFrom(before: number | null, now: number | null): number | null {
  return before === null || now === null || before === 0 ? null : (now - before) / before;
}

function figuresOf(definitions: readonly IndicatorDefinition[], week: WeekInput): Map<string, Figure> {
  const figures = new Map<string, Figure>();
  for (const definition of definitions) {
    const computed = computedFigure(definition, week, figures);
    const stated = week.entered.get(definition.id);
    const isStated = computed.value === null && stated !== undefined && mayBeEntered(definition);
    figures.set(definition.id, isStated ? statedFigure(definition, stated) : computed);
  }
  return figures;
}

function computedFigure(
  definition: IndicatorDefinition,
  week: WeekInput,
  figures: ReadonlyMap<string, Figure>,
): Figure {
  const {counting, cases} = definition;
  const ofCases = cases === undefined ? undefined : week.cases?.[cases.figure];
  if (ofCases !== undefined) return {...NOTHING, ...ofCases};
  const figureOf = (part: string): Figure => figures.get(part) ?? NOTHING;
  switch (counting.how) {
    case "counted": {
      const known = counting.known;
      const share = known === undefined ? null : quotient(figureOf(known.share).value, figureOf(known.of).value);
      if (known !== undefined && (share === null || share < known.least)) return NOTHING;
      return countedFigure(definition, week, figures);
    }
    case "new":
      return countedFigure(definition, week, figures);
    case "sum":
      return sumOf(counting.of.map(figureOf), counting.by);
    case "ratio": {
      const [of, to] = [figureOf(counting.of), figureOf(counting.to)];
      const value = quotient(of.value, to.value);
      return value === null ? NOTHING : {...NOTHING, value, reports: union([of.reports, to.reports])};
    }
    case "infra":
      return {...NOTHING, value: isKept(week) ? week.infraEvents : null};
    case "entered":
      return NOTHING;
  }
}

/** Late events of a week that no feed looked at are no count of it, and a count of 0 is believed only where somebody looked. */
function countedFigure(definition: IndicatorDefinition, week: WeekInput, figures: ReadonlyMap<string, Figure>): Figure {
  const count = week.counts[definition.id];
  if (count === undefined || count.value === null || !isLookedAt(definition, week)) return NOTHING;
  return count.value > 0 || isZeroBelieved(definition, figures) ? {...NOTHING, ...count} : NOTHING;
}

/** A register without an entry says 0 only of a week that somebody looked at: it may not have been kept yet. */
function isKept({infraEvents, fedClasses, entered}: WeekInput): boolean {
  return infraEvents !== 0 || fedClasses.size > 0 || entered.size > 0;
}

function isLookedAt(definition: IndicatorDefinition, {fedClasses}: WeekInput): boolean {
  const classes = classesLookedFor(definition);
  return classes.length === 0 ? fedClasses.size > 0 : classes.some((each) => fedClasses.has(each));
}

/** Classes of which a feed has to tell for the indicator to be looked at; none: any will do. */
function classesLookedFor(definition: IndicatorDefinition): readonly string[] {
  return definition.zero?.when === "fed" ? definition.zero.classes : classesOf(definition);
}

/** Whether a count of 0 stands, of an indicator that is looked at. */
function isZeroBelieved(definition: IndicatorDefinition, figures: ReadonlyMap<string, Figure>): boolean {
  const {zero} = definition;
  if (zero?.when === "never") return false;
  if (zero?.when !== "part") return classesLookedFor(definition).length > 0;
  const whole = figures.get(zero.of) ?? NOTHING;
  return whole.value !== null && whole.entered === null;
}

function statedFigure({counting}: IndicatorDefinition, stated: FigureEntry): Figure {
  const entered = {by: stated.by, at: stated.at};
  const codes = counting.how === "entered" && counting.codes !== undefined ? counting.codes : null;
  if (codes === null || stated.value === null) return {...NOTHING, value: stated.value, entered};
  return {...NOTHING, entered, codes: codesOf(codes, stated.value)};
}

function sumOf(parts: readonly Figure[], dimensions: readonly EventDimension[]): Figure {
  let value = 0;
  for (const part of parts) {
    if (part.value === null) return NOTHING;
    value += part.value;
  }
  const isCounted = parts.every((part) => part.entered === null); // a stated part has no breakdown: the sum would lack it
  const by = isCounted ? dimensions.map((dimension) => [dimension, sumCells(parts, dimension)]) : [];
  return {...NOTHING, value, by: Object.fromEntries(by), reports: union(parts.map(({reports}) => reports))};
}

function sumCells(parts: readonly Figure[], dimension: EventDimension): BreakdownCell[] {
  const sums = new Map<string, number>();
  for (const {key, value} of parts.flatMap((part) => part.by[dimension] ?? []))
    sums.set(key, (sums.get(key) ?? 0) + value);
  return Array.from(sums, ([key, value]) => ({key, value})).sort(
    (a, b) => b.value - a.value || (a.key < b.key ? -1 : 1),
  );
}

function quotient(of: number | null, to: number | null): number | null {
  return of === null || to === null || to === 0 ? null : of / to;
}

const union = (lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())].sort();

function uniqueGaps(gaps: readonly Gap[]): Gap[] {
  return [...new Map(gaps.map((gap) => [gap.feed, gap])).values()];
}
