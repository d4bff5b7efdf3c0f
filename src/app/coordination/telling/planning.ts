/** What would be told now: what waits becomes notifications in their words, with a decision for each. */
import {groupNotices} from "../../../cases/notices/grouping.ts";
import type {NoticeDecision, NoticeGroup} from "../../../cases/notices/pending.ts";
import {renderNotice} from "../../../cases/notices/render.ts";
import type {NoticeSender} from "../../../model/notification.ts";
import {caseKey, type Work} from "../../../store/cases/rows.ts";
import {
  lockPlanning,
  type NewNotification,
  notificationId,
  reserveNotifications,
} from "../../../store/notices/outbox.ts";
import {listPending, type Pending} from "../../../store/notices/pending.ts";
import {type CaseDesk, yearOf} from "../case-desk.ts";
import {type Table, weigh} from "./weighing.ts";

/** So many things are weighed at once. */
export const PENDING_AT_ONCE = 20_000;

/** The last thing of a page that was weighed; null begins at the first. */
export type Last = Pick<Pending, "since" | "id"> | null;

/** What would be told: how much waits, the notifications in their words, and a decision for each thing that waits. */
export interface TellingPlan {
  readonly pending: number;
  /** The last thing that was weighed: what came after it is the next page. */
  readonly last: Last;
  readonly table: Table;
  readonly decisions: readonly NoticeDecision[];
  readonly planned: readonly NewNotification[];
}

/**
 * Weighs a page of what waits inside a transaction, by one process at a time; only numbers are taken.
 * Null when nothing waits; without a sender nothing is put in words.
 */
export async function planPending(
  desk: CaseDesk,
  work: Work,
  {after, now}: {after: Last; now: Date},
): Promise<TellingPlan | null> {
  await lockPlanning(work);
  const pending = await listPending(work, {after, limit: PENDING_AT_ONCE});
  const last = pending.at(-1) ?? null;
  if (last === null) return null;
  const table = await weigh(desk, work, {pending, now});
  const {groups, decisions} = groupNotices(table.notices, table.settings, now);
  const {sender} = desk;
  if (sender === null) return {pending: pending.length, last, table, decisions, planned: []};
  const keys = await reserveNotifications(work, {year: yearOf(desk, now), count: groups.length});
  const notices = groups.map((group, n) => planned({desk, sender, table, now}, group, keys[n] ?? 0));
  return {pending: pending.length, last, table, decisions, planned: notices};
}

interface Planning {
  readonly desk: CaseDesk;
  readonly sender: NoticeSender;
  readonly table: Table;
  readonly now: Date;
}

function planned({desk, sender, table, now}: Planning, group: NoticeGroup, key: number): NewNotification {
  const {event, contact, ordinal, cases} = group;
  const [own] = group.pending.map((id) => table.byId.get(id));
  const keys = new Set(cases.map(({id}) => caseKey(id)));
  const before = table.soFar.threads.filter((each) => keys.has(each.case) && each.contact === contact.id);
  const {templates, tokenKey} = desk;
  const complaint = table.complaints.get(own?.complaint ?? 0);
  const [outcome = null, words = null] =
    complaint === undefined ? [null, own?.reason] : outcomeAndWords(own?.reason ?? null);
  const notice = renderNotice(
    {
      id: notificationId(key),
      event,
      contact,
      cases,
      ordinal,
      complaint:
        complaint === undefined ? null : {id: complaint.id, receivedAt: new Date(complaint.receivedAt), outcome},
      reason: words,
      toldAt: before[0]?.at ?? null,
      thread: [...new Set(before.map(({messageId}) => messageId))],
    },
    {templates, sender, tokenKey},
    now,
  );
  return {
    key,
    event,
    party: own?.party ?? null,
    contact: /^\d+$/.test(contact.id) ? Number(contact.id) : null,
    contactName: contact.id,
    address: contact.address,
    channel: contact.channel,
    language: contact.language,
    template: notice.template,
    messageId: notice.messageId,
    subject: notice.subject,
    content: notice,
    turn: ordinal,
    cases,
  };
}

/** What came of a complaint is a word of ours, and below it what the officer says to who made it. */
function outcomeAndWords(reason: string | null): (string | null)[] {
  const [outcome = "", ...words] = (reason ?? "").split("\n");
  return [outcome || null, words.join("\n") || null];
}
