/** The published schema of an edition's JSON. A change that breaks a reader raises VERSION and the schema's file name. */
import {z} from "zod";
import {DIMENSIONS, GRADES} from "../../model/indicator.ts";

/** Version of the schema; stands in every file. */
export const VERSION = 1;

const bilingual = z.strictObject({zh: z.string(), en: z.string()});
const written = z
  .strictObject({zh: z.string().nullable(), en: z.string().nullable()})
  .describe("Null in a language in which it was not written.");
const day = z.iso.date();
const week = z.strictObject({from: day, to: day});
const issue = z.strictObject({year: z.int(), number: z.int()});
const count = z.number().nullable();
const grade = z.enum(GRADES).nullable();

const spans = z.array(
  z.strictObject({
    text: z.string(),
    strong: z.boolean().optional(),
    link: z.string().optional(),
    lang: z.enum(["zh", "en"]).optional().describe("Words that are not in the language of the edition."),
  }),
);
const table = z.strictObject({
  kind: z.literal("table"),
  id: z.string(),
  caption: z.string(),
  look: z.enum(["front", "key-figures"]).optional(),
  columns: z.array(z.strictObject({heading: z.string(), align: z.enum(["start", "end"])})),
  rows: z.array(
    z.strictObject({
      cells: z.array(z.string()),
      isIndented: z.boolean().optional(),
      trend: z.enum(["up", "down", "same"]).nullable().optional(),
    }),
  ),
});
const block = z.discriminatedUnion("kind", [
  table,
  z.strictObject({kind: z.literal("paragraph"), id: z.string(), spans}),
  z.strictObject({
    kind: z.literal("figure"),
    id: z.string(),
    caption: z.string(),
    description: z.string(),
    data: table,
  }),
  z.strictObject({kind: z.literal("list"), id: z.string(), items: z.array(spans)}),
  z.strictObject({
    kind: z.literal("rating"),
    grade,
    label: z.string(),
    names: z.array(z.string()).length(5),
    description: z.string(),
  }),
  z.strictObject({
    kind: z.literal("note"),
    tone: z.enum(["info", "gap", "correction"]),
    id: z.string(),
    spans,
  }),
]);

const indicator = z.strictObject({
  value: count.describe("Null when it was not measured; never 0 instead."),
  previous: count.describe("Value of the week before."),
  change: z
    .number()
    .nullable()
    .describe("As a fraction: 0.25 is 25 % more; null when there is nothing to compare with."),
  isRounded: z.boolean().describe("Only a rounded value is known."),
  isEntered: z.boolean().describe("A person entered it; no feed gives it."),
  gaps: z.array(z.string()).describe("Feeds that delivered nothing or far less than usual; the value may be too low."),
  gapsBefore: z.array(z.string()).describe("The same of last week; the change may be too high."),
  by: z.partialRecord(
    z.enum(DIMENSIONS),
    z.strictObject({
      cells: z.array(z.strictObject({key: z.string(), value: z.number()})),
      other: count.describe("Sum of the cells that were too small to be shown alone."),
    }),
  ),
});

const rating = z.strictObject({
  grade,
  byRule: grade.describe("What the rule alone gave."),
  index: z.number().nullable().describe("Weekly Situation Index, 0 to 100; 50 is as usual."),
  fixedBaseIndex: z.number().nullable(),
  weightPresent: z.number(),
  base: z.enum(["history", "baseline"]).nullable(),
  contributions: z.array(
    z.strictObject({
      indicator: z.string(),
      value: z.number(),
      base: z.number(),
      score: z.number(),
      weight: z.number(),
      points: z.number(),
    }),
  ),
  because: z.array(z.strictObject({kind: z.string(), ...bilingual.shape})),
  overrideReason: z.string().nullable().describe("In the language of the edition, else as it was written."),
});

const method = z.strictObject({
  toolVersion: z.string(),
  frozenAt: z.iso.datetime().nullable(),
  definitions: z.array(
    z.strictObject({id: z.string(), version: z.int(), title: bilingual, meaning: bilingual, unit: bilingual}),
  ),
  reports: z.array(
    z.strictObject({id: z.string(), feed: z.string(), sha256: z.string(), fetchedAt: z.string(), events: z.number()}),
  ),
  remarks: z.array(bilingual),
});

/** An edition as JSON: its numbers for machines, and its text in one language and form. */
export const editionSchema = z
  .strictObject({
    format: z.literal("watchfloor-edition"),
    version: z.literal(VERSION),
    language: z.enum(["zh", "en"]),
    variant: z.enum(["short", "long"]),
    title: z.string(),
    series: z.string(),
    publisher: z.string(),
    issue: issue.nullable(),
    week: week.nullable(),
    zone: z.string().describe("IANA time zone in which the week begins and ends."),
    publishedOn: day.nullable().describe("Null in a draft."),
    stamp: z.string().nullable().describe("Marks drafts and synthetic samples."),
    rating,
    indicators: z.record(z.string(), indicator),
    facts: z.strictObject({
      shares: z.record(z.string(), z.strictObject({part: z.number(), whole: z.number()})),
      pagesPerIp: count,
      vulnLevel: z.enum(["high", "medium", "low"]).nullable(),
      vulnTypes: z.array(z.string()).nullable(),
      topProvinces: z.array(z.string()).nullable(),
    }),
    infraEvents: z
      .array(z.strictObject({day, level: z.enum(["I", "II", "III", "IV"]), reach: z.string(), title: bilingual}))
      .nullable(),
    review: z.array(z.strictObject({issue, week, link: z.string().nullable()})),
    corrections: z.array(z.strictObject({version: z.int(), day, reason: written})),
    method: method.nullable(),
    sections: z.array(z.strictObject({id: z.string(), heading: z.string(), blocks: z.array(block)})),
  })
  .describe("A published edition of a weekly security bulletin made with Watchfloor.");

/** An edition as its JSON has it. */
export type EditionJson = z.infer<typeof editionSchema>;

/** Returns the schema as JSON Schema 2020-12, the file that is published beside the editions. */
export function editionSchemaText(): string {
  return `${JSON.stringify({title: "Watchfloor edition", ...z.toJSONSchema(editionSchema)}, null, 2)}\n`;
}
