/** Complaints: what people reported to us, each taken once, whatever becomes of it. */
import {type Kysely, type Selectable, sql} from "kysely";
import {type Complaint, keyInYear, keyOfShown, shownId} from "../../model/cases/case.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {named, written} from "../editions/people.ts";
import type {Schema} from "../postgres/schema.ts";
import type {Doing} from "./changing.ts";
import {caseId, caseKey, isAnyOf, lockOpening, type Reading, reserveKeys, type Work} from "./rows.ts";

const PREFIX = "WC";

/** A complaint as it comes in. */
export type NewComplaint = Omit<Complaint, "id" | "state" | "reason" | "case">;

/**
 * Keeps complaints inside a transaction and returns the key of each, in their order, and whether it is new: one that came
 * before under the same key is not taken again. `year` is that of the new numbers.
 */
export async function addComplaints(
  work: Work,
  given: readonly NewComplaint[],
  {year, now}: {readonly year: number; readonly now: Date},
): Promise<{key: number; isNew: boolean}[]> {
  if (given.length === 0) return [];
  // as the database keeps them, or what came before would not be known again
  const complaints = given.map((each) => ({...each, key: each.key.replaceAll("\0", "\uFFFD").toWellFormed()}));
  await lockOpening(work); // the same complaint may come in twice at the same moment
  const keys = complaints.map(({key}) => key);
  const known = await work
    .selectFrom("complaints")
    .select(["id", "source", "key"])
    .where(sql<boolean>`key = ANY(${keys}::text[])`)
    .execute();
  const idOf = new Map(known.map((row) => [`${row.source} ${row.key}`, row.id]));
  const fresh = [...new Map(complaints.map((each) => [`${each.source} ${each.key}`, each])).entries()].filter(
    ([name]) => !idOf.has(name),
  );
  if (fresh.length > 0) {
    const first = await reserveKeys(work, "complaint", {year, count: fresh.length});
    const rows = fresh.map(([, each], n) => ({...rowOf(each), id: keyInYear(year, first + n), changed_at: now}));
    for (let from = 0; from < rows.length; from += 1000)
      await work
        .insertInto("complaints")
        .values(rows.slice(from, from + 1000))
        .execute();
    for (const [n, [name]] of fresh.entries()) idOf.set(name, keyInYear(year, first + n));
  }
  const isNew = new Set(fresh.map(([name]) => name));
  return complaints.map((each) => {
    const name = `${each.source} ${each.key}`;
    return {key: idOf.get(name) ?? 0, isNew: isNew.has(name)};
  });
}

function rowOf(each: NewComplaint) {
  return {
    received_at: new Date(each.receivedAt),
    source: each.source,
    key: each.key,
    reporter: each.reporter,
    wants_answer: each.wantsAnswer,
    class: each.class,
    asset_kind: each.asset?.kind ?? null,
    asset: each.asset?.value ?? null,
    brand: each.brand,
    text: each.text,
    state: "waiting" as const,
    reason: null,
    case: null,
    changed_by: null,
  };
}

/** Returns the key of a complaint's id. Throws complaint_unknown. */
export function complaintKey(id: string): number {
  const key = keyOfShown(PREFIX, id);
  if (key === null) throw new WatchfloorError("complaint_unknown", `"${id}"`);
  return key;
}

/** Says why a waiting complaint becomes no case. Throws complaint_unknown (also when it waits no more), usage. */
export async function refuseComplaint(
  db: Kysely<Schema>,
  {id, reason, by, now}: Doing & {readonly id: string; readonly reason: string},
): Promise<Complaint> {
  const row = await db
    .updateTable("complaints")
    .set({state: "refused", reason: written(reason, "a reason"), changed_by: named(by), changed_at: now})
    .where("id", "=", complaintKey(id))
    .where("state", "=", "waiting")
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new WatchfloorError("complaint_unknown", `${id} does not wait`);
  return complaintOf(row);
}

/** Returns a complaint that nobody else changes until the transaction ends. Throws complaint_unknown. */
export async function lockComplaint(work: Work, id: string): Promise<Complaint> {
  const row = await work
    .selectFrom("complaints")
    .selectAll()
    .where("id", "=", complaintKey(id))
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new WatchfloorError("complaint_unknown", id);
  return complaintOf(row);
}

/** Puts a complaint to a case, which says so in its history. What the complaint did not say, the case says for it. */
export async function joinComplaint(
  work: Work,
  {complaint, id, by, now}: Doing & {readonly complaint: number; readonly id: string},
): Promise<void> {
  const key = caseKey(id);
  await sql`
    UPDATE complaints AS m SET state = 'joined', reason = NULL, "case" = c.id, class = coalesce(m.class, c.class),
      asset_kind = coalesce(m.asset_kind, c.asset_kind), asset = coalesce(m.asset, c.asset),
      changed_by = ${named(by)}, changed_at = ${now}
    FROM cases AS c WHERE m.id = ${complaint} AND c.id = ${key}`.execute(work);
  await sql`
    INSERT INTO case_steps ("case", round, step, from_state, to_state, note, data, done_by, done_at)
    SELECT id, round, 'join', state, state, NULL, ${JSON.stringify({complaint: shownId(PREFIX, complaint)})}::jsonb, ${named(by)}, ${now}
    FROM cases WHERE id = ${key}`.execute(work);
}

/** Says which rule makes no case of a complaint. */
export async function refuseByRule(
  work: Work,
  {key, reason, now}: {key: number; reason: string; now: Date},
): Promise<void> {
  await work
    .updateTable("complaints")
    .set({state: "refused", reason, changed_at: now})
    .where("id", "=", key)
    .where("state", "=", "waiting")
    .execute();
}

/** Returns complaints of a state, newest first, page by page. */
export async function listComplaints(
  db: Reading,
  asked: {readonly state?: Complaint["state"] | undefined; readonly after?: string | undefined; readonly limit: number},
): Promise<Complaint[]> {
  let query = db.selectFrom("complaints").selectAll();
  if (asked.state !== undefined) query = query.where("state", "=", asked.state);
  if (asked.after !== undefined) query = query.where("id", "<", complaintKey(asked.after));
  const rows = await query.orderBy("id", "desc").limit(asked.limit).execute();
  return rows.map(complaintOf);
}

/** Returns a complaint. Throws complaint_unknown. */
export async function complaintOfId(db: Reading, id: string): Promise<Complaint> {
  const row = await db.selectFrom("complaints").selectAll().where("id", "=", complaintKey(id)).executeTakeFirst();
  if (row === undefined) throw new WatchfloorError("complaint_unknown", id);
  return complaintOf(row);
}

/** Returns complaints by their keys. */
export async function complaintsOfKeys(db: Reading, keys: readonly number[]): Promise<Map<number, Complaint>> {
  if (keys.length === 0) return new Map();
  const rows = await db.selectFrom("complaints").selectAll().where(isAnyOf("id", keys)).execute();
  return new Map(rows.map((row) => [row.id, complaintOf(row)]));
}

/** Returns the complaint of a row. */
export function complaintOf(row: Selectable<Schema["complaints"]>): Complaint {
  return {
    id: shownId(PREFIX, row.id),
    receivedAt: row.received_at.toISOString(),
    source: row.source,
    key: row.key,
    reporter: row.reporter,
    wantsAnswer: row.wants_answer,
    class: row.class,
    asset: row.asset === null || row.asset_kind === null ? null : {kind: row.asset_kind, value: row.asset},
    brand: row.brand,
    text: row.text,
    state: row.state,
    reason: row.reason,
    case: row.case === null ? null : caseId(row.case),
  };
}
