/** Throws the dice: a whole number from 0 to below `below`, the same for the same throw on every machine. */
export type Dice = (throwNumber: number, below: number) => number;

/** Returns dice that fall by the seed and the number of the throw alone, so that one more row changes no other. */
export function dice(seed: number): Dice {
  return (throwNumber, below) => Math.floor((mixed(Math.imul(seed, 0x9e3779b1) ^ throwNumber) / 2 ** 32) * below);
}

/** Spreads the bits of a number over 32 bits. Source: the finalizer of MurmurHash3, public domain. */
function mixed(number: number): number {
  let bits = number | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Returns the item of a list at a place that goes round. Throws RangeError for an empty list. */
export function itemAt<Item>(list: readonly Item[], place: number): Item {
  const item = list[place % list.length];
  if (item === undefined) throw new RangeError("an empty list has no item");
  return item;
}
