/** Mails that came in: each kept once, by the hash of its bytes, with what it was understood as and which cases it is about. */
import type {Kysely, Selectable} from "kysely";
import {WatchfloorError} from "../model/errors.ts";
import {caseId, caseKey, type Reading, storedJson, type Work} from "./cases/rows.ts";
import {named} from "./editions/people.ts";
import type {Schema} from "./postgres/schema.ts";

/** A mail as it is kept; its bytes are a kept file under `sha256`. */
export interface NewMail {
  readonly sha256: string;
  readonly bytes: number;
  readonly mailbox: string;
  readonly receivedAt: Date;
  readonly messageId: string | null;
  readonly sender: string | null;
  readonly subject: string | null;
  /** What it was understood as, or `unreadable`. */
  readonly kind: string;
  /** Key of the notification that it answers, or that came back. */
  readonly notification: number | null;
  readonly understood: unknown;
  readonly pgp: unknown;
  readonly text: string;
  readonly needsPerson: boolean;
  readonly cases: readonly {readonly id: string; readonly round: number; readonly claim: string | null}[];
  readonly files: readonly {
    readonly sha256: string;
    readonly name: string;
    readonly type: string;
    readonly bytes: number;
  }[];
}

/** Returns whether the mail of that hash is kept already. */
export async function isMailKept(db: Reading, sha256: string): Promise<boolean> {
  const row = await db.selectFrom("mails").select("id").where("sha256", "=", sha256).executeTakeFirst();
  return row !== undefined;
}

/** Keeps a mail and returns its number; null when it is kept already. */
export async function keepMail(work: Work, mail: NewMail): Promise<number | null> {
  const row = await work
    .insertInto("mails")
    .values({
      sha256: mail.sha256,
      bytes: mail.bytes,
      mailbox: mail.mailbox,
      received_at: mail.receivedAt,
      message_id: mail.messageId,
      sender: mail.sender,
      subject: mail.subject,
      kind: mail.kind,
      notification: mail.notification,
      understood: storedJson(mail.understood),
      pgp: storedJson(mail.pgp),
      text: mail.text,
      needs_person: mail.needsPerson,
    })
    .onConflict((conflict) => conflict.column("sha256").doNothing())
    .returning("id")
    .executeTakeFirst();
  if (row === undefined) return null;
  const {id} = row;
  if (mail.cases.length > 0)
    await work
      .insertInto("mail_cases")
      .values(mail.cases.map((each) => ({mail: id, case: caseKey(each.id), round: each.round, claim: each.claim})))
      .execute();
  if (mail.files.length > 0)
    await work
      .insertInto("mail_files")
      .values(mail.files.map((each, n) => ({mail: id, n, ...each})))
      .execute();
  return id;
}

/** A kept mail as it is shown. Times are ISO 8601 in UTC. */
export interface MailLine {
  readonly id: number;
  readonly receivedAt: string;
  readonly sender: string | null;
  readonly subject: string | null;
  readonly kind: string;
  readonly text: string;
  readonly pgp: unknown;
  readonly understood: unknown;
  readonly needsPerson: boolean;
  readonly handledBy: string | null;
  readonly cases: readonly {readonly id: string; readonly claim: string | null}[];
  readonly files: readonly {
    readonly sha256: string;
    readonly name: string;
    readonly type: string;
    readonly bytes: number;
  }[];
}

/** Returns the mails about a case, or all that wait for a person, oldest first. */
export async function listMails(
  db: Kysely<Schema>,
  asked: {readonly case: string} | {readonly waiting: true},
): Promise<MailLine[]> {
  const query = db.selectFrom("mails").selectAll();
  const found =
    "case" in asked
      ? query.where("id", "in", db.selectFrom("mail_cases").select("mail").where("case", "=", caseKey(asked.case)))
      : query.where("needs_person", "=", true).where("handled_at", "is", null);
  const rows = await found.orderBy("id").limit(500).execute();
  const ids = rows.map(({id}) => id);
  if (ids.length === 0) return [];
  const cases = await db.selectFrom("mail_cases").selectAll().where("mail", "in", ids).orderBy("case").execute();
  const files = await db.selectFrom("mail_files").selectAll().where("mail", "in", ids).orderBy("n").execute();
  return rows.map((row) => lineOf(row, {cases, files}));
}

/** Returns a mail by its number, or by the hash of its bytes. Throws mail_unknown. */
export async function mailOf(
  db: Reading,
  asked: {readonly id: number} | {readonly sha256: string},
): Promise<MailLine & Pick<NewMail, "sha256" | "mailbox" | "messageId">> {
  const query = db.selectFrom("mails").selectAll();
  const found = "id" in asked ? query.where("id", "=", asked.id) : query.where("sha256", "=", asked.sha256);
  const row = await found.executeTakeFirst();
  if (row === undefined) throw new WatchfloorError("mail_unknown", "id" in asked ? String(asked.id) : asked.sha256);
  const cases = await db.selectFrom("mail_cases").selectAll().where("mail", "=", row.id).orderBy("case").execute();
  const files = await db.selectFrom("mail_files").selectAll().where("mail", "=", row.id).orderBy("n").execute();
  const {sha256, mailbox, message_id: messageId} = row;
  return {...lineOf(row, {cases, files}), sha256, mailbox, messageId};
}

/** Says that a mail is about a round of a case; again is once, and the later claim holds. */
export async function addMailCase(
  work: Work,
  {id, case: of, round, claim}: {id: number; case: string; round: number; claim: string | null},
): Promise<void> {
  await work
    .insertInto("mail_cases")
    .values({mail: id, case: caseKey(of), round, claim})
    .onConflict((conflict) => conflict.columns(["mail", "case"]).doUpdateSet({round, claim}))
    .execute();
}

interface Parts {
  readonly cases: readonly Selectable<Schema["mail_cases"]>[];
  readonly files: readonly Selectable<Schema["mail_files"]>[];
}

function lineOf(row: Selectable<Schema["mails"]>, {cases, files}: Parts): MailLine {
  return {
    id: row.id,
    receivedAt: row.received_at.toISOString(),
    sender: row.sender,
    subject: row.subject,
    kind: row.kind,
    text: row.text,
    pgp: row.pgp,
    understood: row.understood,
    needsPerson: row.needs_person,
    handledBy: row.handled_by,
    cases: cases.flatMap((each) => (each.mail === row.id ? [{id: caseId(each.case), claim: each.claim}] : [])),
    files: files.flatMap(({mail, n: _, ...file}) => (mail === row.id ? [file] : [])),
  };
}

/** Says that a person has looked at a mail. Throws mail_unknown. */
export async function markHandled(
  db: Kysely<Schema>,
  {id, by, now}: {id: number; by: string; now: Date},
): Promise<void> {
  const done = await db
    .updateTable("mails")
    .set({handled_by: named(by), handled_at: now})
    .where("id", "=", id)
    .where("handled_at", "is", null)
    .executeTakeFirst();
  if (done.numUpdatedRows !== 1n) throw new WatchfloorError("mail_unknown", String(id));
}

/** Returns how many answers went to an address since a time, those that wait to be sent among them. */
export async function answersSince(db: Reading, address: string, since: Date): Promise<number> {
  const sent = await db
    .selectFrom("notifications")
    .select((each) => each.fn.countAll<number>().as("n"))
    .where("event", "in", ["reporter-received", "reporter-closed"])
    .where((where) => where(where.fn("lower", ["address"]), "=", address.toLowerCase()))
    .where("planned_at", ">", since)
    .executeTakeFirstOrThrow();
  const waiting = await db
    .selectFrom("pending_notices as p")
    .innerJoin("complaints as m", "m.id", "p.complaint")
    .select((each) => each.fn.countAll<number>().as("n"))
    .where((where) => where(where.fn("lower", ["m.reporter"]), "=", address.toLowerCase()))
    .executeTakeFirstOrThrow();
  return sent.n + waiting.n;
}
