import {SEVERITIES, type Severity} from "../../model/cases/case.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";

/**
 * What is known of the impact of an incident; null is "not known", and then raises nothing. Durations are minutes.
 * Source: 网络安全事件分级指南, annex of 国家网络安全事件报告管理办法 (2025).
 */
export interface ImpactFacts {
  /** A portal of the party and government or a key news site cannot be reached. */
  readonly portalDownMinutes: number | null;
  /** Critical information infrastructure runs not at all. */
  readonly ciiOutageMinutes: number | null;
  /** The main function of critical information infrastructure is interrupted. */
  readonly ciiMainFunctionMinutes: number | null;
  /** People whose work or life is affected. */
  readonly peopleAffected: number | null;
  /** Records of personal data that leaked or were stolen. */
  readonly personalRecords: number | null;
  readonly lossYuan: number | null;
  /** Illegal content on a home page, on another page; reposts and views of it. */
  readonly homePageTamperedMinutes: number | null;
  readonly otherPageTamperedMinutes: number | null;
  readonly reposts: number | null;
  readonly views: number | null;
  /** A level that a person sets for what no number says (secrets, national security), with the reason; null when none. */
  readonly declared: {readonly level: Severity; readonly reason: string} | null;
}

/** The facts that are compared with a number. */
export type ImpactMeasure = Exclude<keyof ImpactFacts, "declared">;

/** One fact that gives a level: a value at or above the threshold. */
export interface SeverityReason {
  readonly level: Severity;
  readonly measure: ImpactMeasure | "declared";
  readonly value: number | null;
  readonly atLeast: number | null;
  /** Reason of a declared level; empty for the others. */
  readonly reason: string;
}

const {I, II, III} = TAXONOMY.severityThresholds2025;

/** The thresholds of levels I, II and III; a value that reaches one has that level. */
const THRESHOLDS: Readonly<Record<ImpactMeasure, readonly [number, number, number]>> = {
  portalDownMinutes: [I.portal_down_hours * 60, II.portal_down_hours * 60, III.portal_down_hours * 60],
  ciiOutageMinutes: [I.cii_full_outage_hours * 60, II.cii_full_outage_hours * 60, III.cii_full_outage_minutes],
  ciiMainFunctionMinutes: [
    I.cii_main_function_hours * 60,
    II.cii_main_function_hours * 60,
    III.cii_main_function_minutes,
  ],
  peopleAffected: [I.people_affected, II.people_affected, III.people_affected],
  personalRecords: [I.personal_records, II.personal_records, III.personal_records],
  lossYuan: [I.loss_yuan, II.loss_yuan, III.loss_yuan],
  homePageTamperedMinutes: [
    I.tamper.home_page_hours * 60,
    II.tamper.home_page_hours * 60,
    III.tamper.home_page_minutes,
  ],
  otherPageTamperedMinutes: [
    I.tamper.other_page_hours * 60,
    II.tamper.other_page_hours * 60,
    III.tamper.other_page_hours * 60,
  ],
  reposts: [I.tamper.reposts, II.tamper.reposts, III.tamper.reposts],
  views: [I.tamper.views, II.tamper.views, III.tamper.views],
};

/** The facts that are compared with a number, in the order in which they are told. */
export const IMPACT_MEASURES: readonly ImpactMeasure[] = [
  "portalDownMinutes",
  "ciiOutageMinutes",
  "ciiMainFunctionMinutes",
  "peopleAffected",
  "personalRecords",
  "lossYuan",
  "homePageTamperedMinutes",
  "otherPageTamperedMinutes",
  "reposts",
  "views",
];

/**
 * Returns the level of an incident by its impact: the gravest that any fact reaches, a threshold itself included, else IV;
 * with the facts that give it. Null when nothing is known of the impact.
 * Source: 网络安全事件分级指南 (2025): 以上 includes the number itself.
 */
export function severityOf(facts: ImpactFacts): {level: Severity; because: SeverityReason[]} | null {
  const reasons = IMPACT_MEASURES.flatMap((measure): SeverityReason[] => {
    const value = facts[measure];
    if (value === null) return [];
    const at = THRESHOLDS[measure].findIndex((least) => value >= least);
    const level = SEVERITIES[at === -1 ? 3 : at] ?? "IV";
    return [{level, measure, value, atLeast: THRESHOLDS[measure][at] ?? null, reason: ""}];
  });
  if (facts.declared !== null) reasons.push({...facts.declared, measure: "declared", value: null, atLeast: null});
  const level = SEVERITIES.find((each) => reasons.some((reason) => reason.level === each));
  return level === undefined ? null : {level, because: reasons.filter((reason) => reason.level === level)};
}

/** Returns the level of a case: by its impact when anything is known of it, else that of its rule, else IV. */
export function caseLevel(
  impact: ImpactFacts | null,
  ruleLevel: Severity | null,
): {level: Severity; from: "impact" | "rule" | "default"; because: SeverityReason[]} {
  const found = impact === null ? null : severityOf(impact);
  if (found !== null) return {...found, from: "impact"};
  return {level: ruleLevel ?? "IV", from: ruleLevel === null ? "default" : "rule", because: []};
}
