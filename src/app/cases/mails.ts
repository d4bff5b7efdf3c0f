/** Mails that came in, as people look at them: what waits, the verdict on signatures, and which case a mail is about. */
import {createHash} from "node:crypto";
import {z} from "zod";
import type {ReplyStatement} from "../../model/complaint.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {type PgpPiece, pgpPiece} from "../../model/mail.ts";
import {readArtefact} from "../../store/artefacts.ts";
import {applyChange, lockCase} from "../../store/cases/changing.ts";
import {lockOpening} from "../../store/cases/rows.ts";
import {addMailCase, listMails, type MailLine, mailOf, markHandled} from "../../store/mails.ts";
import {openCaseDesk} from "../coordination/case-desk.ts";
import {takeMail} from "../coordination/incoming/incoming.ts";
import {believe} from "../coordination/incoming/replies.ts";
import {readerOf} from "../coordination/tools.ts";
import type {House} from "../house.ts";
import type {Act} from "./acts.ts";

/** A mail with the verdict on each of its parts. */
export interface ShownMail extends Omit<Awaited<ReturnType<typeof mailOf>>, "pgp"> {
  /** Empty: nobody signed or encrypted any of it. */
  readonly pgp: readonly PgpPiece[];
}

/** Returns the mails about a case, or without one those that wait for a person, oldest first. Throws case_unknown. */
export async function mailsIn(house: House, of: string | null): Promise<MailLine[]> {
  const {db} = await house.database();
  return listMails(db, of === null ? {waiting: true} : {case: of});
}

/** Returns a mail. Throws mail_unknown. */
export async function mailIn(house: House, id: number): Promise<ShownMail> {
  const {db} = await house.database();
  return shownMail(await mailOf(db, {id}));
}

function shownMail(mail: Awaited<ReturnType<typeof mailOf>>): ShownMail {
  const read = z.array(pgpPiece).safeParse(mail.pgp);
  return {...mail, pgp: read.success ? read.data : []};
}

/** Returns the bytes of a mail as it came, or of a file that came with it. Throws mail_unknown, artefact_missing. */
export async function mailFile(
  house: House,
  {id, sha256}: {readonly id: number; readonly sha256: string | null},
): Promise<Buffer> {
  const mail = await mailIn(house, id);
  if (sha256 !== null && !mail.files.some((each) => each.sha256 === sha256))
    throw new WatchfloorError("artefact_missing", `mail ${id} has no file ${sha256}`);
  return readArtefact(house.home, sha256 ?? mail.sha256);
}

/** Says that a person has looked at a mail. Throws mail_unknown (or it waits no more), usage (no name). */
export async function handleMail(house: House, id: number, act: Act): Promise<ShownMail> {
  const {db} = await house.database();
  await markHandled(db, {id, ...act});
  return mailIn(house, id);
}

/** To which case a mail belongs, and what it says of it, as a person reads it; null: nothing. */
export interface MailJoining {
  readonly id: number;
  readonly case: string;
  readonly says: Extract<ReplyStatement, "acknowledged" | "done" | "not_ours"> | null;
}

/** Puts a mail to a case, does what it says, and takes it off the list of those that wait. Throws mail_unknown, case_unknown. */
export async function joinMail(house: House, {id, case: of, says}: MailJoining, act: Act): Promise<ShownMail> {
  const {db} = await house.database();
  const mail = await mailOf(db, {id});
  await db.transaction().execute(async (work) => {
    await lockOpening(work);
    const there = await lockCase(work, of);
    const {case: one, round} = there;
    await addMailCase(work, {id, case: one.id, round: round.round, claim: says});
    await applyChange(work, there, {change: {steps: [{step: "join", data: {mail: id, says}}]}, ...act});
    if (says !== null) await believe(work, {about: [{id: one.id, round: round.round}], says, party: one.party, ...act});
    if (mail.handledBy === null) await markHandled(work, {id, ...act});
  });
  return mailIn(house, id);
}

/** A mail that a person hands in as a file. */
export interface HandMail {
  readonly bytes: Uint8Array;
  readonly receivedAt: Date;
}

/** Takes a mail in as if it had come to the inbox; `isNew` is false when it came before. Throws file_too_large, disk_full. */
export async function takeMailFile(
  house: House,
  {bytes, receivedAt}: HandMail,
  act: Act,
): Promise<{isNew: boolean; mail: ShownMail}> {
  const most = house.config.limits.messageBytes;
  if (bytes.length > most) throw new WatchfloorError("file_too_large", `${bytes.length} bytes; the limit is ${most}`);
  const desk = await openCaseDesk(house);
  const reader = readerOf(house);
  try {
    const kind = await takeMail(desk, bytes, {name: `by ${act.by}`, reader, now: act.now, receivedAt});
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return {isNew: kind !== "known", mail: shownMail(await mailOf(desk.db, {sha256}))};
  } finally {
    await reader.close();
  }
}
