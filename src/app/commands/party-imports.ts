import {readFile} from "node:fs/promises";
import {PARTY_FORMATS} from "../../cases/parties/readers/index.ts";
import type {ListOwner} from "../../cases/parties/readers/reading.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {CONTACT_LANGUAGES, isPartyKind, partyId} from "../../model/party.ts";
import {BY, type Call, type Command, choices, needed, optional, person, tableText} from "../command.ts";
import type {ImportAnswer} from "../parties/importing.ts";
import {importParties, partyConflicts, partySources, resolveConflict} from "../parties.ts";
import {actOf, ID, MANY, partyOption, REASON, shown, valueText} from "./parties.ts";

const LAYERS = ["local", "imported"] as const;

const take: Command = {
  name: "party import",
  summary: `Takes a list of parties in. What was changed here stays. Formats: ${PARTY_FORMATS.map(({name}) => name).join(", ")}.`,
  usage:
    "FILE --source NAME --format F [--only-country CC,...] [--language zh|en] [--accept-losses] [--party WP-000001 | --kind K (--zh NAME | --en NAME) [--country CC]] [--by NAME]",
  options: {
    ...{...BY, source: {type: "string"}, format: {type: "string"}, language: {type: "string"}, party: {type: "string"}},
    ...{"only-country": {type: "string"}, "accept-losses": {type: "boolean"}, kind: {type: "string"}},
    ...{zh: {type: "string"}, en: {type: "string"}, country: {type: "string"}},
  },
  takesPositionals: true,
  run: async (call, open) => {
    const [file, ...more] = call.positionals;
    if (file === undefined || more.length > 0) throw new WatchfloorError("usage", "one file is wanted");
    const text = await readFile(file, "utf8").catch((cause: unknown) => {
      throw new WatchfloorError("usage", `${file} cannot be read`, cause);
    });
    const source = needed(call, "source");
    const choice = {
      of: ownerOf(call, source),
      countries: optional(call, "only-country")?.split(",") ?? null,
      language:
        optional(call, "language") === undefined ? "en" : (choices(call, "language", CONTACT_LANGUAGES)[0] ?? "en"),
    } as const;
    const acceptsLosses = call.options["accept-losses"] === true;
    const answer = await importParties(
      await open(),
      {source, format: needed(call, "format"), text, choice, by: person(call), acceptsLosses},
      call.now,
    );
    return {
      json: answer,
      text: importText(answer),
      complaints: answer.rejects.slice(0, MANY).map(({line, reason}) => `${file}:${line} ${reason}`),
    };
  },
};

/** Whose networks a list holds, where the list does not say. */
function ownerOf(call: Call, source: string): ListOwner | null {
  const names = {zh: optional(call, "zh") ?? null, en: optional(call, "en") ?? null};
  const party = optional(call, "party") === undefined ? null : partyOption(call, "party");
  const kind = optional(call, "kind") ?? "cloud-provider";
  if (!isPartyKind(kind)) throw new WatchfloorError("usage", `${kind} is no kind of party`);
  if (party !== null) return {key: source, party, kind, names: {zh: names.zh, en: names.en ?? source}, country: null};
  if (names.zh === null && names.en === null) return null;
  return {key: source, party, kind, names, country: optional(call, "country") ?? null};
}

function importText(answer: ImportAnswer): string {
  return `${answer.source}: ${answer.read} read, ${answer.added} new, ${answer.changed} changed, ${answer.gone} gone, ${answer.missing} missing but kept, ${answer.unchanged} as before; ${answer.rejects.length} rejects, ${answer.skipped} passed over, ${answer.conflicts} conflicts`;
}

const sources: Command = {
  name: "party sources",
  summary: "Lists the sources of parties and when each was last imported.",
  usage: "",
  options: {},
  run: async (_call, open) => {
    const found = await partySources(await open());
    const rows = found.map(({source, format, importedAt, by}) => [source, format, importedAt.toISOString(), by]);
    return {json: found, text: rows.length === 0 ? "none" : tableText(rows)};
  },
};

const conflicts: Command = {
  name: "party conflicts",
  summary:
    "Lists what was changed here and has been changed by its source since. Until it is decided, what was set here holds.",
  usage: "[--id WP-000001]",
  options: ID,
  run: async (call, open) => {
    const party = optional(call, "id") === undefined ? null : partyOption(call);
    const found = await partyConflicts(await open(), party);
    const rows = found.flatMap((each) =>
      each.conflicts.map(({path, base, value, imported}) => [
        ...[partyId(each.party), path, `it was ${valueText(base)}`, `here ${valueText(value)}`],
        `there now ${valueText(imported)}`,
      ]),
    );
    const json = found.map((each) => ({id: partyId(each.party), ...each}));
    return {json, text: rows.length === 0 ? "none" : tableText(rows)};
  },
};

const resolve: Command = {
  name: "party resolve",
  summary: "Decides a conflict: what was set here stays, or what the source says holds again.",
  usage: "--id WP-000001 --path PATH --take local|imported [--reason TEXT] [--by NAME]",
  options: {...ID, ...BY, ...REASON, path: {type: "string"}, take: {type: "string"}},
  run: async (call, open) => {
    const party = partyOption(call);
    needed(call, "take");
    const [choice = "local"] = choices(call, "take", LAYERS);
    const house = await open();
    await resolveConflict(house, {party, path: needed(call, "path"), take: choice}, actOf(call));
    return shown(house, call, party);
  },
};

/** Commands that take lists of parties in, and decide between them and us. */
export const PARTY_IMPORT_COMMANDS: readonly Command[] = [take, sources, conflicts, resolve];
