import {z} from "zod";
import type {DocumentFormat} from "../model/format.ts";
import {bestCvss} from "./cvss.ts";
import {jsonOf, jsonRecords, type Made, readRecords, statedTexts} from "./records.ts";

const metrics = z.array(z.record(z.string(), z.unknown())).catch([]).default([]);
const problems = z
  .array(z.looseObject({descriptions: z.array(z.looseObject({cweId: z.string().optional()})).default([])}))
  .catch([])
  .default([]);
const affected = z
  .array(z.looseObject({vendor: z.string().optional(), product: z.string().optional()}))
  .catch([])
  .default([]);
const container = z.looseObject({title: z.string().optional(), metrics, problemTypes: problems, affected});

const record = z.looseObject({
  dataType: z.literal("CVE_RECORD"),
  cveMetadata: z.looseObject({
    cveId: z.string().regex(/^CVE-\d{4}-\d{4,}$/),
    state: z.string(),
    datePublished: z.string().optional(),
    dateUpdated: z.string().optional(),
    assignerShortName: z.string().optional(),
  }),
  containers: z.looseObject({cna: container.optional(), adp: z.array(container).catch([]).default([])}),
});

/**
 * CVE records of version 5: one, several one a line, or a list. The time is that of publication, which some records do
 * not state; the severity is the newest CVSS version's, of the assigner first, then of those who enrich. A rejected
 * record is no vulnerability.
 */
export const cve: DocumentFormat = {
  kind: "document",
  name: "cve",
  title: {zh: "CVE 记录（JSON 5）", en: "CVE records (JSON 5)"},
  source: "https://www.cve.org/AllResources/CveServices",
  assets: ["vuln"],
  zone: "UTC",
  read: (text, {fileName}) => readRecords(jsonRecords(text, fileName), madeOf),
};

function madeOf(text: string): Made {
  const value = jsonOf(text);
  if (value === undefined) return "not_json";
  const {success, data} = record.safeParse(value);
  if (!success) return "bad_value";
  const {cveId, state, datePublished, dateUpdated, assignerShortName} = data.cveMetadata;
  if (state === "REJECTED") return "withdrawn";
  const {cna, adp} = data.containers;
  const all = cna === undefined ? adp : [cna, ...adp];
  const cvss = bestCvss(all.flatMap((each) => each.metrics));
  return {
    class: "vuln.new",
    ...(datePublished === undefined ? {} : {seenAt: datePublished}),
    vuln: cveId,
    ...(cna?.title === undefined ? {} : {title: cna.title}),
    ...(cvss === null ? {} : {severity: cvss.severity}),
    extra: statedTexts({
      assigner: assignerShortName,
      updated: dateUpdated,
      vendor: cna?.affected[0]?.vendor,
      product: cna?.affected[0]?.product,
      cwe: [...new Set(all.flatMap(cwesOf))].join(" "),
      cvss: cvss?.score,
      cvss_version: cvss?.version,
      cvss_vector: cvss?.vector,
    }),
  };
}

function cwesOf({problemTypes}: z.infer<typeof container>): string[] {
  return problemTypes.flatMap(({descriptions}) => descriptions.flatMap(({cweId}) => cweId ?? []));
}
