/** Between planning and sending things change: a notification that must not go out any more as it is, is taken back. */

import {AT_WORK} from "../../../cases/life.ts";
import {strictest} from "../../../cases/opening/plan.ts";
import type {CaseAtWork} from "../../../model/cases/case-change.ts";
import {isValidOn} from "../../../model/party.ts";
import {dayOf} from "../../../model/week.ts";
import {casesOf} from "../../../store/cases/changing.ts";
import {caseKey} from "../../../store/cases/rows.ts";
import {type Claimed, casesOfNotification} from "../../../store/notices/outbox.ts";
import type {NewPending} from "../../../store/notices/pending.ts";
import {contactsIn} from "../../parties.ts";
import type {CaseDesk} from "../case-desk.ts";
import {noticeOf} from "./notice-content.ts";

/** Events by which a party is asked to act: what they tell has to hold until they are sent. */
export const ABOUT_ACTING: ReadonlySet<string> = new Set(["opened", "reopened", "escalated", "reminder"]);

/** Why a notification is taken back, and what is to be told anew. */
export interface Recall {
  readonly reason: string;
  readonly again: readonly NewPending[];
}

/** Returns why a notification must not be sent as it was planned; null when it may. */
export async function whyRecalled(desk: CaseDesk, claimed: Claimed, now: Date): Promise<Recall | null> {
  const isGone = await isContactGone(desk, claimed, now);
  if (!ABOUT_ACTING.has(claimed.event)) return isGone ? {reason: CONTACT_GONE, again: []} : null;
  const told = await casesOfNotification(desk.db, claimed.key);
  const cases = await casesOf(
    desk.db,
    told.map(({id}) => caseKey(id)),
    false,
  );
  const turns = new Map(told.map((each) => [each.id, each]));
  const meant = cases.filter(
    ({case: one, round}) =>
      AT_WORK.includes(one.state) && turns.get(one.id)?.round === round.round && one.party === claimed.party,
  );
  const reason = isGone ? CONTACT_GONE : whyNot(claimed, {cases: told.length, meant});
  if (reason === null) return null;
  const again = meant.map(({case: one, round}): NewPending => {
    const {id, isUrgent, party} = one;
    const turn = turns.get(id)?.turn ?? 1;
    const about = {event: claimed.event, case: id, round: round.round, party, turn, isUrgent, since: now};
    return {...about, complaint: null, contact: null, reason: null};
  });
  return {reason, again};
}

const CONTACT_GONE = "The contact was taken out since it was planned.";

function whyNot({content}: Claimed, {cases, meant}: {cases: number; meant: readonly CaseAtWork[]}): string | null {
  if (meant.length < cases) return "A case was closed, or went to another party, since it was planned.";
  if (meant.some(({case: one, releasedBy}) => one.isProtected && releasedBy === null))
    return "A case is protected by now and waits for a second person.";
  const {tlp} = noticeOf(content);
  const isStricter = meant.some(({case: one}) => tlp !== null && strictest(one.tlp, tlp) !== tlp);
  return isStricter ? "A case has a stricter sharing mark by now." : null;
}

async function isContactGone({house, zone}: CaseDesk, {contact, party}: Claimed, now: Date): Promise<boolean> {
  if (contact === null || party === null) return false;
  const held = await contactsIn(house, {parties: [party]}, now);
  const found = held.find(({id}) => id === contact);
  return found === undefined || !isValidOn(found, dayOf(now, zone));
}
