/** Made-up vulnerabilities: a list as CNVD writes it, and a list of what they affect, which CNVD's file does not say. */
import {TAXONOMY} from "../../model/taxonomy.ts";
import {addDays, type Day} from "../../model/week.ts";
import {itemAt} from "./dice.ts";
import {csvText, deliveredAfter, type SampleReport, SYNTHETIC} from "./report.ts";

/** How many vulnerabilities of each severity a week has; `first` is the number of the first. */
export interface VulnerabilityNumbers {
  readonly first: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
}

/** How many of twenty affect each type: the order is that of the figure `vuln.type_rank` of the sample. */
const TYPES_OF_TWENTY = [
  ["app", 8],
  ["web", 5],
  ["net", 3],
  ["os", 2],
  ["iot", 1],
  ["db", 1],
] as const;
const TYPES = TYPES_OF_TWENTY.flatMap(([code, count]) => Array.from({length: count}, () => code));
const LAST_DAY = 4;

/** Returns the reports of the week's vulnerabilities. Year 0000 says that no database gave out the numbers. */
export function vulnerabilityReports(monday: Day, numbers: VulnerabilityNumbers): SampleReport[] {
  const severities = TAXONOMY.vulnSeverities.flatMap(({code, zh}) => {
    const count = {high: numbers.high, medium: numbers.medium, low: numbers.low}[code] ?? 0;
    return Array.from({length: count}, () => ({code, zh: zh.slice(0, 1)}));
  });
  const all = severities.map((severity, index) => ({
    number: `CNVD-0000-${String(numbers.first + index).padStart(5, "0")}`,
    severity,
    type: itemAt(TYPES, index * 7),
    day: addDays(monday, index % (LAST_DAY + 1)),
    title: `样例产品${itemAt(["缓冲区溢出", "命令注入", "跨站脚本", "越权访问"], index)}漏洞`,
  }));
  const fetchedAt = deliveredAfter(monday, 6);
  const records = all.map(
    ({number, severity, day, title}) =>
      `<vulnerability><number>${number}</number><title>${title}</title><serverity>${severity.zh}</serverity><isEvent>样例</isEvent><openTime>${day}</openTime></vulnerability>`,
  );
  const types = all.map(({number, severity, type, day}) => ({
    number,
    severity: severity.code,
    type,
    time: `${day} 12:00:00`,
  }));
  return [
    {
      feed: `${SYNTHETIC}vulnerabilities`,
      fileName: `synthetic-${monday}-cnvd.xml`,
      fetchedAt,
      text: `<?xml version="1.0" encoding="UTF-8"?>\n<vulnerabilitys>${records.join("\n")}</vulnerabilitys>\n`,
    },
    {
      feed: `${SYNTHETIC}vulnerability-types`,
      fileName: `synthetic-${monday}-vulnerability-types.csv`,
      fetchedAt,
      text: csvText(["time", "number", "severity", "type"], types),
    },
  ];
}
