/** What a report tells of, for the rules that open cases: first in groups of alike events, then the assets of the groups that matter. */
import type {Day} from "../../model/week.ts";
import {type Commit, readCommit} from "./commits.ts";
import type {Engine} from "./engine.ts";
import {type LiveFiles, MERGED, type ReadFile, withEvents} from "./live-files.ts";
import {literal} from "./sql.ts";

/** Events of a report that the rules cannot tell apart. Texts are empty where the event says nothing. */
export interface ReportGroup {
  readonly class: string;
  readonly scope: string;
  readonly sector: string;
  readonly severity: string;
  readonly assetKind: string;
  readonly channelKind: string;
  readonly isGov: number;
  readonly brandCountry: string;
  readonly events: number;
}

/** An asset of a report with the facts of its last event, how many there are, and the first line. Texts may be empty. */
export interface ReportAsset extends ReportGroup {
  readonly asset: string;
  readonly ip: string;
  readonly port: number | null;
  readonly host: string;
  readonly domain: string;
  readonly tld: string;
  readonly url: string;
  readonly asn: number | null;
  readonly country: string;
  readonly province: string;
  readonly brand: string;
  readonly family: string;
  readonly title: string;
  readonly responsible: string;
  readonly file: string;
  readonly app: string;
  readonly line: number;
  /** ISO 8601 in UTC. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}

/** Which report of which lake; `days`: only its events of these local days. */
export interface ReportPlace {
  readonly engine: Engine;
  readonly lake: string;
  readonly report: string;
  readonly days?: readonly Day[];
}

const GROUP = {
  class: "class",
  scope: "scope",
  sector: "sector",
  severity: "severity",
  asset_kind: "assetKind",
  channel_kind: "channelKind",
  is_gov: "isGov",
  brand_country: "brandCountry",
} as const;

const GROUP_COLUMNS = Object.keys(GROUP).join(", ");
const GROUP_SELECTED = Object.entries(GROUP)
  .map(([column, name]) => `${column} AS ${name === column ? column : `"${name}"`}`)
  .join(", ");

/** Returns the groups of alike events of a report; none when it has no events. Throws lake_damaged, engine_failed. */
export function groupsOfReport(place: ReportPlace): Promise<ReportGroup[]> {
  return ofReport(
    place,
    (events) => `
    SELECT ${GROUP_SELECTED}, count() AS events
    FROM ${events} WHERE report = ${literal(place.report)}
    GROUP BY ${GROUP_COLUMNS} ORDER BY ${GROUP_COLUMNS}`,
  );
}

const SHOWN_IP = "if(isNull(ip), '', replaceRegexpOne(toString(assumeNotNull(ip)), '^::ffff:', ''))";
const LAST = [
  "host",
  "domain",
  "tld",
  "url",
  "country",
  "province",
  "brand",
  "family",
  "title",
  "responsible",
  "file",
  "app",
];

/** Returns the assets of some groups of a report, each once. Throws lake_damaged, engine_failed. */
export function assetsOfReport(place: ReportPlace, groups: readonly ReportGroup[]): Promise<ReportAsset[]> {
  if (groups.length === 0) return Promise.resolve([]);
  const wanted = groups.map((group) => `(${keyOf(group).map(literalOf).join(", ")})`);
  const last = (column: string, as = column): string => `argMax(${column}, (seen_at, line)) AS l_${as}`;
  return ofReport(
    place,
    (events) => `
    SELECT ${GROUP_SELECTED}, asset_text AS asset, ip_text AS ip, l_port AS port, l_asn AS asn,
      ${LAST.map((column) => `l_${column} AS ${column}`).join(", ")},
      events, first_line AS line,
      formatDateTime(first_at, '%Y-%m-%dT%H:%i:%S.000Z', 'UTC') AS "firstSeenAt",
      formatDateTime(last_at, '%Y-%m-%dT%H:%i:%S.000Z', 'UTC') AS "lastSeenAt"
    FROM (
      SELECT ${GROUP_COLUMNS}, if(asset_kind = 'ip', ${SHOWN_IP}, e.asset) AS asset_text, argMax(${SHOWN_IP}, (seen_at, line)) AS ip_text,
        ${last("toNullable(port)", "port")}, ${last("toNullable(asn)", "asn")}, ${LAST.map((column) => last(column)).join(", ")},
        count() AS events, min(line) AS first_line, min(seen_at) AS first_at, max(seen_at) AS last_at
      FROM ${events} AS e
      WHERE report = ${literal(place.report)} AND (${GROUP_COLUMNS}) IN (${wanted.join(", ")})
      GROUP BY ${GROUP_COLUMNS}, asset_text
    )
    ORDER BY first_line`,
  );
}

function keyOf(group: ReportGroup): (string | number)[] {
  return Object.values(GROUP).map((name) => group[name]);
}

function literalOf(value: string | number): string {
  return typeof value === "number" ? String(value) : literal(value);
}

/** Only the files that can have the report's rows are read. */
async function ofReport<Row>(
  {engine, lake, report, days: only}: ReportPlace,
  sqlOf: (events: string) => string,
): Promise<Row[]> {
  const commit = await readCommit(lake, report);
  if (commit === null) return [];
  const days = [...new Set(commit.files.map(({day}) => day))].filter((day) => only?.includes(day) ?? true);
  if (days.length === 0) return [];
  return withEvents(engine.plain(lake), days, {
    choose: (live) => filesWith(live, commit),
    work: (events) => engine.query<Row>(sqlOf(events)),
  });
}

function filesWith({files}: LiveFiles, {files: own}: Commit): readonly ReadFile[] {
  const names = new Set(own.map(({name}) => name));
  return files.filter(({name}) => names.has(name) || MERGED.test(name));
}
