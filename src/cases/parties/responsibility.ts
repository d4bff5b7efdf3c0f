/** Who is responsible for an asset. The decision is data: who, by which rule, what else was possible, why nobody. */
import type {Bilingual} from "../../model/format.ts";
import {type AssetFacts, type Claim, isValidOn, partyId} from "../../model/party.ts";
import type {Day} from "../../model/week.ts";
import {compareMatches, type Match, matchOf} from "./precedence.ts";

/** A claim that was weighed. */
export interface Candidate {
  readonly claim: Claim;
  readonly match: Match;
  /** Place of the party's kind in the order that was given; null when it is not in it. */
  readonly place: number | null;
}

/** Why nobody was chosen. */
export type NobodyReason =
  | {readonly code: "no-claim"}
  | {readonly code: "not-in-order"; readonly kinds: readonly string[]}
  | {
      readonly code: "ambiguous";
      readonly match: Match;
      readonly values: readonly string[];
      readonly parties: readonly number[];
    };

/** The decision, to be kept as it is. */
export interface ResponsibilityDecision {
  /** Number of the party; null is nobody. */
  readonly party: number | null;
  /** By which claim. */
  readonly by: Candidate | null;
  /** What else was possible, the best first: one for each party and rule. The next party of an escalation is among them. */
  readonly others: readonly Candidate[];
  readonly why: NobodyReason | null;
}

/** What is asked: the asset, the kinds of party in the order in which they are wanted, and the day. */
export interface ResponsibilityQuestion {
  readonly facts: AssetFacts;
  readonly order: readonly string[];
  readonly on: Day;
  /** Parties that were tried already. */
  readonly except?: ReadonlySet<number>;
}

/**
 * Decides who is responsible. First comes the order of party kinds; within a kind the best rule of `MATCH_RULES`, and within
 * a rule the longest name or prefix. Of several parties that fit equally a local entry goes before an imported one, then the
 * one that is valid since the later day; are there still several, it is nobody, for a person: a wrong party is worse than none.
 */
export function responsible(
  {facts, order, on, except = new Set()}: ResponsibilityQuestion,
  claims: readonly Claim[],
): ResponsibilityDecision {
  const candidates = candidatesOf(facts, claims, order).filter(
    ({claim}) => isClaimValid(claim, on) && !except.has(claim.party),
  );
  const inOrder = candidates.filter(({place}) => place !== null);
  const [best] = inOrder;
  if (best === undefined) {
    const kinds = [...new Set(candidates.map(({claim}) => claim.partyKind))];
    return {
      party: null,
      by: null,
      others: candidates,
      why: kinds.length === 0 ? {code: "no-claim"} : {code: "not-in-order", kinds},
    };
  }
  const equals = inOrder.filter((each) => compareCandidates(each, best) === 0);
  const parties = [...new Set(equals.map(({claim}) => claim.party))];
  if (parties.length > 1) {
    const values = [...new Set(equals.map(({claim}) => claim.responsibility.value))];
    return {party: null, by: null, others: candidates, why: {code: "ambiguous", match: best.match, values, parties}};
  }
  return {party: best.claim.party, by: best, others: candidates.filter((each) => each !== best), why: null};
}

/** Returns the candidates without those of one kind that nothing tells apart from another party: a wrong party is worse than none. */
export function uncontested(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter((each) =>
    candidates.every(
      (other) =>
        other.claim.party === each.claim.party ||
        other.claim.partyKind !== each.claim.partyKind ||
        compareCandidates(other, each) !== 0,
    ),
  );
}

function candidatesOf(facts: AssetFacts, claims: readonly Claim[], order: readonly string[]): Candidate[] {
  const found = claims.flatMap((claim): Candidate[] => {
    const match = matchOf(facts, claim);
    const place = order.indexOf(claim.partyKind);
    return match === null ? [] : [{claim, match, place: place < 0 ? null : place}];
  });
  const sorted = found.toSorted((one, other) => compareCandidates(one, other) || one.claim.party - other.claim.party);
  const seen = new Set<string>();
  return sorted.filter(({claim, match}) => {
    const key = `${claim.party} ${match.rule}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Zero only for claims that nothing tells apart. */
function compareCandidates(one: Candidate, other: Candidate): number {
  const places = (one.place ?? Number.MAX_SAFE_INTEGER) - (other.place ?? Number.MAX_SAFE_INTEGER);
  return places || compareMatches(one.match, other.match) || compareClaims(one.claim, other.claim);
}

function compareClaims(one: Claim, other: Claim): number {
  const isLocal = ({responsibility: {layer}}: Claim): number => (layer === "local" ? 0 : 1);
  const since = ({responsibility: {from}, partyFrom}: Claim): Day => from ?? partyFrom ?? "";
  return isLocal(one) - isLocal(other) || (since(one) > since(other) ? -1 : since(one) < since(other) ? 1 : 0);
}

function isClaimValid({responsibility, partyFrom, partyUntil}: Claim, on: Day): boolean {
  return isValidOn(responsibility, on) && isValidOn({from: partyFrom, until: partyUntil}, on);
}

/** Returns why nobody was chosen, in both languages. */
export function nobodyText(why: NobodyReason): Bilingual {
  if (why.code === "no-claim") return {zh: "没有单位对该资产负责", en: "no party answers for the asset"};
  if (why.code === "not-in-order") {
    const kinds = why.kinds.join(", ");
    return {
      zh: `只有不在次序中的单位类型：${kinds}`,
      en: `the parties that answer for it are of kinds that are not in the order: ${kinds}`,
    };
  }
  const {match, values, parties} = why;
  const ids = parties.map(partyId).join(", ");
  const what = values.map((value) => (match.rule === "asn" ? `AS${value}` : value)).join(", ");
  const count = parties.length === 2 ? {zh: "两", en: "two"} : {zh: String(parties.length), en: String(parties.length)};
  return {
    zh: `${count.zh}家单位都声明负责${what}：${ids}`,
    en: `${count.en} parties claim ${what}: ${ids}`,
  };
}
