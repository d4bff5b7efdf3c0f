import {readFile} from "node:fs/promises";
import path from "node:path";
import {SEVERITIES, TLP_MARKS} from "../../../model/cases/case.ts";
import {WatchfloorError} from "../../../model/errors.ts";
import {isPartyKind} from "../../../model/party.ts";
import {factsOfTexts, type HandOpening, openByHand} from "../../cases/opening.ts";
import {chooseParty} from "../../cases/party.ts";
import {attachTo, fileOf, linkWith, mergeInto, splitOff} from "../../cases/ties.ts";
import {BY, type Call, type Command, choices, needed, optional, several} from "../../command.ts";
import {partyOption} from "../parties.ts";
import {writeNew} from "./files.ts";
import {actOf, CASE, caseOption, doneAnswer, maybe, WHO} from "./options.ts";

const ONE = "--id WF-2023-000123";

/** Options that say what a case is about. */
export const HAND_OPTIONS = {
  ...{class: {type: "string"}, asset: {type: "string"}, kind: {type: "string"}, severity: {type: "string"}},
  ...{fact: {type: "string", multiple: true}, urgent: {type: "boolean"}, tlp: {type: "string"}},
  ...{parties: {type: "string"}, note: {type: "string"}},
} as const satisfies Command["options"];
/** How they are given, for the manual; class and asset stand before them. */
export const HAND_USAGE =
  "[--kind K] [--fact NAME=VALUE]... [--severity I|II|III|IV] [--urgent] [--tlp MARK] [--parties KIND,...] [--note TEXT]";

/** Returns what they say. Throws usage. */
export function handOf(call: Call): Omit<HandOpening, "class" | "asset"> {
  const one = <Choice extends string>(name: string, offered: readonly Choice[]): Choice | null =>
    optional(call, name) === undefined ? null : (choices(call, name, offered)[0] ?? null);
  return {
    kind: maybe(call, "kind"),
    facts: factsOfTexts(pairsOf(call, "fact")),
    severity: one("severity", SEVERITIES),
    tlp: one("tlp", TLP_MARKS),
    isUrgent: call.options["urgent"] === true ? true : null,
    parties: partiesOf(call),
    note: maybe(call, "note"),
  };
}

const open: Command = {
  name: "case open",
  summary:
    "Opens a case by hand, or joins the one that is there. The asset may be defanged (hxxp, [.]). What is not given is taken from the rule that fits. Facts: ip, port, brand, title, registrar and the others that case show names.",
  usage: `--class C --asset X ${HAND_USAGE} ${WHO}`,
  options: {...BY, ...HAND_OPTIONS},
  run: async (call, openHouse) => {
    const opening = {...handOf(call), class: needed(call, "class"), asset: needed(call, "asset")};
    const {outcome, case: there} = await openByHand(await openHouse(), opening, actOf(call));
    return {...doneAnswer(there, outcome), json: {outcome, ...there}};
  },
};

/** Returns the options of the form NAME=VALUE. Throws usage. */
export function pairsOf(call: Call, option: string): ReadonlyMap<string, string> {
  return new Map(
    several(call, option).map((text) => {
      const at = text.indexOf("=");
      if (at < 1) throw new WatchfloorError("usage", `--${option} ${text} is not of the form NAME=VALUE`);
      return [text.slice(0, at), text.slice(at + 1)] as const;
    }),
  );
}

function partiesOf(call: Call): string[] | null {
  const kinds = optional(call, "parties")?.split(",") ?? null;
  const wrong = kinds?.find((kind) => !isPartyKind(kind));
  if (wrong !== undefined) throw new WatchfloorError("usage", `--parties: ${wrong} is no kind of party`);
  return kinds;
}

const party: Command = {
  name: "case party",
  summary: "Gives a case to a party by hand, with the reason. It is told with the next notifications.",
  usage: `${ONE} --party WP-000001 --reason TEXT ${WHO}`,
  options: {...BY, ...CASE, party: {type: "string"}, reason: {type: "string"}},
  run: async (call, openHouse) => {
    const choice = {id: caseOption(call), party: partyOption(call, "party"), reason: needed(call, "reason")};
    return doneAnswer(await chooseParty(await openHouse(), choice, actOf(call)));
  },
};

const merge: Command = {
  name: "case merge",
  summary: "Makes a case a part of another: what came in of it belongs to that one from now on.",
  usage: `${ONE} --into WF-2023-000124 ${WHO}`,
  options: {...BY, ...CASE, into: {type: "string"}},
  run: async (call, openHouse) =>
    doneAnswer(await mergeInto(await openHouse(), {id: caseOption(call), into: needed(call, "into")}, actOf(call))),
};

const split: Command = {
  name: "case split",
  summary: "Takes an asset out of a case that has several, into a case of its own.",
  usage: `${ONE} --asset X [--kind K] ${WHO}`,
  options: {...BY, ...CASE, asset: {type: "string"}, kind: {type: "string"}},
  run: async (call, openHouse) => {
    const what = {id: caseOption(call), asset: needed(call, "asset"), kind: maybe(call, "kind")};
    return doneAnswer(await splitOff(await openHouse(), what, actOf(call)));
  },
};

const link: Command = {
  name: "case link",
  summary: "Says that two cases have to do with each other.",
  usage: `${ONE} --with WF-2023-000124 ${WHO}`,
  options: {...BY, ...CASE, with: {type: "string"}},
  run: async (call, openHouse) =>
    doneAnswer(await linkWith(await openHouse(), {id: caseOption(call), other: needed(call, "with")}, actOf(call))),
};

const attach: Command = {
  name: "case attach",
  summary: "Attaches a file to a case. It is kept under its hash and never shown inline.",
  usage: `FILE ${ONE} [--type MIME] ${WHO}`,
  options: {...BY, ...CASE, type: {type: "string"}},
  takesPositionals: true,
  run: async (call, openHouse) => {
    const file = oneFile(call);
    const bytes = await readGiven(file);
    const type = maybe(call, "type") ?? "application/octet-stream";
    const given = {id: caseOption(call), name: path.basename(file), type, bytes};
    return doneAnswer(await attachTo(await openHouse(), given, actOf(call)));
  },
};

const file: Command = {
  name: "case file",
  summary: "Writes a file of a case to a new file, for which only you have rights. Others made it: do not trust it.",
  usage: `${ONE} --sha256 HASH --out FILE`,
  options: {...CASE, sha256: {type: "string"}, out: {type: "string"}},
  run: async (call, openHouse) => {
    const which = {id: caseOption(call), sha256: needed(call, "sha256").toLowerCase()};
    const bytes = await fileOf(await openHouse(), which);
    const out = needed(call, "out");
    await writeNew(out, bytes);
    return {json: {out, bytes: bytes.length}, text: `${bytes.length} bytes written to ${out}`};
  },
};

/** Returns the one file that is named. Throws usage. */
export function oneFile(call: Call): string {
  const [name, ...more] = call.positionals;
  if (name === undefined || more.length > 0) throw new WatchfloorError("usage", "one file is wanted");
  return name;
}

/** Returns the bytes of a file that was named. Throws usage when it cannot be read. */
export function readGiven(name: string): Promise<Buffer> {
  return readFile(name).catch((cause: unknown) => {
    throw new WatchfloorError("usage", `${name} cannot be read`, cause);
  });
}

/** Commands by which cases are entered and put together. */
export const CASE_ENTRIES: readonly Command[] = [open, party, merge, split, link, attach, file];
