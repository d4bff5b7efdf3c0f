/** The printed names of the keys of breakdowns. Keys that no list knows, such as brands and families, are their own names. */
import {type Dimension, UNKNOWN_KEY} from "../model/indicator.ts";
import {TAXONOMY} from "../model/taxonomy.ts";
import type {Language} from "./document.ts";

interface Named {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

const SCOPES: readonly Named[] = [
  {code: "domestic", zh: "境内", en: "Domestic"},
  {code: "overseas", zh: "境外", en: "Overseas"},
  {code: "unknown", zh: "未知属地", en: "Unknown"},
];

const BORDER_TESTS: readonly Named[] = [
  {code: "party", zh: "被通报单位在境外", en: "Party abroad"},
  {code: "hosting", zh: "承载地址在境外", en: "Hosted abroad"},
  {code: "registrar", zh: "注册机构在境外", en: "Registrar abroad"},
  {code: "brand", zh: "被仿冒品牌在境外", en: "Brand abroad"},
];

const PROVINCES: readonly Named[] = [
  ...TAXONOMY.provinces.map(({code, short, en}) => ({code, zh: short, en})),
  ...TAXONOMY.regions.map(({code, zh, en}) => ({code, zh: zh.replace(/省$|特别行政区$/, ""), en})),
];

const LISTS: Partial<Record<Dimension, ReadonlyMap<string, Named>>> = {
  province: byCode(PROVINCES),
  sector: byCode(TAXONOMY.sectors),
  vulnType: byCode(TAXONOMY.vulnTypes),
  severity: byCode(TAXONOMY.vulnSeverities),
  channelKind: byCode(TAXONOMY.mobileChannelKinds),
  scope: byCode(SCOPES),
  class: byCode(TAXONOMY.incidentClasses.map(({code, zh, en}) => ({code, zh: zh.replace(/\((.*)\)/, "（$1）"), en}))),
  partyKind: byCode(TAXONOMY.partyKinds),
  borderTest: byCode(BORDER_TESTS),
};

/** Codes and short names of all province-level units, for the tile chart. */
export const PROVINCE_UNITS: readonly Named[] = PROVINCES;

/** Returns the printed name of a cell; null for the cell of those of which it is not known. */
export function nameOf(dimension: Dimension, key: string, language: Language): string | null {
  const byList = LISTS[dimension]?.get(key)?.[language];
  if (byList !== undefined) return byList;
  if (key === "" || key === UNKNOWN_KEY) return null;
  return dimension === "tld" ? key.toUpperCase() : key;
}

/** Returns the full name of a province such as 广东省; a key that is no code is taken for a name. */
export function provinceName(key: string, language: Language): string {
  return TAXONOMY.provinces.find(({code, zh}) => code === key || zh === key)?.[language] ?? key;
}

/** Returns the printed name of an affected object type, by code or as the source writes it (web应用). */
export function vulnTypeName(key: string, language: Language): string {
  const byItsCode = LISTS.vulnType?.get(key);
  if (byItsCode) return byItsCode[language];
  const byItsName = TAXONOMY.vulnTypes.find(({zh}) => zh.toLowerCase() === key.toLowerCase());
  return language === "en" && byItsName ? byItsName.en : key;
}

function byCode(list: readonly Named[]): ReadonlyMap<string, Named> {
  return new Map(list.map((each) => [each.code, each]));
}
