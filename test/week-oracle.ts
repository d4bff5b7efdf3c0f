/** Counts the indicators of a week a second time, in plain TypeScript over every single event: what the lake must agree with. */
import {existsSync, linkSync, mkdirSync, rmSync} from "node:fs";
import path from "node:path";
import type {AssetColumn, AssetCondition, BreakdownCell, EventDimension} from "../src/model/indicator.ts";
import {UNKNOWN_KEY} from "../src/model/indicator.ts";
import {daysOf, type Week} from "../src/model/week.ts";
import type {Commit} from "../src/store/events/commits.ts";
import type {Counted, CountedDefinition} from "../src/store/events/weeks/week-rows.ts";
import {type TestLake, ZONE} from "./lake.ts";

const NAMES = ["host", "domain", "tld"] as const;
const FACTS = ["country", "province", "scope", "is_gov", "sector", "brand", "brand_country", "severity"] as const;

/** An event as it lies in the files. */
type Row = Readonly<
  Record<(typeof NAMES | typeof FACTS)[number] | "class" | "kind" | "asset" | "ip" | "feed" | "family", string>
> & {
  readonly at: number;
};

/** An asset of a week: its latest event, and what any of its events says. */
interface Asset {
  readonly latest: Row;
  readonly families: ReadonlySet<string>;
  readonly feeds: ReadonlySet<string>;
}

/** What an indicator's site decides. */
interface Site {
  readonly country: string | null;
  readonly aimedFeeds: readonly string[];
}

/**
 * Keeps a report's files a second time, under a name of their own, as they were committed: what becomes of them in the lake
 * is then none of the oracle's business.
 */
export function keepAside(lake: TestLake, {id, files}: Commit): void {
  const folder = path.join(lake.home, "aside", id);
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(folder, {recursive: true});
  for (const {day, name} of files)
    linkSync(path.join(lake.lake, `day=${day}`, name), path.join(folder, `${day}.parquet`));
}

/** Reads all events of a week out of the files that were kept aside. */
export async function weekRows({engine, home}: TestLake, week: Week): Promise<Row[]> {
  if (!existsSync(path.join(home, "aside"))) return [];
  const texts = [...NAMES, ...FACTS, "feed", "family", "class"].map(
    (name) => `${name} ${name === "is_gov" ? "UInt8" : "String"}`,
  );
  const columns = `${texts.join(", ")}, asset_kind String, asset String, ip Nullable(IPv6), seen_at DateTime`;
  return engine.query<Row>(`
    SELECT class, asset_kind AS kind, asset, ifNull(toString(ip), '') AS ip, feed, family, toUnixTimestamp(seen_at) AS at,
      ${[...NAMES, ...FACTS].map((name) => `toString(${name}) AS ${name}`).join(", ")}
    FROM file('${home}/aside/*/*.parquet', 'Parquet', '${columns}')
    WHERE toString(toDate(seen_at, '${ZONE}')) IN (${daysOf(week)
      .map((day) => `'${day}'`)
      .join(", ")})`);
}

/** Returns the assets that the events speak of. */
export function assetsOf(rows: readonly Row[]): Asset[] {
  const assets = new Map<string, {latest: Row; families: Set<string>; feeds: Set<string>}>();
  for (const row of rows) {
    const key = JSON.stringify([row.class, row.kind, row.asset, row.ip]);
    const known = assets.get(key) ?? {latest: row, families: new Set(), feeds: new Set()};
    if (row.at > known.latest.at) known.latest = row;
    if (row.family !== "") known.families.add(row.family);
    known.feeds.add(row.feed);
    assets.set(key, known);
  }
  return [...assets.values()];
}

/** Counts a definition over the assets. */
export function countPlainly(assets: readonly Asset[], {counting}: CountedDefinition, site: Site): Counted {
  const value = (asset: Asset, column: AssetColumn): string => textOf(asset, column, site);
  const counted = assets.filter(
    (asset) =>
      counting.where.every((condition) => holds(value(asset, condition.column), condition)) &&
      value(asset, counting.distinct) !== "",
  );
  const distinct = (some: readonly Asset[]): number =>
    new Set(some.map((asset) => value(asset, counting.distinct))).size;
  const by: Partial<Record<EventDimension, BreakdownCell[]>> = {};
  for (const dimension of counting.how === "counted" ? counting.by : []) {
    const cells = new Map<string, Asset[]>();
    for (const asset of counted)
      for (const key of keysOf(asset, dimension, site)) cells.set(key, [...(cells.get(key) ?? []), asset]);
    by[dimension] = [...cells]
      .map(([key, some]) => ({key, value: distinct(some)}))
      .sort((one, other) => other.value - one.value || (one.key < other.key ? -1 : 1));
  }
  return {value: distinct(counted), by};
}

function keysOf(asset: Asset, dimension: EventDimension, site: Site): string[] {
  if (dimension === "family") return [...asset.families];
  if (dimension === "feed") return [...asset.feeds];
  return [textOf(asset, dimension, site) || UNKNOWN_KEY];
}

function textOf({latest, feeds}: Asset, column: AssetColumn, site: Site): string {
  switch (column) {
    case "class":
      return latest.class;
    case "assetKind":
      return latest.kind;
    case "asset":
      return JSON.stringify([latest.kind, latest.asset, latest.kind === "ip" ? latest.ip : ""]);
    case "platform":
      return latest.domain || latest.host || latest.ip;
    case "site":
      return latest.host || latest.ip;
    case "isGov":
      return latest.is_gov;
    case "brandCountry":
      return latest.brand_country;
    case "hasDirectIp":
      return latest.kind === "url" && latest.host === "" && latest.ip !== "" ? "1" : "0";
    case "isAimedAtConstituency":
      return latest.brand_country === site.country || site.aimedFeeds.some((feed) => feeds.has(feed)) ? "1" : "0";
    case "ip":
    case "host":
    case "domain":
    case "tld":
    case "country":
    case "province":
    case "scope":
    case "sector":
    case "brand":
    case "severity":
      return latest[column];
    default:
      return "";
  }
}

function holds(value: string, condition: AssetCondition): boolean {
  if ("isFilled" in condition) return (value !== "") === condition.isFilled;
  return "is" in condition
    ? condition.is.some((each) => String(each) === value)
    : !condition.isNot.some((each) => String(each) === value);
}
