import path from "node:path";
import type {AssetColumn} from "../../../model/indicator.ts";
import {TAXONOMY} from "../../../model/taxonomy.ts";
import {literal, literals} from "../sql.ts";

/**
 * The week table: one row for each class and asset that the week's events speak of, so that a situation does not read
 * raw events again. Its place, sector and so on are those of the asset's latest event (of equally late ones, the one with
 * the greater hash), its families are a bit mask over the week's list of families. It is brought up to date by merging
 * what is new into it; maximum and bit-or make the order of merging irrelevant.
 */
export interface WeekTable {
  readonly layout: number;
  readonly week: string;
  /** Which reports' files are in it. */
  readonly members: readonly {readonly report: string; readonly name: string}[];
  /** Classes by number, as they were when it was written: with others the numbers mean something else. */
  readonly classes: readonly string[];
  /** Families by bit number. */
  readonly families: readonly string[];
  readonly tag: string;
  /** Numbers of the classes that have addresses: each has files of its own. */
  readonly addressClasses: readonly number[];
  /** Events by report and class. */
  readonly delivered: readonly {
    readonly report: string;
    readonly feed: string;
    readonly class: string;
    readonly events: number;
  }[];
}

/** A week table with the folder its files are in. */
export interface OpenWeekTable extends WeekTable {
  readonly folder: string;
}

/** Raised when the files of a week table look otherwise. */
export const LAYOUT = 2;

/** SQL of the columns that are facts of an asset: they are the same for many. */
export const FACT_SQL = {
  country: "country",
  province: "province",
  scope: "scope",
  isGov: "is_gov",
  sector: "sector",
  brand: "brand",
  brandCountry: "brand_country",
  severity: "severity",
  vulnType: "vuln_type",
  channelKind: "channel_kind",
  responsible: "responsible",
} as const satisfies Partial<Record<AssetColumn, string>>;

/**
 * What an asset is described by: columns of its latest event. Their hash stands in the table, they in `facts`; with
 * another order `LAYOUT` has to be raised.
 */
export const FACT_COLUMNS = Object.values(FACT_SQL);

/** Class codes by their number in the table, 1 for the first; 0 is none. */
export const CLASS_CODES: readonly string[] = TAXONOMY.incidentClasses.map((each) => each.code);

/** SQL of an event's class as its number in the table. */
export const CLASS_NUMBER = `toUInt8(transform(class, ${literals(CLASS_CODES)}, [${CLASS_CODES.map((_, index) => index + 1).join(", ")}], 0))`;

/** The columns of the table that together are one asset. */
export const ASSET_KEY = "class_number, asset_kind, asset, address";

/** Families in one mask column. */
export const FAMILIES_PER_MASK = 256;

/** Returns the number of mask columns for so many families. */
export function masksFor(families: readonly string[]): number {
  return Math.max(1, Math.ceil(families.length / FAMILIES_PER_MASK));
}

/** Returns the file of a part of the table: facts, assets, or addresses-<class number>. */
export function tableFile(folder: string, table: Pick<WeekTable, "tag">, part: string): string {
  return path.join(folder, `${part}.${table.tag}.parquet`);
}

/** Returns the file in which the addresses are added up already, see cube.ts. */
export function cubeFile(folder: string, table: Pick<WeekTable, "tag">): string {
  return path.join(folder, `cube.${table.tag}.json`);
}

/** Returns the FROM clause of the addresses of some classes (null: of all); null when there are none. */
export function addressFiles(table: OpenWeekTable, classes: readonly number[] | null): string | null {
  const present = table.addressClasses.filter((each) => classes === null || classes.includes(each));
  const [only] = present;
  if (only === undefined) return null;
  const which = present.length === 1 ? String(only) : `{${present.join(",")}}`;
  return `file(${literal(tableFile(table.folder, table, `addresses-${which}`))}, 'Parquet', ${literal(addressStructure(table))})`;
}

/** Follows from the asset itself, so any of its events says the same; the look-up tables may change between two. */
export const NAME_COLUMNS = ["host", "domain", "tld"] as const;

function maskStructure(table: WeekTable): string {
  return Array.from({length: masksFor(table.families)}, (_, mask) => `mask_${mask} UInt256`).join(", ");
}

/** Structure of the address files. */
function addressStructure(table: WeekTable): string {
  return `class_number UInt8, address IPv6, seen UInt32, facts UInt64, ${maskStructure(table)}`;
}

/** Structure of the asset file. */
export function assetStructure(table: WeekTable): string {
  return `class_number UInt8, asset_kind String, asset String, address IPv6, seen UInt32, facts UInt64, ${NAME_COLUMNS.map((column) => `${column} String`).join(", ")}, feeds Array(String), ${maskStructure(table)}`;
}
