import {z} from "zod";

/** The versions of the Common Vulnerability Scoring System as CVE records name them, best first. */
const VERSIONS = ["cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0"] as const;

const score = z.looseObject({baseScore: z.number().min(0).max(10), vectorString: z.string().optional()});

/** One severity statement of a record. */
export interface Cvss {
  readonly version: string;
  readonly score: number;
  readonly vector: string | null;
  /** critical, high, medium, low or info. */
  readonly severity: string;
}

/** Returns the newest version's score among the metrics, the first where there are several; null when there is none. */
export function bestCvss(metrics: readonly Readonly<Record<string, unknown>>[]): Cvss | null {
  for (const version of VERSIONS) {
    for (const metric of metrics) {
      const {success, data} = score.safeParse(metric[version]);
      if (success)
        return {
          version: version.slice("cvssV".length).replace("_", "."),
          score: data.baseScore,
          vector: data.vectorString ?? null,
          severity: bandOf(version, data.baseScore),
        };
    }
  }
  return null;
}

/**
 * The published bands. Version 2 has no critical, and its low begins at 0.
 * Source: FIRST, CVSS v4.0 section 6 and v3.1 section 5; NVD for version 2.
 */
function bandOf(version: (typeof VERSIONS)[number], value: number): string {
  if (version === "cvssV2_0") return value >= 7 ? "high" : value >= 4 ? "medium" : "low";
  if (value >= 9) return "critical";
  if (value >= 7) return "high";
  if (value >= 4) return "medium";
  return value > 0 ? "low" : "info";
}
