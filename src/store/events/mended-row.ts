/**
 * Rows that are no sound CSV and still leave no doubt: some providers write a quote inside a quoted text as \" where CSV
 * wants "" (RFC 4180), and leave out columns at the end that older rows did not have.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where in a field a byte stands. */
const START = 0;
const PLAIN = 1;
const QUOTED = 2;
const CLOSED = 3; // behind its closing quote

interface Shape {
  /** One byte. */
  readonly delimiter: number;
  readonly columns: number;
}

/**
 * Returns the line, without its end, as a sound row of all columns: \" becomes "", columns that are missing at the end
 * become empty ones. Null where it stays in doubt: too many fields, an open quote, text behind a closing quote, fewer
 * fields and a \" in the same line, or only one field.
 */
export function mendedRow(line: Buffer, {delimiter, columns}: Shape): Buffer | null {
  const row = Buffer.alloc(line.length + columns); // \" and "" are equally long
  let used = 0;
  let state = START;
  let fields = 1;
  let hasEscape = false;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at] ?? 0;
    if (state === QUOTED && byte === BACKSLASH && line[at + 1] === QUOTE) {
      hasEscape = true;
      row[used++] = QUOTE;
      row[used++] = QUOTE;
      at++;
      continue;
    }
    if (state === QUOTED) {
      if (byte === QUOTE) state = CLOSED;
    } else if (byte === delimiter) {
      fields++;
      state = START;
    } else if (byte === QUOTE && state !== PLAIN) {
      state = QUOTED; // it opens the field, or it was one of a pair
    } else if (state === CLOSED) {
      return null;
    } else {
      state = PLAIN;
    }
    row[used++] = byte;
  }
  if (state === QUOTED || fields > columns || (fields < columns && (hasEscape || fields === 1))) return null;
  return row.fill(delimiter, used, used + columns - fields).subarray(0, used + columns - fields);
}
