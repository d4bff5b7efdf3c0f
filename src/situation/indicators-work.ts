import type {Bilingual} from "../model/format.ts";
import type {AssetCondition, IndicatorDefinition} from "../model/indicator.ts";
import {TAXONOMY} from "../model/taxonomy.ts";

const VULNERABILITIES: Bilingual = {zh: "个漏洞", en: "vulnerabilities"};
const INCIDENTS: Bilingual = {zh: "起事件", en: "incidents"};

/** Numbers of one database: the others' numbers name the same vulnerabilities again. */
const IS_VULN: readonly AssetCondition[] = [
  {column: "class", is: ["vuln.new"]},
  {column: "isCountedVuln", is: [1]},
];
const IS_MOBILE: AssetCondition = {column: "class", is: ["mal.mobile"]};
const IS_MALWARE: AssetCondition = {
  column: "class",
  is: ["mal.bot", "mal.worm", "mal.c2", "mal.site", "mal.page", "mal.mobile", "mal.conf", "mal.ransom", "mal.mine"],
};

/** Severity words of CNVD and CVSS in the bulletin's three steps. */
function vulnerabilities(level: "high" | "medium" | "low", severities: readonly string[], zh: string) {
  return {
    id: `vuln.${level}`,
    version: 2,
    title: {zh: `新增${zh}`, en: `New vulnerabilities of ${level} severity`},
    meaning: {
      zh: `一周内新收录漏洞中的${zh}数。`,
      en: `The vulnerabilities of ${level} severity among those newly published in the week.`,
    },
    unit: VULNERABILITIES,
    counting: {
      how: "counted",
      distinct: "asset",
      where: [...IS_VULN, {column: "severity", is: severities}],
      by: ["vulnType"],
    },
    mayBeEntered: true,
    zero: {when: "part", of: "vuln.total"},
  } as const satisfies IndicatorDefinition;
}

const VULNS: readonly IndicatorDefinition[] = [
  {
    id: "vuln.total",
    version: 2,
    title: {zh: "新增漏洞", en: "New vulnerabilities"},
    meaning: {
      zh: "一周内新收录的不同漏洞编号数，只计一个漏洞库的编号，因为同一漏洞在各库都有编号。由公开漏洞共享数据计得时，是其共享部分而非全部收录量。",
      en: "Distinct vulnerability numbers newly published in the week, of one database only, for the same vulnerability has a number in each. Counted from a database's shared data, it is the shared part and not all that the database took in.",
    },
    unit: VULNERABILITIES,
    counting: {how: "counted", distinct: "asset", where: IS_VULN, by: ["severity", "vulnType"]},
    mayBeEntered: true,
    zero: {when: "never"}, // no week goes by without one: then no database was read
  },
  vulnerabilities("high", ["critical", "high"], "高危漏洞"),
  vulnerabilities("medium", ["medium"], "中危漏洞"),
  vulnerabilities("low", ["low", "info"], "低危漏洞"),
  {
    id: "vuln.level",
    version: 1,
    title: {zh: "信息安全漏洞威胁整体评价级别", en: "Overall level of the vulnerability threat"},
    meaning: {
      zh: "漏洞库对本周漏洞威胁的整体评价，由人工录入：高、中、低；没有公开的计算方法。",
      en: "The vulnerability database's own judgement of the week, entered by hand: high, medium or low; no method of computing it is published.",
    },
    unit: {zh: "级", en: "level"},
    counting: {how: "entered", codes: {of: TAXONOMY.vulnWeekLevels, most: 1}},
  },
  {
    id: "vuln.type_rank",
    version: 1,
    title: {zh: "漏洞影响对象类型排名", en: "Ranking of affected object types"},
    meaning: {
      zh: "本周漏洞占比最高的影响对象类型，依次最多三种，由人工录入。",
      en: "The up to three types of affected objects with most vulnerabilities of the week, in order, entered by hand.",
    },
    unit: {zh: "类", en: "types"},
    counting: {how: "entered", codes: {of: TAXONOMY.vulnTypes, most: 3}},
  },
];

/** Figures of what was handled: cases give them from the first one on, before that a person does. */
function handled(
  names: Pick<IndicatorDefinition, "id" | "title" | "meaning" | "cases"> & {readonly unit?: Bilingual},
): IndicatorDefinition {
  return {version: 2, unit: INCIDENTS, counting: {how: "entered"}, isHandled: true, ...names};
}

const INCIDENT: readonly IndicatorDefinition[] = [
  handled({
    id: "incident.total",
    title: {zh: "处理的网络安全事件", en: "Incidents handled"},
    meaning: {
      zh: "一周内首次达到“已处理”状态的事件数；同一事件收到多份报告只计一次，处置后再次出现的另计一次。",
      en: "Incidents that first became handled in the week; one that was reported several times counts once, one that came back after its takedown counts again.",
    },
    cases: {figure: "handled", by: ["partyKind", "class", "province"]},
  }),
  handled({
    id: "incident.cross_border",
    title: {zh: "处理的跨境网络安全事件", en: "Cross-border incidents handled"},
    meaning: {
      zh: "处理的事件中，被通报单位、承载地址、域名注册机构或被仿冒品牌之一在境外的事件数。",
      en: "Those of the incidents handled in which the party notified, the hosting address, the registrar or the imitated brand is abroad.",
    },
    cases: {figure: "crossBorder", by: ["borderTest", "partyKind", "class"]},
  }),
  handled({
    id: "incident.phishing",
    title: {zh: "处理的仿冒投诉事件", en: "Phishing complaints handled"},
    meaning: {
      zh: "处理的事件中的网页仿冒事件数，不多于处理的事件总数；收到而未成为事件的投诉不计。",
      en: "The phishing cases among the incidents handled, however they were reported, never more than these; complaints that became no case are not counted.",
    },
    cases: {figure: "phishing", by: ["sector", "partyKind"]},
  }),
  handled({
    id: "complaint.received",
    title: {zh: "收到的投诉", en: "Complaints received"},
    meaning: {
      zh: "一周内收到的投诉数，与事件数分开统计：多份投诉可能属于同一事件，也可能不成为事件。",
      en: "Complaints received in the week, counted apart from incidents: several may be of one incident, and some become none.",
    },
    unit: {zh: "件", en: "complaints"},
    cases: {figure: "complaints", by: ["class"]},
  }),
  handled({
    id: "takedown.verified",
    title: {zh: "经核验已消除的事件", en: "Incidents verified as gone"},
    meaning: {
      zh: "一周内处理的事件中，截至统计时刻经两次探测确认威胁已消除的事件数；被通报单位自称已处置而未经核验的不计。",
      en: "Those of the incidents handled in the week of which two looks of our own, up to the moment of counting, saw that the threat is gone; the word of a party alone is not counted.",
    },
    cases: {figure: "verified", by: []},
  }),
  {
    id: "takedown.share",
    version: 1,
    title: {zh: "核验消除率", en: "Share verified as gone"},
    meaning: {
      zh: "经核验已消除的事件数除以处理的事件数。",
      en: "Incidents verified as gone divided by the incidents handled.",
    },
    unit: {zh: "比例", en: "share"},
    counting: {how: "ratio", of: "takedown.verified", to: "incident.total"},
    isHandled: true,
  },
  handled({
    id: "takedown.median_hours",
    title: {zh: "处置时长中位数", en: "Median time to takedown"},
    meaning: {
      zh: "经核验已消除的事件从首次通报到首次探测到消除的小时数的中位数。",
      en: "The median of the hours from the first notification to the first look that saw the threat gone, of the incidents verified as gone.",
    },
    unit: {zh: "小时", en: "hours"},
    cases: {figure: "medianHours", by: []},
  }),
  handled({
    id: "takedown.p90_hours",
    title: {zh: "处置时长九成分位数", en: "Time to takedown, 90th percentile"},
    meaning: {
      zh: "同上，九成事件不超过的小时数。",
      en: "The same: the hours that nine in ten of these incidents do not exceed.",
    },
    unit: {zh: "小时", en: "hours"},
    cases: {figure: "p90Hours", by: []},
  }),
];

const MOBILE: readonly IndicatorDefinition[] = [
  {
    id: "mobile.platforms",
    version: 2,
    title: {zh: "处理的恶意程序下载平台", en: "Malicious app platforms handled"},
    meaning: {
      zh: "一周内被处理的、提供恶意移动应用下载的不同平台数；平台指站点，不指公司：以注册域名计，没有的以IP地址计。",
      en: "Distinct platforms that offered malicious mobile apps and were dealt with in the week; a platform is a site, not a company: its registered domain, or its address when it has none.",
    },
    unit: {zh: "个平台", en: "platforms"},
    counting: {
      how: "counted",
      distinct: "platform",
      where: [IS_MOBILE],
      by: ["channelKind", "responsible"],
    },
    cases: {figure: "platforms", by: ["channelKind", "responsible"]},
    mayBeEntered: true,
    isHandled: true,
  },
  {
    id: "mobile.urls",
    version: 2,
    title: {zh: "处理的恶意URL链接", en: "Malicious app URLs handled"},
    meaning: {
      zh: "一周内被处理的、传播移动恶意程序的不同URL数。",
      en: "Distinct URLs that spread mobile malware and were dealt with in the week.",
    },
    unit: {zh: "个URL", en: "URLs"},
    counting: {
      how: "counted",
      distinct: "asset",
      where: [IS_MOBILE, {column: "assetKind", is: ["url"]}],
      by: ["channelKind", "responsible"],
    },
    cases: {figure: "urls", by: ["channelKind", "responsible"]},
    mayBeEntered: true,
    isHandled: true,
  },
];

const MALWARE: readonly IndicatorDefinition[] = [
  {
    id: "malware.new_names",
    version: 1,
    title: {zh: "新增网络病毒名称", en: "New malware names"},
    meaning: {
      zh: "一周内首次捕获的网络病毒按名称统计的数量，由人工录入。",
      en: "Malware captured for the first time in the week, counted by name, entered by hand.",
    },
    unit: {zh: "个", en: "names"},
    counting: {how: "entered"},
  },
  {
    id: "malware.new_families",
    version: 1,
    title: {zh: "新增网络病毒家族", en: "New malware families"},
    meaning: {
      zh: "一周内报告中出现、而以前各周从未出现过的不同恶意程序家族数；第一周没有可比，不计。",
      en: "Distinct malware families in the reports of the week that no earlier week had; not counted in the first week, which has nothing to compare with.",
    },
    unit: {zh: "个", en: "families"},
    counting: {how: "new", distinct: "family", where: [IS_MALWARE]},
    mayBeEntered: true,
  },
];

const INFRASTRUCTURE: IndicatorDefinition = {
  id: "infra.events",
  version: 1,
  title: {zh: "基础设施运行安全事件", en: "Infrastructure security events"},
  meaning: {
    zh: "值班人员登记的、发生在一周内的基础设施网络安全事件数。",
    en: "Infrastructure security events of the week in the register that the duty desk keeps.",
  },
  unit: {zh: "起", en: "events"},
  counting: {how: "infra"},
};

/** What was published, done about it, or befell the infrastructure. */
export const WORK: readonly IndicatorDefinition[] = [...VULNS, ...INCIDENT, ...MOBILE, ...MALWARE, INFRASTRUCTURE];
