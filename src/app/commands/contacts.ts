import {readFile} from "node:fs/promises";
import {healthOf, keyState} from "../../cases/parties/health.ts";
import {workingHours} from "../../cases/parties/readers/own-csv.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {
  CONTACT_CHANNELS,
  CONTACT_LANGUAGES,
  CONTACT_PURPOSES,
  type Contact,
  type KnownContact,
  partyId,
  type WorkingHours,
} from "../../model/party.ts";
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
import {
  addContact,
  type ContactNews,
  confirmationsDue,
  contactsIn,
  editContact,
  recordContactNews,
} from "../parties.ts";
import {actOf, partyOption} from "./parties.ts";

const FIELDS = {
  ...{hours: {type: "string"}, key: {type: "string"}, fingerprint: {type: "string", multiple: true}},
  ...{from: {type: "string"}, until: {type: "string"}},
} as const satisfies Command["options"];
const FIELD_USAGE =
  '[--hours "cn 09:00-18:00 Asia/Shanghai"] [--key FILE] [--fingerprint F]... [--from DAY] [--until DAY]';

const add: Command = {
  name: "contact add",
  summary: "Adds a contact to a party. Of a key the fingerprint and the last day are read from the key itself.",
  usage: `--party WP-000001 --purpose P --address A [--language zh|en] [--channel mail|api|portal] ${FIELD_USAGE} [--reason TEXT] [--by NAME]`,
  options: {
    ...{...BY, ...FIELDS, party: {type: "string"}, purpose: {type: "string"}, address: {type: "string"}},
    ...{language: {type: "string"}, channel: {type: "string"}, reason: {type: "string"}},
  },
  run: async (call, open) => {
    const contact: Contact = {
      ...{purpose: one(call, "purpose", CONTACT_PURPOSES), address: needed(call, "address")},
      language: optional(call, "language") === undefined ? "zh" : one(call, "language", CONTACT_LANGUAGES),
      channel: optional(call, "channel") === undefined ? "mail" : one(call, "channel", CONTACT_CHANNELS),
      ...{
        pgpKey: (await keyOf(call)) ?? null,
        pgpFingerprints: several(call, "fingerprint"),
        hours: hoursOf(call) ?? null,
      },
      ...{from: dayOf(call, "from") ?? null, until: dayOf(call, "until") ?? null},
    };
    const house = await open();
    return contactAnswer(house, call, [
      await addContact(house, {party: partyOption(call, "party"), contact}, actOf(call)),
    ]);
  },
};

const edit: Command = {
  name: "contact edit",
  summary: "Changes a contact here; no import takes it back. --hide takes it out of use, --restore brings it back.",
  usage: `--id N [--address A] ${FIELD_USAGE} [--hide | --restore] [--reason TEXT] [--by NAME]`,
  options: {
    ...{...BY, ...FIELDS, id: {type: "string"}, address: {type: "string"}, reason: {type: "string"}},
    ...{hide: {type: "boolean"}, restore: {type: "boolean"}},
  },
  run: async (call, open) => {
    const house = await open();
    const {party, key, id} = await contactNamed(house, call);
    const [hide, restore] = [call.options["hide"] === true, call.options["restore"] === true];
    const given = {
      address: optional(call, "address"),
      pgpKey: await keyOf(call),
      hours: hoursOf(call),
      from: dayOf(call, "from"),
      until: dayOf(call, "until"),
    };
    const fingerprints = several(call, "fingerprint");
    const fields = {...defined(given), ...(fingerprints.length > 0 ? {pgpFingerprints: fingerprints} : {})};
    if (hide && restore) throw new WatchfloorError("usage", "--hide and --restore say the opposite");
    const changed = await editContact(
      house,
      {party, key, fields, ...(hide || restore ? {isHidden: hide} : {})},
      actOf(call),
    );
    const now = await contactsIn(house, changed === key ? {ids: [id]} : {parties: [party]}, call.now);
    return contactAnswer(
      house,
      call,
      now.filter((each) => each.key === changed),
    );
  },
};

/** Leaves out what was not given. */
function defined<Value extends object>(value: Value): {[Key in keyof Value]?: Exclude<Value[Key], undefined>} {
  const kept: {[Key in keyof Value]?: Exclude<Value[Key], undefined>} = {};
  return Object.assign(kept, Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)));
}

const confirm: Command = {
  name: "contact confirm",
  summary:
    "Notes that a contact holds: somebody there has said so. It is then good for a year, whatever bounced before.",
  usage: "--id N | --address A [--note TEXT] [--by NAME]",
  options: {...BY, id: {type: "string"}, address: {type: "string"}, note: {type: "string"}},
  run: async (call, open) => noted(await open(), call, "confirmed"),
};

const bounce: Command = {
  name: "contact bounce",
  summary: "Notes that mail to a contact came back: for good, or for now (--soft).",
  usage: "--id N | --address A [--soft] [--note TEXT] [--by NAME]",
  options: {...BY, id: {type: "string"}, address: {type: "string"}, note: {type: "string"}, soft: {type: "boolean"}},
  run: async (call, open) => noted(await open(), call, call.options["soft"] === true ? "soft-bounce" : "hard-bounce"),
};

async function noted(house: House, call: Call, kind: ContactNews["kind"]): Promise<Answer> {
  const address = optional(call, "address");
  const of = address === undefined ? {ids: [(await contactNamed(house, call)).id]} : {address};
  const contacts = await recordContactNews(
    house,
    {of, kind, note: optional(call, "note") ?? null, by: person(call)},
    call.now,
  );
  if (contacts.length === 0) throw new WatchfloorError("contact_unknown", address ?? "");
  return contactAnswer(house, call, contacts);
}

const due: Command = {
  name: "contact due",
  summary:
    "Lists the contacts that are to be asked whether they still hold, and those that mail does not reach any more.",
  usage: "",
  options: {},
  run: async (call, open) => {
    const steps = await confirmationsDue(await open(), call.now);
    const rows = steps.map(({party, address, contacts, ...step}) => [
      partyId(party),
      address,
      step.do,
      contacts.join(", "),
    ]);
    return {json: steps, text: rows.length === 0 ? "none" : tableText(rows)};
  },
};

async function contactNamed(house: House, call: Call): Promise<KnownContact> {
  needed(call, "id");
  const id = wholeNumber(call, "id") ?? 0;
  const [found] = await contactsIn(house, {ids: [id]}, call.now);
  if (found === undefined) throw new WatchfloorError("contact_unknown", String(id));
  return found;
}

function contactAnswer(house: House, call: Call, contacts: readonly KnownContact[]): Answer {
  const looked = contacts.map((each) => ({
    ...each,
    health: healthOf(each.record, house.config.parties, call.now),
    keyState: keyState(each, each.pgp, call.now),
  }));
  const rows = looked.map((each) => [
    ...[String(each.id), partyId(each.party), each.purpose, each.language, each.channel, each.address],
    ...[each.health.because ?? "healthy", `key ${each.keyState}`],
  ]);
  return {json: looked, text: tableText(rows)};
}

function one<Choice extends string>(call: Call, name: string, offered: readonly Choice[]): Choice {
  needed(call, name);
  const [choice, ...more] = choices(call, name, offered);
  if (choice === undefined || more.length > 0)
    throw new WatchfloorError("usage", `--${name} takes one of ${offered.join(", ")}`);
  return choice;
}

async function keyOf(call: Call): Promise<string | undefined> {
  const file = optional(call, "key");
  if (file === undefined) return undefined;
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new WatchfloorError("usage", `${file} cannot be read`, cause);
  });
}

function hoursOf(call: Call): WorkingHours | null | undefined {
  const text = optional(call, "hours");
  if (text === undefined) return undefined;
  const hours = workingHours(text);
  if (hours === "bad") throw new WatchfloorError("usage", `--hours ${text} are none such as "cn 09:00-18:00"`);
  return hours;
}

function dayOf(call: Call, name: string): string | undefined {
  const text = optional(call, name);
  if (text !== undefined && (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text))))
    throw new WatchfloorError("usage", `--${name} ${text} is no day such as 2023-02-20`);
  return text;
}

/** Commands about contacts. */
export const CONTACT_COMMANDS: readonly Command[] = [add, edit, confirm, bounce, due];
