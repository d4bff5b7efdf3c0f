/** Local changes of parties. Each is kept with name, time and reason, and holds until it is withdrawn. */
import type {Kysely} from "kysely";
import {conflictsOf, importedAt, importedLayer, overlay} from "../../cases/parties/overlay.ts";
import {
  CONTACT_FIELDS,
  type ContactField,
  contactAt,
  contactKey,
  contactPath,
  FIELD_PATHS,
  type FieldPath,
  fieldOf,
  isSameValue,
  responsibilityPath,
} from "../../cases/parties/paths.ts";
import {
  canonicalContactAddress,
  canonicalFingerprint,
  canonicalResponsibility,
  plainName,
} from "../../cases/parties/spelling.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {
  type Contact,
  contactSchema,
  isPartyKind,
  type PartyConflict,
  type PartyRecord,
  type PartyValue,
  partyRecordSchema,
  type Responsibility,
} from "../../model/party.ts";
import {addEdits, type EditStep} from "../../store/parties/edits.ts";
import {changingParties, makeParties} from "../../store/parties/imports.ts";
import {partyOf} from "../../store/parties/reading.ts";
import type {Schema} from "../../store/postgres/schema.ts";
import {type Layers, layersOf, refreshParties} from "./layers.ts";
import {readPgpKey} from "./pgp.ts";

/** Who changes something, and why. */
export interface Act {
  readonly by: string;
  readonly reason: string | null;
  readonly now: Date;
}

/** What a party is and what it answers for, as a person enters it. */
export type NewParty = Pick<PartyRecord, "kind" | "names" | "country" | "province" | "from" | "until"> & {
  readonly responsibilities: readonly Pick<Responsibility, "kind" | "value">[];
};

/** Makes a party of our own and returns its number. Throws usage for what is not right, or no name. */
export function makeParty(db: Kysely<Schema>, party: NewParty, act: Act): Promise<number> {
  const names = {zh: plainName(party.names.zh), en: plainName(party.names.en)};
  const record = checkedRecord({...party, names, responsibilities: party.responsibilities.map(spelled)});
  return changingParties(db, async (tx) => {
    const [number] = await makeParties(tx, [record], act);
    if (number === undefined) throw new Error("no number was given");
    const paths = new Map<string, PartyValue>();
    for (const path of FIELD_PATHS) paths.set(path, fieldOf(record, path));
    for (const each of record.responsibilities) paths.set(responsibilityPath(each), true);
    await change(tx, {party: number, values: paths}, act);
    return number;
  });
}

function checkedRecord(party: Omit<PartyRecord, "key" | "identity" | "party" | "contacts">): PartyRecord {
  const checked = partyRecordSchema.safeParse({...party, key: "own", identity: null, party: null, contacts: []});
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new WatchfloorError("usage", `${issue?.path.join(".") ?? "the party"}: ${issue?.message}`);
}

function spelled({kind, value: text}: Pick<Responsibility, "kind" | "value">): Responsibility {
  const value = canonicalResponsibility(kind, text);
  if (value === null) throw new WatchfloorError("usage", `${kind}:${text} is nothing to be responsible for`);
  return {kind, value, from: null, until: null};
}

/** Local changes of one party. A field that is null is emptied; one that is not named stays as it is. */
export interface PartyChanges {
  readonly party: number;
  readonly fields?: Partial<Record<FieldPath, string | null>>;
  readonly add?: readonly Pick<Responsibility, "kind" | "value">[];
  readonly remove?: readonly Pick<Responsibility, "kind" | "value">[];
}

/** Changes a party. Throws party_unknown, usage. */
export function changeParty(
  db: Kysely<Schema>,
  {party, fields: given = {}, add = [], remove = []}: PartyChanges,
  act: Act,
): Promise<void> {
  const fields = {...given};
  for (const path of ["names.zh", "names.en"] as const)
    if (given[path] !== undefined) fields[path] = plainName(given[path]);
  const values = new Map<string, PartyValue>();
  for (const path of FIELD_PATHS) if (fields[path] !== undefined) values.set(path, fields[path]);
  for (const each of add) values.set(responsibilityPath(spelled(each)), true);
  for (const each of remove) values.set(responsibilityPath(spelled(each)), null);
  const kind = fields.kind;
  if (kind !== undefined && (kind === null || !isPartyKind(kind)))
    throw new WatchfloorError("usage", `${kind} is no kind of party`);
  return changingParties(db, async (tx) => {
    const before = await partyOf(tx, party);
    const field = <Path extends FieldPath>(path: Path, now: string | null): string | null =>
      fields[path] === undefined ? now : (fields[path] ?? null);
    checkedRecord({
      kind: before.kind,
      names: {zh: field("names.zh", before.names.zh), en: field("names.en", before.names.en)},
      country: field("country", before.country),
      province: field("province", before.province),
      from: field("from", before.from),
      until: field("until", before.until),
      responsibilities: [],
    });
    await change(tx, {party, values}, act);
  });
}

/** Adds a contact of our own and returns its key. Throws party_unknown, usage, pgp_key_unfit. */
export async function addContactTo(
  db: Kysely<Schema>,
  {party, contact}: {party: number; contact: Contact},
  act: Act,
): Promise<string> {
  const whole = await checkedContact(contact, act.now);
  await changingParties(db, async (tx) => {
    await partyOf(tx, party);
    await change(tx, {party, values: pathsOfContact(whole)}, act);
  });
  return contactKey(whole);
}

function pathsOfContact(contact: Contact): Map<string, PartyValue> {
  const key = contactKey(contact);
  const values = new Map<string, PartyValue>([[contactPath(key), true]]);
  for (const field of CONTACT_FIELDS) {
    const value = contact[field];
    if (field !== "language" && value !== null && !(Array.isArray(value) && value.length === 0))
      values.set(contactPath(key, field), value);
  }
  return values;
}

/** Returns a contact in its one spelling. Throws usage, pgp_key_unfit. */
async function checkedContact(contact: Contact, now: Date): Promise<Contact> {
  const address = canonicalContactAddress(contact.channel, contact.address);
  if (address === null) throw new WatchfloorError("usage", `${contact.address} is no address for ${contact.channel}`);
  const whole = {...contact, address, pgpFingerprints: contact.pgpFingerprints.map(fingerprint)};
  const checked = contactSchema.safeParse(whole);
  const [issue] = checked.error?.issues ?? [];
  if (!checked.success) throw new WatchfloorError("usage", `${issue?.path.join(".")}: ${issue?.message}`);
  if (whole.pgpKey !== null) await checkKey(whole.pgpKey, whole.pgpFingerprints, now);
  return checked.data;
}

function fingerprint(text: string): string {
  const found = canonicalFingerprint(text);
  if (found === null) throw new WatchfloorError("usage", `${text} is no fingerprint of 40 or 64 hex digits`);
  return found;
}

/** Changes of a contact; `isHidden` true takes it out of use, false brings it back. */
export interface ContactChanges {
  readonly party: number;
  readonly key: string;
  readonly fields?: Partial<Pick<Contact, ContactField>>;
  readonly isHidden?: boolean;
}

/**
 * Changes a contact locally and returns its key. With another address it is another contact, whose health is its own: the old
 * one is hidden. Throws party_unknown, contact_unknown, usage, pgp_key_unfit.
 */
export async function changeContact(
  db: Kysely<Schema>,
  {party, key, fields = {}, isHidden}: ContactChanges,
  act: Act,
): Promise<string> {
  return changingParties(db, async (tx) => {
    await partyOf(tx, party);
    const {records, edits} = layersHere(await layersOf(tx, [party]), party);
    const before = contactAt(overlay(importedLayer(records).paths, edits), contactPath(key));
    const isKnown = edits.some(({path}) => path === contactPath(key));
    if (isHidden === false && isKnown && Object.keys(fields).length === 0) {
      await change(tx, {party, values: new Map([[contactPath(key), true]])}, act);
      return key;
    }
    if (before === null) throw new WatchfloorError("contact_unknown", key);
    const {key: _, ...plain} = before;
    const isSameKey = fields.pgpKey === undefined && fields.pgpFingerprints === undefined;
    const next = await checkedContact({...plain, ...fields, ...(isSameKey ? {pgpKey: null} : {})}, act.now);
    const whole = isSameKey ? {...next, pgpKey: plain.pgpKey} : next; // an old key may have expired meanwhile
    const isMoved = fields.address !== undefined && whole.address.toLowerCase() !== plain.address.toLowerCase();
    const values = isMoved ? pathsOfContact(whole) : new Map<string, PartyValue>();
    if (isMoved || isHidden === true) values.set(contactPath(key), null);
    for (const field of isMoved ? [] : CONTACT_FIELDS)
      if (fields[field] !== undefined) values.set(contactPath(key, field), whole[field]);
    await change(tx, {party, values}, act);
    return isMoved ? contactKey(whole) : key;
  });
}

/** A key is taken only when it can be used now, and is the one whose fingerprint was stated. */
async function checkKey(armored: string, stated: readonly string[], now: Date): Promise<void> {
  const {facts, fault} = await readPgpKey(armored, now);
  if (fault !== null) throw new WatchfloorError("pgp_key_unfit", fault);
  if (facts.expiresAt !== null && Date.parse(facts.expiresAt) <= now.getTime())
    throw new WatchfloorError("pgp_key_unfit", `${facts.fingerprint} expired on ${facts.expiresAt.slice(0, 10)}`);
  if (stated.length > 0 && !stated.includes(facts.fingerprint))
    throw new WatchfloorError(
      "pgp_key_unfit",
      `Its fingerprint is ${facts.fingerprint}; stated is ${stated.join(", ")}`,
    );
}

/** Returns the conflicts of a party: what was set, what the source said then, what it says now. Throws party_unknown. */
export async function conflictsIn(db: Kysely<Schema>, party: number): Promise<PartyConflict[]> {
  await partyOf(db, party);
  const {records, edits} = layersHere(await layersOf(db, [party]), party);
  return conflictsOf(importedLayer(records), edits);
}

/** Decides a conflict: our change stays and is from now on compared with what the source says now, or it is withdrawn. */
export interface Resolution {
  readonly party: number;
  readonly path: string;
  readonly take: "local" | "imported";
}

/** Resolves a conflict. Throws party_unknown, usage when there is none at the path. */
export function resolveConflictAt(db: Kysely<Schema>, {party, path, take}: Resolution, act: Act): Promise<void> {
  return changingParties(db, async (tx) => {
    const found = (await conflictsIn(tx, party)).find((each) => each.path === path);
    if (found === undefined) throw new WatchfloorError("usage", `there is no conflict at ${path}`);
    const {imported: base, value} = found;
    const step: EditStep = take === "local" ? {step: "set", path, value, base} : {step: "withdraw", path, base};
    await addEdits(tx, {party, by: act.by, reason: plainName(act.reason)}, {steps: [step], now: act.now});
    await refreshParties(tx, [party], act.now);
  });
}

/** Sets values by path; what is so already is not changed again, so that the history says what happened. */
async function change(
  tx: Kysely<Schema>,
  {party, values}: {party: number; values: ReadonlyMap<string, PartyValue>},
  {by, reason, now}: Act,
): Promise<void> {
  const {records, edits} = layersHere(await layersOf(tx, [party]), party);
  const layer = importedLayer(records);
  const local = new Map(edits.map((edit) => [edit.path, edit.value]));
  const steps = [...values].flatMap(([path, value]): EditStep[] => {
    const base = importedAt(layer, path);
    const isSo = local.has(path) ? isSameValue(local.get(path) ?? null, value) : value === null && base === null;
    return isSo ? [] : [{step: "set", path, value, base}];
  });
  await addEdits(tx, {party, by, reason: plainName(reason)}, {steps, now});
  await refreshParties(tx, [party], now);
}

function layersHere(all: ReadonlyMap<number, Layers>, party: number): Layers {
  return all.get(party) ?? {records: [], edits: []};
}
