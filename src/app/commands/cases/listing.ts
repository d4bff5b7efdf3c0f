import {defang} from "../../../cases/notices/values.ts";
import {CASE_STATES, SEVERITIES} from "../../../model/cases/case.ts";
import {importedKey} from "../../../model/cases/case-history.ts";
import {type CaseFilter, QUEUES} from "../../../model/cases/case-list.ts";
import {WatchfloorError} from "../../../model/errors.ts";
import {partyId} from "../../../model/party.ts";
import {visible} from "../../../model/visible.ts";
import {caseDossier} from "../../cases/dossier.ts";
import {importedCase} from "../../cases/history.ts";
import {casesIn, type ListedCase, queueCounts} from "../../cases/listing.ts";
import {BY, type Call, type Command, choices, optional, person, tableText, wholeNumber} from "../../command.ts";
import {partyOption} from "../parties.ts";
import {dossierText} from "./dossier-text.ts";
import {alsoImported, importedList, importedText} from "./history.ts";
import {CASE, caseOption} from "./options.ts";

const WORDS = ["class", "sector", "brand", "province", "search", "after"] as const;

const list: Command = {
  name: "case list",
  summary: `Lists cases, newest first. Queues: ${QUEUES.join(", ")}; \`mine\` are those of --by. --search finds a part of the asset or brand, or an id. --imported lists the cases of other systems instead.`,
  usage:
    "[--queue Q] [--state S,...] [--class C] [--party WP-000001] [--severity I|II|III|IV] [--sector S] [--brand B] [--province NN] [--search TEXT] [--after WF-2023-000123] [--limit N] [--by NAME] | --imported [--source S] [--class C] [--search TEXT] [--after ID] [--limit N]",
  options: {
    ...{...BY, queue: {type: "string"}, state: {type: "string"}, class: {type: "string"}, party: {type: "string"}},
    ...{severity: {type: "string"}, sector: {type: "string"}, brand: {type: "string"}, province: {type: "string"}},
    ...{search: {type: "string"}, after: {type: "string"}, limit: {type: "string"}},
    ...{imported: {type: "boolean"}, source: {type: "string"}},
  },
  run: async (call, open) => {
    const house = await open();
    if (call.options["imported"] === true) return importedList(call, house);
    if (optional(call, "source") !== undefined) throw new WatchfloorError("usage", "--source goes with --imported");
    const found = await casesIn(house, filterOf(call), call.now);
    const text = found.length === 0 ? "none" : tableText(found.map(lineText));
    return {json: found, text: [text, ...(await alsoImported(call, house))].join("\n")};
  },
};

function filterOf(call: Call): CaseFilter {
  const words = WORDS.flatMap((name) => {
    const value = optional(call, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const limit = wholeNumber(call, "limit");
  const [queue] = optional(call, "queue") === undefined ? [] : choices(call, "queue", QUEUES);
  const [severity] = optional(call, "severity") === undefined ? [] : choices(call, "severity", SEVERITIES);
  return {
    ...Object.fromEntries(words),
    ...(queue === undefined ? {} : {queue}),
    ...(queue === "mine" ? {me: person(call)} : {}),
    ...(optional(call, "state") === undefined ? {} : {states: choices(call, "state", CASE_STATES)}),
    ...(severity === undefined ? {} : {severity}),
    ...(optional(call, "party") === undefined ? {} : {party: partyOption(call, "party")}),
    ...(limit === undefined ? {} : {limit}),
  };
}

function lineText(line: ListedCase): string[] {
  return [
    line.id,
    line.class,
    `${line.state}${line.round > 1 ? ` (round ${line.round})` : ""}`,
    line.severity,
    line.party === null ? "-" : `${partyId(line.party)} ${line.partyNames?.zh ?? line.partyNames?.en ?? ""}`,
    line.assignee === null ? "-" : visible(line.assignee),
    [line.waitsFor === null ? "" : `waits: ${line.waitsFor}`, line.isProtected ? "protected" : ""]
      .filter((text) => text !== "")
      .join(", ") || "-",
    defang(line.asset),
  ];
}

const queues: Command = {
  name: "case queues",
  summary: "Counts the cases of each queue, and those of them that were opened within 1, 7 and 30 days.",
  usage: "[--by NAME]",
  options: BY,
  run: async (call, open) => {
    const counts = await queueCounts(await open(), person(call), call.now);
    const rows = counts.map(({queue, cases, day, week, month}) => [queue, ...[cases, day, week, month].map(String)]);
    return {json: counts, text: tableText([["queue", "cases", "1 day", "7 days", "30 days"], ...rows])};
  },
};

const show: Command = {
  name: "case show",
  summary:
    "Shows a case: what came in, who was told what and why, mails, looks with their reasons, deadlines, and its history. A case of another system has its source and number as id.",
  usage: "--id WF-2023-000123|SOURCE/NUMBER",
  options: CASE,
  run: async (call, open) => {
    const [house, id] = [await open(), caseOption(call)];
    if (importedKey(id) !== null) {
      const found = await importedCase(house, id);
      return {json: found, text: importedText(found)};
    }
    const dossier = await caseDossier(house, id, call.now);
    return {json: dossier, text: dossierText(dossier)};
  },
};

/** Commands that look at cases. */
export const CASE_LISTS: readonly Command[] = [list, queues, show];
