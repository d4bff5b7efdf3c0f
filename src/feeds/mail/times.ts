/** Times as complaints write them. A time without an offset says nothing exact, so it is null. */

const MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec".split("|");
const ISO =
  /(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ]+(\d{1,2}):\s?(\d{2})(?::\s?(\d{2})(?:\.\d+)?)?\s*(Z|UTC|GMT|UT\b|[+-]\d{2}:?\d{2})/i;
const MAIL =
  /(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})\s+(\d{1,2}):\s?(\d{2})(?::\s?(\d{2}))?\s*([AP]M)?\s*(Z|UTC|GMT|UT\b|[ECMP][SD]T|[+-]\d{2}:?\d{2})/i;
const HOURS: Readonly<Record<string, string>> = {
  EST: "-0500",
  EDT: "-0400",
  CST: "-0600",
  CDT: "-0500",
  MST: "-0700",
  MDT: "-0600",
  PST: "-0800",
  PDT: "-0700",
};

/** Returns the first time with an offset in a text, ISO 8601 in UTC; null when there is none. */
export function timeIn(text: string): string | null {
  const head = text.slice(0, 5000);
  const [, year, month, day, hour, minute, second, zone] = ISO.exec(head) ?? [];
  if (year !== undefined) return made([year, month, day, hour, minute, second], zone);
  const [, date, name, full, h, m, s, half, offset] = MAIL.exec(head) ?? [];
  const number = MONTHS.indexOf((name ?? "").toLowerCase()) + 1;
  return number === 0 ? null : made([full, String(number), date, hourOf(h, half), m, s], offset);
}

function made(parts: readonly (string | undefined)[], zone = "Z"): string | null {
  const [year, month, day, hour, minute, second] = parts.map((part) => (part ?? "00").padStart(2, "0"));
  const offset = HOURS[zone.toUpperCase()] ?? (/^[+-]/.test(zone) ? zone : "Z");
  const at = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${offset.replace(/^([+-]\d{2}):?(\d{2})$/, "$1:$2")}`,
  );
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The hour of 24, from one of 12 and its half of the day where there is one. */
function hourOf(hour: string | undefined, half: string | undefined): string | undefined {
  if (half === undefined) return hour;
  return String((Number(hour) % 12) + (half.toUpperCase() === "PM" ? 12 : 0));
}
