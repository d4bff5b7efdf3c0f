import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import fc from "fast-check";
import {openLake, type Taken, type Taking, type TestLake, tableFile, ZONE} from "../../../../test/lake.ts";
import {assetsOf, countPlainly, keepAside, weekRows} from "../../../../test/week-oracle.ts";
import type {EventDimension} from "../../../model/indicator.ts";
import {weekNamed} from "../../../model/week.ts";
import {INDICATORS} from "../../../situation/indicators.ts";
import {openEngine} from "../engine.ts";
import {compactDays} from "../files/compaction.ts";
import {countWeeks} from "./week-counts.ts";
import type {CountedDefinition} from "./week-rows.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-weeks-"));
const engine = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 60, maxMemoryBytes: 1_600_000_000});
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

const RUNS = Number(process.env["WATCHFLOOR_RUNS"] ?? 4);
const WEEKS = ["2023-02-13", "2023-02-20", "2023-02-27"].map((monday) => weekNamed(monday, ZONE));
const SITE = {country: "CN", aimedFeeds: ["aimed"]};
/** All addresses lie in one province by the first table and in another, or in none, by the second. */
const TABLES: readonly Taking["tables"][] = [
  ["192.0.2.0/24\t44", "2001:db8::/32\t11"],
  ["192.0.2.0/28\t31", "198.51.100.0/24\t81"],
].map((lines, index) => ({provinces: tableFile(path.join(FOLDER, `tables-${index}`), "provinces.tsv", lines)}));
let lakes = 0;

function newLake(): TestLake {
  return openLake(engine, path.join(FOLDER, `home-${++lakes}`));
}

function definition(
  id: string,
  counting: Partial<CountedDefinition["counting"]> & {by?: readonly EventDimension[]},
): CountedDefinition {
  return {
    id,
    version: 1,
    title: {zh: id, en: id},
    meaning: {zh: id, en: id},
    unit: {zh: "", en: ""},
    counting: {how: "counted", distinct: "asset", where: [], by: [], ...counting},
  };
}

const TRIED = ["host.trojan_bot", "c2.ips", "msite.domains", "msite.direct_ips", "web.phishing_pages", "phish.ips"];

/** Some of ours, and some that no site would want but that any count must survive. */
const DEFINITIONS: readonly CountedDefinition[] = [
  ...INDICATORS.flatMap((each) =>
    each.counting.how === "counted" && TRIED.includes(each.id) ? [{...each, counting: each.counting}] : [],
  ),
  definition("all.assets", {by: ["scope", "province", "family", "severity", "tld"]}),
  definition("all.ips", {distinct: "ip", by: ["province", "family", "country"]}),
  definition("one.class", {where: [{column: "class", is: ["mal.bot"]}], by: ["family", "sector", "province"]}),
  definition("two.classes", {
    distinct: "ip",
    where: [{column: "class", is: ["mal.bot", "mal.c2"]}],
    by: ["scope", "family"],
  }),
  definition("not.domestic", {
    where: [
      {column: "scope", isNot: ["domestic"]},
      {column: "assetKind", is: ["url", "site"]},
    ],
    by: ["feed", "tld"],
  }),
  definition("no.province", {distinct: "ip", where: [{column: "province", isFilled: false}], by: ["severity"]}),
  definition("platforms", {distinct: "platform", where: [{column: "class", isNot: ["mal.bot"]}], by: ["scope"]}),
];

/** One event of a generated report. */
interface Line {
  readonly day: number;
  readonly hour: number;
  readonly asset: string;
  readonly class: string;
  readonly family: string;
  readonly severity: string;
  readonly sector: string;
}

const ADDRESSES = [
  "192.0.2.1",
  "192.0.2.200",
  "198.51.100.7",
  "2001:db8::1",
  "2001:db8:ffff::2",
  "203.0.113.5",
  "::1.2.3.4",
];
const ASSET = fc.oneof(
  fc.constantFrom(...ADDRESSES).map((ip) => `${ip},,`),
  fc.constantFrom("a.example.cn", "www.a.example.cn", "b.gov.cn", "c.example.com").map((host) => `,${host},`),
  fc
    .constantFrom("http://a.example.cn/1", "http://a.example.cn/2", "http://192.0.2.1/x", "http://[2001:db8::1]/y")
    .map((url) => `,,${url}`),
  fc.constantFrom(...ADDRESSES).map((ip) => `${ip},,http://shared.example.com/z`),
);
const LINE = fc.record<Line>({
  day: fc.nat(20),
  hour: fc.nat(23),
  asset: ASSET,
  class: fc.constantFrom("mal.bot", "mal.worm", "mal.c2", "mal.site", "web.phish", "nonsense"),
  family: fc.constantFrom("", "f1", "F1", "f2", "f3", "Ünï"),
  severity: fc.constantFrom("", "high", "low"),
  sector: fc.constantFrom("", "finance"),
});
const TAKE = fc.record({
  lines: fc.array(LINE, {minLength: 1, maxLength: 30}),
  feed: fc.constantFrom("one", "two", "aimed"),
  table: fc.nat(1),
});
const STEP = fc.oneof(
  {weight: 5, arbitrary: fc.record({do: fc.constant("take" as const), report: TAKE})},
  {weight: 1, arbitrary: fc.record({do: fc.constant("again" as const), which: fc.nat()})},
  {weight: 2, arbitrary: fc.record({do: fc.constant("replay" as const), which: fc.nat(), table: fc.nat(1)})},
  {weight: 2, arbitrary: fc.record({do: fc.constant("compact" as const), most: fc.nat(2)})},
  {weight: 3, arbitrary: fc.record({do: fc.constant("count" as const)})},
);

/** Minutes and seconds make times different, so that "the latest event" needs no rule for equals; `tie` leaves them out. */
function textOf(lines: readonly Line[], first: number, tie: boolean): string {
  const rows = lines.map((line, index) => {
    const second = tie ? 0 : (first + index) % 3600;
    const at = new Date(Date.UTC(2023, 1, 12, 16 + line.hour, 0, second) + line.day * 86_400_000).toISOString();
    return `${at},${line.asset},${line.class},${line.family},${line.severity},${line.sector},${first + index}`;
  });
  return `time,ip,host,url,class,family,severity,sector,token\n${rows.join("\n")}\n`;
}

/** Does the steps and calls `counted` whenever it is to be counted. */
async function walk(
  lake: TestLake,
  steps: readonly (typeof STEP extends fc.Arbitrary<infer Step> ? Step : never)[],
  how: {tie: boolean; count: () => Promise<void>},
): Promise<Taken[]> {
  const taken: {done: Taken; text: string; feed: string}[] = [];
  let first = 0;
  for (const step of steps) {
    if (step.do === "take") {
      const {lines, feed, table} = step.report;
      const text = textOf(lines, first, how.tie);
      first += lines.length;
      taken.push({done: await lake.take(text, {feed, tables: TABLES[table] ?? {}}), text, feed});
    } else if (step.do === "compact")
      await compactDays({engine, lake: lake.lake, before: "2024-01-01", mostFiles: step.most});
    else if (step.do === "count") await how.count();
    else {
      const one = taken[step.which % Math.max(1, taken.length)];
      if (one === undefined) continue;
      if (step.do === "replay") await lake.replay(one.done.report, {tables: TABLES[step.table] ?? {}});
      else assert.equal((await lake.take(one.text, {feed: one.feed})).isDuplicate, true);
    }
  }
  return taken.map(({done}) => done);
}

async function plainCounts(lake: TestLake) {
  const weeks = [];
  for (const week of WEEKS) {
    const assets = assetsOf(await weekRows(lake, week));
    weeks.push(Object.fromEntries(DEFINITIONS.map((each) => [each.id, countPlainly(assets, each, SITE)])));
  }
  return weeks;
}

/** A lake whose reports are kept aside as they come in. */
function watchedLake(): TestLake {
  const lake = newLake();
  const watched = async (taking: Promise<Taken>): Promise<Taken> => {
    const done = await taking;
    if (!done.isDuplicate) keepAside(lake, done.commit);
    return done;
  };
  return {
    ...lake,
    take: (text, how) => watched(lake.take(text, how)),
    replay: (report, how) => watched(lake.replay(report, how)),
  };
}

async function tableCounts(lake: TestLake) {
  const weeks = await countWeeks(lake.counting(DEFINITIONS), WEEKS);
  return WEEKS.map((week) =>
    Object.fromEntries(
      Object.entries(weeks.get(week.from)?.counts ?? {}).map(([id, {value, by}]) => [id, {value, by}]),
    ),
  );
}

test("whatever was taken in, replayed and merged in whatever order, a week counts as its single events do", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, {minLength: 3, maxLength: 9}), async (steps) => {
      const lake = watchedLake();
      const count = async (): Promise<void> => assert.deepEqual(await tableCounts(lake), await plainCounts(lake));
      await walk(lake, [...steps, {do: "count"}], {tie: false, count});
      rmSync(lake.home, {recursive: true, force: true});
    }),
    {numRuns: RUNS},
  );
});

test("a week table that was brought up to date step by step equals one made at once, also where events are equally late", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, {minLength: 3, maxLength: 9}), async (steps) => {
      const lake = newLake();
      await walk(lake, steps, {tie: true, count: async () => void (await tableCounts(lake))});
      const stepwise = await tableCounts(lake);
      rmSync(path.join(lake.lake, "weeks"), {recursive: true, force: true});
      assert.deepEqual(stepwise, await tableCounts(lake));
      rmSync(lake.home, {recursive: true, force: true});
    }),
    {numRuns: RUNS},
  );
});

/** Rows of a report about one class: address and family by number. */
function familyRows(from: number, to: number): string {
  const rows = Array.from({length: to - from}, (_, index) => {
    const number = from + index;
    const second = String(number % 60).padStart(2, "0");
    return `2023-02-21 0${number % 9}:${String(Math.floor(number / 60) % 60).padStart(2, "0")}:${second},10.1.${number >> 8}.${number & 255},mal.bot,fam-${number % 700}`;
  });
  return `time,ip,class,family\n${rows.join("\n")}\n`;
}

test("more than 256 families, more in each report, are all counted", async () => {
  const lake = watchedLake();
  for (const [from, to] of [
    [0, 200],
    [150, 520],
    [500, 1200],
  ] as const) {
    await lake.take(familyRows(from, to));
    const [, week] = await tableCounts(lake);
    assert.deepEqual(week, (await plainCounts(lake))[1]);
    assert.equal(week?.["one.class"]?.by.family?.length, Math.min(to, 700));
  }
});

test("the same lines in other deliveries are other reports, and count no asset twice", async () => {
  const lake = newLake();
  const text = familyRows(0, 60);
  await lake.take(text);
  const whole = await tableCounts(lake);
  const [header = "", ...rows] = text.trim().split("\n");
  const shuffled = rows.toReversed();
  for (const some of [shuffled.slice(0, 25), shuffled.slice(25), shuffled])
    assert.equal((await lake.take([header, ...some].join("\n"))).isDuplicate, false);
  assert.deepEqual(await tableCounts(lake), whole);
});

test("an event that comes late counts in its own week, and a week that nothing tells of counts nothing", async () => {
  const lake = newLake();
  await lake.take("time,ip,class\n2023-02-19T15:59:59Z,192.0.2.1,mal.bot\n2023-02-19T16:00:00Z,192.0.2.2,mal.bot\n");
  const of = async (): Promise<unknown[]> => (await tableCounts(lake)).map((week) => week["one.class"]?.value);
  assert.deepEqual(await of(), [1, 1, 0]);
  await lake.take("time,ip,class\n2023-02-14T00:00:00Z,192.0.2.3,mal.bot\n", {
    fetchedAt: new Date("2023-03-01T00:00:00Z"),
  });
  assert.deepEqual(await of(), [2, 1, 0]);
});

test("families are new when no earlier week has them; the first week cannot tell", async () => {
  const lake = newLake();
  const fresh = {...definition("new", {}), counting: {how: "new", distinct: "family", where: []} as const};
  const row = (day: string, family: string): string => `${day}T00:00:00Z,192.0.2.1,mal.bot,${family}`;
  const all = ["13", "14", "20", "27"].map((day, index) => row(`2023-02-${day}`, ["a", "b", "a", "c"][index] ?? ""));
  await lake.take(`time,ip,class,family\n${all.join("\n")}\n`);
  const counted = await countWeeks(lake.counting([fresh]), WEEKS);
  assert.deepEqual(
    WEEKS.map((week) => counted.get(week.from)?.counts["new"]?.value),
    [null, 0, 1],
  );
});

test("a week with late events only was not looked at: its feed told nothing of it, and the week after it is the first", async () => {
  const lake = newLake();
  const fresh = {...definition("new", {}), counting: {how: "new", distinct: "family", where: []} as const};
  const row = (day: string, index: number): string => `${day}T00:00:00Z,192.0.2.${index},mal.bot,${index % 3}`;
  const rows = ["2023-02-18", ...Array.from({length: 30}, () => "2023-02-21")].map(row);
  await lake.take(`time,ip,class,family\n${rows.join("\n")}\n`);
  const counted = await countWeeks(lake.counting([fresh]), WEEKS);
  const of = (week: string) => counted.get(week)?.deliveries.map(({reports, events}) => ({reports, events}));
  assert.deepEqual([of("2023-02-13"), of("2023-02-20")], [[{reports: 0, events: 1}], [{reports: 1, events: 30}]]);
  assert.equal(counted.get("2023-02-20")?.counts["new"]?.value, null);
});

test("what a feed brings in its first week is not new: other feeds have looked for other things before", async () => {
  const lake = newLake();
  const where = [{column: "class", is: ["mal.c2"]}] as const;
  const fresh = {...definition("new", {}), counting: {how: "new", distinct: "family", where}} as const;
  await lake.take("time,ip,class,family\n2023-02-14T00:00:00Z,192.0.2.1,mal.bot,a\n", {feed: "one"});
  await lake.take("time,ip,class,family\n2023-02-21T00:00:00Z,192.0.2.2,mal.c2,b\n", {feed: "two"});
  await lake.take("time,ip,class,family\n2023-02-28T00:00:00Z,192.0.2.2,mal.c2,c\n", {feed: "two"});
  const counted = await countWeeks(lake.counting([fresh]), WEEKS);
  assert.deepEqual(
    WEEKS.map((week) => counted.get(week.from)?.counts["new"]?.value),
    [null, null, 1],
  );
});
