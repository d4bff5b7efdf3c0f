/**
 * Mails that come in. Each is kept as it came before anything is thought of it, read in a process of its own, and then does
 * what it is for: a reply moves its cases, a returned mail takes its contact out of use, a complaint opens or joins a case.
 */
import {answerTo, whyNoAnswer} from "../../../feeds/mail/answer.ts";
import type {ComplaintMail, MailReading} from "../../../model/complaint.ts";
import type {MailHead, UnreadableReason} from "../../../model/mail.ts";
import {keepArtefact} from "../../../store/artefacts.ts";
import type {Work} from "../../../store/cases/rows.ts";
import {answersSince, isMailKept, keepMail, type NewMail} from "../../../store/mails.ts";
import type {MailReader} from "../../mail/reader.ts";
import {BY_RULE, type CaseDesk} from "../case-desk.ts";
import {type ComplaintIn, takeComplaintsInside, type Weighed, weigh} from "../opening/complaints.ts";
import {afterBounce} from "./bounces.ts";
import {afterReply, type Replied} from "./replies.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_TEXT = 200_000;
const MOST_KEY = 500;
const MOST_READINGS = 3;

/** A mail that is not taken in. */
export interface UnreadableMail {
  /** All of it, or its beginning. */
  readonly raw: Uint8Array;
  readonly bytes: number;
  readonly reason: UnreadableReason;
}

/** Keeps what is known of a mail that is not taken in, for a person. */
export async function keepUnreadable(
  desk: CaseDesk,
  {raw, bytes, reason}: UnreadableMail,
  {name, reader, now, receivedAt}: TakingMail,
): Promise<void> {
  const {sha256} = await keepArtefact(desk.house.home, raw);
  const {head} = await headOf(reader, raw, now);
  const mail = await mailOf(desk, {state: "unreadable", reason, head}, {sha256, bytes, mailbox: name, receivedAt});
  await desk.db.transaction().execute((work) => keepMail(work, mail));
}

async function headOf(reader: MailReader, beginning: Uint8Array, now: Date): Promise<{head: MailHead | null}> {
  const reading = await reader.read({beginning}, now);
  return {head: reading.state === "read" ? reading.mail.head : reading.head};
}

/** A mail as it is taken in. */
export interface TakingMail {
  /** Name of its mailbox, as it is kept with the mail. */
  readonly name: string;
  readonly reader: MailReader;
  readonly now: Date;
  readonly receivedAt: Date;
}

/** Takes one mail in and returns what it was; one that came before is `known`. */
export async function takeMail(
  desk: CaseDesk,
  raw: Uint8Array,
  {name, reader, now, receivedAt}: TakingMail,
): Promise<string> {
  const {sha256, bytes} = await keepArtefact(desk.house.home, raw);
  if (await isMailKept(desk.db, sha256)) return "known";
  const reading = await readPatiently(reader, raw, now);
  const mail = await mailOf(desk, reading, {sha256, bytes, mailbox: name, receivedAt});
  if (reading.state === "unreadable") {
    await desk.db.transaction().execute((work) => keepMail(work, mail));
    return "unreadable";
  }
  const weighed = await complaintsOf(desk, reading, {sha256, receivedAt, now});
  const isNew = await desk.db
    .transaction()
    .execute(async (work) => {
      const done = await actOn(work, {desk, reading, weighed, now});
      const id = await keepMail(work, {...mail, ...done});
      if (id === null) throw new MailTaken();
      return true;
    })
    .catch((error: unknown) => {
      if (error instanceof MailTaken) return false;
      throw error;
    });
  return isNew ? reading.understood.as : "known";
}

/** A process that ended may have been ended by somebody, even twice: that is no fault of the mail yet. */
async function readPatiently(reader: MailReader, bytes: Uint8Array, now: Date): Promise<MailReading> {
  let reading = await reader.read({bytes}, now);
  for (let tries = 1; tries < MOST_READINGS && isCrash(reading); tries++) reading = await reader.read({bytes}, now);
  return reading;
}

function isCrash(reading: MailReading): boolean {
  return reading.state === "unreadable" && reading.reason === "crashed";
}

/** Somebody else has taken the mail in meanwhile: nothing of this is written. */
class MailTaken extends Error {}

type Read = Extract<MailReading, {state: "read"}>;
type Place = Pick<NewMail, "sha256" | "bytes" | "mailbox" | "receivedAt">;

async function mailOf(desk: CaseDesk, reading: MailReading, place: Place): Promise<NewMail> {
  const {head} = reading.state === "read" ? reading.mail : reading;
  const about = {
    ...place,
    messageId: head?.messageId ?? null,
    sender: head?.from?.address ?? null,
    subject: head?.subject ?? null,
    notification: null,
    cases: [],
  };
  if (reading.state === "unreadable")
    return {
      ...about,
      kind: "unreadable",
      understood: {why: reading.reason},
      pgp: [],
      text: "",
      needsPerson: true,
      files: [],
    };
  const {mail, understood, contents} = reading;
  for (const content of contents.values()) await keepArtefact(desk.house.home, content);
  return {
    ...about,
    kind: understood.as,
    understood,
    pgp: mail.pgp,
    text: mail.text.slice(0, MOST_TEXT),
    // whoever sends a report says himself who he is: here it is only kept; a feed is fetched from a mailbox of its own
    needsPerson: understood.as === "unknown" || understood.as === "report",
    files: mail.parts.map(({sha256, name, mime, bytes}) => ({sha256, name: name ?? "", type: mime, bytes})),
  };
}

async function complaintsOf(
  desk: CaseDesk,
  {mail, understood}: Read,
  {sha256, receivedAt, now}: {sha256: string; receivedAt: Date; now: Date},
): Promise<Weighed[]> {
  if (understood.as !== "complaint" && understood.as !== "feedback") return [];
  const wantsAnswer = await mayAnswer(desk, {head: mail.head, understood, now});
  const reporter = answerTo(mail.head) ?? understood.reporter?.address ?? null;
  return weigh(desk, complaintsIn(understood, {key: keyOf(mail.head, sha256), receivedAt, reporter, wantsAnswer}));
}

/** A complaint is known again by its Message-ID, in whichever mailboxes it arrives; one without end is none. */
function keyOf({messageId}: MailHead, sha256: string): string {
  return messageId === null || messageId.length > MOST_KEY ? sha256 : messageId;
}

/** Machines and those who said that they want none get no answer, and nobody more than one a day. */
async function mayAnswer(
  desk: CaseDesk,
  {head, understood, now}: {head: MailHead; understood: Read["understood"]; now: Date},
): Promise<boolean> {
  const {mail} = desk.house.config;
  const to = answerTo(head);
  if (mail === null || to === null) return false;
  const own = [mail.from, mail.replyTo, mail.envelopeFrom].flatMap((each) =>
    each === null ? [] : [each.toLowerCase()],
  );
  const answersToday = await answersSince(desk.db, to, new Date(now.getTime() - DAY_MS));
  return whyNoAnswer(head, understood, {own, answersToday}) === null;
}

interface Origin {
  readonly key: string;
  readonly receivedAt: Date;
  readonly reporter: string | null;
  readonly wantsAnswer: boolean;
}

/** A mail may tell of many things; its sender is answered once. */
function complaintsIn(
  {complaints, format}: ComplaintMail,
  {key, receivedAt, reporter, wantsAnswer}: Origin,
): ComplaintIn[] {
  return complaints.map((each, n) => ({
    receivedAt: receivedAt.toISOString(),
    source: "mail",
    key: `${key} ${n + 1}`,
    reporter,
    wantsAnswer: wantsAnswer && n === 0,
    class: each.class,
    asset: each.asset,
    brand: each.brand,
    ip: each.ip,
    text: `${format}: ${each.evidence}`.slice(0, MOST_TEXT),
  }));
}

interface Acting {
  readonly desk: CaseDesk;
  readonly reading: Read;
  readonly weighed: readonly Weighed[];
  readonly now: Date;
}

async function actOn(work: Work, {desk, reading, weighed, now}: Acting): Promise<Partial<NewMail>> {
  const {understood} = reading;
  switch (understood.as) {
    case "reply":
    case "auto-reply":
      return repliedColumns(await afterReply(work, {desk, mail: reading.mail, understood, now}));
    case "bounce":
      return afterBounce(work, {desk, mail: reading.mail, understood, now});
    case "complaint":
    case "feedback": {
      const outcomes = await takeComplaintsInside(work, {desk, weighed, by: BY_RULE, now});
      const ids = [...new Set(outcomes.flatMap((each) => each.case ?? []))];
      const needsPerson =
        understood.complaints.length === 0 ||
        weighed.some(({candidate, refusal}) => candidate === null && refusal === null);
      return {needsPerson, cases: ids.map((id) => ({id, round: 1, claim: null}))};
    }
    default:
      return {};
  }
}

function repliedColumns({notification, cases, needsPerson}: Replied): Partial<NewMail> {
  return {notification, cases, needsPerson};
}
