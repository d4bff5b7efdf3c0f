/**
 * A synthetic but realistic week for tests of the bulletin: every indicator, every breakdown, gaps, an infrastructure
 * event, corrections. The numbers are made up by rule; nothing of it is real. `referenceInput` is the edition 2023/9.
 */
import {readFileSync} from "node:fs";
import path from "node:path";
import {parse} from "yaml";
import {compose} from "../src/bulletin/compose.ts";
import type {EditionDocument, Language, Variant} from "../src/bulletin/document.ts";
import {
  type EditionIndicator,
  type EditionInput,
  EMPTY,
  type History,
  statedRating,
} from "../src/bulletin/edition-input.ts";
import {issuesBefore} from "../src/bulletin/numbering.ts";
import type {BreakdownCell, BreakdownTable, Gap, Rating} from "../src/model/indicator.ts";
import {type Profile, profileSchema} from "../src/model/profile.ts";
import {TAXONOMY} from "../src/model/taxonomy.ts";
import {addDays} from "../src/model/week.ts";

/** Returns a shipped profile. */
export function shippedProfile(id: "cn" | "generic"): Profile {
  return profileSchema.parse(parse(readFileSync(path.resolve(import.meta.dirname, `../profiles/${id}.yaml`), "utf8")));
}

/** An indicator with a value, the value of last week, and breakdowns whose cells are named by key. */
export function indicator(
  value: number | null,
  previous: number | null = null,
  by: BreakdownTable = {},
): EditionIndicator {
  const change = value === null || previous === null || previous === 0 ? null : (value - previous) / previous;
  return {value, previous, change, by, previousBy: {}, gaps: [], gapsBefore: [], isRounded: false, enteredBy: null};
}

/** Splits a total over keys, falling by rule, so that the cells sum to the total. */
export function split(total: number, keys: readonly string[]): BreakdownCell[] {
  const weights = keys.map((_, index) => 1 / (index + 1.4));
  const sum = weights.reduce((all, each) => all + each, 0);
  const cells = keys.map((key, index) => ({key, value: Math.floor((total * (weights[index] ?? 0)) / sum)}));
  const rest = total - cells.reduce((all, cell) => all + cell.value, 0);
  return cells.map((cell, index) => (index === 0 ? {...cell, value: cell.value + rest} : cell));
}

const PROVINCES = [
  "44",
  "33",
  "32",
  "37",
  "41",
  "51",
  "35",
  "11",
  "43",
  "42",
  "34",
  "13",
  "31",
  "61",
  "50",
  "36",
  "21",
];
const SMALL_PROVINCES = ["45", "53", "14", "23", "22", "52", "15", "62", "65", "12", "46", "64", "63", "54"];
const TLDS = [".com", ".cn", ".net", ".top", ".xyz", ".org", ".cc", ".shop"];
const BRANDS = ["示例银行", "样本电商", "试验快递", "演示证券", "范例社保", "假设航空"];
const SECTORS = ["finance-bank", "finance-securities", "gov", "telecom", "transport", "education"];

/** The indicators of the synthetic week. */
export const fixtureIndicators: Readonly<Record<string, EditionIndicator>> = {
  "host.infected": indicator(793_412, 841_207),
  "host.trojan_bot": indicator(651_880, 702_114, {
    province: [...split(651_874, PROVINCES), ...SMALL_PROVINCES.slice(0, 3).map((key) => ({key, value: 2}))],
    family: split(651_880, ["mirai", "gafgyt", "xorddos", "mozi", "tsunami"]),
  }),
  "host.conficker": indicator(141_532, 139_093),
  "malware.new_names": indicator(17, 34),
  "malware.new_families": indicator(5, 3),
  "c2.ips": indicator(812, 790, {
    scope: [
      {key: "overseas", value: 640},
      {key: "domestic", value: 172},
    ],
  }),
  "msite.domains": indicator(324, 295, {
    scope: [
      {key: "domestic", value: 190},
      {key: "overseas", value: 127},
      {key: "unknown", value: 7},
    ],
    tld: split(324, TLDS),
  }),
  "msite.ips": indicator(17_172, 16_240, {
    scope: [
      {key: "domestic", value: 12_484},
      {key: "overseas", value: 4688},
    ],
  }),
  "msite.direct_ips": indicator(44, 51),
  "web.defaced": indicator(2211, 1984, {tld: split(2211, TLDS.slice(0, 6)), province: split(2211, PROVINCES)}),
  "web.gov_defaced": indicator(9, 9),
  "web.backdoored": indicator(412, 433, {tld: split(412, TLDS.slice(0, 5))}),
  "web.gov_backdoored": indicator(9, 14),
  "web.phishing_pages": indicator(1530, 1402, {brand: split(1530, BRANDS), sector: split(1530, SECTORS)}),
  "phish.domains": indicator(1104, 998),
  "phish.ips": indicator(498, 472),
  "vuln.total": indicator(521, 390, {
    vulnType: split(521, ["web", "app", "net", "os", "iot", "sec", "db"]),
    severity: [
      {key: "high", value: 213},
      {key: "medium", value: 286},
      {key: "low", value: 22},
    ],
  }),
  "vuln.high": indicator(213, 171),
  "vuln.medium": indicator(286, 201),
  "vuln.low": indicator(22, 18),
  "incident.total": indicator(1777, 2410),
  "incident.cross_border": indicator(1182, 1560),
  "incident.phishing": indicator(1530, 2155),
  "mobile.platforms": indicator(61, 44),
  "mobile.urls": indicator(69, 47),
  "infra.events": indicator(0, 0),
};

const WEIGHTS: Readonly<Record<string, number>> = {
  "host.infected": 25,
  "web.defaced": 20,
  "web.backdoored": 20,
  "web.gov_defaced": 10,
  "web.gov_backdoored": 10,
  "web.phishing_pages": 10,
  "vuln.high": 5,
};

const fixtureRating: Rating = {
  grade: "良",
  byRule: "良",
  index: 48.6,
  fixedBaseIndex: 46.1,
  weightPresent: 1,
  base: "history",
  contributions: Object.entries(WEIGHTS).map(([id, weight], index) => {
    const value = fixtureIndicators[id]?.value ?? 0;
    const score = 42 + 2 * index;
    return {indicator: id, value, base: Math.round(value * 1.05), score, weight, points: (weight * score) / 100};
  }),
  because: [
    {
      kind: "index",
      zh: "周态势指数为48.6，落在35至54之间，评价为良。",
      en: "The index is 48.6, between 35 and 54: good.",
    },
  ],
  override: null,
};

const GAP: Gap = {feed: "example-defacements", kind: "far-less", delivered: 212, usual: 1904};
const MONDAY = "2023-02-20";

/** The whole synthetic week as an edition, published. */
export const fixtureInput: EditionInput = {
  ...EMPTY,
  week: {from: MONDAY, to: "2023-02-26"},
  issue: {year: 2023, number: 9},
  indicators: {
    ...fixtureIndicators,
    "web.gov_defaced": {...indicator(9, 9), gaps: [GAP]},
  },
  facts: {...EMPTY.facts, vulnLevel: "medium"},
  rating: fixtureRating,
  infraEvents: [],
  gaps: [GAP],
  review: reviewOf(MONDAY),
  news: [
    {
      title: {zh: "示例协会发布演练总结", en: "Example association sums up its exercise"},
      text: {zh: "本条为样例文字，用于检验版式。", en: "This item is sample text to check the layout."},
      source: "example.org",
      link: "https://example.org/news/1",
    },
  ],
  method: {
    definitions: [
      {
        id: "host.trojan_bot",
        version: 1,
        title: {zh: "木马或僵尸程序受控主机", en: "Hosts controlled by trojans or bots"},
        meaning: {
          zh: "一周内观察到的受控境内IP地址，同一地址只计一次。",
          en: "Domestic IP addresses seen under control in the week, each counted once.",
        },
        unit: {zh: "个IP地址", en: "IP addresses"},
      },
      {
        id: "web.defaced",
        version: 2,
        title: {zh: "被篡改网站", en: "Defaced websites"},
        meaning: {zh: "一周内被篡改的境内网站，按主机名计。", en: "Domestic sites defaced in the week, by host name."},
        unit: {zh: "个网站", en: "sites"},
      },
    ],
    toolVersion: "0.1.0",
    reports: [
      {id: "r-1", feed: "example-bots", sha256: "ab".repeat(32), fetchedAt: "2023-02-21T02:00:00Z", events: 651_880},
      {id: "r-2", feed: "example-phish", sha256: "cd".repeat(32), fetchedAt: "2023-02-22T02:00:00Z", events: 1530},
    ],
    frozenAt: "2023-03-01T03:20:00Z",
    remarks: [{zh: "漏洞数取自共享数据，非全量。", en: "Vulnerability counts come from a shared part, not the whole."}],
  },
  history: historyOf(MONDAY, 26),
  publishedOn: "2023-03-04",
  stamp: {zh: "样例数据，非真实情况", en: "Synthetic sample, not real"},
};

/** The edition 2023/9 as its figures file gives it. */
export const referenceInput: EditionInput = {
  ...EMPTY,
  week: {from: MONDAY, to: "2023-02-26"},
  issue: {year: 2023, number: 9},
  indicators: {
    "incident.total": indicator(1777),
    "incident.cross_border": indicator(1182),
    "incident.phishing": indicator(1530),
    "mobile.platforms": indicator(61),
    "mobile.urls": indicator(69),
  },
  rating: statedRating("良"),
  infraEvents: [],
  review: reviewOf(MONDAY),
};

/** Composes the synthetic week. */
export function fixtureDocument(language: Language, variant: Variant, input = fixtureInput): EditionDocument {
  return compose(input, shippedProfile("cn"), {language, variant});
}

/** The names of provinces by code, for tests that look for them. */
export const provinceNames = new Map(TAXONOMY.provinces.map(({code, zh}) => [code, zh]));

function reviewOf(monday: string): EditionInput["review"] {
  return issuesBefore(monday, {policy: "holds-1-january", overrides: {}}).map(({issue, week}) => ({
    issue,
    week,
    link: `../${week.from}/`,
  }));
}

/** Returns waved values of the synthetic week for `count` weeks up to the Monday; the eighth week is missing. */
export function historyOf(monday: string, count: number): History {
  const weeks = Array.from({length: count}, (_, index) => addDays(monday, 7 * (index - count + 1)));
  const wave = (base: number, index: number): number =>
    Math.round(base * (1 + 0.22 * Math.sin(index / 2.3) + 0.08 * Math.cos(index * 1.7)));
  const values = Object.entries(fixtureIndicators).map(([id, each]): [string, (number | null)[]] => [
    id,
    weeks.map((_, index) => (index === count - 1 ? each.value : index === 7 ? null : wave(each.value ?? 0, index))),
  ]);
  return {weeks, values: Object.fromEntries(values)};
}
