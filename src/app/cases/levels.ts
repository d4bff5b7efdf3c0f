/** The level of a case by the rules of 2025, and the duties to report that follow from it. */
import {levelled} from "../../cases/desk.ts";
import {legalTimers, type ReporterKind, timerDue} from "../../cases/opening/legal-timers.ts";
import {type ImpactFacts, type SeverityReason, severityOf} from "../../cases/opening/severity.ts";
import type {CaseRound, Severity} from "../../model/cases/case.ts";
import type {CaseAtWork} from "../../model/cases/case-change.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {applyChange, caseOfId, lockCase} from "../../store/cases/changing.ts";
import {type KeptTimer, markTimerDone, openTimers, replaceTimers} from "../../store/cases/timers.ts";
import type {House} from "../house.ts";
import type {Act} from "./acts.ts";

/** What is known of the impact of a case, and who has to report it. */
export interface Levelling {
  readonly id: string;
  readonly impact: ImpactFacts;
  /** Null: nobody has to be named, and no timers run. */
  readonly reporter: ReporterKind | null;
  /** When the incident became known; null: when the round was opened. */
  readonly knownAt: Date | null;
}

/** Sets the level by the gravest fact, and starts the timers of the law. Throws case_unknown, usage (nothing is known). */
export async function setLevel(
  house: House,
  {id, impact, reporter, knownAt}: Levelling,
  act: Act,
): Promise<{case: CaseAtWork; because: readonly SeverityReason[]}> {
  const found = severityOf(impact);
  if (found === null) throw new WatchfloorError("usage", "no impact and no level is stated");
  const {level, because} = found;
  const {db} = await house.database();
  return db.transaction().execute(async (work) => {
    const there = await lockCase(work, id);
    const known = knownAt ?? new Date(there.round.openedAt);
    const data = {impact, because, reporter, knownAt: known.toISOString()};
    await applyChange(work, there, {change: levelled(level, because.map(reasonText).join("; "), data), ...act});
    const timers =
      reporter === null
        ? []
        : legalTimers({level, reporterKind: reporter, knownAt: known, reportedAt: null, endedAt: null});
    await replaceTimers(
      work,
      there.case.id,
      timers.map(({reporter: who, to, starts, minutes}) => ({
        ...{reporter: who, told: to, starts, minutes, known_at: known},
      })),
    );
    return {case: await caseOfId(work, there.case.id), because};
  });
}

/** Returns what gives a level, in words. */
export function reasonText({level, measure, value, atLeast, reason}: SeverityReason): string {
  if (measure === "declared") return `declared ${level}: ${reason}`;
  return atLeast === null ? `${measure} ${value}: ${level}` : `${measure} ${value} ≥ ${atLeast}: ${level}`;
}

/** A duty with its due time; null while its clock does not run. Times are ISO 8601 in UTC. */
export interface TimerLine extends KeptTimer {
  readonly case: string;
  readonly dueAt: string | null;
  readonly isOverdue: boolean;
}

/** Returns the duties of a case as they stand at `now`. */
export function timerLines(
  {id, round, timers}: {readonly id: string; readonly round: CaseRound; readonly timers: readonly KeptTimer[]},
  now: Date,
): TimerLine[] {
  const endedAt = round.verifiedAt ?? round.dismissedAt;
  return timers.map((timer) => {
    const due = timerDue(timer, timers, endedAt);
    const isOverdue = timer.doneAt === null && due !== null && due < now;
    return {...timer, case: id, dueAt: due === null ? null : due.toISOString(), isOverdue};
  });
}

/** Returns the duties that wait, of all cases: what is due first comes first, what does not run yet comes last. */
export async function timersWaiting(house: House, now: Date): Promise<TimerLine[]> {
  const {db} = await house.database();
  const lines = (await openTimers(db)).flatMap(({case: id, round, timers}) => timerLines({id, round, timers}, now));
  const key = ({dueAt}: TimerLine): string => dueAt ?? "9999";
  return lines.filter(({doneAt}) => doneAt === null).sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** Says that it was reported. Throws case_unknown, case_step_not_allowed (no such timer waits), usage (in the future). */
export async function reportedTimer(
  house: House,
  {id, timer, doneAt}: {readonly id: string; readonly timer: number; readonly doneAt: Date},
  act: Act,
): Promise<CaseAtWork> {
  if (doneAt > act.now) throw new WatchfloorError("usage", `${doneAt.toISOString()} has not come yet`);
  const {db} = await house.database();
  await markTimerDone(db, {id, timer, doneAt, ...act});
  return caseOfId(db, id);
}

/** Returns impact facts of which nothing is known. */
export const NO_IMPACT: ImpactFacts = {
  ...{portalDownMinutes: null, ciiOutageMinutes: null, ciiMainFunctionMinutes: null, peopleAffected: null},
  ...{personalRecords: null, lossYuan: null, homePageTamperedMinutes: null, otherPageTamperedMinutes: null},
  ...{reposts: null, views: null, declared: null},
};

/** Returns a stated level with its reason as impact facts. */
export function declared(level: Severity, reason: string): Pick<ImpactFacts, "declared"> {
  return {declared: {level, reason}};
}
