/** Taking a list of parties in: read, compared with what is known of the source, written in one transaction. */
import type {Kysely} from "kysely";
import {type ImportMode, type ImportPlan, type KnownRecord, planImport} from "../../cases/parties/import-plan.ts";
import {PARTY_FORMATS} from "../../cases/parties/readers/index.ts";
import type {PartyFormat, ReadChoice, ReadRecord} from "../../cases/parties/readers/reading.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {type PartyReject, partyId, partyRecordSchema} from "../../model/party.ts";
import {sha256} from "../../store/canonical.ts";
import {
  changingParties,
  keepImport,
  knownPartyNumbers,
  partiesOfIdentities,
  recordsOfSource,
} from "../../store/parties/imports.ts";
import type {Schema} from "../../store/postgres/schema.ts";
import {didYouMean} from "../terminal/nearest.ts";
import {refreshParties} from "./layers.ts";
import {readPgpKey} from "./pgp.ts";

/** A list to take in. `acceptsLosses`: the source may lose more than half of its records. */
export interface PartyImport {
  readonly source: string;
  readonly format: string;
  readonly text: string;
  readonly choice: ReadChoice;
  readonly by: string;
  readonly acceptsLosses?: boolean;
}

/** What an import did. `conflicts` are those open now at the parties that it changed. */
export interface ImportAnswer {
  readonly source: string;
  readonly read: number;
  readonly skipped: number;
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  /** Records that are not in the list and are kept, because a part of it could not be read. */
  readonly missing: number;
  readonly unchanged: number;
  readonly conflicts: number;
  readonly rejects: readonly PartyReject[];
}

const SOURCE = /^[a-z0-9][a-z0-9-]{0,49}$/;
/** A source of at least so many records does not lose half of them overnight: the file is more likely cut off. */
const FEW = 10;
const MOST_LOST = 0.5;

/**
 * Takes a list in. Local changes stay, whatever the list says. Throws usage for a source or format that is none, and
 * party_import_unfit when nothing of the list can be read, or a source would lose all or more than half of its records.
 * Of a list with rejects nothing goes missing: what is not in it may be what could not be read.
 */
export async function importInto(db: Kysely<Schema>, list: PartyImport, now: Date): Promise<ImportAnswer> {
  if (!SOURCE.test(list.source))
    throw new WatchfloorError("usage", `${list.source} is no name of a source such as iana`);
  const format = formatNamed(list.format);
  const {records, rejects, skipped} = format.read(list.text, list.choice);
  if (records.length === 0 && rejects[0] !== undefined)
    throw new WatchfloorError("party_import_unfit", `line ${rejects[0].line} ${rejects[0].reason}`);
  return changingParties(db, async (tx) => {
    const known = await recordsOfSource(tx, list.source);
    const usable = await checked(tx, {records, known}, now);
    const acceptsLosses = list.acceptsLosses === true;
    const keepsMissing = !acceptsLosses && (rejects.length > 0 || usable.records.length < records.length);
    const plan = await planned(tx, {records: usable.records, known}, {isWhole: format.isWhole, keepsMissing});
    if (!acceptsLosses) checkLosses(list.source, plan, known);
    const all = [...rejects, ...usable.rejects];
    const {steps, ...counts} = plan;
    const run = {
      source: list.source,
      format: format.name,
      fileHash: sha256(list.text),
      rejects: all.length,
      by: list.by,
    };
    const parties = await keepImport(tx, {run: {...run, ...counts}, records: steps}, now);
    const conflicts = await refreshParties(tx, parties, now);
    return {source: list.source, read: records.length, skipped, ...counts, conflicts, rejects: all};
  });
}

type Known = ReadonlyMap<string, KnownRecord>;

async function planned(
  tx: Kysely<Schema>,
  {records, known}: {records: readonly ReadRecord[]; known: Known},
  mode: ImportMode,
): Promise<ImportPlan> {
  const plain = records.map(({record}) => record);
  const identities = await partiesOfIdentities(
    tx,
    plain.flatMap(({identity}) => identity ?? []),
  );
  return planImport(plain, {records: known, identities}, mode);
}

function checkLosses(source: string, {gone}: ImportPlan, known: Known): void {
  const held = [...known.values()].filter(({isGone}) => !isGone).length;
  if (gone > 0 && (gone === held || (held >= FEW && gone > held * MOST_LOST)))
    throw new WatchfloorError("party_import_unfit", `${source} would lose ${gone} of ${held} records`);
}

function formatNamed(name: string): PartyFormat {
  const found = PARTY_FORMATS.find((each) => each.name === name);
  const names = PARTY_FORMATS.map((each) => each.name);
  if (found === undefined) throw new WatchfloorError("usage", `there is no format ${name}.${didYouMean(name, names)}`);
  return found;
}

/**
 * What a reader cannot know: whether a party that is named is there, whether the record is another's already, and whether a
 * key is one. A bad key leaves its contact.
 */
async function checked(
  tx: Kysely<Schema>,
  {records, known}: {records: readonly ReadRecord[]; known: Known},
  now: Date,
): Promise<{records: ReadRecord[]; rejects: PartyReject[]}> {
  const there = await knownPartyNumbers(tx, [...new Set(records.flatMap(({record: {party}}) => party ?? []))]);
  const kept: ReadRecord[] = [];
  const rejects: PartyReject[] = [];
  for (const {line, record} of records) {
    const fault = shapeFault(record) ?? ownerFault(record, there, known.get(record.key));
    if (fault !== null) {
      rejects.push({line, reason: fault});
      continue;
    }
    const contacts = [];
    for (const contact of record.contacts) {
      const keyFault = contact.pgpKey === null ? null : (await readPgpKey(contact.pgpKey, now)).fault;
      if (keyFault !== null) rejects.push({line, reason: `the key of ${contact.address} is left out: ${keyFault}`});
      contacts.push(keyFault === null ? contact : {...contact, pgpKey: null});
    }
    kept.push({line, record: {...record, contacts}});
  }
  return {records: kept, rejects};
}

/** What others wrote may be too long, or hold what a database cannot keep: a zero character, half a character. */
function shapeFault(record: ReadRecord["record"]): string | null {
  if (/\\u(0000|d[89a-f][0-9a-f]{2})/i.test(JSON.stringify(record))) return "has characters that cannot be kept";
  const checkedRecord = partyRecordSchema.safeParse(record);
  if (checkedRecord.success) return null;
  const [issue] = checkedRecord.error.issues;
  return `${issue?.path.join(".") || "the record"}: ${issue?.message}`;
}

function ownerFault(
  {party, key}: ReadRecord["record"],
  there: ReadonlySet<number>,
  before: KnownRecord | undefined,
): string | null {
  if (party === null) return null;
  if (!there.has(party)) return `there is no party ${partyId(party)}`;
  return before === undefined || before.party === party ? null : `${key} is ${partyId(before.party)} already`;
}
