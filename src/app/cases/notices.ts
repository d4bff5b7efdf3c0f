/** Notifications as people look at them and step in: what went out, what would go out now, recalls, thanks, sending again. */
import {AT_WORK} from "../../cases/life.ts";
import {shownId} from "../../model/cases/case.ts";
import type {CaseAtWork} from "../../model/cases/case-change.ts";
import {WatchfloorError} from "../../model/errors.ts";
import type {NoticeOutcome, RenderedNotice} from "../../model/notification.ts";
import {applyChanges, lockCase, lockCases} from "../../store/cases/changing.ts";
import {caseKey, type Work} from "../../store/cases/rows.ts";
import {written} from "../../store/editions/people.ts";
import {casesOfNotification, notificationId, sendAgain, withdrawUnsent} from "../../store/notices/outbox.ts";
import {addPending, dropRecall, type NewPending} from "../../store/notices/pending.ts";
import {
  contactsTold,
  listNotifications,
  type NotificationFilter,
  type NotificationLine,
  notificationOf,
  type ToldContact,
} from "../../store/notices/reading.ts";
import {openCaseDesk} from "../coordination/case-desk.ts";
import {noticeOf} from "../coordination/telling/notice-content.ts";
import {planPending, type TellingPlan} from "../coordination/telling/planning.ts";
import type {House} from "../house.ts";
import type {Act} from "./acts.ts";

/** Returns notifications, newest first, page by page. Throws case_unknown, notification_unknown (`after`). */
export async function notificationsIn(house: House, filter: NotificationFilter): Promise<NotificationLine[]> {
  const {db} = await house.database();
  return listNotifications(db, filter);
}

/** A notification with its words and its cases. */
export interface ShownNotification extends NotificationLine {
  readonly notice: RenderedNotice;
  readonly cases: readonly {readonly id: string; readonly round: number}[];
}

/** Returns a notification as it was written. Throws notification_unknown. */
export async function notificationIn(house: House, id: string): Promise<ShownNotification> {
  const {db} = await house.database();
  const {content, ...line} = await notificationOf(db, id);
  const told = await contactsTold(db, {notification: line.id});
  return {...line, notice: noticeOf(content), cases: told.map(({case: of, round}) => ({id: of, round}))};
}

/** What would go out now, in its words, and what is decided of everything that waits. */
export interface NoticePreview {
  /** False: `mail` is not configured, so nothing goes out and nothing is put in words. */
  readonly isMailOn: boolean;
  readonly pending: number;
  readonly notices: readonly {
    readonly event: string;
    readonly address: string;
    readonly channel: string;
    readonly subject: string;
    readonly text: string;
    readonly files: readonly string[];
    readonly cases: readonly string[];
  }[];
  readonly decisions: readonly {
    readonly event: string;
    readonly case: string | null;
    readonly complaint: string | null;
    readonly party: number | null;
    readonly outcome: NoticeOutcome;
    readonly reason: string;
  }[];
}

/** Returns what would go out at `now`, and why other things would not; nothing is written. Throws rules_invalid, notice_template_invalid. */
export async function previewNotices(house: House, now: Date): Promise<NoticePreview> {
  const desk = await openCaseDesk(house);
  const isMailOn = desk.sender !== null;
  const work = await desk.db.startTransaction().execute();
  try {
    const plan = await planPending(desk, work, {after: null, now});
    return plan === null ? {isMailOn, pending: 0, notices: [], decisions: []} : {isMailOn, ...previewOf(plan)};
  } finally {
    await work.rollback().execute();
  }
}

function previewOf({pending, table, decisions, planned}: TellingPlan): Omit<NoticePreview, "isMailOn"> {
  return {
    pending,
    notices: planned.map(({event, address, channel, content, cases}) => {
      const {subject, text, files} = noticeOf(JSON.parse(JSON.stringify(content)));
      const names = files.map(({name}) => name);
      return {event, address, channel, subject, text, files: names, cases: cases.map(({id}) => id)};
    }),
    decisions: decisions.flatMap(({pending: id, outcome, reason}) => {
      const own = table.byId.get(id);
      if (own === undefined) return [];
      const complaint = own.complaint === null ? null : shownId("WC", own.complaint);
      return [{event: own.event, case: own.case, complaint, party: own.party, outcome, reason}];
    }),
  };
}

/** What is taken back: all that was told of a case in its present round, or one notification; and why. */
export interface Recall {
  readonly of: {readonly case: string} | {readonly notification: string};
  readonly reason: string;
}

/** What a recall came to. */
export interface Recalled {
  /** Contacts that are told with the next notifications that it was wrong. */
  readonly asked: number;
  /** Notifications that had not gone out and do not any more. */
  readonly withdrawn: readonly string[];
}

/**
 * Takes back what was told (更正): what had not gone out does not, and who was told hears why it was wrong. The case has to be
 * over, or with another party: else it would be reminded of what is taken back.
 * Throws case_unknown, notification_unknown, case_step_not_allowed, notification_step_not_allowed (nobody was told), usage.
 */
export async function recallNotices(house: House, {of, reason}: Recall, act: Act): Promise<Recalled> {
  const words = written(reason, "a reason");
  const {db} = await house.database();
  if ("notification" in of) await notificationOf(db, of.notification);
  return db.transaction().execute(async (work) => {
    const {told, cases} = await toldOf(work, of);
    if (told.length === 0) throw new WatchfloorError("notification_step_not_allowed", "Nobody was told of it");
    for (const each of told) refuseWhileAsked(each, cases);
    const withdrawn = new Set(await withdrawUnsent(work, await aboutOnly(work, told), `taken back: ${words}`));
    const pending = lookingBack(
      // one of which nobody knows whether it arrived is taken back as well
      told.filter(
        ({notification, state, isRepeated}) => !withdrawn.has(notification) && (state !== "refused" || isRepeated),
      ),
      {event: "recall", reason: words, act},
    );
    await addPending(work, pending);
    for (const each of told) {
      const isAsked = pending.some((asked) => asked.case === each.case && asked.contact === each.contact);
      if (withdrawn.has(each.notification) && !isAsked) await dropRecall(work, each);
    }
    await noteOn(work, [...cases.values()], {note: `recall: ${words}`, act});
    return {asked: pending.length, withdrawn: [...withdrawn].map(notificationId)};
  });
}

const TOLD_TO_ACT: readonly string[] = ["opened", "reopened", "escalated", "reminder"];

async function toldOf(
  work: Work,
  of: Recall["of"],
): Promise<{told: ToldContact[]; cases: ReadonlyMap<string, CaseAtWork>}> {
  const all = (await contactsTold(work, of)).filter(({event}) => TOLD_TO_ACT.includes(event));
  const keys = "case" in of ? [caseKey(of.case)] : all.map((each) => caseKey(each.case));
  const cases = new Map((await lockCases(work, keys)).map((each) => [each.case.id, each]));
  if ("case" in of && cases.size === 0) throw new WatchfloorError("case_unknown", of.case);
  const isMeant = ({case: id, round}: ToldContact): boolean =>
    "notification" in of || cases.get(id)?.round.round === round;
  return {told: all.filter(isMeant), cases};
}

/** Notifications that tell of nothing else: one that tells of other cases too has to go out, and is followed by the recall. */
async function aboutOnly(work: Work, told: readonly ToldContact[]): Promise<number[]> {
  const taken = new Set(told.map((each) => `${each.notification} ${each.case}`));
  const only: number[] = [];
  for (const key of new Set(told.map(({notification}) => notification))) {
    const all = await casesOfNotification(work, key);
    if (all.every(({id}) => taken.has(`${key} ${id}`))) only.push(key);
  }
  return only;
}

function refuseWhileAsked({case: id, party, round}: ToldContact, cases: ReadonlyMap<string, CaseAtWork>): void {
  const there = cases.get(id);
  if (there === undefined || !AT_WORK.includes(there.case.state)) return;
  if (there.round.round === round && there.case.party === party)
    throw new WatchfloorError("case_step_not_allowed", `${id} is with the party: dismiss it, or give it to another`);
}

/** One for each contact and round, however many reminders it had. */
function lookingBack(
  told: readonly ToldContact[],
  {event, reason, act}: {event: "recall" | "thanks"; reason: string | null; act: Act},
): NewPending[] {
  const once = new Map(told.map((each) => [`${each.case} ${each.round} ${each.contact}`, each]));
  return [...once.values()].flatMap(({case: id, round, party, contact}): NewPending[] =>
    party === null || contact === null
      ? []
      : [
          {
            ...{event, case: id, round, complaint: null, party, contact, turn: 1, reason},
            ...{isUrgent: event === "recall", since: act.now},
          },
        ],
  );
}

/** Thanks those who were told of a verified case. Throws case_unknown, case_step_not_allowed (not verified, nobody told). */
export async function thankFor(
  house: House,
  {case: id, words}: {readonly case: string; readonly words: string | null},
  act: Act,
): Promise<{asked: number}> {
  const {db} = await house.database();
  return db.transaction().execute(async (work) => {
    const there = await lockCase(work, id);
    const {case: one, round} = there;
    const told = (await contactsTold(work, {case: one.id})).filter(
      (each) => each.round === round.round && each.party === one.party && each.state === "sent",
    );
    if (one.state !== "verified" || told.length === 0)
      throw new WatchfloorError("case_step_not_allowed", `${one.id} is ${one.state}: there is nobody to thank`);
    const pending = lookingBack(told, {event: "thanks", reason: words, act});
    await addPending(work, pending);
    await noteOn(work, [there], {note: "thanks", act});
    return {asked: pending.length};
  });
}

/** Sends once more what was refused, as the same mail. Throws notification_unknown, notification_step_not_allowed. */
export async function resendNotification(house: House, id: string, act: Act): Promise<NotificationLine> {
  const {db} = await house.database();
  const line = await notificationOf(db, id);
  await db.transaction().execute(async (work) => {
    const key = await sendAgain(work, line.id, act.now);
    const told = await casesOfNotification(work, key);
    const cases = await lockCases(
      work,
      told.map((each) => caseKey(each.id)),
    );
    await noteOn(work, cases, {note: `${line.id} is sent again`, act});
  });
  const {content: _, ...now} = await notificationOf(db, line.id);
  return now;
}

async function noteOn(work: Work, cases: readonly CaseAtWork[], {note, act}: {note: string; act: Act}): Promise<void> {
  const changes = cases.map((there) => ({there, change: {steps: [{step: "note" as const, note}]}}));
  await applyChanges(work, changes, act);
}
