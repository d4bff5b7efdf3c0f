/** From the tables of the last release to those of today: with its rows, and when the process dies at any step. */
import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {once} from "node:events";
import {copyFileSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {sql} from "kysely";
import {BACKUP_FILE, backUpDatabase, restoreDatabase} from "../src/store/backup.ts";
import {appliedMigrations, MIGRATIONS} from "../src/store/migrations/index.ts";
import {openDatabase} from "../src/store/postgres.ts";
import {createDatabase} from "./database.ts";
import {ROOT, temporaryFolder} from "./site.ts";

/** A backup of the tables of the last release, with a row in every one. A new release adds its own. */
const LAST_RELEASE = path.join(ROOT, "test/golden/database/0.1.0.jsonl");
const ALL = MIGRATIONS.map(({id}) => id);
const rowsIn = (file: string): {table: string; row: Record<string, unknown>}[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .slice(1, -2)
    .map((line) => JSON.parse(line));

test("the rows of the last release stand in today's tables, each as it was", async () => {
  const [folder, again] = [temporaryFolder(), temporaryFolder()];
  copyFileSync(LAST_RELEASE, path.join(folder, BACKUP_FILE));
  const {url, drop} = await createDatabase();
  const before = rowsIn(LAST_RELEASE);
  assert.ok(new Set(before.map(({table}) => table)).size >= 9, "a row in every table");
  assert.equal(await restoreDatabase({home: "unused", url}, folder), before.length);
  const {db, close} = await openDatabase({home: "unused", url});
  assert.deepEqual(await appliedMigrations(db), ALL);
  await backUpDatabase(db, again, new Date());
  const after = rowsIn(path.join(again, BACKUP_FILE));
  for (const {table, row} of before) {
    // a later step may add columns, never change what was entered
    const kept = after
      .filter((each) => each.table === table)
      .some((each) =>
        Object.entries(row).every(([key, value]) => JSON.stringify(each.row[key]) === JSON.stringify(value)),
      );
    assert.ok(kept, `${table} ${JSON.stringify(row)}`);
  }
  await close();
  await drop();
});

test("a process that is killed in any step leaves that step undone, and the next one goes on from there", async () => {
  for (const [index, {id}] of MIGRATIONS.entries()) {
    const {url, drop} = await createDatabase();
    const source = `
      import {openDatabase} from ${JSON.stringify(path.join(ROOT, "src/store/postgres.ts"))};
      import {MIGRATIONS, migrate} from ${JSON.stringify(path.join(ROOT, "src/store/migrations/index.ts"))};
      const {db} = await openDatabase({home: "unused", url: ${JSON.stringify(url)}, until: "0000"});
      await migrate(db, MIGRATIONS.map(({id, up}) => ({id, up: id === "${id}" ? up + "; SELECT pg_sleep(3)" : up})));`;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", source], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const ended = once(child, "exit");
    const watcher = await openDatabase({home: "unused", url, until: "0000"});
    const isAtIt = sql<{n: number}>`SELECT count(*) AS n FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event = 'PgSleep'`;
    while ((await isAtIt.execute(watcher.db)).rows[0]?.n !== 1) await sleep(20);
    child.kill("SIGKILL");
    await ended;
    assert.deepEqual(await appliedMigrations(watcher.db), ALL.slice(0, index), id);
    await watcher.close();
    const {db, close} = await openDatabase({home: "unused", url});
    assert.deepEqual(await appliedMigrations(db), ALL, id);
    await close();
    await drop();
  }
});
