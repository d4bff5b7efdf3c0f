import {FIELD_PATHS, type FieldPath} from "../../cases/parties/paths.ts";
import {responsibilityKind} from "../../cases/parties/readers/reading.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {type PartyFields, type PartyValue, partyId, partyNumber, type Responsibility} from "../../model/party.ts";
import {
  type Answer,
  BY,
  type Call,
  type Command,
  choices,
  needed,
  optional,
  person,
  several,
  tableText,
  wholeNumber,
} from "../command.ts";
import type {House} from "../house.ts";
import type {Act} from "../parties/editing.ts";
import {addParty, dossierOf, editParty, type PartyDossier, partiesIn} from "../parties.ts";

/** The option that names a party. */
export const ID = {id: {type: "string"}} as const satisfies Command["options"];
/** The option that says why. */
export const REASON = {reason: {type: "string"}} as const satisfies Command["options"];
const FIELDS = {
  ...{kind: {type: "string"}, zh: {type: "string"}, en: {type: "string"}, country: {type: "string"}},
  ...{province: {type: "string"}, from: {type: "string"}, until: {type: "string"}},
} as const satisfies Command["options"];
const FIELD_USAGE = "[--country CC] [--province NN] [--from DAY] [--until DAY]";
/** How much is shown where nobody says how much. */
export const MANY = 100;

/** Returns the number of the party that an option names. Throws usage. */
export function partyOption(call: Call, name = "id"): number {
  const text = needed(call, name);
  const number = partyNumber(text);
  if (number === null) throw new WatchfloorError("usage", `--${name} ${text} is no party such as WP-000001`);
  return number;
}

/** Returns who does it, why and when. */
export function actOf(call: Call): Act {
  return {by: person(call), reason: optional(call, "reason") ?? null, now: call.now};
}

const list: Command = {
  name: "party list",
  summary: "Lists parties, by kind, country or a part of the name.",
  usage: "[--kind K] [--country CC] [--text T] [--after WP-000001] [--limit N]",
  options: {
    kind: {type: "string"},
    country: {type: "string"},
    text: {type: "string"},
    after: {type: "string"},
    limit: {type: "string"},
  },
  run: async (call, open) => {
    const house = await open();
    const word = (name: "kind" | "country" | "text") =>
      optional(call, name) === undefined ? {} : {[name]: optional(call, name)};
    const after = optional(call, "after") === undefined ? {} : {after: partyOption(call, "after")};
    const found = await partiesIn(house, {
      ...word("kind"),
      ...word("country"),
      ...word("text"),
      ...after,
      limit: wholeNumber(call, "limit") ?? MANY,
    });
    const rows = found.map((each) => [
      partyId(each.party),
      each.kind,
      each.country ?? "-",
      nameText(each),
      `${each.responsibilities} responsibilities, ${each.contacts} contacts`,
      [each.isStated ? "" : "no longer stated", each.conflicts > 0 ? `${each.conflicts} conflicts` : ""]
        .filter((text) => text !== "")
        .join(", "),
    ]);
    return {
      json: found.map((each) => ({id: partyId(each.party), ...each})),
      text: rows.length === 0 ? "none" : tableText(rows),
    };
  },
};

const show: Command = {
  name: "party show",
  summary: "Shows a party: what it answers for, its contacts and their health, its sources, conflicts and changes.",
  usage: "--id WP-000001 [--limit N]",
  options: {...ID, limit: {type: "string"}},
  run: async (call, open) => shown(await open(), call, partyOption(call)),
};

/** Returns a party as `party show` does. */
export async function shown(house: House, call: Call, party: number): Promise<Answer> {
  const limit = wholeNumber(call, "limit") ?? MANY;
  const dossier = await dossierOf(house, {party, limit}, call.now);
  return {json: {id: partyId(party), ...dossier}, text: dossierText(dossier)};
}

function nameText({names}: Pick<PartyFields, "names">): string {
  return [names.zh, names.en].filter((name) => name !== null).join(" / ");
}

function dossierText(party: PartyDossier): string {
  const rows = [
    [partyId(party.party), nameText(party)],
    ["kind", party.kind],
    ["home", [party.country, party.province].filter((each) => each !== null).join(" ") || "-"],
    ["valid", `${party.from ?? "…"} to ${party.until ?? "…"}`],
    ...party.responsibilities.map(({kind, value, layer, source}) => [
      "answers for",
      `${kind} ${value} (${source ?? layer})`,
    ]),
    ...party.contacts.map((each) => [
      `contact ${each.id}`,
      `${each.purpose} ${each.language} ${each.channel} ${each.address} (${each.source ?? each.layer})${each.pgp === null ? "" : ` key ${each.pgp.fingerprint}`}`,
    ]),
    ...party.sources.map(({source, key, isGone}) => ["source", `${source} ${key}${isGone ? ", no longer there" : ""}`]),
    ...party.conflicts.map((each) => [
      "conflict",
      `${each.path}: here ${valueText(each.value)}, there now ${valueText(each.imported)}`,
    ]),
    ...party.history.map((each) => [
      "changed",
      `${each.at.toISOString()} ${each.by}: ${each.step} ${each.path}${each.step === "set" ? ` ${valueText(each.value)}` : ""}`,
    ]),
  ];
  return tableText(rows);
}

/** Returns a value of a path for a terminal, cut when it is long. */
export function valueText(value: PartyValue): string {
  const text = value === null ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const add: Command = {
  name: "party add",
  summary: "Adds a party of our own.",
  usage: `--kind K (--zh NAME | --en NAME) ${FIELD_USAGE} [--for KIND:VALUE]... [--reason TEXT] [--by NAME]`,
  options: {...BY, ...REASON, ...FIELDS, for: {type: "string", multiple: true}},
  run: async (call, open) => {
    const house = await open();
    const word = (name: string): string | null => optional(call, name) ?? null;
    const party = await addParty(
      house,
      {
        ...{kind: needed(call, "kind"), names: {zh: word("zh"), en: word("en")}, country: word("country")},
        ...{province: word("province"), from: word("from"), until: word("until")},
        responsibilities: several(call, "for").map(responsibilityOf),
      },
      actOf(call),
    );
    return shown(house, call, party);
  },
};

function responsibilityOf(text: string): Pick<Responsibility, "kind" | "value"> {
  const kind = responsibilityKind(text.slice(0, text.indexOf(":")));
  if (kind === null)
    throw new WatchfloorError("usage", `${text} is nothing to be responsible for, such as asn:AS64500`);
  return {kind, value: text.slice(text.indexOf(":") + 1)};
}

const edit: Command = {
  name: "party edit",
  summary:
    "Changes a party here; no import takes it back. --clear empties fields, --not-for takes away what it answers for.",
  usage: `--id WP-000001 [--kind K] [--zh NAME] [--en NAME] ${FIELD_USAGE} [--clear FIELD,...] [--for KIND:VALUE]... [--not-for KIND:VALUE]... [--reason TEXT] [--by NAME]`,
  options: {
    ...{...ID, ...BY, ...REASON, ...FIELDS, clear: {type: "string"}},
    ...{for: {type: "string", multiple: true}, "not-for": {type: "string", multiple: true}},
  },
  run: async (call, open) => {
    const house = await open();
    const party = partyOption(call);
    const changes = {
      add: several(call, "for").map(responsibilityOf),
      remove: several(call, "not-for").map(responsibilityOf),
    };
    await editParty(house, {party, fields: fieldsOf(call), ...changes}, actOf(call));
    return shown(house, call, party);
  },
};

function fieldsOf(call: Call): Partial<Record<FieldPath, string | null>> {
  const fields: Partial<Record<FieldPath, string | null>> = {};
  const optionOf = (path: FieldPath): string => path.replace("names.", "");
  const names = FIELD_PATHS.map(optionOf);
  const cleared = optional(call, "clear") === undefined ? [] : choices(call, "clear", names);
  for (const path of FIELD_PATHS) {
    const value = optional(call, optionOf(path));
    if (value !== undefined) fields[path] = value;
    else if (cleared.includes(optionOf(path))) fields[path] = null;
  }
  return fields;
}

/** Commands about parties. */
export const PARTY_COMMANDS: readonly Command[] = [list, show, add, edit];
