import {type AssetColumn, type BreakdownCell, type EventDimension, UNKNOWN_KEY} from "../../model/indicator.ts";
import type {Engine} from "./engine.ts";
import {countInCube, cubeOf, familiesInCube} from "./weeks/cube.ts";
import {FAMILIES_PER_MASK, masksFor, type OpenWeekTable} from "./weeks/week-files.ts";
import {
  assetsSql,
  type CountContext,
  type Counted,
  type CountedDefinition,
  classNumbers,
  columnSql,
  sorted,
  whereSql,
} from "./weeks/week-rows.ts";

/** Columns of breakdowns. */
const BY: Readonly<Record<Exclude<EventDimension, "family" | "feed">, AssetColumn>> = {
  province: "province",
  sector: "sector",
  brand: "brand",
  tld: "tld",
  country: "country",
  scope: "scope",
  severity: "severity",
  vulnType: "vulnType",
  channelKind: "channelKind",
  responsible: "responsible",
};

/**
 * Counts the indicators of a week, exactly. Indicators of one class of addresses come out of a small cube; the others are
 * counted over the rows of the week table.
 */
export async function countWeek(
  engine: Engine,
  table: OpenWeekTable,
  definitions: readonly CountedDefinition[],
  context: CountContext,
): Promise<Map<string, Counted>> {
  const cube = await cubeOf(table);
  const counted = new Map<string, Counted>();
  for (const definition of definitions) {
    const quick = countInCube(cube, definition);
    counted.set(definition.id, quick ?? (await countRows(engine, {table, context}, definition)));
  }
  return counted;
}

interface Counter {
  readonly table: OpenWeekTable;
  readonly context: CountContext;
}

async function countRows(engine: Engine, counter: Counter, definition: CountedDefinition): Promise<Counted> {
  const {counting} = definition;
  const dimensions = counting.how === "counted" ? counting.by : [];
  const plain = dimensions.flatMap((dimension) =>
    dimension === "family" || dimension === "feed" ? [] : [{dimension, sql: columnSql(BY[dimension], counter.context)}],
  );
  const sets = plain.map((_, index) => `(by_${index})`);
  const distinct = columnSql(counting.distinct, counter.context);
  const COUNT = `
    SELECT ${plain
      .map((each, index) => `toString(${each.sql}) AS by_${index}`)
      .concat("")
      .join(
        ", ",
      )} uniqExact(${distinct}) AS value, ${plain.length === 0 ? "0" : `grouping(${plain.map((_, index) => `by_${index}`).join(", ")})`} AS level
    FROM ${assetsSql(counter.table, classNumbers(counting.where))}
    WHERE ${whereSql(definition, counter.context)}
    GROUP BY ${plain.length === 0 ? "()" : `GROUPING SETS (${["()", ...sets].join(", ")})`}`;
  const rows = await engine.query<Record<string, string | number>>(COUNT);
  const all = (1 << plain.length) - 1;
  const by: Partial<Record<EventDimension, BreakdownCell[]>> = {};
  plain.forEach(({dimension}, index) => {
    const level = all & ~(1 << (plain.length - 1 - index));
    by[dimension] = sorted(
      rows
        .filter((row) => row.level === level)
        .map((row) => ({key: String(row[`by_${index}`]) || UNKNOWN_KEY, value: Number(row.value)})),
    );
  });
  if (dimensions.includes("family")) by.family = await familiesOf(engine, counter, definition);
  if (dimensions.includes("feed")) by.feed = await feedsOf(engine, counter, definition);
  return {value: Number(rows.find((row) => row.level === all)?.value ?? 0), by};
}

/** Returns the families of the assets that a definition counts. */
export async function familiesFound(
  engine: Engine,
  counter: Counter,
  definition: CountedDefinition,
): Promise<ReadonlySet<string>> {
  const {where} = definition.counting;
  const ofAddresses = familiesInCube(await cubeOf(counter.table), where);
  const asked = {...definition, counting: {...definition.counting, distinct: "asset"}} as const;
  const cells = await familiesOf(engine, counter, asked, ofAddresses === null ? null : "addresses");
  return new Set([...(ofAddresses ?? []), ...cells.map((cell) => cell.key)]);
}

async function familiesOf(
  engine: Engine,
  counter: Counter,
  definition: CountedDefinition,
  without: "addresses" | null = null,
): Promise<BreakdownCell[]> {
  const {families} = counter.table;
  const cells: BreakdownCell[] = [];
  for (let mask = 0; mask < masksFor(families); mask++) {
    const FAMILIES = `
      SELECT arrayJoin(bitPositionsToArray(mask_${mask})) AS bit, uniqExact(${columnSql(definition.counting.distinct, counter.context)}) AS value
      FROM ${assetsSql(counter.table, classNumbers(definition.counting.where), without)}
      WHERE ${whereSql(definition, counter.context)}
      GROUP BY bit`;
    for (const row of await engine.query<{bit: number; value: number}>(FAMILIES))
      cells.push({key: families[mask * FAMILIES_PER_MASK + row.bit] ?? UNKNOWN_KEY, value: row.value});
  }
  return sorted(cells);
}

async function feedsOf(engine: Engine, counter: Counter, definition: CountedDefinition): Promise<BreakdownCell[]> {
  const FEEDS = `
    SELECT arrayJoin(feeds) AS key, uniqExact(${columnSql(definition.counting.distinct, counter.context)}) AS value
    FROM ${assetsSql(counter.table, classNumbers(definition.counting.where))}
    WHERE ${whereSql(definition, counter.context)}
    GROUP BY key`;
  return sorted(await engine.query<BreakdownCell>(FEEDS));
}
