import {type JudgedLook, judgeLooks, type Standing, type StandingInput, takedownKind} from "./standing.ts";

/** Why a look is due. */
export type LookPurpose = "first" | "watch" | "retry" | "claimed" | "confirm" | "recheck";

/** When the next look at a round is due, and why. */
export interface LookPlan {
  readonly dueAt: Date;
  readonly purpose: LookPurpose;
}

const DAY_MS = 86_400_000;

/**
 * Returns the next look that a round needs, due in the past when it is late; null when it needs none any more: it is back
 * (its new round has looks of its own), or the last recheck is done.
 */
export function planLook(input: StandingInput): LookPlan | null {
  const {looks, round, settings, now} = input;
  const standing = judgeLooks(input);
  const known = looks
    .filter(({at}) => at <= now && at >= round.openedAt)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const last = known.at(-1);
  if (standing.state === "back") return null;
  if (last === undefined) return {dueAt: round.openedAt, purpose: "first"};
  if (standing.state === "verified") return planRecheck({standing, known, last}, input);
  if (round.claimedAt !== null && round.claimedAt > last.at) return {dueAt: round.claimedAt, purpose: "claimed"};
  if (standing.unclear !== null) return {dueAt: retryAt(standing, last, input), purpose: "retry"};
  if (standing.goneSince !== null)
    return {dueAt: later(standing.goneSince, settings.confirmSeconds), purpose: "confirm"};
  return {dueAt: later(last.at, settings.watchSeconds), purpose: "watch"};
}

interface Known {
  readonly standing: Standing;
  readonly known: readonly JudgedLook[];
  readonly last: JudgedLook;
}

function planRecheck({standing, known, last}: Known, input: StandingInput): LookPlan | null {
  const verifiedAt = standing.takedown?.verifiedAt;
  if (verifiedAt === undefined) return null;
  const due = input.settings.recheckDays
    .map((days) => new Date(verifiedAt.getTime() + days * DAY_MS))
    .find((at) => !known.some((look) => look.at >= at && isClear(look)));
  if (due === undefined) return null;
  const hasTried = standing.unclear !== null && last.at >= due;
  return hasTried ? {dueAt: retryAt(standing, last, input), purpose: "retry"} : {dueAt: due, purpose: "recheck"};
}

function isClear({verdict}: JudgedLook): boolean {
  return verdict === "up" || takedownKind(verdict) !== null;
}

/** The longer nothing can be told, the rarer is asked: the wait is as long as it has lasted. */
function retryAt({unclear}: Standing, last: JudgedLook, {settings}: StandingInput): Date {
  const lasted = unclear === null ? 0 : (last.at.getTime() - unclear.since.getTime()) / 1000;
  return later(last.at, Math.min(Math.max(lasted, settings.retrySeconds), settings.watchSeconds));
}

function later(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000);
}
