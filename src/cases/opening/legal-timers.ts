import {SEVERITIES, type Severity} from "../../model/cases/case.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";

/** Who has to report first, by what kind of operator it is. */
export const REPORTER_KINDS = ["cii-operator", "state-organ", "other-operator"] as const;
export type ReporterKind = (typeof REPORTER_KINDS)[number];

/** One duty to report. */
export interface LegalTimer {
  readonly reporter: string;
  readonly to: string;
  /** What starts its clock: the incident became known, the report before it came in, or handling ended. */
  readonly starts: "known" | "reported" | "ended";
  /** Time to report, in minutes; the closing report has 30 days of 24 hours. */
  readonly minutes: number;
  /** Null while what starts the clock has not happened, or is not known. */
  readonly dueAt: Date | null;
}

/** What the timers depend on. */
export interface LegalFacts {
  readonly level: Severity;
  readonly reporterKind: ReporterKind;
  readonly knownAt: Date;
  /** When the first report was made; null while it has not. */
  readonly reportedAt: Date | null;
  /** When handling ended; null while it has not. */
  readonly endedAt: Date | null;
}

type Row = (typeof TAXONOMY.reportingDeadlines2025)[number];

/** For each kind of reporter its own row of the taxonomy, and that of whom it reports to. */
const CHAINS: Readonly<Record<ReporterKind, readonly [string, string]>> = {
  "cii-operator": ["CII operator", "protection department"],
  "state-organ": ["central or state organ and its units", "that cyberspace office"],
  "other-operator": ["other network operator", "provincial CAC"],
};
const CLOSING = "network operator";
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/**
 * Returns the duties to report an incident, first report, passing on and closing report; none at level IV, which need not
 * be reported. They run by the clock on the wall, weekends and holidays included.
 * Source: 国家网络安全事件报告管理办法 (in force 2025-11-01): level III and above; II and I are passed on.
 */
export function legalTimers({level, reporterKind, knownAt, reportedAt, endedAt}: LegalFacts): LegalTimer[] {
  const [own, next] = CHAINS[reporterKind];
  return TAXONOMY.reportingDeadlines2025.flatMap((row): LegalTimer[] => {
    if (row.reporter === own && isReached(row, level)) return [timerOf(row, "known", knownAt)];
    if (row.reporter === next && isReached(row, level)) return [timerOf(row, "reported", reportedAt)];
    if (row.reporter === CLOSING && level !== "IV") return [timerOf(row, "ended", endedAt)];
    return [];
  });
}

/** "III and above": the named level or a graver one. */
function isReached(row: Row, level: Severity): boolean {
  const least = SEVERITIES.find((each) => row.levels?.split(" ")[0] === each) ?? "IV";
  return SEVERITIES.indexOf(level) <= SEVERITIES.indexOf(least);
}

function timerOf(row: Row, starts: LegalTimer["starts"], from: Date | null): LegalTimer {
  const minutes = row.minutes ?? (row.days ?? 0) * DAY_MINUTES;
  const dueAt = from === null ? null : new Date(from.getTime() + minutes * MINUTE_MS);
  return {reporter: row.reporter, to: row.to, starts, minutes, dueAt};
}

/** A duty as it is kept, and whether it was done. Times are ISO 8601 in UTC. */
export interface TimerKept {
  readonly starts: LegalTimer["starts"];
  readonly minutes: number;
  readonly knownAt: string;
  readonly doneAt: string | null;
}

/**
 * Returns when a kept duty is due: from knowing, from the first report of the same case, or from the end of handling.
 * Null while what starts its clock has not happened.
 */
export function timerDue(
  {starts, minutes, knownAt}: TimerKept,
  all: readonly TimerKept[],
  endedAt: string | null,
): Date | null {
  const first = all.find((each) => each.starts === "known")?.doneAt ?? null;
  const from = {known: knownAt, reported: first, ended: endedAt}[starts];
  return from === null ? null : new Date(new Date(from).getTime() + minutes * MINUTE_MS);
}
