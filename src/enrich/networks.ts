import {addBlock, blockBits, compareAddresses, copyAddress, prefixText} from "./address.ts";
import {type RangeSet, readRanges, sweep} from "./ranges.ts";
import type {TableFile} from "./table-file.ts";

/**
 * The files that tell a network: `from,to,asn,name` and `from,to,country` lines, IPv4 and IPv6, without header.
 * Source: the packages @ip-location-db/asn and @ip-location-db/geo-whois-asn-country.
 */
export interface NetworkFiles {
  readonly asn: readonly TableFile[];
  readonly country: readonly TableFile[];
}

/** What the engine looks addresses up in. */
export interface NetworkTable {
  /**
   * Text with one line a prefix, `prefix TAB asn TAB country`, in pieces to be written one after the other. The
   * prefixes do not overlap. asn is 0 (reserved, never announced) and country empty where there is none.
   */
  readonly chunks: readonly string[];
  readonly prefixes: number;
  /** Names of the operators by AS number, as the files spell them first. */
  readonly operators: ReadonlyMap<number, string>;
}

/** Lines are joined in small lots: one long text made by adding would cost a second of garbage collection. */
const LINES_A_CHUNK = 4096;
const COUNTRY = /^[A-Z]{2}$/;
const ASN = /^(\d{1,10}),(.*)$/;

/**
 * Turns the ranges into prefixes such that one look-up gives both network and country. Ranges that overlap are allowed,
 * for the real files hold thousands; `sweep` says which wins.
 * Throws table_invalid with file and line when a line is not right.
 */
export function networkTable(files: NetworkFiles): NetworkTable {
  const operators = new Map<number, string>();
  const set = readRanges([
    {files: files.asn, tell: (rest) => readAsn(rest, operators)},
    {files: files.country, tell: packCountry},
  ]);
  return {...writePrefixes(set), operators};
}

/**
 * Returns lines of `chunks` with network and country as one number, `prefix TAB place`: the engine finds one number in half
 * the time of a pair (measured). place = asn * 65,536 + second letter * 256 + first letter; 0 letters for no country.
 */
export function packPlaces(chunk: string): string {
  return chunk.replace(/\t(\d+)\t(?:([A-Z])([A-Z]))?\n/g, (_, asn: string, first?: string, second?: string) => {
    const letters = first === undefined || second === undefined ? 0 : second.charCodeAt(0) * 256 + first.charCodeAt(0);
    return `\t${Number(asn) * 65_536 + letters}\n`;
  });
}

function readAsn(rest: string, operators: Map<number, string>): number | null {
  const found = ASN.exec(rest);
  const asn = Number(found?.[1] ?? 0);
  if (found === null || asn === 0 || asn > 0xffff_ffff) return null;
  if (!operators.has(asn)) {
    const name = found[2] ?? "";
    operators.set(asn, /^".*"$/.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name);
  }
  return asn;
}

/** Two letters as one number, so that a country fits where a network number does. */
function packCountry(rest: string): number | null {
  return COUNTRY.test(rest) ? rest.charCodeAt(0) * 256 + rest.charCodeAt(1) : null;
}

function unpackCountry(value: number): string {
  return value === 0 ? "" : String.fromCharCode(value >> 8, value & 255);
}

/** Joins neighbouring stretches that say the same and writes each as the fewest prefixes. */
function writePrefixes(set: RangeSet): {chunks: readonly string[]; prefixes: number} {
  const {words, spare} = set;
  const [first, last, from, to, next] = [spare, spare + 1, spare + 3, spare + 4, spare + 5];
  const chunks: string[] = [];
  let lines: string[] = [];
  let prefixes = 0;
  let [asn, country] = [0, 0];
  const flush = (): void => {
    if (asn === 0 && country === 0) return;
    const tail = `\t${asn}\t${unpackCountry(country)}\n`;
    for (let isMore = true; isMore; ) {
      const bits = blockBits(words, from, to);
      lines.push(prefixText(words, from, bits) + tail);
      prefixes += 1;
      isMore = addBlock(words, from, bits) && compareAddresses(words, from, to) <= 0;
    }
    if (lines.length < LINES_A_CHUNK) return;
    chunks.push(lines.join(""));
    lines = [];
  };
  sweep(set, 2, (values) => {
    copyAddress(words, to, next);
    addBlock(words, next, 0);
    if (values[0] !== asn || values[1] !== country || compareAddresses(words, next, first) !== 0) {
      flush();
      copyAddress(words, first, from);
      [asn = 0, country = 0] = values;
    }
    copyAddress(words, last, to);
  });
  flush();
  if (lines.length > 0) chunks.push(lines.join(""));
  return {chunks, prefixes};
}
