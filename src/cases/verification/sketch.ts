/**
 * Sketches of sets: each thing is hashed once into one of a fixed number of buckets, which keeps the least hash
 * (one-permutation MinHash). The share of equal buckets estimates how much two sets have in common, whatever their size.
 */

/** Buckets of the sketch of a text; the error of the estimate is about 0.06. */
export const TEXT_BUCKETS = 64;
/** Buckets of the sketch of a structure. */
export const STRUCTURE_BUCKETS = 32;

const DIGITS = 4;
const EMPTY = "0000";
/** Parts that follow each other are one thing of the set, so that order counts. */
const SHINGLE = 3;
/** What comes later in a very long page is not looked at. */
const MOST_PARTS = 20_000;

/** Returns the sketch of a sequence of words or tags as hexadecimal text, four digits for each bucket. */
export function sketchOf(parts: readonly string[], buckets: number): string {
  const least = new Array<number>(buckets).fill(0);
  const hashes = parts.slice(0, MOST_PARTS).map(hashOf);
  const last = Math.max(hashes.length - SHINGLE, hashes.length > 0 ? 0 : -1);
  for (let at = 0; at <= last; at += 1) {
    let mixed = 0x9e3779b9;
    for (let next = at; next < Math.min(at + SHINGLE, hashes.length); next += 1)
      mixed = mix(mixed ^ (hashes[next] ?? 0));
    const bucket = mixed % buckets;
    const rank = (mixed >>> 16) | 1; // never 0: that is an empty bucket
    const before = least[bucket] ?? 0;
    if (before === 0 || rank < before) least[bucket] = rank;
  }
  return least.map((rank) => rank.toString(16).padStart(DIGITS, "0")).join("");
}

/** Returns the estimated share of what two sketches have in common, 0 to 1; null when both are empty. */
export function compareSketches(one: string, other: string): number | null {
  let used = 0;
  let same = 0;
  for (let at = 0; at < one.length; at += DIGITS) {
    const mine = one.slice(at, at + DIGITS);
    const theirs = other.slice(at, at + DIGITS);
    if (mine === EMPTY && theirs === EMPTY) continue;
    used += 1;
    if (mine === theirs) same += 1;
  }
  return used === 0 ? null : same / used;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Spreads the bits of a hash (the finisher of MurmurHash3). */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
