import {toldKey} from "../../../cases/notices/identity.ts";
import type {GroupSettings, PendingNotice} from "../../../cases/notices/pending.ts";
import {type ContactChoice, chooseContact} from "../../../cases/parties/contact-choice.ts";
import {type Complaint, shownId} from "../../../model/cases/case.ts";
import type {CaseAtWork} from "../../../model/cases/case-change.ts";
import type {NoticeEvent} from "../../../model/notification.ts";
import {NOTICE_EVENTS} from "../../../model/notification.ts";
import type {KnownContact} from "../../../model/party.ts";
import {dayOf} from "../../../model/week.ts";
import {lockCases} from "../../../store/cases/changing.ts";
import {complaintsOfKeys} from "../../../store/cases/complaints.ts";
import {caseKey, type Work} from "../../../store/cases/rows.ts";
import {sightingSums} from "../../../store/cases/sightings.ts";
import {dropSettled, type Pending} from "../../../store/notices/pending.ts";
import {type ToldSoFar, toldSoFar} from "../../../store/notices/reading.ts";
import {type PartyView, partiesOfNumbers} from "../../../store/parties/reading.ts";
import type {CaseDesk} from "../case-desk.ts";
import {evidenceTexts} from "../looking/evidence.ts";
import {contactNotices} from "./confirming.ts";
import {contactState, contactsInside, noticeCase, noticeContact, purposeOf} from "./notice-cases.ts";
import {reporterNotices} from "./reporters.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** All that waits, with what it is about and who would be told. */
export interface Table {
  readonly byId: ReadonlyMap<string, Pending>;
  readonly notices: readonly PendingNotice[];
  readonly cases: ReadonlyMap<string, CaseAtWork>;
  readonly complaints: ReadonlyMap<number, Complaint>;
  readonly contacts: ReadonlyMap<number, KnownContact>;
  readonly settings: GroupSettings;
  readonly soFar: ToldSoFar;
}

/** Weighs things that wait, inside a transaction. */
export async function weigh(
  desk: CaseDesk,
  work: Work,
  {pending, now}: {pending: readonly Pending[]; now: Date},
): Promise<Table> {
  const keys = pending.flatMap((each) => (each.case === null ? [] : [caseKey(each.case)]));
  const cases = new Map((await lockCases(work, keys)).map((each) => [each.case.id, each]));
  const current = await stillMeant(work, pending, cases);
  const parties = await partiesOfNumbers(
    work,
    current.flatMap(({party}) => party ?? []),
  );
  const choices = await chooseContacts(desk, work, {pending: current, cases, parties, now});
  const contacts = new Map([...choices].flatMap(([id, contact]) => (contact === null ? [] : [[id, contact] as const])));
  const known = [...contacts.values()];
  const soFar = await toldSoFar(work, {
    cases: keys,
    contacts: known.map(({id}) => id),
    complaints: current.flatMap(({complaint}) => complaint ?? []),
    asked: current.flatMap((each) => (each.case === null ? (each.contact ?? []) : [])),
    since: new Date(now.getTime() - DAY_MS),
  });
  const toParties = await partyNotices(desk, work, {current, cases, contacts, parties, now});
  const complaints = await complaintsOfKeys(
    work,
    current.flatMap(({complaint}) => complaint ?? []),
  );
  return {
    byId: new Map(current.map((each) => [String(each.id), each])),
    notices: [
      ...toParties,
      ...reporterNotices(desk, current, complaints),
      ...(await contactNotices(desk, work, {pending: current, now})),
    ],
    cases,
    complaints,
    contacts,
    soFar,
    settings: settingsOf(desk, {known, soFar, now}),
  };
}

/** What is asked of a case that is over, or in another round, is not meant any more. */
async function stillMeant(
  work: Work,
  pending: readonly Pending[],
  cases: ReadonlyMap<string, CaseAtWork>,
): Promise<Pending[]> {
  const isMeant = (each: Pending): boolean => {
    if (each.case === null || each.party === null || isLookingBack(each)) return true;
    const there = cases.get(each.case);
    const isOver = there === undefined || ["verified", "dismissed", "merged"].includes(there.case.state);
    if (isOver || (each.event === "reminder" && hasAnswered(there, each.since))) return false;
    return there.round.round === each.round && there.case.party === each.party;
  };
  await dropSettled(
    work,
    pending.filter((each) => !isMeant(each)).map(({id}) => id),
  );
  return pending.filter(isMeant);
}

/** Nobody is reminded of what he has answered while the reminder waited. */
function hasAnswered({progress: {assignment}}: CaseAtWork, since: Date): boolean {
  if (assignment === null) return false;
  const answers = [assignment.acknowledgedAt, ...assignment.claims.map(({at}) => at)];
  return answers.some((at) => at !== null && new Date(at) >= since);
}

/** Returns whether it is said of the past: that is said whatever has become of the case, and to whom it was told. */
export function isLookingBack({event}: Pick<Pending, "event">): boolean {
  return event === "recall" || event === "thanks";
}

interface Choosing {
  readonly pending: readonly Pending[];
  readonly cases: ReadonlyMap<string, CaseAtWork>;
  readonly parties: ReadonlyMap<number, PartyView>;
  readonly now: Date;
}

async function chooseContacts(
  desk: CaseDesk,
  work: Work,
  {pending, cases, parties, now}: Choosing,
): Promise<Map<number, KnownContact | null>> {
  const {house, zone, rules} = desk;
  const contacts = await contactsInside(desk, work, {of: {parties: [...parties.keys()]}, now});
  const byParty = Map.groupBy(contacts, ({party}) => party);
  const on = dayOf(now, zone);
  const known = new Map<string, ContactChoice>();
  return new Map(
    pending.flatMap(({id, party, case: of, contact: told}) => {
      const there = of === null ? undefined : cases.get(of);
      if (party === null || there === undefined) return [];
      const same = told === null ? undefined : contacts.find((each) => each.id === told);
      if (same !== undefined) return [[id, same] as const];
      const purpose = purposeOf(there.case.class);
      const home = parties.get(party)?.country ?? null;
      const language = home !== null && home === house.config.profile.territory.country ? "zh" : "en";
      const key = `${party} ${purpose}`;
      const choice =
        known.get(key) ??
        chooseContact(byParty.get(party) ?? [], {
          ...{purpose, language, on, now, rule: house.config.parties},
          channels: ["mail", "api", "portal"],
          isOpen: rules.isOpen,
        });
      known.set(key, choice);
      return [[id, choice.contact] as const];
    }),
  );
}

interface Noticing {
  readonly current: readonly Pending[];
  readonly cases: ReadonlyMap<string, CaseAtWork>;
  readonly contacts: ReadonlyMap<number, KnownContact>;
  readonly parties: ReadonlyMap<number, PartyView>;
  readonly now: Date;
}

async function partyNotices(
  desk: CaseDesk,
  work: Work,
  {current, cases, contacts, parties, now}: Noticing,
): Promise<PendingNotice[]> {
  const ids = [...cases.keys()];
  const sightings = await sightingSums(work, ids);
  const evidence = await evidenceTexts(work, ids);
  return current.flatMap((each): PendingNotice[] => {
    const there = each.case === null ? undefined : cases.get(each.case);
    if (each.party === null || there === undefined) return [];
    const contact = contacts.get(each.id);
    const {id} = there.case;
    const told = noticeCase(desk, there, {sighting: sightings.get(id), evidence: evidence.get(id) ?? null, now});
    return [
      {
        id: String(each.id),
        event: eventOf(each.event),
        case: told,
        subject: null,
        contact: contact === undefined ? null : noticeContact(contact, parties.get(each.party)),
        ordinal: each.turn,
        isUrgent: each.isUrgent,
        since: each.since,
        needsRelease: there.case.isProtected && !isLookingBack(each),
        releasedBy: there.releasedBy,
      },
    ];
  });
}

/** Returns the event of that name. */
function eventOf(name: string): NoticeEvent {
  const event = NOTICE_EVENTS.find((each) => each === name);
  if (event === undefined) throw new Error(`there is no event ${name}`);
  return event;
}

function settingsOf(
  desk: CaseDesk,
  {known, soFar, now}: {known: readonly KnownContact[]; soFar: ToldSoFar; now: Date},
): GroupSettings {
  const {notices} = desk.house.config;
  const lastAt = (contact: number): Partial<Record<NoticeEvent, Date>> =>
    Object.fromEntries(soFar.lastAt.flatMap((each) => (each.contact === contact ? [[each.event, each.at]] : [])));
  return {
    ...notices,
    templates: desk.templates,
    contacts: new Map(
      known.map((contact) => [String(contact.id), contactState(desk, contact, {lastAt: lastAt(contact.id), now})]),
    ),
    sentToday: soFar.mailsSince,
    told: new Set([
      ...soFar.told.map((each) => keyOfTold(`${shownId("WF", each.case)}#${each.round}`, each)),
      ...soFar.apart.map((each) =>
        keyOfTold(each.complaint === null ? each.contact : shownId("WC", each.complaint), each),
      ),
    ]),
  };
}

function keyOfTold(subject: string, {contact, event, turn}: {contact: string; event: string; turn: number}): string {
  return toldKey({subject, contact, event: eventOf(event), ordinal: turn});
}
