/** What an import changes: which records are new, changed, the same, or gone from the source. */
import {type PartyRecord, partyRecordSchema} from "../../model/party.ts";
import {contactKey, responsibilityPath} from "./paths.ts";

/** A record that the store has of the source: its party, and its canonical text. */
export interface KnownRecord {
  readonly party: number;
  readonly text: string;
  readonly isGone: boolean;
}

/** What is known before an import: records of this source by key, and parties by the identity of any source's records. */
export interface KnownParties {
  readonly records: ReadonlyMap<string, KnownRecord>;
  readonly identities: ReadonlyMap<string, number>;
}

/** One record to be kept. `party` null is a new party; `join` groups new records of one identity into one new party. */
export interface ImportStep {
  readonly record: PartyRecord;
  readonly text: string;
  readonly party: number | null;
  readonly join: string;
  readonly isGone: boolean;
}

/** What an import changes, and how many records are as they were; `missing` are not in the list, and kept. */
export interface ImportPlan {
  readonly steps: readonly ImportStep[];
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  readonly missing: number;
  readonly unchanged: number;
}

/** How a list is taken. `keepsMissing`: a part of it could not be read, so what is not in it may be that part. */
export interface ImportMode {
  readonly isWhole: boolean;
  readonly keepsMissing?: boolean;
}

/**
 * Plans an import. Two records of one key are one: their lists are joined, the first states what the party is. The same
 * records again give no steps. With `isWhole` the file is all that the source has: records that are not in it are gone.
 */
export function planImport(
  records: readonly PartyRecord[],
  known: KnownParties,
  {isWhole, keepsMissing = false}: ImportMode,
): ImportPlan {
  const steps: ImportStep[] = [];
  const joined = joinKeys(records);
  let [added, changed, unchanged] = [0, 0, 0];
  for (const record of joined.values()) {
    const before = known.records.get(record.key);
    const text = recordText(record);
    if (before !== undefined && !before.isGone && before.text === text) {
      unchanged += 1;
      continue;
    }
    const party = before?.party ?? record.party ?? partyOfIdentity(known, record) ?? null;
    if (before === undefined) added += 1;
    else changed += 1;
    steps.push({record, text, party, join: record.identity ?? `key:${record.key}`, isGone: false});
  }
  const absent = isWhole ? [...known.records].filter(([key, {isGone}]) => !isGone && !joined.has(key)) : [];
  for (const [key, {party, text}] of keepsMissing ? [] : absent)
    steps.push({record: recordOfText(text), text, party, join: `key:${key}`, isGone: true});
  const [gone, missing] = keepsMissing ? [0, absent.length] : [absent.length, 0];
  return {steps, added, changed, gone, missing, unchanged};
}

function partyOfIdentity(known: KnownParties, {identity}: PartyRecord): number | undefined {
  return identity === null ? undefined : known.identities.get(identity);
}

function joinKeys(records: readonly PartyRecord[]): Map<string, PartyRecord> {
  const joined = new Map<string, PartyRecord>();
  for (const record of records) {
    const before = joined.get(record.key);
    joined.set(
      record.key,
      before === undefined
        ? record
        : {
            ...before,
            responsibilities: [...before.responsibilities, ...record.responsibilities],
            contacts: [...before.contacts, ...record.contacts],
          },
    );
  }
  return joined;
}

/** Returns a record as one text: the same for the same statements, whatever the order of its lists. */
export function recordText(record: PartyRecord): string {
  return JSON.stringify(inOrder(record));
}

/** Returns the record of a text that `recordText` made. */
export function recordOfText(text: string): PartyRecord {
  return partyRecordSchema.parse(JSON.parse(text));
}

/** Keys are written in one order, because the text is compared. */
function inOrder({
  key,
  identity,
  party,
  kind,
  names,
  country,
  province,
  from,
  until,
  ...lists
}: PartyRecord): PartyRecord {
  const responsibilities = sortedOnce(lists.responsibilities, responsibilityPath);
  const contacts = sortedOnce(lists.contacts, contactKey);
  return {
    ...{key, identity, party, kind, names: {zh: names.zh, en: names.en}, country, province, from, until},
    responsibilities: responsibilities.map((each) => ({
      kind: each.kind,
      value: each.value,
      from: each.from,
      until: each.until,
    })),
    contacts: contacts.map((each) => ({
      ...{purpose: each.purpose, language: each.language, channel: each.channel, address: each.address},
      pgpKey: each.pgpKey,
      pgpFingerprints: each.pgpFingerprints.toSorted(),
      hours: each.hours === null ? null : {...each.hours},
      from: each.from,
      until: each.until,
    })),
  };
}

function sortedOnce<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  const once = new Map<string, Item>();
  for (const item of items) if (!once.has(keyOf(item))) once.set(keyOf(item), item);
  return [...once].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, item]) => item);
}
