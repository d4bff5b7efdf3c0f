import path from "node:path";
import {WatchfloorError} from "../../model/errors.ts";
import type {Gap} from "../../model/indicator.ts";
import {verifyArchive} from "../../store/archive/verification.ts";
import {publications} from "../../store/editions.ts";
import {
  BY,
  type Command,
  choices,
  needed,
  optional,
  person,
  REASON_OPTIONS,
  REASON_USAGE,
  reasonOption,
  tableText,
  VARIANTS,
  WEEK,
  weekOption,
} from "../command.ts";
import {correctEdition, listEditions} from "../editions.ts";
import {environment} from "../environment.ts";
import {draftEdition, publishEdition, submitEdition, withdrawEdition} from "../flow.ts";
import {historyAnswer, staleLine} from "./history.ts";
import {render} from "./render.ts";
import {WORD_COMMANDS} from "./words.ts";

const draft: Command = {
  name: "edition draft",
  summary: "Makes or refreshes the draft of a week's edition.",
  usage: "--week W [--variant short|long] [--by NAME]",
  options: {...WEEK, ...BY, variant: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const variant = optional(call, "variant") === undefined ? undefined : choices(call, "variant", VARIANTS)[0];
    const made = await draftEdition(house, {
      week: weekOption(call, house),
      by: person(call),
      now: call.now,
      ...(variant === undefined ? {} : {variant}),
    });
    const {gaps, gapsBefore} = made.situation;
    const json = {
      week: made.draft.week,
      version: made.draft.version,
      state: made.draft.state,
      variant: made.draft.variant,
      issue: made.input.issue,
      rating: made.situation.rating,
      gaps,
      gapsBefore,
      staleTexts: made.input.staleTexts,
    };
    const issue = made.input.issue === null ? "no number" : `${made.input.issue.year}/${made.input.issue.number}`;
    return {
      json,
      text: [
        `${json.week} version ${json.version}: ${json.state}, ${issue}, rating ${json.rating.grade ?? "none"}`,
        ...gaps.map((gap) => gapLine(gap, "gap")),
        ...gapsBefore.map((gap) => gapLine(gap, "gap of last week")),
        ...made.input.staleTexts.map(staleLine),
      ].join("\n"),
    };
  },
};

function gapLine({feed, kind, delivered, usual}: Gap, what: string): string {
  return `${what}: feed ${feed} is ${kind}: ${delivered} events, usual ${usual ?? "unknown"}`;
}

const publish: Command = {
  name: "edition publish",
  summary:
    "Submits a week's edition for review (--by), or approves it as a second person and publishes it (--approve).",
  usage: "--week W (--by NAME | --approve NAME)",
  options: {...WEEK, ...BY, approve: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const week = weekOption(call, house);
    const second = optional(call, "approve");
    const first = optional(call, "by");
    if ((first === undefined) === (second === undefined))
      throw new WatchfloorError("usage", "name who submits (--by), or as a second person who approves (--approve)");
    if (first !== undefined) await submitEdition(house, {week, by: first, now: call.now});
    if (second === undefined)
      return {
        json: {week: week.from, state: "in_review", by: first},
        text: `${week.from} is in review; a second person publishes it: edition publish --week ${week.from} --approve NAME`,
      };
    const {draft: done, entry} = await publishEdition(
      house,
      {week, by: second, now: call.now},
      environment("WATCHFLOOR_KEY_PASSPHRASE") ?? null,
    );
    const json = {
      week: week.from,
      version: done.version,
      state: done.state,
      entry,
      site: path.join(house.home, "archive", "site"),
    };
    return {json, text: `${week.from} version ${done.version} is published: ${json.site}\nentry ${entry}`};
  },
};

const withdraw: Command = {
  name: "edition withdraw",
  summary: "Takes an edition back from review to the draft.",
  usage: "--week W --reason TEXT [--by NAME]",
  options: {...WEEK, ...BY, reason: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const week = weekOption(call, house);
    const act = {week, by: person(call), reason: needed(call, "reason"), now: call.now};
    const back = await withdrawEdition(house, act);
    return {json: {week: back.week, version: back.version, state: back.state}, text: `${back.week} is a draft again`};
  },
};

const correct: Command = {
  name: "edition correct",
  summary:
    "Opens a correction of a published edition: a new version with a reason that is printed, in each language as it was given.",
  usage: `--week W ${REASON_USAGE} [--by NAME]`,
  options: {...WEEK, ...BY, ...REASON_OPTIONS},
  run: async (call, open) => {
    const house = await open();
    const opened = await correctEdition(
      house,
      {week: weekOption(call, house), by: person(call), now: call.now},
      reasonOption(call),
    );
    return {
      json: {week: opened.week, version: opened.version, state: opened.state, reason: opened.reason},
      text: `${opened.week} version ${opened.version} is open; publish it like an edition`,
    };
  },
};

const show: Command = {
  name: "edition show",
  summary: "Shows the state of a week's edition and everything that happened to it.",
  usage: "--week W",
  options: WEEK,
  run: async (call, open) => historyAnswer(await open(), call),
};

const list: Command = {
  name: "edition list",
  summary: "Lists the editions with their states.",
  usage: "",
  options: {},
  run: async (_call, open) => {
    const all = await listEditions(await open());
    return {
      json: all,
      text:
        all.length === 0 ? "none" : tableText(all.map((each) => [each.week, `version ${each.version}`, each.state])),
    };
  },
};

const verify: Command = {
  name: "edition verify",
  summary: "Recomputes hashes, chain and signatures of the archive and names what was altered.",
  usage: "[--all]",
  options: {all: {type: "boolean"}},
  run: async (call, open) => {
    const house = await open();
    const known =
      call.options["all"] === true ? (await publications((await house.database()).db)).map((each) => each.entry) : [];
    const found = await verifyArchive(house.home, known);
    const rows = found.problems.map((problem) => [problem.path, problem.what]);
    return {
      json: found,
      text: found.ok ? `${found.entries} publications, nothing altered` : tableText(rows),
      isFailed: !found.ok,
    };
  },
};

/** Commands about editions. */
export const EDITION_COMMANDS: readonly Command[] = [
  draft,
  ...WORD_COMMANDS,
  render,
  publish,
  withdraw,
  correct,
  show,
  list,
  verify,
];
