/** One short line for each thing that happens: time, level, what, and the cause of an error below it. */

const LEVELS: Readonly<Record<number, string>> = {20: "debug", 30: "info ", 40: "warn ", 50: "error", 60: "fatal"};

/** What pino writes, as far as we print it. */
interface Entry {
  readonly time?: number;
  readonly level?: number;
  readonly msg?: string;
  readonly err?: {readonly stack?: string; readonly message?: string};
}

/** Returns a stream for pino that hands readable lines to `write`. */
export function readableLog(write: (text: string) => void): {write(line: string): void} {
  return {write: (line) => write(readable(line))};
}

function readable(line: string): string {
  const entry: Entry = JSON.parse(line);
  const time = new Date(entry.time ?? 0).toISOString().replace(/\.\d+Z$/, "Z");
  const cause = entry.err?.stack ?? entry.err?.message;
  const text = `${time} ${LEVELS[entry.level ?? 0] ?? "info "} ${printable(entry.msg ?? "")}\n`;
  return cause === undefined ? text : `${text}${cause}\n`;
}

/** A request may hold anything; what would move the cursor or colour the terminal is written as an escape. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
