/** Lists of cases, newest first, page by page, and all that belongs to one. */
import {type ExpressionBuilder, type Kysely, type SelectQueryBuilder, sql} from "kysely";
import {type CaseRound, type CaseStep, type Complaint, keyOfShown, type Sighting} from "../../model/cases/case.ts";
import {type CaseFilter, type CaseLine, caseFilterSchema} from "../../model/cases/case-list.ts";
import type {Schema} from "../postgres/schema.ts";
import {complaintOf} from "./complaints.ts";
import {caseId, caseKey, isoOf, likePattern, type Reading, roundOf, stepOf} from "./rows.ts";
import {type KeptTimer, timerOf} from "./timers.ts";

const COLUMNS = [
  "id",
  "class",
  "asset_kind",
  "asset",
  "brand",
  "state",
  "round",
  "severity",
  "is_urgent",
  "is_protected",
  "party",
  "assignee",
  "waits_for",
  "opened_at",
  "changed_at",
  "act_at",
] as const;

type Query = SelectQueryBuilder<Schema, "cases", object>;
type Where = ExpressionBuilder<Schema, "cases">;

/** Returns a page of the cases that meet the filter, newest first. Throws a ZodError for what may not be asked. */
export async function listCases(db: Kysely<Schema>, filter: CaseFilter, now: Date): Promise<CaseLine[]> {
  const {limit, after, ...asked} = caseFilterSchema.parse(filter);
  let query: Query = db.selectFrom("cases");
  if (after !== undefined) query = query.where("id", "<", caseKey(after));
  query = plainConditions(query, asked);
  query = queueCondition(query, asked, now);
  if (asked.search !== undefined) query = query.where(searchCondition(asked.search));
  const rows = await query.select(COLUMNS).orderBy("id", "desc").limit(limit).execute();
  return rows.map((row) => ({
    id: caseId(row.id),
    class: row.class,
    assetKind: row.asset_kind,
    asset: row.asset,
    brand: row.brand,
    state: row.state,
    round: row.round,
    severity: row.severity,
    isUrgent: row.is_urgent,
    isProtected: row.is_protected,
    party: row.party,
    assignee: row.assignee,
    waitsFor: row.waits_for,
    openedAt: row.opened_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
    actAt: isoOf(row.act_at),
  }));
}

type Asked = Omit<CaseFilter, "limit" | "after">;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns how many cases a queue has, and how many of them were opened within 1, 7 and 30 days. */
export async function countQueues(
  db: Kysely<Schema>,
  asked: Pick<Asked, "queue" | "me">,
  now: Date,
): Promise<{cases: number; day: number; week: number; month: number}> {
  const since = (days: number) => {
    const from = new Date(now.getTime() - days * DAY_MS);
    return sql<number>`(count(*) FILTER (WHERE opened_at > ${from}))::integer`;
  };
  const row = await queueCondition(db.selectFrom("cases"), asked, now)
    .select([
      sql<number>`count(*)::integer`.as("cases"),
      since(1).as("day"),
      since(7).as("week"),
      since(30).as("month"),
    ])
    .executeTakeFirstOrThrow();
  return row;
}

function plainConditions(query: Query, asked: Asked): Query {
  const equal = {
    class: asked.class,
    party: asked.party,
    severity: asked.severity,
    sector: asked.sector,
    brand: asked.brand,
    province: asked.province,
  } as const;
  let found = query;
  for (const [column, value] of Object.entries(equal))
    if (value !== undefined) found = found.where(column as keyof typeof equal, "=", value);
  if (asked.states !== undefined) found = found.where("state", "in", asked.states);
  return found;
}

function queueCondition(query: Query, {queue, me}: Asked, now: Date): Query {
  const atWork = query.where("state", "in", ["open", "notified", "acknowledged", "resolved"]);
  switch (queue) {
    case "mine":
      return atWork.where("assignee", "=", me ?? "");
    case "unassigned":
      return atWork.where("assignee", "is", null);
    case "waiting":
      return query.where("waits_for", "is not", null);
    case "overdue":
      return atWork.where("act_at", "<", now);
    case "returned":
      return atWork.where("round", ">", 1);
    default:
      return query;
  }
}

/** An id finds its case; anything else is looked for inside assets and brands, which lie in a table of their own for it. */
function searchCondition(search: string) {
  const key = keyOfShown("WF", search);
  const pattern = likePattern(search);
  return ({eb, selectFrom}: Where) =>
    key === null
      ? eb("id", "in", selectFrom("case_search").select("case").where("text", "like", pattern))
      : eb("id", "=", key);
}

/** Returns all rounds of a case, first one first. */
export async function roundsOf(db: Reading, id: string): Promise<CaseRound[]> {
  const rows = await db
    .selectFrom("case_rounds")
    .selectAll()
    .where("case", "=", caseKey(id))
    .orderBy("round")
    .execute();
  return rows.map(roundOf);
}

/** Returns the history of a case, first thing first. */
export async function stepsOf(db: Reading, id: string): Promise<CaseStep[]> {
  const rows = await db.selectFrom("case_steps").selectAll().where("case", "=", caseKey(id)).orderBy("id").execute();
  return rows.map(stepOf);
}

/** What came in about a case, and what is attached to it. Times are ISO 8601 in UTC. */
export interface CaseMatter {
  readonly sightings: readonly Sighting[];
  readonly urls: readonly string[];
  readonly complaints: readonly Complaint[];
  readonly files: readonly CaseFile[];
  readonly links: readonly string[];
  readonly decisions: readonly {
    readonly at: string;
    readonly by: string;
    readonly round: number;
    readonly party: number | null;
    readonly decision: unknown;
  }[];
  readonly timers: readonly KeptTimer[];
}

/** A file of a case; its bytes are kept under its hash and never shown inline. */
export interface CaseFile {
  readonly sha256: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly by: string;
  readonly at: string;
}

/** Returns what came in about a case, and what is attached to it. */
export async function matterOf(db: Reading, id: string): Promise<CaseMatter> {
  const key = caseKey(id);
  const sightings = await db
    .selectFrom("case_sightings")
    .selectAll()
    .where("case", "=", key)
    .orderBy("first_seen_at")
    .execute();
  const urls = await db
    .selectFrom("case_urls")
    .select("url")
    .distinct()
    .where("case", "=", key)
    .orderBy("url")
    .execute();
  const complaints = await db.selectFrom("complaints").selectAll().where("case", "=", key).orderBy("id").execute();
  const files = await db.selectFrom("case_files").selectAll().where("case", "=", key).orderBy("id").execute();
  const links = await db.selectFrom("case_links").select("other").where("case", "=", key).orderBy("other").execute();
  const decisions = await db
    .selectFrom("responsibility_decisions")
    .selectAll()
    .where("case", "=", key)
    .orderBy("id")
    .execute();
  const timers = await db.selectFrom("case_timers").selectAll().where("case", "=", key).orderBy("id").execute();
  return {
    sightings: sightings.map((row) => ({
      report: row.report,
      feed: row.feed,
      line: row.line,
      events: row.events,
      firstSeenAt: row.first_seen_at.toISOString(),
      lastSeenAt: row.last_seen_at.toISOString(),
    })),
    urls: urls.map(({url}) => url),
    complaints: complaints.map(complaintOf),
    files: files.map(({sha256, name, type, bytes, added_by, added_at}) => ({
      ...{sha256, name, type, bytes},
      by: added_by,
      at: added_at.toISOString(),
    })),
    links: links.map(({other}) => caseId(other)),
    decisions: decisions.map((row) => ({
      at: row.done_at.toISOString(),
      by: row.done_by,
      round: row.round,
      party: row.party,
      decision: row.decision,
    })),
    timers: timers.map(timerOf),
  };
}

/** Returns URLs of a round of a case, at most so many, in their order. */
export async function urlsOfRound(
  db: Reading,
  {id, round, limit}: {readonly id: string; readonly round: number; readonly limit: number},
): Promise<string[]> {
  const rows = await db
    .selectFrom("case_urls")
    .select("url")
    .where("case", "=", caseKey(id))
    .where("round", "=", round)
    .orderBy("url")
    .limit(limit)
    .execute();
  return rows.map(({url}) => url);
}
