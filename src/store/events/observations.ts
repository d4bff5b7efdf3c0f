import type {
  ChosenRule,
  Conversion,
  DocumentFormat,
  FieldRule,
  Observation,
  ObservationField,
} from "../../model/format.ts";
import type {RowSource} from "./row-source.ts";
import {literal} from "./sql.ts";

/** How the fields of a document's observations are converted; the document's reader has only cut them out. */
const CONVERSIONS: Readonly<Record<Exclude<ObservationField, "class" | "seenAt">, Conversion>> = {
  ip: {as: "ip"},
  port: {as: "port"},
  protocol: {as: "lower"},
  asn: {as: "asn"},
  country: {as: "country"},
  hostname: {as: "text"},
  host: {as: "host"},
  url: {as: "url"},
  file: {as: "hash"},
  app: {as: "text"},
  account: {as: "text"},
  vuln: {as: "text"},
  family: {as: "lower"},
  tag: {as: "text"},
  brand: {as: "text"},
  sector: {as: "text"},
  severity: {as: "lower"},
  title: {as: "text"},
  channelKind: {as: "lower"},
  responsible: {as: "text"},
  vulnType: {as: "text"},
};

/**
 * Returns observations as JSON lines of texts with the line under the empty name, and the names of all columns in them.
 * Half a surrogate pair becomes U+FFFD: the engine's JSON reader takes no line with one.
 */
export function observationLines(observations: readonly Observation[]): {columns: string[]; lines: string} {
  const columns = new Set<string>();
  const lines = observations.map(({line, extra, ...fields}) => {
    const texts = Object.entries<string>({...extra, ...fields}).flatMap(([column, text]) =>
      column === "" ? [] : [[column.toWellFormed(), text.toWellFormed()] as const],
    );
    for (const [column] of texts) columns.add(column);
    return `${JSON.stringify({...Object.fromEntries(texts), "": line})}\n`;
  });
  return {columns: [...columns].sort(), lines: lines.join("")};
}

/** Returns where the observations of a document are. */
export function documentSource(file: string, columns: readonly string[]): RowSource {
  const position = new Map(columns.map((column, index) => [column, index]));
  const text = (column: string): string =>
    position.has(column) ? `trimBoth(JSONExtractString(raw, ${literal(column)}))` : "''";
  return {
    from: `file(${literal(file)}, 'LineAsString', 'raw String')`,
    settings: {},
    where: "raw != ''",
    line: "toUInt32(JSONExtractUInt(raw, ''))",
    fault: "0",
    rowHash: `farmHash64(${["''", ...columns.map(text)].join(", ")})`,
    columns,
    textOf: text,
    rawOf: text,
  };
}

/** Returns the rule by which a document's observations become events. */
export function documentChoice(
  format: DocumentFormat,
  columns: readonly string[],
  warnings: readonly string[],
): ChosenRule {
  const fields: Partial<Record<Exclude<ObservationField, "class">, FieldRule>> = {
    seenAt: {columns: ["seenAt"], conversion: {as: "time", zone: format.zone}},
  };
  for (const [field, conversion] of Object.entries(CONVERSIONS)) {
    if (columns.includes(field)) Object.assign(fields, {[field]: {columns: [field], conversion}});
  }
  return {type: null, rule: {fields, classes: [], assets: format.assets, classColumn: "class"}, warnings};
}
