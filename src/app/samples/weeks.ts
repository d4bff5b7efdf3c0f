import type {Day} from "../../model/week.ts";
import {type HostNumbers, serverReport, sinkholeReports} from "./hosts.ts";
import type {SampleReport} from "./report.ts";
import {type SiteNumbers, siteReports} from "./sites.ts";
import {type VulnerabilityNumbers, vulnerabilityReport} from "./vulnerabilities.ts";

/** A made-up week: how much of what, and the figures that people would enter. */
export interface SampleWeek {
  readonly monday: Day;
  readonly hosts: HostNumbers;
  readonly sites: SiteNumbers;
  readonly vulnerabilities: VulnerabilityNumbers;
  readonly figures: Readonly<Record<string, string>>;
}

const FAMILIES = ["sample-orchid", "sample-kestrel", "sample-lantern", "sample-quartz", "sample-tundra"];

/** The two weeks of the sample. Fixed, so that everybody gets the same pages. */
export const SAMPLE_WEEKS: readonly SampleWeek[] = [
  {
    monday: "2026-11-09",
    hosts: {
      seed: 11,
      firstBot: 0,
      bots: 23_900,
      worms: 1_240,
      both: 60,
      rows: 30_000,
      servers: 176,
      families: FAMILIES,
    },
    sites: {
      seed: 12,
      first: 0,
      malware: 214,
      defaced: 531,
      defacedGov: 14,
      backdoored: 338,
      backdooredGov: 9,
      phishing: 1_260,
      apps: 64,
      appPlatforms: 27,
    },
    vulnerabilities: {first: 1, high: 126, medium: 191, low: 43},
    figures: {
      "incident.total": "1264",
      "incident.cross_border": "711",
      "incident.phishing": "982",
      "malware.new_names": "7",
      "vuln.level": "medium",
      "vuln.type_rank": "app,web,net",
    },
  },
  {
    monday: "2026-11-16",
    hosts: {
      seed: 21,
      firstBot: 5_200,
      bots: 22_300,
      worms: 1_180,
      both: 55,
      rows: 30_000,
      servers: 163,
      families: [...FAMILIES, "sample-juniper"],
    },
    sites: {
      seed: 22,
      first: 130,
      malware: 231,
      defaced: 488,
      defacedGov: 11,
      backdoored: 351,
      backdooredGov: 10,
      phishing: 1_180,
      apps: 58,
      appPlatforms: 24,
    },
    vulnerabilities: {first: 361, high: 133, medium: 178, low: 39},
    figures: {
      "incident.total": "1187",
      "incident.cross_border": "664",
      "incident.phishing": "905",
      "malware.new_names": "5",
      "vuln.level": "medium",
      "vuln.type_rank": "app,web,net",
    },
  },
];

/** Returns all reports of a week, in the order in which they come. */
export function sampleReports({monday, hosts, sites, vulnerabilities}: SampleWeek): SampleReport[] {
  return [
    ...sinkholeReports(monday, hosts),
    serverReport(monday, hosts),
    ...siteReports(monday, sites),
    vulnerabilityReport(monday, vulnerabilities),
  ].sort((one, other) => one.fetchedAt.getTime() - other.fetchedAt.getTime());
}
