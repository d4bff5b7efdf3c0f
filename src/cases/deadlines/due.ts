import type {Deadline} from "../../model/cases/deadlines.ts";
import {addClockHours, type CountedTime, type WorkingTime} from "./working-time.ts";

/** By which clock hours are counted: the working time of the party or the desk, or the clock on the wall. */
export interface Clock {
  readonly add: (from: Date, hours: number) => CountedTime;
}

/** When a party has to have answered and acted. */
export interface Due {
  readonly acknowledgeBy: Date;
  readonly resolveBy: Date;
  /** Years on the way for which no days off are known: only weekends were left out there. Empty when all is known. */
  readonly yearsWithoutData: readonly number[];
}

/** Returns the clock of a deadline. An urgent case is always counted round the clock. */
export function clockOf(
  deadline: Deadline,
  {workingTime, isUrgent}: {workingTime: WorkingTime; isUrgent: boolean},
): Clock {
  return isUrgent || deadline.clock === "always" ? {add: addClockHours} : {add: workingTime.add};
}

/** Returns the due times of a party that was told at `notifiedAt`. */
export function dueOf(notifiedAt: Date, deadline: Deadline, clock: Clock): Due {
  const acknowledge = clock.add(notifiedAt, deadline.acknowledgeHours);
  const resolve = clock.add(notifiedAt, deadline.resolveHours);
  const years = new Set([...acknowledge.yearsWithoutData, ...resolve.yearsWithoutData]);
  return {acknowledgeBy: acknowledge.at, resolveBy: resolve.at, yearsWithoutData: [...years].sort((a, b) => a - b)};
}
