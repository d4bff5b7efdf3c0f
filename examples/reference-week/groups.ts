/**
 * What the week is made of: groups of made-up things that were reported, where they lie, and what comes of them. The numbers
 * here are those of the world. What the bulletin then says is counted from the cases, never taken from here.
 */

/** Where sites lie: an address, and whose it is. Only the test world answers there; the tables of the data folder say this. */
export const PLACES = {
  capital: {ip: "8.8.4.4", country: "CN", province: "11", asn: 64496},
  south: {ip: "8.8.4.5", country: "CN", province: "44", asn: 64497},
  zhejiang: {ip: "8.8.4.33", country: "CN", province: "33", asn: 64498},
  guangdong: {ip: "8.8.4.44", country: "CN", province: "44", asn: 64498},
  shanghai: {ip: "8.8.4.31", country: "CN", province: "31", asn: 64498},
  hubei: {ip: "8.8.4.42", country: "CN", province: "42", asn: 64498},
  america: {ip: "8.8.8.4", country: "US", province: null, asn: 64505},
  germany: {ip: "8.8.8.5", country: "DE", province: null, asn: 64506},
  japan: {ip: "8.8.8.6", country: "JP", province: null, asn: 64507},
  hongkong: {ip: "8.8.8.7", country: "HK", province: null, asn: 64508},
} as const;
export type PlaceName = keyof typeof PLACES;

/** What becomes of a thing. The first six are handled, each once; what returns is handled twice. */
export const FATES = [
  "done", // its party says so, and it is gone
  "acknowledged", // its party has it, and it is still there on Sunday
  "gone", // nobody says a word, but it is gone
  "false-claim", // its party says that it is gone, and it is not
  "not-ours", // the first party refers to the next one, which acts
  "returns", // taken down, and there again the day after
  "silent", // nobody ever answers
  "late", // answered in the week after
  "dismissed", // ours: a false alarm
  "gone-before", // gone before anybody was told
  "merged", // the same page under another address: it becomes a part of the other case
] as const;
export type Fate = (typeof FATES)[number];

/** How often a thing is handled in the week. */
export function timesHandled(fate: Fate): number {
  if (fate === "returns") return 2;
  return ["done", "acknowledged", "gone", "false-claim", "not-ours"].includes(fate) ? 1 : 0;
}

/** How things become known: from complaints, or from a report of a feed. */
export type Source = "mail" | "xarf" | "csv" | "api" | "list" | "apps" | "defacements" | "backdoors";

/** Alike things. `handled` is how many of them are; `others` come besides and are not. */
export interface Group {
  readonly class: "web.phish" | "mal.mobile" | "mal.c2" | "mal.site" | "web.deface" | "web.backdoor" | "web.fakeapp";
  readonly handled: number;
  readonly fates: Partial<Record<Fate, number>>;
  readonly others?: Partial<Record<Fate, number>>;
  readonly sources: readonly Source[];
  readonly places: readonly PlaceName[];
  /** IANA ids of the registrars, made up; none: the registry knows none. */
  readonly registrars: readonly number[];
  /** Home of the imitated brand. */
  readonly brands?: "home" | "abroad";
  /** Things that share a domain. */
  readonly aDomain: number;
  /** Of malicious apps: kind of channel, and the branch or registrar that the report names. */
  readonly channel?: {readonly kind: string; readonly responsible: string; readonly urls: readonly number[]};
  /** What crosses the border, as the world knows it; hosting is added for places abroad. */
  readonly border: readonly ("party" | "registrar" | "brand")[];
}

const COMPLAINED: readonly Source[] = ["mail", "list", "csv", "list", "api", "list", "mail", "csv", "list", "xarf"];
const ABROAD: readonly number[] = [9001, 9002];
const AT_HOME: readonly number[] = [9101, 9102];
/** Of a hundred. */
const USUAL = {done: 62, acknowledged: 22, gone: 7, "false-claim": 4, "not-ours": 5} as const;
const APPS = {done: 80, acknowledged: 20} as const;

const PHISHING: readonly Group[] = [
  {
    ...{class: "web.phish", sources: COMPLAINED, aDomain: 4, fates: USUAL, brands: "home"},
    ...{handled: 620, places: ["america", "capital", "germany", "south", "hongkong"], registrars: ABROAD},
    ...{border: ["party", "registrar"], others: {silent: 18, late: 14, dismissed: 4, merged: 4}},
  },
  {
    ...{class: "web.phish", sources: COMPLAINED, aDomain: 4, fates: USUAL, brands: "home"},
    ...{handled: 200, places: ["america", "germany"], registrars: AT_HOME, border: [], others: {silent: 8, late: 8}},
  },
  {
    ...{class: "web.phish", sources: COMPLAINED, aDomain: 3, fates: USUAL, brands: "abroad"},
    ...{handled: 90, places: ["capital", "south"], registrars: AT_HOME, border: ["brand"], others: {dismissed: 4}},
  },
  {
    ...{class: "web.phish", sources: COMPLAINED, aDomain: 2, fates: {...USUAL, "not-ours": 0}, brands: "home"},
    ...{handled: 150, places: ["america", "germany", "japan", "hongkong"], registrars: [], border: ["party"]},
    ...{others: {silent: 6, late: 4, "gone-before": 6}},
  },
  {
    ...{class: "web.phish", sources: COMPLAINED, aDomain: 4, fates: {...USUAL, returns: 2}, brands: "home"},
    ...{handled: 350, places: ["capital", "south"], registrars: AT_HOME, border: []},
    ...{others: {silent: 10, late: 6, dismissed: 4, merged: 4, "gone-before": 4}},
  },
  {
    ...{class: "web.phish", sources: COMPLAINED, aDomain: 2, fates: {...USUAL, "not-ours": 0}, brands: "home"},
    ...{handled: 120, places: ["capital", "south"], registrars: [], border: []},
  },
];

/** Five channels through the branches of four provinces, fifty-six domains through their registrars. */
const MOBILE: readonly Group[] = [
  channel("zhejiang", "cloud-provider", "浙江分中心（样例）", [4]),
  channel("guangdong", "cloud-provider", "广东分中心（样例）", [2]),
  channel("guangdong", "ad-platform", "广东分中心（样例）", [1]),
  channel("shanghai", "ad-platform", "上海分中心（样例）", [1]),
  channel("hubei", "personal-site", "湖北分中心（样例）", [1]),
  {
    ...{class: "mal.mobile", sources: ["apps"], aDomain: 1, fates: APPS, handled: 40, places: ["america", "capital"]},
    ...{registrars: ABROAD, border: ["party", "registrar"], others: {silent: 3, late: 2}},
    channel: {kind: "registrar", responsible: "域名注册商", urls: [1, 2, 1, 1, 1, 1, 1, 1, 1, 1]},
  },
  {
    ...{class: "mal.mobile", sources: ["apps"], aDomain: 1, fates: APPS, handled: 16, places: ["capital", "south"]},
    ...{registrars: AT_HOME, border: [], channel: {kind: "registrar", responsible: "域名注册商", urls: [1]}},
  },
];

function channel(place: PlaceName, kind: string, responsible: string, urls: readonly number[]): Group {
  return {
    ...{class: "mal.mobile", sources: ["apps"], aDomain: 1, fates: {done: 1}, handled: 1, places: [place]},
    ...{registrars: [], border: [], channel: {kind, responsible, urls}},
  };
}

const C2_FATES = {done: 60, acknowledged: 40} as const;
const SITE_FATES = {done: 70, acknowledged: 20, gone: 10} as const;

const OTHERS: readonly Group[] = [
  {
    ...{class: "mal.c2", sources: ["list"], aDomain: 1, fates: C2_FATES, handled: 40, places: ["america", "germany"]},
    ...{registrars: [], border: ["party"], others: {silent: 6, late: 4}},
  },
  {
    ...{class: "mal.c2", sources: ["list"], aDomain: 1, fates: C2_FATES, handled: 20, places: ["south"]},
    ...{registrars: [], border: [], others: {silent: 3}},
  },
  {
    ...{class: "mal.site", sources: ["list", "mail"], aDomain: 3, fates: SITE_FATES, handled: 42},
    ...{places: ["america", "germany"], registrars: [], border: ["party"], others: {silent: 4}},
  },
  {
    ...{class: "mal.site", sources: ["list", "mail"], aDomain: 3, fates: SITE_FATES, handled: 22},
    ...{places: ["south", "capital"], registrars: [], border: [], others: {dismissed: 2}},
  },
  {
    ...{class: "web.deface", sources: ["defacements"], aDomain: 1, fates: SITE_FATES, handled: 36},
    ...{places: ["south", "zhejiang", "shanghai", "capital"], registrars: [], border: [], others: {late: 4}},
  },
  {
    ...{class: "web.backdoor", sources: ["backdoors"], aDomain: 1, fates: SITE_FATES, handled: 20},
    ...{places: ["hubei", "guangdong", "south"], registrars: [], border: [], others: {silent: 2}},
  },
  {
    ...{class: "web.fakeapp", sources: ["mail"], aDomain: 99, fates: {done: 1}, handled: 6, places: ["capital"]},
    ...{registrars: [], border: []},
  },
];

/** All groups of the week. */
export const GROUPS: readonly Group[] = [...PHISHING, ...MOBILE, ...OTHERS];
