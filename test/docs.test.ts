import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {existsSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {parseArgs} from "node:util";
import {PAGES} from "../scripts/pages/index.ts";
import {COMMON_OPTIONS, type Command} from "../src/app/command.ts";
import {allCommands, COMMAND_NAMES} from "../src/app/commands/index.ts";
import {GAP_RULES} from "../src/situation/gaps.ts";
import {codeBlocks, commandLines, wordsOf} from "./markdown.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "");
const scripts: Readonly<Record<string, string>> = JSON.parse(read("package.json")).scripts;
const commands: ReadonlyMap<string, Command> = new Map((await allCommands()).map((each) => [each.name, each]));

/** Pages that exist in both languages. */
const PAIRS = [
  ["README.md", "README.zh-CN.md"],
  ["docs/guide.md", "docs/guide.zh-CN.md"],
] as const;

for (const [name, make] of Object.entries(PAGES)) {
  test(`docs/${name} says what the code says`, () => {
    const [here, made] = [read(`docs/${name}`).split("\n"), make().split("\n")];
    const at = made.findIndex((line, index) => line !== here[index]);
    assert.equal(here[at], made[at], "run: npm run docs");
    assert.equal(here.length, made.length, "run: npm run docs");
  });
}

for (const [english, chinese] of PAIRS) {
  test(`${english} and ${chinese} give the same commands, in the same order`, () => {
    assert.ok(commandLines(read(english)).length > 0);
    assert.deepEqual(commandLines(read(chinese)), commandLines(read(english)));
  });

  test(`${english} and ${chinese} have the same parts and pictures`, () => {
    const shapeOf = (file: string): string[] =>
      read(file)
        .split("\n")
        .flatMap((line) => /^(#+) /.exec(line)?.[1] ?? /^!\[.*\]/.exec(line)?.[0].replace(/\[.*\]/, "") ?? []);
    assert.deepEqual(shapeOf(chinese), shapeOf(english));
  });
}

test("every command in a page can be given as it stands", () => {
  const wrong = pages.flatMap((page) =>
    commandLines(read(page)).flatMap((line) => {
      const fault = faultOf(line);
      return fault === null ? [] : [`${page}: ${line}: ${fault}`];
    }),
  );
  assert.deepEqual(wrong, []);
});

/** Returns what is wrong with a command line of ours, or null. Other programs are not looked at. */
function faultOf(line: string): string | null {
  for (const part of line.split("&&")) {
    const [program, ...words] = wordsOf(part.trim());
    const fault = program === "npm" ? npmFault(words) : program === "npx" ? npxFault(words) : null;
    if (fault !== null) return fault;
  }
  return null;
}

function npmFault([verb = "", name = ""]: readonly string[]): string | null {
  if (verb === "start" || verb === "test") return verb in scripts ? null : `there is no script ${verb}`;
  if (verb === "run") return name in scripts ? null : `there is no script ${name}`;
  return null;
}

/** The command that the words call, as the command line finds it. */
function commandCalled(words: readonly string[]): Command | undefined {
  return commands.get(words.slice(0, 2).join(" ")) ?? commands.get(words[0] ?? "");
}

function npxFault([program, ...words]: readonly string[]): string | null {
  if (program !== "watchfloor" || words[0]?.startsWith("--")) return null;
  const command = commandCalled(words);
  if (command === undefined) return "there is no such command";
  try {
    const {positionals} = parseArgs({
      args: words.slice(command.name.split(" ").length),
      options: {...COMMON_OPTIONS, ...command.options},
      allowPositionals: true,
    });
    return positionals.length > 0 && command.takesPositionals !== true ? `it takes no "${positionals[0]}"` : null;
  } catch (error) {
    return String(error);
  }
}

test("every command stands under its name where the command line looks for it", () => {
  assert.deepEqual([...commands.keys()], COMMAND_NAMES);
});

test("a command that is named in a sentence exists", () => {
  const wrong = pages.flatMap((page) =>
    [...read(page).matchAll(/`(?:npx )?watchfloor ([a-z]+(?: [a-z-]+)?)[^`]*`/g)]
      .map((found) => found[1] ?? "")
      .filter((words) => commandCalled(words.split(" ")) === undefined)
      .map((words) => `${page}: ${words}`),
  );
  assert.deepEqual(wrong, []);
});

test("every link to a file of the project leads to one, and every heading that is linked is there", () => {
  const wrong: string[] = [];
  for (const page of pages) {
    for (const [, target = ""] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = "", heading] = target.split("#");
      const found = file === "" ? page : path.posix.join(path.posix.dirname(page), file);
      if (!existsSync(path.join(ROOT, found))) wrong.push(`${page}: ${target}`);
      else if (heading !== undefined && !anchors(read(found)).includes(heading)) wrong.push(`${page}: ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map((found) =>
    (found[1] ?? "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("the guide says in both languages from which numbers on a feed counts as silent or far below the usual", () => {
  const {weeksLooked, leastWeeksSilent, leastWeeksFarLess, regularShare, farLess, leastUsual} = GAP_RULES;
  const [half, fifth] = [`${regularShare * 100} %`, `${farLess * 100} %`];
  const said = {
    "docs/guide.md": [
      `at least ${leastWeeksSilent} of the ${weeksLooked} weeks before`,
      `at least ${half}`,
      `less than ${fifth} of the median`,
      `from ${leastWeeksFarLess} such weeks and a median of ${leastUsual} events on`,
    ],
    "docs/guide.zh-CN.md": [
      `此前 ${weeksLooked} 周中至少有 ${leastWeeksSilent} 周`,
      `至少 ${half}`,
      `此前 ${weeksLooked} 周中至少有 ${leastWeeksFarLess} 周`,
      `中位数不少于 ${leastUsual}`,
      `中位数的 ${fifth}`,
    ],
  };
  for (const [page, sentences] of Object.entries(said)) {
    const text = read(page).replace(/\s+/g, " ");
    for (const sentence of sentences) assert.ok(text.includes(sentence), `${page}: ${sentence}`);
  }
});

test("every page of docs/ is in its list of pages", () => {
  const list = read("docs/README.md");
  const missing = pages
    .filter((page) => /^docs\/[^/]+\.md$/.test(page) && page !== "docs/README.md")
    .filter((page) => !list.includes(`(${path.posix.basename(page)})`));
  assert.deepEqual(missing, []);
});

test("every promise of SECURITY.md is kept by a test that is there", () => {
  const promises = [...read("SECURITY.md").matchAll(/^\| .*\| `([^`]+\.test\.ts)` \| (.+) \|$/gm)];
  assert.ok(promises.length > 15);
  const wrong = promises.filter(([, file = "", name = ""]) => !testNames(file).includes(name)).map(([row]) => row);
  assert.deepEqual(wrong, []);
});

/** Names of a file's tests; what is put into a name when it runs is shown as "…". */
function testNames(file: string): string[] {
  return [...read(file).matchAll(/^\s*test\(\s*(?:"([^"]+)"|`([^`]+)`)/gm)].map((found) =>
    (found[1] ?? found[2] ?? "").replaceAll(/\$\{[^}]*\}/g, "…"),
  );
}

test("blocks of code in a page are closed and say what they hold", () => {
  for (const page of pages) {
    for (const {language} of codeBlocks(read(page))) assert.notEqual(language, "", page);
    assert.equal((read(page).match(/^```/gm)?.length ?? 0) % 2, 0, page);
  }
});
