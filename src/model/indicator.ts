import type {Bilingual, Written} from "./format.ts";
import type {Day} from "./week.ts";

/** What events are broken down by. */
export const EVENT_DIMENSIONS = [
  "province",
  "family",
  "sector",
  "brand",
  "tld",
  "country",
  "scope",
  "severity",
  "vulnType",
  "channelKind",
  "responsible",
  "feed",
] as const;
export type EventDimension = (typeof EVENT_DIMENSIONS)[number];

/** What cases and complaints are broken down by, besides. */
const CASE_DIMENSIONS = ["class", "partyKind", "borderTest"] as const;

/** A breakdown of an indicator. Keys: codes of the taxonomy, GB/T province codes, names of families and brands, TLDs, countries. */
export const DIMENSIONS = [...EVENT_DIMENSIONS, ...CASE_DIMENSIONS] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Key of the cell of those of which the dimension is not known. */
export const UNKNOWN_KEY = "unknown";

/** The columns of the week's asset table that a definition may test or count. */
export const ASSET_COLUMNS = [
  "class",
  "assetKind",
  "asset",
  "ip",
  "host",
  "domain",
  "site", // host, else address
  "platform", // registrable domain, else host, else address: what the mobile report calls a platform
  "tld",
  "country",
  "province",
  "scope",
  "isGov",
  "sector",
  "brand",
  "brandCountry",
  "severity",
  "vulnType",
  "channelKind",
  "responsible",
  "family",
  "hasDirectIp",
  "isAimedAtConstituency",
  "isCountedVuln", // a vulnerability number of the database that the profile counts by
] as const;
export type AssetColumn = (typeof ASSET_COLUMNS)[number];

/** A condition on an asset: its column is one of the values, or is filled. */
export type AssetCondition =
  | {readonly column: AssetColumn; readonly is: readonly (string | number)[]}
  | {readonly column: AssetColumn; readonly isNot: readonly (string | number)[]}
  | {readonly column: AssetColumn; readonly isFilled: boolean};

/**
 * How an indicator gets its value.
 * counted: exact number of distinct `distinct` values among the week's assets that meet all conditions. With `known`:
 * null when the first of two indicators is less than `least` of the second, for then too little is known to count.
 * sum: the sum of others, null as soon as one is null. ratio: one divided by another, null when either is null or the divisor 0.
 * new: distinct values of a column that no earlier week of the lake has; null in the first week of the lake.
 * entered: a person states it, with name and time; with `codes` up to `most` of the named codes instead of a number.
 * infra: the number of infrastructure events in the register.
 */
export type Counting =
  | {
      readonly how: "counted";
      readonly distinct: AssetColumn;
      readonly where: readonly AssetCondition[];
      readonly by: readonly EventDimension[];
      readonly known?: {readonly share: string; readonly of: string; readonly least: number};
    }
  | {readonly how: "sum"; readonly of: readonly string[]; readonly by: readonly EventDimension[]}
  | {readonly how: "ratio"; readonly of: string; readonly to: string}
  | {readonly how: "new"; readonly distinct: AssetColumn; readonly where: readonly AssetCondition[]}
  | {readonly how: "entered"; readonly codes?: {readonly of: readonly CodeName[]; readonly most: number}}
  | {readonly how: "infra"};

/** What is counted of cases and complaints. `verified`: those of the handled that were seen gone; hours from the first notice. */
export const CASE_FIGURES = [
  "handled",
  "crossBorder",
  "phishing",
  "platforms",
  "urls",
  "complaints",
  "verified",
  "medianHours",
  "p90Hours",
] as const;
export type CaseFigure = (typeof CASE_FIGURES)[number];

/** A code of the taxonomy with its names. */
export interface CodeName extends Bilingual {
  readonly code: string;
}

/** One indicator as data; the table is in situation/indicators.ts, sites add their own in indicators.yaml. */
export interface IndicatorDefinition {
  readonly id: string;
  /** Raised when the meaning changes; the method note prints it. */
  readonly version: number;
  readonly title: Bilingual;
  /** What exactly is counted, a full sentence for the method note. */
  readonly meaning: Bilingual;
  readonly unit: Bilingual;
  readonly counting: Counting;
  /** Cases give it, from the first case on; before, `counting` does. */
  readonly cases?: {readonly figure: CaseFigure; readonly by: readonly Dimension[]};
  /** A person may enter it when no feed gives it (null), never when it is counted. */
  readonly mayBeEntered?: boolean;
  /**
   * When a count of 0 is believed; else it is null, for nobody looked. Without it: when a feed of the counted classes
   * delivered. fed: when one of these classes did. part: when that indicator was counted, of which this is a part.
   * never: no week goes by without.
   */
  readonly zero?:
    | {readonly when: "fed"; readonly classes: readonly string[]}
    | {readonly when: "part"; readonly of: string}
    | {readonly when: "never"};
  /** It counts what was done about threats, not threats: it never enters the rating. */
  readonly isHandled?: boolean;
}

/** Returns the classes of events that the indicator counts; none when it counts no events, or events of any class. */
export function classesOf({counting}: IndicatorDefinition): readonly string[] {
  if (counting.how !== "counted" && counting.how !== "new") return [];
  return counting.where.flatMap((each) => (each.column === "class" && "is" in each ? each.is.map(String) : []));
}

export interface BreakdownCell {
  readonly key: string;
  readonly value: number;
}

/** Why an indicator of a week may be too low: a feed that it depends on delivered nothing or far less than usual. */
export interface Gap {
  readonly feed: string;
  readonly kind: "silent" | "far-less";
  readonly delivered: number;
  /** Median events a week of the weeks before; null when it never delivered before. */
  readonly usual: number | null;
}

export type BreakdownTable = Partial<Record<Dimension, readonly BreakdownCell[]>>;

/** What was counted of one indicator in one week. `reports` are ids; a null value was not counted. */
export interface WeekCount {
  readonly value: number | null;
  readonly by: BreakdownTable;
  readonly reports: readonly string[];
}

/** What cases say of a week, by figure; one that nobody kept is not there. */
export type CaseCounts = Readonly<Partial<Record<CaseFigure, WeekCount>>>;

/** The counts of a week by indicator id. */
export type WeekCounts = Readonly<Record<string, WeekCount>>;

/** The values of an earlier week by indicator id; null is "not known". */
export interface WeekValues {
  readonly week: Day;
  readonly values: Readonly<Record<string, number | null>>;
}

/** What a feed delivered for one week, and the classes of its events. */
export interface FeedWeek {
  readonly feed: string;
  readonly week: Day;
  /** Reports that tell of the week; one that only has late events of it does not. */
  readonly reports: number;
  readonly events: number;
  readonly classes: readonly string[];
}

/** One number of one week. `change` is a fraction: 0.25 is 25 % more; null when there is nothing to compare with. */
export interface Indicator {
  readonly value: number | null;
  readonly previous: number | null;
  readonly change: number | null;
  readonly by: BreakdownTable;
  /** Cells of the week before, for charts that show both. */
  readonly previousBy: BreakdownTable;
  /** Ids of the reports that the value came from; empty for entered figures. */
  readonly reports: readonly string[];
  readonly gaps: readonly Gap[];
  /** The same of the week before: the change may then be too high. */
  readonly gapsBefore: readonly Gap[];
  /** Who entered it and when, for figures by hand. */
  readonly entered: {readonly by: string; readonly at: string} | null;
  /** Codes of the taxonomy, first things first, for what is no number: the level of the week, the ranked types. */
  readonly codes?: readonly string[];
  readonly version: number;
}

/** The five steps of the rating, best first. */
export const GRADES = ["优", "良", "中", "差", "危"] as const;
export type Grade = (typeof GRADES)[number];

/** What one indicator adds to the index. `score` is 0 to 100, 50 is as usual; `points` = weight share times score. */
export interface Contribution {
  readonly indicator: string;
  readonly value: number;
  readonly base: number;
  readonly score: number;
  readonly weight: number;
  readonly points: number;
}

/** A reason in both languages, and its kind for machines. */
export interface Reason extends Bilingual {
  readonly kind: "index" | "floor" | "refused" | "override" | "baseline" | "gap";
}

export interface Rating {
  /** Null when refused and nobody has entered one. */
  readonly grade: Grade | null;
  /** What the rule alone gave, before an override. */
  readonly byRule: Grade | null;
  /** 0 to 100, against the median of up to 52 weeks; null when refused. */
  readonly index: number | null;
  /** The same against a fixed yearly base; null where there is none. */
  readonly fixedBaseIndex: number | null;
  /** Share of the weight that is present, 0 to 1. */
  readonly weightPresent: number;
  readonly base: "history" | "baseline" | null;
  readonly contributions: readonly Contribution[];
  readonly because: readonly Reason[];
  readonly override: {readonly by: string; readonly at: string; readonly reason: Written} | null;
}

/** An entry of the infrastructure register. Levels I to IV of the 2025 annex; reach as the duty desk judged it. */
export interface InfraEvent {
  readonly id: string;
  readonly day: string;
  readonly level: "I" | "II" | "III" | "IV";
  readonly reach: "nation" | "province" | "city" | "organisation";
  readonly title: Bilingual;
  readonly by: string;
  readonly at: string;
}

/** The indicators and the rating of one week. */
export interface Situation {
  readonly week: {readonly from: string; readonly to: string; readonly zone: string};
  readonly indicators: Readonly<Record<string, Indicator>>;
  readonly rating: Rating;
  readonly infraEvents: readonly InfraEvent[];
  readonly gaps: readonly Gap[];
  /** Gaps of the week before. */
  readonly gapsBefore: readonly Gap[];
  /** Reports that the week's events came from: what, when, how much, and the hash of the bytes. */
  readonly reports: readonly {
    readonly id: string;
    readonly feed: string;
    readonly sha256: string;
    readonly fetchedAt: string;
    readonly events: number;
  }[];
  readonly computedAt: string;
  /** Until when things are counted that go on after the week: takedowns that were verified. Not there where no cases were kept. */
  readonly casesUntil?: string;
}
