/** Made-up vulnerabilities: a list that says of each how severe it is and what it affects. */
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

/** Returns the report of the week's vulnerabilities. Year 0000 says that no database gave out the numbers. */
export function vulnerabilityReport(monday: Day, numbers: VulnerabilityNumbers): SampleReport {
  const severities = TAXONOMY.vulnSeverities.flatMap(({code}) => {
    const count = {high: numbers.high, medium: numbers.medium, low: numbers.low}[code] ?? 0;
    return Array.from({length: count}, () => code);
  });
  const rows = severities.map((severity, index) => ({
    time: `${addDays(monday, index % (LAST_DAY + 1))} 12:00:00`,
    number: `CNVD-0000-${String(numbers.first + index).padStart(5, "0")}`,
    severity,
    type: itemAt(TYPES, index * 7),
  }));
  return {
    feed: `${SYNTHETIC}vulnerabilities`,
    fileName: `synthetic-${monday}-vulnerabilities.csv`,
    fetchedAt: deliveredAfter(monday, 6),
    text: csvText(["time", "number", "severity", "type"], rows),
  };
}
