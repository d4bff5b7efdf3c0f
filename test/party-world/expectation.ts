/**
 * What must be known at the end of a world, worked out from its books alone: by the words of the field (who was told, who
 * answered, what was to be seen), not by the code of the product.
 */
import type {CaseState} from "../../src/model/cases/case.ts";
import type {Ledger, Page} from "./ledger.ts";
import {CALENDAR, KNOWN_GONE_HOURS} from "./times.ts";
import {roundIn} from "./world.ts";

/** What a case must be at the end. Hours are those of the world. */
export interface Expected {
  readonly page: Page;
  readonly state: CaseState;
  readonly round: number;
  /** When the first party of each round was told; null when none was. */
  readonly toldAt: readonly (number | null)[];
  /** When each round was first answered; `seen`: by our own looks, some time after that hour; null: not at all. */
  readonly answeredAt: readonly (number | "seen" | null)[];
  readonly isForeign: boolean;
}

/** Returns what is expected of every site that was reported. */
export function expectations({pages}: Ledger, territory: string): Expected[] {
  return pages.flatMap((page) => (page.reportedAt === null ? [] : [expectationOf(page, territory)]));
}

function expectationOf(page: Page, territory: string): Expected {
  const round = roundIn(page);
  const rounds = Array.from({length: round}, (_, n) => n + 1);
  return {
    page,
    state: stateOf(page, round),
    round,
    toldAt: rounds.map((each) => firstTold(page, each)),
    answeredAt: rounds.map((each) => firstAnswer(page, {round: each, isLast: each === round})),
    isForeign:
      (wasSeen(page) && page.story.country !== territory) || page.told.some(({house}) => house.country !== territory),
  };
}

/** Where its machine stands can be seen as long as its name has an address, from the first look on. */
function wasSeen({phases, reportedAt}: Page): boolean {
  const firstLook = Math.ceil((reportedAt ?? 0) / CALENDAR.step) * CALENDAR.step;
  const atFirst = phases.findLast(({hour}) => hour <= firstLook)?.phase;
  if (atFirst?.how === "dns-failure") return phases.some(({hour, phase}) => hour > firstLook && phase.is === "up");
  return phases.some(({hour, phase}) => phase.is !== "gone" && hour <= (reportedAt ?? 0));
}

function firstTold(page: Page, round: number): number | null {
  return page.told.find((told) => told.round === round)?.hour ?? null;
}

/** The last takedown, when the site is gone at the end. */
function goneForGood({phases}: Page): number | null {
  const back = phases.findLastIndex(({phase}) => phase.is !== "gone");
  const gone = phases[back + 1];
  return gone === undefined || gone.hour > CALENDAR.end - KNOWN_GONE_HOURS ? null : gone.hour;
}

/** Only who was told can answer; a round that ended was seen to end. */
function firstAnswer(page: Page, {round, isLast}: {round: number; isLast: boolean}): number | "seen" | null {
  if (firstTold(page, round) === null) return null;
  const said = answersIn(page, round)[0];
  // whether an answer or our second look came first is known only where the answer came before the site went
  const gone = isLast ? goneForGood(page) : endOf(page, round);
  if (gone === null) return said?.hour ?? null;
  return said !== undefined && said.hour <= gone + 1 ? said.hour : "seen";
}

/** When a round that was not the last ended. */
function endOf({phases}: Page, round: number): number | null {
  const returns = phases.flatMap(({phase}, at) => {
    const before = phases[at - 1];
    return phase.is === "up" && before?.phase.is === "gone" && (phases[at]?.hour ?? 0) - before.hour > 2
      ? [before.hour]
      : [];
  });
  return returns[round - 1] ?? null;
}

function answersIn({stated}: Page, round: number): Page["stated"] {
  return stated.filter((each) => each.isTheirs && each.round === round);
}

/** Gone is verified. Else: nobody told is open, told is notified, answered is acknowledged; a claim holds until we see the site. */
function stateOf(page: Page, round: number): CaseState {
  if (goneForGood(page) !== null) return "verified";
  if (firstTold(page, round) === null) return "open";
  let state: CaseState = "notified";
  let claimedAt = 0;
  for (const {hour, says} of answersIn(page, round)) {
    if (state === "resolved" && isSeenUp(page, claimedAt, hour - CALENDAR.step)) state = "notified";
    if (says === "done") {
      state = "resolved";
      claimedAt = hour;
    } else if (state === "notified") state = "acknowledged";
  }
  return state === "resolved" && isSeenUp(page, claimedAt, CALENDAR.end) ? "notified" : state;
}

/** Whether a site could be seen between two hours. */
function isSeenUp({phases}: Page, from: number, until: number): boolean {
  if (until < from) return false;
  return phases.some(({hour, phase}, at) => {
    const next = phases[at + 1]?.hour ?? Number.POSITIVE_INFINITY;
    return phase.is === "up" && hour <= until && next > from;
  });
}

/** What a week must come to. */
export interface ExpectedWeek {
  readonly handled: number;
  readonly crossBorder: number;
  readonly phishing: number;
  readonly byClass: Readonly<Record<string, number>>;
  readonly complaints: number;
  readonly complaintsByClass: Readonly<Record<string, number>>;
  /** Handled and seen gone. */
  readonly held: number;
}

/** Counts the world: all of it lies in one week. A round is handled when one who was told has answered, or it was seen gone. */
export function weekOf(expected: readonly Expected[]): ExpectedWeek {
  const handled = expected.flatMap((each) => each.answeredAt.flatMap((at, n) => (at === null ? [] : [{each, n}])));
  const complaints = expected.flatMap(({page}) => page.complaints.map(() => page.story.class));
  return {
    handled: handled.length,
    crossBorder: handled.filter(({each}) => each.isForeign).length,
    phishing: handled.filter(({each}) => each.page.story.class === "web.phish").length,
    byClass: tally(handled.map(({each}) => each.page.story.class)),
    complaints: complaints.length,
    complaintsByClass: tally(complaints),
    held: handled.filter(({each, n}) => n + 1 < each.round || each.state === "verified").length,
  };
}

function tally(words: readonly string[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const word of words) sums[word] = (sums[word] ?? 0) + 1;
  return sums;
}
