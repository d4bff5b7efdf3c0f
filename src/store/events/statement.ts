import type {EventColumn} from "../../model/event.ts";
import type {AssetKind, ChosenRule, FieldRule, ObservationField, RejectReason} from "../../model/format.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";
import {conditionSql, fieldSql, hostOfUrl, isStated, kindOf, NOTHING, type TextOf} from "./conversions.ts";
import type {DictionaryNames} from "./lookups.ts";
import {type RowSource, reasonNumber} from "./row-source.ts";
import {identifier, literal, literals} from "./sql.ts";

/** One step of the scope rule: it fits when the column is one of the values, or is filled where `is` is "any". */
export interface ScopeRule {
  readonly column: "province" | "country" | "tld";
  readonly is: readonly string[] | "any";
  readonly scope: string;
}

/** What the statement needs to know besides the rows. */
export interface ReadingContext {
  readonly report: string;
  readonly feed: string;
  readonly fetchedAt: Date;
  readonly zone: string;
  /** Territory of the constituency; null when it is no country. */
  readonly country: string | null;
  /** How the scope follows from province range, country and top-level domain: the first that fits. */
  readonly scopeRules: readonly ScopeRule[];
  /** Names of the dictionaries; null where there is no such table. Hosts and brands are made for each report. */
  readonly dictionaries: DictionaryNames & {readonly hosts: string | null; readonly brands: string | null};
}

const EARLIEST = "toDateTime64('2000-01-01 00:00:00', 0, 'UTC')";
const TEXT_FIELDS = [
  "protocol",
  "country",
  "hostname",
  "host",
  "url",
  "file",
  "app",
  "account",
  "vuln",
  "family",
  "tag",
  "brand",
  "sector",
  "severity",
  "title",
  "channelKind",
  "responsible",
  "vulnType",
] as const satisfies readonly ObservationField[];

/**
 * Returns the SELECT that turns the rows of a report into events: reads, converts, looks up, and gives each row that
 * cannot be an event its `reason`. One statement, no loop: HOUSE.md 2.4.
 */
export function eventsSql(source: RowSource, chosen: ChosenRule, context: ReadingContext): string {
  return `
    SELECT ${finalColumns(source, chosen, context)}
    FROM (
      SELECT *, ${placed(context)}
      FROM (
        SELECT *, ${located(chosen, context)}
        FROM (
          SELECT ${converted(source, chosen)}
          FROM ${source.from}
          WHERE ${source.where}
        )
      )
    )`;
}

/** Returns the SELECT of all host names that the report's events will look up; null when it has none. */
export function hostsSql(source: RowSource, chosen: ChosenRule): string | null {
  const {host, url} = chosen.rule.fields;
  if (host === undefined && url === undefined) return null;
  const name = host === undefined ? "''" : fieldSql(host, source.textOf);
  const ofUrl = url === undefined ? "''" : hostOfUrl(fieldSql(url, source.textOf));
  return `
    SELECT DISTINCT if(${name} != '', ${name}, ${ofUrl}) AS name
    FROM ${source.from}
    WHERE ${source.where} AND name != '' AND isNull(toIPv6OrNull(name))`;
}

/** Returns the SELECT of all brand names of the report; null when it states none. */
export function brandsSql(source: RowSource, chosen: ChosenRule): string | null {
  const {brand} = chosen.rule.fields;
  if (brand === undefined) return null;
  return `SELECT DISTINCT ${fieldSql(brand, source.textOf)} AS name FROM ${source.from} WHERE ${source.where} AND name != ''`;
}

/** First layer: texts become values. */
function converted(source: RowSource, chosen: ChosenRule): string {
  const fields = chosen.rule.fields;
  const text = (field: (typeof TEXT_FIELDS)[number]): string =>
    fields[field] === undefined ? "''" : fieldSql(fields[field], source.textOf);
  const parts = [
    `${source.line} AS line`,
    `${source.fault} AS fault`,
    `${source.rowHash} AS row_hash`,
    ...TEXT_FIELDS.map((field) => `${text(field)} AS f_${field}`),
    `${typedField(fields.ip, "ip", source.textOf)} AS f_ip`,
    `${typedField(fields.port, "number", source.textOf)} AS f_port`,
    `${typedField(fields.asn, "number", source.textOf)} AS f_asn`,
    `${typedField(fields.seenAt, "time", source.textOf)} AS f_seenAt`,
    `${fields.seenAt === undefined ? "0" : isStated(fields.seenAt, source.textOf)} AS has_time`,
    `${classSql(chosen, source.textOf)} AS class`,
    `${missing(chosen, source.textOf)} AS is_missing`,
    ...extras(source, chosen).map((column) => `${source.rawOf(column)} AS ${identifier(`x_${column}`)}`),
  ];
  return parts.join(",\n          ");
}

function typedField(rule: FieldRule | undefined, kind: "ip" | "number" | "time", textOf: TextOf): string {
  if (rule === undefined) return NOTHING[kind];
  if (kindOf(rule.conversion) !== kind)
    throw new TypeError(`a ${kind} field cannot be converted as ${rule.conversion.as}`);
  return fieldSql(rule, textOf);
}

function classSql(chosen: ChosenRule, textOf: TextOf): string {
  const rules = chosen.rule.classes;
  const choices = rules
    .filter((rule) => rule.when.length > 0)
    .flatMap((rule) => [rule.when.map((each) => conditionSql(each, textOf)).join(" AND "), literal(rule.class)]);
  const otherwise = literal(rules.find((rule) => rule.when.length === 0)?.class ?? "");
  const byRule = choices.length === 0 ? otherwise : `multiIf(${choices.join(", ")}, ${otherwise})`;
  const own = chosen.rule.classColumn;
  return own === undefined ? byRule : `if(${textOf(own)} != '', ${textOf(own)}, ${byRule})`;
}

/** A required field that gives no value. The time has reasons of its own. */
function missing(chosen: ChosenRule, textOf: TextOf): string {
  const required = Object.entries(chosen.rule.fields).filter(
    ([field, rule]) => rule?.required === true && field !== "seenAt",
  );
  const tests = required.map(([, rule]) =>
    kindOf(rule.conversion) === "text" ? `${fieldSql(rule, textOf)} = ''` : `isNull(${fieldSql(rule, textOf)})`,
  );
  return tests.length === 0 ? "0" : `(${tests.join(" OR ")})`;
}

/** Columns that no rule maps are kept as texts. */
function extras(source: RowSource, chosen: ChosenRule): string[] {
  const used = new Set(Object.values(chosen.rule.fields).flatMap((rule) => rule?.columns ?? []));
  for (const column of chosen.rule.keep ?? []) used.delete(column);
  for (const column of [...(chosen.rule.drop ?? []), chosen.rule.classColumn ?? ""]) used.add(column);
  return source.columns.filter((column, index) => !used.has(column) && source.columns.indexOf(column) === index);
}

/** Second layer: host, address and look-ups by address. */
function located(chosen: ChosenRule, context: ReadingContext): string {
  const {provinces, hosts} = context.dictionaries;
  const key = "tuple(assumeNotNull(ip))";
  const parts = [
    `if(f_host != '', f_host, if(f_url = '', '', ${hostOfUrl("f_url")})) AS any_host`,
    // :: names nobody: it stands for "no address" in the week tables
    "nullIf(if(any_host = '', f_ip, ifNull(f_ip, toIPv6OrNull(any_host))), toIPv6('::')) AS ip",
    "if(any_host != '' AND isNull(toIPv6OrNull(any_host)), any_host, '') AS host_name",
    `${networkSql(context, key)} AS network`,
    "toUInt32(bitShiftRight(network, 16)) AS network_asn",
    "reinterpretAsString(toUInt16(bitAnd(network, 65535))) AS network_country",
    provinces === null
      ? "'' AS range"
      : `if(isNull(ip), '', dictGetOrDefault(${literal(provinces)}, 'province', ${key}, '')) AS range`,
    hosts === null
      ? "('', '', '', toUInt8(0), '') AS facts"
      : `dictGetOrDefault(${literal(hosts)}, ('site', 'domain', 'tld', 'is_gov', 'sector'), host_name, ('', '', '', toUInt8(0), '')) AS facts`,
    `multiIf(${chosen.rule.assets.flatMap((kind) => [hasAsset(kind), literal(kind)]).join(", ")}, '') AS asset_kind`,
  ];
  return parts.join(",\n          ");
}

/** An address is in one of the two tables at most. */
function networkSql({dictionaries: {networksV4, networksV6}}: ReadingContext, key: string): string {
  const found = [networksV4, networksV6].flatMap((name) =>
    name === null ? [] : [`dictGetOrDefault(${literal(name)}, 'place', ${key}, toUInt64(0))`],
  );
  return found.length === 2 ? `bitOr(${found.join(", ")})` : (found[0] ?? "toUInt64(0)");
}

/**
 * Only what can be counted is an asset: a host that enrich/ knows as no host name, and a page on none, are nothing that
 * anybody could be told of, so the row is about the next of its assets or a reject.
 */
function hasAsset(kind: AssetKind): string {
  if (kind === "ip") return "isNotNull(ip)";
  if (kind === "site") return `${SITE} != ''`;
  if (kind === "url") return `f_url != '' AND (${SITE} != '' OR isNotNull(ip))`;
  return `f_${kind} != ''`;
}

const SITE = "tupleElement(facts, 1)";

/** Regions of the range table that the look-up of countries names by themselves. Source: GB/T 2260 codes 71, 81, 82. */
const REGION_CODES = TAXONOMY.regions.map((region) => region.code);
const REGION_COUNTRIES = TAXONOMY.regions.map((region) => region.country);

/** Third layer: place, sector, brand. The site's range table goes before the network table, the provider's word comes last. */
function placed(context: ReadingContext): string {
  const {sectorPrefixes, sectorAsns, brands} = context.dictionaries;
  const isRegion = `range IN (${REGION_CODES.map(literal).join(", ")})`;
  const home = context.country === null ? "''" : literal(context.country);
  const country = `multiIf(${isRegion}, transform(range, ${literals(REGION_CODES)}, ${literals(REGION_COUNTRIES)}, ''), range != '', ${home}, network_country != '', network_country, f_country)`;
  const byPrefix =
    sectorPrefixes === null
      ? "''"
      : `if(isNull(ip), '', dictGetOrDefault(${literal(sectorPrefixes)}, 'sector', tuple(assumeNotNull(ip)), ''))`;
  const byAsn =
    sectorAsns === null ? "''" : `dictGetOrDefault(${literal(sectorAsns)}, 'sector', toUInt64(ifNull(asn_, 0)), '')`;
  const parts = [
    `${country} AS place`,
    `${scopeSql(context.scopeRules)} AS scope_`,
    `if(${isRegion}, '', range) AS province_`,
    "nullIf(if(network_asn != 0, network_asn, ifNull(f_asn, 0)), 0) AS asn_",
    brands === null
      ? "('', '', '') AS brand_"
      : `dictGetOrDefault(${literal(brands)}, ('name', 'country', 'sector'), f_brand, ('', '', '')) AS brand_`,
    sectorPrefixes === null && sectorAsns === null
      ? "'' AS owner_sector"
      : `if(${byPrefix} != '', ${byPrefix}, ${byAsn}) AS owner_sector`,
  ];
  return parts.join(",\n        ");
}

/** The rule of enrich/scope.ts as SQL. */
function scopeSql(rules: readonly ScopeRule[]): string {
  const columns = {province: "range", country: "place", tld: "tupleElement(facts, 3)"};
  const choices = rules.flatMap(({column, is, scope}) => [
    is === "any" ? `${columns[column]} != ''` : `${columns[column]} IN (${is.map(literal).join(", ")})`,
    literal(scope),
  ]);
  return choices.length === 0 ? "'unknown'" : `multiIf(${choices.join(", ")}, 'unknown')`;
}

/**
 * The columns of the files. What the report cannot fill is left out: a file without a column reads as '' or NULL, and each
 * column written costs time (measured: a third of the statement for twenty empty ones).
 */
function finalColumns(source: RowSource, chosen: ChosenRule, context: ReadingContext): string {
  const {fields, assets} = chosen.rule;
  const {hosts, brands, provinces, sectorPrefixes, sectorAsns} = context.dictionaries;
  const has = (field: keyof typeof fields, sql: string): string | null => (fields[field] === undefined ? null : sql);
  const fact = (position: number): string | null => (hosts === null ? null : `tupleElement(facts, ${position})`);
  const hasSector =
    fields.sector !== undefined || hosts !== null || brands !== null || sectorPrefixes !== null || sectorAsns !== null;
  const columns: Record<EventColumn, string | null> = {
    report: literal(context.report),
    line: "line",
    row_hash: "row_hash",
    seen_at: `toDateTime(ifNull(f_seenAt, ${fetchedSql(context)}), 'UTC')`,
    has_own_time: "has_time",
    feed: literal(context.feed),
    class: "class",
    asset_kind: "asset_kind",
    asset: assets.every((kind) => kind === "ip") ? null : ASSET,
    ip: "ip",
    port: has("port", "toUInt16(f_port)"),
    protocol: has("protocol", "lower(f_protocol)"),
    host: fact(1),
    domain: fact(2),
    tld: fact(3),
    url: has("url", "f_url"),
    asn: "asn_",
    country: "place",
    stated_asn: has("asn", "f_asn"),
    stated_country: has("country", "f_country"),
    hostname: has("hostname", "f_hostname"),
    province: provinces === null ? null : "province_",
    scope: "scope_",
    is_gov: fact(4),
    sector: hasSector
      ? "multiIf(tupleElement(brand_, 3) != '', tupleElement(brand_, 3), f_sector != '', f_sector, tupleElement(facts, 5) != '', tupleElement(facts, 5), owner_sector)"
      : null,
    brand: has("brand", "if(tupleElement(brand_, 1) != '', tupleElement(brand_, 1), f_brand)"),
    brand_country: brands === null ? null : "tupleElement(brand_, 2)",
    family: has("family", "lowerUTF8(f_family)"),
    tag: has("tag", "f_tag"),
    severity: has("severity", "lower(f_severity)"),
    vuln_type: has("vulnType", "f_vulnType"),
    channel_kind: has("channelKind", "f_channelKind"),
    responsible: has("responsible", "f_responsible"),
    title: has("title", "f_title"),
    file: has("file", "f_file"),
    app: has("app", "f_app"),
  };
  const named = Object.entries(columns).flatMap(([name, sql]) =>
    sql === null ? [] : sql === name ? [name] : [`${sql} AS ${name}`],
  );
  const extra = extras(source, chosen).map((column) => identifier(`x_${column}`));
  return [...named, ...extra, `${reasonSql(context)} AS reason`].join(",\n      ");
}

const ASSET = `multiIf(asset_kind = 'ip', '', asset_kind = 'site', ${SITE}, asset_kind = 'url', f_url, asset_kind = 'file', f_file, asset_kind = 'app', f_app, asset_kind = 'account', f_account, f_vuln)`;

function fetchedSql(context: ReadingContext): string {
  return `toDateTime64(${literal(context.fetchedAt.toISOString().slice(0, 19).replace("T", " "))}, 0, 'UTC')`;
}

function reasonSql(context: ReadingContext): string {
  const isLate = `f_seenAt > ${fetchedSql(context)} + INTERVAL 1 DAY`;
  const choices: [string, RejectReason][] = [
    ["has_time AND isNull(f_seenAt)", "bad_time"],
    [`has_time AND (f_seenAt < ${EARLIEST} OR ${isLate})`, "time_out_of_range"],
    ["is_missing", "bad_value"],
    ["asset_kind = ''", "no_asset"],
    ["class = ''", "no_class"],
  ];
  return `toUInt8(multiIf(fault != 0, fault, ${choices.map(([condition, reason]) => `${condition}, ${reasonNumber(reason)}`).join(", ")}, 0))`;
}
