/** A case round that a party was told of. Rounds that were dismissed or merged are left out by the caller. */
export interface PartyRound {
  readonly party: string;
  /** When the party was told; only rounds that were told are here. */
  readonly notifiedAt: Date;
  /** By when an answer was due. */
  readonly acknowledgeBy: Date;
  /** When the party first answered, by words or by a claim; null when it has not. */
  readonly answeredAt: Date | null;
  /** When we first saw that the asset was gone, of the looks that verified it; null while it is not verified. */
  readonly goneAt: Date | null;
  /** Whether it was back after it was verified, so that a new round was opened. */
  readonly isReturned: boolean;
}

/** What is known of how a party handles its cases. A share is a fraction; null when there are too few to say. */
export interface PartyStatistics {
  readonly party: string;
  /** Rounds that it was told of; those whose asset is gone, and those of them that came back. */
  readonly cases: number;
  readonly takenDown: number;
  readonly returned: number;
  /** Rounds whose answer was due or given, and those of them without an answer by `now`. */
  readonly answerable: number;
  readonly withoutAnswer: number;
  /** Hours from telling to gone, over the rounds that are gone: those that are still up have no time yet. */
  readonly medianHours: number | null;
  readonly p90Hours: number | null;
  readonly withoutAnswerShare: number | null;
  readonly returnedShare: number | null;
}

/** Fewer than these say nothing about a party: then shares and quantiles are null. */
export const LEAST_CASES = 5;

const HOUR_MS = 3_600_000;

/**
 * Returns the statistics of each party, by name. A time to takedown below zero, gone before it was told, counts as 0: the
 * party did not take longer for it.
 */
export function partyStatistics(rounds: readonly PartyRound[], now: Date, leastCases = LEAST_CASES): PartyStatistics[] {
  const byParty = Map.groupBy(rounds, ({party}) => party);
  return [...byParty]
    .map(([party, own]) => statisticsOf(party, own, {now, leastCases}))
    .sort((a, b) => (a.party < b.party ? -1 : 1));
}

function statisticsOf(
  party: string,
  rounds: readonly PartyRound[],
  {now, leastCases}: {now: Date; leastCases: number},
): PartyStatistics {
  const gone = rounds.filter(({goneAt}) => goneAt !== null);
  const hours = gone.map(({goneAt, notifiedAt}) =>
    Math.max(0, ((goneAt?.getTime() ?? 0) - notifiedAt.getTime()) / HOUR_MS),
  );
  const answerable = rounds.filter(({answeredAt, acknowledgeBy}) => answeredAt !== null || acknowledgeBy <= now);
  const withoutAnswer = answerable.filter(({answeredAt}) => answeredAt === null).length;
  const returned = gone.filter(({isReturned}) => isReturned).length;
  const shareOf = (part: number, whole: number): number | null => (whole < leastCases ? null : part / whole);
  return {
    party,
    cases: rounds.length,
    takenDown: gone.length,
    returned,
    answerable: answerable.length,
    withoutAnswer,
    medianHours: gone.length < leastCases ? null : quantile(hours, 50),
    p90Hours: gone.length < leastCases ? null : quantile(hours, 90),
    withoutAnswerShare: shareOf(withoutAnswer, answerable.length),
    returnedShare: shareOf(returned, gone.length),
  };
}

/**
 * Returns the smallest of the values that at least `percent` of them do not exceed; null when there are none. It is always
 * one of the values, and the same as PostgreSQL's percentile_disc.
 * Source: nearest rank, definition 1 of Hyndman and Fan (1996).
 */
export function quantile(values: readonly number[], percent: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  // whole percents keep the rank exact: 0.9 × 10 is not 9 in every product of fractions
  const rank = Math.max(1, Math.ceil((percent * sorted.length) / 100));
  return sorted[rank - 1] ?? null;
}
