/**
 * Counts what was handled in weeks, from the rounds of cases. A round counts in the week in which it is first handled, by
 * the definition that the site chose, and only as far as it was known at the snapshot: so a week can be counted again.
 */
import {type Kysely, sql} from "kysely";
import {
  type BreakdownTable,
  type CaseCounts,
  type Dimension,
  UNKNOWN_KEY,
  type WeekCount,
} from "../../model/indicator.ts";
import type {Day} from "../../model/week.ts";
import type {Schema} from "../postgres/schema.ts";
import {
  type CaseCounting,
  type HistorySpan,
  handledRounds,
  historySpans,
  historyTable,
  weeksJson,
} from "./handled-rounds.ts";

/** What cases say of a week, by figure. A figure that nobody kept is not there. */
export type CaseWeek = CaseCounts;

/** Returns what cases say of each of the weeks. A week before the first case, or complaint, says nothing: null, not 0. */
export async function countCases(db: Kysely<Schema>, counting: CaseCounting): Promise<Map<Day, CaseWeek>> {
  const kept = await keptSince(db);
  const spans = await historySpans(db, counting.history);
  const [handled, mobile, takedowns, complaints] = [
    await handledRows(db, counting),
    await mobileRows(db, counting),
    await takedownRows(db, counting),
    await complaintRows(db, counting),
  ];
  return new Map(
    counting.weeks.map((week) => {
      const own = <Row extends {week: Day}>(rows: readonly Row[]): Row[] =>
        rows.filter((row) => row.week === week.from);
      const isKept = (since: Date | null, kind?: HistorySpan["kind"]): boolean =>
        (since !== null && since < week.endsAt) ||
        spans.some((span) => span.kind === kind && span.since < week.endsAt && week.startsAt < span.before);
      return [
        week.from,
        {
          ...(isKept(kept.cases, "case")
            ? {...handledFigures(own(handled)), ...takedownFigures(own(handled), own(takedowns)[0])}
            : {}),
          ...(isKept(kept.mobile) ? mobileFigures(own(mobile)) : {}),
          ...(isKept(kept.complaints, "complaint") ? {complaints: summed(own(complaints), ["class"])} : {}),
        },
      ];
    }),
  );
}

async function keptSince(
  db: Kysely<Schema>,
): Promise<{cases: Date | null; mobile: Date | null; complaints: Date | null}> {
  const {rows} = await sql<{cases: Date | null; mobile: Date | null; complaints: Date | null}>`
    SELECT
      (SELECT min(opened_at) FROM cases) AS cases,
      (SELECT min(opened_at) FROM cases WHERE class = 'mal.mobile') AS mobile,
      (SELECT min(received_at) FROM complaints) AS complaints`.execute(db);
  return rows[0] ?? {cases: null, mobile: null, complaints: null};
}

interface HandledRow {
  week: Day;
  class: string;
  partyKind: string | null;
  sector: string | null;
  province: string | null;
  tests: string[];
  isImported: boolean;
  isCrossing: boolean | null;
  value: number;
}

async function handledRows(db: Kysely<Schema>, counting: CaseCounting): Promise<HandledRow[]> {
  const {rows} = await sql<HandledRow>`
    WITH ${handledRounds(counting)}
    SELECT week, class, party_kind AS "partyKind", brand_sector AS sector, province, border_tests AS tests,
      is_imported AS "isImported", is_crossing AS "isCrossing", count(*)::integer AS value
    FROM handled
    GROUP BY week, class, party_kind, brand_sector, province, border_tests, is_imported, is_crossing`.execute(db);
  return rows;
}

const PHISHING = "web.phish";

function handledFigures(rows: readonly HandledRow[]): CaseWeek {
  const crossing = rows.filter(({isCrossing}) => isCrossing === true);
  // where it is not known of each, a number would be too small
  const isKnown = rows.every(({isCrossing}) => isCrossing !== null);
  const byTest = crossing.flatMap((row) => row.tests.map((borderTest) => ({...row, borderTest})));
  const crossBorder = summed(crossing, ["partyKind", "class"]);
  return {
    handled: summed(rows, ["partyKind", "class", "province"]),
    ...(isKnown
      ? {crossBorder: {...crossBorder, by: {...crossBorder.by, borderTest: cells(byTest, "borderTest")}}}
      : {}),
    phishing: summed(
      rows.filter((row) => row.class === PHISHING),
      ["sector", "partyKind"],
    ),
  };
}

type Counted = Partial<Record<Dimension, string | null>> & {value: number};

/** The sum of rows, and for each dimension the sums of its keys, largest first. */
function summed(rows: readonly Counted[], dimensions: readonly Dimension[]): WeekCount {
  const value = rows.reduce((sum, row) => sum + row.value, 0);
  const by: BreakdownTable = Object.fromEntries(dimensions.map((dimension) => [dimension, cells(rows, dimension)]));
  return {value, by, reports: []};
}

function cells(rows: readonly Counted[], dimension: Dimension): {key: string; value: number}[] {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const key = row[dimension] ?? UNKNOWN_KEY;
    sums.set(key, (sums.get(key) ?? 0) + row.value);
  }
  const sorted = [...sums].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return sorted.map(([key, value]) => ({key, value}));
}

interface MobileRow {
  week: Day;
  channelKind: string | null;
  responsible: string | null;
  /** Which of the two the row is a cell of; null: the whole week. */
  dimension: "channelKind" | "responsible" | null;
  platforms: number;
  urls: number;
}

async function mobileRows(db: Kysely<Schema>, counting: CaseCounting): Promise<MobileRow[]> {
  const {rows} = await sql<MobileRow>`
    WITH ${handledRounds(counting)},
    mobile AS (
      SELECT h.week, h.facts ->> 'channelKind' AS kind, h.facts ->> 'responsible' AS responsible,
        coalesce(h.facts ->> 'platform', h."case"::text) AS platform, u.url
      FROM handled AS h
      LEFT JOIN case_urls AS u ON u."case" = h."case" AND u.round = h.round AND u.added_at <= ${counting.until}
      WHERE h.class = 'mal.mobile' AND NOT h.is_imported
    )
    SELECT week, kind AS "channelKind", responsible,
      CASE WHEN GROUPING(kind) = 0 THEN 'channelKind' WHEN GROUPING(responsible) = 0 THEN 'responsible' END AS dimension,
      count(DISTINCT platform)::integer AS platforms, count(DISTINCT url)::integer AS urls
    FROM mobile
    GROUP BY GROUPING SETS ((week), (week, kind), (week, responsible))`.execute(db);
  return rows;
}

function mobileFigures(rows: readonly MobileRow[]): CaseWeek {
  const figure = (column: "platforms" | "urls"): WeekCount => {
    const whole = rows.find((row) => row.dimension === null);
    const cellsOf = (dimension: "channelKind" | "responsible") =>
      cells(
        rows
          .filter((row) => row.dimension === dimension && row[column] > 0)
          .map((row) => ({...row, value: row[column]})),
        dimension,
      );
    const by = {channelKind: cellsOf("channelKind"), responsible: cellsOf("responsible")};
    return {value: whole?.[column] ?? 0, by, reports: []};
  };
  return {platforms: figure("platforms"), urls: figure("urls")};
}

interface TakedownRow {
  week: Day;
  handled: number;
  held: number;
  median: number | null;
  p90: number | null;
}

/**
 * Of the rounds handled in the week: how many were seen gone by the snapshot, and after how many hours from the
 * first notification. The quantiles are values that occurred: the least that the share does not exceed.
 */
async function takedownRows(db: Kysely<Schema>, counting: CaseCounting): Promise<TakedownRow[]> {
  const {rows} = await sql<TakedownRow>`
    WITH ${handledRounds(counting)},
    timed AS (
      SELECT week, verified_at <= ${counting.until} AS is_held,
        extract(epoch FROM gone_at - notified_at)::float8 / 3600 AS hours
      FROM handled WHERE NOT is_imported
    )
    SELECT week, count(*)::integer AS handled, (count(*) FILTER (WHERE is_held))::integer AS held,
      percentile_disc(0.5) WITHIN GROUP (ORDER BY hours) FILTER (WHERE is_held AND hours >= 0) AS median,
      percentile_disc(0.9) WITHIN GROUP (ORDER BY hours) FILTER (WHERE is_held AND hours >= 0) AS p90
    FROM timed GROUP BY week`.execute(db);
  return rows;
}

/** Nothing is said of a week with imported cases: nobody of us looked whether those were gone. */
function takedownFigures(handled: readonly HandledRow[], row: TakedownRow | undefined): CaseWeek {
  if (handled.some(({isImported}) => isImported)) return {};
  const plain = (value: number | null): WeekCount => ({value, by: {}, reports: []});
  return {
    verified: plain(row?.held ?? 0),
    medianHours: plain(row?.median ?? null),
    p90Hours: plain(row?.p90 ?? null),
  };
}

async function complaintRows(db: Kysely<Schema>, {weeks, until, history}: CaseCounting) {
  const {rows} = await sql<{week: Day; class: string | null; value: number}>`
    WITH made AS (
      SELECT received_at, class FROM complaints
      UNION ALL
      SELECT i.opened_at, i.class FROM imported_cases AS i
      JOIN ${historyTable(history)} ON k.source = i.source AND i.opened_at < k.before
      WHERE i.kind = 'complaint' AND i.added_at <= ${until}
    )
    SELECT w.week, m.class, count(*)::integer AS value
    FROM jsonb_to_recordset(${weeksJson(weeks)}::jsonb) AS w (week text, starts timestamptz, ends timestamptz)
    JOIN made AS m ON m.received_at >= w.starts AND m.received_at < w.ends AND m.received_at <= ${until}
    WHERE m.class IS DISTINCT FROM 'test'
    GROUP BY w.week, m.class`.execute(db);
  return rows;
}
