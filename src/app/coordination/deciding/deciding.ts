/** The rules at work: every case that is due is told to a party, reminded of, taken on to the next one, or handed to a person. */

import {type Deciding, decideCase} from "../../../cases/deciding.ts";
import {crossBorderTests} from "../../../cases/opening/cross-border.ts";
import type {ResponsibilityDecision} from "../../../cases/parties/responsibility.ts";
import type {CaseFacts} from "../../../model/cases/case.ts";
import type {CaseAtWork, CaseChange} from "../../../model/cases/case-change.ts";
import {applyChanges, casesOf, type Decided} from "../../../store/cases/changing.ts";
import {dueCases, keepDecisions} from "../../../store/cases/due.ts";
import {caseKey, type Work} from "../../../store/cases/rows.ts";
import {addPending, dropPending, type NewPending} from "../../../store/notices/pending.ts";
import {partiesOfNumbers} from "../../../store/parties/reading.ts";
import {whoIsResponsible} from "../../parties.ts";
import {BY_RULE, type CaseDesk, deadlineOf, partyFacts} from "../case-desk.ts";
import {knowMore} from "./knowing.ts";

const CASES_AT_ONCE = 500;

/** How many cases were looked at, and what for. */
export interface RulesRun {
  readonly cases: number;
  readonly told: number;
  readonly handed: number;
}

/** Looks at every case that is due at `now`, until none is. May be broken off anywhere, and run by several at once. */
export async function runRules(desk: CaseDesk, now: Date, signal?: AbortSignal): Promise<RulesRun> {
  let run: RulesRun = {cases: 0, told: 0, handed: 0};
  while (signal?.aborted !== true) {
    const found = await dueCases(desk.db, now, CASES_AT_ONCE);
    if (found.length === 0) break;
    const decided = await decideAll(desk, found, now);
    const done = await desk.db.transaction().execute((work) => writeAll(work, {decided, now}));
    if (done.cases === 0) break; // others are at work on them
    run = {cases: run.cases + done.cases, told: run.told + done.told, handed: run.handed + done.handed};
  }
  return run;
}

interface DecidedCase {
  readonly there: CaseAtWork;
  readonly responsible: ResponsibilityDecision;
  readonly deciding: Deciding;
}

async function decideAll(desk: CaseDesk, due: readonly CaseAtWork[], now: Date): Promise<DecidedCase[]> {
  const more = await knowMore(desk, due, now);
  const known = due.map((there) => ({
    ...there,
    case: {...there.case, facts: more.get(there.case.id) ?? there.case.facts},
  }));
  const questions = known.map((there) => ({facts: partyFacts(there), order: there.parties}));
  const responsible = await whoIsResponsible(desk.house, questions, now);
  const all = known.flatMap((there, n): DecidedCase[] => {
    const decision = responsible[n];
    if (decision === undefined) return [];
    const deadline = (kind: string) => deadlineOf(desk, there, kind);
    const deciding = decideCase(there, {responsible: decision, deadlineOf: deadline}, now);
    return [{there, responsible: decision, deciding: withFacts(deciding ?? NOTHING, more.get(there.case.id))}];
  });
  return withBorders(desk, all);
}

/** What was found out is kept, whatever is decided. */
function withFacts(deciding: Deciding, facts: CaseFacts | undefined): Deciding {
  return facts === undefined ? deciding : {...deciding, change: {...deciding.change, facts}};
}

const NOTHING: Deciding = {change: {actAt: null, steps: []}, telling: null, chosen: null};

/** That a party abroad is told makes a case cross-border; so does what was learned of its host and its registrar. */
async function withBorders(desk: CaseDesk, all: readonly DecidedCase[]): Promise<DecidedCase[]> {
  const parties = all.flatMap(({deciding, responsible}) => [
    deciding.change.party?.id ?? [],
    registrarOf(responsible) ?? [],
  ]);
  const known = await partiesOfNumbers(desk.db, parties.flat());
  const {territory} = desk.house.config.profile;
  return all.map((each) => {
    const party = each.deciding.change.party ?? null;
    const {facts, borderTests} = each.there.case;
    const countryOf = (number: number | null): string | null => known.get(number ?? 0)?.country ?? null;
    const {fired} = crossBorderTests(
      {
        party: party === null ? null : countryOf(party.id),
        hosting: facts.country,
        registrar: facts.registrarCountry ?? countryOf(registrarOf(each.responsible)),
        brand: facts.brandCountry,
      },
      territory,
    );
    const all = [...new Set([...borderTests, ...fired])];
    if (all.length === borderTests.length) return each;
    return {...each, deciding: {...each.deciding, change: {...each.deciding.change, borderTests: all}}};
  });
}

/** The party that answers for the domain's registrar by its IANA id. */
function registrarOf({by, others}: ResponsibilityDecision): number | null {
  return [by, ...others].find((each) => each?.match.rule === "registrar")?.claim.party ?? null;
}

/** What somebody else has changed meanwhile is left: it is due again, or not any more. */
async function writeAll(work: Work, {decided, now}: {decided: readonly DecidedCase[]; now: Date}): Promise<RulesRun> {
  const locked = await casesOf(
    work,
    decided.map(({there}) => caseKey(there.case.id)),
    true,
  );
  const versions = new Map(locked.map(({case: one}) => [one.id, one.version]));
  const same = decided.filter(({there}) => versions.get(there.case.id) === there.case.version);
  const changes: Decided[] = same.map(({there, deciding}) => ({there, change: deciding.change}));
  await applyChanges(work, changes, {by: BY_RULE, now});
  const chosen = same.flatMap(({there, deciding, responsible}) =>
    deciding.chosen === null ? [] : [{there, responsible, ...deciding.chosen}],
  );
  await keepDecisions(
    work,
    chosen.map(({there, responsible, ...each}) => ({
      case: there.case.id,
      round: there.round.round,
      decision: {...responsible, because: each.because},
      party: each.party,
      rank: each.rank,
    })),
    {by: BY_RULE, now},
  );
  await dropPending(
    work,
    chosen.flatMap(({there, party}) => (party === null ? [] : [there.case.id])),
  );
  const pending = same.flatMap(({there, deciding}) => pendingOf(there, deciding, now));
  await addPending(work, pending);
  const handed = changes.filter(({change}) => isHandedOver(change)).length;
  return {cases: same.length, told: pending.length, handed};
}

function isHandedOver({steps}: CaseChange): boolean {
  return steps.some(({step}) => step === "hand-over");
}

function pendingOf({case: one, round}: CaseAtWork, {telling}: Deciding, now: Date): NewPending[] {
  if (telling === null) return [];
  return [
    {
      event: telling.event,
      case: one.id,
      round: round.round,
      complaint: null,
      party: telling.party,
      contact: null,
      turn: telling.turn,
      reason: null,
      isUrgent: one.isUrgent,
      since: now,
    },
  ];
}
