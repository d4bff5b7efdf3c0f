/**
 * Where the made-up addresses lie. They are nobody's: 198.18.0.0/15 is kept for benchmarks (RFC 2544) and 2001:db8::/32
 * for documentation (RFC 3849). The site's own province table says which belong to which province; those it does not name
 * are abroad, in the country that the report states.
 */
import {itemAt} from "./dice.ts";

const ADDRESSES_A_BLOCK = 256;
/** Blocks of 256 addresses for each province, by the first two digits of its GB/T 2260 code. */
const PROVINCE_BLOCKS: Readonly<Record<string, number>> = {
  "11": 22,
  "12": 10,
  "13": 21,
  "14": 14,
  "15": 10,
  "21": 18,
  "22": 10,
  "23": 12,
  "31": 20,
  "32": 35,
  "33": 33,
  "34": 18,
  "35": 20,
  "36": 14,
  "37": 31,
  "41": 27,
  "42": 18,
  "43": 18,
  "44": 46,
  "45": 14,
  "46": 4,
  "50": 12,
  "51": 21,
  "52": 8,
  "53": 10,
  "54": 1,
  "61": 12,
  "62": 6,
  "63": 2,
  "64": 3,
  "65": 6,
};
const DOMESTIC_BLOCKS = Object.values(PROVINCE_BLOCKS).reduce((sum, blocks) => sum + blocks, 0);
/** How many addresses the provinces have together. */
const DOMESTIC = DOMESTIC_BLOCKS * ADDRESSES_A_BLOCK;
/** Steps through the addresses without meeting one twice: it has no divisor in common with their number. */
const STEP = 48_271;

/** Countries of the blocks after those of the provinces. The last two are regions that count as overseas. */
const COUNTRIES = ["US", "US", "NL", "DE", "SG", "JP", "FR", "GB", "KR", "CA", "VN", "BR", "US", "NL", "TW", "HK"];
const REGION_CODES: Readonly<Record<string, string>> = {TW: "710000", HK: "810000"};
const SECTORS = ["education", "telecom", "internet", "health", "manufacturing", "energy", "transport", "finance-bank"];
/** Every so many blocks one belongs to a known sector. */
const BLOCKS_A_SECTOR = 6;

/** An address abroad with the country that a report would state. */
export interface Abroad {
  readonly ip: string;
  readonly country: string;
}

/** Returns the address of a number at home; neighbouring numbers lie far apart. */
export function addressAtHome(number: number): string {
  return address((number * STEP) % DOMESTIC);
}

/** Returns the IPv6 address of a number at home. */
export function longAddressAtHome(number: number): string {
  const province = itemAt(Object.keys(PROVINCE_BLOCKS), number);
  return `2001:db8:${province}00::${(number + 1).toString(16)}`;
}

/** Returns the address of a number abroad. */
export function addressAbroad(number: number): Abroad {
  const place = (number * 97) % (COUNTRIES.length * ADDRESSES_A_BLOCK);
  return {ip: address(DOMESTIC + place), country: itemAt(COUNTRIES, Math.floor(place / ADDRESSES_A_BLOCK))};
}

/** Returns the site's tables of prefixes: a file for each province and region, and the sectors of some networks. */
export function placeTables(): Record<string, string> {
  const files: Record<string, string> = {};
  let block = 0;
  for (const [code, blocks] of Object.entries(PROVINCE_BLOCKS)) {
    const prefixes = Array.from({length: blocks}, (_, index) => prefix(block + index));
    files[`tables/provinces/${code}0000.txt`] = [...prefixes, `2001:db8:${code}00::/40`, ""].join("\n");
    block += blocks;
  }
  for (const [index, country] of COUNTRIES.entries()) {
    const code = REGION_CODES[country];
    if (code !== undefined) files[`tables/provinces/${code}.txt`] = `${prefix(DOMESTIC_BLOCKS + index)}\n`;
  }
  const sectors = Array.from(
    {length: Math.floor(DOMESTIC_BLOCKS / BLOCKS_A_SECTOR)},
    (_, index) => `${prefix(index * BLOCKS_A_SECTOR)},${itemAt(SECTORS, index)}\n`,
  );
  files["tables/sectors.csv"] = `# Synthetic sample.\nmatch,sector\n${sectors.join("")}`;
  return files;
}

function address(place: number): string {
  return `198.${18 + (place >> 16)}.${(place >> 8) & 255}.${place & 255}`;
}

function prefix(block: number): string {
  return `${address(block * ADDRESSES_A_BLOCK)}/24`;
}
