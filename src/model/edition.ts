/**
 * What people enter for a week, the life of its edition, and what the archive keeps of it. Times are ISO 8601 in UTC;
 * a week is named by its Monday.
 */
import type {Bilingual, Written} from "./format.ts";
import type {Grade, InfraEvent, Situation} from "./indicator.ts";
import type {Day} from "./week.ts";

/**
 * draft: may be changed. in_review: submitted by a first person, waits for a second. published: frozen in the archive.
 * corrected: published, and a later version took its place.
 */
export const DRAFT_STATES = ["draft", "in_review", "published", "corrected"] as const;
export type DraftState = (typeof DRAFT_STATES)[number];

export type EditionLanguage = "zh" | "en";
export type EditionVariant = "short" | "long";

/** 2023年第9期 is {year: 2023, issue: 9}. */
export interface EditionNumber {
  readonly year: number;
  readonly issue: number;
}

/** Who did something, and when. */
export interface Act {
  readonly by: string;
  readonly at: string;
}

/** Words of the editor in place of the generated ones, by language and paragraph id. */
export type TextOverrides = Readonly<Record<EditionLanguage, Readonly<Record<string, string>>>>;

/** A piece of news of the trade, chosen by the editor. `link` is a checked http(s) address or null. */
export interface NewsItem {
  readonly title: Written;
  readonly text: Written;
  readonly source: string;
  readonly link: string | null;
}

/** A piece of news in a draft; the number is for taking it out again. */
export interface DraftNews extends NewsItem {
  readonly id: number;
}

/** One version of a week's edition on its way to the archive. Version 1 is the edition, later ones are corrections. */
export interface Draft {
  readonly week: Day;
  readonly version: number;
  readonly state: DraftState;
  /** Set by an editor; null: by the numbering policy. */
  readonly number: EditionNumber | null;
  readonly variant: EditionVariant;
  readonly texts: TextOverrides;
  /** The generated texts that those of the editor took the place of, as they were then; empty where there was none. */
  readonly composed: TextOverrides;
  readonly news: readonly DraftNews[];
  /** Why there is a correction; null in version 1. */
  readonly reason: Written | null;
  /** As it was when submitted; null before. */
  readonly situation: Situation | null;
  /** SHA-256 of the frozen situation, its time of computing left out; null before submission. */
  readonly situationHash: string | null;
  readonly submitted: Act | null;
  readonly approved: Act | null;
}

/** What happened to a draft; one row of the review log, which only grows. */
export const REVIEW_STEPS = [
  "open",
  "number",
  "variant",
  "text",
  "news",
  "submit",
  "withdraw",
  "approve",
  "publish",
] as const;
export type ReviewStepName = (typeof REVIEW_STEPS)[number];

/** One line of the review log. `from` is null for the step that made the draft. */
export interface ReviewStep extends Act {
  readonly week: Day;
  readonly version: number;
  readonly step: ReviewStepName;
  readonly from: DraftState | null;
  readonly to: DraftState;
  readonly note: string | null;
}

/** Says which entry of the archive holds a version of an edition. */
export interface Publication {
  readonly week: Day;
  readonly version: number;
  readonly number: EditionNumber;
  /** SHA-256 of the entry's line in the chain. */
  readonly entry: string;
  readonly at: string;
}

/** A figure that a person stated. A later one for the same week and indicator takes its place; null takes it back. */
export interface FigureEntry extends Act {
  readonly week: Day;
  readonly indicator: string;
  readonly value: number | null;
}

/** A rating in place of the rule's; null as grade takes an override back. */
export interface RatingOverride extends Act {
  readonly week: Day;
  readonly grade: Grade | null;
  readonly reason: Written;
}

/** An infrastructure event as it is entered; id and time are given by the register. */
export interface NewInfraEvent {
  readonly day: Day;
  readonly level: InfraEvent["level"];
  readonly reach: InfraEvent["reach"];
  readonly title: Bilingual;
  readonly by: string;
}

/** A published file: its path inside the public site and the hash of its bytes. */
export interface ArchiveFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** All that one publication consists of. Its canonical JSON is itself an object of the archive. */
export interface ArchiveManifest {
  readonly week: Day;
  readonly year: number;
  readonly issue: number;
  readonly version: number;
  readonly kind: "edition" | "correction";
  /** As it was written, both languages in one line. */
  readonly reason: string | null;
  /** SHA-256 of the frozen situation's JSON, which is an object of the archive, too. */
  readonly situation: string;
  readonly files: readonly ArchiveFile[];
  /** The reports that the figures came from, by the hash of their bytes. */
  readonly reports: readonly {readonly id: string; readonly sha256: string}[];
  readonly tool: string;
  readonly submitted: Act;
  readonly approved: Act;
}

/** One line of the chain. */
export interface ArchiveEntry {
  /** 1, 2, 3 ... */
  readonly n: number;
  readonly week: Day;
  readonly version: number;
  readonly at: string;
  /** SHA-256 of the manifest's canonical JSON. */
  readonly manifest: string;
  /** SHA-256 of the line before; 64 zeros in the first. */
  readonly previous: string;
}

/** Something in the archive that is not as it was published. `path` is relative to the archive folder. */
export interface ArchiveProblem {
  readonly path: string;
  readonly what: string;
}

/** The result of looking at every byte of the archive. */
export interface ArchiveCheck {
  readonly ok: boolean;
  readonly entries: number;
  readonly problems: readonly ArchiveProblem[];
}
