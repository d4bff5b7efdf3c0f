/**
 * A process that works on a data folder and may be killed or stopped at any moment. Usage: worker.ts HOME jobs | fetch FEED
 * LEASE-SECONDS. It says "started", and of a fetch what came of it.
 */
import {writeSync} from "node:fs";
import {fetchFeed} from "../../src/app/fetch/fetch.ts";
import {openHouse} from "../../src/app/house.ts";
import {openJobs} from "../../src/app/jobs/jobs.ts";
import {FAST} from "./watched.ts";

const [home = "", what = "", feed = "", lease = "10"] = process.argv.slice(2);
const say = (text: string): void => void writeSync(1, `${text}\n`);
const house = await openHouse(home);
if (what === "jobs") {
  const log = {info: say, error: (error: unknown, text: string) => say(`${text} ${error}`)};
  await openJobs(house, log, {lookSeconds: 1, pace: FAST, leaseSeconds: Number(lease)}).started;
  say("started");
} else {
  await house.database();
  say("started");
  const said = await fetchFeed(house, feed, {now: new Date(), leaseSeconds: Number(lease)}).then(
    ({outcome, newReports}) => `${outcome} ${newReports}`,
    (error: unknown) => `refused ${error instanceof Error && "code" in error ? error.code : error}`,
  );
  say(said);
  await house.close();
}
