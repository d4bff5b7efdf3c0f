/** The few words that are not in a template: heads of the table, units, what stands where nothing is known. */
import type {Tlp} from "../../model/cases/case.ts";
import type {NoticeEvent, NoticeLanguage} from "../../model/notification.ts";

const zh = {
  heads: (zone: string) => ["序号", "事件编号", `首次发现 ${zone}`, `最近发现 ${zone}`, "监测数", "级别"],
  ip: "IP",
  registrar: "注册机构",
  brand: "被仿冒",
  sector: "行业",
  service: "服务",
  classWord: "类别",
  severalClasses: "多类网络安全事件",
  more: (count: number) => ` 等 ${count} 个`,
  moreRows: (left: number, file: string | null) =>
    file === null ? `（此处省略 ${left} 个）` : `（此处省略 ${left} 个，全部见附件 ${file}）`,
  moreLines: (left: number) => `（省略 ${left} 行）`,
  soon: "尽快",
  unknown: "未提供",
  nameless: (purpose: string): string => (purpose === "reporter" ? "举报人" : "有关负责人"),
  askedOf: (name: string, count: number) => `${name}（${count} 个）`,
  colon: "：",
  csv: (name: string) => `- ${name}：事件清单，含准确的网址和地址`,
  xarf: (name: string) => `- ${name}：X-ARF v4，每个事件一份，供系统自动处理`,
  details: {
    party: "单位",
    name: "联系人",
    purpose: "用途",
    address: "地址",
    language: "语言",
    channel: "方式",
    key: "OpenPGP 公钥",
  },
  languages: {zh: "中文", en: "英文"},
  channels: {mail: "邮件", api: "接口", portal: "网站"},
  reach: (address: string, phone: string | null) => (phone === null ? address : `${address}，电话 ${phone}`),
  has: "有",
  hasNot: "无",
  sealed: "加密通报",
  /** What reporters are told of the end of a case; by what the desk did. */
  outcomes: {
    verified: "经两次核验，被举报的内容已无法访问。",
    dismissed: "经核查，未发现需要处置的问题，或该问题不由我方协调处置。",
    refused: "该举报未作为事件受理。",
  },
  tlp: {
    RED: "仅限收件人本人，不得转发",
    "AMBER+STRICT": "仅限收件单位内部",
    AMBER: "仅限收件单位及其需要知悉的客户",
    GREEN: "可在同行范围内共享，不得公开",
    CLEAR: "可公开",
  } satisfies Record<Tlp, string>,
};

/** What each language has. */
export type NoticeWords = typeof zh;

const en: NoticeWords = {
  heads: (zone) => ["No.", "Case", `First seen ${zone}`, `Last seen ${zone}`, "Events", "Level"],
  ip: "IP",
  registrar: "registrar",
  brand: "imitates",
  sector: "sector",
  service: "service",
  classWord: "class",
  severalClasses: "incidents of several kinds",
  more: (count) => ` and others, ${count} in all`,
  moreRows: (left, file) =>
    file === null ? `(${left} more are left out here)` : `(${left} more are left out here; all are in ${file})`,
  moreLines: (left) => `(${left} more lines are left out)`,
  soon: "as soon as possible",
  unknown: "not given",
  nameless: (purpose) => (purpose === "reporter" ? "reporter" : "colleagues"),
  askedOf: (name, count) => `${name} (${count})`,
  colon: ": ",
  csv: (name) => `- ${name}: the list of cases, with the exact addresses`,
  xarf: (name) => `- ${name}: X-ARF v4, one for each case, for automatic handling`,
  details: {
    party: "Organisation",
    name: "Contact",
    purpose: "Purpose",
    address: "Address",
    language: "Language",
    channel: "Channel",
    key: "OpenPGP key",
  },
  languages: {zh: "Chinese", en: "English"},
  channels: {mail: "mail", api: "API", portal: "portal"},
  reach: (address, phone) => (phone === null ? address : `${address}, telephone ${phone}`),
  has: "yes",
  hasNot: "none",
  sealed: "Encrypted notification",
  outcomes: {
    verified: "It is gone: we looked twice, and what you reported could not be reached any more.",
    dismissed: "We looked at it and found nothing that we can have removed.",
    refused: "We did not take it up as an incident.",
  },
  tlp: {
    RED: "for you personally, not to be passed on",
    "AMBER+STRICT": "for your organisation only",
    AMBER: "for your organisation and those of its clients who need to know",
    GREEN: "for the community, not for the public",
    CLEAR: "may be made public",
  },
};

/** The words by language. */
export const NOTICE_WORDS: Readonly<Record<NoticeLanguage, NoticeWords>> = {zh, en};

/** Events after which the party has something to do: only these carry X-ARF, which machines act on. */
export const EVENTS_TO_ACT_ON: readonly NoticeEvent[] = ["opened", "reminder", "escalated", "reopened"];
/** Events that go to who complained: never with other parties' data. */
export const REPORTER_EVENTS: readonly NoticeEvent[] = ["reporter-received", "reporter-closed"];
