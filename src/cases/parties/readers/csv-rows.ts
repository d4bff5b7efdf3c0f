/** A row of a CSV file: the line that it begins on, and its cells; null when a quote is never closed or stands wrongly. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[] | null;
}

const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/**
 * Yields the rows of a CSV text, also those whose quoted cells go over several lines. Empty lines and lines that begin with
 * `#` are passed over. A row with a broken quote gives null and reading goes on with the next line.
 * Source: RFC 4180.
 */
export function* csvRows(text: string): Generator<CsvRow> {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const end = endOfLine(text, at);
    if (text.slice(at, end).trim() === "" || text[at] === "#") {
      at = end + 1;
      line += 1;
      continue;
    }
    const {cells, next} = rowAt(text, at);
    yield {line, cells};
    const after = cells === null ? end + 1 : next;
    for (let each = at; each < after; each += 1) if (text[each] === "\n") line += 1;
    at = after;
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function rowAt(text: string, start: number): {cells: string[] | null; next: number} {
  const cells: string[] = [];
  CELL.lastIndex = start;
  for (;;) {
    const found = CELL.exec(text);
    if (found === null) return {cells: null, next: start};
    cells.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? "").trim());
    if (found[3] !== ",") return {cells, next: CELL.lastIndex};
  }
}

/** Returns the cells of a row by the names of the header. A cell that is missing is empty. */
export function namedCells(header: readonly string[], cells: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ""]));
}
