/**
 * Prints the bars of PRODUCT.md with what this machine reaches: `npm run bench`. Sizes by environment: BENCH_ROWS (rows of
 * the bulk report, 2,000,000), BENCH_WEEK (events of the large week, 100,000,000). Bars are read as ratios where possible,
 * for machines differ.
 */
import {mkdtemp, rm} from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import {benchCases} from "./cases.ts";
import {benchEdition} from "./edition.ts";
import {benchIngest} from "./ingest.ts";
import {machineLine} from "./machine.ts";
import {benchNotices} from "./notices.ts";
import {benchServer} from "./server.ts";
import {benchWeek} from "./week.ts";

/** One line of the table. */
export interface Bar {
  readonly what: string;
  readonly bar: string;
  readonly measured: string;
  /** Null where the line only informs. */
  readonly isMet: boolean | null;
}

const rows = Number(process.env["BENCH_ROWS"] ?? 2_000_000);
const events = Number(process.env["BENCH_WEEK"] ?? 100_000_000);
const only = process.argv.slice(2);
const folder = await mkdtemp(path.join(os.tmpdir(), "watchfloor-bench-"));
const parts = {
  ingest: () => benchIngest(path.join(folder, "ingest"), rows),
  week: () => benchWeek(path.join(folder, "week"), events),
  edition: () => benchEdition(path.join(folder, "edition")),
  cases: () => benchCases(path.join(folder, "cases")),
  notices: () => benchNotices(),
  server: () => benchServer(path.join(folder, "server")),
};
try {
  console.log(`machine: ${machineLine()}`);
  for (const [name, run] of Object.entries(parts)) {
    if (only.length > 0 && !only.includes(name)) continue;
    for (const {what, bar, measured, isMet} of await run())
      console.log(`${isMet === null ? "    " : isMet ? "met " : "MISS"} | ${what} | ${bar} | ${measured}`);
  }
  console.log(`machine at the end: ${machineLine()}`);
} finally {
  await rm(folder, {recursive: true, force: true});
}
