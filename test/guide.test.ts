import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {existsSync} from "node:fs";
import {copyFile, mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {promisify} from "node:util";
import {makeSamples} from "../src/app/samples.ts";
import {followPage, saidBy} from "./follower.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const LONG = {timeout: 420_000};
const read = (file: string): Promise<string> => readFile(path.join(ROOT, file), "utf8");
const run = promisify(execFile);

const folder = await mkdtemp(path.join(tmpdir(), "watchfloor-guide-"));
after(() => rm(folder, {recursive: true}));

test("whoever follows the guide step by step publishes and corrects an edition", LONG, async () => {
  const place = path.join(folder, "guide");
  await mkdir(place);
  const printed = await followPage(await read("docs/guide.md"), place);
  const said = (words: string): string => saidBy(printed, words);
  assert.match(said("first-report/defacements.csv"), /7 received +6 events +1 rejects/);
  assert.match(said("formats/partner-list.csv"), /4 received +3 events +1 rejects/);
  assert.match(said("watchfloor situation"), /web\.defaced +3 /);
  assert.match(said("watchfloor situation"), /web\.phishing_pages +2 /);
  assert.match(said("watchfloor explain"), /defacement-[0-9a-f]+ line \d: 2026-03-0/);
  assert.match(said("indicator site.phishing_cn"), /partner-[0-9a-f]+ line 2: .*https:..login.bank.example.cn/);
  assert.match(said("edition publish --week 2026-03-02 --approve wang"), /version 2 is published/);
  assert.match(said("edition verify"), /2 publications, nothing altered/);
  assert.match(said("backup --to kept"), /rows of the database are in .*kept\nnot in it: the passphrase/);
  assert.match(said("verify --all --home desk-again"), /2 publications, nothing altered/);
  assert.match(await readFile(path.join(place, "desk/archive/site/index.html"), "utf8"), /信息安全信息通报中心/);
});

test("the five minutes of the README can be had after the first start", LONG, async () => {
  const place = path.join(folder, "readme");
  await mkdir(place);
  const say = (): void => undefined;
  await makeSamples({home: path.join(place, "var"), siteUrl: "http://127.0.0.1:8080/", passphrase: null, say});
  const printed = await followPage(await read("README.md"), place);
  const said = (words: string): string => saidBy(printed, words);
  assert.match(said("watchfloor situation --week 2026-11-16"), /rating: [优良中差危]/);
  assert.match(said("watchfloor explain"), / line \d+: /);
  assert.match(said("edition show"), /version 1: published/);
  assert.match(said("edition verify"), /2 publications, nothing altered/);
  const out = path.join(place, "var/out");
  for (const name of ["zh.long.pdf", "zh.long.docx", "en.long.pdf", "en.long.docx"])
    assert.ok(existsSync(path.join(out, `2026-11-16.${name}`)), name);
  assert.match(said("situation --week 2026-03-02 --home desk"), /web\.defaced +3 /);
});

test("a partner's list is read by the example format: its phishing page, its server, and a reject", LONG, async () => {
  const home = path.join(folder, "partner");
  const go = (...args: string[]) =>
    run(process.execPath, [path.join(ROOT, "bin/watchfloor.mjs"), ...args, "--home", home, "--json"]);
  await go("init", "--profile", "generic");
  await copyFile(path.join(ROOT, "examples/formats/partner-list.yaml"), path.join(home, "formats/partner-list.yaml"));
  const file = path.join(home, "watchfloor.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/^feeds:$/m, "feeds:\n  partner: {format: partner-list}"));
  const list = path.join(ROOT, "examples/formats/partner-list.csv");
  const {stdout} = await go("ingest", list, "--feed", "partner", "--fetched-at", "2026-03-09T01:00:00Z");
  const [report] = JSON.parse(stdout).reports;
  assert.deepEqual([report.received, report.events, report.rejects], [4, 3, 1]);
  const rejects: {line: number; reason: string}[] = JSON.parse((await go("rejects")).stdout);
  assert.deepEqual(
    rejects.map(({line, reason}) => [line, reason]),
    [[5, "bad_time"]],
  );
});
