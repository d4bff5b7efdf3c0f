/** Cases for tests: candidates with everything that a test does not care about filled in. */
import {planOpenings} from "../src/cases/opening/plan.ts";
import {caseFacts, type Sighting} from "../src/model/cases/case.ts";
import type {CaseCandidate} from "../src/model/cases/case-change.ts";
import {type TakenIn, takeIn} from "../src/store/cases/opening.ts";
import type {Database} from "../src/store/postgres.ts";

/** Monday morning of the reference week, in Shanghai. */
export const MONDAY = new Date("2023-02-20T01:00:00Z");

/** Returns an instant some hours after `MONDAY`. */
export function hoursLater(hours: number): Date {
  return new Date(MONDAY.getTime() + hours * 3_600_000);
}

/** Returns a phishing page of a report as it may open a case. */
export function phishing(url: string, over: Partial<CaseCandidate> = {}): CaseCandidate {
  return {
    class: "web.phish",
    asset: {kind: "url", value: url},
    facts: caseFacts({
      url,
      host: new URL(url).hostname,
      brand: "示例银行",
      brandCountry: "CN",
      brandSector: "finance-bank",
    }),
    tlp: "GREEN",
    source: "event",
    rule: "phishing",
    parties: ["registrar", "hosting-provider"],
    severity: "IV",
    isUrgent: false,
    isProtected: false,
    borderTests: [],
    urls: [url],
    sighting: sighting("r1"),
    complaint: null,
    ...over,
  };
}

/** Returns that a report has one event of an asset. */
export function sighting(report: string, at: Date = MONDAY, feed = "phishlist"): Sighting {
  const seenAt = at.toISOString();
  return {report, feed, line: 2, events: 1, firstSeenAt: seenAt, lastSeenAt: seenAt};
}

/** Takes candidates in at a time. */
export function take({db}: Database, candidates: readonly CaseCandidate[], now: Date = MONDAY): Promise<TakenIn> {
  return takeIn(db, {
    candidates,
    year: 2023,
    by: "watchfloor",
    now,
    plan: (each, known) => planOpenings(each, known, now),
  });
}
