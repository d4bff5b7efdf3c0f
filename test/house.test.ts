import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {ENVIRONMENT} from "../src/app/environment.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const ROOMS = ["model", "feeds", "enrich", "cases", "situation", "bulletin", "store", "app"];
const PURE = ["model", "feeds", "enrich", "cases", "situation", "bulletin"];
/** Tables of facts, not code: they may be long. */
const DATA_TABLES = ["src/feeds/shadowserver-types.ts"];
const MAX_LINES = 400;
const MAX_FILES = 20;

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "");
const sources = tracked.filter((file) => /\.(ts|tsx|mjs)$/.test(file));
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const roomOf = (file: string): string | null => /^src\/([^/]+)\//.exec(file)?.[1] ?? null;
const isTest = (file: string): boolean => file.endsWith(".test.ts");

/** Returns the addresses that a file imports, statically or not. */
function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import\(|import)\s*\(?\s*"([^"]+)"/g)].map((found) => found[1] ?? "");
}

/** Returns the code without comments and texts, so that words in them are not taken for code. */
function bare(text: string): string {
  return text
    .replace(/`(?:\\.|[^`\\])*`/gs, "``")
    .replace(/"(?:\\.|[^"\\\n])*"/g, '""')
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/(^|[^:])\/\/.*$/gm, "$1");
}

test("there are eight rooms, and every source file lies in one of them", () => {
  for (const file of sources.filter((each) => each.startsWith("src/"))) {
    assert.ok(ROOMS.includes(roomOf(file) ?? ""), `${file} is in no room`);
  }
});

test("a room imports its own files and model/ only; app/ imports every room, nobody imports app/", () => {
  const wrong: string[] = [];
  for (const file of sources) {
    const room = roomOf(file);
    if (room === null || isTest(file)) continue;
    for (const address of importsOf(read(file)).filter((each) => each.startsWith("."))) {
      const target = roomOf(path.posix.normalize(path.posix.join(path.posix.dirname(file), address)));
      const isAllowed = target === null || target === room || target === "model" || room === "app";
      if (!isAllowed || (target === "app" && room !== "app")) wrong.push(`${file} → ${address}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("web/ imports model/ only", () => {
  const wrong = sources
    .filter((file) => file.startsWith("web/"))
    .flatMap((file) => importsOf(read(file)).map((address) => ({file, address})))
    .filter(({address}) => /\/src\/(?!model\/)/.test(address));
  assert.deepEqual(wrong, []);
});

test("a pure room has no clock, no chance, no disk, no network and no process", () => {
  const forbidden =
    /\bDate\.now\(|new Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bprocess\.|\bfetch\(|\bcrypto\.random|\bsetTimeout\(|\bsetInterval\(/;
  const wrong: string[] = [];
  for (const file of sources.filter((each) => PURE.includes(roomOf(each) ?? "") && !isTest(each))) {
    const text = read(file);
    if (forbidden.test(bare(text))) wrong.push(`${file}: ${forbidden.exec(bare(text))?.[0]}`);
    for (const address of importsOf(text)) {
      if (/^node:(fs|net|http|https|child_process|process|dns|os|worker_threads|timers)/.test(address))
        wrong.push(`${file} → ${address}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("SQL stands in store/ only", () => {
  const sql =
    /\b(SELECT\s[\s\S]{0,400}\sFROM\s|INSERT\s+INTO\s|CREATE\s+(TABLE|DICTIONARY)\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s)/;
  const wrong = sources.filter((file) => file.startsWith("src/") && roomOf(file) !== "store" && sql.test(read(file)));
  assert.deepEqual(wrong, []);
});

test("no file is longer than 400 lines, data tables excepted, and most are short", () => {
  const sizes = sources
    .filter((file) => !DATA_TABLES.includes(file))
    .map((file) => ({file, lines: read(file).split("\n").length}));
  assert.deepEqual(
    sizes.filter(({lines}) => lines > MAX_LINES),
    [],
  );
});

test("no folder holds more than 20 files of code, feeds/ excepted", () => {
  const counts = new Map<string, number>();
  for (const file of sources.filter((each) => each.startsWith("src/") && !isTest(each) && roomOf(each) !== "feeds")) {
    counts.set(path.dirname(file), (counts.get(path.dirname(file)) ?? 0) + 1);
  }
  assert.deepEqual(
    [...counts].filter(([, count]) => count > MAX_FILES),
    [],
  );
});

test("file names are nouns in kebab-case; there are no utils, helpers, common, manager or service", () => {
  const wrong = sources.filter((file) => {
    const name = path.basename(file).replace(/(\.test)?\.(ts|tsx|mjs)$/, "");
    return (
      !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || /(^|-)(utils?|helpers?|common|manager|service|misc)(-|$)/.test(name)
    );
  });
  assert.deepEqual(wrong, []);
});

test("there is no any, and no as outside store/ except const and unknown brands", () => {
  const wrong: string[] = [];
  for (const file of sources.filter((each) => each.startsWith("src/") && !isTest(each) && roomOf(each) !== "store")) {
    for (const line of bare(read(file)).split("\n")) {
      if (/:\s*any\b|<any>|\bas any\b/.test(line)) wrong.push(`${file}: ${line.trim()}`);
      if (
        /[\w)\]}]\s+as\s+(?!const\b)[A-Z{(\w]/.test(line) &&
        !/^\s*(import|export)\b/.test(line) &&
        !/\bas\s+\w+\s*[,}]/.test(line)
      )
        wrong.push(`${file}: ${line.trim()}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("functions, not classes: a class is for an error", () => {
  const wrong = sources.filter(
    (file) =>
      file.startsWith("src/") &&
      /^\s*(export\s+)?(abstract\s+)?class\s+(?!\w+ extends \w*Error\b)/m.test(bare(read(file))),
  );
  assert.deepEqual(wrong, []);
});

test("every export of a room has a docstring", () => {
  const wrong: string[] = [];
  for (const file of sources.filter((each) => each.startsWith("src/") && !isTest(each))) {
    const lines = read(file).split("\n");
    lines.forEach((line, index) => {
      if (!/^export (async )?(function|const|class|interface|type)\b/.test(line)) return;
      const before = lines[index - 1]?.trim() ?? "";
      const isDerivedType =
        /^export type \w+ = (\(typeof|keyof|z\.infer)/.test(line) || /^export (type|interface) \w+/.test(line);
      if (!isDerivedType && !before.endsWith("*/")) wrong.push(`${file}: ${line.slice(0, 80)}`);
    });
  }
  assert.deepEqual(wrong, []);
});

test("the environment is read in one place, and so by the table that docs/config.md is made from", () => {
  const readers = sources.filter(
    (file) => /^(src|bin)\//.test(file) && !isTest(file) && /process\.env\b/.test(read(file)),
  );
  assert.deepEqual(readers, ["src/app/environment.ts"]);
  const used = sources
    .filter((file) => file.startsWith("src/") && !isTest(file) && file !== "src/app/environment.ts")
    .flatMap((file) => [...read(file).matchAll(/\benvironment\("(\w+)"\)/g)].map((found) => found[1] ?? ""));
  assert.deepEqual([...new Set(used)].sort(), Object.keys(ENVIRONMENT).sort(), "none is documented in vain");
});

test("dependencies have exact versions", () => {
  const {
    dependencies = {},
    devDependencies = {},
    optionalDependencies = {},
  }: Record<string, Record<string, string>> = JSON.parse(read("package.json"));
  const loose = Object.entries({...dependencies, ...devDependencies, ...optionalDependencies}).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  );
  assert.deepEqual(loose, []);
});
