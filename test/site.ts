/** Data folders for tests that walk the whole way: made by init, read by the real engine, gone when the test file ends. */
import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir, userInfo} from "node:os";
import path from "node:path";
import {after} from "node:test";
import {parse, stringify} from "yaml";
import type {IngestedReport} from "../src/app/delivery.ts";
import {ingestDelivery} from "../src/app/flow.ts";
import {type House, openHouse} from "../src/app/house.ts";
import {initHome} from "../src/app/site/init.ts";
import {readCommit} from "../src/store/events/commits.ts";
import {type Engine, openEngine} from "../src/store/events/engine.ts";
import {EVENT_STRUCTURE, liveFiles} from "../src/store/events/live-files.ts";
import {literal} from "../src/store/events/sql.ts";

/** Folder of the project. */
export const ROOT = path.resolve(import.meta.dirname, "..");
/** Folder with the real data; it may be absent. */
export const SHARED = path.resolve(ROOT, process.env["WATCHFLOOR_SHARED"] ?? "../shared");

/** What a test's data folder differs in from a new one. */
export interface SiteChoice {
  readonly profile?: "cn" | "generic";
  /** Keys of watchfloor.yaml, in place of those that init writes. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Further files of the site, by path inside the folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A file to take in. */
export interface TestDelivery {
  readonly feed: string;
  readonly file: string;
  readonly fetchedAt: string;
}

/** An event as the engine gives it: columns by name. */
export type EventRow = Readonly<Record<string, string | number | null>>;

/** What is to be undone when the test file ends, last thing first: a folder goes after what runs in it. */
const endings: (() => Promise<void> | void)[] = [];
after(async () => {
  for (const end of endings.toReversed()) await end();
});

/** Returns a folder that is removed when the test file ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "watchfloor-site-"));
  endings.push(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** Makes a data folder and returns its path. */
export async function makeHome(choice: SiteChoice = {}): Promise<string> {
  const home = path.join(temporaryFolder(), "home");
  await initHome({home, profile: choice.profile ?? "cn", passphrase: null});
  furnish(home, choice);
  return home;
}

/** Puts configuration and files into a data folder. The networks are prepared once for all tests. */
export function furnish(home: string, {config = {}, files = {}}: SiteChoice): void {
  const lookups = path.join(tmpdir(), `watchfloor-test-${userInfo().uid}`, "lookups");
  mkdirSync(lookups, {recursive: true, mode: 0o700});
  symlinkSync(lookups, path.join(home, "lookups"));
  const file = path.join(home, "watchfloor.yaml");
  const written: Record<string, unknown> = parse(readFileSync(file, "utf8"));
  if (Object.keys(config).length > 0) writeFileSync(file, stringify({...written, ...config}));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(home, name)), {recursive: true});
    writeFileSync(path.join(home, name), text);
  }
}

let engine: Engine | null = null;

/** Opens a new data folder. All of a test file share one engine. */
export async function openSite(choice: SiteChoice = {}): Promise<House> {
  const home = await makeHome(choice);
  if (engine === null) {
    const opened = openEngine({scratch: temporaryFolder(), idleSeconds: 60, maxMemoryBytes: 1_600_000_000});
    endings.push(() => opened.close());
    engine = opened;
  }
  const house = await openHouse(home, {engine});
  endings.push(() => house.close());
  return house;
}

/** Takes a file in, as `ingest` does. */
export async function takeIn(house: House, {feed, file, fetchedAt}: TestDelivery): Promise<IngestedReport[]> {
  const at = new Date(fetchedAt);
  return Array.fromAsync(ingestDelivery(house, {path: file}, {feed, fetchedAt: at, now: at}));
}

/** Addresses and times as people write them. */
const READABLE = `
  replaceRegexpOne(ifNull(toString(CAST(ip, 'Nullable(IPv6)')), ''), '^::ffff:', '') AS ip,
  formatDateTime(seen_at, '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS seen_at`;

/** Returns all columns of a report's events, those that it brought itself too, in the order of its lines. */
export async function eventsOf(house: House, report: string): Promise<EventRow[]> {
  const commit = await readCommit(house.lake, report);
  if (commit === null) throw new Error(`${report} is not in the lake`);
  const paths = commit.files.map(({day, name}) => path.join(house.lake, `day=${day}`, name));
  return house.engine.query<EventRow>(
    `SELECT * REPLACE (${READABLE}) FROM file('{${paths.join(",")}}', 'Parquet') ORDER BY line`,
  );
}

/** Returns the FROM clause of all events of the days; `own` are columns of the provider, with their types. */
export async function eventsOn(house: House, days: readonly string[], own = ""): Promise<string> {
  const columns = own === "" ? EVENT_STRUCTURE : `${EVENT_STRUCTURE}, ${own}`;
  const {files} = await liveFiles(house.lake, days);
  if (files.length === 0) return `(SELECT * FROM null(${literal(columns)}))`;
  const paths = files.map((file) => path.join(house.lake, `day=${file.day}`, file.name));
  const all = paths.length === 1 ? (paths[0] ?? "") : `{${paths.join(",")}}`;
  return `file(${literal(all)}, 'Parquet', ${literal(columns)})`;
}
