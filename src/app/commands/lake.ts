import {addDays, dayOf} from "../../model/week.ts";
import {clearLake} from "../../store/events/files/clearing.ts";
import {compactDays} from "../../store/events/files/compaction.ts";
import {type Call, type Command, dayOption, optional, tableText} from "../command.ts";
import type {House} from "../house.ts";
import {clearLeftovers} from "../leftovers.ts";

const compact: Command = {
  name: "lake compact",
  summary:
    "Makes one sorted file of the many of a day, and removes what killed processes have left. No number changes.",
  usage: "[--before YYYY-MM-DD]",
  options: {before: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const {engine, lake} = house;
    const days = await compactDays({engine, lake, before: beforeOf(call, house)});
    const removed = (await clearLake(lake, call.now)) + (await clearLeftovers(house, call.now));
    const rows = days.map(({day, files, events}) => [day, `${files} files made one`, `${events} events`]);
    return {json: {days, removed}, text: [tableText(rows), `${removed} leftovers removed`].join("\n").trim()};
  },
};

/** Of yesterday's events some are usually still to come. */
function beforeOf(call: Call, house: House): string {
  const {zone} = house.config.profile;
  return optional(call, "before") === undefined ? addDays(dayOf(call.now, zone), -1) : dayOption(call, "before", zone);
}

/** Commands about the events' own files. */
export const LAKE_COMMANDS: readonly Command[] = [compact];
