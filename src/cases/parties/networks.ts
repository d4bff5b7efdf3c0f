/** Networks as numbers: prefixes in one spelling, ranges as prefixes, and prefixes inside others. */
import ipaddr from "ipaddr.js";

const FOUR_PARTS = /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/;

/** A stretch of addresses: first and last as numbers; `bits` is 32 or 128. */
export interface AddressRange {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Returns an address in one spelling; an IPv4 address in IPv6 dress is IPv4. Null when the text is none: parts in octal,
 * too few parts and zones are not guessed at.
 */
export function canonicalAddressText(text: string): string | null {
  const found = numberOf(text.trim());
  return found === null ? null : addressText(found.value, found.bits);
}

/** Returns the range of a prefix or of a bare address; null when the text is none or has bits beyond its length. */
export function rangeOf(text: string): AddressRange | null {
  const [address = "", length, ...more] = text.trim().split("/");
  const found = plainNumberOf(address);
  if (found === null || more.length > 0) return null;
  if (length !== undefined && !/^(0|[1-9]\d{0,2})$/.test(length)) return null;
  const free = BigInt(found.bits - Number(length ?? found.bits));
  if (free < 0n) return null;
  const size = 1n << free;
  return found.value % size === 0n ? {bits: found.bits, first: found.value, last: found.value + size - 1n} : null;
}

/** Returns a prefix in one spelling, `192.0.2.1/32` for a bare address; null when the text is none. */
export function canonicalNetwork(text: string): string | null {
  const range = rangeOf(text);
  return range === null ? null : (prefixesOf(range)[0] ?? null);
}

/** Returns the range between two addresses of one kind; null when they are none, or in the wrong order. */
export function rangeBetween(first: string, last: string): AddressRange | null {
  const [from, to] = [plainNumberOf(first.trim()), plainNumberOf(last.trim())];
  if (from === null || to === null || from.bits !== to.bits || from.value > to.value) return null;
  return {bits: from.bits, first: from.value, last: to.value};
}

/** Returns the fewest prefixes that make up the range, in order. */
export function prefixesOf({bits, first, last}: AddressRange): string[] {
  const prefixes: string[] = [];
  for (let at = first; at <= last; ) {
    let free = at === 0n ? bits : Math.min(bits, trailingZeros(at));
    while (at + (1n << BigInt(free)) - 1n > last) free -= 1;
    prefixes.push(`${addressText(at, bits)}/${bits - free}`);
    at += 1n << BigInt(free);
  }
  return prefixes;
}

/** Returns the ranges without those that lie inside others, sorted. Neighbours stay apart: each was stated. */
export function outermost(ranges: readonly AddressRange[]): AddressRange[] {
  const sorted = ranges.toSorted(
    (one, other) => one.bits - other.bits || sign(one.first - other.first) || sign(other.last - one.last),
  );
  const kept: AddressRange[] = [];
  for (const range of sorted) {
    const before = kept.at(-1);
    if (before === undefined || before.bits !== range.bits || range.last > before.last) kept.push(range);
  }
  return kept;
}

/** Returns how many bits a prefix fixes, as `24` of `192.0.2.0/24`. */
export function prefixLength(network: string): number {
  return Number(network.slice(network.indexOf("/") + 1));
}

function sign(value: bigint): number {
  return value < 0n ? -1 : value > 0n ? 1 : 0;
}

function trailingZeros(value: bigint): number {
  let count = 0;
  for (let rest = value; (rest & 1n) === 0n; rest >>= 1n) count += 1;
  return count;
}

interface AddressNumber {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

function numberOf(text: string): AddressNumber | null {
  const found = plainNumberOf(text);
  if (found === null || found.bits === 32) return found;
  return found.value >> 32n === 0xffffn ? {bits: 32, value: found.value & 0xffff_ffffn} : found;
}

function plainNumberOf(text: string): AddressNumber | null {
  const isSix = text.includes(":");
  if (isSix ? text.includes("%") || !ipaddr.IPv6.isValid(text) : !FOUR_PARTS.test(text) || !ipaddr.IPv4.isValid(text))
    return null;
  const bytes = ipaddr.parse(text).toByteArray();
  return {bits: isSix ? 128 : 32, value: bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)};
}

function addressText(value: bigint, bits: 32 | 128): string {
  const bytes = Array.from({length: bits / 8}, (_, at) => Number((value >> BigInt(bits - 8 - at * 8)) & 0xffn));
  return bits === 32 ? bytes.join(".") : new ipaddr.IPv6(bytes).toRFC5952String();
}
