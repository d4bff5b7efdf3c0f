/** What the rules do with a case now: tell a party, remind it, go on to the next one, hand it to a person, or wait. */

import type {CaseAtWork, CaseChange, ChainLink, NewStep, Progress} from "../model/cases/case-change.ts";
import type {Deadline} from "../model/cases/deadlines.ts";
import type {Bilingual} from "../model/format.ts";
import type {Claim} from "../model/party.ts";
import type {Clock} from "./deadlines/due.ts";
import {
  type CaseFacts,
  chainOf,
  type ChainLink as EscalationLink,
  type NextStep,
  nextStep,
} from "./deadlines/escalation.ts";
import {nobodyText, type ResponsibilityDecision, uncontested} from "./parties/responsibility.ts";
import {assignedTo, handed, reminded} from "./progress.ts";

/** That a party is to be told of a case. `turn` is 2 for the second reminder. */
export interface Telling {
  readonly event: "opened" | "reopened" | "escalated" | "reminder";
  readonly party: number;
  readonly turn: number;
}

/** What is decided, to be written as it is. `chosen` is the place in the chain of a party that was chosen. */
export interface Deciding {
  readonly change: CaseChange;
  readonly telling: Telling | null;
  readonly chosen: {readonly party: number | null; readonly rank: number; readonly because: string} | null;
}

/** What it is decided by. `deadlineOf` gives the deadline for a party kind, `countryOf` a party's home. */
export interface DecidingRules {
  readonly responsible: ResponsibilityDecision;
  readonly deadlineOf: (partyKind: string) => {readonly deadline: Deadline; readonly clock: Clock};
}

/** Returns what the rules do with a case at `now`; null when they have nothing to do with it any more. */
export function decideCase(there: CaseAtWork, rules: DecidingRules, now: Date): Deciding | null {
  const chain = there.progress.assignment === null ? chainFrom(there, rules.responsible) : there.progress.chain;
  const facts = factsOf(there, chain);
  const {rule, step} = nextOf(facts, rules, now);
  const at = now.toISOString();
  switch (step.do) {
    case "nothing":
      return null;
    case "wait":
      return {change: {actAt: step.until.toISOString(), steps: []}, telling: null, chosen: null};
    case "hand":
      return handOver({there, chain, rules, at}, step.because, until(rule, {...facts, handedAt: now}, now));
    case "remind": {
      const progress = reminded(there.progress, at);
      const {assignment} = progress;
      if (assignment === null) return null;
      const actAt = until(rule, factsOf({...there, progress}, chain), now);
      return {
        change: {progress, actAt, steps: []},
        telling: {event: "reminder", party: assignment.party, turn: step.number},
        chosen: null,
      };
    }
    default:
      return tell({there, chain, rules, at}, step, now);
  }
}

interface Situated {
  readonly there: CaseAtWork;
  readonly chain: readonly ChainLink[];
  readonly rules: DecidingRules;
  readonly at: string;
}

/** Returns the party kinds of the rule in their order, each with the parties that answer for the asset, best first. */
export function chainFrom(
  {parties}: Pick<CaseAtWork, "parties">,
  {by, others, why}: ResponsibilityDecision,
): ChainLink[] {
  if (why?.code === "ambiguous") return []; // a wrong party is worse than none
  const known = new Map<string, string[]>();
  for (const candidate of uncontested([...(by === null ? [] : [by]), ...others])) {
    if (candidate.place === null) continue;
    const {partyKind, party}: Claim = candidate.claim;
    const list = known.get(partyKind) ?? [];
    if (!list.includes(String(party))) known.set(partyKind, [...list, String(party)]);
  }
  return chainOf(parties, known).map(({kind, party}) => ({kind, party: party === null ? null : Number(party)}));
}

function factsOf({case: one, round, progress}: CaseAtWork, chain: readonly ChainLink[]): CaseFacts {
  const {assignment, handedAt} = progress;
  const lastClaim = assignment?.claims.at(-1)?.at ?? round.resolvedAt;
  return {
    state: one.state,
    since: new Date(one.state === "resolved" && lastClaim !== null ? lastClaim : round.openedAt),
    chain: chain.map(linkOf),
    assignment:
      assignment === null
        ? null
        : {
            rank: assignment.rank,
            queuedAt: new Date(assignment.queuedAt),
            notifiedAt: dateOf(assignment.notifiedAt),
            undeliverableAt: dateOf(assignment.undeliverableAt),
            acknowledgedAt: dateOf(assignment.acknowledgedAt),
            remindedAt: assignment.remindedAt.map((each) => new Date(each)),
            claims: assignment.claims.map((claim) => ({at: new Date(claim.at), refutedAt: dateOf(claim.refutedAt)})),
          },
    handedAt: dateOf(handedAt),
  };
}

function linkOf({kind, party}: ChainLink): EscalationLink {
  return {kind, party: party === null ? null : String(party)};
}

function dateOf(at: string | null): Date | null {
  return at === null ? null : new Date(at);
}

/** With nobody assigned the deadline is that of the first kind in the chain. */
function nextOf(
  facts: CaseFacts,
  {deadlineOf}: DecidingRules,
  now: Date,
): {rule: ReturnType<DecidingRules["deadlineOf"]>; step: NextStep} {
  const kind = facts.chain[facts.assignment?.rank ?? 0]?.kind ?? "";
  const rule = deadlineOf(kind);
  return {rule, step: nextStep(facts, rule, now)};
}

/** When the rules look again, once this is done. */
function until(rule: ReturnType<DecidingRules["deadlineOf"]>, facts: CaseFacts, now: Date): string {
  const next = nextStep(facts, rule, now);
  return (next.do === "wait" ? next.until : now).toISOString();
}

function handOver({there, chain, rules, at}: Situated, because: string, actAt: string): Deciding {
  const words = because === "nobody_known" ? nobodyWords(rules.responsible) : null;
  const step: NewStep = {step: "hand-over", note: because, data: words === null ? {} : {why: words}};
  const progress: Progress = handed({...there.progress, chain}, at);
  return {
    change: {waitsFor: because, progress, actAt, steps: [step]},
    telling: null,
    chosen: because === "nobody_known" ? {party: null, rank: 0, because} : null,
  };
}

function nobodyWords({why}: ResponsibilityDecision): Bilingual | null {
  return why === null ? null : nobodyText(why);
}

function tell(
  {there, chain, rules, at}: Situated,
  step: Extract<NextStep, {do: "notify" | "escalate"}>,
  now: Date,
): Deciding | null {
  const link = chain[step.rank];
  if (link === undefined || link.party === null) return null;
  const because = step.do === "notify" ? "responsible" : step.because;
  const progress = assignedTo(chain, {party: link.party, rank: step.rank, at});
  const rule = rules.deadlineOf(link.kind);
  const actAt = until(rule, factsOf({...there, progress}, chain), now);
  const first = there.round.round > 1 ? "reopened" : "opened";
  return {
    change: {
      party: {id: link.party, kind: link.kind},
      progress,
      actAt,
      waitsFor: null,
      steps: [{step: "party", note: because, data: {party: link.party, kind: link.kind, rank: step.rank}}],
    },
    telling: {event: step.do === "notify" ? first : "escalated", party: link.party, turn: 1},
    chosen: {party: link.party, rank: step.rank, because},
  };
}
