/** The tables of parties, contacts and registry answers as TypeScript sees them; migrations/0004-parties makes them. */
import type {ColumnType, Generated} from "kysely";
import type {
  ContactChannel,
  ContactLanguage,
  ContactPurpose,
  HealthEventKind,
  PartyLayer,
  PartyValue,
  ResponsibilityKind,
  WorkingHours,
} from "../../model/party.ts";

/** JSON is written as text, and read as what it means. */
type Json<Value> = ColumnType<Value, string | null, never>;

interface Parties {
  id: Generated<number>;
  kind: string;
  name_zh: string | null;
  name_en: string | null;
  country: string | null;
  province: string | null;
  valid_from: string | null;
  valid_until: string | null;
  is_stated: boolean;
  created_by: string;
  created_at: Date;
  changed_at: Date;
}

interface PartyImportRuns {
  id: Generated<number>;
  source: string;
  format: string;
  file_hash: string;
  added: number;
  changed: number;
  gone: number;
  unchanged: number;
  rejects: number;
  entered_by: string;
  entered_at: Date;
}

/** `record` is the canonical text that the next import is compared with. */
interface PartyImports {
  id: Generated<number>;
  run: number;
  source: string;
  key: string;
  identity: string | null;
  party: number;
  record: string;
  is_gone: boolean;
}

interface PartyEdits {
  id: Generated<number>;
  party: number;
  path: string;
  step: "set" | "withdraw";
  value: Json<PartyValue>;
  base: Json<PartyValue>;
  reason: string | null;
  entered_by: string;
  entered_at: Date;
}

interface PartyConflicts {
  party: number;
  path: string;
  found_at: Date;
}

interface PartyResponsibilities {
  party: number;
  kind: ResponsibilityKind;
  value: string;
  network: string | null;
  valid_from: string | null;
  valid_until: string | null;
  layer: PartyLayer;
  source: string | null;
}

/** `is_held` is false for a contact that no layer states any more: notices of before still point to it. */
interface Contacts {
  id: Generated<number>;
  party: number;
  key: string;
  purpose: ContactPurpose;
  language: ContactLanguage;
  channel: ContactChannel;
  address: string;
  pgp_key: string | null;
  pgp_fingerprints: string[];
  pgp_fingerprint: string | null;
  pgp_expires_at: Date | null;
  hours: Json<WorkingHours | null>;
  valid_from: string | null;
  valid_until: string | null;
  layer: PartyLayer;
  source: string | null;
  is_held: boolean;
  added_at: Date;
}

interface ContactEvents {
  id: Generated<number>;
  contact: number;
  kind: HealthEventKind;
  at: Date;
  note: string | null;
  entered_by: string;
}

/** `answer` is null where the server says that there is nothing (404). */
interface RdapAnswers {
  key: string;
  url: string;
  status: number;
  answer: string | null;
  fetched_at: Date;
}

/** The tables of 0004-parties. */
export interface PartySchema {
  parties: Parties;
  party_import_runs: PartyImportRuns;
  party_imports: PartyImports;
  party_edits: PartyEdits;
  party_conflicts: PartyConflicts;
  party_responsibilities: PartyResponsibilities;
  contacts: Contacts;
  contact_events: ContactEvents;
  rdap_answers: RdapAnswers;
}
