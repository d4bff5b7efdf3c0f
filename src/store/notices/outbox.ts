/**
 * The way of a notification out: planned → ready (its bytes are kept) → sending (claimed by one process) → sent or refused.
 * The bytes and the Message-ID never change, so what was under way when a process died is sent once more as the same mail,
 * and marked: whether it had arrived is not known (RULINGS 2).
 */
import {type Kysely, type Selectable, sql} from "kysely";
import {keyInYear, keyOfShown, shownId} from "../../model/cases/case.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {caseId, caseKey, type Reading, reserveKeys, storedJson, type Work} from "../cases/rows.ts";
import type {Schema} from "../postgres/schema.ts";

const PREFIX = "WN";
const PLANNING = 7_465_003; // any number; all versions of the product use this one

/** A notification to be sent. `content` is what its bytes are made of; the contact of cases is named as the plan names it. */
export interface NewNotification {
  readonly key: number;
  readonly event: string;
  readonly party: number | null;
  readonly contact: number | null;
  readonly contactName: string;
  readonly address: string;
  readonly channel: "mail" | "api" | "portal";
  readonly language: "zh" | "en";
  readonly template: {readonly name: string; readonly version: string};
  readonly messageId: string;
  readonly subject: string;
  readonly content: unknown;
  readonly turn: number;
  readonly cases: readonly {readonly id: string; readonly round: number}[];
}

/** Whoever plans notifications does it alone, so that nobody is told twice of one thing. */
export async function lockPlanning(work: Work): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${PLANNING})`.execute(work);
}

/** Returns the keys of the next notifications of a year. */
export async function reserveNotifications(
  work: Work,
  {year, count}: {year: number; count: number},
): Promise<number[]> {
  if (count === 0) return [];
  const first = await reserveKeys(work, "notification", {year, count});
  return Array.from({length: count}, (_, n) => keyInYear(year, first + n));
}

const ROWS_AT_ONCE = 500;

/** Keeps planned notifications with the cases that each tells of. A case is told once to a contact for one thing: told_once. */
export async function addNotifications(work: Work, planned: readonly NewNotification[], now: Date): Promise<void> {
  for (let from = 0; from < planned.length; from += ROWS_AT_ONCE) {
    const some = planned.slice(from, from + ROWS_AT_ONCE);
    await work
      .insertInto("notifications")
      .values(some.map((each) => rowOf(each, now)))
      .execute();
  }
  const rows = planned.flatMap((each) =>
    each.cases.map(({id, round}) => ({
      notification: each.key,
      case: caseKey(id),
      round,
      contact: each.contactName,
      event: each.event,
      turn: each.turn,
    })),
  );
  for (let from = 0; from < rows.length; from += 1000)
    await work
      .insertInto("notification_cases")
      .values(rows.slice(from, from + 1000))
      .execute();
}

function rowOf(each: NewNotification, now: Date) {
  return {
    id: each.key,
    event: each.event,
    party: each.party,
    contact: each.contact,
    address: each.address,
    channel: each.channel,
    language: each.language,
    template: each.template.name,
    template_version: each.template.version,
    message_id: each.messageId,
    subject: each.subject,
    content: storedJson(each.content),
    state: "planned" as const,
    planned_at: now,
    send_at: now,
  };
}

/** Returns what was planned and has no bytes yet, in the order of their keys, of those after `after`. */
export async function listPlanned(db: Reading, {after, limit}: {after: number; limit: number}) {
  const rows = await db
    .selectFrom("notifications")
    .select(["id", "content", "planned_at", "party"])
    .where("state", "=", "planned")
    .where("id", ">", after)
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({id, content, planned_at, party}) => ({key: id, content, plannedAt: planned_at, party}));
}

/** Says that the bytes of a notification are kept; it may be sent now. One that is further on stays as it is. */
export async function markReady(
  db: Kysely<Schema>,
  {key, sha256, isEncrypted}: {key: number; sha256: string; isEncrypted: boolean},
): Promise<void> {
  await db
    .updateTable("notifications")
    .set({state: "ready", sha256, is_encrypted: isEncrypted})
    .where("id", "=", key)
    .where("state", "=", "planned")
    .execute();
}

/** Says that a planned notification is not sent at all, and why. Returns false when it is further on. */
export async function refusePlanned(work: Work, key: number, reason: string): Promise<boolean> {
  const done = await work
    .updateTable("notifications")
    .set({state: "withdrawn", response: reason})
    .where("id", "=", key)
    .where("state", "=", "planned")
    .executeTakeFirst();
  if (done.numUpdatedRows !== 1n) return false;
  await freeCases(work, key);
  return true;
}

/** What a withdrawn notification was to tell may be told by another one. */
async function freeCases(work: Work, key: number): Promise<void> {
  await work.updateTable("notification_cases").set({is_withdrawn: true}).where("notification", "=", key).execute();
}

/** A notification that this process sends now. */
export interface Claimed {
  readonly key: number;
  readonly event: string;
  readonly channel: "mail" | "api" | "portal";
  readonly contact: number | null;
  readonly party: number | null;
  readonly content: unknown;
  readonly sha256: string;
  readonly messageId: string;
  readonly tries: number;
  /** Whether it has arrived already is not known: a process died while it sent it, or the connection broke. */
  readonly isRepeated: boolean;
}

/**
 * Claims what is due, for so many seconds by the clock on the wall, for it is about processes: nobody else sends it
 * meanwhile. What another process had claimed and did not finish in its time comes again.
 */
export async function claimDue(
  db: Kysely<Schema>,
  {by, now, limit, leaseSeconds}: {by: string; now: Date; limit: number; leaseSeconds: number},
): Promise<Claimed[]> {
  const {rows} = await sql<Selectable<Schema["notifications"]>>`
    UPDATE notifications SET
      is_repeated = is_repeated OR state = 'sending', state = 'sending', claimed_by = ${by}, tries = tries + 1,
      claimed_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    WHERE id IN (
      SELECT id FROM notifications
      WHERE (state = 'ready' AND send_at <= ${now}) OR (state = 'sending' AND claimed_until < clock_timestamp())
      ORDER BY send_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    RETURNING *`.execute(db);
  return rows.map((row) => ({
    key: row.id,
    event: row.event,
    channel: row.channel,
    contact: row.contact,
    party: row.party,
    content: row.content,
    sha256: row.sha256 ?? "",
    messageId: row.message_id,
    tries: row.tries,
    isRepeated: row.is_repeated,
  }));
}

/**
 * Claims for another so many seconds what this process had claimed. Returns false when the claim was lost meanwhile: a
 * process that was stopped for longer must not send what another one has sent.
 */
export async function renewClaim(
  db: Kysely<Schema>,
  {key, by, leaseSeconds}: {key: number; by: string; leaseSeconds: number},
): Promise<boolean> {
  const {numAffectedRows} = await sql`
    UPDATE notifications SET claimed_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    WHERE id = ${key} AND state = 'sending' AND claimed_by = ${by} AND claimed_until > clock_timestamp()`.execute(db);
  return numAffectedRows === 1n;
}

/** How sending ended. `at`: when it may be tried again. `isUnknown`: nobody knows whether it arrived. */
export type Sent =
  | {readonly state: "sent"; readonly response: string}
  | {readonly state: "refused"; readonly response: string; readonly isUnknown: boolean}
  | {readonly state: "withdrawn"; readonly response: string}
  | {readonly state: "planned"; readonly response: string}
  | {readonly state: "ready"; readonly response: string; readonly at: Date; readonly isUnknown: boolean};

/** Writes how sending ended. Returns false when the claim was lost: then somebody else sends it, and nothing is written. */
export async function finishClaim(
  work: Work,
  {key, by, result, now}: {key: number; by: string; result: Sent; now: Date},
): Promise<boolean> {
  const done = await work
    .updateTable("notifications")
    .set({
      state: result.state,
      response: result.response,
      claimed_by: null,
      claimed_until: null,
      ...(result.state === "sent" ? {sent_at: now} : {}),
      ...(result.state === "ready" ? {send_at: result.at} : {}),
      ...("isUnknown" in result && result.isUnknown ? {is_repeated: true} : {}),
    })
    .where("id", "=", key)
    .where("state", "=", "sending")
    .where("claimed_by", "=", by)
    .executeTakeFirst();
  if (done.numUpdatedRows !== 1n) return false;
  if (result.state === "withdrawn") await freeCases(work, key);
  return true;
}

/** Returns the cases, with their rounds, that a notification tells of. */
export async function casesOfNotification(
  db: Reading,
  key: number,
): Promise<{id: string; round: number; turn: number}[]> {
  const rows = await db
    .selectFrom("notification_cases")
    .select(["case", "round", "turn"])
    .where("notification", "=", key)
    .orderBy("case")
    .execute();
  return rows.map((row) => ({id: caseId(row.case), round: row.round, turn: row.turn}));
}

/** Returns the key of a notification's id. Throws notification_unknown. */
export function notificationKey(id: string): number {
  const key = keyOfShown(PREFIX, id);
  if (key === null) throw new WatchfloorError("notification_unknown", `"${id}"`);
  return key;
}

/** Returns the id of a notification as it is shown. */
export function notificationId(key: number): string {
  return shownId(PREFIX, key);
}

/** Says that what was refused is to be sent once more, as the same mail. Throws notification_step_not_allowed when it was not. */
export async function sendAgain(work: Work, id: string, now: Date): Promise<number> {
  const key = notificationKey(id);
  const done = await work
    .updateTable("notifications")
    .set({state: "ready", send_at: now, tries: 0, response: null})
    .where("id", "=", key)
    .where("state", "=", "refused")
    .executeTakeFirst();
  if (done.numUpdatedRows !== 1n) throw new WatchfloorError("notification_step_not_allowed", `${id} was not refused`);
  return key;
}

/** Takes back what has not gone out yet. Returns the keys of those that will not go out. */
export async function withdrawUnsent(work: Work, keys: readonly number[], reason: string): Promise<number[]> {
  if (keys.length === 0) return [];
  const rows = await work
    .updateTable("notifications")
    .set({state: "withdrawn", response: reason})
    .where("id", "in", [...keys])
    .where("state", "in", ["planned", "ready"])
    .returning("id")
    .execute();
  return rows.map(({id}) => id);
}
