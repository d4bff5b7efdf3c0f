import assert from "node:assert/strict";
import {writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {watchfloor} from "./command-line.ts";
import {createDatabase} from "./database.ts";
import {makeHome, temporaryFolder} from "./site.ts";

/** What people enter, as they and others read it later: through the real command line. */
const WEEK = "2023-02-20";
const {url, drop} = await createDatabase();
after(drop);
const home = await makeHome({config: {database: {url}}});

/** Runs a command, which must succeed, and gives what it printed. */
async function said(...words: readonly string[]): Promise<string> {
  const {code, out, err} = await watchfloor(words, {home});
  assert.deepEqual([code, err], [0, ""], `${words.join(" ")}: ${err}`);
  return out;
}

function enter(...figures: readonly string[]): Promise<string> {
  const words = figures.flatMap((each) => [each.includes("=") ? "--set" : "--unset", each]);
  return said("edition", "figures", "--week", WEEK, ...words, "--by", "Chen");
}

test("the history of figures marks what counts now, what was superseded and what was taken back", async () => {
  await enter("incident.total=17", "mobile.urls=3");
  await enter("incident.total=18");
  const text = await enter("mobile.urls");
  const marks = text.split("\n").map((line) =>
    line
      .replace(/ {2}Chen .*/, "")
      .replace(/ +/g, " ")
      .trim(),
  );
  assert.deepEqual(marks.slice(0, 4), [
    "incident.total 17 superseded",
    "mobile.urls 3 taken back",
    "incident.total 18 counts now",
    "mobile.urls - takes the one before back",
  ]);
  const all: {state: string}[] = JSON.parse(await said("edition", "figures", "--week", WEEK, "--json"));
  assert.deepEqual(
    all.map(({state}) => state),
    ["superseded", "taken-back", "holds", "takes-back"],
  );
});

test("a level and ranked types are shown in words wherever they are shown, and as codes in the data", async () => {
  const listed = await enter("vuln.level=medium", "vuln.type_rank=app,web,net");
  const explained = await said("explain", "--week", WEEK, "--indicator", "vuln.type_rank");
  const situation = await said("situation", "--week", WEEK);
  for (const text of [listed, await said("explain", "--week", WEEK, "--indicator", "vuln.level"), situation])
    assert.match(text, / Medium \(中\)/);
  for (const text of [listed, explained, situation])
    assert.match(text, / Applications \(应用程序\), Web applications \(WEB应用\), Network devices \(.+\)/);
  const {entered} = JSON.parse(await said("explain", "--week", WEEK, "--indicator", "vuln.level", "--json"));
  assert.deepEqual(
    entered.map(({names, state}: {names: unknown; state: string}) => [names, state]),
    [[[{code: "medium", zh: "中", en: "Medium"}], "holds"]],
  );
});

test("an entry that the reports of the week have overtaken is said not to be used", async () => {
  const report = path.join(temporaryFolder(), "defaced.csv");
  writeFileSync(report, "date,host\n2023-02-22,www.shop.example.cn\n");
  await enter("web.defaced=40");
  assert.match(await said("explain", "--week", WEEK, "--indicator", "web.defaced"), / 40, .*: counts now/);
  await said("ingest", report, "--feed", "defacement", "--fetched-at", "2023-02-27T01:00:00Z");
  assert.match(await said("explain", "--week", WEEK, "--indicator", "web.defaced"), / 40, .*: not used: reports/);
  assert.match(await enter(), /web\.defaced +40 +not used: reports or cases give the number/);
});

test("a reason is given by language, or plain in one; twice in one language is wrong use", async () => {
  const rating = async (...words: string[]) => {
    const all = ["edition", "rating", "--week", WEEK, "--set", "中", "--by", "Chen", ...words, "--json"];
    return watchfloor(all, {home});
  };
  const reasonOf = async (...words: string[]): Promise<unknown> =>
    JSON.parse((await rating(...words)).out).override.reason;
  assert.deepEqual(await reasonOf("--reason", "从严"), {zh: "从严", en: null});
  assert.deepEqual(await reasonOf("--reason", "Strictly"), {zh: null, en: "Strictly"});
  assert.deepEqual(await reasonOf("--reason", "从严", "--reason-en", "Strictly"), {zh: "从严", en: "Strictly"});
  assert.deepEqual(await reasonOf("--reason-zh", "从严", "--reason-en", "Strictly"), {zh: "从严", en: "Strictly"});
  for (const words of [["--reason", "从严", "--reason-zh", "从严"], [], ["--reason-en", " "]]) {
    const {code, err} = await rating(...words);
    assert.equal(code, 2, words.join(" "));
    assert.match(err, /twice in one language|reason is missing|reason-en is missing/);
  }
});

test("taking back what nobody entered is wrong use and says so, and nothing is entered with it", async () => {
  const words = ["edition", "figures", "--week", WEEK, "--set", "mobile.platforms=9", "--unset", "malware.new_names"];
  const {code, err} = await watchfloor(words, {home});
  assert.equal(code, 2);
  assert.match(err, /--unset malware\.new_names: no such figure is entered for 2023-02-20/);
  assert.doesNotMatch(await enter(), /mobile\.platforms/);
});

test("figures for a published week say that the edition keeps its numbers and how they get into it", async () => {
  assert.doesNotMatch(await enter("incident.total=19"), /published/);
  await said("edition", "rating", "--week", WEEK, "--set", "中", "--reason-zh", "样例。", "--reason-en", "A sample.");
  await said("edition", "draft", "--week", WEEK);
  await said("edition", "publish", "--week", WEEK, "--by", "Chen");
  await said("edition", "publish", "--week", WEEK, "--approve", "Zhao");
  assert.doesNotMatch(await enter(), /published/);
  assert.match(
    await enter("incident.total=20"),
    /The edition of 2023-02-20 is published and keeps its numbers\. .*edition correct --week 2023-02-20 /,
  );
  const steps = (await said("edition", "show", "--week", WEEK)).split("\n").slice(1);
  assert.match(steps[0] ?? "", /Z +open +draft +/);
  assert.match(steps[2] ?? "", /Z +approve +in_review +Zhao/);
});
