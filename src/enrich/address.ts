/**
 * Addresses as numbers: four 32-bit words each, many in one flat array, so that a million of them cost no objects.
 * IPv4 is kept as ::ffff:a.b.c.d, so one arithmetic serves both kinds, and IPv4 sorts before all public IPv6.
 */
export const WORDS = 4;
const GROUPS = 8;
const MAPPED = 0xffff;
const DOT = 46;
const COLON = 58;
/** Working place of one address, filled and read within one call. A new array for each address would double the time. */
const SCRATCH = new Uint16Array(GROUPS);

/** Writes the address `text` as number `at` of `into`. False when the text is no plain IPv4 or IPv6 address. */
export function writeAddress(text: string, into: Uint32Array, at: number): boolean {
  return text.includes(":") ? writeIpv6(text, into, at) : writeIpv4(text, into, at);
}

function writeIpv4(text: string, into: Uint32Array, at: number): boolean {
  let word = 0;
  let part = 0;
  let digits = 0;
  let parts = 1;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === DOT) {
      if (digits === 0 || parts === 4) return false;
      word = word * 256 + part;
      parts += 1;
      part = 0;
      digits = 0;
      continue;
    }
    const digit = code - 48;
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return false; // a leading zero may mean octal: not guessed
    part = part * 10 + digit;
    digits += 1;
    if (part > 255) return false;
  }
  if (digits === 0 || parts !== 4) return false;
  into[at * WORDS] = 0;
  into[at * WORDS + 1] = 0;
  into[at * WORDS + 2] = MAPPED;
  into[at * WORDS + 3] = word * 256 + part;
  return true;
}

function writeIpv6(text: string, into: Uint32Array, at: number): boolean {
  const groups = SCRATCH;
  const gap = text.indexOf("::");
  const head = readGroups(gap < 0 ? text : text.slice(0, gap), groups, 0);
  if (head < 0) return false;
  if (gap < 0) {
    if (head !== GROUPS) return false;
  } else {
    const tail = readGroups(text.slice(gap + 2), groups, head);
    if (tail < 0 || head + tail >= GROUPS) return false;
    groups.copyWithin(GROUPS - tail, head, head + tail);
    groups.fill(0, head, GROUPS - tail);
  }
  for (let word = 0; word < WORDS; word += 1) {
    into[at * WORDS + word] = (groups[word * 2] ?? 0) * 65_536 + (groups[word * 2 + 1] ?? 0);
  }
  return true;
}

/** Reads hexadecimal groups into `into` from number `first` on and returns how many; -1 when the text is none. */
function readGroups(text: string, into: Uint16Array, first: number): number {
  if (text === "") return 0;
  let count = 0;
  let group = 0;
  let digits = 0;
  for (let index = 0; index <= text.length; index += 1) {
    const code = index < text.length ? text.charCodeAt(index) : COLON;
    if (code === COLON) {
      if (digits === 0 || first + count === GROUPS) return -1;
      into[first + count] = group;
      count += 1;
      group = 0;
      digits = 0;
      continue;
    }
    const digit = hexDigit(code);
    if (digit < 0 || digits === 4) return -1;
    group = group * 16 + digit;
    digits += 1;
  }
  return count;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** Compares addresses number `a` and `b` of one array: negative, zero or positive. */
export function compareAddresses(words: Uint32Array, a: number, b: number): number {
  for (let word = 0; word < WORDS; word += 1) {
    const difference = (words[a * WORDS + word] ?? 0) - (words[b * WORDS + word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Copies address number `from` to place `to` of the same array. */
export function copyAddress(words: Uint32Array, from: number, to: number): void {
  words.copyWithin(to * WORDS, from * WORDS, from * WORDS + WORDS);
}

/** Adds 2 to the power of `bits` to address `at`. False when that goes beyond the last address there is. */
export function addBlock(words: Uint32Array, at: number, bits: number): boolean {
  if (bits >= 128) return false;
  let carry = 2 ** (bits % 32);
  for (let word = at * WORDS + 3 - Math.floor(bits / 32); word >= at * WORDS; word -= 1) {
    const sum = (words[word] ?? 0) + carry;
    words[word] = sum; // kept modulo 2^32
    if (sum <= 0xffff_ffff) return true;
    carry = 1;
  }
  return false;
}

/** Makes address `at` the one before it; the first address of all stays. */
export function stepBack(words: Uint32Array, at: number): void {
  let word = at * WORDS + 3;
  while (word > at * WORDS && words[word] === 0) {
    words[word] = 0xffff_ffff;
    word -= 1;
  }
  words[word] = (words[word] ?? 0) - 1;
}

/**
 * Returns how many low bits the largest block has that begins at address `first` and does not go beyond `last`.
 * Blocks are aligned as prefixes are: 8 bits is a /120, or a /24 of IPv4.
 */
export function blockBits(words: Uint32Array, first: number, last: number): number {
  const high = highestDifference(words, first, last);
  if (high < 0) return 0;
  const zeros = trailingZeros(words, first, 0);
  if (zeros < high) return zeros;
  return trailingZeros(words, last, 0xffff_ffff) > high ? high + 1 : high;
}

/** Number of the highest bit in which two addresses differ, 0 is the lowest; -1 when they are equal. */
function highestDifference(words: Uint32Array, a: number, b: number): number {
  for (let word = 0; word < WORDS; word += 1) {
    const difference = (words[a * WORDS + word] ?? 0) ^ (words[b * WORDS + word] ?? 0);
    if (difference !== 0) return 127 - word * 32 - Math.clz32(difference);
  }
  return -1;
}

/** How many low bits of address `at` equal those of `flip` in each word: 0 counts zeros, all ones counts ones. */
function trailingZeros(words: Uint32Array, at: number, flip: number): number {
  for (let word = 3; word >= 0; word -= 1) {
    const bits = (words[at * WORDS + word] ?? 0) ^ flip;
    if (bits !== 0) return (3 - word) * 32 + 31 - Math.clz32(bits & -bits);
  }
  return 128;
}

/**
 * Returns a prefix in one spelling, such as 192.0.2.0/24 for itself and 192.0.2.1/32 for a bare address.
 * Null when the text is none, or when it names more bits than its length covers.
 */
export function canonicalPrefix(text: string): string | null {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const most = address.includes(":") ? 128 : 32;
  const length = slash < 0 ? `${most}` : text.slice(slash + 1);
  const words = new Uint32Array(WORDS);
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > most || !writeAddress(address, words, 0)) return null;
  const bits = most - Number(length);
  return trailingZeros(words, 0, 0) >= bits ? prefixText(words, 0, bits) : null;
}

/** Returns the prefix of `bits` low bits that begins at address `at`, such as 192.0.2.0/24 or 2001:db8::/32. */
export function prefixText(words: Uint32Array, at: number, bits: number): string {
  const low = words[at * WORDS + 3] ?? 0;
  if (words[at * WORDS + 2] === MAPPED && words[at * WORDS] === 0 && words[at * WORDS + 1] === 0 && bits <= 32) {
    return `${low >>> 24}.${(low >>> 16) & 255}.${(low >>> 8) & 255}.${low & 255}/${32 - bits}`;
  }
  let used = GROUPS;
  while (used > 0 && groupOf(words, at, used - 1) === 0) used -= 1;
  let text = "";
  for (let group = 0; group < used; group += 1) {
    text += `${group === 0 ? "" : ":"}${groupOf(words, at, group).toString(16)}`;
  }
  return `${text}${used < GROUPS ? (used === GROUPS - 1 ? ":0" : "::") : ""}/${128 - bits}`;
}

function groupOf(words: Uint32Array, at: number, group: number): number {
  const word = words[at * WORDS + (group >> 1)] ?? 0;
  return group % 2 === 0 ? word >>> 16 : word & MAPPED;
}
