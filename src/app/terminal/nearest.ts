/** Letters that may be wrong in a name of so many. */
const FAULTS_BY_LENGTH = 3;

/** Returns the known name that was probably meant, the nearest by letters; null when none is near. */
export function nearest(name: string, known: Iterable<string>): string | null {
  let best: {name: string; faults: number} | null = null;
  for (const each of known) {
    const faults = faultsBetween(name.toLowerCase(), each.toLowerCase());
    const isNear = faults <= Math.max(1, Math.floor(Math.max(name.length, each.length) / FAULTS_BY_LENGTH));
    if (isNear && (best === null || faults < best.faults)) best = {name: each, faults};
  }
  return best?.name ?? null;
}

/** Returns ` Did you mean …?`, or nothing when no name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const found = nearest(name, known);
  return found === null ? "" : ` Did you mean ${found}?`;
}

/** How many letters were left out, put in, taken for another or swapped. Source: optimal string alignment distance. */
function faultsBetween(one: string, other: string): number {
  let [twoBack, before]: number[][] = [[], Array.from({length: other.length + 1}, (_, index) => index)];
  for (let row = 1; row <= one.length; row++) {
    const here = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      here[column] = Math.min(
        (before?.[column] ?? 0) + 1,
        (here[column - 1] ?? 0) + 1,
        (before?.[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (twoBack?.[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [twoBack, before] = [before, here];
  }
  return before?.[other.length] ?? 0;
}
