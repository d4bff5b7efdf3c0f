/** What somebody is still to be told. A thing is asked for once; it goes when it was told, or when a person takes it back. */
import {type Kysely, type Selectable, sql} from "kysely";
import {caseId, caseKey, isAnyOf, type Reading, type Work} from "../cases/rows.ts";
import type {Schema} from "../postgres/schema.ts";

/** Something that somebody is to be told: about a case (its party), a complaint (who made it), or a contact. */
export interface NewPending {
  readonly event: string;
  readonly case: string | null;
  readonly round: number;
  /** Key of the complaint. */
  readonly complaint: number | null;
  readonly party: number | null;
  readonly contact: number | null;
  /** Which one of its kind: 2 is the second reminder. */
  readonly turn: number;
  readonly reason: string | null;
  readonly isUrgent: boolean;
  readonly since: Date;
}

/** The same as it waits. `outcome` is what was decided last, null when nothing was. */
export interface Pending extends NewPending {
  readonly id: number;
  readonly outcome: string | null;
}

const ROWS_AT_ONCE = 1000;

/** Asks that somebody is told; what was asked for before is not asked for again. */
export async function addPending(work: Work, pending: readonly NewPending[]): Promise<void> {
  for (let from = 0; from < pending.length; from += ROWS_AT_ONCE) {
    const rows = pending.slice(from, from + ROWS_AT_ONCE).map((each) => ({
      event: each.event,
      case: each.case === null ? null : caseKey(each.case),
      round: each.round,
      complaint: each.complaint,
      party: each.party,
      contact: each.contact,
      turn: each.turn,
      reason: each.reason,
      is_urgent: each.isUrgent,
      since: each.since,
    }));
    await work
      .insertInto("pending_notices")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** Returns what waits, longest waiting first, of what comes after `after`. */
export async function listPending(
  db: Reading,
  {after, limit}: {readonly after: Pick<Pending, "since" | "id"> | null; readonly limit: number},
): Promise<Pending[]> {
  let query = db.selectFrom("pending_notices").selectAll();
  if (after !== null)
    query = query.where(sql<boolean>`(since, id) > (${after.since}::timestamptz, ${after.id}::bigint)`);
  const rows = await query.orderBy("since").orderBy("id").limit(limit).execute();
  return rows.map(pendingOf);
}

/** Takes back what waits for the parties of cases: they were decided otherwise. */
export async function dropPending(work: Work, cases: readonly string[]): Promise<void> {
  if (cases.length === 0) return;
  await work
    .deleteFrom("pending_notices")
    .where(isAnyOf("case", cases.map(caseKey)))
    .where("event", "in", ["opened", "reopened", "escalated", "reminder"])
    .execute();
}

/** Takes back that a contact is to hear of a recall: it was never told of the case. */
export async function dropRecall(
  work: Work,
  {case: id, contact}: {readonly case: string; readonly contact: number | null},
): Promise<void> {
  if (contact === null) return;
  await work
    .deleteFrom("pending_notices")
    .where("event", "=", "recall")
    .where("case", "=", caseKey(id))
    .where("contact", "=", contact)
    .execute();
}

/** Asks that those are told who complained of cases and want to hear of it, once a round; `reason` is what came of it. */
export async function askClosing(
  work: Work,
  {cases, reason, now}: {readonly cases: readonly string[]; readonly reason: string; readonly now: Date},
): Promise<void> {
  if (cases.length === 0) return;
  await sql`
    INSERT INTO pending_notices (event, "case", round, complaint, turn, reason, is_urgent, since)
    SELECT 'reporter-closed', NULL, c.round, m.id, c.round, ${reason}, false, ${now}
    FROM complaints AS m JOIN cases AS c ON c.id = m."case"
    WHERE c.id = ANY(${cases.map(caseKey)}::bigint[]) AND m.wants_answer AND m.reporter LIKE '%@%'
    ON CONFLICT DO NOTHING`.execute(work);
}

/** What was decided of one that waits. `notification` is the key of that which tells it. */
export interface PendingDecision {
  readonly pending: Pending;
  readonly contact: number | null;
  readonly outcome: string;
  readonly reason: string;
  readonly notification: number | null;
}

/** Outcomes after which it need not be thought of again. */
const FINAL: ReadonlySet<string> = new Set(["told", "already-told"]);

/** Writes what was decided: a row when it is another decision than the last, and what is settled waits no more. */
export async function settlePending(work: Work, decisions: readonly PendingDecision[], now: Date): Promise<void> {
  const news = decisions.filter(({pending, outcome}) => pending.outcome !== outcome);
  const rows = news.map(({pending, contact, outcome, reason, notification}) => ({
    case: pending.case === null ? null : caseKey(pending.case),
    round: pending.round,
    complaint: pending.complaint,
    event: pending.event,
    party: pending.party,
    contact,
    is_told: outcome === "told",
    reason: `${outcome}: ${reason}`,
    notification,
    done_at: now,
  }));
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await work
      .insertInto("notice_decisions")
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute();
  const done = decisions.filter(({outcome}) => FINAL.has(outcome)).map(({pending}) => pending.id);
  await work.deleteFrom("pending_notices").where(isAnyOf("id", done)).execute();
  const waiting = JSON.stringify(
    news.filter(({outcome}) => !FINAL.has(outcome)).map(({pending, outcome}) => ({id: pending.id, outcome})),
  );
  await sql`
    UPDATE pending_notices AS p SET outcome = n.outcome
    FROM jsonb_to_recordset(${waiting}::jsonb) AS n (id bigint, outcome text) WHERE p.id = n.id`.execute(work);
}

/** Writes that what was decided to be told was not told after all, and why. */
export async function keepWithdrawal(
  work: Work,
  {key, party, event, reason, now}: {key: number; party: number | null; event: string; reason: string; now: Date},
): Promise<void> {
  await sql`
    INSERT INTO notice_decisions ("case", round, event, party, contact, is_told, reason, notification, done_at)
    SELECT of."case", of.round, ${event}, ${party}::bigint, n.contact, false, ${`withdrawn: ${reason}`}, n.id, ${now}
    FROM notification_cases AS of JOIN notifications AS n ON n.id = of.notification
    WHERE n.id = ${key} ORDER BY of."case"`.execute(work);
}

/** Returns every decision to tell or not to tell of a case, first one first. */
export async function noticeDecisions(db: Kysely<Schema>, id: string) {
  const rows = await db
    .selectFrom("notice_decisions")
    .selectAll()
    .where("case", "=", caseKey(id))
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    round: row.round,
    event: row.event,
    party: row.party,
    contact: row.contact,
    isTold: row.is_told,
    reason: row.reason,
    notification: row.notification,
    at: row.done_at.toISOString(),
  }));
}

function pendingOf(row: Selectable<Schema["pending_notices"]>): Pending {
  return {
    id: row.id,
    event: row.event,
    case: row.case === null ? null : caseId(row.case),
    round: row.round,
    complaint: row.complaint,
    party: row.party,
    contact: row.contact,
    turn: row.turn,
    reason: row.reason,
    isUrgent: row.is_urgent,
    since: row.since,
    outcome: row.outcome,
  };
}

/** Takes back what is not meant any more. */
export async function dropSettled(work: Work, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await work.deleteFrom("pending_notices").where(isAnyOf("id", ids)).execute();
}
