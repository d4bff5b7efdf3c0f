import {WatchfloorError} from "../model/errors.ts";
import {addBlock, compareAddresses, copyAddress, stepBack, WORDS, writeAddress} from "./address.ts";
import {eachLine, type TableFile} from "./table-file.ts";

/**
 * Address ranges of several layers in flat arrays. Range r goes from address 2r to address 2r+1 of `words`, both within;
 * `layer` and `value` say what it tells. Behind the ranges there is room for `SPARE` addresses, from number `spare` on.
 */
export interface RangeSet {
  readonly size: number;
  readonly spare: number;
  readonly words: Uint32Array;
  readonly layer: Uint8Array;
  readonly value: Uint32Array;
}

/** How many addresses there is room for behind the ranges: three for `sweep`, three for who uses it. */
const SPARE = 6;

/** One kind of range file: lines `from,to,rest` without a header. `tell` gives null when `rest` is not right. */
export interface RangeLayer {
  readonly files: readonly TableFile[];
  readonly tell: (rest: string) => number | null;
}

/**
 * Reads the range files of all layers, layer 0 first. Empty lines are passed over. A value is never 0.
 * Throws table_invalid with file and line when a line is no range.
 */
export function readRanges(layers: readonly RangeLayer[]): RangeSet {
  const files = layers.flatMap(({files: own, tell}, layer) => own.map((file) => ({file, tell, layer})));
  const most = files.reduce((sum, {file}) => sum + countLines(file.text), 0);
  const words = new Uint32Array((2 * most + SPARE) * WORDS);
  const layer = new Uint8Array(most);
  const value = new Uint32Array(most);
  let size = 0;
  for (const source of files) {
    eachLine(source.file.text, (text, line) => {
      const told = writeRange(text, words, size) ? source.tell(text.slice(secondComma(text) + 1)) : null;
      if (told === null)
        throw new WatchfloorError("table_invalid", `${source.file.name}:${line} is no range: ${text.slice(0, 80)}`);
      layer[size] = source.layer;
      value[size] = told;
      size += 1;
    });
  }
  return {size, spare: 2 * size, words, layer, value};
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

const secondComma = (text: string): number => text.indexOf(",", text.indexOf(",") + 1);

/** Writes the two addresses that begin the line as those of range number `range`. False when they are no range. */
function writeRange(text: string, words: Uint32Array, range: number): boolean {
  const first = text.indexOf(",");
  const second = secondComma(text);
  if (first < 0 || second <= first) return false;
  const from = text.slice(0, first);
  const to = text.slice(first + 1, second);
  return (
    from.includes(":") === to.includes(":") &&
    writeAddress(from, words, 2 * range) &&
    writeAddress(to, words, 2 * range + 1) &&
    compareAddresses(words, 2 * range, 2 * range + 1) <= 0
  );
}

/** A stretch of addresses with what each layer says of it, 0 for nothing. The array is used again: do not keep it. */
export type VisitStretch = (values: readonly number[]) => void;

/**
 * Walks once over the address space and calls `visit` for each stretch that some layer covers. Stretches come in order
 * and do not overlap; during the call the first address is number `spare` of the words and the last is `spare + 1`.
 * Where ranges of one layer overlap, the one that begins last wins; of those that begin together the one that ends
 * first; of equal ones the first line. In nested ranges that is the narrowest.
 */
export function sweep(set: RangeSet, layers: number, visit: VisitStretch): void {
  const {words, spare} = set;
  const [first, limit] = [spare, spare + 2];
  const stacks: number[][] = Array.from({length: layers}, () => []);
  words.fill(0, first * WORDS, (first + 1) * WORDS);
  for (const range of inOrder(set)) {
    if (compareAddresses(words, 2 * range, first) > 0) {
      copyAddress(words, 2 * range, limit);
      stepBack(words, limit);
      closeUntilLimit(set, stacks, visit);
    }
    copyAddress(words, 2 * range, first);
    stacks[set.layer[range] ?? 0]?.push(range);
  }
  words.fill(0xffff_ffff, limit * WORDS, (limit + 1) * WORDS);
  closeUntilLimit(set, stacks, visit);
}

/** Visits the stretches from the first address to the limit that open ranges cover; the last to begin is on top. */
function closeUntilLimit(set: RangeSet, stacks: readonly number[][], visit: VisitStretch): void {
  const {words, spare} = set;
  const [first, last, limit] = [spare, spare + 1, spare + 2];
  const values = stacks.map(() => 0);
  for (;;) {
    let isCovered = false;
    copyAddress(words, limit, last);
    for (const [layer, stack] of stacks.entries()) {
      const top = topAt(set, stack, first);
      values[layer] = top < 0 ? 0 : (set.value[top] ?? 0);
      if (top < 0) continue;
      isCovered = true;
      if (compareAddresses(words, 2 * top + 1, last) < 0) copyAddress(words, 2 * top + 1, last);
    }
    if (!isCovered || compareAddresses(words, first, last) > 0) return;
    visit(values);
    copyAddress(words, last, first);
    if (!addBlock(words, first, 0)) return;
  }
}

/** Takes ended ranges off the stack and returns the one on top that covers the address; -1 when there is none. */
function topAt(set: RangeSet, stack: number[], address: number): number {
  for (;;) {
    const top = stack.at(-1);
    if (top === undefined) return -1;
    if (compareAddresses(set.words, 2 * top + 1, address) >= 0) return top;
    stack.pop();
  }
}

/** Range numbers in the order in which a sweep opens them. Files that are sorted already cost one comparison a range. */
function inOrder({size, words}: RangeSet): number[] {
  return Array.from({length: size}, (_, range) => range).sort(
    (a, b) => compareAddresses(words, 2 * a, 2 * b) || compareAddresses(words, 2 * b + 1, 2 * a + 1) || b - a,
  );
}
