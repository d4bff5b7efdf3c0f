/** A database that goes away at the worst of moments: between two statements, in a transaction, in its own recovery. */
import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {type AddressInfo, createServer} from "node:net";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {type TestContext} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {sql} from "kysely";
import {openTestDatabase} from "../../../test/database.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {enterFigures, figureHistory} from "../entries.ts";
import {type Database, openDatabase} from "../postgres.ts";
import {prepareDatabase} from "./cluster.ts";
import {askToStop, findPostmaster, stopPostmaster, waitUntilReady} from "./postmaster.ts";

const WEEK = "2023-02-20";
const NOW = new Date("2023-02-27T04:00:00Z");
const isAway = (error: unknown): boolean => error instanceof WatchfloorError && error.code === "database_unavailable";
const enter = ({db}: Database): Promise<void> =>
  enterFigures(db, [{week: WEEK, indicator: "incident.total", value: 1, by: "A"}], NOW);
const valuesIn = async ({db}: Database): Promise<(number | null)[]> =>
  (await figureHistory(db, WEEK)).map((entry) => entry.value);

test("a transaction that loses its connection says that the database is away, and the next one works", async () => {
  const database = await openTestDatabase();
  const lost = database.db.transaction().execute(async (work) => {
    const {rows} = await sql<{pid: number}>`SELECT pg_backend_pid() AS pid`.execute(work);
    await sql`SELECT pg_terminate_backend(${rows[0]?.pid})`.execute(database.db);
    await sleep(100);
    await sql`SELECT 1`.execute(work);
  });
  await assert.rejects(lost, isAway);
  await enter(database);
  assert.deepEqual(await valuesIn(database), [1]);
  await database.close();
});

/** Parts of PostgreSQL's protocol: it is there, it is ready, and it is ended. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
const FAREWELL = Buffer.from("SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0");

test("a server that is killed right after it let us in does not take the process with it", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(FAREWELL.length + 4);
      socket.end(Buffer.concat([WELCOME, Buffer.from("E"), length, FAREWELL]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const {port} = server.address() as AddressInfo;
  await prepareDatabase({host: "127.0.0.1", port}, {superuser: "s", application: "a"}).catch((error: unknown) =>
    assert.match(String(error), /terminat|not queryable/),
  );
  await sleep(50);
  await new Promise((resolve) => server.close(resolve));
});

/** A home whose server is ended and whose files are removed when the test ends, however it ends. */
function freshHome(t: TestContext): string {
  const home = mkdtempSync(path.join(tmpdir(), "wf-outage-"));
  t.after(() => {
    const running = findPostmaster(path.join(home, "postgres/data"));
    if (running !== null) process.kill(running.pid, "SIGKILL");
    rmSync(home, {recursive: true, force: true, maxRetries: 20});
  });
  return home;
}

/** Kills a part of the server, so that it recovers, and returns its data folder while it does. */
async function breakServer(home: string): Promise<string> {
  const data = path.join(home, "postgres/data");
  const {pid} = findPostmaster(data) ?? assert.fail("no server");
  const parts = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const part = parts.find((each) => readFileSync(`/proc/${each}/cmdline`, "utf8").includes("background writer"));
  process.kill(Number(part), "SIGKILL");
  await sleep(50);
  return data;
}

test("a server that is to stop in the middle of its recovery is stopped at once, and has lost nothing", {
  skip: process.platform !== "linux" && "skipped: no /proc",
}, async (t) => {
  const home = freshHome(t);
  const database = await openDatabase({home, url: null});
  await enter(database);
  await stopPostmaster(await breakServer(home), 500);
  await database.close();
  const again = await openDatabase({home, url: null});
  const data = await breakServer(home);
  askToStop(data); // as at the end of a process, which cannot wait
  while (findPostmaster(data)?.isStopping === false) await sleep(5);
  assert.equal(await waitUntilReady(data, 500), null);
  assert.deepEqual(await valuesIn(again), [1]);
  await again.close();
});
