import {WatchfloorError} from "../model/errors.ts";
import {TAXONOMY} from "../model/taxonomy.ts";
import {canonicalPrefix} from "./address.ts";
import {eachLine, type TableFile} from "./table-file.ts";

/** What the engine looks the province of an address up in. */
export interface ProvinceTable {
  /** One line a prefix, `prefix TAB province`; province is empty where the site knows the country only. */
  readonly text: string;
  readonly prefixes: number;
}

/** Codes of provinces and of the regions 71, 81, 82; 10 stands for the country as a whole. */
const PLACES = new Set([...TAXONOMY.provinces, ...TAXONOMY.regions].map((place) => place.code));
const WHOLE_COUNTRY = "10";

/**
 * Makes the province table from the site's files, one for each GB/T 2260 code and named after it (110000.txt, 440100.txt):
 * a prefix a line, `#` begins a remark. The province is the first two digits of the code.
 *
 * Precedence: the longest prefix wins. Where two files hold the same prefix, the finer code wins (county, city,
 * province, whole country), and among equally fine ones the lower code. 100000.txt says "somewhere in the country": such a
 * prefix has no province, even inside a wider one that has.
 * Throws table_invalid with file and line when a name is no code or a line is no prefix.
 */
export function provinceTable(files: readonly TableFile[]): ProvinceTable {
  const codes = new Map<string, string>();
  for (const file of files) {
    const code = codeOf(file.name);
    eachLine(file.text, (line, number) => {
      const text = line.replace(/#.*/, "").trim();
      if (text === "") return;
      const prefix = canonicalPrefix(text);
      if (prefix === null) throw new WatchfloorError("table_invalid", `${file.name}:${number} is no prefix: ${text}`);
      const other = codes.get(prefix);
      if (other === undefined || winsOver(code, other)) codes.set(prefix, code);
    });
  }
  const lines = Array.from(codes, ([prefix, code]) => `${prefix}\t${provinceOf(code)}\n`);
  return {text: lines.join(""), prefixes: lines.length};
}

function codeOf(name: string): string {
  const code = /(?:^|[/\\])(\d{6})\.txt$/.exec(name)?.[1] ?? "";
  if (PLACES.has(code.slice(0, 2)) || code === `${WHOLE_COUNTRY}0000`) return code;
  throw new WatchfloorError("table_invalid", `${name} is not named after a GB/T 2260 code, such as 110000.txt`);
}

const provinceOf = (code: string): string => (code.startsWith(WHOLE_COUNTRY) ? "" : code.slice(0, 2));

/** How fine a code is: 0 the country, 1 a province, 2 a city, 3 a county. */
function finenessOf(code: string): number {
  if (code.startsWith(WHOLE_COUNTRY)) return 0;
  if (code.endsWith("0000")) return 1;
  return code.endsWith("00") ? 2 : 3;
}

function winsOver(code: string, other: string): boolean {
  const finer = finenessOf(code) - finenessOf(other);
  return finer === 0 ? code < other : finer > 0;
}
