import type {CaseState} from "../../model/cases/case.ts";
import type {Deadline} from "../../model/cases/deadlines.ts";
import {type Clock, dueOf} from "./due.ts";
import {HOUR_MS} from "./working-time.ts";

/** One party that may be asked to act. `party` is null when nobody of that kind is known for the case. */
export interface ChainLink {
  readonly kind: string;
  readonly party: string | null;
}

/** What the party of the present assignment was told and what it did, in this round of the case. */
export interface Assignment {
  /** Its place in the chain, 0 for the first. */
  readonly rank: number;
  /** When it was handed to the sender. */
  readonly queuedAt: Date;
  /** When the notification went out; null while it has not. */
  readonly notifiedAt: Date | null;
  /** When it turned out that the contact cannot be reached (a bounce); null when it can. */
  readonly undeliverableAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly remindedAt: readonly Date[];
  /** When the party said that it has acted, and when we saw that it has not; null when we have not seen so. */
  readonly claims: readonly {readonly at: Date; readonly refutedAt: Date | null}[];
}

/** The facts of a case that its next step depends on. */
export interface CaseFacts {
  readonly state: CaseState;
  /** Since when it is in that state, or in this round when the state is open. */
  readonly since: Date;
  /** The parties in the order of the rule; see `chainOf`. */
  readonly chain: readonly ChainLink[];
  /** Null while nobody was chosen. */
  readonly assignment: Assignment | null;
  /** When it was last handed to a person; null when no person has it. Emptied when a person has moved it on. */
  readonly handedAt: Date | null;
}

/** Why a case goes on to another party or to a person. */
export type StepReason =
  | "no_answer" // the party never answered, reminders included
  | "no_takedown" // it answered, but the asset is still there
  | "false_claims" // it said twice that it had acted, and it had not
  | "undeliverable" // its contact cannot be reached
  | "not_sent" // the notification is held or stuck for a day
  | "nobody_known" // no party of the chain is known
  | "chain_exhausted" // nobody is left in the chain
  | "claim_unchecked" // nobody looked whether a claim is true
  | "person_late"; // a person has it and has not moved it

/** What is to be done with a case now. */
export type NextStep =
  | {readonly do: "notify"; readonly rank: number}
  | {readonly do: "remind"; readonly rank: number; readonly number: number}
  | {readonly do: "escalate"; readonly rank: number; readonly because: StepReason}
  | {readonly do: "hand"; readonly because: StepReason}
  | {readonly do: "wait"; readonly until: Date; readonly for: "sending" | "answer" | "takedown" | "check" | "person"}
  | {readonly do: "nothing"};

/** Claims that turn out false before the next party is told. */
const MOST_FALSE_CLAIMS = 2;
/** A notification that has not gone out by then needs a person. */
const SENDING_HOURS = 24;
/** A claim that nobody has checked by then needs a person. */
const CHECK_HOURS = 48;

/**
 * Returns the one next step of a case. A case that is not closed either waits for an instant to come or has a step: none
 * is forgotten. A step that was done must be in the facts of the next call (the reminder, the assignment, the handing
 * over); then there is no second step at the same instant.
 */
export function nextStep(
  facts: CaseFacts,
  rule: {readonly deadline: Deadline; readonly clock: Clock},
  now: Date,
): NextStep {
  if (facts.state === "verified" || facts.state === "dismissed" || facts.state === "merged") return {do: "nothing"};
  if (facts.handedAt !== null) return withPerson(facts.handedAt, rule, now);
  const {assignment} = facts;
  if (assignment === null) {
    const first = nextLink(facts.chain, -1);
    return first === null ? {do: "hand", because: "nobody_known"} : {do: "notify", rank: first};
  }
  if (facts.state === "resolved")
    return by(hoursAfter(facts.since, CHECK_HOURS), "check", now) ?? handed("claim_unchecked");
  if (assignment.undeliverableAt !== null) return onward(facts, "undeliverable");
  if (assignment.notifiedAt === null)
    return by(hoursAfter(assignment.queuedAt, SENDING_HOURS), "sending", now) ?? handed("not_sent");
  if (assignment.claims.filter(({refutedAt}) => refutedAt !== null).length >= MOST_FALSE_CLAIMS)
    return onward(facts, "false_claims");
  return afterTelling(facts, {assignment, notifiedAt: assignment.notifiedAt, ...rule}, now);
}

interface Told {
  readonly assignment: Assignment;
  readonly notifiedAt: Date;
  readonly deadline: Deadline;
  readonly clock: Clock;
}

/** Reminders begin when the answer is due, or for a party that answered when its act is; then the next party is told. */
function afterTelling(facts: CaseFacts, {assignment, notifiedAt, deadline, clock}: Told, now: Date): NextStep {
  const due = dueOf(notifiedAt, deadline, clock);
  const hasAnswered = assignment.acknowledgedAt !== null || assignment.claims.length > 0;
  const dueAt = hasAnswered ? due.resolveBy : due.acknowledgeBy;
  const last = latest(assignment.remindedAt);
  const nextAt = last === null ? dueAt : later(dueAt, clock.add(last, deadline.remindEveryHours).at);
  const waiting = by(nextAt, hasAnswered ? "takedown" : "answer", now);
  if (waiting !== null) return waiting;
  if (assignment.remindedAt.length < deadline.mostReminders)
    return {do: "remind", rank: assignment.rank, number: assignment.remindedAt.length + 1};
  return onward(facts, hasAnswered ? "no_takedown" : "no_answer");
}

/** A person has as long as a party has to act; then it is shown again. */
function withPerson(handedAt: Date, {deadline, clock}: {deadline: Deadline; clock: Clock}, now: Date): NextStep {
  return by(clock.add(handedAt, deadline.resolveHours).at, "person", now) ?? handed("person_late");
}

function onward({chain, assignment}: CaseFacts, because: StepReason): NextStep {
  const next = nextLink(chain, assignment?.rank ?? -1);
  return next === null ? handed("chain_exhausted") : {do: "escalate", rank: next, because};
}

/** The next known party that was not asked before: one that is both host and registrar is asked once. */
function nextLink(chain: readonly ChainLink[], rank: number): number | null {
  const asked = new Set(chain.slice(0, rank + 1).map(({party}) => party));
  const found = chain.findIndex(({party}, at) => at > rank && party !== null && !asked.has(party));
  return found === -1 ? null : found;
}

function by(until: Date, what: "sending" | "answer" | "takedown" | "check" | "person", now: Date): NextStep | null {
  return now < until ? {do: "wait", until, for: what} : null;
}

function handed(because: StepReason): NextStep {
  return {do: "hand", because};
}

function hoursAfter(at: Date, hours: number): Date {
  return new Date(at.getTime() + hours * HOUR_MS);
}

function later(a: Date, b: Date): Date {
  return a < b ? b : a;
}

function latest(times: readonly Date[]): Date | null {
  return times.length === 0 ? null : times.reduce(later);
}

/**
 * Returns the chain of a case: for each party kind of the rule, in its order, the parties of that kind that are known for
 * the case, best first; a kind without any is kept as nobody, so that it can be told why it was passed over.
 */
export function chainOf(kinds: readonly string[], known: ReadonlyMap<string, readonly string[]>): ChainLink[] {
  return kinds.flatMap((kind): ChainLink[] => {
    const parties = known.get(kind) ?? [];
    return parties.length === 0 ? [{kind, party: null}] : parties.map((party) => ({kind, party}));
  });
}
