import assert from "node:assert/strict";
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {openLake, type Taken, type TestLake, ZONE} from "../../../../test/lake.ts";
import {weekNamed} from "../../../model/week.ts";
import {openEngine} from "../engine.ts";
import {explainIndicator} from "../explain.ts";
import {liveFiles, withEvents} from "../live-files.ts";
import {countWeeks} from "../weeks/week-counts.ts";
import type {CountedDefinition} from "../weeks/week-rows.ts";
import {clearLake} from "./clearing.ts";
import {compactDays} from "./compaction.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-merged-"));
const engine = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 60, maxMemoryBytes: 1_600_000_000});
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

const DAY = "2023-02-21";
const BEFORE = "2024-01-01";
const WEEK = weekNamed("2023-02-20", ZONE);
const BOTS: CountedDefinition = {
  id: "bots",
  version: 1,
  title: {zh: "bots", en: "bots"},
  meaning: {zh: "bots", en: "bots"},
  unit: {zh: "", en: ""},
  counting: {how: "counted", distinct: "asset", where: [{column: "class", is: ["mal.bot"]}], by: ["family"]},
};
let lakes = 0;

/** A lake with reports of several kinds: other columns, other days, no event at all, IPv6. */
async function filledLake(): Promise<{lake: TestLake; taken: Taken[]}> {
  const lake = openLake(engine, path.join(FOLDER, `home-${++lakes}`));
  const texts = [
    `time,ip,family,token\n${DAY} 01:00:00,192.0.2.9,f,a\n${DAY} 01:00:00,192.0.2.9,f,a\n${DAY} 02:00:00,2001:db8::1,g,\n`,
    `time,ip,host,other,token\n${DAY} 01:00:00,192.0.2.1,b.example.cn,o1,"x'y"\n2023-02-22 01:00:00,192.0.2.1,,o2,t2\n`,
    `time,ip,url\n${DAY} 03:00:00,192.0.2.1,http://a.example.cn/\n`,
    `time,ip,family,token\n${DAY} 01:00:00,192.0.2.3,f,b\n`,
  ];
  const taken = [];
  for (const text of texts) taken.push(await lake.take(text, {fetchedAt: new Date(`${DAY}T05:00:00Z`)}));
  // one without an event speaks of the day before it came
  taken.push(await lake.take("time,ip\nsoon,192.0.2.1\n", {fetchedAt: new Date("2023-02-22T05:00:00Z")}));
  return {lake, taken};
}

const compact = ({lake}: TestLake, mostFiles = 1) => compactDays({engine, lake, before: BEFORE, mostFiles});

async function factsOf({lake, counting}: TestLake): Promise<unknown> {
  const work = counting([BOTS]);
  const counted = (await countWeeks(work, [WEEK])).get(WEEK.from);
  const explained = await explainIndicator({...work, week: WEEK, definition: BOTS, operators: null, limit: 100});
  const rows = await withEvents(lake, [DAY, "2023-02-22"], {
    work: (events) => engine.query(`SELECT * FROM ${events} ORDER BY report, line`),
  });
  return {counted, explained, rows};
}

const tagOf = ({lake}: TestLake): string =>
  (JSON.parse(readFileSync(path.join(lake, "weeks", WEEK.from, "table.json"), "utf8")) as {tag: string}).tag;
const filesOn = ({lake}: TestLake, day = DAY): string[] => readdirSync(path.join(lake, `day=${day}`));

test("merging the files of a day changes no count, no explanation, no event, and rebuilds no week table", async () => {
  const {lake} = await filledLake();
  const before = await factsOf(lake);
  const tag = tagOf(lake);
  assert.deepEqual(await compact(lake), [{day: DAY, files: 5, events: 6}]);
  assert.deepEqual(await factsOf(lake), before);
  assert.equal(tagOf(lake), tag);
  rmSync(path.join(lake.lake, "weeks"), {recursive: true});
  assert.deepEqual(await factsOf(lake), before);
  assert.deepEqual(
    filesOn(lake).map((name) => name.replace(/[0-9a-f]{12}/, "TAG")),
    ["merged.TAG.parquet"],
  );
});

test("a merged file is sorted by class, address and asset, and keeps what each report brought", async () => {
  const {lake} = await filledLake();
  await compact(lake);
  const rows = await engine.query<{key: string; extra: Record<string, string>}>(
    `SELECT concat(class, ' ', replaceAll(toString(assumeNotNull(ip)), '::ffff:', ''), ' ', asset) AS key, extra
     FROM file('${lake.lake}/day=${DAY}/*.parquet', 'Parquet', 'class String, ip Nullable(IPv6), asset String, extra Map(String, String)')`,
  );
  assert.deepEqual(rows, [
    {key: "mal.bot 192.0.2.1 b.example.cn", extra: {other: "o1", token: "x'y"}},
    {key: "mal.bot 192.0.2.1 http://a.example.cn/", extra: {}},
    {key: "mal.bot 192.0.2.3 ", extra: {token: "b"}},
    {key: "mal.bot 192.0.2.9 ", extra: {token: "a"}},
    {key: "mal.bot 192.0.2.9 ", extra: {token: "a"}},
    {key: "mal.bot 2001:db8::1 ", extra: {}},
  ]);
});

test("a member that is replayed afterwards counts as it is now, also when the day is merged again", async () => {
  const {lake, taken} = await filledLake();
  await compact(lake);
  const [first] = taken;
  const before = await factsOf(lake);
  await lake.replay(first?.report ?? assert.fail());
  assert.deepEqual(await factsOf(lake), before);
  assert.deepEqual(
    (await liveFiles(lake.lake, [DAY])).files.map((file) => file.without),
    [[first?.report.id], []],
  );
  assert.deepEqual(await compact(lake), [{day: DAY, files: 2, events: 6}]);
  assert.deepEqual(await factsOf(lake), before);
  assert.equal(filesOn(lake).length, 1);
  assert.equal(readdirSync(path.join(lake.lake, "compactions")).filter((name) => name.endsWith(".json")).length, 1);
});

test("a day with few files, or without an event, is left alone; so are days that are not over", async () => {
  const {lake} = await filledLake();
  assert.deepEqual(await compact(lake, 8), []);
  assert.deepEqual(await compactDays({engine, lake: lake.lake, before: DAY, mostFiles: 1}), []);
  const empty = openLake(engine, path.join(FOLDER, `home-${++lakes}`));
  for (const token of ["a", "b", "c"]) await empty.take(`time,ip,token\nsoon,192.0.2.1,${token}\n`);
  assert.deepEqual(await compact(empty), []);
});

test("reports that come while a day is merged are neither lost nor counted twice", async () => {
  const {lake} = await filledLake();
  const compacting = Promise.all([compact(lake), compact(lake)]);
  const more = [];
  for (let number = 0; number < 6; number++)
    more.push(lake.take(`time,ip,token\n${DAY} 06:00:00,192.0.2.${100 + number},n${number}\n`));
  await Promise.all([compacting, ...more]);
  const rows = await withEvents(lake.lake, [DAY], {
    work: (events) => engine.query(`SELECT count() AS rows, uniqExact(report, line) AS lines FROM ${events}`),
  });
  assert.deepEqual(rows, [{rows: 12, lines: 12}]);
  await compact(lake);
  assert.equal(filesOn(lake).length, 1);
});

/** Two days from now everything that is there now is old. */
const LATER = new Date(Date.now() + 2 * 24 * 3600 * 1000);

test("what no record names is cleared when it is old, and nothing else", async () => {
  const {lake, taken} = await filledLake();
  await compact(lake);
  await lake.replay(taken[4]?.report ?? assert.fail());
  const before = await factsOf(lake);
  const leftovers = [
    `day=${DAY}/trial-0123456789abcdef.0123456789ab.parquet`,
    `day=${DAY}/${taken[0]?.report.id}.0123456789ab.parquet`,
    `day=${DAY}/merged.0123456789ab.parquet`,
    `rejects/${taken[4]?.report.id}.0123456789ab.jsonl`,
    `compactions/merged.ba9876543210.parquet.json`,
    `weeks/${WEEK.from}/facts.0123456789ab.parquet`,
    `weeks/${WEEK.from}/cube.0123456789ab.json`,
  ];
  for (const name of leftovers)
    writeFileSync(path.join(lake.lake, name), name.endsWith("json") ? '{"members":[]}' : "x");
  mkdirSync(path.join(lake.lake, "tmp", "gone.999999999-0123456789ab.tmp"));
  const present = readdirSync(lake.lake, {recursive: true}).length;
  assert.equal(await clearLake(lake.lake, new Date()), 1, "only what a process that is gone was writing");
  assert.equal(readdirSync(lake.lake, {recursive: true}).length, present - 1);
  assert.equal(await clearLake(lake.lake, LATER), leftovers.length);
  for (const name of leftovers) assert.ok(!existsSync(path.join(lake.lake, name)), name);
  assert.deepEqual(await factsOf(lake), before);
  assert.equal(await clearLake(lake.lake, LATER), 0);
});
