import ipaddr from "ipaddr.js";
import {parse} from "tldts";
import type {ComplaintMail, StatedComplaint} from "../../model/complaint.ts";
import type {ReadMail} from "../../model/mail.ts";
import {classOfWords} from "./class-words.ts";
import {hashesIn, hostOf, hostsIn, ipsIn, mailsIn, urlsIn} from "./findings.ts";
import {isDefanged, refang} from "./refang.ts";
import {replyText} from "./reply-text.ts";
import {timeIn} from "./times.ts";

/**
 * Reads a complaint in plain words. What was made harmless on purpose is what it is about; addresses of the reporter's own
 * house are not. What the words do not decide stays null.
 */

/** Who we are: our own domains are never what is complained about. */
export interface PlainContext {
  readonly ownDomains: readonly string[];
}

const COMPLAINTS = 200;
const ANSWER_WANTED =
  /\b(?:please|kindly|look forward to|await(?:ing)?|expect|request)\b[^.\n]{0,60}\b(?:repl(?:y|ies)|respon(?:d|se)|confirm(?:ation)?|acknowledge|feedback|update us|let (?:us|me) know|hear(?:ing)? (?:back )?from you|inform us)|let (?:us|me) know|请(?:尽快|及时|予以)?(?:回复|答复|反馈|告知|确认)|(?:望|盼|期待)(?:回复|答复|反馈)|敬请(?:回复|反馈)/i;
const NO_ANSWER =
  /\b(?:do not|don't|please do not|no need to) (?:reply|respond)|replies (?:to this (?:e-?mail|message|address) )?(?:will|are) not|no reply (?:is )?(?:needed|required|necessary)|请勿(?:直接)?回复|无需回复|不必回复/i;
/** Words in front of an address that say it is the one that did it. */
const LABELLED =
  /(?:\b(?:source|src|offending|attack(?:er|ing)?|abusive|malicious|infected|hostile|suspicious|reported)\s*(?:ip|host|address|machine|server)?(?:\s*address)?|\bip(?:\s*address)?|来源ip|源地址|源ip|攻击ip|攻击源|恶意ip|ip地址|主机)\s*(?:is|was|are)?\s*[:：=]?\s*\[?((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})/gi;
const BRAND =
  /(?:\b(?:impersonat(?:es?|ing)|targets?|targeting|pretend(?:s|ing) to be|spoof(?:s|ing)|posing as|fake site of)\s+(?:the\s+)?(?:brand\s+|bank\s+)?["“]?([A-Z][\w&.-]*(?:\s[A-Z][\w&.-]*){0,4})|(?:仿冒|假冒|冒充)(?:了)?[“"「]?([\p{sc=Han}\w]{2,20}?)[”"」]?(?:的|官方|官网|网站|网页|页面|app|客户端|[，。,.\s]|$))/iu;

/** Returns what a plain mail complains about; null when it names nothing or no harm. */
export function readPlainComplaint(mail: ReadMail, context: PlainContext): ComplaintMail | null {
  const {subject, from} = mail.head;
  const own = replyText(mail.text).text;
  const forwarded = mail.parts.flatMap(({message}) => (message === null ? [] : [message]));
  const stated = own.trim() === "" ? mail.text : own;
  const inText = assetsIn(`${subject}\n${stated}`, mail, context);
  const assets = inText.length > 0 ? inText : assetsIn(mail.text, mail, context);
  const code = classOfWords(bare(subject), bare(stated));
  const isDefangedMail = isDefanged(stated) || isDefanged(subject);
  if (assets.length === 0 || !(isDefangedMail || reportsHarm(`${bare(subject)}\n${bare(stated)}`, code))) return null;
  const urls = assets.filter(({kind}) => kind === "url" || kind === "site");
  const ips = assets.filter(({kind}) => kind === "ip");
  const about = urls.length > 0 && ips.length === 1 ? assets.filter(({kind}) => kind !== "ip") : assets;
  const brand = BRAND.exec(stated);
  const complaints = about.slice(0, COMPLAINTS).map(
    (asset): StatedComplaint => ({
      asset,
      class: code,
      seenAt: timeIn(stated),
      brand: brand?.[1] ?? brand?.[2] ?? null,
      ip: about.length < assets.length ? (ips[0]?.value ?? null) : null,
      port: null,
      evidence: [stated.trim(), ...forwarded.map(({head}) => `${head.from?.address ?? ""}: ${head.subject}`)]
        .join("\n")
        .slice(0, 2000),
    }),
  );
  const rejects =
    about.length > COMPLAINTS ? [`The mail names ${about.length} things; the first ${COMPLAINTS} were taken.`] : [];
  return {format: "plain", reporter: from, reference: null, wantsAnswer: wantsAnswer(stated), complaints, rejects};
}

/** The words without addresses: what a page calls itself says nothing of what it is. */
function bare(text: string): string {
  return text.replace(/\b(?:\w+:\/\/|www\.)\S+|\S+@\S+|\b(?:[\w-]+(?:\.|\[\.\])){1,8}[a-z]{2,}\S*/gi, " ");
}

/** Whether the reporter wants an answer: null when he does not say. */
export function wantsAnswer(text: string): boolean | null {
  if (NO_ANSWER.test(text)) return false;
  return ANSWER_WANTED.test(text) ? true : null;
}

/** Words of somebody who reports: a mail that only names a page and a crime may itself be the crime. */
const REPORTS =
  /\babus(?:e|ive)\b|\bcomplain(?:t|ts|ing)?\b|\breport(?:s|ed|ing)?\b|\btake ?down\b|\btaken down\b|\bplease\b[^.\n]{0,40}\b(?:remove|investigat\w*|block|suspend|disable|shut|close|check|act|stop|look into|take (?:it|this|them|action)|help)\b|\b(?:we|i)(?:'ve| have)? (?:just |recently )?(?:found|detected|identified|observed|discovered|noticed|seen|been attacked)\b|\b(?:your|this) (?:server|network|customer|user|client|ip|host)\b|\b(?:scanning|attacking|attacked|hosts|hosting|impersonat\w+|hacked)\b|举报|投诉|反映|上报|监测(?:到|发现)|发现|请(?:贵|你|您|协助|尽快|及时|予以)?[^，。\n]{0,8}(?:处置|处理|核实|核查|关停|关闭|下线|封|删除|协助)|仿冒|攻击/i;

/** Words that are a complaint even where they name no class. */
const COMPLAINS =
  /\b(?:abuse (?:report|complaint|notification|from)|complaint|take ?down|attack(?:ed|ing)|hacked|malicious)\b|举报|投诉|攻击|恶意/i;

/** Whether somebody reports harm. */
function reportsHarm(text: string, code: string | null): boolean {
  return code === null ? COMPLAINS.test(text) : REPORTS.test(text) || COMPLAINS.test(text);
}

/** Mail houses of everybody: that somebody writes from there says nothing of what is hosted there. */
const MAIL_HOUSES =
  /^(?:gmail|googlemail|outlook|hotmail|live|yahoo|icloud|qq|foxmail|163|126|139|189|sina|sohu|aliyun|yeah|proton|protonmail|gmx|mail)\.(?:com|cn|net|me|de|ru)$/;

/** A name with a path is a page, though nobody wrote the scheme. */
const NAME_WITH_PATH = /(?<![\w@./:-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?=\/[\w.~%?-])/gi;

function assetsIn(text: string, mail: ReadMail, context: PlainContext): StatedComplaint["asset"][] {
  const plain = isDefanged(text) ? refang(text).replace(NAME_WITH_PATH, "http://$&") : refang(text);
  const isAllowed = allowedBy(mail, context, isDefanged(text));
  const isFresh = isDefanged(text) ? freshIn(text) : (): boolean => true;
  const urls = urlsIn(plain).filter((url) => isAllowed(new URL(url).hostname) && isFresh(url));
  const inUrls = new Set(urls.map((url) => hostOf(new URL(url).hostname) ?? ""));
  const mails = isDefanged(text)
    ? mailsIn(plain).filter((address) => isAllowed(domainOf(address)) && isFresh(address))
    : [];
  const names = [
    ...new Set(
      hostsIn(plain)
        .filter(isFresh)
        .flatMap((name) => hostOf(name) ?? []),
    ),
  ];
  const hosts = names.filter(
    (name) => isAllowed(name) && !inUrls.has(name) && !mails.some((address) => address.endsWith(`@${name}`)),
  );
  return [
    ...urls.map((value) => ({kind: "url" as const, value})),
    // a bare name beside web addresses is mostly talk of them
    ...(urls.length > 0 && !isDefanged(text) ? [] : hosts.map((value) => ({kind: "site" as const, value}))),
    ...ipsOf(plain).map((value) => ({kind: "ip" as const, value})),
    ...hashesIn(plain).map((value) => ({kind: "file" as const, value})),
    ...mails.map((value) => ({kind: "account" as const, value})),
  ];
}

/** Where something was made harmless on purpose, only that counts: what stood in plain text already does not. */
function freshIn(text: string): (found: string) => boolean {
  const before = new Set([...urlsIn(text), ...hostsIn(text), ...mailsIn(text)]);
  return (found) => !before.has(found);
}

/** Our own names never count; those of the reporter's house only where he made them harmless. */
function allowedBy({head}: ReadMail, {ownDomains}: PlainContext, isDefangedText: boolean): (name: string) => boolean {
  const reporter = domainOf(head.from?.address ?? "");
  const house = new Set([
    ...ownDomains,
    ...head.to.map(({address}) => domainOf(address)),
    ...(isDefangedText || MAIL_HOUSES.test(reporter) ? [] : [reporter]),
  ]);
  return (name) => {
    const {domain, isIcann, isIp} = parse(name);
    const isName = isIcann === true || isIp === true || /\.(?:example|test|invalid)$/.test(name);
    return isName && !house.has(domain ?? name);
  };
}

/** The address that is named as the one that did it; else those alone in a line; else the only one. */
function ipsOf(text: string): string[] {
  const labelled = [...text.matchAll(LABELLED)].flatMap(([, found]) => ipsIn(found ?? ""));
  if (labelled.some(isReachable)) return [...new Set(labelled)].filter(isReachable);
  const alone = text
    .split("\n")
    .filter((line) => /^[\s*•-]*[0-9a-f:.]+[\s,;]*$/i.test(line))
    .flatMap(ipsIn);
  if (alone.some(isReachable)) return [...new Set(alone)].filter(isReachable);
  const all = ipsIn(text).filter(isReachable);
  return all.length === 1 ? all : ipsIn(text.split("\n")[0] ?? "");
}

/** Whether others than the reporter can reach it. */
function isReachable(ip: string): boolean {
  return !["loopback", "unspecified", "private", "linkLocal", "uniqueLocal", "multicast", "broadcast"].includes(
    ipaddr.parse(ip).range(),
  );
}

function domainOf(address: string): string {
  const host = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return parse(host).domain ?? host;
}
