/** Cases of other systems: taken in by the command line, on a data folder and a real database. */
import assert from "node:assert/strict";
import {readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {countedHistory, importHistory} from "../../src/app/cases/history.ts";
import {openCaseDesk} from "../../src/app/coordination/case-desk.ts";
import {runRules} from "../../src/app/coordination/deciding/deciding.ts";
import {weekNamed} from "../../src/model/week.ts";
import {countCases} from "../../src/store/cases/counting.ts";
import {listPending} from "../../src/store/notices/pending.ts";
import {phishing, take} from "../case-fixture.ts";
import {createDatabase} from "../database.ts";
import {answerOf} from "../in-process.ts";
import {openSite, ROOT, temporaryFolder} from "../site.ts";

const {url, drop} = await createDatabase();
after(drop);
const history = [{source: "old-desk", before: "2022-06-06"}];
const house = await openSite({config: {database: {url}, cases: {history}}});
// biome-ignore lint/suspicious/noExplicitAny: answers of any command
const say = (...words: string[]): Promise<any> => answerOf(house, ...words);
const refused = (words: string[], code: string): Promise<void> => assert.rejects(say(...words), {code});
const exampleOf = (name: string): string => path.join(ROOT, "examples/case-history", name);
const CSV = [exampleOf("cases.csv"), "--mapping", exampleOf("mapping.yaml")];
const RTIR = [exampleOf("rtir.json"), "--mapping", exampleOf("rtir-mapping.yaml")];
const WEEK = "2022-02-28";

test("a dry run says what an import would do and keeps nothing; then just that is done", async () => {
  const dry = await say("case", "import", ...CSV, "--dry-run");
  assert.deepEqual([dry.received, dry.added, dry.updated, dry.kept], [6, 4, 0, 0]);
  assert.deepEqual(await say("case", "list", "--imported"), []);
  const done = await say("case", "import", ...CSV, "--by", "Li");
  assert.deepEqual({...done, isDry: true}, dry);
  assert.deepEqual(done.rejects, [
    {line: 7, externalId: "2022-0005", reason: "bad_time", text: "受理时间: 2022/3/5"},
    {line: 8, externalId: "2022-0006", reason: "unknown_state", text: "搁置"},
  ]);
  assert.deepEqual(done.handled, {notified: 2, answered: 1, verified: 0});
  assert.equal(done.countedBefore, "2022-06-06");
});

test("the same file again changes nothing, and of two that differ the last one holds", async () => {
  const again = await say("case", "import", ...CSV);
  assert.deepEqual([again.added, again.updated, again.kept], [0, 0, 4]);
  const later = path.join(temporaryFolder(), "later.csv");
  writeFileSync(
    later,
    readFileSync(exampleOf("cases.csv"), "utf8").replace("10:00,,,处置中", "10:00,,2022/3/9 9:00,已处置"),
  );
  const updated = await say("case", "import", later, "--mapping", exampleOf("mapping.yaml"), "--by", "Wang");
  assert.deepEqual([updated.added, updated.updated, updated.kept], [0, 1, 3]);
  const {content, times, added, changed} = await say("case", "show", "--id", "old-desk/2022-0002");
  assert.equal(content.states.at(-1).state, "resolved");
  assert.equal(times.answeredAt, "2022-03-09T01:00:00.000Z");
  assert.deepEqual([added.by, changed.by], ["Li", "Wang"]);
});

test("an export of RTIR is taken in beside it, with its complaints", async () => {
  const taken = await say("case", "import", ...RTIR);
  assert.equal(taken.form, "rt");
  assert.equal(taken.received, taken.added + taken.repeats + taken.passed + taken.rejects.length);
  assert.ok(taken.added > 0 && taken.complaints > 0 && taken.countedBefore === null);
  assert.equal((await say("case", "import", ...RTIR)).kept, taken.added);
});

test("old cases are listed last first, page by page, and found by number, asset, party and subject", async () => {
  const all = await say("case", "list", "--imported", "--limit", "500");
  const pages = [];
  for (let page = await say("case", "list", "--imported", "--limit", "2"); page.length > 0; ) {
    pages.push(...page);
    page = await say("case", "list", "--imported", "--limit", "2", "--after", page.at(-1).id);
  }
  assert.deepEqual(pages, all);
  const times = all.map(({openedAt}: {openedAt: string}) => openedAt);
  assert.deepEqual(times, times.toSorted().toReversed());
  const found = async (search: string): Promise<string[]> =>
    (await say("case", "list", "--imported", "--search", search)).map(({id}: {id: string}) => id);
  assert.deepEqual(await found("2022-0003"), ["old-desk/2022-0003"]);
  assert.deepEqual(await found("School.example"), ["old-desk/2022-0003"]);
  assert.deepEqual((await found("域名注册服务机构")).length, 2);
  assert.deepEqual(await found("Phishing page of a bank"), ["rtir/501"]);
  assert.deepEqual(await found("%"), [], "what is looked for is no pattern");
  assert.equal((await say("case", "list", "--imported", "--source", "old-desk")).length, 4);
  await refused(["case", "list", "--imported", "--queue", "mine"], "usage");
  await refused(["case", "list", "--source", "old-desk"], "usage");
  await refused(["case", "show", "--id", "old-desk/9"], "case_unknown");
});

test("a case of ours says that there was one about its asset before, and does not join it", async () => {
  const {opened} = await take(
    await house.database(),
    [phishing("http://login.bank.example/b")],
    new Date("2023-02-20T01:00:00Z"),
  );
  const [id = ""] = opened;
  const {imported, case: one} = await say("case", "show", "--id", id);
  assert.deepEqual([one.state, one.round], ["open", 1]);
  assert.deepEqual(
    imported.map((each: {id: string}) => each.id),
    ["old-desk/2022-0002"],
  );
});

test("nobody is ever told of an old case, and no queue has one", async () => {
  const {db} = await house.database();
  const desk = await openCaseDesk(house);
  const before = await listPending(db, {after: null, limit: 10});
  await runRules(desk, new Date("2023-02-01T00:00:00Z"));
  assert.deepEqual(await listPending(db, {after: null, limit: 10}), before);
  const ids = (await say("case", "list")).map(({id}: {id: string}) => id);
  assert.equal(ids.length, 1);
  const {cases} = await db
    .selectFrom("cases")
    .select(({fn}) => fn.countAll<number>().as("cases"))
    .executeTakeFirstOrThrow();
  assert.equal(cases, 1);
});

test("they count in the weeks that the site names, with what is known of them, and not in others", async () => {
  const {db} = await house.database();
  const [week, next] = [weekNamed(WEEK, "Asia/Shanghai"), weekNamed("2022-03-07", "Asia/Shanghai")];
  const counting = {weeks: [week, next], until: new Date(), history: countedHistory(house)} as const;
  const answered = await countCases(db, {...counting, handledWhen: "answered"});
  assert.deepEqual(answered.get(week.from)?.handled, {
    value: 1,
    by: {
      partyKind: [{key: "registrar", value: 1}],
      class: [{key: "web.phish", value: 1}],
      province: [{key: "unknown", value: 1}],
    },
    reports: [],
  });
  assert.equal(answered.get(week.from)?.crossBorder?.value, 1);
  assert.equal(answered.get(next.from)?.handled?.value, 1, "the later file says so");
  assert.equal(answered.get(week.from)?.verified, undefined, "nobody of us looked");
  assert.equal((await countCases(db, {...counting, handledWhen: "notified"})).get(week.from)?.handled?.value, 2);
  const uncounted = await countCases(db, {weeks: [week], until: new Date(), handledWhen: "answered", history: []});
  assert.deepEqual(uncounted.get(week.from), {}, "what the site does not name says nothing");
  const cut = [{source: "old-desk", before: next.startsAt}];
  const early = await countCases(db, {...counting, handledWhen: "answered", history: cut});
  assert.deepEqual([early.get(week.from)?.handled?.value, early.get(next.from)], [1, {}]);
  const explained = await say("explain", "--week", WEEK, "--indicator", "incident.total");
  assert.deepEqual([explained.value, explained.caseCount], [1, 1]);
  assert.equal(explained.cases[0].id, "old-desk/2022-0001");
});

test("where it is not known of each whether it crossed a border, the week has no such number", async () => {
  const {db} = await house.database();
  const history = [{source: "rtir", before: new Date("2023-01-02T00:00:00Z")}];
  const week = weekNamed("2022-05-02", "Asia/Shanghai");
  const counts = await countCases(db, {weeks: [week], until: new Date(), handledWhen: "notified", history});
  assert.ok((counts.get(week.from)?.handled?.value ?? 0) > 0);
  assert.equal(counts.get(week.from)?.crossBorder, undefined);
  assert.ok((counts.get(week.from)?.complaints?.value ?? 0) > 0);
});

test("a file in the encoding of spreadsheets is read when the mapping says so, and refused with the remedy when not", async () => {
  const gbk = Buffer.concat([
    Buffer.from([0xb1, 0xe0, 0xba, 0xc5]),
    Buffer.from(",t,c,a\n9,2022-01-01,web.phish,http://a.example/\n"),
  ]);
  const file = path.join(temporaryFolder(), "gbk.csv");
  writeFileSync(file, gbk);
  const mapping = path.join(temporaryFolder(), "gbk.yaml");
  const columns = "columns: {externalId: 编号, openedAt: t, class: c, asset: a}\n";
  writeFileSync(mapping, `source: gbk\n${columns}`);
  await assert.rejects(say("case", "import", file, "--mapping", mapping), {
    code: "history_unreadable",
    message: /gbk\.csv is not utf-8: set `encoding` in the mapping/,
  });
  writeFileSync(mapping, `source: gbk\nencoding: gb18030\n${columns}`);
  assert.equal((await say("case", "import", file, "--mapping", mapping)).added, 1);
});

test("ten thousand old cases are taken in within ten seconds, and again, and changed", {timeout: 120_000}, async () => {
  const rows = (state: string): string =>
    Array.from(
      {length: 10_000},
      (_, n) => `${n},2021-01-01T00:00Z,web.phish,http://host-${n}.example/${"x".repeat(60)},${state}`,
    ).join("\n");
  const mapping = {
    name: "m",
    text: "source: bulk\ncolumns: {externalId: id, openedAt: t, class: c, asset: a, state: s}\n",
  };
  const importing = async (state: string) => {
    const file = {name: "bulk.csv", bytes: Buffer.from(`id,t,c,a,s\n${rows(state)}\n`)};
    const begin = performance.now();
    const answer = await importHistory(house, {file, mapping, form: null, isDry: false}, {by: "Li", now: new Date()});
    const seconds = (performance.now() - begin) / 1000;
    assert.ok(seconds < 10, `${seconds.toFixed(1)} s`);
    return [answer.added, answer.updated, answer.kept];
  };
  assert.deepEqual(await importing("open"), [10_000, 0, 0]);
  assert.deepEqual(await importing("open"), [0, 0, 10_000]);
  assert.deepEqual(await importing("verified"), [0, 10_000, 0]);
});

test("eight who import the same file at the same moment add it once", async () => {
  const given = {
    file: {name: "cases.csv", bytes: readFileSync(exampleOf("cases.csv"))},
    mapping: {name: "m", text: readFileSync(exampleOf("mapping.yaml"), "utf8").replace("old-desk", "together")},
    ...{form: null, isDry: false},
  };
  const act = {by: "Li", now: new Date()};
  const answers = await Promise.all(Array.from({length: 8}, () => importHistory(house, given, act)));
  assert.equal(
    answers.reduce((sum, {added}) => sum + added, 0),
    4,
  );
});
