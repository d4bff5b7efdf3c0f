import {type DryRun, dryRunText} from "../../../cases/opening/dry-run.ts";
import {FINDINGS} from "../../../cases/opening/rules.ts";
import {WatchfloorError} from "../../../model/errors.ts";
import {workNow} from "../../cases/round.ts";
import {checkRules, tryRules} from "../../cases/rules.ts";
import {type Answer, type Call, type Command, optional, tableText, WEEK, weekOption} from "../../command.ts";
import type {Round} from "../../coordination/round.ts";
import type {House} from "../../house.ts";

const work: Command = {
  name: "case work",
  summary:
    "Does one round of all that is due now, as `serve` does it again and again: opens cases, reads mails, looks, goes by the rules, tells and sends.",
  usage: "",
  options: {},
  run: async (call, open) => {
    const round = await workNow(await open(), call.now);
    return {json: round, text: tableText(roundRows(round))};
  },
};

function roundRows({reports, mails, looks, rules, notices, sent}: Round): string[][] {
  const sum = (of: "opened" | "joined"): number => reports.reduce((all, each) => all + each[of], 0);
  const kinds = Object.entries(mails).map(([kind, count]) => `${count} ${kind}`);
  return [
    ["reports", `${reports.length} looked through, ${sum("opened")} cases opened, ${sum("joined")} joined`],
    ["mails", kinds.length === 0 ? "none came in" : kinds.join(", ")],
    [
      "looks",
      looks === null
        ? "no probe"
        : `${looks.looked} taken: ${looks.verified} verified, ${looks.disputed} disputed, ${looks.reopened} reopened`,
    ],
    ["rules", `${rules.cases} cases, ${rules.told} to be told, ${rules.handed} handed to a person`],
    ["told", `${notices.told} of ${notices.pending} that waited, in ${notices.notifications} notifications`],
    [
      "sent",
      sent === null ? "no mail is configured" : `${sent.sent} sent, ${sent.refused} refused, ${sent.later} later`,
    ],
  ];
}

const rules: Command = {
  name: "case rules",
  summary:
    "`check` names what is surely not meant in the rules for cases; `try` says what they would have done with the events of a week. --file takes another table than the site's.",
  usage: "check|try [--week YYYY-MM-DD] [--file FILE]",
  options: {...WEEK, file: {type: "string"}},
  takesPositionals: true,
  run: async (call, open) => {
    const [verb, ...more] = call.positionals;
    if (more.length > 0 || (verb !== "check" && verb !== "try"))
      throw new WatchfloorError("usage", "say check, or try with --week");
    const house = await open();
    return verb === "check" ? checked(call, house) : tried(call, house);
  },
};

async function checked(call: Call, house: House): Promise<Answer> {
  const found = await checkRules(house, optional(call, "file") ?? null);
  const rows = found.findings.map(({rule, what, because}) => [rule, FINDINGS[what], because]);
  return {
    json: found,
    text: rows.length === 0 ? `${found.rules} rules, nothing wrong` : tableText(rows),
    isFailed: rows.length > 0,
  };
}

async function tried(call: Call, house: House): Promise<Answer> {
  const run = await tryRules(house, {week: weekOption(call, house), file: optional(call, "file") ?? null});
  return {json: run, text: `${dryRunText(run)}\n${tableText(ruleRows(run))}`};
}

function ruleRows({byRule}: DryRun): string[][] {
  return byRule.map(({rule, do: what, events, cases}) => [
    rule,
    what,
    `${events} events`,
    what === "open" ? `${cases} cases` : "",
  ]);
}

/** Commands that work the cases, and the rules that they are worked by. */
export const CASE_WORK: readonly Command[] = [work, rules];
