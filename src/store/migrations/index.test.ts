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

test("a reason of before the languages were kept apart stays what it was, in the language that it is in", async () => {
  const {url, drop} = await createDatabase();
  const place = {home: "unused", url};
  const old = await openDatabase({...place, until: "0001-editions"});
  const at = new Date("2023-02-27T04:00:00Z");
  for (const reason of ["从严", "A major event"])
    await sql`INSERT INTO rating_overrides (week, grade, reason, entered_by, entered_at)
      VALUES ('2023-02-20', '中', ${reason}, 'A', ${at})`.execute(old.db);
  for (const [version, reason] of [null, "更正 one"].entries())
    await sql`INSERT INTO drafts (week, version, state, variant, reason, submitted_by, submitted_at, situation, situation_hash,
      content_hash, approved_by, approved_at) VALUES ('2023-02-20', ${version + 1}, ${version === 0 ? "corrected" : "published"},
      'long', ${reason}, 'A', ${at}, '{}', 'x', 'x', 'B', ${at})`.execute(old.db);
  await old.close();
  const {db, close} = await openDatabase(place);
  const columns = ["reason_zh", "reason_en"] as const;
  assert.deepEqual(await db.selectFrom("rating_overrides").select(columns).orderBy("id").execute(), [
    {reason_zh: "从严", reason_en: null},
    {reason_zh: null, reason_en: "A major event"},
  ]);
  assert.deepEqual(await db.selectFrom("drafts").select(columns).orderBy("version").execute(), [
    {reason_zh: null, reason_en: null},
    {reason_zh: "更正 one", reason_en: null},
  ]);
  await assert.rejects(sql`UPDATE rating_overrides SET reason_en = 'x'`.execute(db), /never changed/);
  await close();
  await drop();
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
