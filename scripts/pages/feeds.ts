import {readFileSync} from "node:fs";
import path from "node:path";
import {FORMATS} from "../../src/feeds/index.ts";
import {SHADOWSERVER_TYPES} from "../../src/feeds/shadowserver-types.ts";
import {READ_AS, SITE_FIELDS} from "../../src/feeds/site-field.ts";
import {siteFormatSchema} from "../../src/feeds/site-format.ts";
import {
  type Conversion,
  type FieldRule,
  type Format,
  HOME_ZONE,
  REJECT_REASONS,
  type Reading,
  type TableFormat,
  type TableRule,
} from "../../src/model/format.ts";
import {incidentClass} from "../../src/model/taxonomy.ts";
import {code, page, table} from "./markdown.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const EXAMPLE = path.join(ROOT, "examples/formats/partner-list.yaml");
const SAMPLES = path.join(ROOT, "test/golden/feeds");
const SAMPLE_LINES = 2;

/** What a conversion does with a text, in a few words. */
const CONVERSIONS: Readonly<Record<Conversion["as"], string>> = {
  text: "the text as it stands; `except` lists texts that say nothing, such as n/a",
  lower: "the text in lower case; `except` as above",
  time: "a time, ISO-like or by `pattern` (%Y %m %d %e %H %I %M %S %p %b %j %T %F); `zone` when it has no offset",
  ip: "an IPv4 or IPv6 address",
  address: "an address out of 192.0.2.1:80",
  port: "1 to 65535",
  asn: "AS64500 or 64500",
  country: "two letters; NA is Namibia",
  host: "a host name; an address is none",
  url: "http, https or ftp; hxxp and [.] are mended, a missing scheme is http",
  "host-of-url": "the host name of a URL",
  hash: "hex of 32, 40 or 64 digits",
  "look-up": "by `table`, from the text in lower case; `otherwise` when it is not in it",
};

/** Returns docs/feeds.md: formats, their fields, reasons of rejects, and how a site adds a format. */
export function feedsPage(): string {
  return page("Feeds and formats", "src/feeds/ and src/model/format.ts", [
    "A **feed** is one subscription, named in `watchfloor.yaml`; a **format** is how its reports are read. `watchfloor init` makes a feed for each format below, of the same name; [fetching.md](fetching.md) says how one is fetched on schedule. A **report** is one delivery, kept as it came; `.gz`, `.zst` and `.zip` are opened, each file of a zip is a report of its own. Each line becomes an **event** or a **reject**: received = events + rejects. The lines of a standing list carry no time of their own, so each day's delivery is a new report and the time is that of the fetch.",
    `## Formats\n\n${formatTable()}`,
    `## Why a line is rejected\n\nA reject never stops the rest. \`watchfloor rejects\` shows them with line and text; after a format was mended, \`watchfloor ingest --again --report ID\` reads the kept report once more.\n\n${table(
      ["reason", "meaning"],
      Object.entries(REJECT_REASONS).map(([reason, text]) => [code(reason), text]),
    )}`,
    `## Fields of each format\n\n\`!\`: a row without it is a reject. Columns that nothing maps are kept with the event as they came.\n\n${FORMATS.flatMap(formatSection).join("\n\n")}`,
    `## Shadowserver report types\n\nThe type is told by the file name, else by the columns. A type or column that is not known is a warning; its rows are kept. A row may say more than its type: then the class is that of the row. The publisher's schema (\`reports.json\` or \`intelmq.json\` of github.com/The-Shadowserver-Foundation/report_schema), put into the data folder as \`formats/shadowserver-schema.json\`, adds newer types and columns.\n\n${shadowserverTable()}`,
    siteSection(),
  ]);
}

function formatTable(): string {
  return table(
    ["format", "中文", "English", "read as", "times without an offset", "published by"],
    FORMATS.map((format) => [
      code(format.name),
      format.title.zh,
      format.title.en,
      format.kind === "table" ? readingText(format.reading) : "document",
      zoneText(format),
      format.source,
    ]),
  );
}

/** In which zone the format's times are read that say none; a standing list has none. */
function zoneText(format: Format): string {
  if (format.isStandingList === true) return "standing list: that of the fetch";
  const zones = format.kind === "document" ? [format.zone] : zonesOf(format);
  if (zones.length === 0) throw new Error(`${format.name} says in no zone what its times are`);
  return [...new Set(zones)].map((zone) => (zone === HOME_ZONE ? "zone of the data folder" : zone)).join(", ");
}

function zonesOf(format: TableFormat): string[] {
  const {seenAt} = ruleOf(format).fields;
  return seenAt?.conversion.as === "time" ? [seenAt.conversion.zone] : [];
}

function ruleOf(format: TableFormat): TableRule {
  const chosen = format.ruleFor({fileName: "", header: headerOf(format)});
  if (chosen === null) throw new Error(`${format.name} does not take its own header`);
  return chosen.rule;
}

function readingText(reading: Reading): string {
  if (reading.as === "csv") return reading.header === "first-line" ? "CSV with header" : "CSV";
  return reading.as === "list" ? "a value a line" : "JSON lines";
}

function formatSection(format: Format): string[] {
  if (format.name === "shadowserver") return [];
  if (format.kind === "document")
    return [`### ${format.name}\n\nRead as a whole; an event is about its ${format.assets.join(", else ")}.`];
  const {fields, assets, classes} = ruleOf(format);
  const codes = [...new Set(classes.map((rule) => rule.class))];
  return [
    `### ${format.name}\n\n${table(
      ["field", "from", "read as"],
      Object.entries(fields).map(([field, rule]) => fieldRow(field, rule)),
    )}\n\nThe event is about its ${assets.join(", else ")}. Class: ${codes.map(code).join(", ")}.${sampleText(format)}`,
  ];
}

/** The first lines of the format's test sample. */
function sampleText({name, reading}: TableFormat): string {
  const ending = reading.as === "csv" ? "csv" : reading.as === "list" ? "txt" : "jsonl";
  const lines = readFileSync(path.join(SAMPLES, name, `input.${ending}`), "utf8").split("\n");
  return `\n\n\`\`\`text\n${lines.slice(0, SAMPLE_LINES).join("\n")}\n\`\`\``;
}

/** A header that the format takes. All report types of Shadowserver are read alike. */
function headerOf({name, reading}: TableFormat): readonly string[] {
  if (name === "shadowserver") return SHADOWSERVER_TYPES.get("event4_sinkhole")?.columns ?? [];
  if (reading.as === "csv") return reading.header === "first-line" ? reading.mustHave : reading.header;
  return reading.as === "list" ? ["value"] : [];
}

function fieldRow(field: string, {columns, conversion, required}: FieldRule): string[] {
  const from = columns.length === 0 && conversion.as === "look-up" ? `always ${conversion.otherwise}` : "";
  return [`${code(field)}${required === true ? " !" : ""}`, from || columns.map(code).join(", else "), conversion.as];
}

function shadowserverTable(): string {
  return table(
    ["type", "class", "", "中文", "English"],
    [...SHADOWSERVER_TYPES.values()].map((type) => [
      code(type.name),
      code(type.class),
      incidentClass(type.class)?.en ?? "",
      type.title.zh,
      type.title.en,
    ]),
  );
}

function siteSection(): string {
  const keys = Object.entries(siteFormatSchema.shape).map(([key, schema]) => [code(key), schema.description ?? ""]);
  const fields = SITE_FIELDS.map((field) => [code(field), READ_AS[field].map(code).join(", ")]);
  const conversions = Object.entries(CONVERSIONS).map(([name, text]) => [code(name), text]);
  return [
    "## A format of your own",
    "A file `formats/NAME.yaml` (or `.json`) in the data folder is a format. A wrong key is named with file and line; `watchfloor config check` tells at once. This one is `examples/formats/partner-list.yaml`, and a test reads the CSV beside it by it:",
    `\`\`\`yaml\n${readFileSync(EXAMPLE, "utf8").trim()}\n\`\`\``,
    `### Keys\n\n${table(["key", "meaning"], keys)}`,
    "A field is one column name, a list of them, or a map with `columns`, `as`, `required`, `when`, and what goes with the conversion; or `constant`, a text for every row. `when` is a condition or a list of conditions on a column: `equals`, `contains` (a text or a list of them; letter case aside) or `isEmpty`.",
    `### Fields\n\nThe first conversion is meant when \`as\` is not given.\n\n${table(["field", "read as"], fields)}`,
    `### Conversions\n\nA text that cannot be converted is left out; the row is a reject when the field is required.\n\n${table(["as", "meaning"], conversions)}`,
  ].join("\n\n");
}
