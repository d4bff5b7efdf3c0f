/** Which indicators an edition prints, and where several places print the same ones. */
import type {EditionInput} from "./edition-input.ts";

/** The few numbers that stand large: at the end of an edition's section of handled incidents and on the front page. */
export const KEY_FIGURES = [
  "incident.total",
  "incident.cross_border",
  "incident.phishing",
  "mobile.platforms",
  "mobile.urls",
] as const;

/** Figures that some text, table or chart of the bulletin prints. */
export const PRINTED: ReadonlySet<string> = new Set([
  ...["host.infected", "host.trojan_bot", "host.conficker", "malware.new_names", "malware.new_families", "c2.ips"],
  ...["msite.domains", "msite.ips", "msite.direct_ips", "web.defaced", "web.gov_defaced", "web.backdoored"],
  ...["web.gov_backdoored", "web.phishing_pages", "phish.domains", "phish.ips", "phish.pages_per_ip", "infra.events"],
  ...["vuln.total", "vuln.high", "vuln.medium", "vuln.low"],
  ...KEY_FIGURES,
  ...["complaint.received", "takedown.verified", "takedown.median_hours", "takedown.p90_hours"],
]);

/** Counts that others rest on and that no page shows. */
const AIDS: ReadonlySet<string> = new Set(["msite.urls", "msite.urls_with_ip", "phish.pages_with_ip"]);

/** Returns whether the trends show the indicator: what editions print, and what a site counts besides. */
export function isTrend(id: string): boolean {
  return !AIDS.has(id);
}

/** Returns whether the edition prints the indicator or, for those that are words, the fact. */
export function isPrinted({indicators, facts}: EditionInput, id: string): boolean {
  if (id === "vuln.level") return facts.vulnLevel !== null;
  if (id === "vuln.type_rank") return facts.vulnTypes !== null;
  return PRINTED.has(id) && (indicators[id]?.value ?? null) !== null;
}
