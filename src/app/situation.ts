import type {FigureEntry, RatingOverride} from "../model/edition.ts";
import {WatchfloorError} from "../model/errors.ts";
import type {Indicator, IndicatorDefinition, InfraEvent, Situation, WeekValues} from "../model/indicator.ts";
import {addDays, daysOf, type Week, weekBefore, weekNamed} from "../model/week.ts";
import {indicatorsOf, type WeekInput} from "../situation/compute.ts";
import {frozenCases} from "../situation/frozen.ts";
import {fedClasses, gapsOf} from "../situation/gaps.ts";
import {rate} from "../situation/rating.ts";
import {type CaseWeek, countCases} from "../store/cases/counting.ts";
import type {CaseCounting} from "../store/cases/handled-rounds.ts";
import {figuresOf, infraEventsOf, ratingOverrideOf} from "../store/entries.ts";
import {readCommit} from "../store/events/commits.ts";
import {type CountedWeek, type CountWork, countWeeks, weeksInLake} from "../store/events/weeks/week-counts.ts";
import {countedHistory} from "./cases/history.ts";
import type {House} from "./house.ts";

/** Weeks back that a rating may look at: two years, for the fixed base is the calendar year before. */
const WEEKS_BACK = 105;

/** What people stated for a week; null where the database could not be opened (RULINGS 7). */
interface Stated {
  readonly cases: CaseWeek;
  readonly figures: ReadonlyMap<string, FigureEntry>;
  readonly infraEvents: readonly InfraEvent[];
  readonly override: RatingOverride | null;
}

function hasCases(stated: Stated | null): boolean {
  return stated !== null && Object.keys(stated.cases).length > 0;
}

/** Whether nobody said or did anything in the week. */
function isBlank({figures, infraEvents, cases}: Stated): boolean {
  const isAtWork = [cases.handled, cases.complaints].some((each) => (each?.value ?? 0) > 0);
  return figures.size === 0 && infraEvents.length === 0 && !isAtWork;
}

/** All that the situations of neighbouring weeks share. */
interface Desk {
  readonly house: House;
  readonly definitions: readonly IndicatorDefinition[];
  readonly weeks: readonly Week[];
  readonly counted: ReadonlyMap<string, CountedWeek>;
  /** Null when the database could not be opened. */
  readonly stated: ((week: Week) => Promise<Stated>) | null;
}

/** Computes the situation of a week: counts, what was stated, gaps, rating. Throws week_empty when nothing is known of it. */
export function situationOf(house: House, week: Week, now: Date): Promise<Situation> {
  return situationAsOf(house, week, {now, casesUntil: now, frozen: null});
}

/** Until when cases are counted, and what they said when the edition was submitted: null while it is not. */
export interface CasesAt {
  readonly now: Date;
  readonly casesUntil: Date;
  readonly frozen: Situation | null;
}

/** The same with cases as they were at an earlier time: what is in review must not change while they go on. */
export async function situationAsOf(house: House, week: Week, {now, casesUntil, frozen}: CasesAt): Promise<Situation> {
  const desk = withFrozen(await openDesk(house, week, casesUntil), week, frozen);
  const here = desk.counted.get(week.from);
  const stated = (await desk.stated?.(week)) ?? null;
  if (here === undefined && (stated === null || isBlank(stated))) {
    throw new WatchfloorError("week_empty", week.from);
  }
  const deliveries = [...desk.counted.values()].flatMap((each) => each.deliveries);
  const expected = Object.entries(house.config.feeds).flatMap(([name, feed]) => (feed.enabled ? [name] : []));
  const gaps = gapsOf({week: week.from, deliveries, expected, definitions: desk.definitions});
  const before = weekBefore(week);
  const gapsBefore = gapsOf({week: before.from, deliveries, expected: [], definitions: desk.definitions});
  const indicators = indicatorsOf({
    definitions: desk.definitions,
    now: await inputOf(desk, week),
    before: desk.counted.has(before.from) || desk.stated !== null ? await inputOf(desk, before) : null,
    gaps: gaps.byIndicator,
    gapsBefore: gapsBefore.byIndicator,
  });
  const rating = rate({
    week: week.from,
    rules: house.config.profile.rating,
    definitions: desk.definitions,
    indicators,
    history: await historyOf(desk, week),
    baseline: await house.baseline(),
    infraEvents: stated?.infraEvents ?? null,
    override: stated?.override ?? null,
  });
  return {
    week: {from: week.from, to: week.to, zone: week.zone},
    indicators,
    rating,
    infraEvents: stated?.infraEvents ?? [],
    gaps: gaps.gaps,
    gapsBefore: gapsBefore.gaps,
    reports: await reportsOf(house, week, here),
    computedAt: now.toISOString(),
    ...(hasCases(stated) ? {casesUntil: casesUntil.toISOString()} : {}),
  };
}

async function openDesk(house: House, week: Week, casesUntil: Date): Promise<Desk> {
  const definitions = await house.definitions();
  const weeks = await weeksUpTo(house, week);
  const counted = await countWeeks(countWorkOf(house, definitions), weeks);
  const looked = [...weeks.filter(({from}) => from !== week.from), weekBefore(week), week];
  return {house, definitions, weeks, counted, stated: await statedReader(house, {weeks: looked, until: casesUntil})};
}

/** Cases of the week and of the one before as they were when the edition was submitted. */
function withFrozen(desk: Desk, {from, zone}: Week, situation: Situation | null): Desk {
  const {stated, definitions} = desk;
  if (situation === null || stated === null) return desk;
  const before = weekBefore(weekNamed(from, zone)).from;
  return {
    ...desk,
    stated: async (week) => {
      const found = await stated(week);
      const of = week.from === from ? "week" : week.from === before ? "before" : null;
      return of === null ? found : {...found, cases: frozenCases(found.cases, {situation, definitions, of})};
    },
  };
}

/** Returns the weeks of the lake that the situation of this one looks at, first one first. */
export async function weeksUpTo(house: House, {from, zone}: Week): Promise<Week[]> {
  const all = await weeksInLake(house.lake, zone);
  const oldest = addDays(from, -7 * WEEKS_BACK);
  return all.filter((each) => each.from <= from && each.from >= oldest);
}

/** Returns what the lake is to be counted by. */
export function countWorkOf(house: House, definitions: readonly IndicatorDefinition[]): CountWork {
  const {territory, bulletin} = house.config.profile;
  const aimedFeeds = Object.entries(house.config.feeds).flatMap(([name, feed]) =>
    feed.isAimedAtConstituency ? [name] : [],
  );
  return {
    engine: house.engine,
    lake: house.lake,
    definitions,
    context: {country: territory.country, aimedFeeds, vulnPrefix: bulletin.vulnPrefix},
  };
}

/** Without the database the counted indicators still come out; the rating is then refused with the reason. */
async function statedReader(house: House, counting: Pick<CaseCounting, "weeks" | "until">): Promise<Desk["stated"]> {
  try {
    const {db} = await house.database();
    const {handledWhen} = house.config.cases;
    const cases = await countCases(db, {...counting, handledWhen, history: countedHistory(house)});
    return async (week) => ({
      cases: cases.get(week.from) ?? {},
      figures: await figuresOf(db, week.from),
      infraEvents: await infraEventsOf(db, week),
      override: await ratingOverrideOf(db, week.from),
    });
  } catch (error) {
    if (error instanceof WatchfloorError && error.code === "database_unavailable") return null;
    throw error;
  }
}

async function inputOf(desk: Desk, week: Week): Promise<WeekInput> {
  const stated = (await desk.stated?.(week)) ?? null;
  const deliveries = [...desk.counted.values()].flatMap((each) => each.deliveries);
  return {
    counts: desk.counted.get(week.from)?.counts ?? {},
    entered: stated?.figures ?? new Map(),
    fedClasses: fedClasses(week.from, deliveries),
    cases: stated?.cases ?? null,
    infraEvents: stated === null ? null : stated.infraEvents.length,
  };
}

/** Values of all earlier weeks of the lake, each by itself. */
async function historyOf(desk: Desk, week: Week): Promise<WeekValues[]> {
  const history: WeekValues[] = [];
  for (const each of desk.weeks.filter(({from}) => from < week.from)) {
    const indicators = indicatorsOf({
      definitions: desk.definitions,
      now: await inputOf(desk, each),
      before: null,
      gaps: new Map(),
      gapsBefore: new Map(),
    });
    history.push({week: each.from, values: valuesOf(indicators)});
  }
  return history;
}

function valuesOf(indicators: Readonly<Record<string, Indicator>>): Record<string, number | null> {
  return Object.fromEntries(Object.entries(indicators).map(([id, {value}]) => [id, value]));
}

/** The reports with events of the week. One may tell of other weeks too: its events of this week are counted. */
async function reportsOf(house: House, week: Week, counted: CountedWeek | undefined): Promise<Situation["reports"]> {
  const days = new Set(daysOf(week));
  const commits = await Promise.all((counted?.reports ?? []).map((id) => readCommit(house.lake, id)));
  return commits.flatMap((commit) => {
    if (commit === null) return [];
    const {id, feed, sha256, fetchedAt, files} = commit;
    const events = files.filter(({day}) => days.has(day)).reduce((sum, {rows}) => sum + rows, 0);
    return [{id, feed, sha256, fetchedAt, events}];
  });
}

/** Returns the values of all weeks up to this one as they are known at a time, for trends: first week first. */
export async function trendOf(house: House, week: Week, casesUntil: Date): Promise<WeekValues[]> {
  const desk = await openDesk(house, week, casesUntil);
  const here = desk.counted.has(week.from) ? [week] : [];
  return [
    ...(await historyOf(desk, week)),
    ...(await historyOf({...desk, weeks: here}, weekNamed(addDays(week.from, 7), week.zone))),
  ];
}
