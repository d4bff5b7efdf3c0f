import {z} from "zod";
import type {AssetKey, CaseState} from "./case.ts";

/** A state that an old case was in; `at` is null when the time is not known. */
export interface ImportedState {
  readonly state: CaseState;
  readonly at: Date | null;
}

/** A remark on an old case. */
export interface ImportedNote {
  /** Null when the time is not known. */
  readonly at: Date | null;
  readonly by: string | null;
  readonly text: string;
}

/** A relation to another ticket of the same source, or to an address outside it. */
export interface ImportedLink {
  readonly relation: "report" | "investigation" | "measure" | "parent" | "related" | "merged-into";
  readonly to: string;
}

/** Who was asked to act, as the old system has it: its name, and an address of it. Both are null when nobody is stated. */
export interface ImportedParty {
  readonly name: string | null;
  readonly contact: string | null;
}

/** What an old case is counted by besides its class, where the file says it; null: it does not. */
export interface ImportedFacts {
  /** Code of TAXONOMY.partyKinds. */
  readonly partyKind: string | null;
  readonly isCrossBorder: boolean | null;
  /** Sector of the impersonated brand, code of TAXONOMY.sectors. */
  readonly brandSector: string | null;
  /** First two digits of the GB/T 2260 code. */
  readonly province: string | null;
}

/**
 * A case or a complaint of another system, in our words. (source, externalId) is its key: importing it again changes
 * nothing while `contentHash` is the same, and updates it when that has changed.
 */
export interface ImportedCase {
  readonly kind: "case" | "complaint";
  /** Name of the system it comes from. */
  readonly source: string;
  readonly externalId: string;
  readonly openedAt: Date;
  /** Code of the taxonomy. */
  readonly class: string;
  readonly asset: AssetKey;
  /** What else the ticket named, where the old system put several assets into one. */
  readonly otherAssets: readonly AssetKey[];
  /** Who was asked, first to last. */
  readonly parties: readonly ImportedParty[];
  /** Who complained; null for a case, and where it is not stated. */
  readonly reporter: ImportedParty | null;
  /** By time, `open` first; the last one is the state that it is said to be in, whatever its time. */
  readonly states: readonly ImportedState[];
  readonly facts: ImportedFacts;
  readonly subject: string | null;
  readonly notes: readonly ImportedNote[];
  readonly links: readonly ImportedLink[];
  /** SHA-256 of all that is above, in hex. */
  readonly contentHash: string;
}

/** The times of an old case by which it may count as handled; null: the file does not say when, or it did not happen. */
export interface ImportedTimes {
  readonly notifiedAt: Date | null;
  /** First acknowledgement, resolution or verification after the notification. */
  readonly answeredAt: Date | null;
  readonly verifiedAt: Date | null;
}

/** A value as JSON has it: times are ISO 8601 texts in UTC. */
type AsJson<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? readonly AsJson<Item>[]
    : Value extends object
      ? {readonly [Key in keyof Value]: AsJson<Value[Key]>}
      : Value;

/** An old case as it was kept. */
export type KeptContent = AsJson<ImportedCase>;

/** A line of a list of old cases. Times are ISO 8601 in UTC. */
export interface ImportedLine {
  /** Such as old-desk/2022-0001. */
  readonly id: string;
  readonly kind: ImportedCase["kind"];
  readonly class: string;
  readonly asset: AssetKey;
  readonly state: CaseState;
  readonly openedAt: string;
  readonly party: string | null;
  readonly subject: string | null;
}

/** What a list of old cases is asked for; `after` is the id of the last line of the page before. */
export const importedFilterSchema = z.strictObject({
  source: z.string().optional(),
  kind: z.enum(["case", "complaint"]).optional(),
  class: z.string().optional(),
  /** A part of the number, the asset, the subject or the name of a party. */
  search: z.string().min(1).max(200).optional(),
  after: z.string().optional(),
  limit: z.int().min(1).max(500).default(50),
});

/** See importedFilterSchema. */
export type ImportedFilter = z.input<typeof importedFilterSchema>;

/** Returns the id of an old case as it is shown. */
export function importedId(source: string, externalId: string): string {
  return `${source}/${externalId}`;
}

/** Returns the key of the id of an old case; null when it is none: our own ids have no stroke. */
export function importedKey(id: string): {readonly source: string; readonly externalId: string} | null {
  const at = id.indexOf("/");
  return at < 1 || at === id.length - 1 ? null : {source: id.slice(0, at), externalId: id.slice(at + 1)};
}

/** Why an old case was not taken; docs/case-rules.md lists them. */
export const HISTORY_REJECTS = {
  structure: "The row has more or fewer values than the header, a quote is broken, or the ticket lacks its parts.",
  no_id: "There is no number of the case.",
  bad_id: "The number of the case is longer than 200 characters, or has a character that cannot be seen.",
  same_id: "Another row has the same number and says something else.",
  no_time: "The time at which it was opened is missing.",
  bad_time: "A time cannot be read in the form that the mapping states.",
  unknown_class: "The kind of incident is in no value map, and the mapping names no class for the others.",
  unknown_state: "The state is in no value map.",
  unknown_word: "A kind of party, a sector, a province or what is cross-border is in no value map.",
  no_asset: "Nothing is named that the case is about.",
  bad_asset: "What the case is about is not of the kind that the mapping states.",
  no_parent: "The ticket belongs to a case that is not in the file, or was not taken.",
  unknown_queue: "The queue of the ticket is none of those that the mapping names.",
} as const;

export type HistoryRejectReason = keyof typeof HISTORY_REJECTS;

/** What could not be taken: its place, the value that is meant, and why. */
export interface HistoryReject {
  /** First line of the row in a CSV file; place in the list, 1 for the first, in a JSON file. */
  readonly line: number;
  readonly externalId: string | null;
  readonly reason: HistoryRejectReason;
  /** The column or field and its text, at most 300 characters; empty when there is none. */
  readonly text: string;
}

/** What a file of old cases gives: received = cases + repeats + rejects + passed. */
export interface ImportedHistory {
  readonly received: number;
  readonly cases: readonly ImportedCase[];
  readonly rejects: readonly HistoryReject[];
  /** Rows that say the same as one before them. */
  readonly repeats: number;
  /** Tickets that became a part of another one, such as investigations. Always 0 for a CSV file. */
  readonly passed: number;
}
