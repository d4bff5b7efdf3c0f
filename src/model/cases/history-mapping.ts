import {z} from "zod";
import {ASSET_KINDS} from "../format.ts";
import {incidentClass, TAXONOMY} from "../taxonomy.ts";
import {CASE_STATES} from "./case.ts";
import {partyKind} from "./case-words.ts";

const column = z.string().min(1);
const columns = z.preprocess((said) => (typeof said === "string" ? [said] : said), z.array(column).min(1));
const classCode = z.string().refine((code) => incidentClass(code) !== null, {
  error: ({input}) => `there is no class "${input}"; the codes are those of docs/taxonomy.md`,
});
const zone = z.string().refine(isZone, {error: ({input}) => `there is no time zone "${input}"`});

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", {timeZone: name});
    return true;
  } catch {
    return false;
  }
}

/** Returns whether it is the code of a sector. */
function isSector(code: string): boolean {
  return TAXONOMY.sectors.some((each) => each.code === code);
}

/** Returns whether it is the code of a province: the first two digits of its GB/T 2260 code. */
function isProvince(code: string): boolean {
  return [...TAXONOMY.provinces, ...TAXONOMY.regions].some((each) => each.code === code);
}

const source = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, "is a word of a-z, 0-9 and -")
  .describe("Name of the old system: with the number of the case it is the key by which a case is known again.");

const values = z.strictObject({
  class: z
    .record(z.string(), classCode)
    .default({})
    .describe("Kinds of incidents as written there → our class codes; our own codes need no entry."),
  state: z.record(z.string(), z.enum(CASE_STATES)).default({}).describe("States as written there → our states."),
  party: z.record(z.string(), z.string()).default({}).describe("Names of parties there → the names that we use."),
  partyKind: z
    .record(z.string(), partyKind)
    .default({})
    .describe("Kinds of parties there → our codes of docs/taxonomy.md."),
  crossBorder: z.record(z.string(), z.boolean()).default({}).describe("Words there → whether it is cross-border."),
  brandSector: z
    .record(z.string(), z.string().refine(isSector, {error: ({input}) => `there is no sector "${input}"`}))
    .default({})
    .describe("Sectors of impersonated brands there → our codes of docs/taxonomy.md."),
  province: z
    .record(z.string(), z.string().refine(isProvince, {error: ({input}) => `there is no province "${input}"`}))
    .default({})
    .describe("Names of provinces there → the first two digits of their GB/T 2260 code."),
});

const otherwise = z
  .strictObject({
    class: classCode.optional().describe("Class of all kinds that the map does not name; without it they are rejects."),
  })
  .default({});

const assetKind = z
  .enum([...ASSET_KINDS, "domain", "org", "auto"])
  .default("auto")
  .describe("Kind of the asset; auto: an address, a URL, a hash or a host name, by its form.");

/** How a CSV file of old cases is read; docs/case-rules.md shows one. */
export const csvHistorySchema = z.strictObject({
  source,
  encoding: z
    .enum(["utf-8", "gb18030"])
    .default("utf-8")
    .describe("Of the file; gb18030 is what spreadsheets in China write (GBK, GB 2312)."),
  delimiter: z.string().length(1).default(",").describe("Between values."),
  zone: zone.default("UTC").describe("Time zone of times without an offset."),
  timeFormat: z
    .string()
    .min(1)
    .default("iso")
    .describe("iso, or a form made of yyyy M MM d dd H HH m mm s ss and other signs: yyyy/M/d HH:mm."),
  assetKind,
  columns: z.strictObject({
    externalId: column.describe("Number of the case."),
    openedAt: column.describe("When it was opened."),
    class: column.optional().describe("Kind of incident."),
    asset: columns.describe("What it is about; of several columns the first that has a value."),
    party: column.optional().describe("Who was asked to act."),
    contact: column.optional().describe("An address of it."),
    state: column.optional().describe("The state that it is in."),
    notifiedAt: column.optional(),
    acknowledgedAt: column.optional(),
    resolvedAt: column.optional(),
    verifiedAt: column.optional(),
    dismissedAt: column.optional().describe("When it came into each state."),
    partyKind: column.optional().describe("Kind of the party that was asked."),
    crossBorder: column.optional().describe("Whether it was cross-border."),
    brandSector: column.optional().describe("Sector of the impersonated brand."),
    province: column.optional().describe("Province of the asset."),
    subject: column.optional(),
    notes: columns.optional().describe("Remarks; each column that has a value is one."),
    links: column.optional().describe("Numbers of related cases, separated by spaces, commas or semicolons."),
  }),
  values: values.prefault({}),
  otherwise,
});

/** A read mapping for CSV. */
export type CsvHistoryMapping = z.infer<typeof csvHistorySchema>;

const queues = z.array(z.string().min(1));

/** How a JSON export of RT or RTIR is read. The defaults are the queues and custom fields of RTIR. */
export const rtHistorySchema = z.strictObject({
  source,
  assetKind,
  queues: z
    .strictObject({
      cases: queues.default(["Incidents"]).describe("Each ticket is a case."),
      complaints: queues.default(["Incident Reports"]).describe("Each ticket is a complaint."),
      investigations: queues
        .default(["Investigations"])
        .describe("Each ticket is a party that was asked, of the case it belongs to; alone it is a case."),
      measures: queues.default(["Countermeasures", "Blocks"]).describe("Each ticket is a remark on its case."),
      ignored: queues.default([]).describe("Tickets that are left out."),
    })
    .prefault({}),
  fields: z
    .strictObject({
      class: columns.default(["Classification", "_RTIR_Classification"]),
      asset: columns.default(["URL", "Domain", "IP", "_RTIR_IP"]),
      party: columns.default(["Customer"]),
      partyKind: columns.optional(),
      crossBorder: columns.optional(),
      brandSector: columns.optional(),
      province: columns.optional(),
    })
    .prefault({})
    .describe("Custom fields; of several the first that has a value."),
  values: values.prefault({}),
  otherwise,
});

/** A read mapping for RT. */
export type RtHistoryMapping = z.infer<typeof rtHistorySchema>;
