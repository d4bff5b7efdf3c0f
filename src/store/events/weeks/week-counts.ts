import {createHash} from "node:crypto";
import {readdir} from "node:fs/promises";
import path from "node:path";
import {WatchfloorError} from "../../../model/errors.ts";
import {
  classesOf,
  type FeedWeek,
  type IndicatorDefinition,
  type WeekCount,
  type WeekCounts,
} from "../../../model/indicator.ts";
import {type Week, weekOfDay} from "../../../model/week.ts";
import {codeOf, readIfThere, writeDurably} from "../../durable.ts";
import type {Commit} from "../commits.ts";
import {countWeek, familiesFound} from "../count.ts";
import type {Engine} from "../engine.ts";
import {toldWeeks} from "./told-weeks.ts";
import type {OpenWeekTable, WeekTable} from "./week-files.ts";
import type {CountContext, CountedDefinition} from "./week-rows.ts";
import {type WeekState, weekFolder, weekTable, withWeekTable} from "./week-table.ts";

/** What the lake says of one week. */
export interface CountedWeek {
  readonly week: string;
  readonly counts: WeekCounts;
  readonly deliveries: readonly FeedWeek[];
  /** Ids of the reports with events, or without any, in the week. */
  readonly reports: readonly string[];
  /** Classes of events that the reports which tell of the week have. */
  readonly told: readonly string[];
}

/** Where and what to count. */
export interface CountWork {
  readonly engine: Engine;
  readonly lake: string;
  readonly definitions: readonly IndicatorDefinition[];
  readonly context: CountContext;
}

/** Raised when the same table would be counted otherwise. */
const COUNTING_VERSION = 4;

/** Returns the weeks that have events in the lake, first one first. */
export async function weeksInLake(lake: string, zone: string): Promise<Week[]> {
  const names = await readdir(lake).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  });
  const weeks = new Map<string, Week>();
  for (const name of names) {
    const day = /^day=(\d{4}-\d{2}-\d{2})$/.exec(name)?.[1];
    if (day === undefined) continue;
    const week = weekOfDay(day, zone);
    weeks.set(week.from, week);
  }
  return [...weeks.values()].sort((one, other) => (one.from < other.from ? -1 : 1));
}

/**
 * Counts weeks, the first one first, or gives what was counted before from the same events by the same definitions. What
 * is new in a week is what none of those before it in the list has.
 */
export async function countWeeks(work: CountWork, weeks: readonly Week[]): Promise<ReadonlyMap<string, CountedWeek>> {
  const counted = new Map<string, CountedWeek>();
  const before: Earlier[] = [];
  for (const week of weeks) {
    const {table} = await weekTable(work.engine, work.lake, week);
    const found = await countedAfter(work, {week, table, before});
    counted.set(week.from, found);
    before.push({table, told: found.told});
  }
  return counted;
}

/** A week before: what is new in a class is only known after a week in which reports told of it. */
interface Earlier extends Pick<CountedWeek, "told"> {
  readonly table: WeekTable;
}

interface WeekAfter {
  readonly week: Week;
  readonly table: WeekTable;
  readonly before: readonly Earlier[];
}

async function countedAfter(work: CountWork, {week, table, before}: WeekAfter): Promise<CountedWeek> {
  const known = await readCounts(work, week, keyOf(work, table, before));
  if (known !== null) return known;
  const counted = await withWeekTable(work.engine, work.lake, week, async (state) => ({
    key: keyOf(work, state.table, before),
    result: await countOne(work, state, before),
  }));
  await writeDurably(countsFile(work, week), JSON.stringify(counted)).catch((error: unknown) => {
    // the numbers are right without being remembered: a home that is full or read-only can still be read
    if (!(error instanceof WatchfloorError)) throw error;
  });
  return counted.result;
}

async function countOne(work: CountWork, {table, live}: WeekState, before: readonly Earlier[]): Promise<CountedWeek> {
  const definitions = work.definitions.filter(isCounted);
  const values = await countWeek(
    work.engine,
    table,
    definitions.filter((each) => each.counting.how === "counted"),
    work.context,
  );
  const counts: Record<string, WeekCount> = {};
  for (const [id, {value, by}] of values) counts[id] = {value, by, reports: reportsOf(table, definitions, id)};
  for (const definition of definitions.filter((each) => each.counting.how === "new")) {
    counts[definition.id] = {
      value: await countNew(work, {table, before}, definition),
      by: {},
      reports: reportsOf(table, definitions, definition.id),
    };
  }
  const commits = [...live.commits.values()];
  const telling = new Set(commits.filter((each) => toldWeeks(each).has(table.week)).map(({id}) => id));
  return {
    week: table.week,
    counts,
    deliveries: deliveriesOf(table, {commits, telling}),
    reports: [...new Set(live.members.map(({report}) => report))].sort(),
    told: [...new Set(table.delivered.filter(({report}) => telling.has(report)).map((each) => each.class))].sort(),
  };
}

function isCounted(definition: IndicatorDefinition): definition is CountedDefinition {
  return definition.counting.how === "counted" || definition.counting.how === "new";
}

/** What the counts depend on. */
function keyOf(work: CountWork, table: WeekTable, before: readonly Earlier[]): string {
  const parts = [
    COUNTING_VERSION,
    table.tag,
    work.definitions.filter(isCounted).map((each) => isTold(before, each)),
    [...familiesIn(before)].sort(),
    work.definitions.map((each) => [each.id, each.counting]),
    work.context,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Whether a week before was looked at for what the definition counts. */
function isTold(before: readonly Earlier[], definition: CountedDefinition): boolean {
  const counted = classesOf(definition);
  return before.some(({told}) =>
    counted.length === 0 ? told.length > 0 : counted.some((each) => told.includes(each)),
  );
}

function familiesIn(before: readonly Earlier[]): Set<string> {
  return new Set(before.flatMap(({table}) => table.families));
}

function countsFile({lake}: CountWork, week: Week): string {
  return path.join(weekFolder(lake, week), "counts.json");
}

async function readCounts(work: CountWork, week: Week, key: string): Promise<CountedWeek | null> {
  const text = await readIfThere(countsFile(work, week));
  if (text === null) return null;
  const stored = JSON.parse(text.toString("utf8")) as {key: string; result: CountedWeek};
  return stored.key === key ? stored.result : null;
}

/** Values of a column that no earlier week had; null in the first week that was looked at for them. */
async function countNew(
  work: CountWork,
  {table, before}: {table: OpenWeekTable; before: readonly Earlier[]},
  definition: CountedDefinition,
): Promise<number | null> {
  if (definition.counting.distinct !== "family") throw new TypeError("only families are known to be new");
  if (!isTold(before, definition)) return null;
  const known = familiesIn(before);
  const found = await familiesFound(work.engine, {table, context: work.context}, definition);
  return [...found].filter((family) => !known.has(family)).length;
}

/** Reports that have events of the classes that an indicator counts. */
function reportsOf(table: WeekTable, definitions: readonly CountedDefinition[], id: string): string[] {
  const definition = definitions.find((each) => each.id === id);
  const classes = definition === undefined ? [] : classesOf(definition);
  const from = table.delivered.filter((each) => classes.length === 0 || classes.includes(each.class));
  return [...new Set(from.map((each) => each.report))].sort();
}

function deliveriesOf(
  table: WeekTable,
  {commits, telling}: {commits: readonly Commit[]; telling: ReadonlySet<string>},
): FeedWeek[] {
  const feeds = [...new Set(commits.map(({feed}) => feed))].sort();
  return feeds.map((feed) => {
    const own = table.delivered.filter((each) => each.feed === feed);
    return {
      feed,
      week: table.week,
      reports: commits.filter((each) => each.feed === feed && telling.has(each.id)).length,
      events: own.reduce((sum, each) => sum + each.events, 0),
      classes: [...new Set(own.map((each) => each.class))].sort(),
    };
  });
}
