import {z} from "zod";
import {SEVERITIES} from "./case.ts";
import {classPattern, oneOrMore, partyKind} from "./case-words.ts";

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, "is a word of a-z, 0-9 and -");
const hours = z.number().positive("is more than 0 hours").max(8760, "is a year at most");

const SPAN = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;

/** A part of the day, "09:00-12:00", as minutes after midnight. */
const span = z
  .string()
  .regex(SPAN, "is no part of a day such as 09:00-12:00")
  .transform((text) => {
    const [, fromHour, fromMinute, toHour, toMinute] = (SPAN.exec(text) ?? []).map(Number);
    return {
      fromMinute: (fromHour ?? 0) * 60 + (fromMinute ?? 0),
      toMinute: (toHour ?? 0) * 60 + (toMinute ?? 0),
    };
  })
  .refine(({fromMinute, toMinute}) => fromMinute < toMinute && toMinute <= 1440, "ends before it begins");

/** The working hours of a day: parts in order that do not overlap. */
const spans = z
  .array(span)
  .min(1)
  .refine(
    (all) => all.every((each, at) => at === 0 || (all[at - 1]?.toMinute ?? 0) <= each.fromMinute),
    "are not in order, or overlap",
  );

const row = z.strictObject({
  name: name
    .optional()
    .describe("A row with a name holds for the cases whose rule names it, before all rows without a name."),
  class: classPattern.describe("A class code, `web.*` for all that begin so, or `*`."),
  severity: oneOrMore(z.enum(SEVERITIES)).optional().describe("Levels I to IV; without it all."),
  party: oneOrMore(partyKind).optional().describe("Kinds of the party that was told; without it all."),
  clock: z
    .enum(["working", "always"])
    .default("working")
    .describe("`working` counts working hours by the calendar, `always` counts round the clock."),
  acknowledgeHours: hours.describe("By then the party has answered."),
  resolveHours: hours.describe("By then the party has acted, and we saw it or were told so."),
  remindEveryHours: hours.describe("Time between two reminders, and after the last one before the next party is told."),
  mostReminders: z
    .int("is a whole number")
    .min(0, "is 0 or more")
    .max(50, "is 50 at most")
    .describe("Reminders to one party before the next one is told."),
});

/** The table of deadlines: `rules/deadlines.yaml` of a data folder; those that come with the product are in `profiles/`. */
export const deadlineTableSchema = z
  .strictObject({
    calendar: name.describe("Calendar of working days, by its name."),
    hours: spans.describe('Working hours, in parts: ["09:00-12:00", "13:30-17:30"].'),
    deadlines: z.array(row).min(1).describe("The rows; the most specific one that fits holds."),
  })
  .superRefine(({deadlines}, context) => {
    const isForAll = deadlines.some(
      (each) =>
        each.name === undefined && each.class === "*" && each.severity === undefined && each.party === undefined,
    );
    if (!isForAll)
      context.addIssue({
        code: "custom",
        path: ["deadlines"],
        message: 'lack a row for all other cases: class: "*" without severity, party and name',
      });
    deadlines.forEach((each, at) => {
      if (each.acknowledgeHours > each.resolveHours)
        context.addIssue({
          code: "custom",
          path: ["deadlines", at, "acknowledgeHours"],
          message: "is more than resolveHours: nobody answers after acting",
        });
    });
  });

/** A read table of deadlines. */
export type DeadlineTable = z.infer<typeof deadlineTableSchema>;
/** One row of it. */
export type DeadlineRow = DeadlineTable["deadlines"][number];
/** What a row sets: hours in the row's clock. */
export type Deadline = Pick<
  DeadlineRow,
  "clock" | "acknowledgeHours" | "resolveHours" | "remindEveryHours" | "mostReminders"
>;
