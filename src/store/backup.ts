/**
 * A copy of all tables as one file of JSON lines, made while work goes on: one moment of the database, whatever happens
 * meanwhile. It can be read without us, and restored into a new database of this or a later version.
 */
import {createHash} from "node:crypto";
import {type FileHandle, open, rm} from "node:fs/promises";
import path from "node:path";
import {type Kysely, sql, type Transaction} from "kysely";
import {z} from "zod";
import {WatchfloorError} from "../model/errors.ts";
import {codeOf, diskError, makeFolder, publishFile, temporaryFor} from "./durable.ts";
import {appliedMigrations, MIGRATIONS, migrate} from "./migrations/index.ts";
import type {Schema} from "./postgres/schema.ts";
import {type DatabasePlace, openDatabase} from "./postgres.ts";

/** Name of the file in the backup's folder. */
export const BACKUP_FILE = "database.jsonl";

const FORMAT = "watchfloor-database-1";
const ROWS_AT_ONCE = 1000;

const headSchema = z.strictObject({format: z.literal(FORMAT), migrations: z.array(z.string()), at: z.string()});
const rowSchema = z.strictObject({table: z.string().regex(/^[a-z_]+$/), row: z.record(z.string(), z.unknown())});
const endSchema = z.strictObject({rows: z.int(), sha256: z.string()});

type Work = Transaction<Schema>;

/** Writes the backup into the folder, whole or not at all, and returns the number of rows. Throws disk_full. */
export async function backUpDatabase(db: Kysely<Schema>, folder: string, now: Date): Promise<number> {
  await makeFolder(folder);
  const file = path.join(folder, BACKUP_FILE);
  const temporary = temporaryFor(file);
  try {
    const handle = await open(temporary, "wx", 0o600);
    const rows = await writeAll(db, handle, now).finally(() => handle.close());
    await publishFile(temporary, file, {replace: true});
    return rows;
  } catch (error) {
    await rm(temporary, {force: true});
    throw diskError(error, file);
  }
}

/**
 * Restores the folder's backup into the database of that place, which must hold nothing, and returns the number of rows.
 * Throws backup_invalid, database_not_empty; then the database is as empty as before.
 */
export async function restoreDatabase(place: DatabasePlace, folder: string): Promise<number> {
  const file = path.join(folder, BACKUP_FILE);
  const handle = await open(file).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") throw invalid(`there is no ${file}`);
    throw diskError(error, file);
  });
  try {
    const lines = handle.readLines()[Symbol.asyncIterator]();
    const {value: first = ""} = await lines.next();
    const head = parse(headSchema, first, "its first line is not that of a backup");
    if (head.migrations.some((id, i) => MIGRATIONS[i]?.id !== id)) throw invalid("a newer version made it");
    const {db, close} = await openDatabase({...place, until: head.migrations.at(-1) ?? ""});
    try {
      const rows = await db.transaction().execute((work) => readAll(work, head.migrations, {first, lines}));
      await migrate(db);
      return rows;
    } finally {
      await close();
    }
  } finally {
    await handle.close();
  }
}

/** The end holds the hash of all before it, so that a backup that was cut off or changed is not taken for a whole one. */
async function writeAll(db: Kysely<Schema>, handle: FileHandle, now: Date): Promise<number> {
  const hash = createHash("sha256");
  const write = async (lines: readonly string[]): Promise<void> => {
    const text = lines.map((line) => `${line}\n`).join("");
    hash.update(text);
    await handle.writeFile(text);
  };
  const rows = await db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (work) => {
      await write([JSON.stringify({format: FORMAT, migrations: await appliedMigrations(work), at: now.toISOString()})]);
      let count = 0;
      for (const table of await tablesOf(work)) count += await writeTable(work, table, write);
      return count;
    });
  await write([JSON.stringify({rows, sha256: hash.copy().digest("hex")})]);
  return rows;
}

async function writeTable(work: Work, table: string, write: (lines: string[]) => Promise<void>): Promise<number> {
  const from = sql.table(table);
  await sql`DECLARE backup CURSOR FOR SELECT to_jsonb(t)::text AS row FROM ${from} AS t ORDER BY t`.execute(work);
  let count = 0;
  for (;;) {
    const {rows} = await sql<{row: string}>`FETCH ${sql.lit(ROWS_AT_ONCE)} FROM backup`.execute(work);
    if (rows.length === 0) break;
    await write(rows.map(({row}) => `{"table":${JSON.stringify(table)},"row":${row}}`));
    count += rows.length;
  }
  await sql`CLOSE backup`.execute(work);
  return count;
}

interface Content {
  readonly first: string;
  readonly lines: AsyncIterator<string>;
}

async function readAll(work: Work, migrations: readonly string[], {first, lines}: Content): Promise<number> {
  const tables = await tablesOf(work);
  await checkEmpty(work, tables, migrations);
  const hash = createHash("sha256").update(`${first}\n`);
  let waiting: z.infer<typeof rowSchema>[] = [];
  let count = 0;
  for (;;) {
    const next = await lines.next();
    if (next.done) throw invalid("its end is missing");
    if (next.value.startsWith('{"rows":')) {
      const end = parse(endSchema, next.value, "its end is damaged");
      if (end.rows !== count || end.sha256 !== hash.digest("hex")) throw invalid("it was altered or is not whole");
      break;
    }
    hash.update(`${next.value}\n`);
    const row = parse(rowSchema, next.value, `row ${count + 1} is damaged`);
    if (!tables.includes(row.table)) throw invalid(`there is no table ${row.table}`);
    if (waiting.length === ROWS_AT_ONCE || (waiting[0] && waiting[0].table !== row.table)) {
      await insert(work, waiting);
      waiting = [];
    }
    waiting.push(row);
    count++;
  }
  await insert(work, waiting);
  for (const table of tables) await setCounters(work, table);
  return count;
}

async function insert(work: Work, rows: readonly z.infer<typeof rowSchema>[]): Promise<void> {
  if (rows[0] === undefined) return;
  const table = sql.table(rows[0].table);
  const json = JSON.stringify(rows.map(({row}) => row));
  await sql`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, ${json}::jsonb)`.execute(work);
}

async function checkEmpty(work: Work, tables: readonly string[], migrations: readonly string[]): Promise<void> {
  const applied = await appliedMigrations(work);
  if (applied.join() !== migrations.join()) throw new WatchfloorError("database_not_empty", "It is of a newer version");
  for (const table of tables) {
    const {rows} = await sql`SELECT 1 FROM ${sql.table(table)} LIMIT 1`.execute(work);
    if (rows.length > 0) throw new WatchfloorError("database_not_empty", `Table ${table} has rows`);
  }
}

/** Numbers that were given out are not given out again. */
async function setCounters(work: Work, table: string): Promise<void> {
  const {rows} = await sql<{column: string}>`
    SELECT column_name AS column FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = ${table} AND is_identity = 'YES'`.execute(work);
  for (const {column} of rows) {
    await sql`
      SELECT setval(pg_get_serial_sequence(${table}, ${column}), max(${sql.ref(column)}))
      FROM ${sql.table(table)} HAVING count(*) > 0`.execute(work);
  }
}

/** Made again by the database itself when the rows of cases go in. */
const DERIVED = "case_search";

/** Returns all tables but the log of migrations and what is derived, each after those that it refers to. */
async function tablesOf(work: Work): Promise<string[]> {
  const {rows} = await sql<{name: string; needs: string[]}>`
    SELECT own.relname::text AS name,
      coalesce(array_agg(other.relname::text) FILTER (WHERE other.oid <> own.oid), '{}') AS needs
    FROM pg_class AS own
    LEFT JOIN pg_constraint AS link ON link.conrelid = own.oid AND link.contype = 'f'
    LEFT JOIN pg_class AS other ON other.oid = link.confrelid
    WHERE own.relkind = 'r' AND own.relnamespace = current_schema()::regnamespace AND own.relname NOT IN ('migrations', ${DERIVED})
    GROUP BY own.relname ORDER BY own.relname`.execute(work);
  const sorted: string[] = [];
  while (sorted.length < rows.length) {
    const ready = rows.filter(
      ({name, needs}) => !sorted.includes(name) && needs.every((each) => sorted.includes(each)),
    );
    if (ready.length === 0) throw new Error("tables refer to each other in a circle");
    sorted.push(...ready.map(({name}) => name));
  }
  return sorted;
}

function parse<T>(schema: z.ZodType<T>, line: string, otherwise: string): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch (error) {
    throw new WatchfloorError("backup_invalid", otherwise, error);
  }
}

function invalid(what: string): WatchfloorError {
  return new WatchfloorError("backup_invalid", what);
}
