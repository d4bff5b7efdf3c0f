import {XMLParser, XMLValidator} from "fast-xml-parser";
import {z} from "zod";
import {WatchfloorError} from "../model/errors.ts";
import type {DocumentFormat} from "../model/format.ts";
import {lineCounter, type Made, type RecordText, readRecords, statedTexts} from "./records.ts";

/** The tags as they are in the file, the misspelt `serverity` too. */
const vulnerability = z.object({
  number: z.string().optional(),
  title: z.string().optional(),
  serverity: z.string().optional(),
  openTime: z.string().optional(),
  submitTime: z.string().optional(),
  isEvent: z.string().optional(),
  discovererName: z.string().optional(),
  patchName: z.string().optional(),
  referenceLink: z.string().optional(),
  products: z
    .object({product: z.array(z.string())})
    .optional()
    .catch(undefined),
  cves: z
    .object({cve: z.array(z.object({cveNumber: z.string().optional()}))})
    .optional()
    .catch(undefined),
});

const SEVERITIES: Readonly<Record<string, string>> = {高: "high", 中: "medium", 低: "low"};
const XML = new XMLParser({
  parseTagValue: false,
  htmlEntities: true,
  isArray: (tag) => tag === "product" || tag === "cve",
});

/**
 * The weekly XML of the China National Vulnerability Database: what CNVD shares, not all that it takes in (RULINGS 10).
 * The time is the day of publication; the file states no type of the affected object.
 */
export const cnvd: DocumentFormat = {
  kind: "document",
  name: "cnvd",
  title: {zh: "国家信息安全漏洞共享平台（CNVD）每周共享漏洞", en: "CNVD weekly shared vulnerabilities"},
  source: "https://www.cnvd.org.cn/shareData/list",
  remark: {
    zh: "CNVD漏洞数据为其每周对外共享的漏洞集合，不是其一周全部新收录的漏洞，数量少于CNVD自己公布的周收录量。",
    en: "The CNVD data is the set of vulnerabilities that CNVD shares each week, not all that it took in: it is smaller than the weekly total that CNVD itself publishes.",
  },
  assets: ["vuln"],
  zone: "Asia/Shanghai",
  read: (text, {fileName}) => readRecords(recordsOf(text, fileName), madeOf),
};

/** Each vulnerability is read on its own. A document type could define entities, so none is accepted. */
function recordsOf(text: string, fileName: string): RecordText[] {
  const starts = [...text.matchAll(/<vulnerability(?=[\s>])/g)].map(({index}) => index);
  const before = text.slice(0, starts[0]);
  if (!before.includes("<vulnerabilitys"))
    throw new WatchfloorError("report_unreadable", `${fileName} is no CNVD XML: it has no <vulnerabilitys>`);
  if (/<!(DOCTYPE|ENTITY)/i.test(before))
    throw new WatchfloorError("report_unreadable", `${fileName} defines a document type or entities`);
  const lineAt = lineCounter(text);
  return starts.map((start, index) => {
    const record = text.slice(start, starts[index + 1]).replace(/<\/vulnerabilitys>\s*$/, "");
    return {line: lineAt(start), text: record.trim()};
  });
}

function madeOf(text: string): Made {
  if (XMLValidator.validate(text) !== true) return "structure";
  const {success, data} = z.object({vulnerability}).safeParse(XML.parse(text));
  if (!success) return "structure";
  const {number, title, serverity, openTime, products, cves, ...others} = data.vulnerability;
  if (number === undefined || !/^CNVD-(C-)?\d{4}-\d+$/.test(number)) return "no_asset";
  if (openTime === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(openTime)) return "bad_time";
  const severity = SEVERITIES[serverity ?? ""];
  return {
    class: "vuln.new",
    seenAt: openTime,
    vuln: number,
    ...(title === undefined ? {} : {title}),
    ...(severity === undefined ? {} : {severity}),
    extra: statedTexts({
      ...others,
      serverity: severity === undefined ? serverity : undefined,
      cve: cves?.cve.flatMap(({cveNumber}) => cveNumber ?? []).join(" "),
      product: products?.product.join("\n"),
    }),
  };
}
