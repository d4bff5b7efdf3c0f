/** A row of a CSV file: its values, and the line on which it begins, 1 for the first. Null values: a quote is broken. */
export interface CsvRow {
  readonly line: number;
  readonly values: readonly string[] | null;
}

/**
 * Returns the rows of a CSV text (RFC 4180): values may hold line ends inside quotes. Empty lines are left out, a byte
 * order mark is taken off. A broken quote costs its line: reading goes on with the next one.
 */
export function csvRows(text: string, delimiter = ","): CsvRow[] {
  const rows: CsvRow[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const read = readRow(text, at, delimiter);
    const end = read?.end ?? endOfLine(text, at);
    const isEmpty = read?.values.length === 1 && read.values[0] === "" && text[at] !== '"';
    if (!isEmpty) rows.push({line, values: read?.values ?? null});
    line += countLines(text, at, end);
    at = end;
  }
  return rows;
}

/** Reads one row; null when a quote is not closed, or something stands after the closing one. */
function readRow(text: string, from: number, delimiter: string): {values: string[]; end: number} | null {
  const values: string[] = [];
  let at = from;
  for (;;) {
    const cell = text[at] === '"' ? quoted(text, at) : plain(text, at, delimiter);
    if (cell === null) return null;
    values.push(cell.value);
    at = cell.end;
    if (text[at] === delimiter) at += 1;
    else if (at >= text.length || text[at] === "\n") return {values, end: at + 1};
    else if (text[at] === "\r" && (text[at + 1] === "\n" || at + 1 === text.length)) return {values, end: at + 2};
    else return null;
  }
}

function quoted(text: string, from: number): {value: string; end: number} | null {
  let end = from + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end === -1) return null;
    if (text[end + 1] !== '"') return {value: text.slice(from + 1, end).replaceAll('""', '"'), end: end + 1};
    end += 2;
  }
}

function plain(text: string, from: number, delimiter: string): {value: string; end: number} {
  let end = from;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n") end += 1;
  if (text[end] !== delimiter && text[end - 1] === "\r" && end > from) end -= 1;
  return {value: text.slice(from, end), end};
}

function endOfLine(text: string, from: number): number {
  const found = text.indexOf("\n", from);
  return found === -1 ? text.length : found + 1;
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
