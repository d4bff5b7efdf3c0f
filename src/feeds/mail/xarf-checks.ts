import {z} from "zod";
import {hostOf, ipOf} from "./findings.ts";

/** The kinds of values that X-ARF reports are made of, and how a refusal is worded. */

/** An address of a machine. */
export const ipText = z.string().refine((text) => ipOf(text) !== null, "is no IP address");

/** A host name. */
export const hostText = z.string().refine((text) => hostOf(text) !== null, "is no host name");

/** A web address; other schemes are refused. */
export const urlText = z
  .string()
  .refine((text) => URL.canParse(text) && /^[a-z][a-z0-9+.-]*:\/\//i.test(text), "is no URL");

/** A mail address. */
export const mailText = z.string().regex(/^[^\s@<>]{1,64}@[^\s@<>]{1,255}$/, "is no mail address");

/** A time in ISO 8601 with an offset. */
export const timeText = z.iso.datetime({offset: true});

/** A port. */
export const portNumber = z.int().min(1).max(65_535);

/** A count. */
export const countNumber = z.int().min(0);

const ISSUES = 5;

/** Returns why a value was refused, in one line: the first places with what is wrong there. */
export function refusalOf(format: string, {issues}: z.ZodError): string {
  const said = issues.slice(0, ISSUES).map(({path, message}) => `${path.join(".") || "report"}: ${message}`);
  return `The ${format} report is not valid. ${said.join("; ").slice(0, 800)}`;
}
