/**
 * The Chinese of an edition. The short form follows the text published since 2022 (full-width punctuation), the long form
 * that of 2018 (half-width commas), word for word. Numbers come in as arguments; text/en.ts says the same in English.
 * Source: domain/BULLETIN.md a6.
 */
import type {Change, Quantity} from "../numbers.ts";
import {zhFigures} from "./zh-figures.ts";
import {zhSite} from "./zh-site.ts";

/** What the sentence about handled incidents says. Counts are printed texts everywhere; null drops a clause. */
interface Handled {
  readonly us: string;
  readonly parties: string;
  readonly total: string;
  readonly crossBorder: string | null;
}

/** `isFirst`: nothing was said before, so that the sentence has to name who acted. `mark` ends the sentence. */
interface Complaints {
  readonly us: string;
  readonly isFirst: boolean;
  readonly parties: string;
  readonly complaints: string;
  readonly mark: string;
}

interface MobileChannels {
  readonly us: string;
  readonly isFirst: boolean;
  readonly platforms: string;
  readonly urls: string | null;
}

interface InfectedHosts {
  readonly infected: Quantity;
  readonly bots: Quantity | null;
  readonly worms: Quantity | null;
}

interface WebsiteCounts {
  readonly defaced: string | null;
  readonly backdoored: string | null;
  readonly phishing: string | null;
}

interface PhishingPlaces {
  readonly domains: string | null;
  readonly ips: string | null;
  /** Pages for each address. */
  readonly each: string | null;
}

interface Vulnerabilities {
  readonly total: string;
  readonly counts: readonly string[];
  readonly level: string | null;
}

const about = ({text, isAbout}: Quantity): string => (isAbout ? `约${text}` : `${text}个`);
const isAbout = ({text, isAbout}: Quantity): string => `${isAbout ? "约为" : "为"}${text}个`;

/** The change in words after a comma: `较上周环比下降了35.7%`. */
function changed(change: Change, isExact: boolean): string {
  if (change.direction === "same") return isExact ? "与上周持平" : "与上周基本持平";
  return `较上周环比${change.direction === "up" ? "上升" : "下降"}了${change.percent}%`;
}

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
  threats: "针对政府、企业以及广大互联网用户的主要安全威胁来自于软件高危漏洞、恶意代码传播以及网站攻击。",
  handled: ({us, parties, total, crossBorder}: Handled): string =>
    `本周，${us}协调${parties}共处理网络安全事件${total}起${crossBorder === null ? "" : `，含跨境网络安全事件${crossBorder}起`}。`,
  phishing: ({us, isFirst, parties, complaints, mark}: Complaints): string =>
    `${isFirst ? `本周，${us}` : "其中，"}协调${parties}重点处理${complaints}起仿冒投诉事件${mark}`,
  mobile: ({us, isFirst, platforms, urls}: MobileChannels): string =>
    `${isFirst ? `本周，${us}` : ""}协调${platforms}个提供恶意移动应用程序下载服务的平台开展移动互联网恶意代码处理工作${
      urls === null ? "" : `，共处理传播移动互联网恶意代码的恶意URL链接${urls}个`
    }。`,
};

/** The long form as of 2018. */
const long = {
  rating: (grade: string): string => `本周,互联网网络安全态势整体评价为${grade}。`,
  infraQuiet: (ours: string, reach: string): string =>
    `${ours}互联网基础设施运行整体平稳,${reach}未发生造成重大影响的基础设施运行安全事件。`,
  infraEvents: (reach: string, count: number, titles: string): string =>
    `${reach}发生${count}起造成重大影响的互联网基础设施运行安全事件:${titles}。`,
  threats: short.threats,
  handled: ({us, parties, total, crossBorder}: Handled): string =>
    `本周,${us}协调${parties}共处理了网络安全事件${total}起${crossBorder === null ? "" : `,其中跨境网络安全事件${crossBorder}起`}。`,
  phishing: ({us, isFirst, parties, complaints}: Complaints): string =>
    `${isFirst ? `本周,${us}` : "其中,"}协调${parties}重点处理了${complaints}起仿冒投诉事件。`,
  mobile: ({us, platforms, urls}: MobileChannels): string =>
    `本周,${us}协调${platforms}个提供恶意移动应用程序下载服务的平台开展移动互联网恶意代码处理工作${
      urls === null ? "" : `,共处理传播移动互联网恶意代码的恶意URL链接${urls}个`
    }。`,
};

/** Sections 2 to 4, which only the long form has in words. */
const detail = {
  infected: (domestic: string, {infected, bots, worms}: InfectedHosts): string => {
    const parts = [
      bots && `${domestic}被木马或被僵尸程序控制的主机${about(bots)}`,
      worms && `${domestic}感染飞客(conficker)蠕虫的主机${about(worms)}`,
    ].filter(isSaid);
    return `本周${domestic}感染网络病毒的主机数量${isAbout(infected)}${parts.length === 0 ? "" : `,其中包括${parts.join("以及")}`}。`;
  },
  infectedChange: (change: Change, isExact: boolean): string => `感染主机数量${changed(change, isExact)}。`,
  provinces: (mainland: string, map: string | null, names: readonly string[]): string => {
    const most = map === null ? "情况中" : `情况${map}是木马和僵尸程序感染量最多的地区`;
    const rank = names.length === 1 ? "排名第一位的是" : `排名前${rankWord(names.length)}位的分别是`;
    return `木马或僵尸程序受控主机在${mainland}的分布${most},${rank}${andList(names)}。`;
  },
  controlServers: (us: string, ips: string, overseas: string | null): string =>
    `本周,${us}监测发现木马或僵尸网络控制服务器IP地址${ips}个${overseas === null ? "" : `,其中位于境外的${overseas}个`}。`,
  newMalware: (us: string, names: string | null, families: string | null): string => {
    const parts = [names && `按网络病毒名称统计新增${names}个`, families && `按网络病毒家族统计新增${families}个`];
    return `本周${us}捕获了大量新增网络病毒文件,${parts.filter(isSaid).join(",")}。`;
  },
  malwareSites: (us: string, domains: string, ips: string | null): string =>
    `放马站点是网络病毒传播的源头。本周,${us}监测发现的放马站点共涉及域名${domains}个${ips === null ? "" : `,涉及IP地址${ips}个`}。`,
  malwareDomainShares: (domains: string, overseas: string | null, com: string | null): string => {
    const parts = [
      overseas && `有${overseas}%为境外注册`,
      com && `${overseas === null ? "" : "且"}顶级域为.com的约占${com}%`,
    ];
    return `在${domains}个域名中,${parts.filter(isSaid).join(",")}`;
  },
  malwareIpShares: (ips: string, overseas: string): string => `在${ips}个IP中,有约${overseas}%位于境外`,
  directIps: (ips: string, areFew: boolean): string =>
    areFew
      ? `根据对放马URL的分析发现,大部分放马站点是通过域名访问,而通过IP直接访问的涉及${ips}个IP。`
      : `根据对放马URL的分析发现,通过IP直接访问的放马站点涉及${ips}个IP。`,
  websites: (us: string, domestic: string, counts: WebsiteCounts): string => {
    const parts = [
      counts.defaced && `${domestic}被篡改网站数量为${counts.defaced}个`,
      counts.backdoored && `${domestic}被植入后门的网站数量为${counts.backdoored}个`,
      counts.phishing && `针对${domestic}网站的仿冒页面数量为${counts.phishing}个`,
    ];
    return `本周${us}监测发现${parts.filter(isSaid).join(";")}。`;
  },
  govDefaced: (domestic: string, count: string, share: string | null): string =>
    `${domestic}被篡改政府网站(GOV类)数量为${count}个${share === null ? "" : `(约占${domestic}${share}%)`}`,
  govBackdoored: (domestic: string, count: string, share: string | null): string =>
    `${domestic}被植入后门的政府网站(GOV类)数量为${count}个${share === null ? "" : `(约占${domestic}${share}%)`}`,
  phishing: (domestic: string, {domains, ips, each}: PhishingPlaces): string => {
    const counts = [domains && `涉及域名${domains}个`, ips && `${domains === null ? "涉及" : ""}IP地址${ips}个`];
    const average = each && `平均每个IP地址承载了约${each}个仿冒页面`;
    return `针对${domestic}网站的仿冒页面${[...counts, average].filter(isSaid).join(",")}`;
  },
  changed,
  /** Joins the clauses of one sentence; the first one of a paragraph begins with 本周. */
  clauses: (parts: readonly string[]): string => `本周${parts.join(";")}。`,
  joined: (sentence: string, clause: string | null): string => (clause === null ? sentence : `${sentence},${clause}`),
  ended: (clauses: readonly string[]): string => `${clauses.join(";")}。`,
  vulnerabilities: (source: string, {total, counts, level}: Vulnerabilities): string =>
    `本周,${source}新收录网络安全漏洞${total}个${counts.length === 0 ? "" : `,其中${counts.join("、")}`}${
      level === null ? "" : `,信息安全漏洞威胁整体评价级别为${level}`
    }。`,
  severity: (name: string, count: string): string => `${name}漏洞${count}个`,
  vulnerabilityTypes: (source: string, types: readonly string[]): string => {
    const [first, ...others] = types;
    const next = others.length === 0 ? "" : `,其次是${others.map((type) => `${type}漏洞`).join("和")}`;
    return `本周${source}发布的网络安全漏洞中,${first}漏洞占比最高${next}。`;
  },
};

/** A part of a sentence that is there: a count that was not measured gives none. */
function isSaid(part: string | null): part is string {
  return part !== null && part !== "";
}

function andList(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join("、")}和${names.at(-1)}`;
}

function rankWord(count: number): string {
  return ["零", "一", "两", "三", "四", "五"][count] ?? String(count);
}

/** Section 6, the notes at the head, how the week was rated, and what the numbers rest on. */
const notes = {
  /** `isForeign`: the reason was written in the other language only. */
  correction: (date: string, version: number, {text, isForeign}: {text: string; isForeign: boolean}): string =>
    `更正（${date}，第${version}版${isForeign ? "，原文为英文" : ""}）：${text}`,
  gap: (feed: string, delivered: string, usual: string | null): string =>
    `数据源${feed}本周${delivered === "0" ? "未送达数据" : `仅送达${delivered}条数据`}${usual === null ? "" : `（通常每周约${usual}条）`}`,
  gapAffects: (names: readonly string[]): string =>
    names.length === 0 ? "，相关指标可能偏低。" : `，以下指标可能偏低：${names.join("、")}。`,
  newsSource: (source: string): string => `（来源：${source}）`,
  index: (index: string, base: "history" | "baseline" | null): string =>
    `本周态势指数为${index}（0至100，50为常态），以${base === "baseline" ? "经签署的基线表" : "最近至多52周的中位数"}为基准。`,
  fixedBase: (index: string): string => `以固定年度基准计算的同一指数为${index}。`,
  weightPresent: (percent: string): string => `参与计算的指标权重占${percent}%。`,
  ownMethod: "本评价按公开的“周态势指数”方法得出，处置数量不参与评价。",
  week: (from: string, to: string, zone: string): string =>
    `本期统计时段为${from}0时至${to}24时（时区${zone}）。环比按原始数值计算，占比与环比四舍五入保留一位小数，以万为单位的数值为约数。`,
  frozen: (at: string, zone: string): string => `数据冻结时间为${at}（时区${zone}），此后到达的数据不改变本期。`,
  reports: (count: string, events: string): string => `本期数据来自${count}份报告，共${events}条事件。`,
  moreReports: (count: string): string => `另有${count}份报告的摘要值见本期JSON文件。`,
  entered: (names: string): string => `以下指标由值班人员录入：${names}。`,
  merged: (below: number): string => `为保护个体，公开的分类统计中少于${below}的单元并入“其他”。`,
  tool: (version: string): string => `由Watchfloor ${version}生成。`,
  byHand: "本期数字由编辑提供。",
};

/** Every word of an edition and its pages in Chinese. `Text` is its type, so English is complete or does not compile. */
export const zh = {title, headings, short, long, detail, notes, figures: zhFigures, site: zhSite};

export type Text = typeof zh;
