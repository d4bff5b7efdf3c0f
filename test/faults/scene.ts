/** What tests of faults work on: numbered reports whose content is known, and a look at what of them is in the lake. */
import assert from "node:assert/strict";
import {readdirSync} from "node:fs";
import path from "node:path";
import {weekNamed} from "../../src/model/week.ts";
import {compactDays, daysIn} from "../../src/store/events/files/compaction.ts";
import {withEvents} from "../../src/store/events/live-files.ts";
import {rejectsOf} from "../../src/store/events/rejects.ts";
import {countWeeks} from "../../src/store/events/weeks/week-counts.ts";
import type {CountedDefinition} from "../../src/store/events/weeks/week-rows.ts";
import {type TestLake, ZONE} from "../lake.ts";

/** The week that all numbered reports speak of. */
export const WEEK = weekNamed("2023-02-20", ZONE);

/** Good rows of each numbered report; besides them each has one that is a reject. */
export const ROWS = 40;

const REJECT = "soon,192.0.2.1,,";

/** Returns the text of the numbered report: half of its addresses are its own, the others those of every report. */
export function textOf(number: number): string {
  const rows = Array.from({length: ROWS}, (_, row) => {
    const day = 20 + ((number + row) % 3);
    const ip = row % 2 === 0 ? `10.${number >> 8}.${number & 255}.${row}` : `172.16.0.${row}`;
    return `2023-02-${day} 01:00:00,${ip},www.example.cn,family-${row % 5}`;
  });
  return `time,ip,host,family\n${rows.join("\n")}\n${REJECT}\n`;
}

const ADDRESSES: CountedDefinition = {
  id: "addresses",
  version: 1,
  title: {zh: "addresses", en: "addresses"},
  meaning: {zh: "addresses", en: "addresses"},
  unit: {zh: "", en: ""},
  counting: {how: "counted", distinct: "ip", where: [], by: ["family"]},
};

/** What was found in a lake. */
export interface Found {
  /** Events by report id. */
  readonly rows: ReadonlyMap<string, number>;
  /** Distinct addresses of the week, out of its table. */
  readonly addresses: number;
}

/**
 * Looks at the lake and asserts what must hold at any moment: each report is in whole or not at all, none twice, and the
 * week counts the addresses of those that are in.
 */
export async function look(lake: TestLake): Promise<Found> {
  const rows = await rowsOf(lake);
  for (const [report, found] of rows) {
    assert.equal(found, ROWS, `${report} is in whole, once`);
    assert.equal((await rejectsOf(lake.lake, report))?.[0]?.text, REJECT, `${report} has its reject`);
  }
  const counted = (await countWeeks(lake.counting([ADDRESSES]), [WEEK])).get(WEEK.from);
  const addresses = counted?.counts["addresses"]?.value ?? -1;
  const now = await rowsOf(lake);
  // somebody may be taking reports in while we look
  const own = ROWS / 2;
  const expected = [rows.size, now.size].map((reports) => reports * own + (reports > 0 ? own : 0));
  assert.ok(
    addresses >= (expected[0] ?? 0) && addresses <= (expected[1] ?? 0),
    `${addresses} addresses, not ${expected}`,
  );
  return {rows: now, addresses};
}

/** Counts the events of each report that is in. */
export async function rowsOf({lake, engine}: Pick<TestLake, "lake" | "engine">): Promise<Map<string, number>> {
  const days = await daysIn(lake);
  const found = await withEvents(engine.plain(lake), days, {
    work: (events) =>
      engine.query<{report: string; rows: number}>(`SELECT report, count() AS rows FROM ${events} GROUP BY report`),
  });
  return new Map(found.map((each) => [each.report, each.rows]));
}

/** Sum of the hashes of all events and their number: two lakes with the same events have the same. */
export async function eventsIn({lake, engine}: TestLake): Promise<unknown> {
  return withEvents(engine.plain(lake), await daysIn(lake), {
    work: (events) => engine.query(`SELECT count() AS events, toString(sum(cityHash64(*))) AS hash FROM ${events}`),
  });
}

/** Takes all numbered reports in again, as the next run of a site would, and asserts that each is in once. */
export async function converge(lake: TestLake, reports: number): Promise<void> {
  for (let number = 0; number < reports; number++) {
    const {commit} = await lake.take(textOf(number));
    assert.deepEqual([commit.received, commit.events, commit.rejects], [ROWS + 1, ROWS, 1]);
  }
  const {rows} = await look(lake);
  assert.equal(rows.size, reports);
}

/** Does a step (take:N, replay:N, compact or count) and says what came of it. */
export async function doStep(step: string, lake: TestLake): Promise<string> {
  const [what, number] = step.split(":");
  if (what === "compact") {
    const days = await compactDays({engine: lake.engine, lake: lake.lake, before: "2024-01-01", mostFiles: 1});
    return String(days.length);
  }
  if (what === "count") return String((await look(lake)).addresses);
  const taken = await lake.take(textOf(Number(number)));
  if (what === "take") return `${taken.commit.id} ${taken.isDuplicate ? "duplicate" : "new"}`;
  await lake.replay(taken.report);
  return taken.commit.id;
}

/** Names of all files below a folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}
