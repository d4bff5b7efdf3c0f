/** The sentences of a rating: why this grade, in both languages. Every sentence is whole and ends. */
import type {RatingOverride} from "../model/edition.ts";
import type {Bilingual} from "../model/format.ts";
import type {Contribution, Gap, Grade, InfraEvent, Reason} from "../model/indicator.ts";
import {oneDecimal} from "../model/rounding.ts";
import type {Baseline} from "./rating-base.ts";

/** English words of the grades. */
const GRADE_EN: Readonly<Record<Grade, string>> = {优: "excellent", 良: "good", 中: "fair", 差: "poor", 危: "critical"};
const REACH: Readonly<Record<InfraEvent["reach"], Bilingual>> = {
  nation: {zh: "全国", en: "the whole nation"},
  province: {zh: "一个省", en: "a province"},
  city: {zh: "一个市", en: "a city"},
  organisation: {zh: "一个单位", en: "one organisation"},
};
const AS_USUAL = 50;
const MOST_DRIVERS = 3;

/** Names of indicators by id. */
export type Titles = Readonly<Record<string, Bilingual>>;

/** Says which grade the index stands for. */
export function indexReason(index: number, grade: Grade, cuts: readonly number[]): Reason {
  return {
    kind: "index",
    zh: `态势指数为${oneDecimal(index)}（50为与基准持平，越高越差，分界为${cuts.join("、")}），对应的评价为${grade}。`,
    en: `The situation index is ${oneDecimal(index)} (50 is as usual, higher is worse, the grade changes at ${cuts.join(", ")}), which is rated ${GRADE_EN[grade]}.`,
  };
}

/** Says which indicators take the index away from 50 most; null when all are as usual. */
export function driverReason(contributions: readonly Contribution[], titles: Titles): Reason | null {
  const pull = ({score, weight}: Contribution): number => Math.abs(score - AS_USUAL) * weight;
  const drivers = contributions
    .filter(({score}) => score !== AS_USUAL)
    .toSorted((a, b) => pull(b) - pull(a) || (a.indicator < b.indicator ? -1 : 1))
    .slice(0, MOST_DRIVERS);
  if (drivers.length === 0) return null;
  const zh = drivers.map(
    ({indicator, value, base}) => `${nameIn(titles, indicator).zh}（${plain(value)}，基准${plain(base)}）`,
  );
  const en = drivers.map(
    ({indicator, value, base}) => `${nameIn(titles, indicator).en} ${grouped(value)} (usually ${grouped(base)})`,
  );
  return {
    kind: "index",
    zh: `偏离基准最多的指标是${zh.join("、")}。`,
    en: `Furthest from the usual: ${en.join("; ")}.`,
  };
}

/** Says that an infrastructure event sets a floor under the rating. */
export function floorReason({title, day, level, reach}: InfraEvent, floor: Grade): Reason {
  const isWorst = floor === "危";
  return {
    kind: "floor",
    zh: `${day}发生的“${title.zh}”为${level}级事件，影响波及${REACH[reach].zh}，评价${isWorst ? "为危" : `不得好于${floor}`}。`,
    en: `“${title.en}” on ${day} is a level ${level} event that reaches ${REACH[reach].en}, so the rating is ${GRADE_EN[floor]}${isWorst ? "" : " or worse"}.`,
  };
}

/** What keeps indicators out of the index: nobody measured them, or there is nothing to compare them with. */
export interface Missing {
  readonly unmeasured: readonly string[];
  readonly baseless: readonly string[];
}

/** Says that too little can be compared to rate the week, and why; `weight` holds shares. */
export function weightReason(
  weight: {readonly present: number; readonly least: number},
  {unmeasured, baseless}: Missing,
  titles: Titles,
): Reason {
  const [present, least] = [percent(weight.present), percent(weight.least)];
  const list = (ids: readonly string[], mark: string, language: "zh" | "en"): string =>
    ids.map((id) => nameIn(titles, id)[language]).join(mark);
  const zh = [
    ...(unmeasured.length === 0 ? [] : [`未测得：${list(unmeasured, "、", "zh")}`]),
    ...(baseless.length === 0 ? [] : [`已测得但尚无可比的历史或已签署的基线：${list(baseless, "、", "zh")}`]),
  ];
  const en = [
    ...(unmeasured.length === 0 ? [] : [`not measured: ${list(unmeasured, ", ", "en")}`]),
    ...(baseless.length === 0
      ? []
      : [`measured, but without history or a signed baseline to compare with: ${list(baseless, ", ", "en")}`]),
  ];
  return {
    kind: "refused",
    zh: `本周可比较的指标只占权重的${present}，不足${least}，按本方法不予评价；${zh.join("；")}。`,
    en: `The indicators that can be compared this week hold ${present} of the weight, less than ${least}, so the rule gives no grade; ${en.join("; ")}.`,
  };
}

/** Says that the register of infrastructure events could not be read. */
export const REGISTER_REASON: Reason = {
  kind: "refused",
  zh: "基础设施事件登记簿无法读取，按本方法不予评价。",
  en: "The register of infrastructure events could not be read, so the rule gives no grade.",
};

/** Says for which indicators the usual value is the operator's word. */
export function baselineReason(baseline: Baseline, ids: readonly string[], titles: Titles): Reason {
  const names = ids.map((id) => nameIn(titles, id));
  const day = baseline.at.slice(0, 10);
  return {
    kind: "baseline",
    zh: `以下指标的历史周数不足，基准取自${baseline.signedBy}于${day}签署的基线表${baseline.isSynthetic ? "（合成的示例数据）" : ""}：${names.map(({zh}) => zh).join("、")}。`,
    en: `There is too little history for these indicators, so their base is the table that ${baseline.signedBy} signed on ${day}${baseline.isSynthetic ? " (synthetic sample data)" : ""}: ${names.map(({en}) => en).join("; ")}.`,
  };
}

/** Says which indicators of the index a gap makes too low. */
export function gapReason({feed, kind, delivered, usual}: Gap, ids: readonly string[], titles: Titles): Reason {
  const names = ids.map((id) => nameIn(titles, id));
  const zh = kind === "silent" ? "没有交付" : `只交付了${plain(delivered)}条（通常${plain(usual ?? 0)}条）`;
  const en =
    kind === "silent"
      ? "delivered nothing"
      : `delivered only ${grouped(delivered)} ${delivered === 1 ? "event" : "events"} (usually ${grouped(usual ?? 0)})`;
  return {
    kind: "gap",
    zh: `数据源${feed}本周${zh}，以下指标可能偏低，评价可能偏好：${names.map((name) => name.zh).join("、")}。`,
    en: `The feed ${feed} ${en} this week, so these indicators may be too low and the rating too good: ${names.map((name) => name.en).join("; ")}.`,
  };
}

/** A rating in place of the rule's that was not taken back. */
export type HeldOverride = RatingOverride & {readonly grade: Grade};

/**
 * Says that the editor changed the rating, and why. A reason that was written in the other language only is given as it
 * was written, and said to be so. Who it was is kept with the rating, not printed.
 */
export function overrideReason({at, reason, grade}: HeldOverride, byRule: Grade | null): Reason {
  const day = at.slice(0, 10);
  const zh = byRule === null ? `将评价定为${grade}` : `将评价由${byRule}改为${grade}`;
  const en =
    byRule === null
      ? `rated the week ${GRADE_EN[grade]}`
      : `changed the rating from ${GRADE_EN[byRule]} to ${GRADE_EN[grade]}`;
  const stop = (text: string, mark: string): string => (/[。.!！?？]$/.test(text) ? text : `${text}${mark}`);
  const given = (own: string | null, other: string | null): string => (own ?? other ?? "").trim();
  return {
    kind: "override",
    zh: `编辑于${day}${zh}，理由${reason.zh === null ? "（原文为英文）" : ""}：${stop(given(reason.zh, reason.en), "。")}`,
    en: `The editor ${en} on ${day}; reason given${reason.en === null ? ", in Chinese" : ""}: ${stop(given(reason.en, reason.zh), ".")}`,
  };
}

const nameIn = (titles: Titles, id: string): Bilingual => titles[id] ?? {zh: id, en: id};
const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
const plain = (value: number): string => value.toLocaleString("en-US", {maximumFractionDigits: 1, useGrouping: false});
const grouped = (value: number): string => value.toLocaleString("en-US", {maximumFractionDigits: 1});
