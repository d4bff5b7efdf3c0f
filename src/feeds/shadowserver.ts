import type {ChosenRule, TableFormat} from "../model/format.ts";
import {classOfRsit} from "../model/taxonomy.ts";
import {ruleOfType} from "./shadowserver-rule.ts";
import {type AssetPlace, rsitTaxonomy, SHADOWSERVER_TYPES, type ShadowserverType} from "./shadowserver-types.ts";

type Types = ReadonlyMap<string, ShadowserverType>;

/** RSIT type of a report type that nobody has described to us, by the publisher's way of naming. */
const GUESSES: readonly (readonly [RegExp, string])[] = [
  [/^event\d?_.*sinkhole/, "infected-system"],
  [/^event\d?_.*ddos/, "ddos"],
  [/^event\d?_.*brute/, "brute-force"],
  [/^event\d?_honeypot_.*scan$/, "scanner"],
  [/^compromised_/, "system-compromise"],
  [/^scan6?_/, "vulnerable-system"],
];
const ASSET_COLUMNS: readonly (readonly [string, AssetPlace])[] = [
  ["src_ip", "src"],
  ["http_referer_ip", "referer"],
  ["ip", "ip"],
  ["url", "url"],
  ["dst_ip", "dst"],
  ["email", "account"],
];
const NAMES_A_TYPE = /^(?:\d{4}-\d{2}-\d{2}-|(?:scan|population|event\d?|compromised|sandbox)6?_)/;
/** Below this share of common columns a header is not taken for a type. */
const LEAST_LIKENESS = 0.5;
/** Types that are less alike by no more than this could as well be meant, unless one fits exactly. */
const LIKENESS_MARGIN = 0.1;

/** Reports of the Shadowserver Foundation, all types, by the table in shadowserver-types.ts. */
export const shadowserver: TableFormat = shadowserverWith([]);

/**
 * Returns the format with what a publisher's schema file says besides our table (see shadowserver-schema.ts): new types,
 * and newer columns of known ones. The meaning of a known type stays ours.
 */
export function shadowserverWith(schema: readonly ShadowserverType[]): TableFormat {
  const types = new Map(SHADOWSERVER_TYPES);
  for (const type of schema) {
    const known = types.get(type.name);
    types.set(type.name, known === undefined ? type : {...known, columns: type.columns});
  }
  return {
    kind: "table",
    name: "shadowserver",
    title: {zh: "Shadowserver 每日报告", en: "Shadowserver daily reports"},
    source: "https://www.shadowserver.org/what-we-do/network-reporting/",
    reading: {as: "csv", header: "first-line", mustHave: ["timestamp"], mends: true},
    ruleFor: ({fileName, header}) => choose(types, fileName, header),
  };
}

function choose(types: Types, fileName: string, header: readonly string[]): ChosenRule | null {
  const hasAsset = ASSET_COLUMNS.some(([column]) => header.includes(column)) || header.includes("website");
  if (!header.includes("timestamp") || !(hasAsset || header.includes("request"))) return null;
  const name = typeOfFile(fileName);
  const known = types.get(name ?? "");
  if (known !== undefined) return {type: known.name, rule: ruleOfType(known), warnings: unknownColumns(known, header)};
  if (name !== null && NAMES_A_TYPE.test(baseOf(fileName))) return unknownType(name, header);
  return likeliest(types, header) ?? unknownType(name ?? "unnamed", header);
}

/** "2024-07-04-scan_adb-123-x.csv" and "scan_adb.csv" name their type. Source: the publisher's report-filename.md. */
function typeOfFile(fileName: string): string | null {
  return /^(?:\d{4}-\d{2}-\d{2}-)?([a-z0-9_]+)(?:[-.].*)?$/.exec(baseOf(fileName))?.[1] ?? null;
}

function baseOf(fileName: string): string {
  return fileName.split(/[/\\]/).at(-1) ?? fileName;
}

function unknownColumns(type: ShadowserverType, header: readonly string[]): string[] {
  const unknown = header.filter((column) => !type.columns.includes(column));
  return unknown.length === 0 ? [] : [`Columns that ${type.name} is not known to have, kept: ${unknown.join(", ")}.`];
}

function unknownType(name: string, header: readonly string[]): ChosenRule {
  const rsit = GUESSES.find(([pattern]) => pattern.test(name))?.[1] ?? "undetermined";
  const asset = ASSET_COLUMNS.find(([column]) => header.includes(column))?.[1] ?? "ip";
  const type: ShadowserverType = {
    name,
    class: classOfRsit(rsit) ?? "undetermined",
    rsit: {taxonomy: rsitTaxonomy(rsit), type: rsit},
    identifier: null,
    application: null,
    severity: null,
    asset,
    title: {zh: name, en: name},
    columns: header,
  };
  const warning = `Unknown report type ${name}: its events are of the class ${type.class} until the publisher's schema is loaded.`;
  return {type: name, rule: ruleOfType(type), warnings: [warning]};
}

/** The type whose columns are most like the header; when types that fit as well mean something else, no class is known. */
function likeliest(types: Types, header: readonly string[]): ChosenRule | null {
  const scores = [...types.values()].map((type) => ({type, score: likeness(type.columns, header)}));
  scores.sort((one, other) => other.score - one.score);
  const best = scores[0]?.score ?? 0;
  const fitting = scores.filter(({score}) => score === best || (best < 1 && score > best - LIKENESS_MARGIN));
  const first = fitting[0]?.type;
  if (first === undefined || best < LEAST_LIKENESS) return null;
  const isClear = fitting.every(({type}) => type.class === first.class && type.asset === first.asset);
  const names = fitting.slice(0, 3).map(({type}) => type.name);
  const warning = `The file name names no report type; the columns are ${Math.round(best * 100)} % those of ${names.join(", ")}${
    isClear ? "" : ", which mean different things: the class is undetermined"
  }.`;
  return {
    type: isClear ? first.name : null,
    rule: ruleOfType(isClear ? first : {...first, class: "undetermined"}),
    warnings: [warning, ...unknownColumns(first, header)],
  };
}

/** Share of common columns among all columns of both, 0 to 1. */
function likeness(one: readonly string[], other: readonly string[]): number {
  const common = other.filter((column) => one.includes(column)).length;
  return common / (one.length + other.length - common);
}
