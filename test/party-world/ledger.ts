/** The world's own books: what really happened, kept without looking at the product. */
import type {Says} from "./answers.ts";
import type {House} from "./houses.ts";
import type {Phase, Story} from "./stories.ts";

/** That a mail about a site arrived at a party. */
export interface Told {
  readonly hour: number;
  readonly house: House;
  readonly round: number;
  readonly messageId: string;
  readonly caseId: string;
}

/** That an answer about a site was handed in. `isTheirs`: it came from the house that was written to. */
export interface Stated {
  readonly hour: number;
  readonly says: Says;
  readonly isTheirs: boolean;
  /** Round that the answered mail told of. */
  readonly round: number;
}

/** All that is known of a site. */
export interface Page {
  readonly story: Story;
  /** Where it stood since when. The first entry is from before all time. */
  readonly phases: {readonly hour: number; readonly phase: Phase}[];
  readonly told: Told[];
  readonly stated: Stated[];
  /** Hours at which it was handed in as a complaint. */
  readonly complaints: number[];
  /** Hour of its first report; null while it was not reported. */
  reportedAt: number | null;
}

/** A note to somebody who complained. */
export interface Note {
  readonly hour: number;
  readonly messageId: string;
  readonly subject: string;
}

/** How often a mail came, the hash of its bytes, and whether these were the same each time. */
export interface Arrival {
  readonly times: number;
  readonly sha256: string;
  readonly isSame: boolean;
}

/** The books. */
export interface Ledger {
  readonly pages: readonly Page[];
  readonly byAsset: ReadonlyMap<string, Page>;
  /** Notes to people, by address. */
  readonly notes: Map<string, Note[]>;
  /** Every mail of ours that the mail server took, by Message-ID. */
  readonly arrivals: Map<string, Arrival>;
  /** Names of the answers that were handed in. */
  readonly written: Set<string>;
  /** Automatic answers that were handed in. */
  machineMails: number;
  /** What was handed in, by kind. */
  readonly handedIn: Map<string, number>;
}

/** Opens the books. */
export function openLedger(stories: readonly Story[]): Ledger {
  const pages = stories.map(
    (story): Page => ({
      story,
      phases: [{hour: Number.NEGATIVE_INFINITY, phase: story.first}],
      told: [],
      stated: [],
      complaints: [],
      reportedAt: null,
    }),
  );
  return {
    pages,
    byAsset: new Map(pages.map((page) => [page.story.asset.value, page])),
    notes: new Map(),
    arrivals: new Map(),
    written: new Set(),
    machineMails: 0,
    handedIn: new Map(),
  };
}

/** Returns where a site stands. */
export function phaseOf({phases}: Page): Phase {
  const last = phases.at(-1);
  if (last === undefined) throw new Error("a page stands somewhere");
  return last.phase;
}
