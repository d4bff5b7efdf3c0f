import {WatchfloorError} from "../../../model/errors.ts";
import {
  acknowledgeCase,
  assignCase,
  dismissCase,
  disputeCase,
  handBack,
  noteCase,
  releaseCase,
  reopenCase,
  resolveCase,
  verifyCase,
} from "../../cases/acts.ts";
import {type Command, choices, instantOption, needed, optional, person} from "../../command.ts";
import {actOf, bulkAnswer, CASES, maybe, WHO} from "./options.ts";

const IDS = "--id WF-2023-000123,...";
const NOTE = {...CASES, note: {type: "string"}} as const satisfies Command["options"];
const TOLD = {
  ...CASES,
  reason: {type: "string"},
  "tell-reporter": {type: "string"},
} as const satisfies Command["options"];

const note: Command = {
  name: "case note",
  summary: "Writes a remark into the history of cases.",
  usage: `${IDS} --text TEXT ${WHO}`,
  options: {...CASES, text: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const text = needed(call, "text");
    return bulkAnswer(call, (id) => noteCase(house, {id, text}, actOf(call)));
  },
};

const assign: Command = {
  name: "case assign",
  summary: "Gives cases to a person; --nobody takes them back.",
  usage: `${IDS} (--to NAME | --nobody) ${WHO}`,
  options: {...CASES, to: {type: "string"}, nobody: {type: "boolean"}},
  run: async (call, open) => {
    const house = await open();
    const isBack = call.options["nobody"] === true;
    if (isBack && optional(call, "to") !== undefined)
      throw new WatchfloorError("usage", "--to and --nobody exclude each other");
    const to = isBack ? null : needed(call, "to");
    return bulkAnswer(call, (id) => assignCase(house, {id, to}, actOf(call)));
  },
};

const take: Command = {
  name: "case take",
  summary: "Takes cases for yourself.",
  usage: `${IDS} ${WHO}`,
  options: CASES,
  run: async (call, open) => {
    const house = await open();
    return bulkAnswer(call, (id) => assignCase(house, {id, to: person(call)}, actOf(call)));
  },
};

const acknowledge: Command = {
  name: "case acknowledge",
  summary: "Enters that the party has answered, such as on the telephone.",
  usage: `${IDS} [--note TEXT] ${WHO}`,
  options: NOTE,
  run: async (call, open) => {
    const house = await open();
    return bulkAnswer(call, (id) => acknowledgeCase(house, {id, note: maybe(call, "note")}, actOf(call)));
  },
};

const resolve: Command = {
  name: "case resolve",
  summary: "Enters that the party says it is done. It is looked at then.",
  usage: `${IDS} [--note TEXT] ${WHO}`,
  options: NOTE,
  run: async (call, open) => {
    const house = await open();
    return bulkAnswer(call, (id) => resolveCase(house, {id, note: maybe(call, "note")}, actOf(call)));
  },
};

const dispute: Command = {
  name: "case dispute",
  summary: "Enters that a person saw that what the party calls done is not: the rules go on with it.",
  usage: `${IDS} --reason TEXT ${WHO}`,
  options: {...CASES, reason: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const reason = needed(call, "reason");
    return bulkAnswer(call, (id) => disputeCase(house, {id, reason}, actOf(call)));
  },
};

const dismiss: Command = {
  name: "case dismiss",
  summary:
    "Dismisses cases with a reason: --as party when the party says with a reason that there is nothing to do (its answer), --as us when we found so. Those who complained are told that it is closed.",
  usage: `${IDS} --as party|us --reason TEXT [--tell-reporter TEXT] ${WHO}`,
  options: {...TOLD, as: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    needed(call, "as");
    const [by = "us"] = choices(call, "as", ["party", "us"] as const);
    const said = {by, reason: needed(call, "reason"), toReporter: maybe(call, "tell-reporter")} as const;
    return bulkAnswer(call, (id) => dismissCase(house, {id, ...said}, actOf(call)));
  },
};

const verify: Command = {
  name: "case verify",
  summary: "Enters that a person saw the asset gone, with a reason. Those who complained are told.",
  usage: `${IDS} --reason TEXT [--gone-at TIME] [--tell-reporter TEXT] ${WHO}`,
  options: {...TOLD, "gone-at": {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const goneAt = optional(call, "gone-at") === undefined ? null : instantOption(call, "gone-at");
    const said = {reason: needed(call, "reason"), goneAt, toReporter: maybe(call, "tell-reporter")};
    return bulkAnswer(call, (id) => verifyCase(house, {id, ...said}, actOf(call)));
  },
};

const reopen: Command = {
  name: "case reopen",
  summary: "Opens dismissed or verified cases anew: a new round.",
  usage: `${IDS} --reason TEXT ${WHO}`,
  options: {...CASES, reason: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const reason = needed(call, "reason");
    return bulkAnswer(call, (id) => reopenCase(house, {id, reason}, actOf(call)));
  },
};

const back: Command = {
  name: "case hand-back",
  summary: "Lets the rules go on with cases that they had handed to a person.",
  usage: `${IDS} [--note TEXT] ${WHO}`,
  options: NOTE,
  run: async (call, open) => {
    const house = await open();
    return bulkAnswer(call, (id) => handBack(house, {id, note: maybe(call, "note")}, actOf(call)));
  },
};

const release: Command = {
  name: "case release",
  summary: "Agrees that a protected case may be notified: the first person asks, a second one releases it.",
  usage: `${IDS} ${WHO}`,
  options: CASES,
  run: async (call, open) => {
    const house = await open();
    return bulkAnswer(call, (id) => releaseCase(house, {id}, actOf(call)));
  },
};

/** Commands by which people move cases. */
export const CASE_ACTS: readonly Command[] = [
  ...[note, assign, take, acknowledge, resolve, dispute, dismiss, verify, reopen, back, release],
];
