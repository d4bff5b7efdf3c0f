/**
 * Compares events of ours with those that IntelMQ makes of the same Shadowserver report: which of its fields stands in
 * which of our columns, and when two values say the same. The samples and what the peer says of them lie in the shared
 * data folder (1-reports/shadowserver), never here.
 */
import {namesActivity} from "../src/feeds/shadowserver-rule.ts";
import {SHADOWSERVER_TYPES, type ShadowserverType} from "../src/feeds/shadowserver-types.ts";
import {incidentClass} from "../src/model/taxonomy.ts";

/** An event of IntelMQ: its fields by name. */
export type PeerEvent = Readonly<Record<string, unknown>>;

/** A row of the lake: EVENT_COLUMNS and x_<column>. */
export type LakeRow = Readonly<Record<string, unknown>>;

/** One field on which the two do not agree; `ours` is null where we have nothing. */
export interface Difference {
  readonly field: string;
  readonly expected: unknown;
  readonly ours: unknown;
}

export interface Comparison {
  /** Fields of the peer's that ours agree with, of how many. */
  readonly agree: number;
  readonly of: number;
  readonly differ: readonly Difference[];
}

/** A difference that is the peer's, with the reason why ours stands. */
interface Oddity {
  readonly types: readonly string[];
  readonly fields: readonly string[];
  readonly reason: string;
}

/** The samples were read with an older mapping of the peer; where the publisher's schema of 2026-03 says otherwise, it counts. */
export const PEER_ODDITIES: readonly Oddity[] = [
  {
    types: ["blocklist"],
    fields: ["classification.type"],
    reason: 'RSIT has no "blacklist"; the taxonomy "other", under which the publisher puts it, has "other"',
  },
  {
    types: ["blocklist"],
    fields: ["(event)"],
    reason: "the row blocks a network, which is no single asset: a reject of ours, shown with its line",
  },
  {
    types: ["population_http_proxy"],
    fields: ["extra.proxy_authenticate"],
    reason: 'a quote inside a quoted text is written \\" by the provider; the peer keeps the marks of that',
  },
  {
    types: ["scan_http_vulnerable"],
    fields: ["extra.www_authenticate"],
    reason: 'a quote inside a quoted text is written \\" by the provider; the peer keeps the marks of that',
  },
  {
    types: ["sandbox_conn", "sandbox_url"],
    fields: ["classification.taxonomy", "classification.type"],
    reason: "a sandboxed sample also contacts time servers and update sites: these do not distribute malware",
  },
  {
    types: ["scan_exchange"],
    fields: ["classification.type"],
    reason: '"infected-system" does not belong to the taxonomy "vulnerable" that the same event states',
  },
  {
    types: ["scan_postgres", "scan_ssl_poodle"],
    fields: ["classification.taxonomy", "classification.type"],
    reason: "the publisher's schema now says vulnerable-system for PostgreSQL, weak-crypto for POODLE",
  },
  {
    types: ["scan_http_vulnerable"],
    fields: ["classification.identifier"],
    reason: "the publisher's schema now says vulnerable-http",
  },
  {
    types: ["event6_sinkhole_http"],
    fields: ["classification.identifier"],
    reason: "the publisher's schema now takes the column infection, not the tag",
  },
  {
    types: ["malware_url", "population_http_proxy", "special"],
    fields: ["malware.name"],
    reason:
      "a tag (a CVE number, a kind of proxy) was put where a malware family belongs; the publisher's schema no longer does",
  },
];

/** Returns why a difference in a report of that type is not ours to mend; null when it is. */
export function reasonFor(typeName: string, field: string): string | null {
  const found = PEER_ODDITIES.find(({types, fields}) => types.includes(typeName) && fields.includes(field));
  return found?.reason ?? null;
}

/** What the peer says of the run, not of the report's rows. */
const NOT_OF_THE_ROW = ["feed.name", "time.observation", "raw", "__type"];

/** Columns of ours for a field of the peer's that any report may have; the first that is filled. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  "time.source": ["seen_at"],
  "protocol.transport": ["protocol"],
  "malware.hash.md5": ["x_md5", "file"],
  "malware.hash.sha1": ["x_sha1", "file"],
  "malware.hash.sha256": ["x_sha256", "file"],
  "source.url": ["url"],
  "source.fqdn": ["host", "x_host"],
  "source.account": ["x_username", "x_account"],
  "source.network": ["x_network"],
  "source.local_hostname": ["x_dns_host_name", "x_server_name"],
  "destination.fqdn": ["x_http_host", "host"],
  "extra.tag": ["tag"],
  "extra.naics": ["x_naics", "x_src_naics"],
  "extra.sector": ["x_sector", "x_src_sector"],
  "extra.method": ["x_method", "x_http_request_method"],
  "extra.http_request_method": ["x_http_request_method", "x_method"],
  "extra.source_name": ["x_source"],
  "extra.os.name": ["x_os"],
  "extra.dns_query": ["x_query"],
  "extra.dns_query_type": ["x_query_type"],
  "extra.user_agent": ["x_user_agent", "x_http_agent"],
};

/** The parts of an endpoint: the peer's name, the column when it is our asset, the provider's column without prefix. */
const ENDPOINT: readonly (readonly [string, string | null, string])[] = [
  ["ip", "ip", "ip"],
  ["port", "port", "port"],
  ["asn", "stated_asn", "asn"],
  ["geolocation.cc", "stated_country", "geo"],
  ["geolocation.region", null, "region"],
  ["geolocation.city", null, "city"],
  ["reverse_dns", "hostname", "hostname"],
  ["naics", null, "naics"],
  ["sic", null, "sic"],
  ["sector", null, "sector"],
];

/**
 * Says where each of the peer's fields of a report of that type agrees with our rows. Rows are paired by address, port and
 * time, in their order; an event that has no row of ours differs in one field, "(event)". Times and addresses of ours are
 * texts: "2023-02-20 00:00:04" in UTC, "::ffff:192.0.2.1" or "192.0.2.1".
 */
export function compareEvents(expected: readonly PeerEvent[], ours: readonly LakeRow[], typeName: string): Comparison {
  const type = SHADOWSERVER_TYPES.get(typeName);
  if (type === undefined) throw new TypeError(`there is no Shadowserver type ${typeName}`);
  const left = [...ours];
  const results = expected.map((event) => {
    const at = left.findIndex((row) => isSameRow(event, row, type));
    const [row] = at === -1 ? [] : left.splice(at, 1);
    const of = fieldsOf(event).length;
    if (row === undefined) {
      const lost = {field: "(event)", expected: event["source.ip"] ?? event["source.network"] ?? null, ours: null};
      return {agree: 0, of, differ: [lost]};
    }
    return compareEvent(event, row, type);
  });
  return {
    agree: results.reduce((sum, {agree}) => sum + agree, 0),
    of: results.reduce((sum, {of}) => sum + of, 0),
    differ: results.flatMap(({differ}) => differ),
  };
}

function isSameRow(event: PeerEvent, row: LakeRow, type: ShadowserverType): boolean {
  const keys = ["time.source", "source.ip", "source.port", "destination.ip", "malware.hash.md5", "extra.detail"];
  return keys.every((key) => !(key in event) || isSame(key, event[key], ourValue(key, row, type)));
}

function compareEvent(event: PeerEvent, row: LakeRow, type: ShadowserverType): Comparison {
  const fields = fieldsOf(event);
  const differ = fields
    .map((field) => ({field, expected: event[field], ours: ourValue(field, row, type) ?? null}))
    .filter((each) => !isSame(each.field, each.expected, each.ours));
  return {agree: fields.length - differ.length, of: fields.length, differ};
}

function fieldsOf(event: PeerEvent): string[] {
  return Object.keys(event).filter((field) => !NOT_OF_THE_ROW.includes(field));
}

function ourValue(field: string, row: LakeRow, type: ShadowserverType): unknown {
  if (field.startsWith("classification.") || field === "protocol.application") return ofType(field, row, type);
  const side = /^(?:extra\.)?(source|destination)\.(.+)$/.exec(field);
  const columns = [...(COLUMNS[field] ?? []), ...(side ? endpointColumns(side[1] ?? "", side[2] ?? "", type) : [])];
  if (field === "destination.url") return type.asset === "url" ? row["url"] : urlOf(row);
  if (field === "malware.name") return namesActivity(type) ? row["x_infection"] : row["family"];
  const name = field.replace(/^extra\./, "");
  return [...columns, `x_${name}`, name].map((column) => row[column]).find(isFilled);
}

/** The asset's endpoint stands in columns of its own, the other one is kept as it came. */
function endpointColumns(side: string, part: string, type: ShadowserverType): string[] {
  const found = ENDPOINT.find(([name]) => name === part);
  if (found === undefined) return [];
  const [, column, raw] = found;
  const assetSide = type.asset === "dst" ? "destination" : "source";
  const prefix =
    side === "destination" ? "dst_" : type.columns.includes("src_ip") && type.asset !== "url" ? "src_" : "";
  return side === assetSide && column !== null ? [column] : [`x_${prefix}${raw}`];
}

/** The label of rows that say more than their type: a server with a webshell is not only a vulnerable one. */
const OTHER_IDENTIFIERS: Readonly<Record<string, string>> = {scan_exchange: "exchange-server-webshell"};

/** What the report's type says: the taxonomy by our class, the identifier and application by the type's table. */
function ofType(field: string, row: LakeRow, type: ShadowserverType): unknown {
  const rsit = incidentClass(String(row["class"]))?.rsit;
  if (field === "classification.taxonomy") return rsit?.predicate;
  if (field === "classification.type") return rsit?.value;
  if (type.asset === "ip" && rsit?.value === "system-compromise" && field === "classification.identifier")
    return OTHER_IDENTIFIERS[type.name] ?? type.identifier;
  const said = field === "classification.identifier" ? type.identifier : type.application;
  if (said === null || !said.startsWith("=")) return said;
  return [row[`x_${said.slice(1)}`], row[said.slice(1)], row["tag"]].find(isFilled);
}

/** The peer joins host and path of a request. */
function urlOf(row: LakeRow): string | null {
  const [host, path] = [row["x_http_host"], row["x_http_url"] ?? row["x_url"]].map((each) => String(each ?? ""));
  if (!path) return null;
  const bare = path.replace(/^[A-Z]+ /, "").replace(/ HTTP\/.*$/, "");
  return bare.includes("://") ? bare : `http://${host}${bare}`;
}

function isFilled(value: unknown): boolean {
  return value !== null && value !== undefined && value !== "";
}

/** Whether both say the same: numbers by value, times by instant, yes and no in any spelling, texts letter case aside. */
function isSame(field: string, expected: unknown, ours: unknown): boolean {
  if (!isFilled(ours)) return false;
  const text = String(ours);
  if (typeof expected === "boolean") return /^(y|yes|true|1)$/i.test(text) === expected;
  if (typeof expected === "number") return Number(text) === expected;
  const wanted = String(expected);
  if (field === "extra.request_raw" && wanted === Buffer.from(text).toString("base64")) return true;
  if (field === "time.source" || field === "extra.http_date") return instant(wanted) === instant(text);
  if (field.endsWith(".ip")) return wanted === text.replace(/^::ffff:(?=\d+\.)/, "");
  if (field.endsWith("fqdn")) return wanted.replace(/^www\./, "") === text.toLowerCase().replace(/^www\./, "");
  return wanted.toLowerCase() === text.toLowerCase();
}

function instant(text: string): number {
  const iso = /^\d{4}-\d{2}-\d{2} [\d:.]+$/.test(text) ? `${text.replace(" ", "T")}Z` : text;
  return Date.parse(iso);
}
