import {type Reason, TAKEDOWNS, type TakedownKind, type Verdict} from "../../model/verification.ts";

/** One look with its verdict. */
export interface JudgedLook {
  readonly at: Date;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
}

/** What is known of a case's round besides its looks. */
export interface RoundTimes {
  readonly openedAt: Date;
  /** When the first party was told; null when nobody was yet. */
  readonly notifiedAt: Date | null;
  /** When a party last said that it is done; null when none did. */
  readonly claimedAt: Date | null;
}

/** When is looked, and how much it takes to believe it. */
export interface LookSettings {
  /** Least time between two looks that confirm each other. */
  readonly confirmSeconds: number;
  /** Time between looks at what is still up. */
  readonly watchSeconds: number;
  /** Time to the next look after one that could not tell; it doubles up to `watchSeconds`. */
  readonly retrySeconds: number;
  /** Days after the takedown was verified at which is looked whether it holds. */
  readonly recheckDays: readonly number[];
  /** When no look could tell for so long, a person is asked. */
  readonly askAfterSeconds: number;
}

const HOUR = 3600;
/** The settings that the product comes with. */
export const LOOK_SETTINGS: LookSettings = {
  confirmSeconds: HOUR,
  watchSeconds: 6 * HOUR,
  retrySeconds: HOUR,
  recheckDays: [1, 7, 30],
  askAfterSeconds: 72 * HOUR,
};
/** Fewer looks than this are no reason to ask a person. */
const LEAST_UNCLEAR = 3;

/** A takedown that two looks agree on. */
export interface Takedown {
  readonly kind: TakedownKind;
  readonly reasons: readonly Reason[];
  /** The first look of the confirming pair. It was taken down between `lastUpAt` and this. */
  readonly takenDownAt: Date;
  /** The second look: from now on it is verified. */
  readonly verifiedAt: Date;
  /** The last look that saw it; null when none did. */
  readonly lastUpAt: Date | null;
  /** From the notice to the takedown. Null without a notice, or when it was gone before. */
  readonly secondsFromNotified: number | null;
  /** From the opening of the round to the takedown; 0 when it was gone at the first look. */
  readonly secondsFromOpened: number;
}

/** Where a round stands by what was seen. */
export interface Standing {
  /**
   * `unseen`: no look could tell yet. `up`: it is there. `gone-once`: one look says gone. `verified`: two do.
   * `back`: it was verified and is there again, the case has to be reopened.
   */
  readonly state: "unseen" | "up" | "gone-once" | "verified" | "back";
  /** Of `verified` and `back`. */
  readonly takedown: Takedown | null;
  /** Of `gone-once`: the look that a second one has to confirm. */
  readonly goneSince: Date | null;
  /** Of `back`: when it was seen again. */
  readonly backAt: Date | null;
  /** Since when no look could tell, and why the last could not; null when the last one could. */
  readonly unclear: {
    readonly since: Date;
    readonly looks: number;
    readonly verdict: Verdict;
    readonly reasons: readonly Reason[];
  } | null;
  /** No look could tell for too long: a person has to look. */
  readonly asksPerson: boolean;
}

/** What a round is judged with. `now` is the clock; looks after it do not count yet. */
export interface StandingInput {
  readonly looks: readonly JudgedLook[];
  readonly round: RoundTimes;
  readonly settings: LookSettings;
  readonly now: Date;
}

/**
 * Says where a round stands. A takedown is verified by two looks that both say gone, at least `confirmSeconds` apart, with
 * none between them that saw it up. A look that could not tell neither confirms nor refutes.
 */
export function judgeLooks({looks, round, settings, now}: StandingInput): Standing {
  const seen: Seen = {first: null, second: null, lastUp: null, back: null, unclear: []};
  const known = looks
    .filter(({at}) => at <= now && at >= round.openedAt)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  for (const look of known) if (seen.back === null) take(seen, look, settings);
  const {first, second, lastUp, back, unclear} = seen;
  const last = unclear.at(-1);
  const since = unclear[0]?.at ?? null;
  return {
    state: stateOf(seen),
    takedown: first !== null && second !== null ? takedownOf({first, second, lastUp}, round) : null,
    goneSince: second === null ? (first?.at ?? null) : null,
    backAt: back?.at ?? null,
    unclear:
      last === undefined || since === null
        ? null
        : {since, looks: unclear.length, verdict: last.verdict, reasons: last.reasons},
    asksPerson:
      since !== null && unclear.length >= LEAST_UNCLEAR && secondsBetween(since, now) >= settings.askAfterSeconds,
  };
}

interface Seen {
  /** The look from which on it is gone. */
  first: JudgedLook | null;
  second: JudgedLook | null;
  lastUp: JudgedLook | null;
  back: JudgedLook | null;
  /** Looks since the last that could tell. */
  unclear: JudgedLook[];
}

function take(seen: Seen, look: JudgedLook, {confirmSeconds}: LookSettings): void {
  if (takedownKind(look.verdict) === null && look.verdict !== "up") {
    seen.unclear.push(look);
    return;
  }
  seen.unclear = [];
  if (look.verdict === "up") {
    if (seen.second !== null) seen.back = look;
    else {
      seen.lastUp = look;
      seen.first = null;
    }
    return;
  }
  if (seen.first === null) seen.first = look;
  else if (seen.second === null && secondsBetween(seen.first.at, look.at) >= confirmSeconds) seen.second = look;
}

function stateOf({first, second, lastUp, back}: Seen): Standing["state"] {
  if (back !== null) return "back";
  if (second !== null) return "verified";
  if (first !== null) return "gone-once";
  return lastUp === null ? "unseen" : "up";
}

function takedownOf(
  {first, second, lastUp}: {first: JudgedLook; second: JudgedLook; lastUp: JudgedLook | null},
  {openedAt, notifiedAt}: RoundTimes,
): Takedown | null {
  const kind = takedownKind(first.verdict);
  if (kind === null) return null;
  return {
    kind,
    reasons: first.reasons,
    takenDownAt: first.at,
    verifiedAt: second.at,
    lastUpAt: lastUp?.at ?? null,
    secondsFromNotified: notifiedAt === null || first.at < notifiedAt ? null : secondsBetween(notifiedAt, first.at),
    secondsFromOpened: secondsBetween(openedAt, first.at),
  };
}

/** Returns the verdict as a kind of takedown; null when it is none. */
export function takedownKind(verdict: Verdict): TakedownKind | null {
  return TAKEDOWNS.find((kind) => kind === verdict) ?? null;
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}
