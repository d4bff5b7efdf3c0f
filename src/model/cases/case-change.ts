/** What is to be done to a case, as data: rooms decide it, the store does it in one transaction with its lines of history. */
import type {BorderTest, Case, CaseFacts, CaseRound, CaseState, CaseStepName, Severity, Sighting, Tlp} from "./case.ts";

/** One party that may be asked to act on a case, by the rules, in their order; null: nobody of that kind is known. */
export interface ChainLink {
  readonly kind: string;
  readonly party: number | null;
}

/** What the party that a case is with was told, and what it did. Times are ISO 8601 in UTC. */
export interface Assignment {
  readonly party: number;
  /** Its place in the chain, 0 for the first. */
  readonly rank: number;
  readonly queuedAt: string;
  readonly notifiedAt: string | null;
  /** When it turned out that it cannot be reached. */
  readonly undeliverableAt: string | null;
  readonly acknowledgedAt: string | null;
  readonly remindedAt: readonly string[];
  /** When it said that it has acted, and when we saw that it has not. */
  readonly claims: readonly {readonly at: string; readonly refutedAt: string | null}[];
}

/** How far a round of a case has come with the parties. */
export interface Progress {
  readonly chain: readonly ChainLink[];
  readonly assignment: Assignment | null;
  /** When it was last handed to a person of ours; null when not in this round. */
  readonly handedAt: string | null;
}

/** A case together with its present round and what the rules wait for. */
export interface CaseAtWork {
  readonly case: Case;
  readonly round: CaseRound;
  /** Party kinds that its rule names, first to be asked first. */
  readonly parties: readonly string[];
  readonly partyKind: string | null;
  /** Who asked first that a protected case may be notified, and who agreed as the second person. */
  readonly releaseAskedBy: string | null;
  readonly releasedBy: string | null;
  readonly waitsFor: string | null;
  readonly progress: Progress;
  readonly actAt: string | null;
  readonly look: NextLook | null;
}

/** When a case is looked at next, and what for. */
export interface NextLook {
  readonly at: string;
  readonly kind: string;
}

/** What changes. What is not named stays. Times are ISO 8601 in UTC. */
export interface CaseChange {
  readonly state?: CaseState;
  /** The present round as it is then, or a new one. */
  readonly round?: CaseRound;
  readonly facts?: CaseFacts;
  readonly severity?: Severity;
  readonly tlp?: Tlp;
  readonly isProtected?: boolean;
  readonly releaseAskedBy?: string | null;
  readonly releasedBy?: string | null;
  readonly borderTests?: readonly BorderTest[];
  readonly assignee?: string | null;
  /** The party that acts from now on. */
  readonly party?: {readonly id: number; readonly kind: string} | null;
  readonly waitsFor?: string | null;
  readonly progress?: Progress;
  readonly mergedInto?: string;
  readonly actAt?: string | null;
  readonly look?: NextLook | null;
  readonly steps: readonly NewStep[];
}

/** A line of history to be written. */
export interface NewStep {
  readonly step: CaseStepName;
  readonly note?: string | null;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What may open a case, or belong to one that is there: an asset of a report, or of a complaint. */
export interface CaseCandidate {
  readonly class: string;
  readonly asset: {readonly kind: string; readonly value: string};
  readonly facts: CaseFacts;
  readonly tlp: Tlp;
  readonly source: Case["source"];
  readonly rule: string | null;
  readonly parties: readonly string[];
  readonly severity: Severity;
  readonly isUrgent: boolean;
  readonly isProtected: boolean;
  readonly borderTests: readonly BorderTest[];
  readonly urls: readonly string[];
  /** Of a report. */
  readonly sighting: Sighting | null;
  /** Key of the complaint that it comes from. */
  readonly complaint: number | null;
}

/** What becomes of a candidate: it opens a case, or belongs to one that is there, which may change by it. */
export type Opening =
  | {
      readonly do: "open";
      readonly candidate: CaseCandidate;
      readonly actAt: string;
      readonly look: NextLook | null;
    }
  | {
      readonly do: "join" | "reopen";
      readonly candidate: CaseCandidate;
      readonly there: CaseAtWork;
      readonly change: CaseChange | null;
    };

/** Returns the key under which the case of an asset and a problem is found. */
export function assetKey({class: problem, asset}: Pick<CaseCandidate, "class" | "asset">): string {
  return `${problem}\n${asset.kind}\n${asset.value}`;
}
