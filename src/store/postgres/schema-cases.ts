/** The tables of cases as TypeScript sees them; migrations/0006-cases makes them. */
import type {ColumnType, Generated} from "kysely";
import type {
  BorderTest,
  CaseFacts,
  CaseSource,
  CaseState,
  CaseStepName,
  ComplaintSource,
  Severity,
  Tlp,
} from "../../model/cases/case.ts";
import type {Progress} from "../../model/cases/case-change.ts";
import type {KeptContent} from "../../model/cases/case-history.ts";

/** A jsonb column: read as a value, written as the text of it. */
export type Json<Value> = ColumnType<Value, string, string>;

interface Cases {
  id: number;
  class: string;
  asset_kind: string;
  asset: string;
  facts: Json<CaseFacts>;
  brand: string | null;
  brand_sector: string | null;
  sector: string | null;
  province: string | null;
  scope: string | null;
  state: CaseState;
  round: number;
  severity: Severity;
  tlp: Tlp;
  source: CaseSource;
  rule: string | null;
  /** Party kinds that the rule names, first to be asked first. */
  parties: ColumnType<string[], string[] | undefined, string[]>;
  is_urgent: boolean;
  is_protected: boolean;
  release_asked_by: string | null;
  released_by: string | null;
  border_tests: BorderTest[];
  assignee: string | null;
  party: number | null;
  party_kind: string | null;
  /** Why a person has to decide; null: the rules go on by themselves. */
  waits_for: string | null;
  progress: Json<Progress>;
  merged_into: number | null;
  opened_at: Date;
  changed_at: Date;
  version: number;
  /** When the rules look at it next; null: after the mail that is on its way, or never. */
  act_at: Date | null;
  look_at: Date | null;
  look_kind: string | null;
}

/** Kept by the database: asset and brand in small letters. */
interface CaseSearch {
  case: number;
  text: string;
}

interface CaseAssets {
  class: string;
  asset_kind: string;
  asset: string;
  case: number;
}

interface CaseRounds {
  case: number;
  round: number;
  opened_at: Date;
  notified_at: Date | null;
  acknowledged_at: Date | null;
  resolved_at: Date | null;
  verified_at: Date | null;
  dismissed_at: Date | null;
  dismissed_by: "party" | "us" | null;
  answered_at: Date | null;
  gone_at: Date | null;
  party: number | null;
  party_kind: string | null;
}

interface CaseSteps {
  id: Generated<number>;
  case: number;
  round: number;
  step: CaseStepName;
  from_state: CaseState | null;
  to_state: CaseState;
  note: string | null;
  data: Json<Record<string, unknown>>;
  done_by: string;
  done_at: Date;
}

interface CaseSightings {
  case: number;
  report: string;
  feed: string;
  line: number;
  events: number;
  first_seen_at: Date;
  last_seen_at: Date;
}

interface Complaints {
  id: number;
  received_at: Date;
  source: ComplaintSource;
  key: string;
  reporter: string | null;
  wants_answer: boolean;
  class: string | null;
  asset_kind: string | null;
  asset: string | null;
  brand: string | null;
  text: string;
  state: "waiting" | "joined" | "refused";
  reason: string | null;
  case: number | null;
  changed_by: string | null;
  changed_at: Date;
}

interface ImportedCases {
  source: string;
  external_id: string;
  kind: "case" | "complaint";
  class: string;
  asset_kind: string;
  asset: string;
  state: CaseState;
  opened_at: Date;
  notified_at: Date | null;
  /** As of our own rounds: first answer after the notification. */
  answered_at: Date | null;
  verified_at: Date | null;
  party_kind: string | null;
  is_cross_border: boolean | null;
  brand_sector: string | null;
  province: string | null;
  /** What it is found by, in small letters. */
  search: string;
  /** All that the file said of it. */
  content: Json<KeptContent>;
  hash: string;
  added_by: string;
  added_at: Date;
  changed_by: string;
  changed_at: Date;
}

/** The tables of cases. */
export interface CaseTables {
  numbers: {kind: string; year: number; last: number};
  cases: Cases;
  case_assets: CaseAssets;
  case_search: CaseSearch;
  case_rounds: CaseRounds;
  case_steps: CaseSteps;
  case_sightings: CaseSightings;
  case_urls: {case: number; round: number; url: string; added_at: Date};
  opened_reports: {
    report: string;
    feed: string;
    opened: number;
    joined: number;
    counted: number;
    ignored: number;
    done_at: Date;
  };
  complaints: Complaints;
  responsibility_decisions: {
    id: Generated<number>;
    case: number;
    round: number;
    party: number | null;
    rank: number;
    decision: Json<unknown>;
    done_by: string;
    done_at: Date;
  };
  case_files: {
    id: Generated<number>;
    case: number;
    sha256: string;
    name: string;
    type: string;
    bytes: number;
    added_by: string;
    added_at: Date;
  };
  case_links: {case: number; other: number; added_at: Date};
  case_timers: {
    id: Generated<number>;
    case: number;
    reporter: string;
    told: string;
    /** What starts its clock, and how long it runs from then. */
    starts: "known" | "reported" | "ended";
    minutes: number;
    known_at: Date;
    done_by: string | null;
    done_at: Date | null;
  };
  imported_cases: ImportedCases;
}
