import type {CaseRules} from "../../model/cases/case-rules.ts";
import {decideOpening, type EventFacts} from "./rules.ts";
import {caseAssetOf, type EventAsset} from "./unit.ts";

/** Events that are alike in all that the rules look at and in their asset. */
export interface FactGroup {
  readonly facts: EventFacts;
  readonly asset: EventAsset;
  readonly events: number;
}

/** What the rules would do with events. */
export interface DryRun {
  /** Cases that would be opened, or joined where they are open: distinct assets and classes. */
  readonly open: number;
  /** Events in them, events that are only counted, and events that are ignored: their sum is all events. */
  readonly inCases: number;
  readonly counted: number;
  readonly ignored: number;
  /** The same by rule, in the order of the table, rules that took nothing among them; `cases` is 0 for those that open none. */
  readonly byRule: readonly {
    readonly rule: string;
    readonly do: string;
    readonly events: number;
    readonly cases: number;
  }[];
}

/** Returns what the rules would do with these events, without doing it. */
export function dryRun(groups: Iterable<FactGroup>, rules: CaseRules): DryRun {
  const events = new Map<string, number>();
  const cases = new Map<string, Set<string>>(rules.rules.map(({id}) => [id, new Set()]));
  const all = new Set<string>();
  for (const group of groups) {
    const rule = decideOpening(group.facts, rules);
    events.set(rule.id, (events.get(rule.id) ?? 0) + group.events);
    if (rule.do !== "open") continue;
    const {kind, value} = caseAssetOf(rule.unit, group.asset);
    const key = JSON.stringify([kind, value, group.facts.class]);
    cases.get(rule.id)?.add(key);
    all.add(key);
  }
  const byRule = rules.rules.map((rule) => ({
    rule: rule.id,
    do: rule.do,
    events: events.get(rule.id) ?? 0,
    cases: cases.get(rule.id)?.size ?? 0,
  }));
  const sum = (what: string): number => byRule.reduce((all, each) => all + (each.do === what ? each.events : 0), 0);
  return {open: all.size, inCases: sum("open"), counted: sum("count"), ignored: sum("ignore"), byRule};
}

/** Returns the dry run in one sentence. */
export function dryRunText({open, inCases, counted, ignored}: DryRun): string {
  return `would have opened ${open} cases from ${inCases} events, counted ${counted}, ignored ${ignored}`;
}
