/** Work that is done while the server runs, so that nobody has to wait for it later. */
import {readdir, stat} from "node:fs/promises";
import path from "node:path";
import {codeOf} from "../store/durable.ts";
import {countWeeks, weeksInLake} from "../store/events/weeks/week-counts.ts";
import type {House} from "./house.ts";
import {countWorkOf, weeksUpTo} from "./situation.ts";

/** Where the upkeep tells what it did. */
export interface UpkeepLog {
  info(text: string): void;
  error(error: unknown, text: string): void;
}

const EVERY_SECONDS = 60;

/**
 * Counts the weeks anew whenever reports came in, looking once a minute. The engine runs for that only, and ends by
 * itself. `close` waits for a count that is under way.
 */
export function keepWeeksCounted(house: House, log: UpkeepLog, everySeconds = EVERY_SECONDS): {close(): Promise<void>} {
  let counted = "";
  let running: Promise<void> = Promise.resolve();
  let isBusy = false;
  const look = async (): Promise<void> => {
    const now = await stateOf(house.lake);
    if (now === counted) return;
    const weeks = await countUpToNewest(house);
    counted = now;
    if (weeks > 0) log.info(`new reports: the counts of ${weeks} weeks are up to date`);
  };
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    running = look()
      .catch((error: unknown) => log.error(error, "the weeks could not be counted"))
      .finally(() => {
        isBusy = false;
      });
  }, everySeconds * 1000);
  return {
    close: () => {
      clearInterval(timer);
      return running;
    },
  };
}

/** Those that the situation of the newest week looks at: its numbers are asked for next. */
async function countUpToNewest(house: House): Promise<number> {
  const newest = (await weeksInLake(house.lake, house.config.profile.zone)).at(-1);
  if (newest === undefined) return 0;
  const weeks = await weeksUpTo(house, newest);
  await countWeeks(countWorkOf(house, await house.definitions()), weeks);
  return weeks.length;
}

/** Changes with every report: each gets a commit record, the folder of which then has a new time. */
async function stateOf(lake: string): Promise<string> {
  const folder = path.join(lake, "commits");
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  });
  const times = await Promise.all(
    names.map(async (name) => `${name} ${(await stat(path.join(folder, name))).mtimeMs}`),
  );
  return times.sort().join();
}
