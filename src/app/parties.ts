/**
 * Parties and contacts for whoever calls: the command line now, HTTP later. Each function takes the house and typed
 * arguments; what is decided is decided in cases/parties/.
 */
import {type ContactChoice, type ContactQuestion, chooseContact} from "../cases/parties/contact-choice.ts";
import {type ConfirmationStep, planConfirmations} from "../cases/parties/health.ts";
import {claimKeys} from "../cases/parties/precedence.ts";
import {type ProtectedList, protectedList} from "../cases/parties/protected-list.ts";
import {type ResponsibilityDecision, responsible} from "../cases/parties/responsibility.ts";
import {plainName} from "../cases/parties/spelling.ts";
import type {AssetFacts, HealthEventKind, HeldResponsibility, KnownContact, PartyConflict} from "../model/party.ts";
import {dayOf} from "../model/week.ts";
import type {Reading} from "../store/cases/rows.ts";
import {claimsTo} from "../store/parties/claims.ts";
import {addContactEvents, type ContactFilter, contactsWith} from "../store/parties/contacts.ts";
import {type EditRow, editHistory} from "../store/parties/edits.ts";
import {importedRecords, importedSources, type SourceState} from "../store/parties/imports.ts";
import {
  domainsOfKinds,
  listParties,
  openConflicts,
  type PartyFilter,
  type PartyLine,
  type PartyView,
  partyOf,
  responsibilitiesOf,
} from "../store/parties/reading.ts";
import type {House} from "./house.ts";
import {
  type Act,
  addContactTo,
  type ContactChanges,
  changeContact,
  changeParty,
  conflictsIn,
  makeParty,
  type NewParty,
  type PartyChanges,
  type Resolution,
  resolveConflictAt,
} from "./parties/editing.ts";
import {type ImportAnswer, importInto, type PartyImport} from "./parties/importing.ts";
import {siteText} from "./site/lookups.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Kinds of party that are ours: a notice about their domains needs a second person. */
const OURS = ["constituent", "provincial-branch", "regulator"];

/** Returns parties in the order of their numbers. Throws database_unavailable. */
export async function partiesIn(house: House, filter: PartyFilter): Promise<PartyLine[]> {
  const {db} = await house.database();
  return listParties(db, filter);
}

/** One party with all that is known of it. `responsibilities` are the first of `responsibilityCount`. */
export interface PartyDossier extends PartyView {
  readonly responsibilities: readonly HeldResponsibility[];
  readonly contacts: readonly KnownContact[];
  readonly sources: readonly {readonly source: string; readonly key: string; readonly isGone: boolean}[];
  readonly conflicts: readonly PartyConflict[];
  readonly history: readonly EditRow[];
}

/** Returns a party with at most `limit` of its responsibilities. Throws party_unknown. */
export async function dossierOf(
  house: House,
  {party, limit}: {party: number; limit: number},
  now: Date,
): Promise<PartyDossier> {
  const {db} = await house.database();
  const records = (await importedRecords(db, [party])).get(party) ?? [];
  return {
    ...(await partyOf(db, party)),
    responsibilities: await responsibilitiesOf(db, {party, limit}),
    contacts: await contactsIn(house, {parties: [party]}, now),
    sources: records.map(({source, record: {key}, isGone}) => ({source, key, isGone})),
    conflicts: await conflictsIn(db, party),
    history: await editHistory(db, party),
  };
}

/** Returns the last import of each source. */
export async function partySources(house: House): Promise<SourceState[]> {
  const {db} = await house.database();
  return importedSources(db);
}

/** Takes a list of parties in. Throws usage, party_import_unfit; then nothing has changed. */
export async function importParties(house: House, list: PartyImport, now: Date): Promise<ImportAnswer> {
  const {db} = await house.database();
  return importInto(db, list, now);
}

/** Makes a party of our own and returns its number. Throws usage. */
export async function addParty(house: House, party: NewParty, act: Act): Promise<number> {
  const {db} = await house.database();
  return makeParty(db, party, act);
}

/** Changes a party locally; no import takes it back. Throws party_unknown, usage. */
export async function editParty(house: House, changes: PartyChanges, act: Act): Promise<void> {
  const {db} = await house.database();
  await changeParty(db, changes, act);
}

/** Adds a contact of our own and returns it. Throws party_unknown, usage, pgp_key_unfit. */
export async function addContact(
  house: House,
  given: Parameters<typeof addContactTo>[1],
  act: Act,
): Promise<KnownContact> {
  const {db} = await house.database();
  const key = await addContactTo(db, given, act);
  const found = (await contactsIn(house, {parties: [given.party]}, act.now)).find((each) => each.key === key);
  if (found === undefined) throw new Error(`the contact ${key} was not kept`);
  return found;
}

/** Changes, hides or brings back a contact; returns its key, another one when its address is another. Throws party_unknown, contact_unknown, usage, pgp_key_unfit. */
export async function editContact(house: House, changes: ContactChanges, act: Act): Promise<string> {
  const {db} = await house.database();
  return changeContact(db, changes, act);
}

/** The conflicts of one party. */
export interface PartyConflicts {
  readonly party: number;
  readonly conflicts: readonly (PartyConflict & {readonly foundAt: Date})[];
}

/** Returns all open conflicts, or those of one party: what was set here, what its source said then and says now. */
export async function partyConflicts(house: House, party: number | null): Promise<PartyConflicts[]> {
  const {db} = await house.database();
  const open = await openConflicts(db, party);
  const numbers = [...new Set(open.map((each) => each.party))];
  const found: PartyConflicts[] = [];
  for (const number of numbers) {
    const conflicts = (await conflictsIn(db, number)).flatMap((each) => {
      const foundAt = open.find((row) => row.party === number && row.path === each.path)?.foundAt;
      return foundAt === undefined ? [] : [{...each, foundAt}];
    });
    found.push({party: number, conflicts});
  }
  return found;
}

/** Decides a conflict. Throws party_unknown, usage when there is none at the path. */
export async function resolveConflict(house: House, resolution: Resolution, act: Act): Promise<void> {
  const {db} = await house.database();
  await resolveConflictAt(db, resolution, act);
}

/** An asset whose party is looked for, with the kinds of party that its class wants, in order. */
export interface WhoQuestion {
  readonly facts: AssetFacts;
  readonly order: readonly string[];
  readonly except?: ReadonlySet<number>;
}

/** Decides who is responsible for each asset, in their order: two round trips for all of them. */
export async function whoIsResponsible(
  house: House,
  questions: readonly WhoQuestion[],
  now: Date,
): Promise<ResponsibilityDecision[]> {
  const {db} = await house.database();
  return whoIsResponsibleInside(db, {house, questions, now});
}

/** The same as a transaction sees it: who holds a case locked must not wait for another connection. */
export async function whoIsResponsibleInside(
  db: Reading,
  {house, questions, now}: {readonly house: House; readonly questions: readonly WhoQuestion[]; readonly now: Date},
): Promise<ResponsibilityDecision[]> {
  const on = dayOf(now, house.config.profile.zone);
  const claims = await claimsTo(
    db,
    questions.map(({facts}) => claimKeys(facts)),
  );
  return questions.map((question, at) => responsible({...question, on}, claims[at] ?? []));
}

/** Returns contacts with their record. */
export async function contactsIn(house: House, filter: ContactFilter, now: Date): Promise<KnownContact[]> {
  const {db} = await house.database();
  const {softBounceDays} = house.config.parties;
  return contactsWith(db, filter, {softSince: new Date(now.getTime() - softBounceDays * DAY_MS)});
}

/** Chooses the contact of a party; null with the reason when there is none that can be used. */
export async function contactFor(
  house: House,
  party: number,
  question: Omit<ContactQuestion, "on" | "rule">,
): Promise<ContactChoice> {
  const contacts = await contactsIn(house, {parties: [party]}, question.now);
  const on = dayOf(question.now, house.config.profile.zone);
  return chooseContact(contacts, {...question, on, rule: house.config.parties});
}

/** What happened to contacts: at one mail address, whoever's it is, or to those of these numbers. */
export interface ContactNews {
  readonly of: {readonly address: string} | {readonly ids: readonly number[]};
  readonly kind: HealthEventKind;
  /** What the mail server or the person said. */
  readonly note: string | null;
  readonly by: string;
}

/** Adds to the contacts' records and returns them as they are then. Throws contact_unknown. */
export async function recordContactNews(
  house: House,
  {of, kind, note, by}: ContactNews,
  at: Date,
): Promise<KnownContact[]> {
  const {db} = await house.database();
  const ids = "ids" in of ? of.ids : (await contactsIn(house, of, at)).map(({id}) => id);
  await addContactEvents(
    db,
    ids.map((contact) => ({contact, kind, note: plainName(note), by})),
    at,
  );
  return contactsIn(house, {ids}, at);
}

/** Returns whom to ask whether their contacts still hold. When they were asked, `recordContactNews` is told "asked". */
export async function confirmationsDue(house: House, now: Date): Promise<ConfirmationStep[]> {
  const on = dayOf(now, house.config.profile.zone);
  return planConfirmations(await contactsIn(house, "all", now), house.config.parties, {now, on});
}

/** Returns what must not be notified about without a second person. Throws table_invalid with file and line. */
export async function protectedNames(house: House): Promise<ProtectedList> {
  const {db} = await house.database();
  const file = {name: "tables/protected.txt", text: await siteText(house.home, "protected.txt")};
  const {profile, mail} = house.config;
  const {governmentSuffixes, publisher} = profile;
  const own = [new URL(publisher.siteUrl).hostname, ...(mail === null ? [] : [mail.domain])];
  return protectedList(file, {governmentSuffixes, ownDomains: [...own, ...(await domainsOfKinds(db, OURS))]});
}
