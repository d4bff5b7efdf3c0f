import assert from "node:assert/strict";
import test from "node:test";
import type {FetchRun, FetchState} from "../../store/fetches.ts";
import {type FetchStanding, standingOf} from "./standing.ts";

const NOW = new Date("2026-11-25T08:00:00Z"); // a Wednesday
const DAY_MS = 86_400_000;
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY_MS);

/** Fetches that brought so many lines, the newest first, so many days ago. */
const delivered = (...all: readonly (readonly [days: number, lines: number])[]): FetchRun[] =>
  all.map(([days, received]) => ({
    feed: "x",
    begunAt: daysAgo(days),
    endedAt: daysAgo(days),
    outcome: "fetched",
    reports: 1,
    newReports: 1,
    received,
    refused: 0,
    problem: null,
  }));

function standing(
  delivering: readonly FetchRun[],
  more: Partial<FetchState> = {},
  every: number | string = 60,
): FetchStanding {
  const reportAt = delivering[0]?.endedAt ?? null;
  const state = {
    feed: "x",
    isRunning: false,
    runAt: daysAgo(0),
    successAt: daysAgo(0),
    reportAt,
    failures: 0,
    problem: null,
    ...more,
  };
  return standingOf({every, zone: "Asia/Shanghai", state, delivering}, NOW);
}

test("the newest count is measured against the median of the same weekday", () => {
  const weeks = [
    [7, 100],
    [14, 90],
    [21, 120],
  ] as const;
  const between = [
    [1, 5000],
    [2, 5000],
    [3, 5000],
  ] as const;
  const mark = (lines: number): unknown => {
    const {mark: found, usualLines} = standing(delivered([0, lines], ...between, ...weeks));
    return [found, usualLines];
  };
  assert.deepEqual(mark(100), ["usual", 100]);
  assert.deepEqual(mark(49), ["low", 100]);
  assert.deepEqual(mark(50), ["usual", 100]);
  assert.deepEqual(mark(201), ["high", 100]);
  assert.deepEqual(mark(0), ["silent", 100]);
});

test("with fewer than three of the weekday all days count, and with fewer than three at all nothing is said", () => {
  assert.equal(standing(delivered([0, 10], [1, 10], [2, 12], [7, 14])).usualLines, 12);
  assert.deepEqual(
    [standing(delivered([0, 10], [1, 10])).usualLines, standing(delivered([0, 10], [1, 10])).mark],
    [null, null],
  );
});

test("a feed that is asked every hour and delivers once a day is late after two days, not after two hours", () => {
  const daily = delivered([1, 10], [2, 10], [3, 10], [4, 10]);
  assert.deepEqual([standing(daily).isLate, standing(daily).lagSeconds], [false, 86_400]);
  const late = delivered([2.5, 10], [3.5, 10], [4.5, 10], [5.5, 10]);
  assert.deepEqual([standing(late).isLate, standing(late).mark], [true, "silent"]);
});

test("a feed that was never fetched is due now, and nothing is known of it", () => {
  const found = standingOf({every: "06:30", zone: "Asia/Shanghai", state: null, delivering: []}, NOW);
  assert.deepEqual(
    [found.nextAt, found.lagSeconds, found.lines, found.mark, found.isLate],
    [NOW.toISOString(), null, null, null, false],
  );
});
