/** A lookup table's file as text; `name` stands in error messages. */
export interface TableFile {
  readonly name: string;
  readonly text: string;
}

const CARRIAGE_RETURN = 13;

/** Calls `visit` with each line that is not empty and its number, the first is 1. A byte order mark and a final CR are taken off. */
export function eachLine(text: string, visit: (line: string, number: number) => void): void {
  let number = 0;
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  while (start < text.length) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    const hasReturn = end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN;
    number += 1;
    const line = text.slice(start, hasReturn ? end - 1 : end);
    if (line !== "") visit(line, number);
    start = end + 1;
  }
}
