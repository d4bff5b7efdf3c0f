/**
 * What people do to cases, for whoever calls: the command line now, HTTP later. Each function takes the house, what is
 * meant, and who does it when; what may be done is decided in cases/.
 */
import {assigned, handedBack, noted, released, stepped} from "../../cases/desk.ts";
import type {CaseAction} from "../../model/cases/case.ts";
import type {CaseAtWork, CaseChange} from "../../model/cases/case-change.ts";
import {applyChange, caseOfId, type Doing, lockCase} from "../../store/cases/changing.ts";
import {isSamePerson, named, written} from "../../store/editions/people.ts";
import {askClosing} from "../../store/notices/pending.ts";
import type {House} from "../house.ts";

/** Who does something to a case, and when. */
export type Act = Doing;

interface Changing {
  readonly decide: (there: CaseAtWork) => CaseChange;
  /** What those who complained are told, where it ends the case. */
  readonly closing?: string;
}

/** Those who complained hear of the end in the same transaction: nobody is told of what did not happen. */
async function change(house: House, id: string, {decide, closing, by, now}: Changing & Act): Promise<CaseAtWork> {
  const {db} = await house.database();
  return db.transaction().execute(async (work) => {
    const there = await lockCase(work, id);
    await applyChange(work, there, {change: decide(there), by, now});
    if (closing !== undefined) await askClosing(work, {cases: [there.case.id], reason: closing, now});
    return caseOfId(work, there.case.id);
  });
}

/** Writes a remark into the history. Throws case_unknown, usage (nothing said). */
export function noteCase(house: House, {id, text}: {id: string; text: string}, act: Act): Promise<CaseAtWork> {
  const note = written(text, "a note");
  return change(house, id, {decide: () => noted({step: "note", note}), ...act});
}

/** Gives a case to a person; null takes it back. Throws case_unknown. */
export function assignCase(house: House, {id, to}: {id: string; to: string | null}, act: Act): Promise<CaseAtWork> {
  return change(house, id, {decide: () => assigned(to === null ? null : named(to)), ...act});
}

/** A step that a person enters. `note` is how it is known: who said it on the telephone, what was seen. */
export interface HandStep {
  readonly id: string;
  readonly note: string | null;
}

/** Enters that the party has answered. Throws case_unknown, case_step_not_allowed. */
export function acknowledgeCase(house: House, {id, note}: HandStep, act: Act): Promise<CaseAtWork> {
  return change(house, id, {decide: (there) => byHand(there, "acknowledge", {note, act}), ...act});
}

/** Enters that the party says it is done. Throws case_unknown, case_step_not_allowed. */
export function resolveCase(house: House, {id, note}: HandStep, act: Act): Promise<CaseAtWork> {
  return change(house, id, {decide: (there) => byHand(there, "resolve", {note, act}), ...act});
}

/** Enters that a person saw that what the party calls done is not. Throws case_unknown, case_step_not_allowed, usage (no reason). */
export function disputeCase(house: House, {id, reason}: {id: string; reason: string}, act: Act): Promise<CaseAtWork> {
  const note = written(reason, "a reason");
  return change(house, id, {decide: (there) => byHand(there, "dispute", {note, act}), ...act});
}

/** How a case is dismissed. */
export interface Dismissal {
  readonly id: string;
  /** `party`: it says with a reason that there is nothing to do, which counts as its answer. `us`: we found so. */
  readonly by: "party" | "us";
  readonly reason: string;
  /** What those who complained are told besides; null: only that it is closed. */
  readonly toReporter: string | null;
}

/** Dismisses a case. Throws case_unknown, case_step_not_allowed, usage (no reason). */
export function dismissCase(house: House, {id, by, reason, toReporter}: Dismissal, act: Act): Promise<CaseAtWork> {
  const note = written(reason, "a reason");
  const decide = (there: CaseAtWork): CaseChange => byHand(there, "dismiss", {note, act, dismissedBy: by});
  return change(house, id, {decide, closing: closingOf("dismissed", toReporter), ...act});
}

/** How a case is verified without the probe's looks. */
export interface HandVerification {
  readonly id: string;
  readonly reason: string;
  /** When it was first seen gone; null is now. */
  readonly goneAt: Date | null;
  readonly toReporter: string | null;
}

/** Verifies a case by what a person saw. Throws case_unknown, case_step_not_allowed, usage (no reason, gone in the future). */
export function verifyCase(
  house: House,
  {id, reason, goneAt, toReporter}: HandVerification,
  act: Act,
): Promise<CaseAtWork> {
  const note = written(reason, "a reason");
  const seen = goneAt === null || goneAt > act.now ? act.now : goneAt;
  const decide = (there: CaseAtWork): CaseChange => byHand(there, "verify", {note, act, goneAt: seen.toISOString()});
  return change(house, id, {decide, closing: closingOf("verified", toReporter), ...act});
}

/** Opens a case anew. Throws case_unknown, case_step_not_allowed, usage (no reason). */
export function reopenCase(house: House, {id, reason}: {id: string; reason: string}, act: Act): Promise<CaseAtWork> {
  const note = written(reason, "a reason");
  return change(house, id, {decide: (there) => byHand(there, "reopen", {note, act}), ...act});
}

/** Lets the rules go on with a case that they had handed over. Throws case_unknown, case_protected, case_step_not_allowed. */
export function handBack(house: House, {id, note}: HandStep, act: Act): Promise<CaseAtWork> {
  return change(house, id, {decide: (there) => handedBack(there, {at: act.now.toISOString(), note}), ...act});
}

/**
 * Agrees that a protected case may be notified: the first person asks, the second releases it.
 * Throws case_unknown, case_protected (one person twice), case_step_not_allowed (no release needed), usage (no name).
 */
export function releaseCase(house: House, {id}: {id: string}, act: Act): Promise<CaseAtWork> {
  const by = named(act.by);
  const decide = (there: CaseAtWork): CaseChange =>
    released(there, {by, at: act.now.toISOString(), isSame: isSamePerson});
  return change(house, id, {decide, ...act});
}

interface ByHand {
  readonly note: string | null;
  readonly act: Act;
  readonly dismissedBy?: "party" | "us";
  readonly goneAt?: string;
}

function byHand(there: CaseAtWork, action: CaseAction, {note, act, ...more}: ByHand): CaseChange {
  return stepped(there, {
    move: {action, at: act.now.toISOString(), ...more},
    note,
    data: {byHand: true, ...more},
    isOwn: true,
  });
}

/** The first line says what the desk did, the rest is in its own words. */
function closingOf(outcome: "verified" | "dismissed", toReporter: string | null): string {
  return toReporter === null ? outcome : `${outcome}\n${toReporter}`;
}

/** What became of one of several cases. */
export interface BulkResult {
  readonly id: string;
  /** Null when it could not be done; then `error` says why. */
  readonly done: CaseAtWork | null;
  readonly error: unknown;
}

/** Does the same to several cases, each by itself: one that refuses holds the others up in nothing. */
export async function eachCase(
  ids: readonly string[],
  act: (id: string) => Promise<CaseAtWork>,
): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  for (const id of [...new Set(ids)]) {
    results.push(
      await act(id).then(
        (done) => ({id: done.case.id, done, error: null}),
        (error: unknown) => ({id, done: null, error}),
      ),
    );
  }
  return results;
}
