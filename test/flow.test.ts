import assert from "node:assert/strict";
import {cpSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import about from "../package.json" with {type: "json"};
import {type Ran, watchfloor} from "./command-line.ts";
import {createDatabase} from "./database.ts";
import {furnish, ROOT, temporaryFolder} from "./site.ts";

/**
 * A whole week from reports to the published and corrected edition, walked by the real command line. The numbers below were
 * worked out by hand from the reports in test/golden/editions.
 */
const WEEK = "2023-02-20";
const GOLDEN = path.join(ROOT, "test/golden/editions", WEEK);
const FETCHED = "2023-02-27T01:00:00Z";
const REASON = {zh: "一起事件漏计", en: "One incident was left out"};

const home = path.join(temporaryFolder(), "home");
const {url, drop} = await createDatabase();
after(drop);

/** Runs a command, which must succeed, and gives its JSON. */
async function run<Json>(...words: readonly string[]): Promise<Json> {
  const {code, out, err} = await watchfloor([...words, "--json"], {home});
  assert.deepEqual([code, err], [0, ""], `${words.join(" ")}: ${err}${out.slice(0, 500)}`);
  return JSON.parse(out);
}

/** Runs a command, which must be refused. */
async function refused(...words: readonly string[]): Promise<Ran> {
  const ran = await watchfloor([...words, "--json"], {home});
  assert.deepEqual([ran.code, ran.out], [1, ""], words.join(" "));
  return ran;
}

interface Situation {
  readonly indicators: Readonly<
    Record<string, {value: number | null; previous: number | null; change: number | null; by: Record<string, unknown>}>
  >;
  readonly reports: readonly {feed: string; events: number}[];
  readonly rating: {grade: string | null; byRule: string | null; index: number | null};
}

interface Ingested {
  readonly reports: readonly {id: string; received: number; events: number; rejects: number; duplicate: boolean}[];
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).map((name) => path.join(folder, name));
}

test("a data folder is made and gets its tables", async () => {
  await run("init", "--profile", "cn");
  cpSync(path.join(GOLDEN, "site"), home, {recursive: true});
  furnish(home, {config: {database: {url}}});
  const check = await run<{ok: boolean; baseline: {isSynthetic: boolean}}>("config", "check");
  assert.deepEqual([check.ok, check.baseline.isSynthetic], [true, true]);
});

test("the reports of all feeds are taken in; every line is an event or a reject, and nothing twice", async () => {
  const feeds = readdirSync(path.join(GOLDEN, "reports"));
  const all: Ingested["reports"][number][] = [];
  for (const feed of feeds) {
    const files = filesIn(path.join(GOLDEN, "reports", feed));
    all.push(...(await run<Ingested>("ingest", ...files, "--feed", feed, "--fetched-at", FETCHED)).reports);
  }
  const sum = (what: "received" | "events" | "rejects"): number => all.reduce((total, each) => total + each[what], 0);
  assert.equal(all.length, 15);
  assert.equal(sum("events") + sum("rejects"), sum("received"));
  assert.deepEqual([sum("events"), sum("rejects")], [187, 5]);
  const again = filesIn(path.join(GOLDEN, "reports/shadowserver"));
  const {reports} = await run<Ingested>("ingest", ...again, "--feed", "shadowserver", "--fetched-at", FETCHED);
  assert.ok(reports.length === 4 && reports.every(({duplicate}) => duplicate));
  const rejects = await run<{reason: string}[]>("rejects");
  assert.deepEqual(rejects.map(({reason}) => reason).sort(), [
    "bad_value",
    "bad_value",
    "no_asset",
    "no_asset",
    "no_asset",
  ]);
});

test("what no feed carries is entered, with the name of who did", async () => {
  const set = ["incident.total=25", "incident.cross_border=9", "incident.phishing=12"].flatMap((each) => [
    "--set",
    each,
  ]);
  const entries = await run<{by: string}[]>("edition", "figures", "--week", WEEK, ...set, "--by", "Chen");
  assert.deepEqual(
    entries.map(({by}) => by),
    ["Chen", "Chen", "Chen"],
  );
  const event = [
    "--level",
    "III",
    "--reach",
    "province",
    "--day",
    "2023-02-22",
    "--zh",
    "某省域名解析异常",
    "--en",
    "Name resolution failed in a province",
  ];
  await run("infra", "add", ...event, "--by", "Chen");
});

test("the situation is what the reports say, counted once each, in the week of Beijing", async () => {
  const {indicators, rating, reports} = await run<Situation>("situation", "--week", WEEK);
  const expected: Record<string, [number | null, number | null]> = {
    "host.trojan_bot": [54, 30],
    "host.conficker": [8, 6],
    "host.infected": [62, 36],
    "c2.ips": [3, 1],
    "web.defaced": [6, 4],
    "web.gov_defaced": [2, 1],
    "web.backdoored": [3, 2],
    "web.gov_backdoored": [1, 0],
    "web.phishing_pages": [12, 2],
    "phish.domains": [2, 0],
    "phish.ips": [null, 1], // this week most pages name no address
    "vuln.total": [15, 7],
    "vuln.high": [9, 2],
    "vuln.medium": [4, 3],
    "vuln.low": [2, 2],
    "mobile.platforms": [4, 1],
    "mobile.urls": [5, 1],
    "malware.new_families": [2, null],
    "incident.total": [25, null],
    "infra.events": [1, 0],
  };
  const found = Object.keys(expected).map((id) => [id, [indicators[id]?.value, indicators[id]?.previous]]);
  assert.deepEqual(Object.fromEntries(found), expected);
  assert.equal(indicators["host.infected"]?.change?.toFixed(4), "0.7222");
  assert.deepEqual(indicators["host.trojan_bot"]?.by["province"], [
    {key: "11", value: 29},
    {key: "51", value: 13},
    {key: "44", value: 12},
  ]);
  // of six control servers one was first seen in the week before, of two infected hosts one in the week after
  assert.deepEqual(
    reports.flatMap(({feed, events}) => (feed === "c2-tracker" ? [events] : [])),
    [5],
  );
  assert.equal(
    reports.reduce((sum, {events}) => sum + events, 0),
    131,
  );
  assert.deepEqual([rating.byRule, rating.grade, rating.index?.toFixed(1)], ["中", "中", "51.5"]);
});

test("a number leads to its events, and each event to its report and line", async () => {
  const {events} = await run<{events: {asset: string; report: string; line: number; text: string}[]}>(
    ...["explain", "--week", WEEK, "--indicator", "web.gov_defaced"],
  );
  assert.deepEqual(
    events.map(({asset, line, text}) => [asset, line, text]),
    [
      ["city.example.gov.cn", 6, "2023-02-22,www.city.example.gov.cn"],
      ["town.example.gov.cn", 7, "2023-02-23,town.example.gov.cn"],
    ],
  );
});

test("the edition is drafted, reviewed by a second person and published once", async () => {
  await run("edition", "draft", "--week", WEEK, "--variant", "long", "--by", "Chen");
  await run("edition", "publish", "--week", WEEK, "--by", "Chen");
  assert.match((await refused("edition", "publish", "--week", WEEK, "--approve", "Chen")).err, /second person/);
  const done = await run<{version: number; state: string}>("edition", "publish", "--week", WEEK, "--approve", "Li");
  assert.deepEqual([done.version, done.state], [1, "published"]);
  assert.match(
    (await refused("edition", "publish", "--week", WEEK, "--by", "Chen")).err,
    /published edition does not change/,
  );
  assert.match((await refused("edition", "publish", "--week", WEEK, "--approve", "Li")).err, /^[^\n]+\n$/);
});

/** The archive's files of the first version, by path. */
function firstVersion(): Map<string, string> {
  const folder = path.join(home, "archive/site", WEEK, "v1");
  const names = readdirSync(folder, {recursive: true, encoding: "utf8"}).sort();
  return new Map(
    names
      .filter((name) => /\.\w+$/.test(name) && !name.endsWith(".wechat"))
      .map((name) => [name, readFileSync(path.join(folder, name), "latin1")]),
  );
}

/** Times of this run, as ISO 8601 and as the pages print them, and the version of the tool, which are no part of the text. */
function normalised(text: string): string {
  const year = new Date().getUTCFullYear();
  return text
    .replaceAll(new RegExp(`${year}-\\d{2}-\\d{2}T[0-9:.]+Z`, "g"), "<now>")
    .replaceAll(new RegExp(`${year}-\\d{2}-\\d{2}( \\d{2}:\\d{2})?`, "g"), "<today>")
    .replaceAll(about.version, "<version>")
    .replaceAll(new RegExp(`${year}年\\d{1,2}月\\d{1,2}日(\\d{2}:\\d{2})?`, "g"), "<today>")
    .replaceAll(new RegExp(`\\d{1,2} [A-Z][a-z]+ ${year}( at \\d{2}:\\d{2})?`, "g"), "<today>");
}

/** Compares the edition's texts, of one ending, with the stored ones. */
function compareTexts(version: string, ending: "md" | "json"): void {
  const folder = path.join(home, "archive/site", WEEK, version);
  const texts = readdirSync(folder).filter((name) => name.endsWith(`.${ending}`));
  assert.equal(texts.length, 2, texts.join());
  for (const name of texts) {
    const made = normalised(readFileSync(path.join(folder, name), "utf8"));
    const file = path.join(GOLDEN, "edition", version, name);
    if (process.env["UPDATE"] === "1") writeFileSync(file, made);
    assert.equal(made, readFileSync(file, "utf8"), `${version}/${name}`);
  }
}

test("a published edition that is rendered again is the archive's, byte for byte", async () => {
  const to = path.join(path.dirname(home), "again");
  await run("edition", "render", "--week", WEEK, "--to", to, "--formats", "md,pdf,json");
  const made = readdirSync(to).sort();
  assert.equal(made.length, 6, made.join());
  const archive = path.join(home, "archive/site", WEEK, "v1");
  for (const name of made)
    assert.deepEqual(readFileSync(path.join(to, name)), readFileSync(path.join(archive, name)), name);
});

let before: Map<string, string> = new Map();

test("the published edition says it in every format, in both languages", () => {
  before = firstVersion();
  for (const language of ["zh", "en"])
    for (const ending of ["html", "md", "json", "pdf", "docx", "wechat/article.html"])
      assert.ok(before.has(`${WEEK}.${language}.long.${ending}`), `${language} ${ending}`);
  compareTexts("v1", "md");
  compareTexts("v1", "json");
});

test("a late report and a mistake become a correction; the first edition stays as it is, byte for byte", async () => {
  assert.equal((await run<{ok: boolean}>("edition", "verify", "--all")).ok, true);
  const late = filesIn(path.join(GOLDEN, "late/defacement"));
  await run("ingest", ...late, "--feed", "defacement", "--fetched-at", "2023-03-01T01:00:00Z");
  await run("edition", "figures", "--week", WEEK, "--set", "incident.total=26", "--by", "Chen");
  assert.match((await refused("edition", "draft", "--week", WEEK)).err, /published edition does not change/);
  await run("edition", "correct", "--week", WEEK, "--reason-zh", REASON.zh, "--reason-en", REASON.en, "--by", "Chen");
  await run("edition", "publish", "--week", WEEK, "--by", "Chen");
  const done = await run<{version: number}>("edition", "publish", "--week", WEEK, "--approve", "Li");
  assert.equal(done.version, 2);
  assert.deepEqual(firstVersion(), before);
  compareTexts("v2", "md");
  for (const language of ["zh", "en"] as const) {
    const corrected = readFileSync(path.join(home, "archive/site", WEEK, "v2", `${WEEK}.${language}.long.md`), "utf8");
    assert.match(corrected, language === "zh" ? /26起/ : /26 cyber security incidents/);
    assert.ok(corrected.includes(REASON[language]));
    assert.ok(!corrected.includes(REASON[language === "zh" ? "en" : "zh"]));
  }
  const {ok, entries} = await run<{ok: boolean; entries: number}>("edition", "verify", "--all");
  assert.deepEqual([ok, entries], [true, 2]);
});

test("one altered byte is found and named", async () => {
  const file = path.join(home, "archive/site", WEEK, "v1", `${WEEK}.zh.long.md`);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("25起", "52起"));
  const ran = await watchfloor(["edition", "verify", "--all", "--json"], {home});
  assert.equal(ran.code, 1);
  assert.ok(JSON.parse(ran.out).problems.some((each: {path: string}) => each.path.endsWith(`v1/${WEEK}.zh.long.md`)));
  writeFileSync(file, text);
  assert.equal((await run<{ok: boolean}>("edition", "verify", "--all")).ok, true);
});
