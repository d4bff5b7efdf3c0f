import type {zhFigures} from "./zh-figures.ts";

/** English words of tables, figures and notes. */
export const enFigures: typeof zhFigures = {
  figure: (number, caption) => `Figure ${number}. ${caption}`,
  table: (number, caption) => `Table ${number}. ${caption}`,
  rating: "Overall rating",
  notRated: "The week was not rated.",
  rated: (name, step) => `${name}: step ${step} of five, the first being the best.`,
  listMark: "; ",
  columns: {indicator: "Indicator", thisWeek: "This week", lastWeek: "Last week", change: "Change"},
  captions: {
    front: "Network security at a glance",
    handled: "Incidents handled this week",
  },
  labels: {
    "host.infected": (domestic) => `Infected ${domestic} hosts`,
    "web.defaced": (domestic) => `Defaced ${domestic} websites`,
    "web.gov_defaced": () => "of which government",
    "web.backdoored": (domestic) => `Backdoored ${domestic} websites`,
    "web.gov_backdoored": () => "of which government",
    "web.phishing_pages": (domestic) => `Phishing pages aimed at ${domestic} websites`,
    "vuln.total": () => "New vulnerabilities",
    "vuln.high": () => "of which high severity",
    "incident.total": () => "Incidents handled",
    "incident.cross_border": () => "of which cross-border",
    "incident.phishing": () => "Phishing complaints",
    "mobile.platforms": () => "Malicious app platforms",
    "mobile.urls": () => "Malicious app URLs",
  },
};
