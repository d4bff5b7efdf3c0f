import {z} from "zod";
import {type DocumentFormat, HOME_ZONE, type TableFormat} from "../model/format.ts";
import {jsonOf, jsonRecords, type Made, readRecords, statedTexts} from "./records.ts";
import {address, always, hostOfUrl, required, time} from "./rules.ts";

const SOURCE = "https://github.com/unit500/defacements";

/** Defaced sites by day: date,host. People write the host as a name, an address, either with a port, or as a URL. */
export const defacement: TableFormat = {
  kind: "table",
  name: "defacement",
  title: {zh: "被篡改网站清单", en: "List of defaced sites"},
  source: SOURCE,
  reading: {as: "csv", header: "first-line", mustHave: ["date", "host"]},
  ruleFor: always(
    {
      fields: {seenAt: required(time(HOME_ZONE, "date")), host: hostOfUrl("host"), ip: address("host")},
      classes: [{when: [], class: "web.deface"}],
      assets: ["site", "ip"],
    },
    ["date", "host"],
  ),
};

const report = z.looseObject({
  targeted_website: z.string().min(1),
  attack_date: z.string(),
  report_type: z.string().optional(),
  attack_type: z.string().optional(),
  victim_country: z.string().optional(),
});

/** What the browser of the person who reported told about that person: not ours to keep. */
const ABOUT_REPORTER = [
  "sourceIp",
  "userAgent",
  "referer",
  "xForwardedFor",
  "origin",
  "acceptLanguage",
  "xAmznTraceId",
];
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/deface/i, "web.deface"],
  [/ddos|denial/i, "net.ddos"],
  [/leak|breach/i, "data.leak"],
];

/** The report of one attack as its group claims it; not all are defacements. */
export const defacementReport: DocumentFormat = {
  kind: "document",
  name: "defacement-report",
  title: {zh: "网站攻击报告（JSON）", en: "Report of an attack on a site (JSON)"},
  source: SOURCE,
  assets: ["site", "ip"],
  zone: HOME_ZONE,
  read: (text, {fileName}) => readRecords(jsonRecords(text, fileName), madeOf),
};

function madeOf(text: string): Made {
  const value = jsonOf(text);
  if (value === undefined) return "not_json";
  const {success, data} = report.safeParse(value);
  if (!success) return "bad_value";
  const {targeted_website: url, attack_date: seenAt, victim_country: country, ...others} = data;
  const said = `${data.attack_type ?? ""} ${data.report_type ?? ""}`;
  const extra = statedTexts(others);
  for (const name of ABOUT_REPORTER) delete extra[name];
  return {
    class: KINDS.find(([pattern]) => pattern.test(said))?.[1] ?? "undetermined",
    seenAt,
    url,
    ...(country === undefined || country.length !== 2 ? {} : {country}),
    extra,
  };
}
