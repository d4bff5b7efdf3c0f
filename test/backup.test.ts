import assert from "node:assert/strict";
import {appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {commandOf} from "../src/app/commands/index.ts";
import {type House, openHouse} from "../src/app/house.ts";
import {openEngine} from "../src/store/events/engine.ts";
import {type Ran, watchfloor} from "./command-line.ts";
import {createDatabase} from "./database.ts";
import {answerOf} from "./in-process.ts";
import {furnish, makeHome, temporaryFolder} from "./site.ts";

/**
 * A desk with reports, entries and a published edition is backed up and made again elsewhere, by the real command line and
 * with the database that lies in the data folder. What only looks, or only makes work, is done in this process: a command
 * line of its own each time would take most of the time and prove nothing more of a backup.
 */
const WEEK = "2026-03-02";
const FETCHED = ["--fetched-at", "2026-03-09T01:00:00Z"];
const LONG = {timeout: 240_000};

const folder = temporaryFolder();
const home = await makeHome();
const kept = path.join(folder, "kept");
const again = path.join(folder, "again");
const engine = openEngine({scratch: path.join(folder, "engine"), idleSeconds: 60, maxMemoryBytes: 1_600_000_000});
const houses = new Map<string, House>();
after(async () => {
  for (const house of houses.values()) await house.close(); // before the folders go
  await engine.close();
});

/** The open house of a folder. It keeps the folder's own database up, so that not every command has to start it. */
async function houseOf(at: string): Promise<House> {
  const known = houses.get(at);
  if (known !== undefined) return known;
  const house = await openHouse(at, {engine});
  houses.set(at, house);
  await house.database();
  return house;
}

/** Runs a command in this process, which must succeed, and gives its JSON. */
async function ask<Json>(at: string, ...words: readonly string[]): Promise<Json> {
  return answerOf<Json>(await houseOf(at), ...words);
}

/** Runs a command by the real command line, which must succeed, and gives its JSON. */
async function run<Json>(at: string, ...words: readonly string[]): Promise<Json> {
  const {code, out, err} = await watchfloor([...words, "--json"], {home: at});
  assert.deepEqual([code, err], [0, ""], `${words.join(" ")}: ${err}${out.slice(0, 300)}`);
  return JSON.parse(out);
}

/** Runs a restore in this process, which must be refused. */
async function notRestored(at: string, from: string, says: RegExp): Promise<void> {
  const call = {options: {from}, positionals: [], home: at, now: new Date(), say: () => undefined};
  const opened = async (): Promise<House> => assert.fail("a restore opens no house");
  await assert.rejects(async () => (await commandOf(["restore"]))?.run(call, opened), says);
}

async function refused(at: string, words: readonly string[], says: RegExp): Promise<Ran> {
  const ran = await watchfloor([...words, "--json"], {home: at});
  assert.deepEqual([ran.code, ran.out], [1, ""], words.join(" "));
  assert.match(ran.err, says);
  return ran;
}

/** Writes a list of defaced sites of one day, with a line that cannot be read. */
function report(name: string, sites: readonly string[], day = "2026-03-03"): string {
  const file = path.join(folder, `${name}.csv`);
  writeFileSync(file, `date,host\n${sites.map((site) => `${day},${site}\n`).join("")}${day},\n`);
  return file;
}

/** Everything of the archive, by path. */
function filesOf(at: string): Record<string, string> {
  const names = readdirSync(path.join(at, "archive"), {recursive: true, encoding: "utf8"}).sort();
  const files = names.filter((name) => /\.\w+$|^objects\/..\/./.test(name) && !name.endsWith(".wechat"));
  return Object.fromEntries(files.map((name) => [name, readFileSync(path.join(at, "archive", name), "latin1")]));
}

test("a desk has reports, entries and a published edition", LONG, async () => {
  const sites = (from: number): string[] => Array.from({length: 5}, (_, n) => `www.s${from + n}.example.cn`);
  const files = Array.from({length: 12}, (_, n) => report(`day-${n}`, sites(3 * n)));
  await ask(home, "ingest", ...files, "--feed", "defacement", ...FETCHED);
  const {days} = await ask<{days: unknown[]}>(home, "lake", "compact");
  assert.equal(days.length, 1, "the files of a day are one by now");
  await ask(home, "ingest", report("late", ["www.late.example.cn"]), "--feed", "defacement", ...FETCHED);
  const set = ["--set", "incident.total=17", "--by", "li"];
  await ask(home, "edition", "figures", "--week", WEEK, ...set);
  await ask(home, "edition", "rating", "--week", WEEK, "--set", "良", "--reason", "试行", "--by", "li");
  await ask(home, "edition", "draft", "--week", WEEK, "--by", "li");
  await ask(home, "edition", "publish", "--week", WEEK, "--by", "li");
  await ask(home, "edition", "publish", "--week", WEEK, "--approve", "wang");
});

interface Situation {
  readonly computedAt: string;
  readonly indicators: Readonly<Record<string, {value: number | null}>>;
}

test("the whole of it is in the backup, and stands again in another folder, byte for byte", LONG, async () => {
  const made = await run<{files: number; rows: number; notInIt: string[]}>(home, "backup", "--to", kept);
  assert.match(made.notInIt.join(), /passphrase/);
  assert.ok(!existsSync(path.join(kept, "postgres")));
  const restored = await run<{files: number; rows: number}>(again, "restore", "--from", kept);
  assert.deepEqual([restored.files, restored.rows], [made.files, made.rows]);
  furnish(again, {}); // the networks are prepared for all tests together
  assert.deepEqual(filesOf(again), filesOf(home));
  const checked = await run<{ok: boolean; entries: number}>(again, "edition", "verify", "--all");
  assert.deepEqual([checked.ok, checked.entries], [true, 1]);
  for (const words of [
    ["reports"],
    ["rejects"],
    ["feeds"],
    ["edition", "figures", "--week", WEEK],
    ["edition", "show", "--week", WEEK],
    ["explain", "--week", WEEK, "--indicator", "web.defaced", "--limit", "100"],
  ])
    assert.deepEqual(await ask(again, ...words), await ask(home, ...words), words.join(" "));
  const [one, other] = [
    await ask<Situation>(home, "situation", "--week", WEEK),
    await ask<Situation>(again, "situation", "--week", WEEK),
  ];
  assert.deepEqual({...other, computedAt: ""}, {...one, computedAt: ""});
  assert.equal(other.indicators["web.defaced"]?.value, 39);
});

test("work goes on in what was restored: a correction is published under the same key", LONG, async () => {
  await ask(again, "edition", "correct", "--week", WEEK, "--reason", "试行更正", "--by", "li");
  await ask(again, "edition", "publish", "--week", WEEK, "--by", "li");
  await run(again, "edition", "publish", "--week", WEEK, "--approve", "wang");
  assert.equal((await run<{entries: number}>(again, "edition", "verify", "--all")).entries, 2);
});

test("what is taken in, read again or merged meanwhile does no harm to a backup", LONG, async (context) => {
  const ids = (await ask<{id: string}[]>(home, "reports")).map(({id}) => id);
  const backups = {left: 3};
  const busy = (async () => {
    let rounds = 0;
    for (; backups.left > 0; rounds++) {
      const file = report(`busy-${rounds}`, [`www.b${rounds}.example.cn`], "2026-03-04");
      await ask(home, "ingest", file, "--feed", "defacement", ...FETCHED);
      await ask(home, "ingest", "--again", "--report", ids[rounds % ids.length] ?? "");
      if (rounds % 3 === 2) await ask(home, "lake", "compact");
    }
    context.diagnostic(`${rounds} rounds of work beside three backups`);
  })();
  try {
    for (; backups.left > 0; backups.left--)
      await run(home, "backup", "--to", path.join(folder, `busy-${backups.left}`));
  } finally {
    backups.left = 0;
    await busy;
  }
  for (const n of [1, 2, 3]) {
    const at = path.join(folder, `busy-again-${n}`);
    await run(at, "restore", "--from", path.join(folder, `busy-${n}`));
    const reports = await ask<{events: number | null}[]>(at, "reports");
    const read = reports.filter(({events}) => events !== null);
    assert.ok(read.length >= ids.length);
    const {indicators} = await ask<Situation>(at, "situation", "--week", WEEK);
    assert.equal(indicators["web.defaced"]?.value, 39 + read.length - ids.length);
  }
});

test("a folder that is not empty is left as it is, and so is one inside the data folder", LONG, async () => {
  const full = path.join(folder, "full");
  mkdirSync(full);
  writeFileSync(path.join(full, "mine.txt"), "mine");
  await refused(home, ["backup", "--to", full], /The folder is not empty\. .*full/);
  await assert.rejects(ask(home, "backup", "--to", kept), /The folder is not empty/);
  await refused(full, ["restore", "--from", kept], /The folder is not empty/);
  await notRestored(home, kept, /The folder is not empty/);
  assert.deepEqual(readdirSync(full), ["mine.txt"]);
  await assert.rejects(ask(home, "backup", "--to", path.join(home, "kept")), /lies in the data folder/);
});

test("a backup that is broken off, altered or none is refused, and the folder stays empty", LONG, async () => {
  const target = path.join(folder, "target");
  const copy = (name: string): string => {
    const to = path.join(folder, name);
    cpSync(kept, to, {recursive: true});
    return to;
  };
  const [altered, lost, broken] = [copy("altered"), copy("lost"), copy("broken")];
  appendFileSync(path.join(altered, "archive/chain.jsonl"), " ");
  rmSync(path.join(lost, "baseline.yaml"));
  rmSync(path.join(broken, "backup.json"));
  await notRestored(target, altered, /cannot be restored\. .*chain\.jsonl was altered/);
  await notRestored(target, lost, /baseline\.yaml is gone/);
  await notRestored(target, broken, /There is no .*backup\.json/);
  await notRestored(target, folder, /There is no .*backup\.json/);
  assert.deepEqual(readdirSync(target), []);
});

test("a desk with a database of its own is restored into an empty one that its configuration names", LONG, async () => {
  const {url, drop} = await createDatabase();
  const moved = path.join(folder, "moved");
  cpSync(kept, moved, {recursive: true});
  const config = path.join(moved, "watchfloor.yaml");
  writeFileSync(config, readFileSync(config, "utf8").replace("database: {url: null}", `database: {url: "${url}"}`));
  const at = path.join(folder, "moved-again");
  await run(at, "restore", "--from", moved);
  const figures = ["edition", "figures", "--week", WEEK];
  assert.deepEqual(await ask(at, ...figures), await ask(home, ...figures));
  await notRestored(path.join(folder, "second"), moved, /The database holds data already/);
  await houses.get(at)?.close();
  houses.delete(at);
  await drop();
});

test("a lake that lacks a file is not backed up as if it were whole", LONG, async () => {
  const day = path.join(home, `lake/day=2026-03-03`);
  const [name] = readdirSync(day);
  assert.ok(name);
  rmSync(path.join(day, name));
  const to = path.join(folder, "damaged");
  await refused(
    home,
    ["backup", "--to", to],
    /A file of the events is gone or damaged\. Report \S+ had events in day=/,
  );
  assert.deepEqual(readdirSync(to), []);
});
