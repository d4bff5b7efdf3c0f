import {readFile} from "node:fs/promises";
import {
  type AssetColumn,
  type AssetCondition,
  type BreakdownCell,
  type EventDimension,
  UNKNOWN_KEY,
} from "../../../model/indicator.ts";
import {writeDurably} from "../../durable.ts";
import type {Engine} from "../engine.ts";
import {literal} from "../sql.ts";
import {
  addressFiles,
  assetStructure,
  cubeFile,
  FACT_SQL,
  FAMILIES_PER_MASK,
  masksFor,
  type OpenWeekTable,
  tableFile,
} from "./week-files.ts";
import {type Counted, type CountedDefinition, classNumber, classNumbers, factsSql, sorted} from "./week-rows.ts";

type Facts = Readonly<Record<string, string | number>>;

/**
 * The addresses of a week, added up by class and facts: in the table each (class, address) is one row, so these numbers
 * of rows are numbers of distinct addresses and may be added as long as the class is one.
 */
export interface Cube {
  readonly cells: readonly {readonly classNumber: number; readonly facts: Facts; readonly addresses: number}[];
  readonly families: readonly {
    readonly classNumber: number;
    readonly facts: Facts;
    readonly family: string;
    readonly addresses: number;
  }[];
  /** Classes that also have assets other than addresses. */
  readonly mixed: ReadonlySet<number>;
}

/** Columns by which the cube can be asked; a government's site is no dimension. */
const CUBE_COLUMNS: Partial<Record<AssetColumn, string>> = FACT_SQL;
const {isGov: _, ...dimensions} = FACT_SQL;
const CUBE_DIMENSIONS: Partial<Record<EventDimension, string>> = dimensions;

/** What the file of a cube holds: facts by their hash, and numbers of addresses. */
interface StoredCube {
  readonly facts: Readonly<Record<string, Facts>>;
  readonly cells: readonly {readonly class_number: number; readonly facts: string; readonly addresses: number}[];
  readonly families: readonly {
    readonly class_number: number;
    readonly facts: string;
    readonly family: string;
    readonly addresses: number;
  }[];
  readonly mixed: readonly number[];
}

/** Adds the addresses of a new week table up, once and for all. */
export async function writeCube(engine: Engine, table: OpenWeekTable): Promise<void> {
  const rows = await engine.query<Facts>(`SELECT toString(facts) AS facts_key, * EXCEPT facts FROM ${factsSql(table)}`);
  const addresses = addressFiles(table, null);
  const MIXED = `SELECT DISTINCT class_number FROM file(${literal(tableFile(table.folder, table, "assets"))}, 'Parquet', ${literal(assetStructure(table))})`;
  const mixed = await engine.query<{class_number: number}>(MIXED);
  const added = addresses === null ? {cells: [], families: []} : await addAddresses(engine, table, addresses);
  const used = new Set(added.cells.map((cell) => cell.facts));
  const facts = Object.fromEntries(
    rows.map((row) => [String(row["facts_key"]), row] as const).filter(([key]) => used.has(key)),
  );
  await writeDurably(
    cubeFile(table.folder, table),
    JSON.stringify({facts, ...added, mixed: mixed.map((row) => row.class_number)} satisfies StoredCube),
  );
}

async function addAddresses(
  engine: Engine,
  table: OpenWeekTable,
  addresses: string,
): Promise<Pick<StoredCube, "cells" | "families">> {
  const CELLS = `SELECT class_number, toString(facts) AS facts_key, count() AS addresses FROM ${addresses} GROUP BY class_number, facts`;
  const cells = await engine.query<{class_number: number; facts_key: string; addresses: number}>(CELLS);
  const families: StoredCube["families"][number][] = [];
  for (let mask = 0; mask < masksFor(table.families); mask++) {
    const FAMILIES = `
      SELECT class_number, toString(facts) AS facts_key, arrayJoin(bitPositionsToArray(families)) AS bit, sum(rows) AS addresses
      FROM (SELECT class_number, facts, mask_${mask} AS families, count() AS rows FROM ${addresses} GROUP BY class_number, facts, families)
      GROUP BY class_number, facts, bit`;
    const rows = await engine.query<{class_number: number; facts_key: string; bit: number; addresses: number}>(
      FAMILIES,
    );
    for (const row of rows)
      families.push({
        class_number: row.class_number,
        facts: row.facts_key,
        family: table.families[mask * FAMILIES_PER_MASK + row.bit] ?? UNKNOWN_KEY,
        addresses: row.addresses,
      });
  }
  return {cells: cells.map(({facts_key, ...rest}) => ({...rest, facts: facts_key})), families};
}

/** Reads the cube of a week table. */
export async function cubeOf(table: OpenWeekTable): Promise<Cube> {
  const stored = JSON.parse(await readFile(cubeFile(table.folder, table), "utf8")) as StoredCube;
  const of = (key: string): Facts => stored.facts[key] ?? {};
  return {
    cells: stored.cells.map((row) => ({classNumber: row.class_number, facts: of(row.facts), addresses: row.addresses})),
    families: stored.families.map((row) => ({
      classNumber: row.class_number,
      facts: of(row.facts),
      family: row.family,
      addresses: row.addresses,
    })),
    mixed: new Set(stored.mixed),
  };
}

/** Returns the count of a definition out of the cube, or null when the cube cannot give it. */
export function countInCube(cube: Cube, definition: CountedDefinition): Counted | null {
  const {distinct, where} = definition.counting;
  const classes = where.filter((condition) => condition.column === "class");
  const [only] = classes;
  if (classes.length !== 1 || only === undefined || !("is" in only) || only.is.length !== 1) return null;
  const number = classNumber(String(only.is[0]));
  const others = where.filter((condition) => condition.column !== "class");
  const dimensions = definition.counting.how === "counted" ? definition.counting.by : [];
  const isAskable =
    (distinct === "ip" || distinct === "asset") &&
    !cube.mixed.has(number) &&
    others.every((condition) => CUBE_COLUMNS[condition.column] !== undefined);
  if (!isAskable || dimensions.some((dimension) => dimension !== "family" && CUBE_DIMENSIONS[dimension] === undefined))
    return null;
  const isCounted = (cell: {classNumber: number; facts: Facts}): boolean =>
    cell.classNumber === number && others.every((condition) => holds(condition, cell.facts));
  const cells = cube.cells.filter(isCounted);
  const by: Partial<Record<EventDimension, BreakdownCell[]>> = {};
  for (const dimension of dimensions) {
    const column = CUBE_DIMENSIONS[dimension];
    by[dimension] =
      column === undefined
        ? addUp(cube.families.filter(isCounted).map((cell) => ({key: cell.family, value: cell.addresses})))
        : addUp(cells.map((cell) => ({key: String(cell.facts[column] ?? "") || UNKNOWN_KEY, value: cell.addresses})));
  }
  return {value: cells.reduce((sum, cell) => sum + cell.addresses, 0), by};
}

/** Returns the families of the addresses that meet the conditions; null when the cube cannot be asked by them. */
export function familiesInCube(cube: Cube, where: readonly AssetCondition[]): ReadonlySet<string> | null {
  const classes = classNumbers(where);
  const others = where.filter((condition) => condition.column !== "class");
  if (others.some((condition) => CUBE_COLUMNS[condition.column] === undefined)) return null;
  const cells = cube.families.filter(
    (cell) =>
      (classes === null || classes.includes(cell.classNumber)) &&
      others.every((condition) => holds(condition, cell.facts)),
  );
  return new Set(cells.map((cell) => cell.family));
}

function holds(condition: AssetCondition, facts: Facts): boolean {
  const value = facts[CUBE_COLUMNS[condition.column] ?? ""] ?? "";
  if ("isFilled" in condition) return (String(value) !== "") === condition.isFilled;
  return "is" in condition
    ? condition.is.some((each) => String(each) === String(value))
    : !condition.isNot.some((each) => String(each) === String(value));
}

function addUp(cells: readonly BreakdownCell[]): BreakdownCell[] {
  const sums = new Map<string, number>();
  for (const {key, value} of cells) sums.set(key, (sums.get(key) ?? 0) + value);
  return sorted([...sums].map(([key, value]) => ({key, value})));
}
