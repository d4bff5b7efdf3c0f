/** How cases are listed: what may be asked for, and what a line of the answer is. */
import {z} from "zod";
import {CASE_STATES, type CaseState, SEVERITIES, type Severity} from "./case.ts";

/** Queues that people work from: mine, nobody's, waiting for a person, overdue, back after takedown. */
export const QUEUES = ["mine", "unassigned", "waiting", "overdue", "returned"] as const;

const MOST_AT_ONCE = 500;

/** What a list is filtered by; every condition has to hold. `after` is the id of the last line of the page before. */
export const caseFilterSchema = z.strictObject({
  queue: z.enum(QUEUES).optional(),
  /** Whose cases `mine` are. */
  me: z.string().min(1).optional(),
  states: z.array(z.enum(CASE_STATES)).optional(),
  class: z.string().optional(),
  party: z.int().positive().optional(),
  severity: z.enum(SEVERITIES).optional(),
  sector: z.string().optional(),
  brand: z.string().optional(),
  province: z.string().optional(),
  /** A part of the asset or the brand, or an id. */
  search: z.string().min(1).max(200).optional(),
  after: z.string().optional(),
  limit: z.int().min(1).max(MOST_AT_ONCE).default(50),
});

/** What a list of cases is asked for. */
export type CaseFilter = z.input<typeof caseFilterSchema>;

/** One line of a list. Times are ISO 8601 in UTC. */
export interface CaseLine {
  readonly id: string;
  readonly class: string;
  readonly assetKind: string;
  readonly asset: string;
  readonly brand: string | null;
  readonly state: CaseState;
  readonly round: number;
  readonly severity: Severity;
  readonly isUrgent: boolean;
  readonly isProtected: boolean;
  readonly party: number | null;
  readonly assignee: string | null;
  readonly waitsFor: string | null;
  readonly openedAt: string;
  readonly changedAt: string;
  readonly actAt: string | null;
}
