/** What was sent, to whom and with what result: for lists, for replies that come in, and for what a contact may still get. */
import {type Kysely, type Selectable, sql} from "kysely";
import {WatchfloorError} from "../../model/errors.ts";
import {caseId, caseKey, isAnyOf, isoOf, type Reading, type Work} from "../cases/rows.ts";
import type {Schema} from "../postgres/schema.ts";
import {notificationId, notificationKey} from "./outbox.ts";

/** A notification as lists show it. Times are ISO 8601 in UTC. */
export interface NotificationLine {
  readonly id: string;
  readonly event: string;
  readonly party: number | null;
  readonly contact: number | null;
  readonly address: string;
  readonly channel: "mail" | "api" | "portal";
  readonly language: "zh" | "en";
  readonly subject: string;
  readonly template: string;
  readonly state: string;
  readonly plannedAt: string;
  readonly sentAt: string | null;
  readonly bouncedAt: string | null;
  readonly isEncrypted: boolean | null;
  /** Whether it arrived once or twice is not known: the process that sent it died, or the connection broke. */
  readonly isRepeated: boolean;
  readonly response: string | null;
  readonly sha256: string | null;
  readonly messageId: string;
}

/** What is listed. */
export interface NotificationFilter {
  readonly case?: string | undefined;
  readonly state?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Returns notifications, newest first, page by page. */
export async function listNotifications(db: Kysely<Schema>, filter: NotificationFilter): Promise<NotificationLine[]> {
  let query = db.selectFrom("notifications").selectAll();
  if (filter.case !== undefined) {
    const of = db.selectFrom("notification_cases").select("notification").where("case", "=", caseKey(filter.case));
    query = query.where("id", "in", of);
  }
  if (filter.state !== undefined) query = query.where(sql<boolean>`state = ${filter.state}`);
  if (filter.after !== undefined) query = query.where("id", "<", notificationKey(filter.after));
  const rows = await query.orderBy("id", "desc").limit(filter.limit).execute();
  return rows.map(lineOf);
}

/** Returns a notification with what it was made of. Throws notification_unknown. */
export async function notificationOf(db: Reading, id: string): Promise<NotificationLine & {content: unknown}> {
  const row = await db.selectFrom("notifications").selectAll().where("id", "=", notificationKey(id)).executeTakeFirst();
  if (row === undefined) throw new WatchfloorError("notification_unknown", id);
  return {...lineOf(row), content: row.content};
}

/** A notification that a mail names. */
export interface FoundNotification {
  readonly key: number;
  readonly event: string;
  readonly contact: number | null;
  readonly party: number | null;
  readonly address: string;
  readonly messageId: string;
}

/** Returns the notifications that have one of the ids or Message-IDs, oldest first. */
export async function findNotifications(
  db: Reading,
  {ids, messageIds}: {readonly ids: readonly string[]; readonly messageIds: readonly string[]},
): Promise<FoundNotification[]> {
  if (ids.length + messageIds.length === 0) return [];
  return db
    .selectFrom("notifications")
    .select(["id as key", "event", "contact", "party", "address", "message_id as messageId"])
    .where((where) =>
      where.or([
        ...(ids.length === 0 ? [] : [where("id", "in", ids.map(notificationKey))]),
        ...(messageIds.length === 0 ? [] : [where("message_id", "in", [...messageIds])]),
      ]),
    )
    .orderBy("id")
    .execute();
}

/** That somebody was told something of a complaint, or of himself. */
export interface ToldApart {
  readonly complaint: number | null;
  readonly contact: string;
  readonly event: string;
  readonly turn: number;
}

/** What contacts have had: mails by address since a time, the last of each kind, and what was told of some cases. */
export interface ToldSoFar {
  readonly mailsSince: ReadonlyMap<string, number>;
  readonly lastAt: readonly {readonly contact: number; readonly event: string; readonly at: Date}[];
  readonly told: readonly {
    readonly case: number;
    readonly round: number;
    readonly contact: string;
    readonly event: string;
    readonly turn: number;
  }[];
  /** What was told of no case: of a complaint to who made it, or of the contact itself. */
  readonly apart: readonly ToldApart[];
  readonly threads: readonly {
    readonly case: number;
    readonly contact: string;
    readonly messageId: string;
    readonly at: Date;
  }[];
}

/** Of what is asked what was told. */
export interface ToldQuestion {
  readonly cases: readonly number[];
  readonly contacts: readonly number[];
  readonly complaints: readonly number[];
  readonly asked: readonly number[];
  readonly since: Date;
}

/** Returns what the contacts were told so far. `cases` and `complaints` are keys; `asked` are contacts asked of themselves. */
export async function toldSoFar(
  db: Reading,
  {cases, contacts, complaints, asked, since}: ToldQuestion,
): Promise<ToldSoFar> {
  const mails = await db
    .selectFrom("notifications")
    .select((each) => [sql<string>`lower(address)`.as("address"), each.fn.countAll<number>().as("mails")])
    .where("planned_at", ">", since)
    .where("state", "!=", "withdrawn")
    .groupBy(sql`lower(address)`)
    .execute();
  const last =
    contacts.length === 0
      ? []
      : await db
          .selectFrom("notifications")
          .select((each) => ["contact", "event", each.fn.max("planned_at").as("at")])
          .where(isAnyOf("contact", contacts))
          .where("state", "!=", "withdrawn")
          .groupBy(["contact", "event"])
          .execute();
  const told =
    cases.length === 0
      ? []
      : await db
          .selectFrom("notification_cases as of")
          .innerJoin("notifications as n", "n.id", "of.notification")
          .select(["of.case", "of.round", "of.contact", "of.event", "of.turn", "n.message_id", "n.planned_at"])
          .where(isAnyOf("of.case", cases))
          .where("n.state", "!=", "withdrawn")
          .orderBy("n.id")
          .execute();
  return {
    mailsSince: new Map(mails.map((row) => [row.address, row.mails])),
    lastAt: last.flatMap(({contact, event, at}) => (contact === null ? [] : [{contact, event, at}])),
    told: told.map((row) => ({
      case: row.case,
      round: row.round,
      contact: row.contact,
      event: row.event,
      turn: row.turn,
    })),
    apart: await toldApart(db, {complaints, asked}),
    threads: told.map((row) => ({case: row.case, contact: row.contact, messageId: row.message_id, at: row.planned_at})),
  };
}

/** What is told once is known by what was told: a complaint may have come to another case since. */
async function toldApart(
  db: Reading,
  {complaints, asked}: Pick<ToldQuestion, "complaints" | "asked">,
): Promise<ToldApart[]> {
  if (complaints.length + asked.length === 0) return [];
  const {rows} = await sql<ToldApart>`
    SELECT d.complaint, n.content->'notification'->'contact'->>'id' AS contact, n.event,
      (n.content->'notification'->>'ordinal')::integer AS turn
    FROM notice_decisions AS d JOIN notifications AS n ON n.id = d.notification
    WHERE d.complaint = ANY(${[...complaints]}::bigint[]) AND d.is_told AND n.state <> 'withdrawn'
    UNION ALL
    SELECT NULL, n.contact::text, n.event, (n.content->'notification'->>'ordinal')::integer
    FROM notifications AS n
    WHERE n.contact = ANY(${[...asked]}::bigint[]) AND n.event = 'contact-confirm' AND n.state <> 'withdrawn'`.execute(
    db,
  );
  return rows;
}

function lineOf(row: Selectable<Schema["notifications"]>): NotificationLine {
  return {
    id: notificationId(row.id),
    event: row.event,
    party: row.party,
    contact: row.contact,
    address: row.address,
    channel: row.channel,
    language: row.language,
    subject: row.subject,
    template: row.template,
    state: row.state,
    plannedAt: row.planned_at.toISOString(),
    sentAt: isoOf(row.sent_at),
    bouncedAt: isoOf(row.bounced_at),
    isEncrypted: row.is_encrypted,
    isRepeated: row.is_repeated,
    response: row.response,
    sha256: row.sha256,
    messageId: row.message_id,
  };
}

const BOUNCE_DAYS = 7;

/** Returns the last notification to an address within a week before: what a returned mail that names no original was. */
export async function lastToAddress(
  db: Reading,
  address: string,
  now: Date,
): Promise<{key: number; contact: number | null; party: number | null; address: string} | null> {
  const row = await db
    .selectFrom("notifications")
    .select(["id as key", "contact", "party", "address"])
    .where(sql<boolean>`lower(address) = ${address.toLowerCase()}`)
    .where("sent_at", ">", new Date(now.getTime() - BOUNCE_DAYS * 24 * 60 * 60 * 1000))
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Says that a notification came back; the first time stays. */
export async function markBounced(work: Work, key: number, now: Date): Promise<void> {
  await work
    .updateTable("notifications")
    .set({bounced_at: now})
    .where("id", "=", key)
    .where("bounced_at", "is", null)
    .execute();
}

/** A contact that was told of a round of a case by a notification. */
export interface ToldContact {
  readonly notification: number;
  readonly case: string;
  readonly round: number;
  readonly party: number | null;
  readonly contact: number | null;
  readonly event: string;
  readonly state: string;
  /** Whether it arrived is not known. */
  readonly isRepeated: boolean;
}

/** Returns whom cases, or those of a notification, were told to, by each notification that was not withdrawn. */
export async function contactsTold(
  db: Reading,
  of: {readonly case: string} | {readonly notification: string},
): Promise<ToldContact[]> {
  const query = db
    .selectFrom("notification_cases as o")
    .innerJoin("notifications as n", "n.id", "o.notification")
    .select(["o.notification", "o.case", "o.round", "o.event", "n.party", "n.contact", "n.state", "n.is_repeated"])
    .where("n.state", "!=", "withdrawn");
  const rows = await ("case" in of
    ? query.where("o.case", "=", caseKey(of.case))
    : query.where("o.notification", "=", notificationKey(of.notification))
  )
    .orderBy("o.notification")
    .execute();
  return rows.map(({case: key, is_repeated, ...row}) => ({...row, case: caseId(key), isRepeated: is_repeated}));
}
