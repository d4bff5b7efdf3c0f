import {csvText} from "../../cases/notices/csv.ts";
import {addDays} from "../../model/week.ts";
import {FIGURES_PER, type PartyFigures, partyFigures} from "../cases/party-figures.ts";
import {type Command, choices, dayOption, optional, tableText} from "../command.ts";

const COLUMNS = [
  ...["key", "name_zh", "name_en", "kind", "country", "cases", "taken_down", "median_hours", "p90_hours"],
  ...["answerable", "without_answer", "without_answer_share", "returned", "returned_share"],
] as const;
/** How far back is looked where nobody says it. */
const DAYS = 90;

const statistics: Command = {
  name: "party statistics",
  summary: `How parties handle their cases: told, taken down, hours to takedown (median, and what 90 % do not exceed), share without an answer, share that came back. By the day on which they were told; the last ${DAYS} days without --from.`,
  usage: "[--from DAY] [--to DAY] [--per party|kind|country] [--kind K] [--country CC] [--csv]",
  options: {
    ...{from: {type: "string"}, to: {type: "string"}, per: {type: "string"}, kind: {type: "string"}},
    ...{country: {type: "string"}, csv: {type: "boolean"}},
  },
  run: async (call, open) => {
    const house = await open();
    const {zone} = house.config.profile;
    const to = dayOption(call, "to", zone);
    const from = optional(call, "from") === undefined ? addDays(to, 1 - DAYS) : dayOption(call, "from", zone);
    const [per = "party"] = optional(call, "per") === undefined ? [] : choices(call, "per", FIGURES_PER);
    const [kind, country] = [optional(call, "kind"), optional(call, "country")?.toUpperCase()];
    const asked = {
      ...{from, to, per},
      ...(kind === undefined ? {} : {kind}),
      ...(country === undefined ? {} : {country}),
    };
    const parties = await partyFigures(house, asked, call.now);
    const text = call.options["csv"] === true ? csvText(COLUMNS, parties.map(csvRow)) : figuresText(parties);
    return {json: {from, to, per, parties}, text: text.trimEnd()};
  },
};

function csvRow(each: PartyFigures): (string | number | null)[] {
  return [
    ...[each.key, each.names.zh, each.names.en, each.kind, each.country, each.cases, each.takenDown],
    ...[each.medianHours, each.p90Hours, each.answerable, each.withoutAnswer, each.withoutAnswerShare],
    ...[each.returned, each.returnedShare],
  ];
}

function figuresText(parties: readonly PartyFigures[]): string {
  if (parties.length === 0) return "nobody was told of a case";
  const head = ["", "name", "kind", "told", "gone", "median h", "p90 h", "no answer", "came back"];
  const rows = parties.map((each) => [
    ...[each.key ?? "-", nameText(each.names), each.kind ?? "-", String(each.cases), String(each.takenDown)],
    ...[hours(each.medianHours), hours(each.p90Hours)],
    ...[share(each.withoutAnswerShare, each.withoutAnswer), share(each.returnedShare, each.returned)],
  ]);
  return tableText([head, ...rows]);
}

function nameText({zh, en}: PartyFigures["names"]): string {
  return [zh, en].filter((name) => name !== null).join(" / ") || "-";
}

/** Too few to say: a mark that is no number. */
function hours(value: number | null): string {
  return value === null ? "-" : value.toFixed(1);
}

function share(value: number | null, count: number): string {
  return value === null ? `${count}` : `${count} (${(value * 100).toFixed(1)} %)`;
}

/** The command that says how parties handle their cases. */
export const FIGURE_COMMANDS: readonly Command[] = [statistics];
