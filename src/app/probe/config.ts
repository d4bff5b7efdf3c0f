import {z} from "zod";
import {LOOK_SETTINGS} from "../../cases/verification/standing.ts";

/** The part `probe` of watchfloor.yaml: how reported sites are looked at. */
export const probeSchema = z.strictObject({
  isOn: z.boolean().default(true).describe("Reported sites are looked at; without it nothing is ever verified."),
  resolvers: z
    .array(z.string())
    .max(8)
    .default([])
    .describe(
      "DNS servers (address, with port where it is not 53) that filter nothing. All are asked and have to agree; empty: those of the machine.",
    ),
  userAgent: z
    .string()
    .min(1)
    .max(300)
    .default(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    )
    .describe("How the probe introduces itself. Pages of fraud hide from what does not look like a victim's browser."),
  acceptLanguage: z.string().min(1).max(100).default("zh-CN,zh;q=0.9,en;q=0.8").describe("Languages that it asks for."),
  concurrency: z.int().min(1).max(512).default(32).describe("Most looks at the same time."),
  browser: z
    .string()
    .nullable()
    .default(null)
    .describe("Chromium for screenshots. null: that of the system; where there is none, no screenshots are taken."),
  screenshots: z.boolean().default(true).describe("A picture is kept of what the first look of a case sees."),
  controlName: z
    .string()
    .nullable()
    .default(null)
    .describe("A name that always exists. When it is not found either, a missing name is our own failure."),
});

/** The part `verification`: when is looked whether a reported thing is gone, and how much it takes to believe it. */
export const verificationSchema = z.strictObject({
  confirmSeconds: z
    .int()
    .min(60)
    .default(LOOK_SETTINGS.confirmSeconds)
    .describe("Least time between the two looks that make a takedown verified."),
  watchSeconds: z.int().min(60).default(LOOK_SETTINGS.watchSeconds).describe("Time between looks at what is still up."),
  retrySeconds: z
    .int()
    .min(60)
    .default(LOOK_SETTINGS.retrySeconds)
    .describe("Time to the next look after one that could not tell; it grows up to watchSeconds."),
  recheckDays: z
    .array(z.int().positive())
    .max(10)
    .default([...LOOK_SETTINGS.recheckDays])
    .describe("Days after a verified takedown at which is looked again, in rising order."),
  askAfterSeconds: z
    .int()
    .min(60)
    .default(LOOK_SETTINGS.askAfterSeconds)
    .describe("When no look could tell for so long, a person is asked."),
});
