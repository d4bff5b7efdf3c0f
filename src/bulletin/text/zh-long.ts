/**
 * The Chinese of the long form, word for word that of 2018, whose marks were half-width (本周,CNCERT…). It is written here
 * with full-width ones, as Chinese is set today; `say` gives the marks that the wording of the week has.
 * Source: domain/BULLETIN.md a6.
 */
import type {Change, Quantity} from "../numbers.ts";
import {type Marks, type Say, sayIn} from "./marks.ts";

/** What the sentence about handled incidents says. Counts are printed texts everywhere; null drops a clause. */
export interface Handled {
  readonly us: string;
  readonly parties: string;
  readonly total: string;
  readonly crossBorder: string | null;
}

/** `isFirst`: nothing was said before, so that the sentence has to name who acted. `mark` ends the sentence. */
export interface Complaints {
  readonly us: string;
  readonly isFirst: boolean;
  readonly parties: string;
  readonly complaints: string;
  readonly mark: string;
}

export interface MobileChannels {
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

/** `areMany`: enough to be called 大量. */
interface NewMalware {
  readonly names: string | null;
  readonly families: string | null;
  readonly areMany: boolean;
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

/** Of the handled incidents: how many were seen gone, as a share in percent, and after how many hours. */
interface Takedowns {
  readonly verified: string;
  readonly share: string | null;
  readonly median: string | null;
  readonly p90: string | null;
}

interface Vulnerabilities {
  readonly total: string;
  readonly counts: readonly string[];
  readonly level: string | null;
}

/** The sentence that both forms have. */
export const THREATS = "针对政府、企业以及广大互联网用户的主要安全威胁来自于软件高危漏洞、恶意代码传播以及网站攻击。";

const share = ({text, isAbout}: Quantity): string => `${isAbout ? "约" : ""}${text}%`;
const about = ({text, isAbout}: Quantity): string => (isAbout ? `约${text}` : `${text}个`);
const isAbout = ({text, isAbout}: Quantity): string => `${isAbout ? "约为" : "为"}${text}个`;

/** The change in words after a comma: `较上周环比下降了35.7%`. */
function changed(change: Change, isExact: boolean): string {
  if (change.direction === "same") return isExact ? "与上周持平" : "与上周基本持平";
  return `较上周环比${change.direction === "up" ? "上升" : "下降"}了${change.percent}%`;
}

/** Returns the sentences that both forms have, as the long one says them. */
export function longIn(marks: Marks) {
  const say = sayIn(marks);
  return {
    rating: (grade: string): string => say`本周，互联网网络安全态势整体评价为${grade}。`,
    infraQuiet: (ours: string, reach: string): string =>
      say`${ours}互联网基础设施运行整体平稳，${reach}未发生造成重大影响的基础设施运行安全事件。`,
    infraEvents: (reach: string, count: number, titles: string): string =>
      say`${reach}发生${count}起造成重大影响的互联网基础设施运行安全事件：${titles}。`,
    threats: THREATS,
    handled: ({us, parties, total, crossBorder}: Handled): string =>
      say`本周，${us}协调${parties}共处理了网络安全事件${total}起${crossBorder === null ? "" : say`，其中跨境网络安全事件${crossBorder}起`}。`,
    phishing: ({us, isFirst, parties, complaints}: Complaints): string =>
      say`${isFirst ? say`本周，${us}` : ""}协调${parties}重点处理了${complaints}起仿冒投诉事件。`,
    mobile: ({us, platforms, urls}: MobileChannels): string =>
      say`本周，${us}协调${platforms}个提供恶意移动应用程序下载服务的平台开展移动互联网恶意代码处理工作${
        urls === null ? "" : say`，共处理传播移动互联网恶意代码的恶意URL链接${urls}个`
      }。`,
  };
}

/** Returns the sentences of sections 2 to 4, which only the long form has in words. */
export function detailIn(marks: Marks) {
  const say = sayIn(marks);
  return {
    ...hostSentences(say),
    ...malwareSiteSentences(say),
    ...websiteSentences(say),
    ...vulnerabilitySentences(say),
    changed,
    /** Joins the clauses of one sentence; the first one of a paragraph begins with 本周. */
    clauses: (parts: readonly string[]): string => `本周${parts.join(say`；`)}。`,
    joined: (sentence: string, clause: string | null): string =>
      clause === null ? sentence : say`${sentence}，${clause}`,
    ended: (clauses: readonly string[]): string => `${clauses.join(say`；`)}。`,
  };
}

function hostSentences(say: Say) {
  return {
    infected: (domestic: string, {infected, bots, worms}: InfectedHosts): string => {
      const parts = [
        bots && `${domestic}被木马或被僵尸程序控制的主机${about(bots)}`,
        worms && say`${domestic}感染飞客（conficker）蠕虫的主机${about(worms)}`,
      ].filter(isSaid);
      return say`本周${domestic}感染网络病毒的主机数量${isAbout(infected)}${parts.length === 0 ? "" : say`，其中包括${parts.join("以及")}`}。`;
    },
    infectedChange: (change: Change, isExact: boolean): string => `感染主机数量${changed(change, isExact)}。`,
    provinces: (mainland: string, map: string | null, names: readonly string[]): string => {
      const most = map === null ? "情况中" : `情况${map}是木马和僵尸程序感染量最多的地区`;
      const rank = names.length === 1 ? "排名第一位的是" : `排名前${rankWord(names.length)}位的分别是`;
      return say`木马或僵尸程序受控主机在${mainland}的分布${most}，${rank}${andList(names)}。`;
    },
    controlServers: (us: string, ips: string, overseas: string | null): string =>
      say`本周，${us}监测发现木马或僵尸网络控制服务器IP地址${ips}个${overseas === null ? "" : say`，其中位于境外的${overseas}个`}。`,
    complaints: (received: string): string =>
      say`本周共收到投诉${received}件。投诉与事件分别统计：多份投诉可能属于同一事件，也可能不成为事件。`,
    takedowns: ({verified, share, median, p90}: Takedowns): string => {
      const half = median && say`，从首次通报到消除的时长中位数为${median}小时`;
      const most = p90 && say`，九成不超过${p90}小时`;
      return say`处理的事件中，经核验已消除${verified}起${share === null ? "" : `（占${share}%）`}${half ?? ""}${most ?? ""}。`;
    },
    newMalware: (us: string, {names, families, areMany}: NewMalware): string => {
      const parts = [names && `按网络病毒名称统计新增${names}个`, families && `按网络病毒家族统计新增${families}个`];
      return say`本周${us}捕获了${areMany ? "大量" : ""}新增网络病毒文件，${parts.filter(isSaid).join(say`，`)}。`;
    },
  };
}

function pointingOverseas(percent: string): string {
  if (Number(percent) === 100) return "全部指向境外站点";
  return Number(percent) === 0 ? "均未指向境外站点" : `有${percent}%指向境外站点`;
}

function malwareSiteSentences(say: Say) {
  return {
    malwareSites: (us: string, domains: string, ips: string | null): string =>
      say`放马站点是网络病毒传播的源头。本周，${us}监测发现的放马站点共涉及域名${domains}个${ips === null ? "" : say`，涉及IP地址${ips}个`}。`,
    malwareDomainShares: (
      domains: string,
      {overseas, com}: {overseas: Quantity | null; com: Quantity | null},
      place: "registered" | "hosted",
    ): string => {
      const parts = [
        overseas && (place === "registered" ? `有${overseas.text}%为境外注册` : pointingOverseas(overseas.text)),
        com && `${overseas === null ? "" : "且"}顶级域为.com的${com.isAbout ? "约" : ""}占${com.text}%`,
      ];
      return say`在${domains}个域名中，${parts.filter(isSaid).join(say`，`)}`;
    },
    malwareIpShares: (ips: string, overseas: Quantity): string => say`在${ips}个IP中，有${share(overseas)}位于境外`,
    directIps: (ips: string, areFew: boolean): string =>
      areFew
        ? say`根据对放马URL的分析发现，大部分放马站点是通过域名访问，而通过IP直接访问的涉及${ips}个IP。`
        : say`根据对放马URL的分析发现，通过IP直接访问的放马站点涉及${ips}个IP。`,
  };
}

function websiteSentences(say: Say) {
  const of = (domestic: string, part: Quantity | null): string =>
    part === null ? "" : say`（${part.isAbout ? "约" : ""}占${domestic}${part.text}%）`;
  return {
    websites: (us: string, domestic: string, counts: WebsiteCounts): string => {
      const parts = [
        counts.defaced && `${domestic}被篡改网站数量为${counts.defaced}个`,
        counts.backdoored && `${domestic}被植入后门的网站数量为${counts.backdoored}个`,
        counts.phishing && `针对${domestic}网站的仿冒页面数量为${counts.phishing}个`,
      ];
      return `本周${us}监测发现${parts.filter(isSaid).join(say`；`)}。`;
    },
    govDefaced: (domestic: string, count: string, part: Quantity | null): string =>
      say`${domestic}被篡改政府网站（GOV类）数量为${count}个${of(domestic, part)}`,
    govBackdoored: (domestic: string, count: string, part: Quantity | null): string =>
      say`${domestic}被植入后门的政府网站（GOV类）数量为${count}个${of(domestic, part)}`,
    phishing: (domestic: string, {domains, ips, each}: PhishingPlaces): string => {
      const counts = [domains && `涉及域名${domains}个`, ips && `${domains === null ? "涉及" : ""}IP地址${ips}个`];
      const average = each && `平均每个IP地址承载了约${each}个仿冒页面`;
      return `针对${domestic}网站的仿冒页面${[...counts, average].filter(isSaid).join(say`，`)}`;
    },
  };
}

function vulnerabilitySentences(say: Say) {
  return {
    vulnerabilities: (source: string, {total, counts, level}: Vulnerabilities): string =>
      say`本周，${source}新收录网络安全漏洞${total}个${counts.length === 0 ? "" : say`，其中${counts.join("、")}`}${
        level === null ? "" : say`，信息安全漏洞威胁整体评价级别为${level}`
      }。`,
    severity: (name: string, count: string): string => `${name}漏洞${count}个`,
    vulnerabilityTypes: (source: string, types: readonly string[]): string => {
      const [first, ...others] = types;
      const next = others.length === 0 ? "" : say`，其次是${others.map((type) => `${type}漏洞`).join("和")}`;
      return say`本周${source}发布的网络安全漏洞中，${first ?? ""}漏洞占比最高${next}。`;
    },
  };
}

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
