/** Whether a contact still works: what mail servers answered, and our asking once a year whether it still holds. */
import {type ContactRecord, isValidOn, type KnownContact, type PgpFacts} from "../../model/party.ts";
import type {Day} from "../../model/week.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** How many soft bounces within how many days make a contact unhealthy. */
export interface HealthRule {
  readonly softBounces: number;
  readonly softBounceDays: number;
}

/** How often we ask whether a contact still holds, and after how many days without answer again. */
export interface ConfirmationRule extends HealthRule {
  readonly confirmDays: number;
  readonly askAgainDays: number;
}

/** Whether a contact can be used, and what speaks against it. */
export interface ContactHealth {
  readonly isHealthy: boolean;
  readonly because: "hard-bounce" | "soft-bounces" | null;
}

/**
 * Returns whether a contact works. A hard bounce makes it unhealthy until it is confirmed or a later mail is delivered; so do
 * as many soft bounces as the rule says within its days, without a good sign since. Soft bounces grow old, hard ones do not.
 */
export function healthOf(record: ContactRecord, rule: HealthRule, now: Date): ContactHealth {
  const good = lastGood(record);
  if (record.hardBounceAt !== null && record.hardBounceAt.getTime() > good)
    return {isHealthy: false, because: "hard-bounce"};
  const since = Math.max(good, now.getTime() - rule.softBounceDays * DAY_MS);
  const soft = record.softBouncesAt.filter((at) => at.getTime() > since);
  return soft.length >= rule.softBounces
    ? {isHealthy: false, because: "soft-bounces"}
    : {isHealthy: true, because: null};
}

function lastGood({deliveredAt, confirmedAt}: ContactRecord): number {
  return Math.max(
    deliveredAt?.getTime() ?? Number.NEGATIVE_INFINITY,
    confirmedAt?.getTime() ?? Number.NEGATIVE_INFINITY,
  );
}

/** What is known of a contact's key: `stated-otherwise` has a fingerprint that its source does not state. */
export type KeyState = "none" | "usable" | "expired" | "unreadable" | "stated-otherwise";

/** Returns whether a contact's key may be used to encrypt. `pgp` is what was read from the key itself. */
export function keyState(
  contact: {readonly pgpKey: string | null; readonly pgpFingerprints: readonly string[]},
  pgp: PgpFacts | null,
  now: Date,
): KeyState {
  if (contact.pgpKey === null) return "none";
  if (pgp === null) return "unreadable";
  if (contact.pgpFingerprints.length > 0 && !contact.pgpFingerprints.includes(pgp.fingerprint))
    return "stated-otherwise";
  return pgp.expiresAt !== null && Date.parse(pgp.expiresAt) <= now.getTime() ? "expired" : "usable";
}

/** One mail that asks whether contacts still hold: those of a party at one address are asked for together. */
export interface ConfirmationStep {
  readonly party: number;
  readonly address: string;
  readonly contacts: readonly number[];
  /** `ask` the first time in this round, `ask-again` without answer, `tell-person` when mail does not get there. */
  readonly do: "ask" | "ask-again" | "tell-person";
}

/**
 * Plans whom to ask. A contact is due when it was neither confirmed nor taken in for the days of the rule; it is asked again
 * after a while. One that bounces is not written to: a person is told. Interfaces and forms cannot answer and are left out.
 */
export function planConfirmations(
  contacts: readonly KnownContact[],
  rule: ConfirmationRule,
  {now, on}: {readonly now: Date; readonly on: Day},
): ConfirmationStep[] {
  const groups = new Map<string, KnownContact[]>();
  for (const contact of contacts) {
    if (contact.channel !== "mail" || !isValidOn(contact, on) || !isDue(contact.record, rule, now)) continue;
    const key = `${contact.party} ${contact.address.toLowerCase()}`;
    groups.set(key, [...(groups.get(key) ?? []), contact]);
  }
  return [...groups.values()].flatMap((group): ConfirmationStep[] => {
    const [first] = group;
    if (first === undefined) return [];
    const asked = lastAsked(group);
    if (asked !== null && now.getTime() - asked.getTime() < rule.askAgainDays * DAY_MS) return [];
    const step = {party: first.party, address: first.address, contacts: group.map(({id}) => id)};
    const isHealthy = group.every(({record}) => healthOf(record, rule, now).isHealthy);
    return [{...step, do: isHealthy ? (asked === null ? "ask" : "ask-again") : "tell-person"}];
  });
}

function isDue({addedAt, confirmedAt}: ContactRecord, {confirmDays}: ConfirmationRule, now: Date): boolean {
  return now.getTime() - (confirmedAt ?? addedAt).getTime() >= confirmDays * DAY_MS;
}

/** When it was asked in this round: an older question was answered by the last confirmation. */
function lastAsked(group: readonly KnownContact[]): Date | null {
  const asked = group.flatMap(({record: {askedAt, confirmedAt}}) =>
    askedAt !== null && (confirmedAt === null || askedAt > confirmedAt) ? [askedAt] : [],
  );
  return asked.toSorted((one, other) => other.getTime() - one.getTime())[0] ?? null;
}
