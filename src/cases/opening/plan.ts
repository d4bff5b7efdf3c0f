/** Which candidates open a case, which belong to one that is there, and which say that something is back. */
import {TLP_MARKS, type Tlp} from "../../model/cases/case.ts";
import {
  assetKey,
  type CaseAtWork,
  type CaseCandidate,
  type CaseChange,
  type NextLook,
  type Opening,
} from "../../model/cases/case-change.ts";
import {moveCase} from "../life.ts";
import {NO_PROGRESS} from "../progress.ts";

/** Kinds of assets that a probe can look at. */
const CAN_BE_LOOKED_AT: ReadonlySet<string> = new Set(["url", "domain", "site"]);

/**
 * Returns what becomes of each candidate, one case for one asset and problem. `known` are the cases by asset key, merged
 * ones replaced by those they were merged into; `feedsOf` the feeds that told of a case before.
 */
export function planOpenings(
  candidates: readonly CaseCandidate[],
  known: {readonly cases: ReadonlyMap<string, CaseAtWork>; readonly feedsOf: ReadonlyMap<string, ReadonlySet<string>>},
  now: Date,
): Opening[] {
  const at = now.toISOString();
  return candidates.map((candidate): Opening => {
    const there = known.cases.get(assetKey(candidate));
    if (there === undefined) return opening(candidate, now);
    const isReopened = isBack(candidate, there, known.feedsOf.get(there.case.id));
    const change = isReopened
      ? {...reopening(there, at, sourceOf(candidate)), ...stricterMarks(candidate, there)}
      : joining(candidate, there, at);
    return {do: isReopened ? "reopen" : "join", candidate, there, change};
  });
}

/** So long a first notification waits for the first look, which keeps the evidence; then it goes without. */
const EVIDENCE_MS = 15 * 60_000;

function opening(candidate: CaseCandidate, now: Date): Opening {
  const at = now.toISOString();
  if (!canBeLookedAt(candidate)) return {do: "open", candidate, actAt: at, look: null};
  const actAt = new Date(now.getTime() + EVIDENCE_MS).toISOString();
  return {do: "open", candidate, actAt, look: {at, kind: "plan"}};
}

/** Returns the change that opens a new round of a case, at once. `data` says why. Throws case_step_not_allowed. */
export function reopening(there: CaseAtWork, at: string, data: CaseChange["steps"][number]["data"] = {}): CaseChange {
  const {case: one, round} = there;
  const moved = moveCase(one.id, one.state, {round, move: {action: "reopen", at}});
  const look = canBeLookedAt(one) ? {at, kind: "plan"} : null;
  const anew = {
    party: null,
    releaseAskedBy: null,
    releasedBy: null,
    waitsFor: null,
    progress: NO_PROGRESS,
    actAt: at,
    look,
  };
  return {...moved, ...anew, steps: [{step: "reopen", data}]};
}

function sourceOf({source, sighting}: CaseCandidate): Record<string, unknown> {
  return sighting === null ? {source} : {source, report: sighting.report};
}

/**
 * What we saw gone is back when we see it: lists go on naming what is long gone, so a new report only asks for a look. What
 * cannot be looked at is back when it is reported of a time after. What was dismissed is taken up again when a person
 * complains, or a feed tells of it that has not before: the same list saying the same is no new evidence.
 */
function isBack(
  candidate: CaseCandidate,
  {case: there, round}: CaseAtWork,
  feeds: ReadonlySet<string> | undefined,
): boolean {
  const {sighting} = candidate;
  if (there.state === "verified")
    return !canBeLookedAt(there) && (sighting === null || sighting.lastSeenAt > (round.goneAt ?? ""));
  if (there.state !== "dismissed") return false;
  if (sighting === null) return true;
  return feeds?.has(sighting.feed) !== true && sighting.lastSeenAt > (round.dismissedAt ?? "");
}

/** A case is shared as narrowly as the strictest of those who told of it wants. */
function joining(candidate: CaseCandidate, there: CaseAtWork, at: string): CaseChange | null {
  const look = lookFor(candidate, there, at);
  const marks = stricterMarks(candidate, there);
  if (look === null && marks === null) return null;
  return {
    ...(look === null ? {} : {look}),
    ...marks,
    steps: marks === null ? [] : [{step: "facts", data: {...marks, ...sourceOf(candidate)}}],
  };
}

/** Returns what a candidate says more strictly of a case; null when nothing. */
function stricterMarks(
  candidate: CaseCandidate,
  {case: there}: CaseAtWork,
): Pick<CaseChange, "tlp" | "isProtected"> | null {
  const tlp = strictest(there.tlp, candidate.tlp);
  const [isStricter, isProtected] = [tlp !== there.tlp, candidate.isProtected && !there.isProtected];
  return isStricter || isProtected ? {...(isStricter ? {tlp} : {}), ...(isProtected ? {isProtected} : {})} : null;
}

/** Returns the stricter of two sharing marks. */
export function strictest(one: Tlp, other: Tlp): Tlp {
  return TLP_MARKS.indexOf(one) <= TLP_MARKS.indexOf(other) ? one : other;
}

function lookFor(candidate: CaseCandidate, {case: there, round, look}: CaseAtWork, at: string): NextLook | null {
  if (there.state !== "verified" || !canBeLookedAt(there)) return null;
  const seen = candidate.sighting === null ? null : candidate.sighting.lastSeenAt;
  const isLater = seen === null || round.goneAt === null || seen > round.goneAt;
  return isLater && (look === null || look.at > at) ? {at, kind: "reported"} : null;
}

/** Returns whether a probe can tell whether the asset of the case is still there. */
export function canBeLookedAt({asset}: Pick<CaseCandidate, "asset">): boolean {
  return CAN_BE_LOOKED_AT.has(asset.kind);
}
