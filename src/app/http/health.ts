import {statfs} from "node:fs/promises";
import {readLinks} from "../../store/archive.ts";
import {weeksInLake} from "../../store/events/weeks/week-counts.ts";
import {pingDatabase} from "../../store/postgres.ts";
import type {House} from "../house.ts";
import {TOOL_VERSION} from "../version.ts";

/** How the parts of a data folder are. The archive is served whatever the others say. */
export interface Health {
  readonly status: "ok" | "degraded";
  readonly version: string;
  readonly archive: {readonly ok: boolean; readonly publications: number | null};
  readonly lake: {readonly ok: boolean; readonly newestWeek: string | null};
  readonly database: "ok" | "unavailable";
  readonly disk: {readonly ok: boolean; readonly freeBytes: number};
}

/** Below this somebody has to free space before the next reports come. */
const LEAST_FREE_BYTES = 256 * 1024 * 1024;
const KEPT_MS = 2_000;
const WAIT_MS = 2_000;

/** Returns what tells of the health; asked often, it looks once in two seconds, and answers within about as long. */
export function healthOf(house: House): () => Promise<Health> {
  let last: {readonly until: number; readonly answer: Promise<Health>} | null = null;
  return () => {
    if (last === null || performance.now() > last.until)
      last = {until: performance.now() + KEPT_MS, answer: look(house)};
    return last.answer;
  };
}

async function look(house: House): Promise<Health> {
  const [archive, lake, database, disk] = await Promise.all([
    archiveOf(house),
    lakeOf(house),
    databaseOf(house),
    diskOf(house),
  ]);
  const isAllOk = archive.ok && lake.ok && database === "ok" && disk.ok;
  return {status: isAllOk ? "ok" : "degraded", version: TOOL_VERSION, archive, lake, database, disk};
}

async function archiveOf(house: House): Promise<Health["archive"]> {
  const links = await readLinks(house.home).catch(() => null);
  return {ok: links !== null, publications: links?.length ?? null};
}

async function lakeOf(house: House): Promise<Health["lake"]> {
  const weeks = await weeksInLake(house.lake, house.config.profile.zone).catch(() => null);
  return {ok: weeks !== null, newestWeek: weeks?.at(-1)?.from ?? null};
}

/** A database that takes its time is not there for whoever waits. */
async function databaseOf(house: House): Promise<Health["database"]> {
  const answers = house.database().then(({db}) => pingDatabase(db));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"unavailable">((resolve) => {
    timer = setTimeout(() => resolve("unavailable"), WAIT_MS);
  });
  const found = answers.then(
    () => "ok" as const,
    () => "unavailable" as const,
  );
  return Promise.race([found, late]).finally(() => clearTimeout(timer));
}

async function diskOf(house: House): Promise<Health["disk"]> {
  const {bavail, bsize} = await statfs(house.home);
  const freeBytes = bavail * bsize;
  return {ok: freeBytes >= LEAST_FREE_BYTES, freeBytes};
}
