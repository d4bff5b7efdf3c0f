/**
 * Who is told what now: what is pending becomes notifications, and every pending thing gets exactly one decision with its
 * reason. One mail per contact, kind and interval with all its cases; urgent ones by themselves and at once. No address
 * gets more mails a day than its budget.
 */
import type {NoticeContact, NoticeEvent} from "../../model/notification.ts";
import {toldKey} from "./identity.ts";
import type {GroupSettings, NoticeDecision, NoticeGroup, NoticePlan, PendingNotice} from "./pending.ts";
import {templateFor} from "./template.ts";

const MINUTE_MS = 60_000;
type Ready = PendingNotice & {readonly contact: NoticeContact};
type Refusal = Omit<NoticeDecision, "pending" | "group">;

/** Returns who is told what now, and why others are not. Nothing but its arguments decides. */
export function groupNotices(pending: readonly PendingNotice[], settings: GroupSettings, now: Date): NoticePlan {
  const decisions = new Map<string, NoticeDecision>();
  const decide = (id: string, decision: Omit<NoticeDecision, "pending">): void => {
    decisions.set(id, {pending: id, ...decision});
  };
  const ready = readyOf(pending, settings, decide);
  const groups: NoticeGroup[] = [];
  const spent = new Map<string, number>();
  for (const bundle of inOrder(bundlesOf(ready, settings))) {
    const waiting = waitOf(bundle, settings, now);
    for (const part of waiting === null ? chunks(bundle, settings.casesPerMail) : [bundle]) {
      const refusal = waiting ?? budgetRefusal(part, settings, spent);
      if (refusal === null) {
        decideAll(part, {outcome: "told", reason: toldReason(part), group: groups.length}, decide);
        groups.push(groupOf(part));
      } else decideAll(part, {...refusal, group: null}, decide);
    }
  }
  return {groups, decisions: pending.flatMap(({id}) => decisions.get(id) ?? [])};
}

type Decide = (id: string, decision: Omit<NoticeDecision, "pending">) => void;

function decideAll(part: readonly Ready[], decision: Omit<NoticeDecision, "pending">, decide: Decide): void {
  for (const {id} of part) decide(id, decision);
}

/** What could go out if it were time; all else is decided. */
function readyOf(pending: readonly PendingNotice[], settings: GroupSettings, decide: Decide): Ready[] {
  const told = new Set(settings.told);
  return pending.toSorted(before).flatMap((each) => {
    const {contact} = each;
    if (contact === null) {
      decide(each.id, {outcome: "no-contact", reason: "The responsible party has no contact for it.", group: null});
      return [];
    }
    const one = {...each, contact};
    const refusal = refusalOf(one, settings, told);
    if (refusal !== null) {
      decide(each.id, {...refusal, group: null});
      return [];
    }
    told.add(keyOf(one));
    return [one];
  });
}

function refusalOf(each: Ready, settings: GroupSettings, told: ReadonlySet<string>): Refusal | null {
  const {contact, event} = each;
  const state = settings.contacts.get(contact.id);
  if (told.has(keyOf(each))) {
    const when = settings.told.has(keyOf(each)) ? "The contact was told before" : "The same is pending already";
    return {outcome: "already-told", reason: `${when}: ${keyOf(each)}.`};
  }
  if (each.needsRelease && each.releasedBy === null)
    return {outcome: "needs-second-person", reason: "It is protected and waits for a second person."};
  if (state?.isHealthy === false)
    return {outcome: "contact-unhealthy", reason: `Mails to contact ${contact.id} came back.`};
  const mark = each.case === null ? "tell" : settings.tlp[each.case.tlp];
  if (mark === "forbid") return {outcome: "tlp-forbids", reason: `TLP:${each.case?.tlp} is not passed on.`};
  if (mark === "encrypt" && contact.channel === "mail" && state?.canEncrypt !== true)
    return {
      outcome: "tlp-forbids",
      reason: `TLP:${each.case?.tlp} goes out encrypted only, and there is no usable key.`,
    };
  const wish = {event, language: contact.language, class: each.case?.class ?? null};
  return templateFor(settings.templates, wish) === null
    ? {outcome: "no-template", reason: `No template for ${event}, ${contact.language}, ${wish.class ?? "*"}.`}
    : null;
}

function keyOf({case: about, subject, contact, event, ordinal, id}: Ready): string {
  const what = about === null ? (subject ?? id) : `${about.id}#${about.round}`;
  return toldKey({subject: what, contact: contact.id, event, ordinal});
}

/** What may go out together: urgent things and what is about no case by themselves. */
function bundlesOf(ready: readonly Ready[], {templates}: GroupSettings): Ready[][] {
  const bundles = new Map<string, Ready[]>();
  for (const each of ready) {
    const {contact, event, ordinal} = each;
    const wish = {event, language: contact.language, class: each.case?.class ?? null};
    const alone = each.isUrgent || each.case === null || isForReporter(event) ? each.id : "";
    const key = JSON.stringify([
      contact.id,
      contact.purpose,
      event,
      ordinal,
      templateFor(templates, wish)?.name,
      alone,
    ]);
    const bundle = bundles.get(key);
    if (bundle === undefined) bundles.set(key, [each]);
    else bundle.push(each);
  }
  return [...bundles.values()];
}

/** Each complaint has its own answer. */
function isForReporter(event: NoticeEvent): boolean {
  return event === "reporter-received" || event === "reporter-closed";
}

/** Urgent first, the graver before, then what has waited longest. */
function inOrder(bundles: readonly Ready[][]): Ready[][] {
  return bundles.toSorted(([one], [other]) => (one === undefined || other === undefined ? 0 : before(one, other)));
}

function before(one: PendingNotice, other: PendingNotice): number {
  return (
    Number(other.isUrgent) - Number(one.isUrgent) ||
    gravity(one) - gravity(other) ||
    one.since.getTime() - other.since.getTime() ||
    (one.id < other.id ? -1 : 1)
  );
}

/** Counts among urgent ones only: the rest goes by age, so that nothing waits for ever. */
function gravity(each: PendingNotice): number {
  return each.isUrgent ? ["I", "II", "III", "IV"].indexOf(each.case?.severity ?? "IV") : 0;
}

function waitOf(bundle: readonly Ready[], settings: GroupSettings, now: Date): Refusal | null {
  const [first] = bundle;
  if (first === undefined || first.isUrgent || first.case === null || isForReporter(first.event)) return null;
  const last = settings.contacts.get(first.contact.id)?.lastGroupedAt[first.event];
  const next = last === undefined ? 0 : last.getTime() + settings.intervalMinutes * MINUTE_MS;
  const gathered = Math.min(...bundle.map(({since}) => since.getTime())) + settings.gatherMinutes * MINUTE_MS;
  const at = Math.max(next, gathered);
  if (at <= now.getTime()) return null;
  const why = at === next ? "The contact had a mail of this kind" : "More cases are gathered";
  return {outcome: "waits-for-interval", reason: `${why}; it goes out from ${new Date(at).toISOString()} on.`};
}

function budgetRefusal(part: readonly Ready[], settings: GroupSettings, spent: Map<string, number>): Refusal | null {
  const address = part[0]?.contact.address.toLowerCase() ?? "";
  const used = (settings.sentToday.get(address) ?? 0) + (spent.get(address) ?? 0);
  if (used >= settings.mailsPerDay)
    return {outcome: "budget-used", reason: `The address has had ${used} of ${settings.mailsPerDay} mails today.`};
  spent.set(address, (spent.get(address) ?? 0) + 1);
  return null;
}

function chunks(bundle: readonly Ready[], size: number): Ready[][] {
  const most = Math.max(1, size);
  return Array.from({length: Math.ceil(bundle.length / most)}, (_, at) => bundle.slice(at * most, (at + 1) * most));
}

function toldReason(part: readonly Ready[]): string {
  const released = [...new Set(part.flatMap(({releasedBy}) => releasedBy ?? []))];
  const how = part[0]?.isUrgent ? "urgent, by itself" : `with ${part.length} of its kind`;
  return `Told, ${how}${released.length === 0 ? "" : `; released by ${released.join(", ")}`}.`;
}

function groupOf(part: readonly Ready[]): NoticeGroup {
  const [first] = part;
  if (first === undefined) throw new RangeError("a group tells something");
  const cases = part.flatMap((each) => each.case ?? []);
  return {
    event: first.event,
    contact: first.contact,
    ordinal: first.ordinal,
    cases: cases.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    isUrgent: first.isUrgent,
    pending: part.map(({id}) => id),
  };
}
