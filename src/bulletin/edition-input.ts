/**
 * All that an edition is made from, whether it was computed (a Situation) or given by hand (a figures file). compose.ts
 * turns it into the document tree; the renderers of data (JSON, CSV) read it directly.
 */
import type {NewsItem} from "../model/edition.ts";
import type {Bilingual, Written} from "../model/format.ts";
import type {
  BreakdownTable,
  Gap,
  IndicatorDefinition,
  InfraEvent,
  Rating,
  Reason,
  Situation,
} from "../model/indicator.ts";
import type {Day} from "../model/week.ts";
import type {Language} from "./document.ts";
import type {Issue} from "./numbering.ts";
import type {Share} from "./numbers.ts";

/** One number of the edition. `change` is a fraction; `by` holds raw counts, never merged ones. */
export interface EditionIndicator {
  readonly value: number | null;
  readonly previous: number | null;
  readonly change: number | null;
  readonly by: BreakdownTable;
  readonly previousBy: BreakdownTable;
  readonly gaps: readonly Gap[];
  readonly gapsBefore: readonly Gap[];
  /** True when only a rounded value is known, such as 18.4万 of a figures file. */
  readonly isRounded: boolean;
  readonly enteredBy: string | null;
}

/**
 * Facts of the week that are no single counts. Where a fact is null, compose.ts works it out from the breakdowns, and
 * drops its sentence when that is not possible either.
 */
export interface StatedFacts {
  /** Shares by the key of the figures files without `_pct`, such as `msite.domains_overseas`. */
  readonly shares: Readonly<Record<string, Share>>;
  /** Phishing pages for each address. */
  readonly pagesPerIp: number | null;
  readonly vulnLevel: "high" | "medium" | "low" | null;
  /** Affected object types, most frequent first: codes of the taxonomy or the words of the source. */
  readonly vulnTypes: readonly string[] | null;
  /** Provinces with most controlled hosts, most first: GB/T codes or names. */
  readonly topProvinces: readonly string[] | null;
}

/** One of the issues before this one. `link` leads to it in the archive; null when it is not there. */
interface ReviewItem {
  readonly issue: Issue;
  readonly week: WeekDays;
  readonly link: string | null;
}

/** First and last day of a week. */
export interface WeekDays {
  readonly from: Day;
  readonly to: Day;
}

/** A change after publication, printed at the head of the edition. */
interface Correction {
  readonly version: number;
  readonly day: Day;
  readonly reason: Written;
}

/** A text of the editor under which the generated one has changed since; that one is null when nothing is said any more. */
export interface StaleText {
  readonly language: Language;
  readonly paragraph: string;
  readonly composed: string | null;
}

/** Stands in place of the name of a feed that is not for the public; each language has its own words for it. */
export const UNDISCLOSED = "undisclosed";

/** What the numbers rest on; printed in the method note. */
export interface MethodFacts {
  readonly definitions: readonly Pick<IndicatorDefinition, "id" | "version" | "title" | "meaning" | "unit">[];
  readonly toolVersion: string;
  readonly reports: Situation["reports"];
  /** The instant at which the figures were frozen, ISO 8601 in UTC; null in a draft. */
  readonly frozenAt: string | null;
  /** What a reader has to know besides, such as that a source is a part of the whole. */
  readonly remarks: readonly Bilingual[];
}

/** Values of earlier weeks, oldest first; `values[id][n]` belongs to `weeks[n]`. */
export interface History {
  readonly weeks: readonly Day[];
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
}

/** See the head of this file. */
export interface EditionInput {
  /** Null when the period of a figures file is not known. */
  readonly week: WeekDays | null;
  /** The year, where only that is known of the week: it says which wording holds. */
  readonly year: number | null;
  readonly issue: Issue | null;
  readonly indicators: Readonly<Record<string, EditionIndicator>>;
  readonly facts: StatedFacts;
  readonly rating: Rating;
  /** Infrastructure events of the week; null when nobody looked, which drops the sentence. */
  readonly infraEvents: readonly InfraEvent[] | null;
  readonly gaps: readonly Gap[];
  /** Those of the week before, with which this one is compared. */
  readonly gapsBefore: readonly Gap[];
  /** The five issues before, newest first. */
  readonly review: readonly ReviewItem[];
  readonly corrections: readonly Correction[];
  readonly news: readonly NewsItem[];
  /** Texts that the editor changed, by language and paragraph id; they replace the composed ones. */
  readonly texts: Readonly<Partial<Record<Language, Readonly<Record<string, string>>>>>;
  /** Those of them that have to be looked at again. A draft says so at its head; none goes to review. */
  readonly staleTexts: readonly StaleText[];
  /** Null for figures given by hand without any further statement. */
  readonly method: MethodFacts | null;
  readonly history: History | null;
  readonly publishedOn: Day | null;
  /** Marks a draft or a synthetic sample on every page. */
  readonly stamp: Bilingual | null;
}

/** What the editor's desk adds to a situation to make an edition of it; all of it may be left out. */
type EditionAdditions = Partial<
  Omit<EditionInput, "week" | "year" | "indicators" | "rating" | "infraEvents" | "gaps" | "gapsBefore">
>;

/** Nothing stated: every fact is worked out from the breakdowns. */
export const NO_FACTS: StatedFacts = {
  shares: {},
  pagesPerIp: null,
  vulnLevel: null,
  vulnTypes: null,
  topProvinces: null,
};

/**
 * Returns what an edition is made from, for a computed situation and what the editor adds. Indicators that are codes
 * (the level of the week's vulnerabilities) are facts, not numbers: the desk adds them as such.
 */
export function editionInputOf(situation: Situation, additions: EditionAdditions): EditionInput {
  const numbers = Object.entries(situation.indicators).filter(([, {codes}]) => codes === undefined);
  const indicators = numbers.map(([id, each]): [string, EditionIndicator] => [
    id,
    {
      value: each.value,
      previous: each.previous,
      change: each.change,
      by: each.by,
      previousBy: each.previousBy,
      gaps: each.gaps,
      gapsBefore: each.gapsBefore,
      isRounded: false,
      enteredBy: each.entered?.by ?? null,
    },
  ]);
  return {
    ...EMPTY,
    ...additions,
    week: {from: situation.week.from, to: situation.week.to},
    indicators: Object.fromEntries(indicators),
    rating: situation.rating,
    infraEvents: situation.infraEvents,
    gaps: situation.gaps,
    gapsBefore: situation.gapsBefore,
  };
}

/** Returns a rating that a person states, as in a figures file: no index, no contributions. */
export function statedRating(grade: Rating["grade"], because: readonly Reason[] = []): Rating {
  return {
    grade,
    byRule: null,
    index: null,
    fixedBaseIndex: null,
    weightPresent: 0,
    base: null,
    contributions: [],
    because,
    override: null,
  };
}

/** An edition of nothing: where figures.ts and `editionInputOf` start from. */
export const EMPTY: EditionInput = {
  week: null,
  year: null,
  issue: null,
  indicators: {},
  facts: NO_FACTS,
  rating: statedRating(null),
  infraEvents: null,
  gaps: [],
  gapsBefore: [],
  review: [],
  corrections: [],
  news: [],
  texts: {},
  staleTexts: [],
  method: null,
  history: null,
  publishedOn: null,
  stamp: null,
};
