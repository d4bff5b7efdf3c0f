/** The rules for cases: what is not meant in them, and what they would have done with a week. */
import {readFile} from "node:fs/promises";
import {type DryRun, dryRun, type FactGroup} from "../../cases/opening/dry-run.ts";
import {checkCaseRules, decideOpening, type RuleFinding, readCaseRules} from "../../cases/opening/rules.ts";
import type {CaseRules} from "../../model/cases/case-rules.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {daysOf, type Week} from "../../model/week.ts";
import {listCommits, readCommit} from "../../store/events/commits.ts";
import {assetsOfReport, groupsOfReport} from "../../store/events/report-assets.ts";
import {eventFacts} from "../coordination/opening/reports.ts";
import type {House} from "../house.ts";
import {loadTemplates} from "../mail/templates.ts";
import {openDeskRules} from "../site/case-rules.ts";

/** Returns the rules of the site, or those of a file that is to be tried. Throws rules_invalid, usage (no such file). */
async function rulesOf(house: House, file: string | null): Promise<CaseRules> {
  if (file === null) return (await openDeskRules(house.home, house.config.profile)).rules;
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new WatchfloorError("usage", `${file} cannot be read`, cause);
  });
  return readCaseRules({name: file, text});
}

/** What a check of the rules found. */
export interface RulesCheck {
  readonly rules: number;
  readonly findings: readonly RuleFinding[];
}

/** Returns what is surely not meant in the rules. Throws rules_invalid, notice_template_invalid for what cannot be read. */
export async function checkRules(house: House, file: string | null = null): Promise<RulesCheck> {
  const {deadlines} = await openDeskRules(house.home, house.config.profile);
  const {templates} = await loadTemplates(house.home);
  const rules = await rulesOf(house, file);
  const names = templates.map(({name}) => name);
  const feeds = [...Object.keys(house.config.feeds), "complaints"];
  return {rules: rules.rules.length, findings: checkCaseRules(rules, {deadlines, templates: names, feeds})};
}

/** Returns what the rules would have done with the events of a week; nothing is written. Throws week_empty, rules_invalid. */
export async function tryRules(
  house: House,
  {week, file = null}: {readonly week: Week; readonly file?: string | null},
): Promise<DryRun> {
  const rules = await rulesOf(house, file);
  const groups: FactGroup[] = [];
  const days = daysOf(week);
  for (const id of await listCommits(house.lake)) {
    const commit = await readCommit(house.lake, id);
    if (commit === null || !commit.files.some(({day}) => days.includes(day))) continue;
    const place = {engine: house.engine, lake: house.lake, report: id, days};
    groups.push(...(await groupsOf(house, {place, feed: commit.feed, rules})));
  }
  if (groups.length === 0) throw new WatchfloorError("week_empty", week.from);
  return dryRun(groups, rules);
}

interface OneReport {
  readonly place: Parameters<typeof groupsOfReport>[0];
  readonly feed: string;
  readonly rules: CaseRules;
}

/** Of what opens no case the assets need not be known. */
async function groupsOf(house: House, {place, feed, rules}: OneReport): Promise<FactGroup[]> {
  const all = await groupsOfReport(place);
  const opens = (each: (typeof all)[number]): boolean =>
    decideOpening(eventFacts(house, feed, each), rules).do === "open";
  const assets = await assetsOfReport(place, all.filter(opens));
  return [
    ...all
      .filter((each) => !opens(each))
      .map((each) => ({facts: eventFacts(house, feed, each), asset: NO_ASSET, events: each.events})),
    ...assets.map(({assetKind: kind, asset, ip, host, domain, ...each}) => ({
      facts: eventFacts(house, feed, {...each, assetKind: kind}),
      asset: {kind, asset, ip, host, domain},
      events: each.events,
    })),
  ];
}

const NO_ASSET = {kind: "", asset: "", ip: "", host: "", domain: ""};
