import {z} from "zod";

const bilingual = z.strictObject({zh: z.string().min(1), en: z.string().min(1)});
const country = z.string().regex(/^[A-Z]{2}$/);

/** Parts of the wording that changed over the years. */
const datedWording = {
  markBeforeMobile: z
    .enum(["；", "。"])
    .describe("Mark before the sentence that begins 协调 in the short form: a comma-like one or a full stop."),
  marks: z
    .enum(["full", "half"])
    .describe(
      "Punctuation of the Chinese long form: full-width (本周，) or half-width (本周,) as it was printed to 2020.",
    ),
  provinceMap: bilingual.describe(
    "Where the province map stands and how it marks the most affected: 如下图所示，其中颜色最醒目的区域.",
  ),
};

const territory = z.strictObject({
  country: country
    .nullable()
    .describe(
      "ISO 3166-1 code; null when the constituency is no country (a sector): then every known country is domestic.",
    ),
  name: bilingual.describe("How the territory is called."),
  tlds: z
    .array(z.string())
    .describe("Top-level domains that mean domestic for a host name without address; no dot, in ASCII form."),
  overseasRegions: z
    .array(country)
    .describe("Country codes of regions that belong to the territory and are counted as overseas."),
  hasProvinces: z.boolean().describe("Whether events carry provinces (GB/T 2260)."),
});

const publisher = z.strictObject({
  name: bilingual.describe("Name of the publisher in full."),
  short: bilingual.describe("The short name that the sentences use."),
  about: bilingual.describe("The about block at the end of an edition."),
  contact: bilingual.describe("How to reach the editors."),
  siteUrl: z.string().url().describe("Address of the public archive, for feeds and the sitemap."),
});

const bulletin = z.strictObject({
  title: bilingual.describe("Title of the series."),
  numbering: z
    .enum(["holds-1-january", "first-full-week", "iso-8601"])
    .describe("Issue 1: the week that holds 1 January, the first full week of the year, or ISO 8601."),
  usesWan: z
    .boolean()
    .describe("Chinese sentences print sampled counts of 10,000 and more in 万; tables and charts give them exactly."),
  ...datedWording,
  earlier: z
    .array(
      z.strictObject({
        until: z.iso.date().describe("Last day of the wording."),
        markBeforeMobile: datedWording.markBeforeMobile.optional(),
        marks: datedWording.marks.optional(),
        provinceMap: datedWording.provinceMap.optional(),
      }),
    )
    .default([])
    .describe(
      "Older wording, oldest first: the first entry whose `until` is not before the week's Monday replaces its parts.",
    ),
  domestic: bilingual.describe("How the constituency is called in sentences: 境内, domestic."),
  ours: bilingual.describe("The words for our country's in the infrastructure sentence."),
  infraReach: bilingual.describe(
    "Where an infrastructure event would count: 全国范围或省级行政区域内, nationwide or in any province.",
  ),
  mainland: bilingual.describe("The territory in the sentence about provinces: 我国大陆."),
  partiesLong: bilingual.describe("Who handled the incidents, in the long form."),
  partiesShort: bilingual.describe("Who handled the incidents, in the short form."),
  phishingParties: bilingual.describe("Who handled the phishing complaints."),
  vulnSource: bilingual.describe("Name of the vulnerability database."),
  vulnSourceShort: bilingual.describe("Its short name."),
  vulnPrefix: z
    .string()
    .min(1)
    .describe("How its numbers begin. Only these are counted: the same vulnerability has a number in each database."),
});

const rating = z.strictObject({
  weights: z.record(z.string(), z.number().positive()).describe("Weights by indicator id."),
  cuts: z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .describe("Index below each cut: excellent, good, fair, poor; at or above the last: critical."),
  leastWeightPresent: z.number().min(0).max(1).describe("Share of the weight below which a week is not rated."),
  leastWeeks: z.number().int().min(1).describe("Weeks with which the moving base begins; before, the signed baseline."),
  mostWeeks: z.number().int().min(1).describe("Weeks that the moving base looks back."),
});

/**
 * A profile: all that is particular to a country or sector. It is a data file in `profiles/`; a data folder names one
 * and may override any part. Nothing about a country is in code. docs/config.md is made from it.
 */
export const profileSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe("Name of the profile."),
  title: bilingual.describe("What people call it."),
  zone: z.string().min(1).describe("IANA time zone of the constituency's week."),
  languages: z
    .array(z.enum(["zh", "en"]))
    .min(1)
    .describe("Languages in which editions are published."),
  territory,
  governmentSuffixes: z.array(z.string()).describe("Suffixes of government host names, without leading dot: gov.cn."),
  publisher,
  bulletin,
  rating,
  mergeBelow: z.number().int().min(1).describe("Public cells below this are merged with others."),
});

export type Profile = z.infer<typeof profileSchema>;
