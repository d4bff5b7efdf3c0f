import {createHash} from "node:crypto";
import type {EventView} from "../../model/event.ts";
import {daysOf, type Week} from "../../model/week.ts";
import type {Engine} from "./engine.ts";
import {withEvents} from "./live-files.ts";
import {literal} from "./sql.ts";
import {CLASS_CODES, type OpenWeekTable} from "./week-files.ts";
import {assetsSql, type CountContext, type CountedDefinition, classNumbers, whereSql} from "./week-rows.ts";
import {withWeekTable} from "./week-table.ts";

/** What to explain. */
export interface ExplainWork {
  readonly engine: Engine;
  readonly lake: string;
  readonly week: Week;
  readonly definition: CountedDefinition;
  readonly context: CountContext;
  /** Dictionary of the names of network operators, or null. */
  readonly operators: string | null;
  /** At most so many events. */
  readonly limit: number;
}

/** Columns of an event that are shown when they say something. */
const SHOWN = [
  "port",
  "protocol",
  "host",
  "domain",
  "tld",
  "url",
  "asn",
  "country",
  "province",
  "scope",
  "is_gov",
  "sector",
  "brand",
  "brand_country",
  "family",
  "tag",
  "severity",
  "vuln_type",
  "channel_kind",
  "responsible",
  "title",
  "hostname",
] as const;

/** Looked up when an event is shown: a name of the network's operator changes more often than its number. */
const OPERATOR = "operator";

function operatorSql(dictionary: string | null): string {
  if (dictionary === null) return "''";
  return `dictGetOrDefault(${literal(dictionary)}, 'name', toUInt64(ifNull(asn, 0)), '')`;
}

/**
 * Returns events behind a number: those of the assets that it counts, in the order of the assets. Each names its report
 * and line; `id` is made of feed, raw row and its occurrence (RULINGS 1).
 */
export async function explainIndicator(work: ExplainWork): Promise<EventView[]> {
  const {engine, lake, week, limit} = work;
  return withWeekTable(engine, lake, week, ({table}) =>
    withEvents(engine.plain(lake), daysOf(week), {
      work: async (events) => {
        const EVENTS = eventsSql(work, table, events);
        const rows = await engine.query<Record<string, string | number | null>>(`${EVENTS} LIMIT ${limit}`);
        const occurrences = await occurrencesOf(engine, events, rows);
        return rows.map((row, index) => viewOf(row, occurrences[index] ?? 1));
      },
    }),
  );
}

/** SQL of the events of the assets that the definition counts, in the order of the assets. */
function eventsSql({definition, context, operators, limit}: ExplainWork, table: OpenWeekTable, events: string): string {
  const assets = `
    SELECT class_number, asset_kind, asset, address
    FROM ${assetsSql(table, classNumbers(definition.counting.where))}
    WHERE ${whereSql(definition, context)}
    ORDER BY class_number, asset_kind, asset, address
    LIMIT ${limit}`;
  return `
    SELECT report, line, feed, class, asset_kind, if(asset_kind = 'ip', replaceRegexpOne(toString(assumeNotNull(ip)), '^::ffff:', ''), asset) AS asset_text,
      if(isNull(ip), '', replaceRegexpOne(toString(assumeNotNull(ip)), '^::ffff:', '')) AS ip_text,
      formatDateTime(seen_at, '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS seen, toString(row_hash) AS row_hash_text, ${SHOWN.map((column) => `toString(${column}) AS v_${column}`).join(", ")}, ${operatorSql(operators)} AS v_operator
    FROM ${events}
    WHERE (toUInt8(transform(class, [${CLASS_CODES.map(literal).join(", ")}], [${CLASS_CODES.map((_, index) => index + 1).join(", ")}], 0)), toString(asset_kind), asset, ifNull(ip, toIPv6('::'))) IN (${assets})
    ORDER BY class, asset_kind, asset, ip, seen_at, report, line`;
}

/** How often the same row stood in the report before, this one counted. */
async function occurrencesOf(
  engine: Engine,
  events: string,
  rows: readonly Record<string, string | number | null>[],
): Promise<number[]> {
  if (rows.length === 0) return [];
  const list = rows.map((row) => `(${literal(String(row["report"]))}, toUInt64(${row["row_hash_text"]}))`);
  const SAME = `SELECT report, toString(row_hash) AS hash, arraySort(groupArray(line)) AS lines FROM ${events} WHERE (report, row_hash) IN (${list.join(", ")}) GROUP BY report, row_hash`;
  const same = await engine.query<{report: string; hash: string; lines: number[]}>(SAME);
  const linesOf = new Map(same.map((each) => [`${each.report} ${each.hash}`, each.lines]));
  return rows.map(
    (row) => 1 + (linesOf.get(`${row["report"]} ${row["row_hash_text"]}`)?.indexOf(Number(row["line"])) ?? 0),
  );
}

function viewOf(row: Record<string, string | number | null>, occurrence: number): EventView {
  const id = createHash("sha256")
    .update(`${row["feed"]}\0${row["row_hash_text"]}\0${occurrence}`)
    .digest("hex")
    .slice(0, 32);
  const shown = [...SHOWN, OPERATOR].flatMap((column) => {
    const value = row[`v_${column}`];
    return value === null || value === undefined || value === "" || (column === "is_gov" && value === "0")
      ? []
      : [[column, value] as const];
  });
  return {
    id,
    report: String(row["report"]),
    line: Number(row["line"]),
    feed: String(row["feed"]),
    seenAt: String(row["seen"]),
    class: String(row["class"]),
    assetKind: String(row["asset_kind"]),
    asset: String(row["asset_text"]),
    ip: row["ip_text"] === "" ? null : String(row["ip_text"]),
    ...Object.fromEntries(shown),
  };
}
