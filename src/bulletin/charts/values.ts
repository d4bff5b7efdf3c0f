import {oneDecimal} from "../../model/rounding.ts";
import type {Language} from "../document.ts";

/** What stands where nothing was measured. A missing number is never drawn as zero. */
export const NOT_MEASURED = "—";

const WAN = 1e4;
const YI = 1e8;
/** Counts below it are written out: a chart shows what its table says. */
const LONG = 1e6;
/** No count is that large; if one is, it is written as a power of ten. */
const TOO_LONG = 1e15;

/** Returns the value when it can be drawn: counts and shares are finite and not negative. Everything else is a gap. */
export function measured(value: number | null | undefined): number | null {
  return value === null || value === undefined || !Number.isFinite(value) || value < 0 ? null : value;
}

/** Returns the largest measured value; 0 when there is none. */
export function largest(values: readonly (number | null)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, measured(value) ?? 0), 0);
}

/**
 * Returns the value as it is printed beside a mark: exact below a million, in English with separators; from there on with
 * one decimal of 万 or 亿, of M or B. The table beside the chart is always exact.
 */
export function valueLabel(value: number | null, language: Language): string {
  const known = measured(value);
  if (known === null) return NOT_MEASURED;
  if (known >= TOO_LONG) return powerOfTen(known);
  return language === "zh" ? inChinese(known) : inEnglish(known);
}

/** Returns a value on an axis. Axes are round, so short forms lose nothing: 12500 is 1.25万. */
export function tickLabel(value: number, language: Language): string {
  if (value >= TOO_LONG) return powerOfTen(value);
  if (language === "zh" && value >= WAN) return value < YI ? `${plain(value / WAN)}万` : `${plain(value / YI)}亿`;
  if (language === "en" && value >= LONG) return value < 1e9 ? `${plain(value / 1e6)}M` : `${plain(value / 1e9)}B`;
  return grouped(plain(value), language);
}

/** Returns a fraction as a percentage with one decimal, half rounded up. */
export function shareLabel(share: number | null): string {
  const known = measured(share);
  if (known === null) return NOT_MEASURED;
  return known >= TOO_LONG ? powerOfTen(known) : `${oneDecimal(known * 100)}%`;
}

function inChinese(value: number): string {
  const losesNothing = value >= WAN && value % (WAN / 10) === 0; // 79.3万 is 793000
  if (value < LONG && !losesNothing) return plain(value);
  // 9,999.95万 rounds up into the next unit
  return value < YI - WAN / 20 ? `${oneDecimal(value / WAN)}万` : `${oneDecimal(value / YI)}亿`;
}

function inEnglish(value: number): string {
  if (value < LONG) return grouped(plain(value), "en");
  return value < 1e9 - 5e4 ? `${oneDecimal(value / 1e6)}M` : `${oneDecimal(value / 1e9)}B`;
}

function grouped(digits: string, language: Language): string {
  return language === "zh" ? digits : digits.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
}

function powerOfTen(value: number): string {
  return value.toExponential(1).replace("e+", "e");
}

/** Whole numbers as they are, others with at most two decimals. */
function plain(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(2)));
}
