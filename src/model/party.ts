/**
 * A party (责任单位): who can act on an asset, what it answers for, and how it is reached. A party is kept in two layers:
 * what sources say of it (imported) and what people changed (local); what holds is the imports overlaid by the changes.
 */
import {z} from "zod";
import {TAXONOMY} from "./taxonomy.ts";
import type {Day} from "./week.ts";

const KINDS = new Set<string>(TAXONOMY.partyKinds.map(({code}) => code));
const PROVINCES = new Set<string>([...TAXONOMY.provinces, ...TAXONOMY.regions].map(({code}) => code));

/** What a party can be responsible for. `network` is a prefix (CIDR), `registrar` an IANA id, `store` an app store's host. */
export const RESPONSIBILITY_KINDS = [
  "domain",
  "store",
  "network",
  "asn",
  "registrar",
  "tld",
  "brand",
  "province",
  "sector",
  "country",
] as const;
export type ResponsibilityKind = (typeof RESPONSIBILITY_KINDS)[number];

/** What a contact is for. */
export const CONTACT_PURPOSES = [
  "abuse",
  "phishing",
  "malware",
  "vulnerability",
  "infection",
  "escalation",
  "general",
] as const;
export type ContactPurpose = (typeof CONTACT_PURPOSES)[number];

/** In which language a contact is written to. */
export const CONTACT_LANGUAGES = ["zh", "en"] as const;
export type ContactLanguage = (typeof CONTACT_LANGUAGES)[number];

/** How a contact is reached: by mail, by a program's interface, or by a form on a page that a person fills in. */
export const CONTACT_CHANNELS = ["mail", "api", "portal"] as const;
export type ContactChannel = (typeof CONTACT_CHANNELS)[number];

/** Where a statement comes from: a source that was imported, or somebody of ours. */
export type PartyLayer = "imported" | "local";

const day = z.iso.date().nullable();
/** First and last day on which it holds, both included; null is open. */
const valid = {from: day, until: day};
const name = z.string().min(1).max(500).nullable();

const workingHoursSchema = z.strictObject({
  calendar: z.string().min(1).max(50),
  zone: z.string().min(1).max(50).nullable(),
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/),
});

/** When a contact works: name of the calendar that tells its working days, zone (null: that of the calendar), from and to. */
export type WorkingHours = z.infer<typeof workingHoursSchema>;

const responsibilitySchema = z.strictObject({
  kind: z.enum(RESPONSIBILITY_KINDS),
  value: z.string().min(1).max(300),
  ...valid,
});

/** One thing that a party answers for; `value` in its one spelling. */
export type Responsibility = z.infer<typeof responsibilitySchema>;

/** The shape of a contact; that its address is one of its channel is checked where it comes in. */
export const contactSchema = z.strictObject({
  purpose: z.enum(CONTACT_PURPOSES),
  language: z.enum(CONTACT_LANGUAGES),
  channel: z.enum(CONTACT_CHANNELS),
  address: z.string().min(3).max(500),
  pgpKey: z.string().max(200_000).nullable(),
  pgpFingerprints: z.array(z.string().regex(/^[0-9A-F]{40}([0-9A-F]{24})?$/)),
  hours: workingHoursSchema.nullable(),
  ...valid,
});

/**
 * A party's address for one purpose. `pgpKey` is an armored OpenPGP public key as it was given; `pgpFingerprints` are those
 * that a source states: a key with another fingerprint is not used.
 */
export type Contact = z.infer<typeof contactSchema>;

const fields = {
  kind: z.string().refine((code) => KINDS.has(code), "is no party kind"),
  names: z
    .strictObject({zh: name, en: name})
    .refine(({zh, en}) => zh !== null || en !== null, "a name in one language is needed"),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
  province: z
    .string()
    .refine((code) => PROVINCES.has(code), "is no province of GB/T 2260")
    .nullable(),
  ...valid,
};

const partyFieldsSchema = z.strictObject(fields);

/** What a party is: kind (taxonomy), names, home country (ISO 3166-1), province (first two digits of GB/T 2260), valid days. */
export type PartyFields = z.infer<typeof partyFieldsSchema>;

/**
 * A party as a source states it. `key` is its key in the source; `identity` names it across sources where the field has
 * such a name (`iana-registrar:9999`): records of one identity are one party. `party` is our number where the source knows it.
 */
export const partyRecordSchema = z.strictObject({
  key: z.string().min(1).max(300),
  identity: z.string().min(1).max(300).nullable(),
  party: z.int().positive().nullable(),
  ...fields,
  responsibilities: z.array(responsibilitySchema),
  contacts: z.array(contactSchema),
});
export type PartyRecord = z.infer<typeof partyRecordSchema>;

/** A record of a source, as it was last imported. `isGone`: the source does not list it any more. */
export interface ImportedRecord {
  readonly source: string;
  readonly record: PartyRecord;
  readonly isGone: boolean;
}

/** A line of an import that could not be read: number of the first physical line (0: the file as a whole) and reason. */
export interface PartyReject {
  readonly line: number;
  readonly reason: string;
}

/** What holds of a responsibility, and who says so: the source, or null for the local layer. */
export interface HeldResponsibility extends Responsibility {
  readonly layer: PartyLayer;
  readonly source: string | null;
}

/** What holds of a contact. `key` names it within its party, and stays when its fields change. */
export interface HeldContact extends Contact {
  readonly key: string;
  readonly layer: PartyLayer;
  readonly source: string | null;
}

/** A party as it holds. `isStated` is false when no source states it any more and nobody of ours does. */
export interface HeldParty extends PartyFields {
  readonly isStated: boolean;
  readonly responsibilities: readonly HeldResponsibility[];
  readonly contacts: readonly HeldContact[];
}

/** A value of one path of a party; null is "not stated". */
export type PartyValue = string | true | readonly string[] | WorkingHours | null;

/**
 * A local change of one path: the value that holds instead of what sources say, and what they said when it was made (base).
 */
export interface PartyEdit {
  readonly path: string;
  readonly value: PartyValue;
  readonly base: PartyValue;
}

/** A path that was changed locally and that a source has changed since. A person decides; until then the local value holds. */
export interface PartyConflict extends PartyEdit {
  readonly imported: PartyValue;
}

/** What has happened to a contact: answers of mail servers, and our asking whether it still holds. */
export const HEALTH_EVENTS = ["soft-bounce", "hard-bounce", "delivered", "asked", "confirmed"] as const;
export type HealthEventKind = (typeof HEALTH_EVENTS)[number];

/** The life of a contact as far as it matters now. Times of the last of each kind; soft bounces since the last good sign. */
export interface ContactRecord {
  readonly addedAt: Date;
  readonly hardBounceAt: Date | null;
  readonly softBouncesAt: readonly Date[];
  readonly deliveredAt: Date | null;
  readonly askedAt: Date | null;
  readonly confirmedAt: Date | null;
}

/** A contact with its number, its party and its record. `pgp` is read from its key: null without key or when it is unusable. */
export interface KnownContact extends HeldContact {
  readonly id: number;
  readonly party: number;
  readonly pgp: PgpFacts | null;
  readonly record: ContactRecord;
}

/** What an OpenPGP key says of itself: fingerprint, and the day it expires; null never. */
export interface PgpFacts {
  readonly fingerprint: string;
  readonly expiresAt: string | null;
}

/** The facts of an asset by which its party is found. Empty and null: looked up and not found. Names in lower-case ASCII. */
export interface AssetFacts {
  readonly kind: string;
  readonly value: string;
  readonly ips: readonly string[];
  readonly asns: readonly number[];
  readonly host: string | null;
  readonly domain: string | null;
  readonly tld: string | null;
  readonly registrar: number | null;
  readonly store: string | null;
  readonly country: string | null;
  readonly province: string | null;
  readonly sector: string | null;
  readonly brand: string | null;
}

/** A party's claim to an asset: its responsibility that fits, and the days on which both hold. */
export interface Claim {
  readonly party: number;
  readonly partyKind: string;
  readonly names: PartyFields["names"];
  readonly partyFrom: Day | null;
  readonly partyUntil: Day | null;
  readonly responsibility: HeldResponsibility;
}

/** What a store needs to find every claim to an asset: values of responsibilities by kind, and addresses. */
export interface ClaimKeys {
  readonly values: readonly {readonly kind: ResponsibilityKind; readonly value: string}[];
  readonly ips: readonly string[];
}

/** Returns the number of a party as people see it: `WP-000123`. */
export function partyId(number: number): string {
  return `WP-${String(number).padStart(6, "0")}`;
}

/** Returns the number of `WP-000123`; null when the text is none. */
export function partyNumber(text: string): number | null {
  const found = /^WP-(\d{6,12})$/i.exec(text.trim())?.[1];
  return found === undefined || Number(found) === 0 ? null : Number(found);
}

/** Returns whether the code is a kind of party. */
export function isPartyKind(code: string): boolean {
  return KINDS.has(code);
}

/** Returns whether something that is valid `from` and `until` (both included, null is open) is valid on the day. */
export function isValidOn({from, until}: {readonly from: Day | null; readonly until: Day | null}, on: Day): boolean {
  return (from === null || from <= on) && (until === null || on <= until);
}
