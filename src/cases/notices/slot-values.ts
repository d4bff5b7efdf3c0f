/** What each slot says for one notification. Everything that comes from others is on one line, visible and defanged. */
import {TLP_MARKS, type Tlp} from "../../model/cases/case.ts";
import type {NoticeCase, NoticeFile, NoticeSender, Notification} from "../../model/notification.ts";
import {assetText, caseTable, className, evidenceText} from "./listing.ts";
import type {SlotName} from "./slots.ts";
import {type NoticeTemplates, requestFor} from "./template.ts";
import {localDay, localMinuteWithZone} from "./times.ts";
import {defang, defangLines, defangText} from "./values.ts";
import {cut} from "./width.ts";
import {NOTICE_WORDS, type NoticeWords} from "./words.ts";

const MOST_NAME = 80;
const MOST_REASON_LINES = 12;

/** What the values are made from. */
export interface SlotFacts {
  readonly notification: Notification;
  readonly templates: NoticeTemplates;
  readonly sender: NoticeSender;
  readonly token: string;
  readonly files: readonly NoticeFile[];
  readonly now: Date;
}

/** Returns the value of every slot; empty where there is nothing to say. */
export function slotValues(facts: SlotFacts): Record<SlotName, string> {
  return {...partyValues(facts), ...caseValues(facts), ...reporterValues(facts)};
}

/** Returns the strictest mark of the cases; null when there is none. */
export function strictestTlp(cases: readonly Pick<NoticeCase, "tlp">[]): Tlp | null {
  return TLP_MARKS.find((mark) => cases.some(({tlp}) => tlp === mark)) ?? null;
}

type PartySlot =
  | "notification"
  | "token"
  | "contact"
  | "party"
  | "purpose"
  | "sender"
  | "sender-address"
  | "sender-contact"
  | "today"
  | "ordinal"
  | "reason"
  | "year"
  | "details";

function partyValues({notification, sender, token, now}: SlotFacts): Record<PartySlot, string> {
  const {contact, ordinal, reason, id} = notification;
  const words = NOTICE_WORDS[contact.language];
  const {lines, left} = defangLines(reason ?? "", MOST_REASON_LINES);
  return {
    notification: id,
    token,
    contact: nameText(contact.name ?? contact.party) || words.nameless(contact.purpose),
    party: nameText(contact.party),
    purpose: nameText(contact.purpose),
    sender: sender.name[contact.language],
    "sender-address": sender.address,
    "sender-contact": words.reach(sender.address, sender.phone),
    today: localDay(now, sender.zone),
    ordinal: String(ordinal),
    reason: [...lines, ...(left > 0 ? [words.moreLines(left)] : [])].join("\n"),
    year: localDay(now, sender.zone).slice(0, 4),
    details: detailsText(notification, words),
  };
}

type CaseSlot =
  | "tlp"
  | "count"
  | "case"
  | "class"
  | "asset"
  | "cases"
  | "seen"
  | "asked"
  | "due"
  | "evidence"
  | "files"
  | "told";

function caseValues(facts: SlotFacts): Record<CaseSlot, string> {
  const {notification, sender, files} = facts;
  const {cases, contact, toldAt} = notification;
  const {language} = contact;
  const words = NOTICE_WORDS[language];
  const classes = [...new Set(cases.map((each) => each.class))];
  const tlp = strictestTlp(cases);
  const due = earliest(cases.map(({dueAt}) => dueAt));
  const csv = files.find(({type}) => type === "text/csv")?.name ?? null;
  return {
    tlp: tlp === null ? "" : `TLP:${tlp}${language === "zh" ? `（${words.tlp[tlp]}）` : ` (${words.tlp[tlp]})`}`,
    count: String(cases.length),
    case: severalText(
      cases.map(({id}) => id),
      words,
    ),
    class: classes.length === 1 ? className(classes[0] ?? "", language) : words.severalClasses,
    asset: severalText(
      cases.map(({asset}) => assetText(asset)),
      words,
    ),
    cases: caseTable(cases, {language, zone: sender.zone, file: csv}),
    seen: requestText(facts, "seen"),
    asked: requestText(facts, "asked"),
    due: due === null ? words.soon : localMinuteWithZone(due, sender.zone),
    evidence: evidenceText(cases, language),
    files: filesText(files, words),
    told: toldAt === null ? words.unknown : localDay(toldAt, sender.zone),
  };
}

function reporterValues({
  notification,
  sender,
}: SlotFacts): Record<"complaint" | "received" | "outcome" | "reported", string> {
  const {complaint, cases, contact} = notification;
  const words = NOTICE_WORDS[contact.language];
  return {
    complaint: complaint?.id ?? words.unknown,
    received: complaint === null ? words.unknown : localMinuteWithZone(complaint.receivedAt, sender.zone),
    outcome: outcomeText(complaint?.outcome ?? "", words),
    reported: cases.map((each) => `- ${each.id}  ${assetText(each.asset)}`).join("\n"),
  };
}

/** What the desk did is said in the reporter's language; other words stay as they are. */
function outcomeText(outcome: string, {outcomes}: NoticeWords): string {
  if (outcome === "verified" || outcome === "dismissed" || outcome === "refused") return outcomes[outcome];
  return defangLines(outcome, MOST_REASON_LINES).lines.join("\n");
}

/** Of one class its words; of several those of each under its name. What cases ask themselves comes after. */
function requestText({notification, templates}: SlotFacts, part: "seen" | "asked"): string {
  const {cases, contact} = notification;
  const words = NOTICE_WORDS[contact.language];
  const counts = countByClass(cases);
  const blocks = [...counts].flatMap(([code, count]) => {
    const request = requestFor(templates, contact.language, code);
    if (request === null) return [];
    return counts.size === 1
      ? [request[part]]
      : [`- ${words.askedOf(className(code, contact.language), count)}${words.colon}${request[part]}`];
  });
  const own = part === "seen" ? [] : cases.filter(({asked}) => asked !== null);
  return [...blocks, ...own.map(({id, asked}) => `- ${id}${words.colon}${defangText(asked ?? "")}`)].join("\n");
}

function countByClass(cases: readonly NoticeCase[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of cases) counts.set(each.class, (counts.get(each.class) ?? 0) + 1);
  return counts;
}

function filesText(files: readonly NoticeFile[], words: NoticeWords): string {
  const csv = files.find(({type}) => type === "text/csv");
  const [xarf] = files.filter(({type}) => type === "application/json");
  const more = files.filter(({type}) => type === "application/json").length > 1;
  return [
    ...(csv === undefined ? [] : [words.csv(csv.name)]),
    ...(xarf === undefined ? [] : [words.xarf(more ? "xarf-*.json" : xarf.name)]),
  ].join("\n");
}

function detailsText({contact}: Notification, words: NoticeWords): string {
  const rows: [string, string][] = [
    [words.details.party, nameText(contact.party)],
    [words.details.name, contact.name === null ? words.unknown : nameText(contact.name)],
    [words.details.purpose, nameText(contact.purpose)],
    [words.details.address, defang(contact.address)],
    [words.details.language, words.languages[contact.language]],
    [words.details.channel, words.channels[contact.channel]],
    [words.details.key, contact.key === null ? words.hasNot : words.has],
  ];
  return rows.map(([label, value]) => `- ${label}${words.colon}${value}`).join("\n");
}

function nameText(text: string): string {
  return cut(defangText(text), MOST_NAME);
}

function severalText(all: readonly string[], words: NoticeWords): string {
  const [first = words.unknown] = all;
  return all.length > 1 ? `${first}${words.more(all.length)}` : first;
}

function earliest(times: readonly (Date | null)[]): Date | null {
  return times.reduce<Date | null>((best, at) => (at !== null && (best === null || at < best) ? at : best), null);
}
