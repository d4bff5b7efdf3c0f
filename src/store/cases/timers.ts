/** Legal deadlines of cases: who has to report to whom, from when, and that it was done. When each is due is computed. */
import type {Insertable, Kysely, Selectable} from "kysely";
import type {CaseRound, CaseState} from "../../model/cases/case.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {named} from "../editions/people.ts";
import type {Schema} from "../postgres/schema.ts";
import {applyChange, type Doing, lockCase} from "./changing.ts";
import {caseId, caseKey, type Reading, roundOf, type Work} from "./rows.ts";

type Timers = Schema["case_timers"];

/** A duty to report as it is kept. Times are ISO 8601 in UTC. */
export interface KeptTimer {
  readonly id: number;
  readonly reporter: string;
  readonly told: string;
  readonly starts: Timers["starts"];
  readonly minutes: number;
  /** When the incident became known. */
  readonly knownAt: string;
  readonly doneBy: string | null;
  readonly doneAt: string | null;
}

/** Returns the timer of a row. */
export function timerOf(row: Selectable<Timers>): KeptTimer {
  return {
    id: row.id,
    reporter: row.reporter,
    told: row.told,
    starts: row.starts,
    minutes: row.minutes,
    knownAt: row.known_at.toISOString(),
    doneBy: row.done_by,
    doneAt: row.done_at === null ? null : row.done_at.toISOString(),
  };
}

/** Puts the duties of a case in place of those that wait; what was reported stays reported. */
export async function replaceTimers(
  work: Work,
  id: string,
  timers: readonly Pick<Insertable<Timers>, "reporter" | "told" | "starts" | "minutes" | "known_at">[],
): Promise<void> {
  const key = caseKey(id);
  await work.deleteFrom("case_timers").where("case", "=", key).where("done_at", "is", null).execute();
  const done = await work.selectFrom("case_timers").select(["reporter", "told"]).where("case", "=", key).execute();
  const isDone = ({reporter, told}: {reporter: string; told: string}): boolean =>
    done.some((each) => each.reporter === reporter && each.told === told);
  const rows = timers.filter((each) => !isDone(each)).map((each) => ({...each, case: key}));
  if (rows.length > 0) await work.insertInto("case_timers").values(rows).execute();
}

/** Says that it was reported. Throws case_unknown, case_step_not_allowed (no such timer waits), usage (no name). */
export function markTimerDone(
  db: Kysely<Schema>,
  {id, timer, doneAt, by, now}: Doing & {readonly id: string; readonly timer: number; readonly doneAt: Date},
): Promise<void> {
  return db.transaction().execute(async (work) => {
    const there = await lockCase(work, id);
    const row = await work
      .updateTable("case_timers")
      .set({done_by: named(by), done_at: doneAt})
      .where("case", "=", caseKey(id))
      .where("id", "=", timer)
      .where("done_at", "is", null)
      .returning(["reporter", "told"])
      .executeTakeFirst();
    if (row === undefined)
      throw new WatchfloorError("case_step_not_allowed", `no timer ${timer} of ${there.case.id} waits`);
    const data = {timer, ...row, doneAt: doneAt.toISOString()};
    await applyChange(work, there, {change: {steps: [{step: "timer", data}]}, by, now});
  });
}

/** The duties of a case of which some wait, and where its round stands. */
export interface CaseTimers {
  readonly case: string;
  readonly state: CaseState;
  readonly round: CaseRound;
  readonly timers: readonly KeptTimer[];
}

/** Returns all cases of which a duty waits. They are few: only grave ones have duties. */
export async function openTimers(db: Reading): Promise<CaseTimers[]> {
  const waiting = db.selectFrom("case_timers").select("case").where("done_at", "is", null);
  const timers = await db.selectFrom("case_timers").selectAll().where("case", "in", waiting).orderBy("id").execute();
  const rounds = await db
    .selectFrom("cases as c")
    .innerJoin("case_rounds as r", (join) => join.onRef("r.case", "=", "c.id").onRef("r.round", "=", "c.round"))
    .selectAll("r")
    .select("c.state")
    .where("c.id", "in", waiting)
    .orderBy("c.id")
    .execute();
  const byCase = Map.groupBy(timers, (row) => row.case);
  return rounds.map((row) => ({
    case: caseId(row.case),
    state: row.state,
    round: roundOf(row),
    timers: (byCase.get(row.case) ?? []).map(timerOf),
  }));
}
