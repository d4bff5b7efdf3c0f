import {LineCounter, parseDocument} from "yaml";
import {z} from "zod";
import {FaultyFile, WatchfloorError} from "../model/errors.ts";
import {
  ASSET_KINDS,
  type AssetKind,
  type ChosenRule,
  type ClassRule,
  type FieldRule,
  type Reading,
  type TableFormat,
  type TableRule,
} from "../model/format.ts";
import {incidentClass} from "../model/taxonomy.ts";
import {
  conditions,
  type FieldFault,
  fieldRule,
  SITE_FIELDS,
  type SiteField,
  siteField,
  words,
  zone,
} from "./site-field.ts";

const classCode = z.string().refine((code) => incidentClass(code) !== null, {
  error: ({input}) => `there is no class "${input}"; the codes are those of the taxonomy, such as web.phish`,
});

const reading = z.preprocess(
  (said) => (typeof said === "string" ? {as: said} : said),
  z.discriminatedUnion(
    "as",
    [
      z.strictObject({
        as: z.literal("csv"),
        delimiter: z
          .string()
          .regex(/^[\t !#-~]$/, "is no delimiter: one character of ASCII, no quote")
          .optional(),
        header: words.optional(),
      }),
      z.strictObject({as: z.literal("json-lines")}),
      z.strictObject({as: z.literal("list"), comment: z.string().min(1).default("#")}),
    ],
    {error: "says as: csv, json-lines or list"},
  ),
);

/** A format as a site writes it in its data folder, in YAML or JSON; docs/feeds.md is made from it. */
export const siteFormatSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, "is a word of a-z, 0-9 and -")
    .describe("Name of the format; a feed names it."),
  title: z
    .preprocess(
      (said) => (typeof said === "string" ? {zh: said, en: said} : said),
      z.strictObject({zh: z.string().min(1), en: z.string().min(1)}),
    )
    .describe("What people call it: one text, or zh and en."),
  source: z.string().default("").describe("Who publishes it."),
  reads: reading.describe(
    "csv, json-lines or list; or a map with `as` and, for csv, `delimiter` and `header` (column names, when the file has none), for list `comment` (what a comment begins with, # by default). A list has one column, `value`.",
  ),
  zone: zone.default("UTC").describe("Time zone of times without an offset, such as Asia/Shanghai."),
  class: classCode
    .optional()
    .describe("Class of every row, or of those that no rule of `classes` meets ([taxonomy](taxonomy.md))."),
  classes: z
    .array(z.strictObject({when: conditions, class: classCode}))
    .default([])
    .describe("Rules of `when` and `class`; the first whose conditions all hold gives the class of the row."),
  assets: z
    .array(z.enum(ASSET_KINDS))
    .min(1)
    .optional()
    .describe(
      "What the event is about: the first that has a value. Without it: url, site, ip, file, app, account, vuln.",
    ),
  fields: z
    .partialRecord(z.enum(SITE_FIELDS), siteField)
    .describe("Which columns give which field: a column, several columns (the first that gives a value), or a map."),
  keep: words.optional().describe("Mapped columns whose text is kept beside the field as well."),
  drop: words.optional().describe("Columns that are not kept. Columns that nothing maps are otherwise kept."),
});

type Mapping = z.infer<typeof siteFormatSchema>;
type Path = readonly (string | number)[];

/** Something in the file that is wrong. */
interface Fault {
  readonly path: Path;
  readonly message: string;
}

/**
 * Makes a format from a mapping that a site wrote, YAML or JSON. A format whose lines have no time is a standing list.
 * Throws format_invalid, naming file, line and key.
 */
export function readSiteFormat(text: string, fileName: string): TableFormat {
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines});
  const lineOf = (path: Path): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const node: unknown = document.getIn(path.slice(0, depth), true);
      const range = z.object({range: z.array(z.number()).min(1)}).safeParse(node);
      if (range.success) return lines.linePos(range.data.range[0] ?? 0).line;
    }
    return 1;
  };
  const refuse = (faults: readonly Fault[]): never => {
    const texts = faults.map(({path, message}) => {
      const key = path.length === 0 ? "" : `${path.join(".")}: `;
      return `${fileName} line ${lineOf(path)}: ${key}${message}`;
    });
    throw new FaultyFile("format_invalid", texts);
  };
  const [broken] = document.errors;
  if (broken !== undefined)
    throw new WatchfloorError(
      "format_invalid",
      `${fileName} line ${broken.linePos?.[0].line ?? 1}: ${broken.message.split("\n")[0]}`,
      broken,
    );
  const said = siteFormatSchema.safeParse(document.toJS());
  if (!said.success) return refuse(said.error.issues.flatMap(faultsOf));
  const made = formatOf(said.data);
  return "message" in made ? refuse([made]) : made;
}

/** What is wrong; an unknown key is named by itself, not by what it stands in. */
function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({path: [...path, key], message: "there is no such key"}));
  if (issue.code === "invalid_key")
    return [{path, message: `there is no such field; there are ${SITE_FIELDS.join(", ")}`}];
  return [{path, message: issue.message}];
}

function formatOf(said: Mapping): TableFormat | Fault {
  const fields: Partial<Record<SiteField, FieldRule>> = {};
  for (const name of SITE_FIELDS) {
    const field = said.fields[name];
    if (field === undefined) continue;
    const rule = fieldRule(name, field, said.zone);
    if (isFault(rule))
      return {path: rule.key === null ? ["fields", name] : ["fields", name, rule.key], message: rule.message};
    fields[name] = rule;
  }
  const assets = said.assets ?? ASSET_KINDS_BY_USE.filter((kind) => sourceOf(kind).some((name) => name in fields));
  const classes: ClassRule[] = [...said.classes, ...(said.class === undefined ? [] : [{when: [], class: said.class}])];
  const rule: TableRule = {
    fields,
    classes,
    assets,
    ...(said.keep === undefined ? {} : {keep: said.keep}),
    ...(said.drop === undefined ? {} : {drop: said.drop}),
  };
  return (
    faultIn(said, rule) ?? {
      kind: "table",
      name: said.name,
      title: said.title,
      source: said.source,
      ...(fields.seenAt === undefined ? {isStandingList: true} : {}),
      reading: readingOf(said),
      ruleFor: ({header}) => ruleFor(rule, header),
    }
  );
}

/** The order in which the fields of a mapping are taken for the asset. */
const ASSET_KINDS_BY_USE: readonly AssetKind[] = ["url", "site", "ip", "file", "app", "account", "vuln"];

function sourceOf(kind: AssetKind): SiteField[] {
  return kind === "site" ? ["host", "url"] : [kind];
}

function isFault(rule: FieldRule | FieldFault): rule is FieldFault {
  return "message" in rule;
}

function faultIn(said: Mapping, rule: TableRule): Fault | null {
  if (rule.classes.length === 0) return {path: ["class"], message: "is missing: every event has a class"};
  if (rule.assets.length === 0)
    return {path: ["fields"], message: "name nothing that can be an asset: ip, host, url, file, app, account or vuln"};
  const without = rule.assets.findIndex((kind) => !sourceOf(kind).some((name) => name in rule.fields));
  if (without !== -1)
    return {
      path: ["assets", without],
      message: `needs the field ${sourceOf(rule.assets[without] ?? "ip").join(" or ")}`,
    };
  const columns = columnsOf(said.reads);
  for (const [name, field] of Object.entries(rule.fields)) {
    const missing = columns === null ? undefined : field.columns.find((column) => !columns.includes(column));
    if (missing !== undefined)
      return {path: ["fields", name], message: `there is no column "${missing}"; there are ${columns?.join(", ")}`};
  }
  return null;
}

/** The columns that are known before any report has come; null when the report names them. */
function columnsOf(reads: Mapping["reads"]): readonly string[] | null {
  if (reads.as === "list") return ["value"];
  return reads.as === "csv" ? (reads.header ?? null) : null;
}

function readingOf({reads, fields}: Mapping): Reading {
  if (reads.as !== "csv") return reads;
  const delimiter = reads.delimiter === undefined ? {} : {delimiter: reads.delimiter};
  if (reads.header !== undefined) return {as: "csv", ...delimiter, header: reads.header, firstLineMayBeHeader: true};
  const mustHave = Object.values(fields).flatMap((field) => (field.required === true ? (field.columns ?? []) : []));
  return {as: "csv", ...delimiter, header: "first-line", mustHave};
}

/** Null when the report has no column of a required field, or of any asset. */
function ruleFor(rule: TableRule, header: readonly string[]): ChosenRule | null {
  const has = ({columns}: FieldRule): boolean =>
    columns.length === 0 || columns.some((column) => header.includes(column));
  const isComplete = Object.values(rule.fields).every((field) => field.required !== true || has(field));
  const hasAsset = rule.assets.some((kind) =>
    sourceOf(kind).some((name) => rule.fields[name] && has(rule.fields[name])),
  );
  if (!isComplete || !hasAsset) return null;
  const lacking = Object.values(rule.fields).flatMap((field) => (has(field) ? [] : field.columns));
  const warnings =
    lacking.length === 0 ? [] : [`The report lacks columns that the mapping names: ${lacking.join(", ")}.`];
  return {type: null, rule, warnings};
}
