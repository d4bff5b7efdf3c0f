/** What tests read in our pages: blocks of code, and the commands in them. */

/** A block of code with the word behind its fence. */
interface CodeBlock {
  readonly language: string;
  readonly text: string;
}

/** Returns the blocks of code of a page. */
export function codeBlocks(page: string): CodeBlock[] {
  return [...page.matchAll(/^```(\S*)\n(.*?)^```$/gms)].map((found) => ({
    language: found[1] ?? "",
    text: found[2] ?? "",
  }));
}

/** Returns the commands of the shell blocks of a page: no comments, no blank lines, continued lines joined. */
export function commandLines(page: string): string[] {
  return codeBlocks(page)
    .filter((block) => block.language === "sh")
    .flatMap((block) => block.text.replaceAll("\\\n", " ").split("\n"))
    .map((line) =>
      line
        .replace(/(^|\s)#.*$/, "")
        .trim()
        .replaceAll(/\s+/g, " "),
    )
    .filter((line) => line !== "");
}

/** Returns the words of a command as a shell takes them: quotes hold words together. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map((found) => found[0].replaceAll(/["']/g, ""));
}
