import {TLP_MARKS} from "../../model/cases/case.ts";
import {type CaseRule, type CaseRules, caseRulesSchema, type RuleMatch} from "../../model/cases/case-rules.ts";
import {classesOf, isOfClass} from "../../model/cases/case-words.ts";
import type {DeadlineTable} from "../../model/cases/deadlines.ts";
import {ASSET_KINDS} from "../../model/format.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";
import {type RuleFile, readRuleFile} from "../rule-file.ts";

/** What the rules look at in an event. Null or an empty text is "not known": a rule that asks for it does not fit. */
export interface EventFacts {
  readonly class: string;
  readonly scope: string;
  readonly sector: string | null;
  readonly severity: string | null;
  readonly feed: string;
  readonly tlp: string;
  readonly assetKind: string;
  readonly channelKind: string | null;
  readonly isGovernment: boolean;
  readonly isAimedAtUs: boolean;
}

/** Reads a table of case rules. Throws rules_invalid with file, line and key. */
export function readCaseRules(file: RuleFile): CaseRules {
  return readRuleFile(caseRulesSchema, file);
}

/** Returns the rule that holds for an event: the first that fits. Its id is the reason that is kept. */
export function decideOpening(facts: EventFacts, {rules}: CaseRules): CaseRule {
  const found = rules.find(({match}) => fits(facts, match));
  // the schema makes sure that the last rule fits all
  if (found === undefined) throw new Error("no rule fits, not even the last one");
  return found;
}

/** What is asked by a list of values. */
const LISTED = ["scope", "sector", "severity", "feed", "tlp", "assetKind", "channelKind"] as const;
/** What is asked by yes or no. */
const ASKED = ["isGovernment", "isAimedAtUs"] as const;

function fits(facts: EventFacts, match: RuleMatch): boolean {
  if (match.class !== undefined && !match.class.some((pattern) => isOfClass(facts.class, pattern))) return false;
  for (const key of LISTED) {
    const asked: readonly string[] | undefined = match[key];
    if (asked !== undefined && !asked.includes(facts[key] ?? "")) return false;
  }
  return ASKED.every((key) => match[key] === undefined || match[key] === facts[key]);
}

/** Something in the rules that is surely not meant. */
export interface RuleFinding {
  readonly rule: string;
  readonly what: "unreachable" | "deadline_unknown" | "template_unknown" | "feed_unknown";
  /** The rules that come first, or the name that is not known. */
  readonly because: string;
}

/** What each finding says of its rule, before `because`. */
export const FINDINGS: Readonly<Record<RuleFinding["what"], string>> = {
  unreachable: "is never reached: these take all of its events",
  deadline_unknown: "names a deadline that there is not",
  template_unknown: "names a template that there is not",
  feed_unknown: "names a feed that there is not",
};

/**
 * Returns what is surely not meant in a table of rules: rules that no event reaches because others take all of theirs, and
 * names of deadlines, templates and feeds that there are not. `templates` and `feeds` null: not looked at.
 */
export function checkCaseRules(
  {rules}: CaseRules,
  known: {
    readonly deadlines: DeadlineTable;
    readonly templates: readonly string[] | null;
    readonly feeds: readonly string[] | null;
  },
): RuleFinding[] {
  const names = new Set(known.deadlines.deadlines.flatMap(({name}) => name ?? []));
  const findings: RuleFinding[] = unreachable(rules);
  for (const rule of rules) {
    if (rule.do === "open" && rule.deadline !== null && !names.has(rule.deadline))
      findings.push({rule: rule.id, what: "deadline_unknown", because: rule.deadline});
    if (rule.do === "open" && rule.template !== null && known.templates?.includes(rule.template) === false)
      findings.push({rule: rule.id, what: "template_unknown", because: rule.template});
    for (const feed of rule.match.feed ?? [])
      if (known.feeds?.includes(feed) === false) findings.push({rule: rule.id, what: "feed_unknown", because: feed});
  }
  return findings;
}

/** A set of events: for each thing that rules ask the values that are in it. */
type Box = ReadonlyMap<string, ReadonlySet<string>>;

/** Stands for all values of a thing that no rule names, such as other feeds, and for "not known". */
const OTHER = "";

/** Takes from what each rule asks what the rules before it take; a rule of which nothing is left is never reached. */
function unreachable(rules: readonly CaseRule[]): RuleFinding[] {
  const all = allValues(rules);
  const boxes = rules.map(({match}) => boxOf(match, all));
  return rules.flatMap((rule, at): RuleFinding[] => {
    const own = boxes[at];
    if (own === undefined) return [];
    let left: Box[] = [own];
    for (const earlier of boxes.slice(0, at)) left = left.flatMap((box) => without(box, earlier));
    if (left.length > 0) return [];
    const because = rules.slice(0, at).filter((_, earlier) => meets(own, boxes[earlier] ?? new Map()));
    return [{rule: rule.id, what: "unreachable", because: because.map(({id}) => id).join(", ")}];
  });
}

function allValues(rules: readonly CaseRule[]): Box {
  const feeds = rules.flatMap(({match}) => match.feed ?? []);
  return new Map<string, Set<string>>([
    ["class", new Set(classesOf("*"))],
    ["scope", new Set(["domestic", "overseas", "unknown"])],
    ["sector", new Set([OTHER, ...TAXONOMY.sectors.map(({code}) => code)])],
    ["severity", new Set([OTHER, "critical", "high", "medium", "low", "info"])],
    ["feed", new Set([OTHER, ...feeds])],
    ["tlp", new Set(TLP_MARKS)],
    ["assetKind", new Set(ASSET_KINDS)],
    ["channelKind", new Set([OTHER, ...TAXONOMY.mobileChannelKinds.map(({code}) => code)])],
    ["isGovernment", new Set(["true", "false"])],
    ["isAimedAtUs", new Set(["true", "false"])],
  ]);
}

function boxOf(match: RuleMatch, all: Box): Box {
  const box = new Map(all);
  if (match.class !== undefined) box.set("class", new Set(match.class.flatMap(classesOf)));
  for (const key of LISTED) if (match[key] !== undefined) box.set(key, new Set(match[key]));
  for (const key of ASKED) if (match[key] !== undefined) box.set(key, new Set([String(match[key])]));
  return box;
}

function meets(a: Box, b: Box): boolean {
  return [...a].every(([key, values]) => [...values].some((value) => b.get(key)?.has(value)));
}

/** Returns what is in `box` and not in `taken`, as boxes that do not overlap. */
function without(box: Box, taken: Box): Box[] {
  if (!meets(box, taken)) return [box];
  const parts: Box[] = [];
  const rest = new Map(box);
  for (const [key, values] of box) {
    const outside = new Set([...values].filter((value) => taken.get(key)?.has(value) !== true));
    if (outside.size > 0) parts.push(new Map(rest).set(key, outside));
    rest.set(key, new Set([...values].filter((value) => taken.get(key)?.has(value) === true)));
  }
  return parts;
}
