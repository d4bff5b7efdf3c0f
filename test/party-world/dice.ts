/** Chance that falls by names alone: the same question gets the same answer, in whatever order things are asked. */

/** Answers by the seed and the words of the question. */
export interface Dice {
  /** From 0 to below 1. */
  roll(...question: readonly (string | number)[]): number;
  /** A number from `least` to below `most`. */
  between(least: number, most: number, ...question: readonly (string | number)[]): number;
  /** One of a list. */
  pick<Item>(list: readonly Item[], ...question: readonly (string | number)[]): Item;
  /** A key of a table of weights. */
  weighed<Key extends string>(weights: Readonly<Record<Key, number>>, ...question: readonly (string | number)[]): Key;
}

/** Returns dice of a seed. */
export function diceOf(seed: number): Dice {
  const roll: Dice["roll"] = (...question) => fraction(`${seed} ${question.join(" ")}`);
  return {
    roll,
    between: (least, most, ...question) => least + (most - least) * roll(...question),
    pick: (list, ...question) => {
      const found = list[Math.floor(roll(...question) * list.length)];
      if (found === undefined) throw new RangeError("an empty list has nothing to pick");
      return found;
    },
    weighed: (weights, ...question) => {
      const names = Object.keys(weights) as (keyof typeof weights)[];
      let left = roll(...question) * names.reduce((sum, name) => sum + weights[name], 0);
      const found = names.find((name) => {
        left -= weights[name];
        return left < 0;
      });
      const [first] = names;
      if (first === undefined) throw new RangeError("an empty table has nothing to pick");
      return found ?? first;
    },
  };
}

/** FNV-1a over the characters, spread by the finalizer of MurmurHash3 (both public domain). */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
