import type {Condition, Conversion, FieldRule} from "../../model/format.ts";
import {literal, literals} from "./sql.ts";

/** Gives the SQL expression for the text of a column, trimmed; an absent column gives ''. */
export type TextOf = (column: string) => string;

/** SQL of a value that is NULL when there is none. */
type Nullable = string;

const NO_TEXT = "''";

/** The text when no conversion matches: typed NULLs so that every report has the same columns. */
export const NOTHING = {
  text: NO_TEXT,
  ip: "CAST(NULL, 'Nullable(IPv6)')",
  time: "CAST(NULL, 'Nullable(DateTime64(0, \\'UTC\\'))')",
  number: "CAST(NULL, 'Nullable(UInt32)')",
} as const;

/** Returns which kind of SQL value a conversion gives. */
export function kindOf(conversion: Conversion): keyof typeof NOTHING {
  switch (conversion.as) {
    case "time":
      return "time";
    case "ip":
    case "address":
      return "ip";
    case "port":
    case "asn":
      return "number";
    default:
      return "text";
  }
}

/** Returns the SQL of a field: the first of its columns that gives a value. Texts are '' and others NULL when none does. */
export function fieldSql(rule: FieldRule, textOf: TextOf): string {
  const value = firstValue(rule, textOf);
  if (rule.when === undefined || rule.when.length === 0) return value;
  return `if(${rule.when.map((each) => conditionSql(each, textOf)).join(" AND ")}, ${value}, ${NOTHING[kindOf(rule.conversion)]})`;
}

function firstValue(rule: FieldRule, textOf: TextOf): string {
  const values = rule.columns.map((column) => convert(rule.conversion, textOf(column)));
  const [only] = values;
  if (only === undefined)
    return rule.conversion.as === "look-up"
      ? literal(rule.conversion.otherwise ?? "")
      : NOTHING[kindOf(rule.conversion)];
  if (kindOf(rule.conversion) !== "text") return values.length === 1 ? only : `coalesce(${values.join(", ")})`;
  if (values.length === 1) return only;
  const choices = values.slice(0, -1).flatMap((value) => [`${value} != ''`, value]);
  return `multiIf(${choices.join(", ")}, ${values.at(-1)})`;
}

/** Returns the SQL condition that one of the rule's columns has a text at all. */
export function isStated(rule: FieldRule, textOf: TextOf): string {
  return rule.columns.length === 0 ? "0" : `(${rule.columns.map((column) => `${textOf(column)} != ''`).join(" OR ")})`;
}

/** Returns the SQL of a condition on a row. */
export function conditionSql(condition: Condition, textOf: TextOf): string {
  const text = textOf(condition.column);
  if ("isEmpty" in condition) return condition.isEmpty ? `${text} = ''` : `${text} != ''`;
  if ("equals" in condition)
    return `${lowerSql(text, condition.equals)} IN (${condition.equals.map((each) => literal(each.toLowerCase())).join(", ")})`;
  return `multiSearchAny(${lowerSql(text, condition.contains)}, ${literals(condition.contains.map((each) => each.toLowerCase()))})`;
}

/** The text in lower case, to be compared: lower case beyond ASCII costs more, and matters only where such letters are looked for. */
function lowerSql(text: string, comparedWith: readonly string[]): string {
  return comparedWith.every((each) => /^[\x20-\x7e]*$/.test(each)) ? `lower(${text})` : `lowerUTF8(${text})`;
}

function convert(conversion: Conversion, text: string): string {
  switch (conversion.as) {
    case "text":
      return without(conversion.except, text, text);
    case "lower":
      return without(conversion.except, text, `lowerUTF8(${text})`);
    case "time":
      return timeSql(text, conversion.pattern, conversion.zone);
    case "ip":
      return ipSql(text);
    case "address":
      return `coalesce(toIPv6OrNull(${text}), toIPv6OrNull(extract(${text}, '^\\\\[?([0-9A-Fa-f:.]+?)\\\\]?(?::[0-9]{1,5})?$')))`;
    case "port":
      return `nullIf(CAST(toUInt16OrNull(${text}), 'Nullable(UInt32)'), 0)`;
    case "asn":
      return `nullIf(toUInt32OrNull(if(startsWith(upper(${text}), 'AS'), substring(${text}, 3), ${text})), 0)`;
    case "country":
      return `if(match(${text}, '^[A-Za-z]{2}$'), upper(${text}), '')`;
    case "host":
      return hostSql(text);
    case "url":
      return urlSql(text);
    case "host-of-url":
      return hostOfUrl(urlSql(text));
    case "hash":
      return `if(match(${text}, '^(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$'), lower(${text}), '')`;
    case "look-up":
      return `transform(${lowerSql(text, Object.keys(conversion.table))}, ${literals(Object.keys(conversion.table))}, ${literals(Object.values(conversion.table))}, ${conversion.otherwise === null ? NO_TEXT : literal(conversion.otherwise)})`;
  }
}

function without(except: readonly string[] | undefined, text: string, value: string): string {
  if (except === undefined || except.length === 0) return value;
  return `if(${lowerSql(text, except)} IN (${except.map((each) => literal(each.toLowerCase())).join(", ")}), '', ${value})`;
}

/** Texts shorter than a date, such as "12", would be read as a day of this month: they are no times. */
function timeSql(text: string, pattern: string | undefined, zone: string): Nullable {
  if (pattern !== undefined) {
    const mysql = pattern.replaceAll("%M", "%i").replaceAll("%S", "%s");
    return `toDateTime64(parseDateTimeOrNull(${text}, ${literal(mysql)}, ${literal(zone)}), 0, 'UTC')`;
  }
  const known = `toDateTime64(parseDateTime64BestEffortOrNull(${text}, 0, ${literal(zone)}), 0, 'UTC')`;
  // the engine takes 25:61:00 for 02:01:00 of the next day
  const isClock = `(substring(${text}, 14, 1) != ':' OR (substring(${text}, 12, 2) < '24' AND substring(${text}, 15, 1) < '6' AND substring(${text}, 18, 1) < '6'))`;
  return `if(length(${text}) >= 8 AND ${isClock}, ${known}, NULL)`;
}

function ipSql(text: string): Nullable {
  const clean = `toIPv6OrNull(extract(${text}, '^\\\\[?([0-9A-Fa-f:.]+?)\\\\]?(?:/32|/128)?$'))`;
  return `if(isNull(toIPv6OrNull(${text})) AND ${text} != '', ${clean}, toIPv6OrNull(${text}))`;
}

/** Of ASCII a name has letters, digits, - and _ only; whether the others make a name is for enrich/ to say. */
const LABEL = "[a-z0-9_\\\\x{80}-\\\\x{10FFFF}-]";

function hostSql(text: string): string {
  const host = `trimRight(lowerUTF8(replaceAll(replaceAll(${text}, '[.]', '.'), '(.)', '.')), '.')`;
  const isHost = `match(${host}, '^(?:${LABEL}{1,63}\\\\.)+${LABEL}{2,63}$')`;
  return `if(${isHost} AND isNull(toIPv6OrNull(${host})), ${host}, '')`;
}

/** A URL keeps its text: two URLs that differ are two assets. Only disguise is taken off. */
function urlSql(text: string): string {
  const plain = `replaceRegexpOne(replaceAll(replaceAll(replaceAll(${text}, '[.]', '.'), '(.)', '.'), '[:]', ':'), '^(?i)h(?:xx|\\\\*\\\\*)p', 'http')`;
  const schemed = `if(position(${plain}, '://') > 0, ${plain}, if(${plain} = '', '', concat('http://', ${plain})))`;
  const host = domainSql(schemed);
  return `if(match(${schemed}, '^(?i)(?:https?|ftp)://') AND (position(${host}, '.') > 0 OR position(${host}, ':') > 0), ${schemed}, '')`;
}

/** Returns the SQL of the host of a URL, in lower case, without port, brackets and final dot. */
export function hostOfUrl(url: string): string {
  return `lowerUTF8(${domainSql(url)})`;
}

/** The engine finds no host that ends with the full stop of the root: such a URL is looked at once more without it. */
function domainSql(url: string): string {
  const rootless = `replaceRegexpOne(${url}, '^([A-Za-z]+://[^/?#]*)\\\\.((?::[0-9]*)?(?:[/?#].*)?)$', '\\\\1\\\\2')`;
  return `if(domainRFC(${url}) != '' OR ${url} = '', domainRFC(${url}), domainRFC(${rootless}))`;
}
