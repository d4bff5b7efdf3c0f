/** What every reader of party lists gives back, and how it is called. */
import type {Bilingual} from "../../../model/format.ts";
import {
  type Contact,
  type ContactLanguage,
  type PartyFields,
  type PartyRecord,
  type PartyReject,
  RESPONSIBILITY_KINDS,
  type Responsibility,
} from "../../../model/party.ts";
import {canonicalContactAddress} from "../spelling.ts";

/** One record with the first physical line that it stands on; 0 where the file is one document. */
export interface ReadRecord {
  readonly line: number;
  readonly record: PartyRecord;
}

/** What was read. `skipped` counts entries that are no party, such as reserved numbers. */
export interface PartyReading {
  readonly records: readonly ReadRecord[];
  readonly rejects: readonly PartyReject[];
  readonly skipped: number;
}

/** What the file itself does not say. */
export interface ReadChoice {
  /** Whose networks a list of networks holds. */
  readonly of: ListOwner | null;
  /** Home countries to keep, where the list is the world's; null keeps all. */
  readonly countries: readonly string[] | null;
  /** In which language contacts are written to, where the list does not say. */
  readonly language: ContactLanguage;
}

/** The party whose networks a plain list holds: an existing one by number, or a new one. */
export interface ListOwner extends Pick<PartyFields, "kind" | "names" | "country"> {
  readonly key: string;
  readonly party: number | null;
}

/** A kind of list. `isWhole`: a file is all that its source has, so that what is missing in the next one is gone. */
export interface PartyFormat {
  readonly name: string;
  readonly title: Bilingual;
  readonly isWhole: boolean;
  readonly read: (text: string, choice: ReadChoice) => PartyReading;
}

/** Returns a record with nothing in it but what is given. */
export function recordWith(given: Pick<PartyRecord, "key" | "kind" | "names"> & Partial<PartyRecord>): PartyRecord {
  return {
    ...{identity: null, party: null, country: null, province: null, from: null, until: null},
    ...{responsibilities: [], contacts: []},
    ...given,
  };
}

/** Returns a responsibility without days; the value is in its one spelling already. */
export function responsibleFor(kind: Responsibility["kind"], value: string | number): Responsibility {
  return {kind, value: String(value), from: null, until: null};
}

/** Returns a mail contact; null when the address is none. */
export function mailContact(
  address: string,
  given: Pick<Contact, "purpose" | "language"> & Partial<Contact>,
): Contact | null {
  const plain = canonicalContactAddress("mail", address);
  if (plain === null) return null;
  return {
    ...{channel: "mail", pgpKey: null, pgpFingerprints: [], hours: null, from: null, until: null},
    ...given,
    address: plain,
  };
}

/** Returns the kind of responsibility of that name, or null. */
export function responsibilityKind(text: string): Responsibility["kind"] | null {
  return RESPONSIBILITY_KINDS.find((each) => each === text) ?? null;
}

/** Returns a reading of one document that could not be read at all. */
export function unreadable(reason: string, line = 0): PartyReading {
  return {records: [], rejects: [{line, reason}], skipped: 0};
}
