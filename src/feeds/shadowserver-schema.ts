import {z} from "zod";
import {WatchfloorError} from "../model/errors.ts";
import {classOfRsit} from "../model/taxonomy.ts";
import {type AssetPlace, SHADOWSERVER_TYPES, type ShadowserverType} from "./shadowserver-types.ts";

/** reports.json: the plain description of each type. IPv6 types leave the classification to their IPv4 twin. */
const described = z.object({
  name: z.string(),
  fields: z.array(z.string()).min(1),
  "classification.taxonomy": z.string().optional(),
  "classification.type": z.string().optional(),
});

/** intelmq.json: the same as a mapping [field of IntelMQ, column, conversion...]. */
const mapped = z.object({
  feed_name: z.string(),
  file_name: z.string(),
  constant_fields: z.record(z.string(), z.unknown()),
  required_fields: z.array(z.array(z.unknown())),
  optional_fields: z.array(z.array(z.unknown())),
});

/** The conversion of intelmq.json that leaves a text as it stands. */
const AS_IT_STANDS = "validate_to_none";

const file = z.record(z.string(), z.unknown());

interface Described {
  readonly name: string;
  readonly title: string;
  readonly rsit: {readonly taxonomy: string; readonly type: string} | null;
  readonly identifier: string | null;
  readonly application: string | null;
  readonly columns: readonly string[];
}

const PLACES_BY_COLUMN: readonly (readonly [string, AssetPlace])[] = [
  ["src_ip", "src"],
  ["http_referer_ip", "referer"],
  ["http_host", "site"],
  ["ip", "ip"],
  ["url", "url"],
  ["dst_ip", "dst"],
  ["email", "account"],
];

/**
 * Reads the publisher's schema file, reports.json or intelmq.json, which a site puts beside; gives its types for
 * shadowserverWith(). Throws format_invalid when it is neither, naming the type that is wrong.
 * Source: github.com/The-Shadowserver-Foundation/report_schema.
 */
export function readShadowserverSchema(text: string, fileName: string): ShadowserverType[] {
  const entries = Object.entries(parsed(text, fileName)).filter(([name]) => !name.startsWith("_"));
  const types = entries.map(([name, value]) => describe(name, value, fileName));
  const byName = new Map(types.map((type) => [type.name, type]));
  return types.map((type) => meaningOf(type, byName.get(twinOf(type.name))));
}

function parsed(text: string, fileName: string): Record<string, unknown> {
  try {
    return file.parse(JSON.parse(text));
  } catch (cause) {
    throw new WatchfloorError("format_invalid", `${fileName}: no JSON object`, cause);
  }
}

function describe(name: string, value: unknown, fileName: string): Described {
  const plain = described.safeParse(value);
  if (plain.success) {
    const {"classification.taxonomy": taxonomy, "classification.type": type, fields, name: title} = plain.data;
    const rsit = taxonomy === undefined || type === undefined ? null : {taxonomy, type};
    return {name, title, rsit, identifier: null, application: null, columns: fields};
  }
  const mapping = mapped.safeParse(value);
  if (!mapping.success)
    throw new WatchfloorError("format_invalid", `${fileName}: ${name} is described neither by fields nor by a mapping`);
  const {constant_fields: constants, feed_name: title, file_name: reportType} = mapping.data;
  const rules = [...mapping.data.required_fields, ...mapping.data.optional_fields];
  const said = (field: string): string | null => {
    if (typeof constants[field] === "string") return constants[field];
    const [, column, conversion = AS_IT_STANDS] = rules.find(([target]) => target === field) ?? [];
    return typeof column === "string" && conversion === AS_IT_STANDS ? `=${column}` : null;
  };
  const taxonomy = constants["classification.taxonomy"];
  const type = constants["classification.type"];
  return {
    name: reportType,
    title,
    rsit: typeof taxonomy === "string" && typeof type === "string" ? {taxonomy, type} : null,
    identifier: said("classification.identifier"),
    application: said("protocol.application"),
    columns: [...new Set(rules.flatMap(([, column]) => (typeof column === "string" ? [column] : [])))],
  };
}

/** What we know of the type ourselves stands; the file gives what is new. */
function meaningOf(type: Described, twin: Described | undefined): ShadowserverType {
  const known = SHADOWSERVER_TYPES.get(type.name);
  const rsit = type.rsit ?? twin?.rsit ?? known?.rsit ?? {taxonomy: "other", type: "undetermined"};
  const title = type.title.replaceAll("-", " ");
  return {
    name: type.name,
    class: known?.class ?? classOfRsit(rsit.type) ?? "undetermined",
    rsit,
    identifier: type.identifier ?? twin?.identifier ?? known?.identifier ?? null,
    application: type.application ?? twin?.application ?? known?.application ?? null,
    severity: known?.severity ?? null,
    asset: known?.asset ?? PLACES_BY_COLUMN.find(([column]) => type.columns.includes(column))?.[1] ?? "ip",
    title: known?.title ?? {zh: title, en: title},
    columns: type.columns,
  };
}

/** The IPv4 type of an IPv6 one: scan6_dns is scan_dns, event6_sinkhole is event4_sinkhole, device_id6 is device_id. */
function twinOf(name: string): string {
  return name
    .replace(/^(scan|population)6_/, "$1_")
    .replace(/^event6_/, "event4_")
    .replace(/6$/, "");
}
