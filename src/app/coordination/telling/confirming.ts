/** Asks contacts once a year whether they still hold; whoever does not answer is asked again, and those that bounce are left to a person. */
import type {PendingNotice} from "../../../cases/notices/pending.ts";
import {dayOf} from "../../../model/week.ts";
import type {Work} from "../../../store/cases/rows.ts";
import {addPending, type Pending} from "../../../store/notices/pending.ts";
import {addContactEvents} from "../../../store/parties/contacts.ts";
import {partiesOfNumbers} from "../../../store/parties/reading.ts";
import {confirmationsDue} from "../../parties.ts";
import {BY_RULE, type CaseDesk} from "../case-desk.ts";
import {contactsInside, noticeContact} from "./notice-cases.ts";

/** Asks for the mails that are due at `now`, and returns how many. */
export async function askContacts(desk: CaseDesk, now: Date): Promise<number> {
  if (desk.sender === null) return 0;
  const due = (await confirmationsDue(desk.house, now)).filter((step) => step.do !== "tell-person");
  const turn = Number(dayOf(now, desk.zone).replaceAll("-", ""));
  await desk.db.transaction().execute(async (work) => {
    const pending = due.flatMap(({contacts: [first], party}) =>
      first === undefined ? [] : [question(first, {party, turn, now})],
    );
    await addPending(work, pending);
    const asked = due.flatMap(({contacts}) =>
      contacts.map((contact) => ({contact, kind: "asked" as const, note: null, by: BY_RULE})),
    );
    await addContactEvents(work, asked, now);
  });
  return due.length;
}

function question(contact: number, {party, turn, now}: {party: number; turn: number; now: Date}) {
  return {
    event: "contact-confirm",
    ...{case: null, round: 1, complaint: null, party, contact, turn, reason: null, isUrgent: false, since: now},
  };
}

/** Returns what contacts are to be asked, of what waits. */
export async function contactNotices(
  desk: CaseDesk,
  work: Work,
  {pending, now}: {pending: readonly Pending[]; now: Date},
): Promise<PendingNotice[]> {
  const own = pending.filter(({event}) => event === "contact-confirm");
  if (own.length === 0) return [];
  const contacts = await contactsInside(desk, work, {of: {ids: own.flatMap(({contact}) => contact ?? [])}, now});
  const parties = await partiesOfNumbers(
    work,
    own.flatMap(({party}) => party ?? []),
  );
  return own.map((each): PendingNotice => {
    const contact = contacts.find(({id}) => id === each.contact);
    return {
      id: String(each.id),
      event: "contact-confirm",
      case: null,
      subject: String(each.contact),
      contact: contact === undefined ? null : noticeContact(contact, parties.get(contact.party)),
      ordinal: each.turn,
      isUrgent: false,
      since: each.since,
      needsRelease: false,
      releasedBy: null,
    };
  });
}
