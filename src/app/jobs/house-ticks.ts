/** Recurring work that every data folder has: drafting on Monday, and forgetting what is old. */
import {WatchfloorError} from "../../model/errors.ts";
import {dayOf, instantAt, type Week, weekBefore, weekOfDay} from "../../model/week.ts";
import {listDrafts} from "../../store/editions.ts";
import {weeksInLake} from "../../store/events/weeks/week-counts.ts";
import {clearFetches} from "../../store/fetches/items.ts";
import {markOf, setMark} from "../../store/jobs/ticks.ts";
import {draftEdition} from "../flow.ts";
import type {House} from "../house.ts";
import {clearLeftovers} from "../leftovers.ts";
import type {Tick} from "./ticks.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Who drafts, as it stands in the history of the edition. */
const BY = "watchfloor";

/**
 * Drafts the edition of last week once its Monday morning has come (`jobs.draftAt`, local time), or as soon after it as
 * there are events of that week. An edition that somebody has drafted already stays as it is.
 */
export const draftMonday: Tick = {
  name: "draft-monday",
  everySeconds: 300,
  run: async (house, now) => {
    const {zone} = house.config.profile;
    const {draftAt} = house.config.jobs;
    const monday = weekOfDay(dayOf(now, zone), zone);
    if (draftAt === null || now < instantAt(monday.from, draftAt, zone)) return;
    const week = weekBefore(monday);
    const {db} = await house.database();
    if ((await markOf(db, draftMonday.name)) === week.from) return;
    if (!(await weeksInLake(house.lake, zone)).some(({from}) => from === week.from)) return; // looked at before the engine is started
    const isDrafted = (await listDrafts(db)).some((each) => each.week === week.from);
    if (!isDrafted) await draft(house, {week, now});
    await setMark(db, draftMonday.name, week.from);
  },
};

/** Somebody may have been faster. */
async function draft(house: House, {week, now}: {week: Week; now: Date}): Promise<void> {
  try {
    await draftEdition(house, {week, by: BY, now});
  } catch (error) {
    if (!(error instanceof WatchfloorError && error.code === "edition_published")) throw error;
  }
}

/** Forgets what each fetch brought, and what was looked at, after `jobs.keepRunsDays`; clears what killed processes left. */
export const forgetOld: Tick = {
  name: "forget-old",
  everySeconds: 24 * 60 * 60,
  run: async (house, now) => {
    const {db} = await house.database();
    await clearFetches(db, new Date(now.getTime() - house.config.jobs.keepRunsDays * DAY_MS));
    await clearLeftovers(house, now);
  },
};
