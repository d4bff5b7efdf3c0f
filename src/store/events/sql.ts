/** Returns the text as a ClickHouse string literal. The one place where a value enters a generated statement as text. */
export function literal(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\0", "\\0")}'`;
}

/** Returns the name as a quoted ClickHouse identifier. */
export function identifier(name: string): string {
  return `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("\0", "\\0")}\``;
}

/** Returns an array literal of strings. */
export function literals(texts: readonly string[]): string {
  return `[${texts.map(literal).join(", ")}]`;
}

/** Returns the SETTINGS clause. */
export function settingsClause(settings: Readonly<Record<string, string | number>>): string {
  const parts = Object.entries(settings).map(
    ([name, value]) => `${name} = ${typeof value === "number" ? value : literal(value)}`,
  );
  return parts.length === 0 ? "" : `SETTINGS ${parts.join(", ")}`;
}
