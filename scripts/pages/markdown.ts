/** Returns a Markdown table. A bar or line break inside a cell would end it. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(heads), `|${heads.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

/** Returns words as code; nothing when there are none. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** Returns a page: what it is, and that it is made, not written. */
export function page(title: string, from: string, parts: readonly string[]): string {
  return `${[`# ${title}`, `<!-- Made by \`npm run docs\` from ${from}. Do not edit. -->`, ...parts].join("\n\n")}\n`;
}
