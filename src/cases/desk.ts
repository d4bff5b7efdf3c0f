/** What people and parties do to a case, as changes: each goes by the life of a case and says what the rules look at next. */
import type {Severity} from "../model/cases/case.ts";
import type {CaseAtWork, CaseChange, NewStep, Progress} from "../model/cases/case-change.ts";
import {WatchfloorError} from "../model/errors.ts";
import {AT_WORK, type Move, moveCase} from "./life.ts";
import {canBeLookedAt, strictest} from "./opening/plan.ts";
import {answered, claimed, NO_PROGRESS, refuted, takenBack, told} from "./progress.ts";

/** A step with what is said about it. `isOwn`: a person of ours took it, who has thereby decided what a case waited for. */
export interface Stepping {
  readonly move: Move;
  readonly note?: string | null;
  readonly data?: NewStep["data"];
  readonly isOwn?: boolean;
}

/** A look that is due says when the next one has to be taken: it knows all that were. */
const PLAN_LOOK = "plan";

/** Returns the change of a step. After it the rules look at the case at once. Throws case_step_not_allowed. */
export function stepped(there: CaseAtWork, {move, note = null, data = {}, isOwn = false}: Stepping): CaseChange {
  const {case: one, round} = there;
  const moved = moveCase(one.id, one.state, {round, move});
  const isAtWork = AT_WORK.includes(moved.state);
  const isLookedAt = canBeLookedAt(one) && moved.state !== "dismissed" && moved.state !== "merged";
  const progress = progressAfter(there.progress, move);
  // a claim that nobody had looked at has been looked at now
  const isChecked = move.action === "dispute" && there.waitsFor === "claim_unchecked";
  return {
    ...moved,
    actAt: isAtWork ? move.at : null,
    look: isLookedAt ? {at: move.at, kind: PLAN_LOOK} : null,
    progress: isOwn || isChecked ? takenBack(progress) : progress,
    ...(isOwn || isChecked || !isAtWork ? {waitsFor: null} : {}),
    ...(move.action === "reopen" ? {party: null, releaseAskedBy: null, releasedBy: null} : {}),
    steps: [{step: move.action, note, data}],
  };
}

function progressAfter(progress: Progress, {action, at}: Move): Progress {
  switch (action) {
    case "notify":
      return told(progress, at);
    case "acknowledge":
      return answered(progress, at);
    case "resolve":
      return claimed(progress, at);
    case "dispute":
      return refuted(progress, at);
    case "reopen":
      return NO_PROGRESS;
    default:
      return progress;
  }
}

/** Returns the change that says something about a case and changes nothing. */
export function noted(step: NewStep): CaseChange {
  return {steps: [step]};
}

/** Returns the change that gives a case to a person; null takes it back. */
export function assigned(assignee: string | null): CaseChange {
  return {assignee, steps: [{step: "assign", note: assignee}]};
}

/** Returns the change of a case's level with its reason, and what it rests on. */
export function levelled(severity: Severity, reason: string, data: NewStep["data"] = {}): CaseChange {
  return {severity, steps: [{step: "severity", note: reason, data: {severity, ...data}}]};
}

/**
 * Returns the change by which a person lets the rules go on with what they had handed over. Throws case_protected when it
 * waits for a second person, whom only a release can replace, and case_step_not_allowed when it does not wait.
 */
export function handedBack(there: CaseAtWork, {at, note}: {at: string; note: string | null}): CaseChange {
  const {case: one, waitsFor, progress} = there;
  if (waitsFor === "needs-second-person" && there.releasedBy === null)
    throw new WatchfloorError("case_protected", `${one.id} waits for a second person`);
  if (waitsFor === null && progress.handedAt === null)
    throw new WatchfloorError("case_step_not_allowed", `${one.id} waits for no person`);
  return {waitsFor: null, progress: takenBack(progress), actAt: at, steps: [{step: "hand-back", note}]};
}

/**
 * Returns the change by which a person agrees that a protected case may be notified: the first asks, a second one releases.
 * `isSame` tells whether two names are one person. Throws case_protected when one wants to be both, case_step_not_allowed
 * when it needs no release.
 */
export function released(
  there: CaseAtWork,
  {by, at, isSame}: {by: string; at: string; isSame: (one: string, other: string) => boolean},
): CaseChange {
  const {case: one, releaseAskedBy: first, releasedBy} = there;
  if (!one.isProtected || releasedBy !== null)
    throw new WatchfloorError("case_step_not_allowed", `${one.id} needs no release`);
  if (first === null) return {releaseAskedBy: by, steps: [{step: "release", data: {person: 1}}]};
  if (isSame(first, by)) throw new WatchfloorError("case_protected", `${first} has asked for ${one.id}`);
  const progress = takenBack(there.progress); // who released it has decided: it may go out now
  return {releasedBy: by, waitsFor: null, actAt: at, progress, steps: [{step: "release", data: {person: 2}}]};
}

/** The changes of two cases of which one becomes a part of the other. */
export interface Merge {
  readonly from: CaseChange;
  readonly into: CaseChange;
}

/**
 * Returns what merging does: the one is over, the other has taken in what it had. Throws case_step_not_allowed when the one
 * that stays is over while there is still work to do for the other.
 */
export function merged({from, into}: {from: CaseAtWork; into: CaseAtWork}, at: string): Merge {
  const [one, other] = [from.case, into.case];
  if (one.id === other.id) throw new WatchfloorError("case_step_not_allowed", `${one.id} is one case`);
  if (other.state === "merged" || (AT_WORK.includes(one.state) && !AT_WORK.includes(other.state)))
    throw new WatchfloorError("case_step_not_allowed", `${other.id} is ${other.state}: reopen it first`);
  const moved = moveCase(one.id, one.state, {round: from.round, move: {action: "merge", at}});
  const borderTests = [...new Set([...other.borderTests, ...one.borderTests])];
  return {
    from: {
      ...moved,
      mergedInto: other.id,
      ...{actAt: null, look: null, waitsFor: null},
      steps: [{step: "merge", data: {into: other.id}}],
    },
    into: {
      tlp: strictest(other.tlp, one.tlp),
      borderTests,
      isProtected: other.isProtected || one.isProtected,
      // what was released says nothing of what nobody has released
      ...(one.isProtected && from.releasedBy === null ? {releaseAskedBy: null, releasedBy: null} : {}),
      steps: [{step: "absorb", data: {case: one.id}}],
    },
  };
}
