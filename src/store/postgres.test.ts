import assert from "node:assert/strict";
import {type ChildProcess, execFileSync, spawn, spawnSync} from "node:child_process";
import {once} from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after, type TestContext} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {sql} from "kysely";
import {createDatabase} from "../../test/database.ts";
import {WatchfloorError} from "../model/errors.ts";
import {enterFigures, figureHistory} from "./entries.ts";
import {findPostmaster} from "./postgres/postmaster.ts";
import {joinServer} from "./postgres/server.ts";
import {type Database, openDatabase} from "./postgres.ts";

const WEEK = "2023-02-20";
const NOW = new Date("2023-02-27T04:00:00Z");
const IS_ROOT = process.getuid?.() === 0;
const isCoded = (code: string) => (error: unknown) => error instanceof WatchfloorError && error.code === code;

/** A home with an awkward name, whose server is stopped and whose files are removed when the test ends, however it ends. */
function freshHome(t: TestContext): string {
  const home = mkdtempSync(path.join(tmpdir(), "wf 周报,'-"));
  t.after(async () => {
    const running = findPostmaster(path.join(home, "postgres/data"));
    if (running !== null) process.kill(running.pid, "SIGKILL");
    rmSync(home, {recursive: true, force: true, maxRetries: 20});
  });
  return home;
}

let template: Promise<string> | null = null;
/** The same with the data made already: a copy, because making it takes a second of both processors. */
async function readyHome(t: TestContext): Promise<string> {
  template ??= (async () => {
    const home = mkdtempSync(path.join(tmpdir(), "wf-pg-template-"));
    await (await open(home)).close();
    return home;
  })();
  const home = freshHome(t);
  execFileSync("cp", ["-a", path.join(await template, "postgres"), home]);
  return home;
}
after(async () => {
  if (template !== null) rmSync(await template, {recursive: true, force: true});
});

const serverOf = (home: string) => findPostmaster(path.join(home, "postgres/data"));
const open = (home: string): Promise<Database> => openDatabase({home, url: null});
const enter = (database: Database, value: number): Promise<void> =>
  enterFigures(database.db, [{week: WEEK, indicator: "incident.total", value, by: "A"}], NOW);
const valuesIn = async (database: Database): Promise<(number | null)[]> =>
  (await figureHistory(database.db, WEEK)).map((entry) => entry.value);

/** Returns the server's pid, using the database until it has one: a child of a killed server answers for a moment yet. */
async function serverPid(database: Database, home: string): Promise<number> {
  for (let left = 50; left > 0; left--) {
    await valuesIn(database).catch(() => undefined);
    const pid = serverOf(home)?.pid;
    if (pid !== undefined) return pid;
    await sleep(20);
  }
  return assert.fail("no server");
}

/** Starts a process that opens the database, runs `body` with it, and says what it does line by line. */
function inProcess(home: string, body: string, how: {uid?: number} = {}): ChildProcess {
  const source = `
    import {openDatabase} from ${JSON.stringify(path.join(import.meta.dirname, "postgres.ts"))};
    import {enterFigures} from ${JSON.stringify(path.join(import.meta.dirname, "entries.ts"))};
    const say = (text) => process.stdout.write(text + "\\n");
    const enter = (value) => enterFigures(database.db,
      [{week: "${WEEK}", indicator: "incident.total", value, by: "A"}], new Date());
    const database = await openDatabase({home: ${JSON.stringify(home)}, url: null});
    ${body}`;
  const user = how.uid === undefined ? {} : {uid: how.uid, gid: how.uid};
  return spawn(process.execPath, ["--input-type=module-typescript", "-e", source], {
    ...user,
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/** Waits until the process has said the line, and returns all it said so far. */
async function said(child: ChildProcess, line: string): Promise<string[]> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.split("\n").includes(line)) break;
  }
  return text.split("\n").slice(0, -1);
}

test("the first opening makes the data, the next ones find it, and the last to close stops the server", async (t) => {
  const home = freshHome(t);
  const one = await open(home);
  await enter(one, 1);
  const two = await open(home);
  assert.deepEqual(await valuesIn(two), [1]);
  await one.close();
  assert.ok(serverOf(home), "somebody still holds it");
  await two.close();
  assert.equal(serverOf(home), null);
  const three = await open(home);
  assert.deepEqual(await valuesIn(three), [1]);
  await three.close();
  assert.equal(serverOf(home), null);
  assert.deepEqual(readdirSync(path.join(home, "postgres/holders")), []);
});

test("everything is durable, checked by checksums, and closed to others", async (t) => {
  const home = await readyHome(t);
  const {db, close} = await open(home);
  const {rows} = await sql<Record<string, unknown>>`
    SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
      current_setting('full_page_writes') AS pages, current_setting('data_checksums') AS checksums,
      current_setting('listen_addresses') AS addresses, rolsuper AS super, rolcreaterole AS "createsRoles"
    FROM pg_roles WHERE rolname = current_user`.execute(db);
  assert.deepEqual(rows, [
    {fsync: "on", commit: "on", pages: "on", checksums: "on", addresses: "", super: false, createsRoles: false},
  ]);
  for (const secret of ["data", "run", "secrets.json", "server.log"])
    assert.equal(statSync(path.join(home, "postgres", secret)).mode & 0o077, 0, secret);
  await close();
});

test("two processes that open a new home at once share one server", async (t) => {
  const home = freshHome(t);
  const body = `await enter(Number(process.pid)); say("entered"); process.stdin.once("data", async () => {
    await database.close(); say("closed"); process.exit(); });`;
  const children = [1, 2, 3].map(() => inProcess(home, body));
  for (const child of children) await said(child, "entered");
  const database = await open(home);
  assert.deepEqual(new Set(await valuesIn(database)), new Set(children.map((child) => child.pid)));
  await database.close();
  assert.ok(serverOf(home));
  for (const child of children) child.stdin?.write("close\n");
  await Promise.all(children.map((child) => once(child, "exit")));
  assert.equal(serverOf(home), null);
});

test("a killed holder does not keep the server up, and its server is used again", async (t) => {
  const home = await readyHome(t);
  const child = inProcess(home, `await enter(7); say("entered"); setInterval(() => {}, 1000);`);
  await said(child, "entered");
  child.kill("SIGKILL");
  await once(child, "exit");
  const orphan = serverOf(home);
  assert.ok(orphan, "nobody stopped it");
  const database = await open(home);
  assert.equal(serverOf(home)?.pid, orphan.pid);
  assert.deepEqual(await valuesIn(database), [7]);
  await database.close();
  assert.equal(serverOf(home), null);
});

const ENDS = [
  {end: "process.exit(0)", signal: null},
  {end: "throw new Error('a bug')", signal: null},
  {end: "setInterval(() => {}, 1000)", signal: "SIGTERM"},
  {end: "setInterval(() => {}, 1000)", signal: "SIGINT"},
  {end: "", signal: null},
] as const;

test("a process that ends without closing, by itself, a bug or a signal, stops its server", async (t) => {
  const home = await readyHome(t);
  const quiet = 'process.on("uncaughtException", () => process.exit(1));';
  for (const {end, signal} of ENDS) {
    const child = inProcess(home, `${quiet} say("open"); ${end};`);
    const ended = once(child, "exit");
    await said(child, "open");
    if (signal !== null) child.kill(signal);
    assert.equal((await ended)[1], signal);
    for (let left = 100; left > 0 && serverOf(home) !== null; left--) await sleep(20);
    assert.equal(serverOf(home), null, end);
  }
});

test("after kill -9 of the server nothing acknowledged is lost, and the open database works on", async (t) => {
  const home = await readyHome(t);
  const database = await open(home);
  const acknowledged: number[] = [];
  for (let round = 1; round <= 6; round++) {
    const first = await serverPid(database, home);
    for (let i = 0; i < 8; i++) {
      const value = round * 100 + i;
      if (i === round) process.kill(first, "SIGKILL");
      // One that is under way may fail, with a code; then nobody knows whether it was entered. Nothing else may fail.
      const isEntered = await enter(database, value).then(
        () => true,
        (error: unknown) => assert.ok(isCoded("database_unavailable")(error), String(error)),
      );
      if (isEntered === true) acknowledged.push(value);
    }
    assert.notEqual(await serverPid(database, home), first);
    const values = new Set(await valuesIn(database));
    assert.deepEqual(
      acknowledged.filter((value) => !values.has(value)),
      [],
    );
    assert.ok(acknowledged.length >= round * 6, "it works on");
  }
  await database.close();
});

test("a process killed in the middle of entering loses nothing that it has said", async (t) => {
  const home = await readyHome(t);
  const child = inProcess(home, `for (let i = 1; ; i++) { await enter(i); say(String(i)); }`);
  const lines = await said(child, "25");
  child.kill("SIGKILL");
  process.kill(serverOf(home)?.pid ?? assert.fail("no server"), "SIGKILL");
  const database = await open(home);
  const values = await valuesIn(database);
  assert.deepEqual(values.slice(0, lines.length), lines.map(Number));
  await database.close();
});

test("a database that is closed does not start its server again, however late somebody asks", async (t) => {
  const home = await readyHome(t);
  const database = await open(home);
  const {executeSql} = database;
  const server = await joinServer(path.join(home, "postgres"));
  process.kill(serverOf(home)?.pid ?? assert.fail("no server"), "SIGKILL");
  for (const late of [executeSql("SELECT 1"), enter(database, 1)]) late.catch(() => undefined); // nobody waits for them
  await database.close();
  await server.leave();
  await assert.rejects(executeSql("SELECT 1"));
  await assert.rejects(server.ensure(), isCoded("database_unavailable"));
  assert.equal(serverOf(home), null);
});

test("statements of a library run over the same connections, and one that failed half-way holds nothing up", async (t) => {
  const home = await readyHome(t);
  const {executeSql, close} = await open(home);
  const several = "BEGIN; SELECT 1 AS n; SELECT 2 AS n UNION SELECT 3 ORDER BY 1; COMMIT;";
  assert.deepEqual((await executeSql(several)).rows, [{n: 1}, {n: 2}, {n: 3}]);
  assert.deepEqual((await executeSql("SELECT $1::int + $2::int AS sum", [1, 2])).rows, [{sum: 3}]);
  for (let left = 20; left > 0; left--) await assert.rejects(executeSql("BEGIN; SELECT 1; SELECT nonsense; COMMIT;"));
  assert.deepEqual((await executeSql("SELECT txid_current_if_assigned() IS NULL AS free")).rows, [{free: true}]);
  process.kill(serverOf(home)?.pid ?? assert.fail("no server"), "SIGKILL");
  let rows: unknown[] = [];
  for (let left = 20; left > 0 && rows.length === 0; left--)
    ({rows} = await executeSql("SELECT 4 AS n").catch(() => ({rows: []})));
  assert.deepEqual(rows, [{n: 4}], "the server was started again");
  await close();
});

test("a pid file whose number another program has got since does not keep the server from starting", async (t) => {
  const home = await readyHome(t);
  const database = await open(home);
  await enter(database, 1);
  const {pid} = serverOf(home) ?? assert.fail("no server");
  process.kill(pid, "SIGKILL");
  const file = path.join(home, "postgres/data/postmaster.pid");
  while (serverOf(home) !== null) await sleep(5);
  writeFileSync(file, readFileSync(file, "utf8").replace(/^\d+/, String(process.pid)));
  await serverPid(database, home);
  assert.deepEqual(await valuesIn(database), [1]);
  await database.close();
});

test("where the path of the socket would be too long, loopback is used", async (t) => {
  const home = path.join(freshHome(t), "x".repeat(100));
  execFileSync("cp", ["-a", await readyHome(t), home]);
  const database = await open(home);
  await enter(database, 1);
  const host = serverOf(home)?.address.host;
  assert.equal(host, "127.0.0.1");
  process.kill(serverOf(home)?.pid ?? assert.fail(), "SIGKILL");
  while (serverOf(home) !== null) await sleep(5);
  await serverPid(database, home); // the new server listens on another port
  await enter(database, 2);
  assert.deepEqual(await valuesIn(database), [1, 2]);
  await database.close();
});

test("a database that cannot be had is said in one line that names the remedy", async (t) => {
  const home = await readyHome(t);
  const gone = openDatabase({home, url: "postgresql://nobody:secret@127.0.0.1:1/none"});
  await assert.rejects(gone, (error: unknown) => {
    assert.ok(isCoded("database_unavailable")(error));
    assert.match(String(error), /database\.url/);
    assert.doesNotMatch(String(error), /secret/);
    return true;
  });
  await (await open(home)).close();
  writeFileSync(path.join(home, "postgres/data/PG_VERSION"), "17\n");
  await assert.rejects(open(home), /is of PostgreSQL 17, not 18/);
  await assert.rejects(joinServer(path.join(home, "other"), []), isCoded("database_unavailable"));
});

test("a wrong password of a site's own database is said so", async () => {
  const {url, drop} = await createDatabase();
  const wrong = new URL(url);
  wrong.searchParams.set("password", "wrong");
  await assert.rejects(openDatabase({home: "unused", url: wrong.href}), isCoded("database_unavailable"));
  await drop();
});

test("on a full disk the database says so, and works on when there is room again", async (t) => {
  const home = freshHome(t);
  if (!IS_ROOT || spawnSync("mount", ["-t", "tmpfs", "-o", "size=110m", "tmpfs", home]).status !== 0)
    return t.skip("skipped: no right to mount here");
  try {
    const database = await open(home);
    await enter(database, 1);
    const filler = path.join(home, "filler");
    spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=1M"], {stdio: "ignore"});
    const many = Array.from({length: 2000}, () => ({week: WEEK, indicator: "x".repeat(2000), value: 1, by: "A"}));
    let error: unknown = null;
    for (let i = 0; i < 40 && error === null; i++)
      error = await enterFigures(database.db, many, NOW).then(
        () => null,
        (thrown: unknown) => thrown,
      );
    assert.ok(isCoded("disk_full")(error) || isCoded("database_unavailable")(error), String(error));
    rmSync(filler);
    assert.equal((await valuesIn(database))[0], 1);
    await enter(database, 2);
    await database.close();
  } finally {
    execFileSync("umount", ["-l", home]);
  }
});

test("an ordinary user, with or without a name, runs it, too", {skip: !IS_ROOT && "skipped: not root"}, async (t) => {
  for (const uid of [65_534, 54_321]) {
    const home = freshHome(t);
    chownSync(home, uid, uid);
    const child = inProcess(home, `await enter(1); await database.close(); say("done");`, {uid});
    await said(child, "done");
    assert.equal(statSync(path.join(home, "postgres/data")).uid, uid);
  }
});

test("root without user namespaces runs it as another user, and back again", {
  skip: !IS_ROOT && "skipped: not root",
}, async (t) => {
  const home = freshHome(t);
  chmodSync(home, 0o755); // so that the other user can get to it
  const folder = path.join(home, "postgres");
  const owners = [];
  for (const kind of ["namespace", "other", "namespace"] as const) {
    const server = await joinServer(folder, [kind]);
    await server.ensure();
    owners.push(statSync(path.join(folder, "data")).uid);
    await server.leave();
  }
  assert.equal(owners[0], 0);
  assert.notEqual(owners[1], 0);
  assert.equal(owners[2], 0);
});

test("root in a folder that nobody else may enter puts the data where its user can reach it", {
  skip: !IS_ROOT && "skipped: not root",
}, async (t) => {
  const home = await readyHome(t);
  const first = await open(home); // made in the home, then out of reach, as when a home is moved
  await enter(first, 5);
  await first.close();
  chownSync(home, 54_321, 54_321);
  const database = await open(home);
  const place = readFileSync(path.join(home, "postgres/place"), "utf8").trim();
  t.after(() => rmSync(place, {recursive: true, force: true}));
  assert.deepEqual(await valuesIn(database), [5]);
  assert.ok(!existsSync(path.join(home, "postgres/data")));
  await database.close();
  const again = await open(home);
  assert.deepEqual(await valuesIn(again), [5]);
  await again.close();
  assert.equal(findPostmaster(path.join(place, "data")), null);
});
