import {WatchfloorError} from "../model/errors.ts";
import {TAXONOMY} from "../model/taxonomy.ts";
import {canonicalPrefix} from "./address.ts";
import {asciiHost, type ListRow, readList, splitParts} from "./list-table.ts";
import {eachLine, type TableFile} from "./table-file.ts";

const SECTORS = new Set<string>(TAXONOMY.sectors.map((sector) => sector.code));

/** Columns of sectors.csv. `match` is a domain, an AS number (AS64500) or a prefix; `sector` a code of the taxonomy. */
const SECTOR_COLUMNS = ["match", "sector"] as const;

/**
 * Which sector an asset belongs to. Precedence for an asset: the longest domain, then the longest prefix, then the AS
 * number. Keys are unique.
 */
export interface SectorList {
  readonly domains: ReadonlyMap<string, string>;
  readonly prefixes: ReadonlyMap<string, string>;
  readonly asns: ReadonlyMap<number, string>;
}

/** Columns of brands.csv. `aliases` and `domains` hold several values with `;` between them and may be empty. */
const BRAND_COLUMNS = ["brand", "aliases", "country", "sector", "domains"] as const;

/** A brand that is impersonated. `country` is its home, ISO 3166-1 alpha-2. */
export interface Brand {
  readonly name: string;
  readonly country: string | null;
  readonly sector: string | null;
}

/** Brands by what they are called (folded, see `brandOf`) and by their own domains. */
export interface BrandList {
  readonly names: ReadonlyMap<string, Brand>;
  readonly domains: ReadonlyMap<string, Brand>;
}

/** Returns the domains of a government list, one a line, `#` begins a remark. Throws table_invalid with file and line. */
export function governmentList(file: TableFile): ReadonlySet<string> {
  const domains = new Set<string>();
  eachLine(file.text, (line, number) => {
    const text = line.replace(/#.*/, "").trim();
    if (text === "") return;
    const domain = asciiHost(text);
    if (domain === null) throw new WatchfloorError("table_invalid", `${file.name}:${number} is no domain: ${text}`);
    domains.add(domain);
  });
  return domains;
}

/** Returns the list of sectors.csv. Throws table_invalid with file and line. */
export function sectorList(file: TableFile): SectorList {
  const domains = new Map<string, string>();
  const prefixes = new Map<string, string>();
  const asns = new Map<number, string>();
  for (const row of readList(file, SECTOR_COLUMNS)) {
    const {match = "", sector = ""} = row.values;
    if (!SECTORS.has(sector)) row.refuse(`names no sector of the taxonomy: ${sector}`);
    const asn = /^AS([1-9]\d{0,9})$/i.exec(match)?.[1];
    const prefix = /[/:]|^[\d.]+$/.test(match)
      ? (canonicalPrefix(match) ?? row.refuse(`is no prefix: ${match}`))
      : null;
    if (asn !== undefined) addOnce(asns, Number(asn), sector, row);
    else if (prefix !== null) addOnce(prefixes, prefix, sector, row);
    else addOnce(domains, domainIn(row, match), sector, row);
  }
  return {domains, prefixes, asns};
}

/** Returns the list of brands.csv. Throws table_invalid with file and line, also when two brands share a name. */
export function brandList(file: TableFile): BrandList {
  const names = new Map<string, Brand>();
  const domains = new Map<string, Brand>();
  for (const row of readList(file, BRAND_COLUMNS)) {
    const {brand: name = "", aliases = "", country = "", sector = "", domains: own = ""} = row.values;
    if (name === "") row.refuse("has no brand");
    if (country !== "" && !/^[A-Z]{2}$/.test(country)) row.refuse(`has no country code: ${country}`);
    if (sector !== "" && !SECTORS.has(sector)) row.refuse(`names no sector of the taxonomy: ${sector}`);
    const brand = {name, country: country === "" ? null : country, sector: sector === "" ? null : sector};
    for (const alias of new Set([name, ...splitParts(aliases)].map(fold))) addOnce(names, alias, brand, row);
    for (const domain of splitParts(own)) addOnce(domains, domainIn(row, domain), brand, row);
  }
  return {names, domains};
}

/**
 * Returns the brand that a report means by `text`; null when the list has none of that name. Letters compare without
 * regard to case, width and repeated blanks; a part of a name is not the name.
 */
export function brandOf(list: BrandList, text: string): Brand | null {
  return list.names.get(fold(text)) ?? null;
}

const fold = (text: string): string => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

function domainIn(row: ListRow, text = ""): string {
  return asciiHost(text) ?? row.refuse(`is no domain: ${text}`);
}

function addOnce<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, row: ListRow): void {
  if (map.has(key)) row.refuse(`repeats ${key}`);
  map.set(key, value);
}
