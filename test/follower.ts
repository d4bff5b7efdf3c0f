/** Follows a page: runs its commands one after the other in a folder of its own, as a reader would. */
import {execFile} from "node:child_process";
import {copyFile, readFile, symlink, writeFile} from "node:fs/promises";
import path from "node:path";
import {promisify} from "node:util";
import {codeBlocks, commandLines, wordsOf} from "./markdown.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const run = promisify(execFile);

/** What each command printed, by the command. */
export type Printed = ReadonlyMap<string, string>;

/** Where a page is followed. */
interface Session {
  readonly folder: string;
  /** As `export` lines set it. */
  readonly env: Record<string, string>;
}

/**
 * Runs the commands of a page in the folder: those of the product, `export` and `cp`; other programs are left out. A
 * block of YAML is put into desk/watchfloor.yaml in place of the key that it begins with, as a person would with an editor.
 */
export async function followPage(page: string, folder: string): Promise<Printed> {
  await symlink(path.join(ROOT, "examples"), path.join(folder, "examples"));
  const session: Session = {folder, env: {}};
  const printed = new Map<string, string>();
  for (const block of codeBlocks(page)) {
    if (block.language === "yaml") await edit(path.join(folder, "desk/watchfloor.yaml"), block.text);
    for (const line of commandLines(`\`\`\`${block.language}\n${block.text}\`\`\``))
      printed.set(line, await follow(line, session));
  }
  return printed;
}

/** Returns what the first command printed that holds the words. */
export function saidBy(printed: Printed, words: string): string {
  return [...printed].find(([line]) => line.includes(words))?.[1] ?? "";
}

async function follow(line: string, {folder, env}: Session): Promise<string> {
  const [program, ...words] = wordsOf(line);
  if (program === "export") {
    const [name = "", value = ""] = (words[0] ?? "").split(/=(.*)/s);
    env[name] = value.replace("$PWD", folder);
  }
  if (program === "cp") await copyFile(path.join(folder, words[0] ?? ""), path.join(folder, words[1] ?? ""));
  if (program !== "npx") return "";
  const {WATCHFLOOR_HOME: _, ...outside} = process.env;
  const args = [path.join(ROOT, "bin/watchfloor.mjs"), ...words.slice(1)];
  const {stdout} = await run(process.execPath, args, {cwd: folder, env: {...outside, ...env}});
  return stdout;
}

async function edit(config: string, block: string): Promise<void> {
  const text = await readFile(config, "utf8");
  const [key = ""] = block.split("\n");
  const changed = text.replace(new RegExp(`^${key}.*$`, "m"), block.trimEnd());
  if (changed === text) throw new Error(`${key} is not in the configuration`);
  await writeFile(config, changed);
}
