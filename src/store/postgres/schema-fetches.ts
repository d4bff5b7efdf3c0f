/** Tables of fetching and of recurring work; migrations/0005-fetches.ts makes them. */
import type {ColumnType, Generated} from "kysely";

interface FetchStates {
  feed: string;
  token: Generated<number>;
  lease_until: Date | null;
  held_by: string | null;
  begun_at: Date | null;
  run_at: Date | null;
  success_at: Date | null;
  report_at: Date | null;
  failures: Generated<number>;
  error_at: Date | null;
  error_code: string | null;
  error_zh: string | null;
  error_en: string | null;
  memory: ColumnType<Record<string, unknown>, string | undefined, string>;
}

interface FetchRuns {
  id: Generated<number>;
  feed: string;
  token: number;
  begun_at: Date;
  ended_at: Date;
  outcome: "fetched" | "unchanged" | "partial" | "failed" | "lost";
  reports: number;
  new_reports: number;
  received: number;
  refused: number;
  error_code: string | null;
  error_zh: string | null;
  error_en: string | null;
}

interface FetchItems {
  feed: string;
  item: string;
  outcome: "taken" | "refused" | "skipped";
  code: string | null;
  seen_at: Date;
}

interface Ticks {
  name: string;
  begun_at: Date | null;
  done_at: Date | null;
  mark: string | null;
}

/** The tables of fetching and of recurring work. */
export interface FetchSchema {
  fetch_states: FetchStates;
  fetch_runs: FetchRuns;
  fetch_items: FetchItems;
  ticks: Ticks;
}
