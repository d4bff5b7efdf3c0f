/** Complaints: each is kept and counted by itself; one that says enough joins the case of its asset, or opens it. */

import {isPlainAsset} from "../../../cases/opening/asset.ts";
import {planOpenings} from "../../../cases/opening/plan.ts";
import {shownId} from "../../../model/cases/case.ts";
import type {CaseCandidate} from "../../../model/cases/case-change.ts";
import {incidentClass} from "../../../model/taxonomy.ts";
import {addComplaints, type NewComplaint, refuseByRule} from "../../../store/cases/complaints.ts";
import {takeInside} from "../../../store/cases/opening.ts";
import type {Work} from "../../../store/cases/rows.ts";
import {addPending} from "../../../store/notices/pending.ts";
import {type CaseDesk, yearOf} from "../case-desk.ts";
import {ruledBy} from "./reports.ts";
import {type NameLookUps, nameLookUps, ruleFor, statedCandidate, statedFacts} from "./stated.ts";

/** A complaint as it comes in, with the address of the machine where it names another thing. */
export interface ComplaintIn extends NewComplaint {
  readonly ip: string | null;
}

/** What became of a complaint. */
export interface ComplaintOutcome {
  readonly id: string;
  /** False: it came before, and nothing was done. */
  readonly isNew: boolean;
  /** The case that it opened or joined; null when a person has to look, or the rules only count such things. */
  readonly case: string | null;
}

/** Takes complaints in, all or none, each once by its source and key. */
export async function takeComplaints(
  desk: CaseDesk,
  complaints: readonly ComplaintIn[],
  {by, now}: {readonly by: string; readonly now: Date},
): Promise<ComplaintOutcome[]> {
  const weighed = await weigh(desk, complaints);
  return desk.db.transaction().execute((work) => takeComplaintsInside(work, {desk, weighed, by, now}));
}

/** A complaint with what the rules say of it. */
export interface Weighed {
  readonly complaint: ComplaintIn;
  /** Null when it does not say enough, or the rules open no case for it: `refusal` says which rule. */
  readonly candidate: Omit<CaseCandidate, "complaint"> | null;
  readonly refusal: string | null;
}

/** Looks up what is known of each, and asks the rules; nothing is written. */
export async function weigh(desk: CaseDesk, complaints: readonly ComplaintIn[]): Promise<Weighed[]> {
  if (complaints.length === 0) return [];
  const lookUps = await nameLookUps(desk);
  return complaints.map((complaint) => weighOne(desk, complaint, lookUps));
}

/** Writes them inside a transaction. */
export async function takeComplaintsInside(
  work: Work,
  {desk, weighed, by, now}: {desk: CaseDesk; weighed: readonly Weighed[]; by: string; now: Date},
): Promise<ComplaintOutcome[]> {
  const year = yearOf(desk, now);
  const added = await addComplaints(
    work,
    weighed.map(({complaint: {ip: _, ...each}}) => each),
    {year, now},
  );
  const fresh = weighed.flatMap((each, n) => (added[n]?.isNew === true ? [{...each, key: added[n].key}] : []));
  const candidates = fresh.flatMap(({candidate, key}) => (candidate === null ? [] : [{...candidate, complaint: key}]));
  const plan = (each: readonly CaseCandidate[], known: Parameters<typeof planOpenings>[1]) =>
    planOpenings(each, known, now);
  const taken = await takeInside(work, {candidates, year, plan, by, now});
  const caseOf = new Map(candidates.map(({complaint}, n) => [complaint, taken.cases[n] ?? null]));
  for (const {key, refusal} of fresh) if (refusal !== null) await refuseByRule(work, {key, reason: refusal, now});
  await addPending(
    work,
    fresh.flatMap(({complaint, key}) => (isAnswered(complaint) ? [received(key, now)] : [])),
  );
  return weighed.map((_, n) => {
    const {key = 0, isNew = false} = added[n] ?? {};
    return {id: shownId("WC", key), isNew, case: caseOf.get(key) ?? null};
  });
}

function isAnswered({wantsAnswer, reporter}: ComplaintIn): boolean {
  return wantsAnswer && reporter?.includes("@") === true;
}

function received(complaint: number, since: Date) {
  return {
    event: "reporter-received",
    ...{case: null, round: 1, complaint, party: null, contact: null, turn: 1, reason: null, isUrgent: false, since},
  };
}

function weighOne(desk: CaseDesk, complaint: ComplaintIn, lookUps: NameLookUps): Weighed {
  const {class: problem, asset, brand, ip} = complaint;
  if (problem === null || asset === null || incidentClass(problem) === null || !isPlainAsset(asset))
    return {complaint, candidate: null, refusal: null};
  const thing = {class: problem, asset, known: {brand, ip}};
  const facts = statedFacts(desk, thing, lookUps);
  const rule = ruleFor(desk, thing, facts);
  if (rule.do !== "open") return {complaint, candidate: null, refusal: `rule ${rule.id}: ${rule.do}`};
  return {
    complaint,
    refusal: null,
    candidate: {
      ...statedCandidate(desk, {thing, facts, unit: rule.unit}, lookUps),
      ...ruledBy(rule),
      tlp: desk.house.config.complaints.tlp,
      source: "complaint",
    },
  };
}
