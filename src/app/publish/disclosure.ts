import {type EditionInput, UNDISCLOSED} from "../../bulletin/edition-input.ts";
import type {Gap} from "../../model/indicator.ts";
import type {Config} from "../config.ts";

/**
 * Returns the edition as the public may see it: only feeds marked TLP:CLEAR are named; of the others the number of reports
 * and the hashes of their bytes remain. A feed without a mark is TLP:RED (RULINGS 25: public by default is nothing).
 */
export function publicInput(input: EditionInput, config: Config): EditionInput {
  const nameOf = (feed: string): string => (config.feeds[feed]?.tlp === "CLEAR" ? feed : UNDISCLOSED);
  const gapsOf = (gaps: readonly Gap[]): Gap[] => gaps.map((gap) => ({...gap, feed: nameOf(gap.feed)}));
  const indicators = Object.entries(input.indicators).map(
    ([id, each]) => [id, {...each, gaps: gapsOf(each.gaps), gapsBefore: gapsOf(each.gapsBefore)}] as const,
  );
  const reports = (input.method?.reports ?? []).map((report) =>
    nameOf(report.feed) === report.feed ? report : {...report, id: report.sha256.slice(0, 16), feed: UNDISCLOSED},
  );
  return {
    ...input,
    indicators: Object.fromEntries(indicators),
    gaps: gapsOf(input.gaps),
    gapsBefore: gapsOf(input.gapsBefore),
    // the reasons of gaps name their feeds in running text; the notes of the gaps say the same without
    rating: {...input.rating, because: input.rating.because.filter((reason) => reason.kind !== "gap")},
    method: input.method === null ? null : {...input.method, reports},
  };
}
