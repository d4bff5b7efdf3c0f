import {z} from "zod";

const day = z.iso.date("is no day of the form YYYY-MM-DD");

/** Names of the days of the week as calendars write them, Monday first. */
export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const daysOff = z
  .strictObject({from: day, to: day, zh: z.string().min(1), en: z.string().min(1)})
  .refine(({from, to}) => from <= to, "ends before it begins");

/**
 * Which days are working days, as data: `profiles/calendars/` has those that come with the product, a site puts its own
 * into the folder `calendars` of its data folder. docs/case-rules.md shows one.
 */
export const calendarSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, "is a word of a-z, 0-9 and -")
      .describe("Name of the calendar; the same as that of its file."),
    title: z.strictObject({zh: z.string().min(1), en: z.string().min(1)}).describe("What people call it."),
    weekend: z
      .array(z.enum(WEEKDAYS))
      .max(6, "leaves no day of the week to work on")
      .describe("Days of the week that are off unless a year says otherwise; [] where there is no weekend."),
    isYearly: z
      .boolean()
      .describe("The days off are announced year by year: a year that is not listed is told as unknown, not guessed."),
    years: z
      .record(
        z.string().regex(/^\d{4}$/, "is no year"),
        z.strictObject({
          source: z.string().min(1).describe("Where the days were announced."),
          off: z.array(daysOff).describe("Days off, first and last of each holiday."),
          work: z.array(day).default([]).describe("Days worked in exchange, though they are of the weekend."),
        }),
      )
      .describe("What was announced for each year."),
  })
  .superRefine(({years}, context) => {
    for (const [year, {off, work}] of Object.entries(years)) {
      work.forEach((worked, at) => {
        if (off.some(({from, to}) => from <= worked && worked <= to))
          context.addIssue({code: "custom", path: ["years", year, "work", at], message: `${worked} is off as well`});
      });
      // an announcement may take in the last days of the year before, and the first of the one after
      const isNear = (text: string): boolean => Math.abs(Number(text.slice(0, 4)) - Number(year)) <= 1;
      off.forEach(({from, to}, at) => {
        if (!isNear(from) || !isNear(to) || Number(to.slice(0, 4)) - Number(from.slice(0, 4)) > 1)
          context.addIssue({code: "custom", path: ["years", year, "off", at], message: `is not in ${year}`});
      });
      work.forEach((worked, at) => {
        if (!isNear(worked))
          context.addIssue({code: "custom", path: ["years", year, "work", at], message: `is not in ${year}`});
      });
    }
  });

/** A calendar of working days. */
export type WorkCalendar = z.infer<typeof calendarSchema>;
