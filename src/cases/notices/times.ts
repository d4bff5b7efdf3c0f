/** Times as a notification prints them: in the desk's zone, which is named beside them. */

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Returns a time to the minute, such as 2023-02-22 09:14. */
export function localMinute(at: Date, zone: string): string {
  const {year, month, day, hour, minute} = partsOf(at, zone);
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

/** Returns a time to the minute with the offset of the zone, such as 2023-02-22 09:14 (UTC+8). */
export function localMinuteWithZone(at: Date, zone: string): string {
  return `${localMinute(at, zone)} (${offsetName(at, zone)})`;
}

/** Returns the day, such as 2023-02-22. */
export function localDay(at: Date, zone: string): string {
  return localMinute(at, zone).slice(0, 10);
}

/** Returns the offset of a zone at a time, such as UTC+8 or UTC+5:45; UTC for none. */
export function offsetName(at: Date, zone: string): string {
  return (partsOf(at, zone)["timeZoneName"] ?? "UTC").replace("GMT", "UTC");
}

function partsOf(at: Date, zone: string): Record<string, string> {
  let format = FORMATS.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZoneName: "shortOffset",
    });
    FORMATS.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map(({type, value}) => [type, value]));
}
