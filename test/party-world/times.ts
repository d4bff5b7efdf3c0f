/** The time of the world: hours since Monday morning of the reference week, nine o'clock in Shanghai. */
import {MONDAY} from "../case-fixture.ts";

/** Returns the instant at an hour of the world. */
export function instant(hour: number): Date {
  return new Date(Math.round(MONDAY.getTime() + hour * 3_600_000));
}

/** When things happen in it, in hours. */
export const CALENDAR = {
  /** Rounds of the desk begin so far apart. */
  step: 0.5,
  end: 144,
  /** Sites are reported for the first time until then. */
  lastReport: 84,
  /** Nothing is taken down later, so that two looks can have seen it. */
  lastTakedown: 132,
  /** Nobody writes later. */
  lastLetter: 141,
} as const;

/** What is gone for less time was never gone: no two looks an hour apart can see it. */
export const BLINK_HOURS = 0.5;
/** By then what is gone is known to be gone, however rarely it was looked at: six hours to a look, and a second one. */
export const KNOWN_GONE_HOURS = 9;
/** By then a page that is back within a day was seen: the look a day after its takedown was verified. */
export const KNOWN_BACK_HOURS = 35;
