/** A person chooses the party: the one before stays in the decisions, the chosen one is told, and escalation goes on from it. */
import type {CaseAtWork, CaseChange, ChainLink} from "../model/cases/case-change.ts";
import {WatchfloorError} from "../model/errors.ts";
import {partyId} from "../model/party.ts";
import {AT_WORK} from "./life.ts";
import {assignedTo} from "./progress.ts";

/** Which party is chosen and why. `chain` is what the rules would ask, for a round in which nobody was asked yet. */
export interface Reassigning {
  readonly party: {readonly id: number; readonly kind: string};
  readonly chain: readonly ChainLink[];
  readonly reason: string;
  readonly at: string;
}

/** What is to be written: the change, its place in the chain, and what the party is told. */
export interface Reassigned {
  readonly change: CaseChange;
  readonly rank: number;
  readonly event: "opened" | "reopened" | "escalated";
}

/** Returns what choosing a party does. Throws case_step_not_allowed when the case is over, or is with that party, which can be reached. */
export function reassigned(there: CaseAtWork, {party, chain, reason, at}: Reassigning): Reassigned {
  const {case: one, round, progress} = there;
  if (!AT_WORK.includes(one.state))
    throw new WatchfloorError("case_step_not_allowed", `${one.id} is ${one.state}: it is with nobody`);
  const isUnreached = (progress.assignment?.undeliverableAt ?? null) !== null;
  if (one.party === party.id && !isUnreached)
    throw new WatchfloorError("case_step_not_allowed", `${one.id} is with ${partyId(party.id)} already`);
  const next = withParty(progress.assignment === null ? chain : progress.chain, party, progress.assignment?.rank ?? -1);
  const first = round.round > 1 ? "reopened" : "opened";
  return {
    change: {
      party,
      progress: assignedTo(next.chain, {party: party.id, rank: next.rank, at}),
      actAt: at,
      waitsFor: null,
      steps: [{step: "party", note: reason, data: {party: party.id, kind: party.kind, rank: next.rank, byHand: true}}],
    },
    rank: next.rank,
    event: round.notifiedAt === null ? first : "escalated",
  };
}

/** It comes right after those that were asked; elsewhere in the chain it is not asked again. */
function withParty(
  chain: readonly ChainLink[],
  {id, kind}: Reassigning["party"],
  asked: number,
): {chain: ChainLink[]; rank: number} {
  const isOther = ({party}: ChainLink): boolean => party !== id;
  const before = chain.slice(0, asked + 1).filter(isOther);
  return {chain: [...before, {kind, party: id}, ...chain.slice(asked + 1).filter(isOther)], rank: before.length};
}
