import assert from "node:assert/strict";
import {existsSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {watchfloor} from "./command-line.ts";
import {createDatabase} from "./database.ts";
import {makeHome, temporaryFolder} from "./site.ts";

/** What an editor writes into a draft, as the draft and the second person see it: through the real command line. */
const WEEK = "2023-02-20";
const {url, drop} = await createDatabase();
after(drop);
const home = await makeHome({config: {database: {url}}});
const ofWeek = (...words: readonly string[]): string[] => [...words, "--week", WEEK, "--by", "Chen"];

/** Runs a command, which must succeed, and gives what it printed. */
async function said(...words: readonly string[]): Promise<string> {
  const {code, out, err} = await watchfloor(words, {home});
  assert.deepEqual([code, err], [0, ""], `${words.join(" ")}: ${err}`);
  return out;
}

async function refusal(...words: readonly string[]): Promise<string> {
  const {code, err} = await watchfloor(words, {home});
  assert.notEqual(code, 0, words.join(" "));
  return err;
}

/** The draft as Markdown, in one language. */
async function drafted(language: "zh" | "en"): Promise<string> {
  const to = path.join(temporaryFolder(), language);
  await said("edition", "render", "--week", WEEK, "--to", to, "--formats", "md", "--lang", language);
  return readFileSync(path.join(to, `${WEEK}.${language}.long.md`), "utf8");
}

test("numbers that change under an edited text are told, and it goes to review only after it was looked at", async () => {
  await said(...ofWeek("edition", "figures", "--set", "incident.total=25", "--set", "mobile.urls=3"));
  await said(...ofWeek("edition", "rating", "--set", "良", "--reason", "按值守人员判断"));
  await said("edition", "draft", "--week", WEEK, "--by", "Chen");
  const ours = "本周处理25起事件，均已办结。";
  await said(...ofWeek("edition", "edit", "--lang", "zh", "--paragraph", "incidents", "--text", ours));
  assert.doesNotMatch(await said("edition", "show", "--week", WEEK), /look again/);
  await said(...ofWeek("edition", "figures", "--set", "incident.total=26"));
  assert.match(await said("edition", "draft", "--week", WEEK, "--by", "Chen"), /look again: zh incidents .*26起/);
  const text = await drafted("zh");
  assert.ok(text.includes(ours));
  assert.match(text, /段落incidents经编辑改写.*26起/);
  assert.doesNotMatch(await drafted("en"), /was edited/);
  assert.match(
    await refusal(...ofWeek("edition", "publish")),
    /Numbers have changed under an edited text.*zh incidents/,
  );
  await said(...ofWeek("edition", "edit", "--lang", "zh", "--paragraph", "incidents", "--keep"));
  assert.doesNotMatch(await drafted("zh"), /经编辑改写/);
  assert.match(
    await refusal(...ofWeek("edition", "edit", "--lang", "en", "--paragraph", "incidents", "--keep")),
    /--keep/,
  );
  // kept where nothing is generated any more, it is told when something is again
  await said(...ofWeek("edition", "figures", "--unset", "incident.total"));
  await said(...ofWeek("edition", "edit", "--lang", "zh", "--paragraph", "incidents", "--keep"));
  assert.doesNotMatch(await said("edition", "show", "--week", WEEK), /look again/);
  await said(...ofWeek("edition", "figures", "--set", "incident.total=999"));
  assert.match(await said("edition", "show", "--week", WEEK), /look again: zh incidents .*999起/);
  await said(...ofWeek("edition", "edit", "--lang", "zh", "--paragraph", "incidents", "--keep"));
});

test("words that would go nowhere are refused", async () => {
  const edit = (...words: readonly string[]): Promise<string> => refusal(...ofWeek("edition", "edit", ...words));
  assert.match(await edit("--text", "…"), /--paragraph takes one of/);
  assert.match(await edit("--paragraph", "incidents", "--text", "…", "--keep"), /--paragraph takes one of/);
  assert.match(await edit("--paragraph", "incidents"), /--paragraph takes one of/);
  assert.match(await edit("--lang", "zh,en", "--paragraph", "incidents", "--text", "…"), /one language/);
});

test("the editor's news stand in the edition, in the language in which they are there", async () => {
  const item = ["--title-zh", "某协会发布年度报告", "--zh", "报告称数量下降。", "--source", "example.org"];
  await said(...ofWeek("edition", "news", ...item, "--link", "https://example.org/report"));
  assert.match(
    await said(...ofWeek("edition", "news", "--title-en", "An exercise", "--en", "It went well.", "--source", "x")),
    /An exercise/,
  );
  const text = await drafted("zh");
  assert.match(
    text,
    /业界新闻速递[^#]*\[\*\*某协会发布年度报告\*\*\]\(https:\/\/example\.org\/report\)：报告称数量下降。（来源：example\.org）/,
  );
  assert.match(text, /\*\*An exercise\*\*：It went well\./);
  const [first, second] = JSON.parse(await said(...ofWeek("edition", "news", "--json")));
  await said(...ofWeek("edition", "news", "--remove", String(second.id)));
  assert.doesNotMatch(await drafted("zh"), /An exercise/);
  assert.match(await refusal(...ofWeek("edition", "news", "--remove", String(second.id))), /has no news/);
  assert.match(await refusal(...ofWeek("edition", "news", ...item, "--link", "javascript:alert(1)")), /no web address/);
  assert.equal(first.title.en, null);
});

test("one call does not submit and approve, and nobody approves what cannot be signed", async () => {
  assert.match(await refusal(...ofWeek("edition", "publish"), "--approve", "Li"), /--by.*--approve/);
  await said(...ofWeek("edition", "publish"));
  renameSync(path.join(home, "keys"), path.join(home, "keys-away"));
  assert.match(await refusal("edition", "publish", "--week", WEEK, "--approve", "Li"), /no signing key/);
  renameSync(path.join(home, "keys-away"), path.join(home, "keys"));
  const {state, approved} = JSON.parse(await said("edition", "show", "--week", WEEK, "--json"));
  assert.deepEqual([state, approved], ["in_review", null]);
});

test("figures by hand make an edition without a data folder, in the form that the file names", async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, "figures.json");
  const to = path.join(folder, "edition");
  const figures = {year: 2023, issue: 9, variant: "short", figures: {"incident.total": 1777}};
  writeFileSync(file, JSON.stringify(figures));
  const render = ["edition", "render", "--figures", file, "--formats", "md", "--lang", "zh"];
  const nowhere = {home: path.join(folder, "no-home")};
  const {code, err} = await watchfloor([...render, "--to", to], nowhere);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(readFileSync(path.join(to, "2023-02-20.zh.short.md"), "utf8"), /CNCERT.*1777起/);
  assert.equal(existsSync(nowhere.home), false);
  const missing = await watchfloor(
    ["edition", "render", "--figures", path.join(folder, "none.json"), "--to", to],
    nowhere,
  );
  assert.match(missing.err, /none\.json: there is no such file/);
});
