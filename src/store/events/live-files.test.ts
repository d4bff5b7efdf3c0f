import assert from "node:assert/strict";
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {openLake} from "../../../test/lake.ts";
import {type Commit, commitFile, readCommit} from "./commits.ts";
import {openEngine} from "./engine.ts";
import {compactionFile, liveFiles, withEvents} from "./live-files.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-live-"));
const engine = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 60, maxMemoryBytes: 1_600_000_000});
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

const DAY = "2023-02-20";
let lakes = 0;

function newLake(name = `home-${++lakes}`) {
  return openLake(engine, path.join(FOLDER, name));
}

/** A report of so many events on the day, and the next day. */
function reportOn(token: string, rows = 2): string {
  const lines = Array.from({length: rows}, (_, row) => `2023-02-2${row % 2} 01:00:00,192.0.2.${row},${token}`);
  return `time,ip,token\n${lines.join("\n")}\n`;
}

const count = (events: string): Promise<{rows: number; reports: number}[]> =>
  engine.query(`SELECT count() AS rows, uniqExact(report) AS reports FROM ${events}`);

/** Writes the record of another generation with files of a new name, as a replay does. */
function replaceBySteps(lake: string, commit: Commit): (() => void)[] {
  const next: Commit = {
    ...commit,
    generation: commit.generation + 1,
    files: commit.files.map((file) => ({...file, name: `${commit.id}.${"f".repeat(11)}${commit.generation}.parquet`})),
  };
  const at = (file: {day: string; name: string}): string => path.join(lake, `day=${file.day}`, file.name);
  return [
    ...next.files.map((file, index) => () => copyFileSync(at(commit.files[index] ?? assert.fail()), at(file))),
    () => writeFileSync(commitFile(lake, commit.id), JSON.stringify(next)),
    ...commit.files.map((file) => () => rmSync(at(file))),
  ];
}

test("a file that no record names is not seen, nor one of an older generation", async () => {
  const {take, lake} = newLake();
  const first = await take(reportOn("a"));
  const [file] = first.commit.files;
  const folder = path.join(lake, `day=${DAY}`);
  const own = path.join(folder, file?.name ?? "");
  copyFileSync(own, path.join(folder, "trial-0000000000000000.0123456789ab.parquet"));
  copyFileSync(own, path.join(folder, `${first.commit.id}.0123456789ab.parquet`));
  copyFileSync(own, path.join(folder, "merged.0123456789ab.parquet"));
  const live = await liveFiles(lake, [DAY]);
  assert.deepEqual(live.files, [{day: DAY, name: file?.name, without: []}]);
  assert.deepEqual(
    live.members.map((member) => member.rows),
    [1],
  );
});

test("at every step of a replay a reader sees the report once, on all its days", async () => {
  const {take, lake} = newLake();
  const {commit} = await take(reportOn("replayed", 6));
  await take(reportOn("other", 4));
  for (const step of replaceBySteps(lake, commit)) {
    step();
    const days = [DAY, "2023-02-21"];
    assert.deepEqual(await withEvents(lake, days, {work: count}), [{rows: 10, reports: 2}]);
    assert.deepEqual(await withEvents(lake, [DAY], {work: count}), [{rows: 5, reports: 2}]);
  }
});

test("a replay between looking and reading makes the reader look again", async () => {
  const {take, lake} = newLake();
  const {commit} = await take(reportOn("gone", 6));
  let looks = 0;
  const rows = await withEvents(lake, [DAY, "2023-02-21"], {
    choose: (live) => {
      if (looks++ === 0) for (const step of replaceBySteps(lake, commit)) step();
      return live.files;
    },
    work: count,
  });
  assert.deepEqual(rows, [{rows: 6, reports: 1}]);
  assert.equal(looks > 1, true);
});

test("what is read stays until it has been read, and no link is left", async () => {
  const {take, lake} = newLake();
  const {commit} = await take(reportOn("held", 6));
  const rows = await withEvents(lake, [DAY, "2023-02-21"], {
    work: async (events) => {
      for (const step of replaceBySteps(lake, commit)) step();
      return count(events);
    },
  });
  assert.deepEqual(rows, [{rows: 6, reports: 1}]);
  assert.deepEqual(readdirSync(path.join(lake, "tmp")), []);
});

test("a record that names a file which is not there is damage, and is told with the report", async () => {
  const {take, lake} = newLake();
  const {commit} = await take(reportOn("lost", 4));
  const [first] = commit.files;
  rmSync(path.join(lake, `day=${DAY}`, first?.name ?? ""));
  await assert.rejects(liveFiles(lake, [DAY, "2023-02-21"]), {code: "lake_damaged", message: new RegExp(commit.id)});
  assert.notEqual(await readCommit(lake, commit.id), null);
});

test("a day of more than 1,200 reports is read whole, in a folder of an odd name", async () => {
  const {take, lake} = newLake("odd {a,b} *'\"? ☃ [x] c::d");
  const {commit} = await take(reportOn("many", 1));
  const folder = path.join(lake, `day=${DAY}`);
  const own = path.join(folder, commit.files[0]?.name ?? "");
  const many = 1250;
  for (let number = 0; number < many; number++) {
    const id = `trial-${String(number).padStart(16, "0")}`;
    const file = {day: DAY, name: `${id}.0123456789ab.parquet`, rows: 1};
    copyFileSync(own, path.join(folder, file.name));
    mkdirSync(path.dirname(commitFile(lake, id)), {recursive: true});
    writeFileSync(commitFile(lake, id), JSON.stringify({...commit, id, files: [file]}));
  }
  assert.deepEqual(await withEvents(engine.plain(lake), [DAY], {work: count}), [{rows: many + 1, reports: 1}]);
  assert.equal((await liveFiles(lake, [DAY])).commits.size, many + 1);
});

test("a merged file gives its members' rows once, without those that were replayed since", async () => {
  const {take, lake} = newLake();
  const taken = [await take(reportOn("m1", 1)), await take(reportOn("m2", 1)), await take(reportOn("m3", 1))];
  const folder = path.join(lake, `day=${DAY}`);
  const members = taken.map(({commit}) => ({report: commit.id, name: commit.files[0]?.name ?? "", rows: 1}));
  const merged = path.join(folder, "merged.0123456789ab.parquet");
  await engine.run(
    `INSERT INTO FUNCTION file('${merged}', 'Parquet') SELECT * FROM file('${folder}/trial-*.parquet', 'Parquet')`,
  );
  assert.equal((await liveFiles(lake, [DAY])).files.length, 3, "without a record it is not seen");
  mkdirSync(path.dirname(compactionFile(lake, "x")), {recursive: true});
  writeFileSync(
    compactionFile(lake, path.basename(merged)),
    JSON.stringify({day: DAY, name: path.basename(merged), members}),
  );
  assert.deepEqual(await withEvents(lake, [DAY], {work: count}), [{rows: 3, reports: 3}], "members are still there");
  for (const {name} of members.slice(1)) rmSync(path.join(folder, name));
  assert.deepEqual(await withEvents(lake, [DAY], {work: count}), [{rows: 3, reports: 3}], "and partly gone");
  const [first] = taken;
  for (const step of replaceBySteps(lake, first?.commit ?? assert.fail())) {
    step();
    assert.deepEqual(await withEvents(lake, [DAY], {work: count}), [{rows: 3, reports: 3}]);
  }
  const live = await liveFiles(lake, [DAY]);
  assert.deepEqual(live.files.find((file) => file.name === path.basename(merged))?.without, [first?.commit.id]);
  assert.ok(existsSync(merged));
});
