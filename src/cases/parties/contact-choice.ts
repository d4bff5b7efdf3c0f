/** Which contact of a party is written to, and why the others are not. */
import {
  type ContactChannel,
  type ContactLanguage,
  type ContactPurpose,
  isValidOn,
  type KnownContact,
  type WorkingHours,
} from "../../model/party.ts";
import type {Day} from "../../model/week.ts";
import {type HealthRule, healthOf} from "./health.ts";

/** In place of a purpose that a party has no contact for: these, in order. docs/parties.md has the same table. */
export const PURPOSE_FALLBACK: Readonly<Record<ContactPurpose, readonly ContactPurpose[]>> = {
  phishing: ["phishing", "abuse", "general"],
  malware: ["malware", "abuse", "general"],
  infection: ["infection", "abuse", "general"],
  abuse: ["abuse", "general"],
  vulnerability: ["vulnerability", "general", "abuse"],
  escalation: ["escalation", "general", "abuse"],
  general: ["general", "abuse"],
};

/** What is wanted. `isOpen` tells by the calendars whether hours are working hours now. */
export interface ContactQuestion {
  readonly purpose: ContactPurpose;
  readonly language: ContactLanguage;
  /** Channels that can be used, the best first. */
  readonly channels: readonly ContactChannel[];
  readonly on: Day;
  readonly now: Date;
  readonly rule: HealthRule;
  readonly isOpen: (hours: WorkingHours, now: Date) => boolean;
}

/** Why a contact was not used, the reason that weighs most. */
export type PassedOver = "not-valid" | "unhealthy" | "other-purpose" | "other-channel" | "less-fitting";

/** The contact, or null with the reason; `usesFallback` names the purpose that was taken instead of the wanted one. */
export interface ContactChoice {
  readonly contact: KnownContact | null;
  readonly usesFallback: ContactPurpose | null;
  readonly why: "no-contact" | "none-valid" | "none-healthy" | "none-for-purpose" | "none-by-channel" | null;
  readonly passedOver: readonly {readonly id: number; readonly reason: PassedOver}[];
}

/**
 * Chooses the contact: of those that are valid and healthy the one for the purpose, or what stands in for it; then by
 * language, by channel, one that works now before one that does not, one of our own before an imported one, the older one.
 * A contact outside its hours is used when there is no other: the answer takes longer, but the notice waits there.
 */
export function chooseContact(contacts: readonly KnownContact[], question: ContactQuestion): ContactChoice {
  const fallback = PURPOSE_FALLBACK[question.purpose];
  const faults = new Map(contacts.map((each) => [each.id, faultOf(each, question)]));
  const usable = contacts.filter(({id}) => faults.get(id) === null).toSorted(comparer(question, fallback));
  const [contact = null] = usable;
  const passedOver = contacts
    .filter(({id}) => id !== contact?.id)
    .map(({id}) => ({id, reason: faults.get(id) ?? ("less-fitting" as const)}));
  return {
    contact,
    usesFallback: contact === null || contact.purpose === question.purpose ? null : contact.purpose,
    why: contact === null ? whyNone(passedOver.map(({reason}) => reason)) : null,
    passedOver,
  };
}

function faultOf(contact: KnownContact, {purpose, channels, on, now, rule}: ContactQuestion): PassedOver | null {
  if (!isValidOn(contact, on)) return "not-valid";
  if (!PURPOSE_FALLBACK[purpose].includes(contact.purpose)) return "other-purpose";
  if (!channels.includes(contact.channel)) return "other-channel";
  return healthOf(contact.record, rule, now).isHealthy ? null : "unhealthy";
}

/** What a person has to mend: the contact that came nearest tells. */
function whyNone(reasons: readonly PassedOver[]): ContactChoice["why"] {
  if (reasons.length === 0) return "no-contact";
  if (reasons.includes("unhealthy")) return "none-healthy";
  if (reasons.includes("other-channel")) return "none-by-channel";
  return reasons.includes("other-purpose") ? "none-for-purpose" : "none-valid";
}

function comparer(
  {language, channels, now, isOpen}: ContactQuestion,
  fallback: readonly ContactPurpose[],
): (one: KnownContact, other: KnownContact) => number {
  const ranks = (each: KnownContact): number[] => [
    fallback.indexOf(each.purpose),
    each.language === language ? 0 : 1,
    channels.indexOf(each.channel),
    each.hours === null || isOpen(each.hours, now) ? 0 : 1,
    each.layer === "local" ? 0 : 1,
    each.id,
  ];
  return (one, other) => {
    const [mine, theirs] = [ranks(one), ranks(other)];
    const at = mine.findIndex((rank, index) => rank !== theirs[index]);
    return at < 0 ? 0 : (mine[at] ?? 0) - (theirs[at] ?? 0);
  };
}
