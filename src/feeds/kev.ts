import {z} from "zod";
import {type DocumentFormat, HOME_ZONE} from "../model/format.ts";
import {jsonOf, jsonRecords, type Made, readRecords, statedTexts} from "./records.ts";

const entry = z.looseObject({
  cveID: z.string(),
  dateAdded: z.string(),
  vulnerabilityName: z.string().optional(),
  cwes: z.array(z.string()).optional().catch(undefined),
});

/** The catalogue of vulnerabilities that are known to be exploited. The time is the day on which CISA added it. */
export const kev: DocumentFormat = {
  kind: "document",
  name: "kev",
  title: {zh: "CISA 已知被利用漏洞目录（KEV）", en: "CISA Known Exploited Vulnerabilities catalogue"},
  source: "https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
  assets: ["vuln"],
  zone: HOME_ZONE,
  read: (text, {fileName}) => readRecords(jsonRecords(text, fileName, "vulnerabilities"), madeOf),
};

function madeOf(text: string): Made {
  const value = jsonOf(text);
  if (value === undefined) return "not_json";
  const {success, data} = entry.safeParse(value);
  if (!success) return "bad_value";
  const {cveID, dateAdded, vulnerabilityName, cwes, ...others} = data;
  if (!/^CVE-\d{4}-\d{4,}$/.test(cveID)) return "no_asset";
  return {
    class: "vuln.exploited",
    seenAt: dateAdded,
    vuln: cveID,
    ...(vulnerabilityName === undefined ? {} : {title: vulnerabilityName}),
    extra: statedTexts({...others, cwes: cwes?.join(" ")}),
  };
}
