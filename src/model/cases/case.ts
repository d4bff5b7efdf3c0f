/**
 * A case: one asset, one problem, and who acts on it. Times are ISO 8601 in UTC. A case has rounds: what is back after its
 * takedown opens a new one, and each round counts in the week in which it is first handled (RULINGS 4).
 */
import {z} from "zod";
import type {Act} from "../edition.ts";

/**
 * open: nobody was told yet. notified: a party was told. acknowledged: it answered. resolved: it says that it is done.
 * verified: we saw twice that the asset is gone. dismissed: there is nothing to do, with a reason. merged: part of another.
 */
export const CASE_STATES = ["open", "notified", "acknowledged", "resolved", "verified", "dismissed", "merged"] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** What leads from one state to another; see cases/life.ts. */
export const CASE_ACTIONS = [
  "notify",
  "acknowledge",
  "resolve",
  "verify",
  "dismiss",
  "dispute", // what the party says is not what we see
  "reopen",
  "merge",
] as const;
export type CaseAction = (typeof CASE_ACTIONS)[number];

/** What is kept in the history of a case besides its states. */
export const CASE_NOTES = [
  "open",
  "join", // events or a complaint of the same asset
  "assign",
  "party",
  "note",
  "attach",
  "link",
  "severity",
  "split",
  "split-off",
  "absorb", // another case was merged into this one
  "release", // a second person lets a protected case be notified
  "hand-over", // the rules are at their end: a person has to decide
  "hand-back", // a person lets the rules go on
  "timer", // what the law wants reported was reported
  "facts",
] as const;
export type CaseStepName = CaseAction | (typeof CASE_NOTES)[number];

/** Levels of the 2025 reporting rules, worst first. Source: 国家网络安全事件报告管理办法, annex. */
export const SEVERITIES = ["I", "II", "III", "IV"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Sharing marks, strictest first. Source: FIRST, Traffic Light Protocol 2.0. */
export const TLP_MARKS = ["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"] as const;
export type Tlp = (typeof TLP_MARKS)[number];

/** Where a case came from. */
export const CASE_SOURCES = ["event", "complaint", "hand"] as const;
export type CaseSource = (typeof CASE_SOURCES)[number];

/** Why a case is cross-border: which of these lies outside the territory. */
export const BORDER_TESTS = ["party", "hosting", "registrar", "brand"] as const;
export type BorderTest = (typeof BORDER_TESTS)[number];

/** What is affected, in the words of events: kind and canonical value. */
export interface AssetKey {
  readonly kind: string;
  readonly value: string;
}

const text = z.string().nullable().default(null);

/** What is known of a case's asset. Null is "looked up and not found" or "not stated". */
export const caseFactsSchema = z.strictObject({
  url: text,
  host: text,
  /** Registrable domain. */
  domain: text,
  tld: text,
  ip: text,
  port: z.int().nullable().default(null),
  asn: z.int().nullable().default(null),
  country: text,
  province: text,
  scope: z.enum(["domestic", "overseas", "unknown"]).nullable().default(null),
  isGov: z.boolean().default(false),
  sector: text,
  brand: text,
  brandCountry: text,
  /** Sector of the impersonated brand. */
  brandSector: text,
  /** IANA id of the registrar. */
  registrar: z.int().nullable().default(null),
  registrarName: text,
  registrarCountry: text,
  family: text,
  title: text,
  /** Mobile cases: the site that offers the app, its kind, and the app. */
  platform: text,
  channelKind: text,
  responsible: text,
  app: text,
  file: text,
});
export type CaseFacts = Readonly<z.output<typeof caseFactsSchema>>;

/** Returns the facts with null for all that is not given. */
export function caseFacts(known: Partial<CaseFacts>): CaseFacts {
  return caseFactsSchema.parse(known);
}

/** A case as it stands. `version` grows with every change. */
export interface Case {
  /** As it is shown: WF-2023-000123. */
  readonly id: string;
  readonly class: string;
  readonly asset: AssetKey;
  readonly facts: CaseFacts;
  readonly state: CaseState;
  readonly round: number;
  readonly severity: Severity;
  readonly tlp: Tlp;
  readonly source: CaseSource;
  /** The rule that opened it. */
  readonly rule: string | null;
  readonly isUrgent: boolean;
  readonly isProtected: boolean;
  readonly borderTests: readonly BorderTest[];
  readonly assignee: string | null;
  /** Id of the party that acts on it now; null: nobody was found. */
  readonly party: number | null;
  readonly mergedInto: string | null;
  readonly openedAt: string;
  readonly changedAt: string;
  readonly version: number;
}

/** One round of a case with the first time of each state. `answeredAt`: the first answer, or end, after a party was told. */
export interface CaseRound {
  readonly round: number;
  readonly openedAt: string;
  readonly notifiedAt: string | null;
  readonly acknowledgedAt: string | null;
  readonly resolvedAt: string | null;
  readonly verifiedAt: string | null;
  readonly dismissedAt: string | null;
  readonly dismissedBy: "party" | "us" | null;
  readonly answeredAt: string | null;
  /** The first look that saw it gone, of those that verified it. */
  readonly goneAt: string | null;
}

/** One line of a case's history, which only grows. `from` and `to` are equal for what changes no state. */
export interface CaseStep extends Act {
  readonly id: number;
  readonly round: number;
  readonly step: CaseStepName;
  readonly from: CaseState | null;
  readonly to: CaseState;
  readonly note: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** That a report has events of the case's asset: how many, from when to when, and the first line. */
export interface Sighting {
  readonly report: string;
  readonly feed: string;
  readonly line: number;
  readonly events: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}

/** How a complaint came in. */
export const COMPLAINT_SOURCES = ["mail", "csv", "api", "hand"] as const;
export type ComplaintSource = (typeof COMPLAINT_SOURCES)[number];

/** What somebody reported to us. It counts for itself, whether or not it opened a case. */
export interface Complaint {
  /** As it is shown: WC-2023-000001. */
  readonly id: string;
  readonly receivedAt: string;
  readonly source: ComplaintSource;
  /** What tells it from others of the same source, so that it is taken once: Message-ID and number, row, API key. */
  readonly key: string;
  readonly reporter: string | null;
  readonly wantsAnswer: boolean;
  readonly class: string | null;
  readonly asset: AssetKey | null;
  readonly brand: string | null;
  readonly text: string;
  /** waiting: a person has to look. joined: it belongs to a case. refused: with a reason. */
  readonly state: "waiting" | "joined" | "refused";
  readonly reason: string | null;
  readonly case: string | null;
}

/** When a round counts as handled; the site chooses, the method note says which. */
export const HANDLED_WHEN = ["answered", "notified", "verified"] as const;
export type HandledWhen = (typeof HANDLED_WHEN)[number];

const PER_YEAR = 10_000_000;

/** Returns an id as it is shown, such as WF-2023-000123. `key` is the year × 10,000,000 + the number in the year. */
export function shownId(prefix: string, key: number): string {
  return `${prefix}-${Math.floor(key / PER_YEAR)}-${String(key % PER_YEAR).padStart(6, "0")}`;
}

/** Returns the key of an id as it is shown, in any case of letters; null when it is none of that prefix. */
export function keyOfShown(prefix: string, id: string): number | null {
  const found = /^([A-Z]{2})-(\d{4})-(\d{6,7})$/.exec(id.trim().toUpperCase());
  return found?.[1] === prefix ? Number(found[2]) * PER_YEAR + Number(found[3]) : null;
}

/** Returns the key of the n-th thing of a year. */
export function keyInYear(year: number, n: number): number {
  return year * PER_YEAR + n;
}
