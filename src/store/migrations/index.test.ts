import assert from "node:assert/strict";
import test from "node:test";
import {sql} from "kysely";
import {createDatabase, openTestDatabase} from "../../../test/database.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {openDatabase} from "../postgres.ts";
import {appliedMigrations, MIGRATIONS, migrate} from "./index.ts";

const ALL = MIGRATIONS.map(({id}) => id);

test("an empty database gets every step once, also when several open it at the same time", async () => {
  const {url, drop} = await createDatabase();
  const opened = await Promise.all([1, 2, 3, 4].map(() => openDatabase({home: "unused", url})));
  for (const {db, close} of opened) {
    assert.deepEqual(await appliedMigrations(db), ALL);
    assert.deepEqual(await migrate(db), []);
    await close();
  }
  await drop();
});

test("the steps have ids that sort in their order", () => {
  assert.deepEqual([...ALL].sort(), ALL);
  for (const id of ALL) assert.match(id, /^\d{4}-[a-z0-9-]+$/);
});

test("a step that fails leaves nothing behind, and is taken when it is mended", async () => {
  const {db, close} = await openTestDatabase();
  const half = {id: "9998-half", up: "CREATE TABLE half (id integer); CREATE TABLE half (id integer);"};
  await assert.rejects(migrate(db, [...MIGRATIONS, half]), /already exists/);
  assert.deepEqual(await appliedMigrations(db), ALL);
  const {rows} = await sql<{there: unknown}>`SELECT to_regclass('half') AS there`.execute(db);
  assert.deepEqual(rows, [{there: null}]);
  const mended = {...half, up: "CREATE TABLE half (id integer)"};
  assert.deepEqual(await migrate(db, [...MIGRATIONS, mended], "0000"), []);
  assert.deepEqual(await migrate(db, [...MIGRATIONS, mended]), ["9998-half"]);
  await close();
});

test("a database of a newer version is refused", async () => {
  const {db, url, close} = await openTestDatabase();
  await db.insertInto("migrations").values({id: "9999-later"}).execute();
  await assert.rejects(
    openDatabase({home: "unused", url}),
    (error: unknown) => error instanceof WatchfloorError && /newer version \(9999-later\)/.test(error.message),
  );
  await close();
});
