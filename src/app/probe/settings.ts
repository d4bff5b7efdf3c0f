import {getServers} from "node:dns";
import {z} from "zod";
import type {probeSchema} from "./config.ts";

/** Limits of one look. Source: the probe rules of SECURITY.md. */
const limits = z.strictObject({
  totalMs: z.int().positive().describe("From the first question to the last byte."),
  bytes: z.int().positive().describe("Decoded bytes of a page."),
  headerBytes: z.int().positive(),
  redirects: z.int().min(0),
});

/** What a probe process is started with. It crosses into the process, so it has a schema. */
export const probeSettingsSchema = z.strictObject({
  resolvers: z.array(z.string()).min(1).describe("Addresses of DNS servers, each with a port where it is not 53."),
  userAgent: z.string().min(1),
  acceptLanguage: z.string().min(1),
  concurrency: z.int().positive(),
  controlName: z.string().nullable(),
  limits,
  /** Of tests: where a public address and port (`8.8.4.4:80`) really is. With it nothing else is connected to. */
  dial: z.record(z.string(), z.strictObject({host: z.string(), port: z.int()})).nullable(),
});
/** As in `probeSettingsSchema`. */
export type ProbeSettings = z.infer<typeof probeSettingsSchema>;

/** The limits that the product looks with. */
export const LIMITS = {totalMs: 10_000, bytes: 2 * 1024 * 1024, headerBytes: 64 * 1024, redirects: 5} as const;

/** Returns what the configuration wants of the probe. There is no key that leads past its guard. */
export function probeSettings(probe: z.infer<typeof probeSchema>): ProbeSettings {
  const {resolvers, userAgent, acceptLanguage, concurrency, controlName} = probe;
  return {
    resolvers: resolvers.length === 0 ? getServers() : resolvers,
    userAgent,
    acceptLanguage,
    concurrency,
    controlName,
    limits: LIMITS,
    dial: null,
  };
}
