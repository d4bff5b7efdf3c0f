/**
 * A party as a flat map from path to value, so that layers overlay field by field with one rule.
 *
 * Paths: `kind`, `names.zh`, …; `responsibility:asn:4134` is true where the party answers for it, with its days in
 * `…#from` and `…#until`; `contact:abuse:en:mail:abuse@example.net` is true where there is the contact, with its fields
 * after `#`. What is not stated has no entry.
 */
import {
  CONTACT_CHANNELS,
  CONTACT_LANGUAGES,
  CONTACT_PURPOSES,
  type Contact,
  type PartyFields,
  type PartyRecord,
  type PartyValue,
  RESPONSIBILITY_KINDS,
  type Responsibility,
  type ResponsibilityKind,
  type WorkingHours,
} from "../../model/party.ts";

/** A party or a layer of it, by path. */
export type PartyPaths = ReadonlyMap<string, PartyValue>;

/** Paths of what a party is, apart from lists. */
export const FIELD_PATHS = ["kind", "names.zh", "names.en", "country", "province", "from", "until"] as const;
export type FieldPath = (typeof FIELD_PATHS)[number];

/** Fields of a contact that can be changed without making it another one. */
export const CONTACT_FIELDS = ["address", "language", "pgpKey", "pgpFingerprints", "hours", "from", "until"] as const;
export type ContactField = (typeof CONTACT_FIELDS)[number];

const RESPONSIBILITY = "responsibility:";
const CONTACT = "contact:";

/** Returns the path of a responsibility. */
export function responsibilityPath({kind, value}: Pick<Responsibility, "kind" | "value">): string {
  return `${RESPONSIBILITY}${kind}:${masked(value)}`;
}

/** Returns the key by which a contact is known within its party: what it is for, its language, channel and address. */
export function contactKey({purpose, language, channel, address}: Contact): string {
  return `${purpose}:${language}:${channel}:${masked(channel === "mail" ? address.toLowerCase() : address)}`;
}

/** `#` begins the name of a field, so it is written otherwise in what others chose: a web address, a brand. */
function masked(text: string): string {
  return text.replace(/[%#]/g, (mark) => (mark === "%" ? "%25" : "%23"));
}

function unmasked(text: string): string {
  return text.replace(/%(25|23)/g, (_, code: string) => (code === "25" ? "%" : "#"));
}

/** Returns the path of a contact, or of a field of it. */
export function contactPath(key: string, field?: ContactField): string {
  return field === undefined ? `${CONTACT}${key}` : `${CONTACT}${key}#${field}`;
}

/** Returns a record by path. */
export function pathsOfRecord(record: PartyRecord): Map<string, PartyValue> {
  const paths = new Map<string, PartyValue>();
  const put = (path: string, value: PartyValue): void => {
    if (value !== null && !(Array.isArray(value) && value.length === 0) && !paths.has(path)) paths.set(path, value);
  };
  for (const path of FIELD_PATHS) put(path, fieldOf(record, path));
  for (const each of record.responsibilities) {
    const path = responsibilityPath(each);
    put(path, true);
    put(`${path}#from`, each.from);
    put(`${path}#until`, each.until);
  }
  for (const contact of record.contacts) {
    const key = contactKey(contact);
    put(contactPath(key), true);
    for (const field of CONTACT_FIELDS) if (!isInKey(field)) put(contactPath(key, field), contact[field]);
    const isInOtherCase = contact.channel === "mail" && contact.address !== contact.address.toLowerCase();
    put(contactPath(key, "address"), isInOtherCase ? contact.address : null);
  }
  return paths;
}

/** Returns a field of a party by its path. */
export function fieldOf({names, ...fields}: PartyFields, path: FieldPath): string | null {
  if (path === "names.zh") return names.zh;
  if (path === "names.en") return names.en;
  return fields[path];
}

function isInKey(field: ContactField): boolean {
  return field === "address" || field === "language";
}

/** Returns what a party is, by path. A party that no source has a kind for any more keeps none: null. */
export function fieldsOfPaths(paths: PartyPaths): PartyFields | null {
  const text = (path: FieldPath): string | null => textOf(paths.get(path));
  const kind = text("kind");
  const names = {zh: text("names.zh"), en: text("names.en")};
  if (kind === null || (names.zh === null && names.en === null)) return null;
  return {
    kind,
    names,
    country: text("country"),
    province: text("province"),
    from: text("from"),
    until: text("until"),
  };
}

/** Returns the responsibility of a path with its days; null when the path is none, or nothing is there. */
export function responsibilityAt(paths: PartyPaths, path: string): Responsibility | null {
  if (!path.startsWith(RESPONSIBILITY) || path.includes("#") || paths.get(path) !== true) return null;
  const rest = path.slice(RESPONSIBILITY.length);
  const kind = kindNamed(rest.slice(0, rest.indexOf(":")));
  if (kind === null) return null;
  return {
    kind,
    value: unmasked(rest.slice(rest.indexOf(":") + 1)),
    from: textOf(paths.get(`${path}#from`)),
    until: textOf(paths.get(`${path}#until`)),
  };
}

/** Returns the contact of a path with its fields and its key; null when the path is none, or nothing is there. */
export function contactAt(paths: PartyPaths, path: string): (Contact & {key: string}) | null {
  if (!path.startsWith(CONTACT) || path.includes("#") || paths.get(path) !== true) return null;
  const key = path.slice(CONTACT.length);
  const [purpose, language, channel, ...rest] = key.split(":");
  const named = {
    purpose: CONTACT_PURPOSES.find((each) => each === purpose),
    language: CONTACT_LANGUAGES.find((each) => each === (textOf(paths.get(contactPath(key, "language"))) ?? language)),
    channel: CONTACT_CHANNELS.find((each) => each === channel),
  };
  if (named.purpose === undefined || named.language === undefined || named.channel === undefined) return null;
  return {
    key,
    purpose: named.purpose,
    language: named.language,
    channel: named.channel,
    address: textOf(paths.get(contactPath(key, "address"))) ?? unmasked(rest.join(":")),
    pgpKey: textOf(paths.get(contactPath(key, "pgpKey"))),
    pgpFingerprints: listOf(paths.get(contactPath(key, "pgpFingerprints"))),
    hours: hoursOf(paths.get(contactPath(key, "hours"))),
    from: textOf(paths.get(contactPath(key, "from"))),
    until: textOf(paths.get(contactPath(key, "until"))),
  };
}

/** Returns the path of the thing that a path is a field of; the path itself when it is a thing. */
export function thingOf(path: string): string {
  const at = path.lastIndexOf("#");
  return at < 0 || !FIELD.test(path.slice(at + 1)) ? path : path.slice(0, at);
}

const FIELD = new RegExp(`^(${CONTACT_FIELDS.join("|")})$`);

function kindNamed(text: string): ResponsibilityKind | null {
  return RESPONSIBILITY_KINDS.find((each) => each === text) ?? null;
}

function textOf(value: PartyValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function listOf(value: PartyValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function hoursOf(value: PartyValue | undefined): WorkingHours | null {
  return typeof value === "object" && value !== null && "calendar" in value ? value : null;
}

/** Returns whether two values are the same, the order of keys aside. */
export function isSameValue(one: PartyValue, other: PartyValue): boolean {
  return valueText(one) === valueText(other);
}

function valueText(value: PartyValue): string {
  if (typeof value !== "object" || value === null || !("calendar" in value)) return JSON.stringify(value);
  return JSON.stringify([value.calendar, value.zone, value.from, value.to]);
}
