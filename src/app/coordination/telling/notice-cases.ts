/** Cases and contacts as notifications tell of them. */

import {dueOf} from "../../../cases/deadlines/due.ts";
import type {ContactState} from "../../../cases/notices/pending.ts";
import {healthOf, keyState} from "../../../cases/parties/health.ts";
import type {CaseAtWork} from "../../../model/cases/case-change.ts";
import type {NoticeCase, NoticeContact} from "../../../model/notification.ts";
import type {ContactPurpose, KnownContact} from "../../../model/party.ts";
import type {Work} from "../../../store/cases/rows.ts";
import type {SightingSum} from "../../../store/cases/sightings.ts";
import {type ContactFilter, contactsWith} from "../../../store/parties/contacts.ts";
import type {PartyView} from "../../../store/parties/reading.ts";
import {type CaseDesk, deadlineOf} from "../case-desk.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a contact has to be for, by the class of the case. */
const PURPOSES: readonly (readonly [RegExp, ContactPurpose])[] = [
  [/^web\.(phish|fakeapp)$|^abuse\.fraud$/, "phishing"],
  [/^mal\.(site|page|mobile|conf|c2|dga)$/, "malware"],
  [/^mal\./, "infection"],
  [/^vuln\./, "vulnerability"],
];

/** Returns the purpose for which a contact is looked for. */
export function purposeOf(problem: string): ContactPurpose {
  return PURPOSES.find(([pattern]) => pattern.test(problem))?.[1] ?? "abuse";
}

/** Returns a case as its party is told of it. `evidence` is what our look saw. */
export function noticeCase(
  desk: CaseDesk,
  there: CaseAtWork,
  {sighting, evidence, now}: {sighting: SightingSum | undefined; evidence: string | null; now: Date},
): NoticeCase {
  const {case: one, round, partyKind} = there;
  const {asset, facts} = one;
  const {deadline, clock} = deadlineOf(desk, there, partyKind ?? "");
  return {
    id: one.id,
    round: round.round,
    class: one.class,
    severity: one.severity,
    tlp: one.tlp,
    asset: {
      kind: asset.kind,
      value: asset.value,
      ip: facts.ip,
      asn: facts.asn,
      country: facts.country,
      registrar: facts.registrarName,
      brand: facts.brand,
      sector: facts.brandSector ?? facts.sector,
      service: null,
    },
    // what only people told us of was first seen when they did
    firstSeen: sighting === undefined ? new Date(round.openedAt) : sighting.firstSeenAt,
    lastSeen: sighting === undefined ? new Date(round.openedAt) : sighting.lastSeenAt,
    events: sighting?.events ?? 0,
    dueAt: dueOf(now, deadline, clock).resolveBy,
    evidence,
    asked: null,
  };
}

/** Returns a contact as notifications name it. */
export function noticeContact(contact: KnownContact, party: PartyView | undefined): NoticeContact {
  const {zh = null, en = null} = party?.names ?? {};
  const name = contact.language === "zh" ? (zh ?? en) : (en ?? zh);
  return {
    id: String(contact.id),
    party: name ?? "",
    name: null,
    address: contact.address,
    language: contact.language,
    purpose: contact.purpose,
    channel: contact.channel,
    key: contact.pgpKey,
  };
}

/** Returns contacts with their record, as a transaction sees them. */
export function contactsInside(
  {house}: CaseDesk,
  work: Work,
  {of, now}: {readonly of: ContactFilter; readonly now: Date},
): Promise<KnownContact[]> {
  return contactsWith(work, of, {softSince: new Date(now.getTime() - house.config.parties.softBounceDays * DAY_MS)});
}

/** Returns whether a contact can be used, and by which means. */
export function contactState(
  {house}: CaseDesk,
  contact: KnownContact,
  {lastAt, now}: {lastAt: ContactState["lastGroupedAt"]; now: Date},
): ContactState {
  return {
    isHealthy: healthOf(contact.record, house.config.parties, now).isHealthy,
    canEncrypt: contact.channel !== "mail" || keyState(contact, contact.pgp, now) === "usable",
    lastGroupedAt: lastAt,
  };
}
