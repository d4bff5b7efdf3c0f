import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {promisify} from "node:util";
import {codeBlocks, commandLines, wordsOf} from "./markdown.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const run = promisify(execFile);

const folder = await mkdtemp(path.join(tmpdir(), "watchfloor-guide-"));
after(() => rm(folder, {recursive: true}));
await symlink(path.join(ROOT, "examples"), path.join(folder, "examples"));
const config = path.join(folder, "desk/watchfloor.yaml");

/** Environment of the session, as `export` lines set it. */
const session: Record<string, string> = {};

/** Runs a command of the guide and returns what it prints. Other programs than ours are left out. */
async function follow(line: string): Promise<string> {
  const [program, ...words] = wordsOf(line);
  if (program === "export") {
    const [name = "", value = ""] = (words[0] ?? "").split(/=(.*)/s);
    session[name] = value.replace("$PWD", folder);
  }
  if (program === "cp") await copyFile(path.join(folder, words[0] ?? ""), path.join(folder, words[1] ?? ""));
  if (program !== "npx") return "";
  const args = [path.join(ROOT, "bin/watchfloor.mjs"), ...words.slice(1)];
  const {stdout} = await run(process.execPath, args, {cwd: folder, env: {...process.env, ...session}});
  return stdout;
}

/** Does to the configuration what the guide says a person does with an editor. */
async function edit(block: string): Promise<void> {
  const text = await readFile(config, "utf8");
  const [key = "", ...inside] = block.trimEnd().split("\n");
  const changed = text.replace(new RegExp(`^${key}.*$`, "m"), [key, ...inside].join("\n"));
  assert.notEqual(changed, text, `${key} is not in the configuration`);
  await writeFile(config, changed);
}

test("whoever follows the guide step by step publishes and corrects an edition", {timeout: 420_000}, async () => {
  const page = await readFile(path.join(ROOT, "docs/guide.md"), "utf8");
  const printed = new Map<string, string>();
  for (const block of codeBlocks(page)) {
    if (block.language === "yaml") await edit(block.text);
    for (const line of commandLines(`\`\`\`${block.language}\n${block.text}\`\`\``))
      printed.set(line, await follow(line));
  }
  const said = (part: string): string => [...printed].find(([line]) => line.includes(part))?.[1] ?? "";
  assert.match(said("first-report/defacements.csv"), /7 received +6 events +1 rejects/);
  assert.match(said("formats/partner-list.csv"), /4 received +3 events +1 rejects/);
  assert.match(said("watchfloor situation"), /web\.defaced +3 /);
  assert.match(said("watchfloor situation"), /web\.phishing_pages +2 /);
  assert.match(said("watchfloor explain"), /defacement-[0-9a-f]+ line \d: 2026-03-0/);
  assert.match(said("indicator site.phishing_cn"), /partner-[0-9a-f]+ line 2: .*https:..login.bank.example.cn/);
  assert.match(said("edition publish --week 2026-03-02 --approve wang"), /version 2 is published/);
  assert.match(said("edition verify"), /2 publications, nothing altered/);
  const site = path.join(folder, "desk/archive/site");
  assert.match(await readFile(path.join(site, "index.html"), "utf8"), /省中心|某省网络与信息安全信息通报中心/);
});

test("a partner's list is read by the example format: its phishing page, its server, and a reject", async () => {
  const home = path.join(folder, "partner");
  const go = (...args: string[]) =>
    run(process.execPath, [path.join(ROOT, "bin/watchfloor.mjs"), ...args, "--home", home, "--json"]);
  await go("init", "--profile", "generic");
  await mkdir(path.join(home, "formats"), {recursive: true});
  await copyFile(path.join(ROOT, "examples/formats/partner-list.yaml"), path.join(home, "formats/partner-list.yaml"));
  const file = path.join(home, "watchfloor.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/^feeds:$/m, "feeds:\n  partner: {format: partner-list}"));
  const list = path.join(ROOT, "examples/formats/partner-list.csv");
  const {stdout} = await go("ingest", list, "--feed", "partner", "--fetched-at", "2026-03-09T01:00:00Z");
  const [report] = JSON.parse(stdout).reports;
  assert.deepEqual([report.received, report.events, report.rejects], [4, 3, 1]);
  const rejects = JSON.parse((await go("rejects")).stdout);
  assert.deepEqual(
    rejects.map((each: {line: number; reason: string}) => [each.line, each.reason]),
    [[5, "bad_time"]],
  );
});
