import {createHash} from "node:crypto";
import {readdir, readFile} from "node:fs/promises";
import path from "node:path";
import type {FeedWeek, IndicatorDefinition, WeekCount, WeekCounts} from "../../model/indicator.ts";
import {type Week, weekOfDay} from "../../model/week.ts";
import {codeOf, writeDurably} from "../durable.ts";
import {countWeek, familiesFound} from "./count.ts";
import type {Engine} from "./engine.ts";
import type {OpenWeekTable} from "./week-files.ts";
import type {CountContext, CountedDefinition} from "./week-rows.ts";
import {weekTable} from "./week-table.ts";

/** What the lake says of one week. */
export interface CountedWeek {
  readonly week: string;
  readonly counts: WeekCounts;
  readonly deliveries: readonly FeedWeek[];
  /** Ids of the reports with events, or without any, in the week. */
  readonly reports: readonly string[];
}

/** Where and what to count. */
export interface CountWork {
  readonly engine: Engine;
  readonly lake: string;
  readonly definitions: readonly IndicatorDefinition[];
  readonly context: CountContext;
}

/** Raised when the same table would be counted otherwise. */
const COUNTING_VERSION = 1;

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

/** Counts a week, or gives what was counted before from the same events by the same definitions. */
export async function countedWeek(work: CountWork, week: Week, earlier: readonly Week[]): Promise<CountedWeek> {
  const {table, live} = await weekTable(work.engine, work.lake, week);
  const counted = work.definitions.filter(isCounted);
  const before = await Promise.all(earlier.map(async (each) => (await weekTable(work.engine, work.lake, each)).table));
  const key = keyOf(work, table, before);
  const cached = await readCounts(table, key);
  if (cached !== null) return cached;
  const values = await countWeek(
    work.engine,
    table,
    counted.filter((each) => each.counting.how === "counted"),
    work.context,
  );
  const counts: Record<string, WeekCount> = {};
  for (const [id, {value, by}] of values) counts[id] = {value, by, reports: reportsOf(table, counted, id)};
  for (const definition of counted.filter((each) => each.counting.how === "new")) {
    counts[definition.id] = {
      value: await countNew(work, {table, before}, definition),
      by: {},
      reports: reportsOf(table, counted, definition.id),
    };
  }
  const feeds = new Map(live.members.map((member) => [member.report, live.commits.get(member.report)?.feed ?? ""]));
  const result: CountedWeek = {
    week: week.from,
    counts,
    deliveries: deliveriesOf(week, table, feeds),
    reports: [...feeds.keys()].sort(),
  };
  await writeDurably(path.join(table.folder, "counts.json"), JSON.stringify({key, result}));
  return result;
}

function isCounted(definition: IndicatorDefinition): definition is CountedDefinition {
  return definition.counting.how === "counted" || definition.counting.how === "new";
}

/** What the counts depend on. */
function keyOf(work: CountWork, table: OpenWeekTable, before: readonly OpenWeekTable[]): string {
  const parts = [
    COUNTING_VERSION,
    table.tag,
    before.map((each) => each.tag),
    work.definitions.map((each) => [each.id, each.counting]),
    work.context,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

async function readCounts(table: OpenWeekTable, key: string): Promise<CountedWeek | null> {
  try {
    const stored = JSON.parse(await readFile(path.join(table.folder, "counts.json"), "utf8")) as {
      key: string;
      result: CountedWeek;
    };
    return stored.key === key ? stored.result : null;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** Values of a column that no earlier week had; null in the first week. */
async function countNew(
  work: CountWork,
  {table, before}: {table: OpenWeekTable; before: readonly OpenWeekTable[]},
  definition: CountedDefinition,
): Promise<number | null> {
  if (definition.counting.distinct !== "family") throw new TypeError("only families are known to be new");
  if (before.length === 0) return null;
  const known = new Set(before.flatMap((each) => each.families));
  const found = await familiesFound(work.engine, {table, context: work.context}, definition);
  return [...found].filter((family) => !known.has(family)).length;
}

/** Reports that have events of the classes that an indicator counts. */
function reportsOf(table: OpenWeekTable, definitions: readonly CountedDefinition[], id: string): string[] {
  const where = definitions.find((each) => each.id === id)?.counting.where ?? [];
  const classes = where.flatMap((condition) =>
    condition.column === "class" && "is" in condition ? condition.is.map(String) : [],
  );
  const from = table.delivered.filter((each) => classes.length === 0 || classes.includes(each.class));
  return [...new Set(from.map((each) => each.report))].sort();
}

function deliveriesOf(week: Week, table: OpenWeekTable, feeds: ReadonlyMap<string, string>): FeedWeek[] {
  const names = [...new Set(feeds.values())].sort();
  return names.map((feed) => {
    const own = table.delivered.filter((each) => each.feed === feed);
    return {
      feed,
      week: week.from,
      reports: [...feeds.values()].filter((each) => each === feed).length,
      events: own.reduce((sum, each) => sum + each.events, 0),
      classes: [...new Set(own.map((each) => each.class))].sort(),
    };
  });
}
