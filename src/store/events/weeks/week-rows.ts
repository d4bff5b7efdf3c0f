import type {
  AssetColumn,
  AssetCondition,
  BreakdownCell,
  BreakdownTable,
  Counting,
  IndicatorDefinition,
} from "../../../model/indicator.ts";
import {literal} from "../sql.ts";
import {
  addressFiles,
  assetStructure,
  CLASS_CODES,
  FACT_COLUMNS,
  FACT_SQL,
  masksFor,
  type OpenWeekTable,
  tableFile,
} from "./week-files.ts";

/** What was counted for one indicator. */
export interface Counted {
  readonly value: number;
  readonly by: BreakdownTable;
}

/** Settings of the site that decide what is aimed at its constituency, and whose vulnerability numbers count. */
export interface CountContext {
  /** ISO country of the territory, or null. */
  readonly country: string | null;
  /** Feeds whose lists are aimed at the constituency. */
  readonly aimedFeeds: readonly string[];
  /** How the vulnerability numbers begin that count. */
  readonly vulnPrefix: string;
}

export type CountedDefinition = IndicatorDefinition & {readonly counting: Extract<Counting, {how: "counted" | "new"}>};

/** SQL of the columns of the week's assets that definitions speak of. */
const COLUMNS: Readonly<Record<Exclude<AssetColumn, "family" | "isAimedAtConstituency" | "isCountedVuln">, string>> = {
  class: "class_number",
  assetKind: "asset_kind",
  asset: "(asset_kind, asset, if(asset_kind = 'ip', address, toIPv6('::')))",
  ip: "address",
  host: "host",
  domain: "domain",
  site: "if(host != '', host, if(address = toIPv6('::'), '', toString(address)))",
  platform: "if(domain != '', domain, if(host != '', host, if(address = toIPv6('::'), '', toString(address))))",
  tld: "tld",
  ...FACT_SQL,
  hasDirectIp: "toUInt8(asset_kind = 'url' AND host = '' AND address != toIPv6('::'))",
};

/** Breakdown cells in order: the largest first, then by key. Cells without a count are left out. */
export function sorted(cells: readonly BreakdownCell[]): BreakdownCell[] {
  return cells
    .filter((cell) => cell.value > 0)
    .sort((one, other) => other.value - one.value || (one.key < other.key ? -1 : 1));
}

/** Returns the numbers of the classes that the conditions allow; null for all. */
export function classNumbers(where: readonly AssetCondition[]): number[] | null {
  const classes = where.find((condition) => condition.column === "class" && "is" in condition);
  return classes !== undefined && "is" in classes ? classes.is.map((code) => classNumber(String(code))) : null;
}

/** Returns the number of a class in the table; 0 matches none of ours. */
export function classNumber(code: string): number {
  return CLASS_CODES.indexOf(code) + 1;
}

/** Returns the SQL of a column of the week's assets. */
export function columnSql(column: AssetColumn, context: CountContext): string {
  if (column === "isAimedAtConstituency") {
    const byBrand = context.country === null ? "0" : `brand_country = ${literal(context.country)}`;
    const byFeed =
      context.aimedFeeds.length === 0 ? "0" : `hasAny(feeds, [${context.aimedFeeds.map(literal).join(", ")}])`;
    return `toUInt8(${byBrand} OR ${byFeed})`;
  }
  if (column === "isCountedVuln")
    return `toUInt8(asset_kind = 'vuln' AND startsWith(asset, ${literal(context.vulnPrefix)}))`;
  if (column === "family") throw new TypeError("a family is counted by its own definition");
  return COLUMNS[column];
}

/** Returns the SQL condition that an asset is counted by the definition. */
export function whereSql(definition: CountedDefinition, context: CountContext): string {
  const conditions = definition.counting.where.map((condition) => conditionSql(condition, context));
  return [...conditions, filledSql(definition.counting.distinct)].join(" AND ");
}

function conditionSql(condition: AssetCondition, context: CountContext): string {
  const column = columnSql(condition.column, context);
  if ("isFilled" in condition) {
    const isFilled = condition.column === "ip" ? `${column} != toIPv6('::')` : `toString(${column}) != ''`;
    return condition.isFilled ? isFilled : `NOT (${isFilled})`;
  }
  const values = "is" in condition ? condition.is : condition.isNot;
  const list = values
    .map((value) =>
      condition.column === "class" ? classNumber(String(value)) : typeof value === "number" ? value : literal(value),
    )
    .join(", ");
  return `${column} ${"is" in condition ? "IN" : "NOT IN"} (${list})`;
}

/** What is nothing is not counted as a value. */
function filledSql(column: AssetColumn): string {
  if (column === "ip") return "address != toIPv6('::')";
  return column === "asset" ? "1" : `toString(${COLUMNS[column as keyof typeof COLUMNS]}) != ''`;
}

/** Returns the rows of the week's assets with their facts, as a sub-query; `without` leaves the addresses out. */
export function assetsSql(
  table: OpenWeekTable,
  classes: readonly number[] | null,
  without: "addresses" | null = null,
): string {
  const masks = Array.from({length: masksFor(table.families)}, (_, mask) => `mask_${mask}`).join(", ");
  const isMine = classes === null ? "1" : `class_number IN (${classes.join(", ")})`;
  const files = without === null ? addressFiles(table, classes) : null;
  const addresses =
    files === null
      ? []
      : [
          `SELECT class_number, 'ip' AS asset_kind, '' AS asset, address, facts, '' AS host, '' AS domain, '' AS tld, CAST([], 'Array(String)') AS feeds, ${masks} FROM ${files}`,
        ];
  const assets = `SELECT class_number, asset_kind, asset, address, facts, host, domain, tld, feeds, ${masks} FROM file(${literal(tableFile(table.folder, table, "assets"))}, 'Parquet', ${literal(assetStructure(table))}) WHERE ${isMine}`;
  return `(SELECT * FROM (${[...addresses, assets].join(" UNION ALL ")}) AS rows INNER JOIN ${factsSql(table)} AS known ON rows.facts = known.facts)`;
}

/** Returns the facts of the week's assets, as a sub-query. */
export function factsSql(table: OpenWeekTable): string {
  const structure = `facts UInt64, ${FACT_COLUMNS.map((column) => `${column} ${column === "is_gov" ? "UInt8" : "String"}`).join(", ")}`;
  return `(SELECT * FROM file(${literal(tableFile(table.folder, table, "facts"))}, 'Parquet', ${literal(structure)}))`;
}
