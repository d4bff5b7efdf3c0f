import {z} from "zod";

const bilingual = z.strictObject({zh: z.string().min(1), en: z.string().min(1)});

/** Parts of the wording that changed over the years. */
const datedWording = {
  /** Mark before the sentence that begins 协调 in the short form: a comma-like one or a full stop. */
  markBeforeMobile: z.enum(["；", "。"]),
  /** Where the province map stands and how it marks the most affected: 如下图所示,其中颜色最醒目的区域. */
  provinceMap: bilingual,
};

/**
 * A profile: all that is particular to a country or sector. It is a data file in `profiles/`; a data folder names one
 * and may override any part. Nothing about a country is in code.
 */
export const profileSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: bilingual,
  /** IANA time zone of the constituency's week. */
  zone: z.string().min(1),
  languages: z.array(z.enum(["zh", "en"])).min(1),
  territory: z.strictObject({
    /** ISO 3166-1 code; null when the constituency is no country (a sector): then every known country is domestic. */
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .nullable(),
    name: bilingual,
    /** Top-level domains that mean "domestic" for a host name without address, without the dot, in ASCII form. */
    tlds: z.array(z.string()),
    /** Country codes of regions that belong to the territory and are counted as overseas. */
    overseasRegions: z.array(z.string().regex(/^[A-Z]{2}$/)),
    /** Whether events carry provinces (GB/T 2260). */
    hasProvinces: z.boolean(),
  }),
  /** Suffixes of government host names, without leading dot: gov.cn. */
  governmentSuffixes: z.array(z.string()),
  publisher: z.strictObject({
    name: bilingual,
    short: bilingual,
    about: bilingual,
    contact: bilingual,
    /** Address of the public archive, for feeds and the sitemap. */
    siteUrl: z.string().url(),
  }),
  bulletin: z.strictObject({
    title: bilingual,
    /** Issue 1: the week that holds 1 January, the first full week of the year, or ISO 8601. */
    numbering: z.enum(["holds-1-january", "first-full-week", "iso-8601"]),
    /** Values of 10,000 and more are printed in 万 in Chinese. */
    usesWan: z.boolean(),
    ...datedWording,
    /** Older wording, oldest first: the first entry whose `until` is not before the week's Monday replaces its parts. */
    earlier: z
      .array(
        z.strictObject({
          until: z.iso.date(),
          markBeforeMobile: datedWording.markBeforeMobile.optional(),
          provinceMap: bilingual.optional(),
        }),
      )
      .default([]),
    /** How the constituency is called in sentences: 境内, "domestic". */
    domestic: bilingual,
    /** "our country's" in the infrastructure sentence. */
    ours: bilingual,
    /** Where an infrastructure event would count: 全国范围或省级行政区域内, "nationwide or in any province". */
    infraReach: bilingual,
    /** The territory in the sentence about provinces: 我国大陆. */
    mainland: bilingual,
    partiesLong: bilingual,
    partiesShort: bilingual,
    phishingParties: bilingual,
    /** Name of the vulnerability database. */
    vulnSource: bilingual,
    vulnSourceShort: bilingual,
    /** How its numbers begin. Only these are counted: the same vulnerability has a number in each database. */
    vulnPrefix: z.string().min(1),
  }),
  rating: z.strictObject({
    /** Weights by indicator id. */
    weights: z.record(z.string(), z.number().positive()),
    /** Index below each cut: excellent, good, fair, poor; at or above the last: critical. */
    cuts: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    leastWeightPresent: z.number().min(0).max(1),
    leastWeeks: z.number().int().min(1),
    mostWeeks: z.number().int().min(1),
  }),
  /** Public cells below this are merged with others (RULINGS 21). */
  mergeBelow: z.number().int().min(1),
});

export type Profile = z.infer<typeof profileSchema>;
