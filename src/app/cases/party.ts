/** A person decides who is responsible for a case. */
import {chainFrom} from "../../cases/deciding.ts";
import {crossBorderTests} from "../../cases/opening/cross-border.ts";
import {reassigned} from "../../cases/reassigning.ts";
import type {BorderTest} from "../../model/cases/case.ts";
import type {CaseAtWork} from "../../model/cases/case-change.ts";
import {applyChange, caseOfId, lockCase} from "../../store/cases/changing.ts";
import {countDecisions, keepDecisions} from "../../store/cases/due.ts";
import {written} from "../../store/editions/people.ts";
import {addPending, dropPending} from "../../store/notices/pending.ts";
import {partyOf} from "../../store/parties/reading.ts";
import {partyFacts} from "../coordination/case-desk.ts";
import type {House} from "../house.ts";
import {whoIsResponsibleInside} from "../parties.ts";
import type {Act} from "./acts.ts";

/** Which party a case goes to, and why. */
export interface PartyChoice {
  readonly id: string;
  readonly party: number;
  readonly reason: string;
}

/**
 * Gives a case to a party by hand. It is told with the next notifications; the one before stays in the dated decisions.
 * Throws case_unknown, party_unknown, case_step_not_allowed (the case is over, or with that party), usage (no reason).
 */
export async function chooseParty(house: House, {id, party, reason}: PartyChoice, act: Act): Promise<CaseAtWork> {
  const {db} = await house.database();
  const note = written(reason, "a reason");
  const chosen = await partyOf(db, party);
  return db.transaction().execute(async (work) => {
    const there = await lockCase(work, id);
    const questions = [{facts: partyFacts(there), order: there.parties}];
    const [responsible] = await whoIsResponsibleInside(work, {house, questions, now: act.now});
    const {change, rank, event} = reassigned(there, {
      party: {id: party, kind: chosen.kind},
      chain: responsible === undefined ? [] : chainFrom(there, responsible),
      reason: note,
      at: act.now.toISOString(),
    });
    const {case: one, round} = there;
    const turn = 1 + (await countDecisions(work, {case: one.id, round: round.round, party}));
    const borderTests = bordersWith(house, there, chosen.country);
    await applyChange(work, there, {change: {...change, borderTests}, ...act});
    const decision = {party, by: null, others: [], why: null, because: "by-hand", reason: note};
    await keepDecisions(work, [{case: one.id, round: round.round, party, rank, decision}], act);
    await dropPending(work, [one.id]);
    const asked = {event, case: one.id, round: round.round, party, turn, isUrgent: one.isUrgent, since: act.now};
    await addPending(work, [{...asked, complaint: null, contact: null, reason: null}]);
    return caseOfId(work, one.id);
  });
}

/** That a party abroad was told stays; that one was only chosen does not. What else was found out of the case stays too. */
function bordersWith({config}: House, {case: one, round}: CaseAtWork, country: string | null): BorderTest[] {
  const {facts} = one;
  const {fired} = crossBorderTests(
    {party: country, hosting: facts.country, registrar: facts.registrarCountry, brand: facts.brandCountry},
    config.profile.territory,
  );
  const kept = one.borderTests.filter((test) => test !== "party" || round.notifiedAt !== null);
  return [...new Set([...kept, ...fired])];
}
