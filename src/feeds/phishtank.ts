import {z} from "zod";
import type {DocumentFormat, TableFormat} from "../model/format.ts";
import {jsonOf, jsonRecords, type Made, readRecords, statedTexts} from "./records.ts";
import {always, required, time, url} from "./rules.ts";

const SOURCE = "https://phishtank.org/developer_info.php";
/** What the field target says when nobody named a brand. */
const NO_BRAND = "other";

/** The verified pages as CSV. The time is that of submission. */
export const phishtank: TableFormat = {
  kind: "table",
  name: "phishtank",
  title: {zh: "PhishTank 仿冒网页（CSV）", en: "PhishTank phishing pages (CSV)"},
  source: SOURCE,
  reading: {as: "csv", header: "first-line", mustHave: ["phish_id", "url", "submission_time"]},
  ruleFor: always(
    {
      fields: {
        seenAt: required(time("UTC", "submission_time", "verification_time")),
        url: required(url("url")),
        brand: {columns: ["target"], conversion: {as: "text", except: [NO_BRAND]}},
      },
      classes: [{when: [], class: "web.phish"}],
      assets: ["url"],
      keep: ["verification_time"],
    },
    ["phish_id", "url", "submission_time"],
  ),
};

const page = z.looseObject({
  url: z.string().min(1),
  submission_time: z.string(),
  target: z.string().optional(),
  details: z
    .array(
      z.looseObject({
        ip_address: z.string().optional(),
        announcing_network: z.string().optional(),
        country: z.string().optional(),
      }),
    )
    .catch([])
    .default([]),
});

/** The same as JSON, which also says at which address the page was. */
export const phishtankJson: DocumentFormat = {
  kind: "document",
  name: "phishtank-json",
  title: {zh: "PhishTank 仿冒网页（JSON）", en: "PhishTank phishing pages (JSON)"},
  source: SOURCE,
  assets: ["url"],
  zone: "UTC",
  read: (text, {fileName}) => readRecords(jsonRecords(text, fileName), madeOf),
};

function madeOf(text: string): Made {
  const value = jsonOf(text);
  if (value === undefined) return "not_json";
  const {success, data} = page.safeParse(value);
  if (!success) return "bad_value";
  const {url: address, submission_time: seenAt, target, details, ...others} = data;
  const {ip_address: ip, announcing_network: asn, country} = details[0] ?? {};
  return {
    class: "web.phish",
    seenAt,
    url: address,
    ...(target === undefined || target.toLowerCase() === NO_BRAND ? {} : {brand: target}),
    ...(ip === undefined ? {} : {ip}),
    ...(asn === undefined ? {} : {asn}),
    ...(country === undefined ? {} : {country}),
    extra: statedTexts(others),
  };
}
