import {REPORTER_KINDS} from "../../../cases/opening/legal-timers.ts";
import {IMPACT_MEASURES, type ImpactFacts} from "../../../cases/opening/severity.ts";
import {SEVERITIES} from "../../../model/cases/case.ts";
import {WatchfloorError} from "../../../model/errors.ts";
import {declared, NO_IMPACT, reasonText, reportedTimer, setLevel, timersWaiting} from "../../cases/levels.ts";
import {
  BY,
  type Call,
  type Command,
  choices,
  instantOption,
  needed,
  optional,
  tableText,
  wholeNumber,
} from "../../command.ts";
import {timerText} from "./dossier-text.ts";
import {pairsOf} from "./entering.ts";
import {actOf, CASE, caseOption, doneAnswer, WHO} from "./options.ts";

const level: Command = {
  name: "case level",
  summary: `Sets the level by what is known of the impact (${IMPACT_MEASURES.join(", ")}), or by a person's word with the reason; the gravest decides. With --reporter the clocks of the law run.`,
  usage: `--id WF-2023-000123 [--impact NAME=NUMBER]... [--declare I|II|III|IV --reason TEXT] [--reporter ${REPORTER_KINDS.join("|")}] [--known-at TIME] ${WHO}`,
  options: {
    ...{...BY, ...CASE, impact: {type: "string", multiple: true}, declare: {type: "string"}, reason: {type: "string"}},
    ...{reporter: {type: "string"}, "known-at": {type: "string"}},
  },
  run: async (call, open) => {
    const [reporter = null] = optional(call, "reporter") === undefined ? [] : choices(call, "reporter", REPORTER_KINDS);
    const knownAt = optional(call, "known-at") === undefined ? null : instantOption(call, "known-at");
    const levelling = {id: caseOption(call), impact: impactOf(call), reporter, knownAt};
    const {case: there, because} = await setLevel(await open(), levelling, actOf(call));
    return {json: {...there, because}, text: `${doneAnswer(there).text}\n${because.map(reasonText).join("\n")}`};
  },
};

function impactOf(call: Call): ImpactFacts {
  const numbers = [...pairsOf(call, "impact")].map(([name, text]) => {
    const measure = IMPACT_MEASURES.find((each) => each === name);
    if (measure === undefined)
      throw new WatchfloorError("usage", `--impact knows ${IMPACT_MEASURES.join(", ")}, not ${name}`);
    if (!/^\d{1,15}$/.test(text)) throw new WatchfloorError("usage", `--impact ${name}: ${text} is no whole number`);
    return [measure, Number(text)] as const;
  });
  const [stated] = optional(call, "declare") === undefined ? [] : choices(call, "declare", SEVERITIES);
  return {
    ...NO_IMPACT,
    ...Object.fromEntries(numbers),
    ...(stated === undefined ? {} : declared(stated, needed(call, "reason"))),
  };
}

const timers: Command = {
  name: "case timers",
  summary: "Lists what the law wants reported and was not yet, of all cases: what is due first comes first.",
  usage: "",
  options: {},
  run: async (call, open) => {
    const found = await timersWaiting(await open(), call.now);
    const rows = found.map((each) => [each.case, timerText(each)]);
    return {json: found, text: rows.length === 0 ? "none" : tableText(rows)};
  },
};

const reported: Command = {
  name: "case reported",
  summary: "Enters that what a timer asks was reported.",
  usage: `--id WF-2023-000123 --timer N [--at TIME] ${WHO}`,
  options: {...BY, ...CASE, timer: {type: "string"}, at: {type: "string"}},
  run: async (call, open) => {
    needed(call, "timer");
    const what = {id: caseOption(call), timer: wholeNumber(call, "timer") ?? 0, doneAt: instantOption(call, "at")};
    return doneAnswer(await reportedTimer(await open(), what, actOf(call)));
  },
};

/** Commands about levels and the duty to report. */
export const CASE_LEVELS: readonly Command[] = [level, timers, reported];
