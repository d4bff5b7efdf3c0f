/** Which cases and complaints are behind a number of a week, and which lines of which reports are behind them. */
import {type Kysely, sql} from "kysely";
import {shownId} from "../../model/cases/case.ts";
import type {CaseFigure} from "../../model/indicator.ts";
import type {Week} from "../../model/week.ts";
import type {Schema} from "../postgres/schema.ts";
import {type CaseCounting, HANDLED_COLUMNS, historyTable} from "./handled-rounds.ts";
import {caseId, isAnyOf} from "./rows.ts";

/** A case behind a number. Times are ISO 8601 in UTC. */
export interface CaseBehind {
  /** An imported case has its source and number, such as old-desk/2022-0001. */
  readonly id: string;
  readonly round: number;
  readonly class: string;
  readonly asset: string;
  readonly partyKind: string | null;
  readonly borderTests: readonly string[];
  readonly handledAt: string;
  readonly verifiedAt: string | null;
  /** The first line of each report that told of it. */
  readonly lines: readonly {readonly report: string; readonly feed: string; readonly line: number}[];
  readonly complaints: readonly string[];
  /** Of a platform of malicious apps: the URLs that are counted with it. */
  readonly urls: readonly string[];
}

/** A complaint behind a number. */
export interface ComplaintBehind {
  readonly id: string;
  readonly receivedAt: string;
  readonly class: string | null;
  readonly asset: string | null;
  readonly state: string;
  readonly case: string | null;
}

/** What is asked: the figure, of which week, and how many at most. */
export interface BehindQuestion extends Pick<CaseCounting, "handledWhen" | "until" | "history"> {
  readonly week: Week;
  readonly figure: CaseFigure;
  readonly limit: number;
}

const ONLY: Partial<Record<CaseFigure, string>> = {
  crossBorder: "is_crossing",
  phishing: "class = 'web.phish'",
  platforms: "class = 'mal.mobile' AND \"case\" IS NOT NULL",
  urls: "class = 'mal.mobile' AND \"case\" IS NOT NULL",
  verified: "verified_at <= $until",
  medianHours: "verified_at <= $until",
  p90Hours: "verified_at <= $until",
};

interface Row {
  /** Null: an imported case, which `imported` names. */
  case: number | null;
  imported: string;
  round: number;
  class: string;
  asset: string;
  party_kind: string | null;
  border_tests: string[];
  handled_at: Date;
  verified_at: Date | null;
}

/** Returns the first of the cases behind a figure, in the order in which they were handled, and how many there are. */
export async function casesBehind(
  db: Kysely<Schema>,
  {week, figure, handledWhen, until, limit, history}: BehindQuestion,
): Promise<{count: number; cases: CaseBehind[]}> {
  const column = sql.ref(`r.${HANDLED_COLUMNS[handledWhen]}`);
  const imported = sql.ref(`i.${HANDLED_COLUMNS[handledWhen]}`);
  const [before = "true", after] = (ONLY[figure] ?? "true").split("$until");
  const condition = after === undefined ? sql.raw(before) : sql`${sql.raw(before)}${until}`;
  const handled = sql`
    WITH handled AS (
      SELECT r."case", '' AS imported, r.round, c.class, c.asset, r.party_kind, c.border_tests,
        cardinality(c.border_tests) > 0 AS is_crossing, ${column} AS handled_at, r.verified_at
      FROM case_rounds AS r JOIN cases AS c ON c.id = r."case"
      WHERE ${column} >= ${week.startsAt} AND ${column} < ${week.endsAt} AND ${column} <= ${until}
        AND c.state <> 'merged' AND c.class <> 'test'
      UNION ALL
      SELECT NULL, i.source || '/' || i.external_id, 1, i.class, i.asset, i.party_kind, '{}',
        i.is_cross_border, ${imported}, i.verified_at
      FROM imported_cases AS i JOIN ${historyTable(history)} ON k.source = i.source AND ${week.startsAt} < k.before
      WHERE ${imported} >= ${week.startsAt} AND ${imported} < ${week.endsAt} AND i.added_at <= ${until}
        AND i.kind = 'case' AND i.state <> 'merged' AND i.class <> 'test'
    )`;
  const counted = await sql<{
    n: number;
  }>`${handled} SELECT count(*)::integer AS n FROM handled WHERE ${condition}`.execute(db);
  const {rows} = await sql<Row>`
    ${handled} SELECT "case", imported, round, class, asset, party_kind, border_tests, handled_at, verified_at
    FROM handled WHERE ${condition} ORDER BY handled_at, "case", imported LIMIT ${limit}`.execute(db);
  return {count: counted.rows[0]?.n ?? 0, cases: await withSources(db, rows, until)};
}

async function withSources(db: Kysely<Schema>, rows: readonly Row[], until: Date): Promise<CaseBehind[]> {
  const keys = rows.flatMap((row) => row.case ?? []);
  const lines = await db
    .selectFrom("case_sightings")
    .select(["case", "report", "feed", "line"])
    .where(isAnyOf("case", keys))
    .orderBy("first_seen_at")
    .execute();
  const complaints = await db
    .selectFrom("complaints")
    .select(["case", "id"])
    .where(isAnyOf("case", keys))
    .orderBy("id")
    .execute();
  const mobile = rows.flatMap((row) => (row.class === "mal.mobile" ? (row.case ?? []) : []));
  const urls = await db
    .selectFrom("case_urls")
    .select(["case", "round", "url"])
    .where(isAnyOf("case", mobile))
    .where("added_at", "<=", until)
    .orderBy("url")
    .execute();
  return rows.map((row) => ({
    id: row.case === null ? row.imported : caseId(row.case),
    round: row.round,
    class: row.class,
    asset: row.asset,
    partyKind: row.party_kind,
    borderTests: row.border_tests,
    handledAt: row.handled_at.toISOString(),
    verifiedAt: row.verified_at === null ? null : row.verified_at.toISOString(),
    lines: lines.flatMap(({case: key, ...line}) => (key === row.case ? [line] : [])),
    complaints: complaints.flatMap((each) => (each.case === row.case ? [shownId("WC", each.id)] : [])),
    urls: urls.flatMap((each) => (each.case === row.case && each.round === row.round ? [each.url] : [])),
  }));
}

/** Returns the first complaints that came in in the week, and how many there were. */
export async function complaintsBehind(
  db: Kysely<Schema>,
  {week, until, limit, history}: Pick<BehindQuestion, "week" | "until" | "limit" | "history">,
): Promise<{count: number; complaints: ComplaintBehind[]}> {
  const made = sql`
    WITH made AS (
      SELECT id, '' AS imported, received_at, class, asset, state, "case" FROM complaints
      WHERE received_at >= ${week.startsAt} AND received_at < ${week.endsAt} AND received_at <= ${until}
      UNION ALL
      SELECT NULL, i.source || '/' || i.external_id, i.opened_at, i.class, i.asset, i.state, NULL
      FROM imported_cases AS i JOIN ${historyTable(history)} ON k.source = i.source AND i.opened_at < k.before
      WHERE i.opened_at >= ${week.startsAt} AND i.opened_at < ${week.endsAt} AND i.added_at <= ${until}
        AND i.kind = 'complaint'
    )`;
  const condition = sql`class IS DISTINCT FROM 'test'`;
  const counted = await sql<{n: number}>`${made} SELECT count(*)::integer AS n FROM made WHERE ${condition}`.execute(
    db,
  );
  const {rows} = await sql<ComplaintRow>`
    ${made} SELECT id, imported, received_at, class, asset, state, "case" FROM made
    WHERE ${condition} ORDER BY id, imported LIMIT ${limit}`.execute(db);
  return {
    count: counted.rows[0]?.n ?? 0,
    complaints: rows.map((row) => ({
      id: row.id === null ? row.imported : shownId("WC", row.id),
      receivedAt: row.received_at.toISOString(),
      class: row.class,
      asset: row.asset,
      state: row.state,
      case: row.case === null ? null : caseId(row.case),
    })),
  };
}

interface ComplaintRow {
  id: number | null;
  imported: string;
  received_at: Date;
  class: string | null;
  asset: string | null;
  state: string;
  case: number | null;
}
