/**
 * Who is told what now: all that waits is weighed at once, by one process at a time, and becomes notifications with a
 * decision for each. They are kept before anything is sent, so nobody is told twice of one thing, whatever breaks.
 */
import {AT_WORK} from "../../../cases/life.ts";
import {undeliverable} from "../../../cases/progress.ts";
import type {CaseAtWork, CaseChange} from "../../../model/cases/case-change.ts";
import {applyChanges} from "../../../store/cases/changing.ts";
import type {Work} from "../../../store/cases/rows.ts";
import {addNotifications} from "../../../store/notices/outbox.ts";
import {type PendingDecision, settlePending} from "../../../store/notices/pending.ts";
import {BY_RULE, type CaseDesk} from "../case-desk.ts";
import {type Last, PENDING_AT_ONCE, planPending} from "./planning.ts";
import {isLookingBack, type Table} from "./weighing.ts";

/** Outcomes for which a person has to do something, as the case says that it waits for. */
const FOR_A_PERSON: ReadonlySet<string> = new Set(["needs-second-person", "tlp-forbids", "no-template"]);
/** Outcomes after which the party cannot be told at all: the next one has to be asked. */
const NOT_REACHED: ReadonlySet<string> = new Set(["no-contact", "contact-unhealthy"]);

/** What became of what waited. */
export interface TellingRun {
  readonly pending: number;
  readonly notifications: number;
  readonly told: number;
}

/** Plans all notifications that are due at `now`. Without `mail` in the configuration everything waits. */
export async function tellPending(desk: CaseDesk, now: Date): Promise<TellingRun> {
  let run: TellingRun = {pending: 0, notifications: 0, told: 0};
  if (desk.sender === null) return run;
  for (let after: Last = null; ; ) {
    const {last, ...page} = await tellPage(desk, {after, now});
    run = {
      pending: run.pending + page.pending,
      notifications: run.notifications + page.notifications,
      told: run.told + page.told,
    };
    // what waits for a person may be more than one page: what came after it is not kept waiting with it
    if (page.pending < PENDING_AT_ONCE) return run;
    after = last;
  }
}

interface Page extends TellingRun {
  readonly last: Last;
}

function tellPage(desk: CaseDesk, {after, now}: {after: Last; now: Date}): Promise<Page> {
  return desk.db.transaction().execute(async (work) => {
    const plan = await planPending(desk, work, {after, now});
    if (plan === null) return {pending: 0, notifications: 0, told: 0, last: null};
    const {pending, last, table, decisions, planned: notices} = plan;
    await addNotifications(work, notices, now);
    const settled = decisions.map(({pending: id, outcome, reason, group}): PendingDecision => {
      const own = table.byId.get(id);
      if (own === undefined) throw new Error(`a decision about ${id}, which was not asked`);
      const notification = group === null ? null : (notices[group]?.key ?? null);
      return {pending: own, contact: table.contacts.get(own.id)?.id ?? null, outcome, reason, notification};
    });
    await settlePending(work, settled, now);
    await tellCases(work, {settled, table, now});
    const told = decisions.filter(({outcome}) => outcome === "told").length;
    return {pending, notifications: notices.length, told, last};
  });
}

/** A party that cannot be reached lets the rules go on; what needs a person is said on the case, once. */
async function tellCases(
  work: Work,
  {settled, table, now}: {settled: readonly PendingDecision[]; table: Table; now: Date},
): Promise<void> {
  const at = now.toISOString();
  const changes = settled.flatMap(({pending, outcome, reason}) => {
    const there = pending.case === null ? undefined : table.cases.get(pending.case);
    if (there === undefined || pending.outcome === outcome) return [];
    // what looks back, or went to another party, says nothing of who acts now
    if (!AT_WORK.includes(there.case.state) || pending.party !== there.case.party || isLookingBack(pending)) return [];
    const change = changeFor(there, {outcome, reason, at});
    return change === null ? [] : [{there, change}];
  });
  const once = [...new Map(changes.map((each) => [each.there.case.id, each])).values()];
  await applyChanges(work, once, {by: BY_RULE, now});
}

function changeFor(
  there: CaseAtWork,
  {outcome, reason, at}: {outcome: string; reason: string; at: string},
): CaseChange | null {
  if (NOT_REACHED.has(outcome)) return {progress: undeliverable(there.progress, at), actAt: at, steps: []};
  if (!FOR_A_PERSON.has(outcome)) return null;
  return {waitsFor: outcome, steps: [{step: "hand-over", note: outcome, data: {why: reason}}]};
}
