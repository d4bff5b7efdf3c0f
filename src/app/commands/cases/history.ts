/** Cases of other systems at the command line. */
import path from "node:path";
import {defang} from "../../../cases/notices/values.ts";
import type {ImportedLine} from "../../../model/cases/case-history.ts";
import {WatchfloorError} from "../../../model/errors.ts";
import {visible} from "../../../model/visible.ts";
import type {KeptImport} from "../../../store/cases/imported.ts";
import {HISTORY_FORMS, type HistoryImport, importedIn, importHistory} from "../../cases/history.ts";
import {
  type Answer,
  BY,
  type Call,
  type Command,
  choices,
  needed,
  optional,
  tableText,
  wholeNumber,
} from "../../command.ts";
import type {House} from "../../house.ts";
import {MANY} from "../parties.ts";
import {oneFile, readGiven} from "./entering.ts";
import {actOf, WHO} from "./options.ts";

const take: Command = {
  name: "case import",
  summary:
    "Takes cases of another system in, from CSV or from a JSON export of RT or RTIR, as a mapping says. The same again changes nothing, what says something else is updated; nobody is told of any. They count where `cases.history` of the configuration says so.",
  usage: `FILE --mapping FILE [--as csv|rt] [--dry-run] ${WHO}`,
  options: {...BY, mapping: {type: "string"}, as: {type: "string"}, "dry-run": {type: "boolean"}},
  takesPositionals: true,
  run: async (call, open) => {
    const [file, mapping] = [oneFile(call), needed(call, "mapping")];
    const [form = null] = optional(call, "as") === undefined ? [] : choices(call, "as", HISTORY_FORMS);
    const given = {
      file: {name: path.basename(file), bytes: await readGiven(file)},
      mapping: {name: mapping, text: (await readGiven(mapping)).toString("utf8")},
      ...{form, isDry: call.options["dry-run"] === true},
    };
    const answer = await importHistory(await open(), given, actOf(call));
    const {rejects} = answer;
    const left = rejects.length - MANY;
    return {
      json: answer,
      text: importText(answer),
      complaints: [
        ...rejects.slice(0, MANY).map((each) => rejectText(file, each)),
        ...(left > 0 ? [`and ${left} more, see --json`] : []),
      ],
    };
  },
};

function rejectText(file: string, {line, externalId, reason, text}: HistoryImport["rejects"][number]): string {
  return `${file}:${line} ${externalId === null ? "" : `${visible(externalId)} `}${reason} ${visible(text)}`.trimEnd();
}

function importText(answer: HistoryImport): string {
  const {source, isDry, received, added, updated, kept, repeats, passed, rejects, complaints, handled} = answer;
  const words = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([word, count]) => `${count} ${word}`)
      .join(", ") || "none";
  return tableText([
    [source, `${received} received${isDry ? "; this is a dry run, nothing is kept" : ""}`],
    ["taken", `${added} new, ${updated} updated, ${kept} as before`],
    ["not taken", `${rejects.length} rejects, ${repeats} said twice, ${passed} a part of another`],
    ["classes", words(answer.byClass)],
    ["states", words(answer.byState)],
    ["complaints", String(complaints)],
    ["opened", `${answer.firstOpenedAt ?? "-"} to ${answer.lastOpenedAt ?? "-"}`],
    ["would count", `${handled.notified} notified, ${handled.answered} answered, ${handled.verified} verified`],
    [
      "counted",
      answer.countedBefore === null
        ? "no: add it to cases.history in watchfloor.yaml to count it"
        : `in weeks before ${answer.countedBefore}`,
    ],
  ]);
}

const FILTERS = ["source", "class", "search", "after", "limit"] as const;
const SAID_OTHERWISE = ["imported", "json", "home", "help"] as const;

/** Lists old cases instead of our own. Throws usage for what they cannot be filtered by. */
export async function importedList(call: Call, house: House): Promise<Answer> {
  const known: readonly string[] = [...FILTERS, ...SAID_OTHERWISE];
  const other = Object.keys(call.options).find((name) => call.options[name] !== undefined && !known.includes(name));
  if (other !== undefined)
    throw new WatchfloorError(
      "usage",
      `--imported goes with ${FILTERS.map((name) => `--${name}`).join(", ")}, not --${other}`,
    );
  const words = FILTERS.flatMap((name) => {
    const value = name === "limit" ? wholeNumber(call, name) : optional(call, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const found = await importedIn(house, Object.fromEntries(words));
  return {json: found, text: found.length === 0 ? "none" : tableText(found.map(lineText))};
}

/** Says to who searches our own cases that other systems had some, too. */
export async function alsoImported(call: Call, house: House): Promise<string[]> {
  const search = optional(call, "search");
  const found = search === undefined ? [] : await importedIn(house, {search, limit: MANY});
  if (found.length === 0) return [];
  const count = `${found.length}${found.length === MANY ? " or more" : ""}`;
  return [`${count} in other systems: case list --imported --search "${visible(search ?? "")}"`];
}

function lineText({id, kind, class: code, state, openedAt, party, asset, subject}: ImportedLine): string[] {
  return [
    ...[visible(id), kind, code, state, openedAt, visible(party ?? "-"), defang(asset.value)],
    visible(subject ?? ""),
  ];
}

/** Returns an old case for a terminal. */
export function importedText({line, content, added, changed}: KeptImport): string {
  const {facts, states, parties, notes, links, otherAssets, reporter} = content;
  const said = Object.entries(facts).flatMap(([name, value]) => (value === null ? [] : [`${name} ${String(value)}`]));
  const byWhom = ({name, contact}: {name: string | null; contact: string | null}): string =>
    visible([name, contact].filter((word) => word !== null).join(", "));
  return tableText([
    [
      visible(line.id),
      `${line.kind} of another system: ${line.class} ${defang(line.asset.value)} (${line.asset.kind})`,
    ],
    ...(line.subject === null ? [] : [["subject", visible(line.subject)]]),
    ...states.map(({state, at}) => [state, at ?? "when is not known"]),
    ...parties.map((each) => ["party", byWhom(each)]),
    ...(reporter === null ? [] : [["reporter", byWhom(reporter)]]),
    ["facts", said.join("; ") || "-"],
    ...otherAssets.map((each) => ["also", `${defang(each.value)} (${each.kind})`]),
    ...notes.map(({at, by, text}) => ["note", noteText([at, by, text])]),
    ...links.map(({relation, to}) => ["link", `${relation} ${visible(to)}`]),
    ["imported", `${added.at} by ${visible(added.by)}`],
    ...(changed.at === added.at ? [] : [["updated", `${changed.at} by ${visible(changed.by)}`]]),
  ]);
}

function noteText(words: readonly (string | null)[]): string {
  const said = words.filter((word) => word !== null).join(" ");
  return visible(said.replaceAll("\n", " ⏎ "));
}

/** Commands about cases of other systems. */
export const HISTORY_COMMANDS: readonly Command[] = [take];
