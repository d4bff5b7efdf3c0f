import assert from "node:assert/strict";
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {type Engine, openEngine} from "./engine.ts";
import {literal} from "./sql.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-engine-"));
const SCRATCH = path.join(FOLDER, "scratch");
const opened: Engine[] = [];
after(async () => {
  for (const engine of opened) await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

function open(how: {idleSeconds?: number; maxMemoryBytes?: number; scratch?: string} = {}): Engine {
  const engine = openEngine({scratch: SCRATCH, idleSeconds: 60, maxMemoryBytes: 1_000_000_000, ...how});
  opened.push(engine);
  return engine;
}

const shared = open();

/** Waits until the condition holds; the test fails after some seconds. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 20) {
    assert.ok(waited < 20_000, "waited too long");
    await sleep(20);
  }
}

test("an engine that dies in the middle of a statement costs a retry, not the statement", async () => {
  const long = shared.query<{sum: number}>("SELECT sum(sleepEachRow(0.02)) + 7 AS sum FROM numbers(60)", {
    function_sleep_max_microseconds_per_block: 10_000_000,
    max_block_size: 1,
  });
  await until(() => shared.pid() !== null);
  await sleep(300);
  const first = shared.pid();
  process.kill(first ?? assert.fail("no engine"), "SIGKILL");
  assert.deepEqual(await long, [{sum: 7}]);
  assert.notEqual(shared.pid(), first);
});

test("statements that every engine begins with are there in the next one too, until they are taken back", async () => {
  const table = path.join(FOLDER, "names.tsv");
  writeFileSync(table, "1\tone\n");
  const forget = shared.prepare([
    `CREATE DICTIONARY IF NOT EXISTS names (id UInt64, name String) PRIMARY KEY id SOURCE(FILE(path ${literal(table)} format 'TSV')) LAYOUT(HASHED()) LIFETIME(0)`,
  ]);
  const LOOK = "SELECT dictGet('names', 'name', toUInt64(1)) AS name";
  assert.deepEqual(await shared.query(LOOK), [{name: "one"}]);
  process.kill(shared.pid() ?? assert.fail("no engine"), "SIGKILL");
  assert.deepEqual(await shared.query(LOOK), [{name: "one"}]);
  forget();
  process.kill(shared.pid() ?? assert.fail("no engine"), "SIGKILL");
  await assert.rejects(shared.query(LOOK), {code: "engine_failed"});
});

test("an engine that dies again and again is told after three times", async () => {
  const engine = open();
  const killer = setInterval(() => {
    const pid = engine.pid();
    if (pid !== null) process.kill(pid, "SIGKILL");
  }, 5);
  try {
    await assert.rejects(engine.query("SELECT 1"), {code: "engine_failed", message: /it ended 3 times.*SIGKILL/});
  } finally {
    clearInterval(killer);
  }
  assert.deepEqual(await engine.query("SELECT 1 AS one"), [{one: 1}], "and the next statement is answered again");
});

test("an engine that is idle ends, leaves nothing behind, and comes back", async () => {
  const engine = open({idleSeconds: 0.2, scratch: path.join(FOLDER, "idle")});
  await engine.query("SELECT 1");
  assert.equal(readdirSync(path.join(FOLDER, "idle")).length, 1);
  await until(() => readdirSync(path.join(FOLDER, "idle")).length === 0);
  assert.deepEqual(await engine.query("SELECT 2 AS two"), [{two: 2}]);
});

test("a platform without the engine is told as such", async () => {
  const hook = path.join(FOLDER, "absent.cjs");
  writeFileSync(
    hook,
    `const M = require("module"); const load = M._load;
     M._load = function (name, ...rest) {
       if (name.startsWith("@chdb/")) throw Object.assign(new Error("Cannot find module " + name), {code: "MODULE_NOT_FOUND"});
       return load.call(this, name, ...rest);
     };`,
  );
  const before = process.env["NODE_OPTIONS"];
  process.env["NODE_OPTIONS"] = `--require ${hook}`;
  try {
    await assert.rejects(open().query("SELECT 1"), {code: "engine_missing", message: /no native binding/});
  } finally {
    if (before === undefined) delete process.env["NODE_OPTIONS"];
    else process.env["NODE_OPTIONS"] = before;
  }
});

test("more than its memory is an error of the statement, and the engine stays", async () => {
  const engine = open({maxMemoryBytes: 50_000_000});
  await assert.rejects(engine.query("SELECT uniqExact(number) FROM numbers(100000000)"), {
    code: "engine_failed",
    message: /MEMORY_LIMIT_EXCEEDED/,
  });
  const pid = engine.pid();
  assert.deepEqual(await engine.query("SELECT 1 AS one"), [{one: 1}]);
  assert.equal(engine.pid(), pid);
});

test("a statement may name tens of thousands of values", async () => {
  const names = Array.from({length: 40_000}, (_, number) => literal(`a family with a long name ${number}`));
  assert.deepEqual(await shared.query(`SELECT length([${names.join(", ")}]) AS names`), [{names: 40_000}]);
});

test("files are read and written in folders of any name", async () => {
  for (const name of [
    "plain",
    "with space",
    "a{b,c}d",
    "what?*",
    'it\'s "quoted"',
    "☃ 雪",
    "a::b",
    "[x]",
    "50%",
    "a\\b",
  ]) {
    const folder = path.join(FOLDER, "odd", name);
    mkdirSync(folder, {recursive: true});
    const engine = open({scratch: path.join(folder, "scratch")});
    const file = literal(path.join(engine.plain(folder), "rows.parquet"));
    await engine.run(`INSERT INTO FUNCTION file(${file}, 'Parquet') SELECT number FROM numbers(3)`);
    assert.ok(existsSync(path.join(folder, "rows.parquet")), name);
    const all = literal(path.join(engine.plain(folder), "*.parquet"));
    assert.deepEqual(await engine.query(`SELECT sum(number) AS sum FROM file(${all}, 'Parquet')`), [{sum: 3}], name);
    await engine.close();
  }
});

test("what the engine could not write is an error, though the engine itself does not say so", async () => {
  const write = (file: string): Promise<void> =>
    shared.run(`INSERT INTO FUNCTION file(${literal(file)}, 'JSONEachRow') SELECT number FROM numbers(10)`);
  const written = path.join(FOLDER, "written.jsonl");
  for (let round = 0; round < 2; round++) {
    await assert.rejects(write("/dev/full"), {code: "engine_failed", message: /\/dev\/full could not be written/});
    await write(written);
    assert.equal(readFileSync(written, "utf8").split("\n").length, 11);
    rmSync(written);
  }
});

test("an engine that is closed while statements wait does them first; one that died is not waited for", async () => {
  for (const isKilled of [false, true]) {
    const engine = open();
    const first = engine.query("SELECT 1 AS one").then((rows) => [rows, engine.query("SELECT 2 AS two")]);
    if (isKilled) {
      await first;
      process.kill(engine.pid() ?? assert.fail("no engine"), "SIGKILL");
    }
    await engine.close();
    const [one, two] = await first;
    assert.deepEqual([one, await two], [[{one: 1}], [{two: 2}]]);
    assert.equal(engine.pid(), null);
  }
});

test("what an engine took for scratch is gone when it is closed", async () => {
  const engine = open({scratch: path.join(FOLDER, "closed")});
  await engine.query("SELECT 1");
  await engine.close();
  assert.deepEqual(readdirSync(path.join(FOLDER, "closed")), []);
});
