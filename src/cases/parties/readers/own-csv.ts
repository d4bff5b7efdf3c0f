/**
 * Our own list of parties, as CSV: one row a contact or a group of responsibilities; rows of one key are one party, and those
 * after the first may leave the party's own columns empty. docs/parties.md describes the columns.
 */
import {
  CONTACT_CHANNELS,
  CONTACT_LANGUAGES,
  CONTACT_PURPOSES,
  type Contact,
  isPartyKind,
  type PartyRecord,
  type PartyReject,
  partyNumber,
  partyRecordSchema,
  type Responsibility,
  type WorkingHours,
} from "../../../model/party.ts";
import {canonicalContactAddress, canonicalFingerprint, canonicalResponsibility, plainName} from "../spelling.ts";
import {csvRows, namedCells} from "./csv-rows.ts";
import {
  type PartyFormat,
  type ReadChoice,
  type ReadRecord,
  recordWith,
  responsibilityKind,
  unreadable,
} from "./reading.ts";

/** The columns, with what stands in them. Only the first three have to be there. docs/parties.md is checked against it. */
export const CSV_COLUMNS = {
  key: "your own key of the party; the same in every import",
  kind: "kind of party, a code of the taxonomy",
  name_zh: "Chinese name",
  name_en: "English name; one of the two is needed",
  party: "our number (WP-000123), to add to a party that is there already",
  country: "home country, ISO 3166-1 alpha-2",
  province: "province, first two digits of GB/T 2260",
  valid_from: "first day on which the party acts, YYYY-MM-DD",
  valid_until: "last day",
  responsible_for: "what it answers for, `kind:value` with `;` between them: `asn:AS64500; network:192.0.2.0/24`",
  purpose: "of the contact: abuse, phishing, malware, vulnerability, infection, escalation, general",
  language: "zh or en",
  channel: "mail, api or portal; mail when empty",
  address: "of the contact; empty when the row has none",
  hours: "working hours: calendar, from, to and zone, `cn 09:00-18:00 Asia/Shanghai`",
  pgp_fingerprints: "fingerprints of its OpenPGP keys, `;` between them",
  pgp_key: "the armored OpenPGP public key, in quotes over several lines",
  contact_from: "first day on which the contact is used",
  contact_until: "last day",
} as const;

const NEEDED = ["key", "kind", "name_zh"];
type Row = Readonly<Record<string, string>>;

/** Our own list. */
export const ownCsv: PartyFormat = {
  name: "csv",
  title: {zh: "本系统自有 CSV", en: "Our own CSV"},
  isWhole: true,
  read: (text, choice) => {
    const [first, ...rows] = csvRows(text);
    const header = first?.cells ?? [];
    const unknown = header.filter((name) => !Object.hasOwn(CSV_COLUMNS, name));
    if (NEEDED.some((name) => !header.includes(name)))
      return unreadable(`the header must name ${NEEDED.join(", ")}`, first?.line);
    if (unknown.length > 0) return unreadable(`there is no column ${unknown.join(", ")}`, first?.line);
    const parties = new Map<string, ReadRecord>();
    const broken = new Set<string>();
    const rejects: PartyReject[] = [];
    for (const {line, cells} of rows) {
      const row = namedCells(header, cells ?? []);
      const reason =
        cells === null || cells.length > header.length
          ? "has a broken quote, or too many cells"
          : rowFault(row, {line, parties, broken, choice});
      if (reason === null) continue;
      rejects.push({line, reason});
      broken.add(row["key"] ?? "");
    }
    return {records: [...parties.values()].filter(({record}) => !broken.has(record.key)), rejects, skipped: 0};
  },
};

interface Place {
  readonly line: number;
  readonly parties: Map<string, ReadRecord>;
  /** Keys of parties with a wrong row. Half a party would lose a contact unseen, so they stay as they were. */
  readonly broken: ReadonlySet<string>;
  readonly choice: ReadChoice;
}

/** Puts a row into its party; says what is wrong with it, or null. */
function rowFault(row: Row, {line, parties, broken, choice}: Place): string | null {
  const key = row["key"] ?? "";
  const before = parties.get(key);
  const responsibilities = responsibilitiesOf(row);
  const contact = row["address"] === "" || row["address"] === undefined ? null : contactOf(row, choice);
  if (key === "") return "has no key";
  if (typeof responsibilities === "string") return responsibilities;
  if (typeof contact === "string") return contact;
  const contacts = contact === null ? [] : [contact];
  const record = before === undefined || row["kind"] !== "" ? partyOf(row) : before.record;
  if (typeof record === "string") return broken.has(key) && row["kind"] === "" ? null : record; // its first row says why
  if (before !== undefined && !isSameParty(before.record, record))
    return `says otherwise than line ${before.line} what ${key} is`;
  const base = before ?? {line, record};
  base.record.responsibilities.push(...responsibilities);
  base.record.contacts.push(...contacts);
  parties.set(key, base);
  return null;
}

function partyOf(row: Row): PartyRecord | string {
  const party = row["party"] ? partyNumber(row["party"]) : null;
  if (row["party"] && party === null) return `has no party number: ${row["party"]}`;
  if (!isPartyKind(row["kind"] ?? "")) return `names no kind of party: ${row["kind"]}`;
  const given = recordWith({
    ...{key: row["key"] ?? "", party, kind: row["kind"] ?? ""},
    names: {zh: plainName(row["name_zh"]), en: plainName(row["name_en"])},
    country: row["country"] || null,
    province: row["province"] || null,
    from: row["valid_from"] || null,
    until: row["valid_until"] || null,
  });
  const checked = partyRecordSchema.safeParse(given);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  return `${issue?.path.join(".") || "the row"}: ${issue?.message}`;
}

function isSameParty(one: PartyRecord, other: PartyRecord): boolean {
  const what = ({kind, names, country, province, from, until, party}: PartyRecord): string =>
    JSON.stringify([kind, names.zh, names.en, country, province, from, until, party]);
  return what(one) === what(other);
}

function responsibilitiesOf(row: Row): Responsibility[] | string {
  const found: Responsibility[] = [];
  for (const part of (row["responsible_for"] ?? "").split(";").map((each) => each.trim())) {
    if (part === "") continue;
    const kind = responsibilityKind(part.slice(0, part.indexOf(":")).trim());
    const value = kind === null ? null : canonicalResponsibility(kind, part.slice(part.indexOf(":") + 1));
    if (kind === null || value === null) return `is nothing to be responsible for: ${part}`;
    found.push({kind, value, from: null, until: null});
  }
  return found;
}

function contactOf(row: Row, choice: ReadChoice): Contact | string {
  const purpose = CONTACT_PURPOSES.find((each) => each === row["purpose"]);
  const language = CONTACT_LANGUAGES.find((each) => each === (row["language"] || choice.language));
  const channel = CONTACT_CHANNELS.find((each) => each === (row["channel"] || "mail"));
  if (purpose === undefined) return `has no purpose of a contact: ${row["purpose"] ?? ""}`;
  if (language === undefined) return `has no language of a contact: ${row["language"]}`;
  if (channel === undefined) return `has no channel of a contact: ${row["channel"]}`;
  const address = canonicalContactAddress(channel, row["address"] ?? "");
  if (address === null) return `is no address for ${channel}: ${row["address"]}`;
  const hours = workingHours(row["hours"] ?? "");
  if (hours === "bad") return `has no working hours such as "cn 09:00-18:00": ${row["hours"]}`;
  const stated = (row["pgp_fingerprints"] ?? "").split(";").filter((each) => each.trim() !== "");
  const pgpFingerprints = stated.flatMap((each) => canonicalFingerprint(each) ?? []);
  if (pgpFingerprints.length < stated.length) return `has no fingerprint: ${row["pgp_fingerprints"]}`;
  const days = {from: row["contact_from"] || null, until: row["contact_until"] || null};
  if ([days.from, days.until].some((day) => day !== null && !isDay(day))) return "has no days such as 2023-02-20";
  return {purpose, language, channel, address, hours, pgpKey: row["pgp_key"] || null, pgpFingerprints, ...days};
}

function isDay(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
  );
}

const HOURS = /^(\S+) (([01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)(?: (\S+))?$/;

/** Returns working hours from `cn 09:00-18:00` with or without a zone; null for an empty text. */
export function workingHours(text: string): WorkingHours | null | "bad" {
  if (text.trim() === "") return null;
  const found = HOURS.exec(text.trim());
  const [, calendar, from, , to, zone] = found ?? [];
  if (calendar === undefined || from === undefined || to === undefined || from >= to) return "bad";
  return {calendar, zone: zone ?? null, from, to};
}
