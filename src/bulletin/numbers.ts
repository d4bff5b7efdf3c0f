/**
 * How numbers become words: rounding, 万, shares, averages and changes. All of it is integer arithmetic on raw counts, so
 * that 0.05 % rounds up everywhere and never prints as -0.0. Sentences round what is sampled, always with 约 or "about";
 * tables, charts and data files give the same numbers exactly, as far as they are known exactly.
 * Source: BULLETIN.md "The rules in short" 4-6, a5.
 */
import {oneDecimal} from "../model/rounding.ts";
import type {Language} from "./document.ts";

/** A part of a whole, both as counts. A printed share of 39.2 % is 392 of 1000. */
export interface Share {
  readonly part: number;
  readonly whole: number;
}

/** A count as printed. `isAbout` asks for 约 or "about" before it. */
export interface Quantity {
  readonly text: string;
  readonly isAbout: boolean;
}

/** A change against last week as printed: `percent` is unsigned with one decimal, such as `35.7`. */
export interface Change {
  readonly direction: "up" | "down" | "same";
  readonly percent: string;
}

/** What a change is worked out from. */
export interface Comparison {
  readonly value: number | null;
  readonly previous: number | null;
  readonly change: number | null;
}

const WAN = 10_000;

/** Returns a count in full: no separator in Chinese, commas in English. */
export function countText(value: number, language: Language): string {
  const digits = String(Math.round(value));
  return language === "zh" ? digits : digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * Returns a sampled count as a sentence says it: from 10,000 on rounded half up to 0.1万 (in English to a thousand) with 约, below it exact.
 * Without `usesWan`, Chinese prints thousands rounded in the same way, as digits.
 */
export function sampledText(value: number, language: Language, usesWan: boolean): Quantity {
  if (value < WAN) return {text: countText(value, language), isAbout: false};
  const thousands = Math.floor((Math.round(value) + 500) / 1000);
  if (language === "zh" && usesWan) return {text: `${tenths(thousands)}万`, isAbout: true};
  return {text: countText(thousands * 1000, language), isAbout: true};
}

/** Returns a number that need not be whole, such as a score or an average: whole as a count, else with one decimal, half up. */
export function valueText(value: number, language: Language): string {
  return Number.isInteger(value) ? countText(value, language) : decimalText(value, language);
}

/** Returns a number, 0 or more, with one decimal, half up. */
export function decimalText(value: number, language: Language): string {
  const [whole = "", tenth = ""] = oneDecimal(value).split(".");
  return `${countText(Number(whole), language)}.${tenth}`;
}

/** Returns the share in percent, half up to one decimal, without the sign; null when the whole is nothing. */
export function shareText(share: Share): string | null {
  if (share.whole <= 0) return null;
  return tenths(Math.floor((2000 * share.part + share.whole) / (2 * share.whole)));
}

/** Returns the share as a sentence says it: with 约 and one decimal, but all and nothing as 100 and 0. */
export function saidShare(share: Share): Quantity | null {
  const text = shareText(share);
  if (text === null) return null;
  if (share.part === 0 || share.part === share.whole) return {text: share.part === 0 ? "0" : "100", isAbout: false};
  return {text, isAbout: true};
}

/** Returns the average rounded half up to an integer, as printed after 约. */
export function averageText(average: number, language: Language): string {
  return countText(Math.floor(average + 0.5), language);
}

/**
 * Returns the change as printed, from the raw counts where both are known, else from the stated fraction.
 * Null when there is nothing to compare with: last week is missing or was zero. A change that rounds to 0.0 % is "same".
 */
export function changeOf({value, previous, change}: Comparison): Change | null {
  if (value !== null && previous !== null) {
    if (previous === 0) return null;
    const distance = Math.abs(value - previous);
    return changeFrom(value - previous, Math.floor((2000 * distance + previous) / (2 * previous)));
  }
  if (value === null || change === null) return null;
  return changeFrom(change, Math.floor(Math.abs(change) * 1000 + 0.5 + 1e-9));
}

/** Returns a difference of two shares in percentage points, signed, half away from zero; never -0.0. */
export function pointsText(difference: number): string {
  const count = Math.floor(Math.abs(difference) * 1000 + 0.5 + 1e-9);
  return count === 0 ? tenths(0) : `${difference > 0 ? "+" : "-"}${tenths(count)}`;
}

/** Returns whether a change is exactly nothing, so that 持平 is said and not 基本持平. */
export function isExactlySame({value, previous, change}: Comparison): boolean {
  return value !== null && previous !== null ? value === previous : change === 0;
}

function changeFrom(signed: number, tenthsOfPercent: number): Change {
  const percent = tenths(tenthsOfPercent);
  if (tenthsOfPercent === 0) return {direction: "same", percent};
  return {direction: signed > 0 ? "up" : "down", percent};
}

function tenths(count: number): string {
  return `${Math.floor(count / 10)}.${count % 10}`;
}
