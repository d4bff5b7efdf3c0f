/** The clock of the replayed week: slots of the day at which things happen, in Asia/Shanghai. */
import {weekNamed} from "../../src/model/week.ts";

/** The week of the edition 2023/9. */
export const WEEK = weekNamed("2023-02-20", "Asia/Shanghai");

const HOURS = [9, 14, 20];
const HOUR_MS = 3_600_000;

/** Returns when a slot begins: 09:00, 14:00 and 20:00 of each day, minutes later. */
export function slotTime(slot: number, minutes = 0): Date {
  const hours = 24 * Math.floor(slot / HOURS.length) + (HOURS[slot % HOURS.length] ?? 0);
  return new Date(WEEK.startsAt.getTime() + hours * HOUR_MS + minutes * 60_000);
}

/** Returns the time as lists write it: 2023-02-20 09:00:00, local. */
export function localText(slot: number): string {
  return new Date(slotTime(slot).getTime() + 8 * HOUR_MS).toISOString().slice(0, 19).replace("T", " ");
}
