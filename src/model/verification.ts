import {z} from "zod";

/**
 * What the probe is asked, what a look saw, and what it means. Orders and looks cross the border of a process that talks
 * to hostile sites, so each has a strict schema with sizes: nothing else comes in. Times are ISO 8601 in UTC.
 */

/** What one look can mean. Only those of `TAKEDOWNS` are a takedown. */
export const VERDICTS = ["up", "down-registrar", "down-host", "removed", "parked", "blocked", "unknown"] as const;
/** One of `VERDICTS`. */
export type Verdict = (typeof VERDICTS)[number];

/** Verdicts that say: the thing is gone for everybody, and somebody made it so. */
export const TAKEDOWNS = ["down-registrar", "down-host", "removed"] as const satisfies readonly Verdict[];
/** One of `TAKEDOWNS`: who or what took it down. */
export type TakedownKind = (typeof TAKEDOWNS)[number];

/** How a question to a resolver ended: `no-name` is NXDOMAIN, `no-data` a name without records of that kind. */
export const DNS_STATUSES = [
  "answered",
  "no-data",
  "no-name",
  "server-failure",
  "refused",
  "timeout",
  "failed",
] as const;
/** One of `DNS_STATUSES`. */
export type DnsStatus = (typeof DNS_STATUSES)[number];

/** What can come between us and the page. None of it is ever a takedown. */
export const TROUBLES = [
  "order-refused", // not http(s), a port that is not allowed, credentials, no name at all
  "address-refused", // the name leads to no public address
  "connection-refused",
  "connection-reset",
  "unreachable",
  "timeout",
  "cut", // the answer ended before it was whole
  "tls-failed",
  "bad-response", // no HTTP
  "headers-too-large",
  "too-many-redirects",
  "redirect-refused", // led to what an order may not name
  "body-unreadable",
  "no-network", // not even the control name was found: our own failure
  "probe-died", // our own failure
  "probe-busy", // our own failure
] as const;
/** One of `TROUBLES`. */
export type TroubleKind = (typeof TROUBLES)[number];

const name = z.string().max(255);
const address = z.string().max(64);
const instant = z.iso.datetime({precision: 3});
const url = z.string().max(8192);
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const asset = z.strictObject({
  kind: z.string().min(1).max(20).describe("As in events: ip, domain, site, url; others are not looked at."),
  value: url,
});

const dns = z.strictObject({
  name,
  answers: z
    .array(z.strictObject({server: name, status: z.enum(DNS_STATUSES), addresses: z.array(address).max(32)}))
    .max(8),
  alias: name.nullable().describe("Where a CNAME of the name leads."),
  zone: name.nullable().describe("Its registrable domain; null for a name without one."),
  zoneStatus: z.enum(DNS_STATUSES).nullable().describe("Whether that domain is still there; null when not asked."),
  nameServers: z.array(name).max(16),
});

const registration = z.strictObject({
  statuses: z.array(z.string().max(100)).max(32).describe("EPP or RDAP words such as clientHold."),
  at: instant.describe("When the registry was asked."),
});

const hop = z.strictObject({
  url,
  address: address.nullable().describe("Where we connected to; null when we did not."),
  status: z.int().nullable(),
  location: url.nullable(),
});

const tls = z.strictObject({
  host: name,
  subject: z.string().max(300),
  names: z.array(name).max(50),
  issuer: z.string().max(300),
  validFrom: instant.nullable(),
  validTo: instant.nullable(),
  sha256: z.string().max(64).describe("Fingerprint of the certificate, hexadecimal."),
  isExpired: z.boolean(),
  isForHost: z.boolean(),
  isSelfSigned: z.boolean(),
  error: z.string().max(300).nullable().describe("Why it is not trusted. It never is: this is a fact for people."),
});

/** Facts of a page, with their sizes. */
export const pageSchema = z.strictObject({
  url,
  status: z.int(),
  type: z.string().max(200).describe("Content type as stated; empty when not stated."),
  bytes: count.describe("Decoded bytes that were read."),
  sha256: sha256.describe("Of these bytes."),
  isTruncated: z.boolean().describe("There was more than we read."),
  title: z.string().max(300).nullable(),
  text: z.string().max(2000).describe("Beginning of the visible text."),
  words: count.describe("Words of the visible text; two Han characters count as a word."),
  sketch: z
    .string()
    .regex(/^[0-9a-f]{256}$/)
    .describe("Sketch of the visible text, to compare."),
  structure: z
    .string()
    .regex(/^[0-9a-f]{128}$/)
    .describe("Sketch of the order of its tags."),
  forms: count,
  passwords: count.describe("Fields for passwords."),
  links: count,
  hosts: z.array(name).max(20).describe("Hosts whose scripts and frames it takes."),
});

/** The page that a look found, in facts: the page itself is thrown away. */
export type PageFacts = z.infer<typeof pageSchema>;

/** What was kept of the page when the case was opened, to compare later looks with. */
export const evidenceSchema = z.strictObject({at: instant, page: pageSchema});
/** As in `evidenceSchema`. */
export type Evidence = z.infer<typeof evidenceSchema>;

/** What the probe is asked to do. */
export const orderSchema = z.strictObject({
  id: z.string().min(1).max(100),
  at: instant.describe("The time that the look counts for; the caller's clock, so that a simulation can run fast."),
  asset,
  registration: registration.nullable().describe("What RDAP said, where it was asked; handed on into the look."),
  wants: z
    .strictObject({body: z.boolean().describe("Keep up to 200 kB of the page."), screenshot: z.boolean()})
    .describe("What is kept besides the facts."),
});
/** As in `orderSchema`. */
export type ProbeOrder = z.infer<typeof orderSchema>;

/** Most bytes of a page that are kept as evidence. */
export const KEPT_BYTES = 200_000;

/** What one look saw. Facts only: `judgeLook` says what they mean. */
export const lookSchema = z.strictObject({
  id: z.string().max(100),
  at: instant,
  asset,
  dns: dns.nullable().describe("Null when the asset is an address, or nothing was asked."),
  registration: registration.nullable(),
  chain: z.array(hop).max(8),
  tls: tls.nullable().describe("Of the last host that showed a certificate."),
  page: pageSchema.nullable(),
  troubles: z.array(z.strictObject({kind: z.enum(TROUBLES), text: z.string().max(300)})).max(16),
  kept: z
    .base64()
    .max(Math.ceil(KEPT_BYTES / 3) * 4)
    .nullable()
    .describe("Beginning of the page, where it was wanted."),
  screenshot: z
    .strictObject({sha256, png: z.base64().max(8_000_000)})
    .nullable()
    .describe("Null when not wanted, or there is no browser, or it did not come about."),
  milliseconds: count,
});
/** As in `lookSchema`. */
export type Look = z.infer<typeof lookSchema>;

/** Why a verdict was given, in both languages; `detail` of a `Reason` names the value. docs/verification.md has them all. */
export const REASONS = {
  "on-hold": {zh: "注册局记录显示域名已暂停解析", en: "the registry says that the domain is on hold"},
  "no-such-domain": {zh: "域名已不存在", en: "the domain does not exist"},
  "sinkhole-servers": {zh: "域名已交由黑洞服务器解析", en: "the domain is served by a sinkhole"},
  "name-removed": {zh: "域名仍在，但该主机名已被删除", en: "the domain is there, but this name was taken out of it"},
  "alias-target-gone": {zh: "该名称指向的服务已不存在", en: "the name leads to a service that is gone"},
  "no-address": {zh: "该名称已没有地址", en: "the name has no address any more"},
  "resolvers-disagree": {zh: "各解析器回答不一致", en: "the resolvers do not agree"},
  "dns-failed": {zh: "解析失败", en: "no resolver could answer"},
  "null-address": {zh: "该名称指向无效地址", en: "the name leads to no public address"},
  "sinkhole-address": {zh: "该名称指向黑洞地址", en: "the name leads to a sinkhole address"},
  "parking-servers": {zh: "域名由停放服务器解析", en: "the domain is served by a parking company"},
  "parking-address": {zh: "该名称指向停放地址", en: "the name leads to a parking address"},
  "parking-page": {zh: "显示域名停放页面", en: "a parking page is shown"},
  "warning-page": {zh: "显示拦截警告页面", en: "a warning or block page is shown"},
  suspended: {zh: "服务商已停用该网站", en: "the host says that it has suspended the site"},
  gone: {zh: "页面已不存在", en: "the page is not there any more"},
  replaced: {zh: "页面已换成其他内容", en: "another page stands in its place"},
  "same-as-evidence": {zh: "与立案时留存的页面相同", en: "it shows the page that was kept as evidence"},
  answers: {zh: "网站仍有应答", en: "it answers, and there is no evidence to compare with"},
  "evidence-is-notice": {zh: "立案时留存的就是提示页面", en: "the evidence itself is a notice, not the page"},
  changed: {zh: "页面有变化，但无法判定已删除", en: "the page has changed, but not so that it is surely gone"},
  challenge: {zh: "要求人机验证", en: "a captcha or a check of the browser stands before it"},
  "geo-block": {zh: "按地区限制访问", en: "it is closed to visitors from here"},
  "login-wall": {zh: "要求登录", en: "it asks for a login"},
  "access-denied": {zh: "拒绝访问", en: "it refuses us"},
  "too-many-requests": {zh: "访问过于频繁", en: "it says that we come too often"},
  maintenance: {zh: "维护或暂时不可用", en: "it is under maintenance or asleep"},
  "server-error": {zh: "服务器出错", en: "the server has an error"},
  "moved-on": {zh: "跳转到其他网站", en: "it leads to another site"},
  "bad-status": {zh: "状态码无法判定", en: "a status that says nothing"},
  "not-seen": {zh: "未能看到页面", en: "the page could not be seen"},
  "own-failure": {zh: "探测自身故障", en: "our own failure"},
} as const satisfies Record<string, {zh: string; en: string}>;
/** One of `REASONS`. */
export type ReasonCode = keyof typeof REASONS;

/** One reason with the value that it rests on; null when the code says it all. */
export interface Reason {
  readonly code: ReasonCode;
  readonly detail: string | null;
}

/** What one look means, and why. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  /** How like the evidence the page is: 0 nothing alike, 1 the same. Null when there was nothing to compare. */
  readonly similarity: number | null;
}
