/** How it stands with a feed that is fetched: how old its newest report is, and how much it brought against the usual. */

import {dayOf, weekdayOf} from "../../model/week.ts";
import {median} from "../../situation/median.ts";
import type {FetchRun, FetchState} from "../../store/fetches.ts";
import {nextFetchAt, periodSeconds} from "./schedule.ts";
import type {Every} from "./schema.ts";

/** Runs of the same weekday that are looked at, and how few of them say nothing. */
const [MOST_RUNS, LEAST_RUNS] = [8, 3];
/** Below half and above twice the usual is worth a look. */
const [LOW, HIGH] = [0.5, 2];
/** A report is late when the newest one is older than so many times the usual time between two. */
const LATE_AFTER = 2;

/** How much the newest reports brought. `silent`: nothing, or nothing for too long. Null: it cannot be said yet. */
export type CountMark = "usual" | "low" | "high" | "silent";

/** How it stands with fetching a feed. Times are ISO 8601; seconds are since then. */
export interface FetchStanding {
  readonly isRunning: boolean;
  readonly lastRunAt: string | null;
  readonly lastSuccessAt: string | null;
  readonly nextAt: string;
  readonly newestReportAt: string | null;
  /** Age of the newest report; null when there was none. */
  readonly lagSeconds: number | null;
  /** Usual seconds between two reports: as it was, at least as it is scheduled. */
  readonly usualSeconds: number;
  readonly isLate: boolean;
  /** Lines that the newest fetch with a report brought. */
  readonly lines: number | null;
  /** Median of the last such fetches on the same weekday, else of the last ones at all; null with fewer than three. */
  readonly usualLines: number | null;
  readonly mark: CountMark | null;
  readonly failures: number;
  readonly problem: {readonly code: string; readonly zh: string; readonly en: string; readonly at: string} | null;
}

/** What it is told from. `delivering` are the runs that brought something new, newest first. */
export interface StandingOf {
  readonly every: Every;
  readonly zone: string;
  readonly state: FetchState | null;
  readonly delivering: readonly FetchRun[];
}

/** Returns how it stands with a feed at that time. */
export function standingOf({every, zone, state, delivering}: StandingOf, now: Date): FetchStanding {
  const lagSeconds = state?.reportAt
    ? Math.max(0, Math.round((now.getTime() - state.reportAt.getTime()) / 1000))
    : null;
  const usualSeconds = Math.max(periodSeconds(every), median(gapsOf(delivering)) ?? 0);
  const isLate = lagSeconds !== null && lagSeconds > LATE_AFTER * usualSeconds;
  const lines = delivering[0]?.received ?? null;
  const usualLines = usualLinesOf(delivering, zone);
  const problem = state?.problem ?? null;
  return {
    isRunning: state?.isRunning ?? false,
    lastRunAt: iso(state?.runAt),
    lastSuccessAt: iso(state?.successAt),
    nextAt: nextFetchAt(every, state?.runAt ?? null, {now, zone}).toISOString(),
    newestReportAt: iso(state?.reportAt),
    lagSeconds,
    usualSeconds,
    isLate,
    lines,
    usualLines,
    mark: markOf({lines, usualLines, isLate}),
    failures: state?.failures ?? 0,
    problem: problem === null ? null : {code: problem.code, ...problem.words, at: problem.at.toISOString()},
  };
}

/** How many runs `standingOf` wants to see: some weeks of a daily feed. */
export const RUNS_LOOKED_AT = 80;

/** The newest is measured against those before it. */
function usualLinesOf([newest, ...before]: readonly FetchRun[], zone: string): number | null {
  if (newest === undefined) return null;
  const weekday = (run: FetchRun): number => weekdayOf(dayOf(run.begunAt, zone));
  const alike = before.filter((run) => weekday(run) === weekday(newest));
  const chosen = alike.length >= LEAST_RUNS ? alike : before;
  return chosen.length < LEAST_RUNS ? null : median(chosen.slice(0, MOST_RUNS).map(({received}) => received));
}

function markOf({lines, usualLines, isLate}: Pick<FetchStanding, "lines" | "usualLines" | "isLate">): CountMark | null {
  if (isLate || lines === 0) return "silent";
  if (lines === null || usualLines === null) return null;
  if (lines < LOW * usualLines) return "low";
  return lines > HIGH * usualLines ? "high" : "usual";
}

function gapsOf(runs: readonly FetchRun[]): number[] {
  return runs.slice(0, MOST_RUNS + 1).flatMap((run, index) => {
    const before = runs[index + 1];
    return before === undefined || index >= MOST_RUNS
      ? []
      : [(run.endedAt.getTime() - before.endedAt.getTime()) / 1000];
  });
}

function iso(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null;
}
