/**
 * Figures given by hand, for an edition whose numbers no lake has: an archive edition, or a first week of a new user.
 * The keys are indicator ids; besides them, as printed bulletins state them: `<id>_wan` (in 万), `<share>_pct`, and a few
 * facts such as `vuln.level`. A figure that the bulletin does not know is kept and noted, never silently lost; an unknown
 * key of the file itself is an error.
 */
import {z} from "zod";
import {WatchfloorError} from "../model/errors.ts";
import {DIMENSIONS, GRADES} from "../model/indicator.ts";
import type {Profile} from "../model/profile.ts";
import {weekNamed} from "../model/week.ts";
import type {Variant} from "./document.ts";
import {
  type EditionIndicator,
  type EditionInput,
  EMPTY,
  NO_FACTS,
  type StatedFacts,
  statedRating,
  type WeekDays,
} from "./edition-input.ts";
import {type Issue, issueOf, issuesBefore, type Numbering, weekOfIssue} from "./numbering.ts";
import type {Share} from "./numbers.ts";
import {PRINTED} from "./printed.ts";

/** What a figures file gives: the edition, and remarks for the person who gave it. */
export interface FiguresReading {
  readonly input: EditionInput;
  /** The form that the file names; null when it names none. */
  readonly variant: Variant | null;
  readonly notes: readonly string[];
}

/** Whose edition it is. */
export interface FiguresDesk {
  readonly profile: Profile;
  readonly overrides: Numbering["overrides"];
}

const count = z.number().int().min(0);
const days = z.strictObject({from: z.iso.date().nullable(), to: z.iso.date().nullable()});
/** Keys that describe where the figures were found; accepted and not used. */
const described = z.unknown().optional();

const figuresFile = z.strictObject({
  year: z.number().int().min(1988).max(9999).nullable(),
  issue: z.number().int().min(1).max(60).nullable().default(null),
  period: days.nullable().default(null),
  rating: z.enum(GRADES).nullable().default(null),
  figures: z.record(z.string(), z.union([z.number().min(0), z.string().min(1), z.array(z.string().min(1))])),
  /** Changes against last week in percent, as printed. */
  wow: z.record(z.string(), z.number()).default({}),
  /** Values of last week; better than `wow`, for changes are then worked out from raw counts. */
  previous: z.record(z.string(), count).default({}),
  /** Changes as absolute numbers, as printed for new malware names. */
  abs_change: z.record(z.string(), z.number().int()).default({}),
  /** Breakdowns: indicator id, dimension, cell. */
  by: z.record(z.string(), z.partialRecord(z.enum(DIMENSIONS), z.record(z.string(), count))).default({}),
  /** `short`, or a name with `long` in it, such as early-long. */
  variant: z.string().nullable().default(null),
  source_kind: described,
  source: described,
  phrases: described,
  images: described,
  archived: described,
  checks: described,
  notes: described,
  charts: described,
  issue_by_rule: described,
  implied_previous: described,
  year_is_guess: described,
  period_is_derived: described,
  published_errors: described,
});

type FiguresFile = z.infer<typeof figuresFile>;

const LEVELS: Readonly<Record<string, "high" | "medium" | "low">> = {
  高: "high",
  中: "medium",
  低: "low",
  high: "high",
  medium: "medium",
  low: "low",
};

/**
 * Returns the edition that the figures file describes, in the same shape that a computed situation gives.
 * Throws figure_invalid naming the key that is wrong, week_invalid when the period does not begin on a Monday.
 */
export function readFigures(value: unknown, {profile, overrides}: FiguresDesk): FiguresReading {
  const parsed = figuresFile.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new WatchfloorError("figure_invalid", `${issue?.path.join(".") || "The file"}: ${issue?.message ?? ""}`);
  }
  const file = parsed.data;
  const notes: string[] = [];
  const numbering: Numbering = {policy: profile.bulletin.numbering, overrides};
  const {week, issue} = editionOf(file, numbering, profile.zone);
  const infra = file.figures["infra.events"] ?? 0;
  if (infra !== 0) notes.push("infra.events: without the events themselves the sentence about them is left out.");
  const input: EditionInput = {
    ...EMPTY,
    week,
    year: week === null ? file.year : null,
    issue,
    indicators: indicatorsOf(file, notes),
    facts: factsOf(file, notes),
    rating: statedRating(file.rating),
    infraEvents: infra === 0 ? [] : null,
    review: week === null ? [] : issuesBefore(week.from, numbering).map((each) => ({...each, link: null})),
  };
  return {input, variant: variantOf(file.variant), notes};
}

function variantOf(name: string | null): Variant | null {
  if (name === null) return null;
  return name.includes("long") ? "long" : name === "short" ? "short" : null;
}

/** Week and issue say each other by the numbering policy; a number that the file states wins. */
function editionOf(
  {year, issue: number, period}: FiguresFile,
  numbering: Numbering,
  zone: string,
): {week: WeekDays | null; issue: Issue | null} {
  const stated: Issue | null = year === null || number === null ? null : {year, number};
  if (period?.from) {
    const monday = weekNamed(period.from, zone);
    const to = period.to ?? monday.to;
    if (to < monday.from) throw new WatchfloorError("figure_invalid", "period: it ends before it begins");
    return {week: {from: monday.from, to}, issue: stated ?? issueOf(monday.from, numbering)};
  }
  return {week: stated && weekOfIssue(stated, numbering.policy), issue: stated};
}

function indicatorsOf(file: FiguresFile, notes: string[]): Record<string, EditionIndicator> {
  const found: Record<string, EditionIndicator> = {};
  for (const [key, value] of Object.entries(file.figures)) {
    if (typeof value !== "number" || key.endsWith("_pct") || key === "phish.pages_per_ip") continue;
    const isWan = key.endsWith("_wan");
    const id = isWan ? key.slice(0, -"_wan".length) : key;
    if (isWan && id in file.figures) continue;
    if (!isWan && !Number.isInteger(value)) {
      throw new WatchfloorError("figure_invalid", `figures.${key}: ${value} is no whole number`);
    }
    if (!PRINTED.has(id)) notes.push(`${key} is no figure of the bulletin; it is kept but not printed.`);
    found[id] = indicatorFrom(file, {id, key, value: isWan ? Math.round(value * 10_000) : value, isRounded: isWan});
  }
  for (const key of [...Object.keys(file.wow), ...Object.keys(file.previous)]) {
    const id = key.replace(/_wan$/, "");
    if (!(id in found)) notes.push(`${key} has a change or a value of last week but no value; it is not used.`);
  }
  return found;
}

function indicatorFrom(
  file: FiguresFile,
  {id, key, value, isRounded}: {id: string; key: string; value: number; isRounded: boolean},
): EditionIndicator {
  const wow = file.wow[key] ?? file.wow[id];
  const absolute = file.abs_change[id];
  const before = file.previous[id] ?? (absolute === undefined ? null : value - absolute);
  const previous = before !== null && before >= 0 ? before : null;
  const change =
    previous !== null && previous > 0
      ? (value - previous) / previous
      : wow === undefined
        ? null
        : Math.round(wow * 10) / 1000;
  const by: EditionIndicator["by"] = Object.fromEntries(
    Object.entries(file.by[id] ?? {}).map(([dimension, cells]) => [
      dimension,
      Object.entries(cells).map(([cell, amount]) => ({key: cell, value: amount})),
    ]),
  );
  return {value, previous, change, by, previousBy: {}, gaps: [], gapsBefore: [], isRounded, enteredBy: null};
}

function factsOf({figures}: FiguresFile, notes: string[]): StatedFacts {
  const shares: Record<string, Share> = {};
  for (const [key, value] of Object.entries(figures)) {
    if (!key.endsWith("_pct")) continue;
    if (typeof value !== "number" || value > 100) {
      throw new WatchfloorError("figure_invalid", `figures.${key}: a share is a number from 0 to 100`);
    }
    shares[key.slice(0, -"_pct".length)] = {part: Math.round(value * 10), whole: 1000};
  }
  const level = figures["vuln.level"];
  if (level !== undefined && (typeof level !== "string" || !(level in LEVELS))) {
    throw new WatchfloorError("figure_invalid", "figures.vuln.level: it is 高, 中 or 低");
  }
  const average = figures["phish.pages_per_ip"];
  for (const [key, value] of Object.entries(figures)) {
    if (typeof value !== "number" && !STATED.includes(key)) notes.push(`${key} is no fact of the bulletin; not used.`);
  }
  return {
    ...NO_FACTS,
    shares,
    pagesPerIp: typeof average === "number" ? average : null,
    vulnLevel: typeof level === "string" ? (LEVELS[level] ?? null) : null,
    vulnTypes: listOf(figures["vuln.type_rank"]),
    topProvinces: listOf(figures["host.top_provinces"]),
  };
}

const STATED = ["vuln.level", "vuln.type_rank", "host.top_provinces"];

function listOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.length > 0 ? value.map(String) : null;
}
