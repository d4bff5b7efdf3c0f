import {domainToASCII} from "node:url";
import {WatchfloorError} from "../model/errors.ts";
import {eachLine, type TableFile} from "./table-file.ts";

/** A row of a list that a site keeps: its values by column name, trimmed, and how to complain about it. */
export interface ListRow {
  readonly values: Readonly<Record<string, string>>;
  /** Throws table_invalid that names file, line and `what`. */
  readonly refuse: (what: string) => never;
}

/**
 * Reads a CSV list with exactly these columns, named in its first line in any order. Lines that begin with `#` are remarks;
 * a row is one line; quotes as in RFC 4180.
 * Throws table_invalid with file and line when the header or a line is not right.
 */
export function readList(file: TableFile, columns: readonly string[]): ListRow[] {
  const rows: ListRow[] = [];
  let header: readonly string[] | null = null;
  eachLine(file.text, (line, number) => {
    if (line.trim() === "" || line.startsWith("#")) return;
    const refuse = (what: string): never => {
      throw new WatchfloorError("table_invalid", `${file.name}:${number} ${what}`);
    };
    const cells = splitCsv(line) ?? refuse("has a broken quote");
    if (header === null) {
      if (cells.toSorted().join() !== columns.toSorted().join()) refuse(`must name the columns ${columns.join(",")}`);
      header = cells;
      return;
    }
    if (cells.length !== columns.length) refuse(`has ${cells.length} values, not ${columns.length}`);
    rows.push({values: Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ""])), refuse});
  });
  return rows;
}

/** Returns the values of one CSV line, trimmed outside quotes; null when a quote is broken. */
export function splitCsv(line: string): string[] | null {
  const cell = /\s*(?:"((?:[^"]|"")*)"\s*|([^",]*))(,|$)/y;
  const cells: string[] = [];
  for (;;) {
    const found = cell.exec(line);
    if (found === null) return null;
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2]?.trim() ?? "");
    if (found[3] === "") return cells;
  }
}

/** Splits `a; b;c` into its parts. */
export function splitParts(text: string): string[] {
  return text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const HOST = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** Returns a host name or domain in lower-case ASCII without final dot; null when it is none, or an address. */
export function asciiHost(text: string): string | null {
  const lower = text.toLowerCase();
  const ascii = HOST.test(lower) ? lower : domainToASCII(lower.replace(/\.$/, ""));
  return HOST.test(ascii) && !/(^|\.)\d+$/.test(ascii) ? ascii : null;
}
