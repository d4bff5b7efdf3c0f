import {classesOf, type FeedWeek, type Gap, type IndicatorDefinition} from "../model/indicator.ts";
import {addDays, type Day} from "../model/week.ts";
import {median} from "./median.ts";

/** When a feed's week counts as a gap. */
export interface GapRules {
  /** Weeks before this one that are looked at. */
  readonly weeksLooked: number;
  /** A feed that delivered in fewer of them is too new to be missed. */
  readonly leastWeeksSilent: number;
  readonly leastWeeksFarLess: number;
  /** Share of weeks with a delivery, from its first to its last, from which on a feed is one that delivers every week. */
  readonly regularShare: number;
  /** Below this share of the usual events a delivery is far less than usual. */
  readonly farLess: number;
  /** A feed with fewer events in its usual week goes up and down by chance. */
  readonly leastUsual: number;
}

/**
 * Our choice; docs/indicators.md and the guide say it. A fifth is low enough that holidays do not show: of 440 real weeks of CNVD (2015-2023) 3 lie below it, 12 below
 * a third, most of them around Chinese New Year and the National Day.
 */
export const GAP_RULES: GapRules = {
  weeksLooked: 12,
  leastWeeksSilent: 2,
  leastWeeksFarLess: 3,
  regularShare: 0.5,
  farLess: 0.2,
  leastUsual: 20,
};

/** The gaps of a week, by feed name, and for each indicator that counts events those that may make it too low. */
export interface Gaps {
  readonly gaps: readonly Gap[];
  readonly byIndicator: ReadonlyMap<string, readonly Gap[]>;
}

/**
 * Finds the feeds that delivered nothing, or far less than usual, and the indicators of the classes that they told of in
 * the weeks before. `expected` names the feeds that are switched on: one that never delivered is a gap of no indicator.
 * Usual is the median of the weeks in which the feed delivered, so one odd week does not move it.
 */
export function gapsOf(
  input: {
    readonly week: Day;
    readonly deliveries: readonly FeedWeek[];
    readonly expected: readonly string[];
    readonly definitions: readonly IndicatorDefinition[];
  },
  rules: GapRules = GAP_RULES,
): Gaps {
  const {week, deliveries, expected, definitions} = input;
  const feeds = [...new Set([...expected, ...deliveries.map(({feed}) => feed)])].sort();
  const gaps: Gap[] = [];
  const byIndicator = new Map<string, Gap[]>();
  for (const feed of feeds) {
    const own = deliveries.filter((each) => each.feed === feed && each.reports > 0);
    const before = own.filter((each) => each.week < week);
    const now = own.find((each) => each.week === week) ?? null;
    const gap = gapOf({feed, week, before, now, isExpected: expected.includes(feed)}, rules);
    if (gap === null) continue;
    gaps.push(gap);
    const classes = new Set(recent(before, week, rules).flatMap((each) => each.classes));
    for (const definition of definitions.filter((each) => classesOf(each).some((code) => classes.has(code))))
      byIndicator.set(definition.id, [...(byIndicator.get(definition.id) ?? []), gap]);
  }
  return {gaps, byIndicator};
}

interface FeedHistory {
  readonly feed: string;
  readonly week: Day;
  /** Weeks before with a delivery. */
  readonly before: readonly FeedWeek[];
  readonly now: FeedWeek | null;
  readonly isExpected: boolean;
}

function gapOf({feed, week, before, now, isExpected}: FeedHistory, rules: GapRules): Gap | null {
  const weeks = recent(before, week, rules);
  const usual = median((weeks.length > 0 ? weeks : before).map(({events}) => events));
  if (now === null) {
    const isMissed = weeks.length === 0 ? isExpected : isRegular(weeks, rules);
    return isMissed ? {feed, kind: "silent", delivered: 0, usual} : null;
  }
  const isJudged = usual !== null && weeks.length >= rules.leastWeeksFarLess && usual >= rules.leastUsual;
  return isJudged && now.events < usual * rules.farLess ? {feed, kind: "far-less", delivered: now.events, usual} : null;
}

function recent(before: readonly FeedWeek[], week: Day, rules: GapRules): FeedWeek[] {
  const first = addDays(week, -7 * rules.weeksLooked);
  return before.filter((each) => each.week >= first);
}

/** A monthly feed is silent in most weeks and not missed; a weekly one is, however long ago it stopped within the weeks looked at. */
function isRegular(weeks: readonly FeedWeek[], rules: GapRules): boolean {
  const days = weeks.map(({week}) => Date.parse(week)).sort((a, b) => a - b);
  const span = 1 + ((days.at(-1) ?? 0) - (days[0] ?? 0)) / WEEK_MS;
  return weeks.length >= rules.leastWeeksSilent && weeks.length / span >= rules.regularShare;
}

const WEEK_MS = 7 * 24 * 3600 * 1000;

/**
 * Returns the classes that the feeds which delivered for the week have told of, in that week or any other given. Of other
 * classes nobody knows: that none was reported does not mean that there was none.
 */
export function fedClasses(week: Day, deliveries: readonly FeedWeek[]): Set<string> {
  const delivering = new Set(deliveries.filter((each) => each.week === week && each.reports > 0).map(({feed}) => feed));
  return new Set(deliveries.filter(({feed}) => delivering.has(feed)).flatMap(({classes}) => classes));
}
