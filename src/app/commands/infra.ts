import {WatchfloorError} from "../../model/errors.ts";
import type {InfraEvent} from "../../model/indicator.ts";
import {addInfraEvent, infraEventsOf, withdrawInfraEvent} from "../../store/entries.ts";
import {BY, type Command, dayOption, needed, person, tableText, WEEK, weekOption} from "../command.ts";

const LEVELS = ["I", "II", "III", "IV"] as const satisfies readonly InfraEvent["level"][];
const REACHES = ["nation", "province", "city", "organisation"] as const satisfies readonly InfraEvent["reach"][];

const infraAdd: Command = {
  name: "infra add",
  summary: "Enters an infrastructure security event into the register.",
  usage:
    "--level I|II|III|IV --reach nation|province|city|organisation --zh TITLE --en TITLE [--day YYYY-MM-DD] [--by NAME]",
  options: {
    ...BY,
    level: {type: "string"},
    reach: {type: "string"},
    zh: {type: "string"},
    en: {type: "string"},
    day: {type: "string"},
  },
  run: async (call, open) => {
    const house = await open();
    const level = LEVELS.find((each) => each === needed(call, "level"));
    const reach = REACHES.find((each) => each === needed(call, "reach"));
    if (level === undefined || reach === undefined)
      throw new WatchfloorError("usage", `--level knows ${LEVELS.join(", ")}; --reach knows ${REACHES.join(", ")}`);
    const {db} = await house.database();
    const title = {zh: needed(call, "zh"), en: needed(call, "en")};
    const event = await addInfraEvent(
      db,
      {day: dayOption(call, "day", house.config.profile.zone), level, reach, title, by: person(call)},
      call.now,
    );
    return {json: event, text: infraText([event])};
  },
};

const infraList: Command = {
  name: "infra list",
  summary: "Lists the infrastructure security events of a week.",
  usage: "--week W",
  options: WEEK,
  run: async (call, open) => {
    const house = await open();
    const {db} = await house.database();
    const events = await infraEventsOf(db, weekOption(call, house));
    return {json: events, text: infraText(events)};
  },
};

const infraWithdraw: Command = {
  name: "infra withdraw",
  summary: "Takes an infrastructure security event out of the counts; the entry stays with the reason.",
  usage: "--id IE-000001 --reason TEXT [--by NAME]",
  options: {...BY, id: {type: "string"}, reason: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const {db} = await house.database();
    const id = needed(call, "id");
    await withdrawInfraEvent(db, {id, reason: needed(call, "reason"), by: person(call)}, call.now);
    return {json: {id, withdrawn: true}, text: `${id} is withdrawn`};
  },
};

function infraText(events: readonly InfraEvent[]): string {
  return events.length === 0
    ? "none"
    : tableText(
        events.map((event) => [
          event.id,
          event.day,
          `level ${event.level}`,
          event.reach,
          event.title.zh,
          `entered by ${event.by}`,
        ]),
      );
}

/** Commands about the register of infrastructure security events. */
export const INFRA_COMMANDS: readonly Command[] = [infraAdd, infraList, infraWithdraw];
