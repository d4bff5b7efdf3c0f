import type {CaseState} from "../../model/cases/case.ts";
import type {ImportedCase, ImportedTimes} from "../../model/cases/case-history.ts";

/**
 * Returns the times of an old case, by the same meaning as of our own: only who was told can answer. A dismissal answers
 * nothing, for an old file does not say whether the party or the desk dismissed it.
 */
export function timesOf({states}: Pick<ImportedCase, "states">): ImportedTimes {
  const firstOf = (wanted: readonly CaseState[], from: Date): Date | null =>
    states.reduce<Date | null>((first, {state, at}) => {
      const isMeant = at !== null && wanted.includes(state) && at >= from;
      return isMeant && (first === null || at < first) ? at : first;
    }, null);
  const begin = new Date(0);
  const notifiedAt = firstOf(["notified"], begin);
  return {
    notifiedAt,
    answeredAt: notifiedAt === null ? null : firstOf(["acknowledged", "resolved", "verified"], notifiedAt),
    verifiedAt: firstOf(["verified"], begin),
  };
}
