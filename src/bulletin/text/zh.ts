/**
 * The Chinese of an edition. The short form follows the text published since 2022 word for word; the long form is in
 * text/zh-long.ts. Numbers come in as arguments; text/en.ts says the same in English. Source: domain/BULLETIN.md a6.
 */
import type {Marks} from "./marks.ts";
import {zhFigures} from "./zh-figures.ts";
import {type Complaints, detailIn, type Handled, longIn, type MobileChannels, THREATS} from "./zh-long.ts";
import {zhSite} from "./zh-site.ts";

const title = {
  issue: (year: number, number: number): string => `${year}年第${number}期`,
  /** The days as [year, month, day]; the years are said only when they differ. */
  period: (from: readonly number[], to: readonly number[]): string => {
    const day = ([year, month, date]: readonly number[]): string =>
      `${from[0] === to[0] ? "" : `${year}年`}${month}月${date}日`;
    return `${day(from)}-${day(to)}`;
  },
  /** Between two sentences of a paragraph. */
  gap: "",
  full: (series: string, issue: string, period: string): string =>
    `${series}${issue}${period === "" ? "" : `（${period}）`}`,
  date: ([year, month, date]: readonly number[]): string => `${year}年${month}月${date}日`,
};

const headings = {
  situation: "本周网络安全基本态势",
  hosts: "本周网络病毒活动情况",
  websites: "本周网站安全情况",
  vulnerabilities: "本周重要漏洞情况",
  incidents: "本周事件处理情况",
  news: "业界新闻速递",
  rating: "整体评价说明",
  review: "近期回顾",
  method: "数据说明",
  about: "关于本刊",
};

/** The short form: what is published as text since 2022. */
const short = {
  rating: (grade: string): string => `本周，互联网网络安全态势整体评价为${grade}。`,
  infraQuiet: (ours: string, reach: string): string =>
    `${ours}互联网基础设施运行整体平稳，${reach}未发生造成重大影响的基础设施运行安全事件。`,
  infraEvents: (reach: string, count: number, titles: string): string =>
    `${reach}发生${count}起造成重大影响的互联网基础设施运行安全事件：${titles}。`,
  threats: THREATS,
  handled: ({us, parties, total, crossBorder}: Handled): string =>
    `本周，${us}协调${parties}共处理网络安全事件${total}起${crossBorder === null ? "" : `，含跨境网络安全事件${crossBorder}起`}。`,
  phishing: ({us, isFirst, parties, complaints, mark}: Complaints): string =>
    `${isFirst ? `本周，${us}` : "其中，"}协调${parties}重点处理${complaints}起仿冒投诉事件${mark}`,
  mobile: ({us, isFirst, platforms, urls}: MobileChannels): string =>
    `${isFirst ? `本周，${us}` : ""}协调${platforms}个提供恶意移动应用程序下载服务的平台开展移动互联网恶意代码处理工作${
      urls === null ? "" : `，共处理传播移动互联网恶意代码的恶意URL链接${urls}个`
    }。`,
};

/** Section 6, the notes at the head, how the week was rated, and what the numbers rest on. */
const notes = {
  /** `isForeign`: the reason was written in the other language only. */
  correction: (date: string, version: number, {text, isForeign}: {text: string; isForeign: boolean}): string =>
    `更正（${date}，第${version}版${isForeign ? "，原文为英文" : ""}）：${text}`,
  undisclosed: "非公开数据源",
  /** `feed` is null when its name is not for the public. */
  gap: (
    feed: string | null,
    {delivered, usual, week}: {delivered: string; usual: string | null; week: "now" | "before"},
  ): string =>
    `${feed === null ? "一个非公开数据源" : `数据源${feed}`}${week === "now" ? "本周" : "上周"}${delivered === "0" ? "未送达数据" : `仅送达${delivered}条数据`}${usual === null ? "" : `（通常每周约${usual}条）`}`,
  gapAffects: (names: readonly string[]): string =>
    names.length === 0 ? "，相关指标可能偏低。" : `，以下指标可能偏低：${names.join("、")}。`,
  staleText: (paragraph: string, composed: string | null): string =>
    `段落${paragraph}经编辑改写，其后相关数据已有变化，请复核。现在自动生成的文字：${composed ?? "（无）"}`,
  gapBeforeAffects: (names: readonly string[]): string => `，以下指标与上周的比较可能偏高：${names.join("、")}。`,
  newsSource: (source: string): string => `（来源：${source}）`,
  index: (index: string, base: "history" | "baseline" | null): string =>
    `本周态势指数为${index}（0至100，50为常态），以${base === "baseline" ? "经签署的基线表" : "最近至多52周的中位数"}为基准。`,
  fixedBase: (index: string): string => `以固定年度基准计算的同一指数为${index}。`,
  /** `percent` is null when no indicator is missing. */
  weightPresent: (percent: string | null): string =>
    percent === null ? "参与计算的指标齐全。" : `参与计算的指标权重占${percent}%。`,
  ownMethod: "本评价按公开的“周态势指数”方法得出，处置数量不参与评价。",
  week: (from: string, to: string, zone: string): string => `本期统计时段为${from}0时至${to}24时（时区${zone}）。`,
  rounding: (usesWan: boolean): string =>
    `环比按原始数值计算，占比与环比四舍五入保留一位小数，正文中满1万的主机数量${usesWan ? "以万为单位保留一位小数" : "取整到千"}并冠以“约”，图表和数据文件给出原始数值。`,
  frozen: (day: string, time: string): string => `数据冻结时间为${day}${time}，此后到达的数据不改变本期。`,
  reports: (count: string, events: string): string => `本期数据来自${count}份报告，共${events}条事件。`,
  moreReports: (count: string): string => `另有${count}份报告的摘要值见本期JSON文件。`,
  entered: (names: readonly string[]): string => `由值班人员录入的指标：${names.join("、")}。`,
  merged: (below: number): string => `为保护个体，公开的分类统计中少于${below}的单元并入“其他”。`,
  tool: (version: string): string => `由Watchfloor ${version}生成。`,
  byHand: "本期数字由编辑提供。",
};

/** Returns every word of an edition and its pages in Chinese, the long form in the marks. */
export function zhIn(marks: Marks) {
  return {
    title,
    headings,
    short,
    long: longIn(marks),
    detail: detailIn(marks),
    notes,
    figures: zhFigures,
    site: zhSite,
  };
}

/** What a language has to say: English is complete or does not compile. */
export type Text = ReturnType<typeof zhIn>;
