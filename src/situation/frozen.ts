import type {CaseCounts, CaseFigure, IndicatorDefinition, Situation, WeekCount} from "../model/indicator.ts";

/**
 * Returns what cases said of a week when its edition was submitted. While it is in review cases go on: they are merged, go
 * to parties abroad, are found to be elsewhere; its numbers stay. `of` says whether the week is that of the situation or
 * the one before. A figure that cases did not give then is as it is now, so that a change shows.
 */
export function frozenCases(
  now: CaseCounts,
  {
    situation,
    definitions,
    of,
  }: {situation: Situation; definitions: readonly IndicatorDefinition[]; of: "week" | "before"},
): CaseCounts {
  const frozen = definitions.flatMap(({id, cases}): [CaseFigure, WeekCount][] => {
    const then = situation.indicators[id];
    if (cases === undefined || then === undefined || now[cases.figure] === undefined) return [];
    if (of === "before") return [[cases.figure, {value: then.previous, by: then.previousBy, reports: []}]];
    const isOfCases = then.entered === null && then.reports.length === 0;
    return isOfCases ? [[cases.figure, {value: then.value, by: then.by, reports: []}]] : [];
  });
  return {...now, ...Object.fromEntries(frozen)};
}
