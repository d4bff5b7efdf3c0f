import {createHash} from "node:crypto";
import type {EventView} from "../../model/event.ts";
import {daysOf, type Week} from "../../model/week.ts";
import type {Engine} from "./engine.ts";
import {withEvents} from "./live-files.ts";
import {literal} from "./sql.ts";
import {ASSET_KEY, CLASS_NUMBER, FACT_COLUMNS, NAME_COLUMNS, type OpenWeekTable} from "./weeks/week-files.ts";
import {assetsSql, type CountContext, type CountedDefinition, classNumbers, whereSql} from "./weeks/week-rows.ts";
import {withWeekTable} from "./weeks/week-table.ts";

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
  ...NAME_COLUMNS,
  "url",
  "asn",
  ...FACT_COLUMNS,
  "family",
  "tag",
  "title",
  "hostname",
] as const;

/** Looked up when an event is shown: a name of the network's operator changes more often than its number. */
const OPERATOR = "operator";

function operatorSql(dictionary: string | null): string {
  if (dictionary === null) return "''";
  return `dictGetOrDefault(${literal(dictionary)}, 'name', toUInt64(ifNull(asn, 0)), '')`;
}

/** Some of the events behind a number, and how many there are. */
export interface ExplainedEvents {
  readonly events: readonly EventView[];
  readonly count: number;
}

/**
 * Returns events behind a number: those of the assets that it counts, in the order of the assets. Each names its report
 * and line; `id` is made of feed, raw row and its occurrence (RULINGS 1).
 */
export async function explainIndicator(work: ExplainWork): Promise<ExplainedEvents> {
  const {engine, lake, week} = work;
  return withWeekTable(engine, lake, week, ({table}) =>
    withEvents(engine.plain(lake), daysOf(week), {
      work: async (events) => {
        const rows = await engine.query<EventColumns>(eventsSql(work, {table, events, columns: columnsSql(work)}));
        const occurrences = await occurrencesOf(work, {table, events});
        return {
          events: rows.map((row) => viewOf(row, occurrences.get(placeOf(row)) ?? 1)),
          count: await countEvents(work, {table, events}),
        };
      },
    }),
  );
}

/** An event as it comes from the engine. */
type EventColumns = Readonly<Record<string, string | number | null>>;

/** Where the events are: the week's assets, and the FROM clause of all its events. */
interface Place {
  readonly table: OpenWeekTable;
  readonly events: string;
}

/** SQL of the assets that the definition counts, by their key. */
function countedSql({definition, context}: ExplainWork, table: OpenWeekTable, key: string): string {
  const {where} = definition.counting;
  return `SELECT ${key} FROM ${assetsSql(table, classNumbers(where))} WHERE ${whereSql(definition, context)}`;
}

/** What an event is counted as: the columns of `ASSET_KEY`. */
const EVENT_KEY = `${CLASS_NUMBER}, toString(asset_kind), asset, ifNull(ip, toIPv6('::'))`;

/** SQL of the first events of the first assets that the definition counts. */
function eventsSql(work: ExplainWork, {table, events, columns}: Place & {readonly columns: string}): string {
  return `
    SELECT ${columns}
    FROM ${events}
    WHERE (${EVENT_KEY}) IN (${countedSql(work, table, ASSET_KEY)} ORDER BY ${ASSET_KEY} LIMIT ${work.limit})
    ORDER BY class, asset_kind, asset, ip, seen_at, report, line
    LIMIT ${work.limit}`;
}

function columnsSql({operators}: ExplainWork): string {
  return `report, line, feed, class, asset_kind, if(asset_kind = 'ip', replaceRegexpOne(toString(assumeNotNull(ip)), '^::ffff:', ''), asset) AS asset_text,
      if(isNull(ip), '', replaceRegexpOne(toString(assumeNotNull(ip)), '^::ffff:', '')) AS ip_text,
      formatDateTime(seen_at, '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS seen, toString(row_hash) AS row_hash_text, ${SHOWN.map((column) => `toString(${column}) AS v_${column}`).join(", ")}, ${operatorSql(operators)} AS v_operator`;
}

/** Of very many assets only a hash of 128 bits is held, so that they fit into the memory. */
async function countEvents(work: ExplainWork, {table, events}: Place): Promise<number> {
  const COUNT = `
    SELECT count() AS events
    FROM ${events}
    WHERE sipHash128(${EVENT_KEY}) IN (${countedSql(work, table, `sipHash128(${ASSET_KEY})`)})`;
  const [row] = await work.engine.query<{events: number}>(COUNT);
  return row?.events ?? 0;
}

/** How often the same row stood in the report before, this one counted; by report and line, for those that stand there again. */
async function occurrencesOf(work: ExplainWork, place: Place): Promise<ReadonlyMap<string, number>> {
  const shown = eventsSql(work, {...place, columns: "report, row_hash"});
  const SAME = `
    SELECT report, arraySort(groupArray(line)) AS lines
    FROM ${place.events}
    WHERE (report, row_hash) IN (SELECT report, row_hash FROM (${shown}))
    GROUP BY report, row_hash
    HAVING length(lines) > 1`;
  const same = await work.engine.query<{report: string; lines: number[]}>(SAME);
  return new Map(
    same.flatMap(({report, lines}) => lines.map((line, index) => [placeOf({report, line}), index + 1] as const)),
  );
}

function placeOf({report, line}: EventColumns): string {
  return `${report} ${line}`;
}

function viewOf(row: EventColumns, occurrence: number): EventView {
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
