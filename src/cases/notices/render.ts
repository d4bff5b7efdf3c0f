/**
 * A notification in words: subject, text and attachments out of a template and facts. The same function makes the preview,
 * the dry run and what is sent, and the same input gives the same words.
 */
import type {NoticeFile, NoticeSender, Notification, RenderedNotice} from "../../model/notification.ts";
import {casesCsv} from "./csv.ts";
import {messageIdOf, noticeToken, shortHash} from "./identity.ts";
import {slotValues, strictestTlp} from "./slot-values.ts";
import {isSlot} from "./slots.ts";
import {type NoticeTemplate, type NoticeTemplates, requestFor, templateFor, templateOrThrow} from "./template.ts";
import {oneLine} from "./values.ts";
import {cut} from "./width.ts";
import {EVENTS_TO_ACT_ON, NOTICE_WORDS, REPORTER_EVENTS} from "./words.ts";
import {xarfReport, xarfText} from "./xarf.ts";

const MOST_SUBJECT = 120;
const VERSION_DIGITS = 12;
const SLOT = /\{([a-z-]+)\}/g;
/** A line that is one slot, with or without spaces around it. */
const LONE_SLOT = /^\s*\{([a-z-]+)\}\s*$/;

/** What a notification is written with. */
export interface RenderSetting {
  readonly templates: NoticeTemplates;
  readonly sender: NoticeSender;
  /** Secret that proves a token to be ours. */
  readonly tokenKey: Uint8Array;
}

/** Returns the notification in words. Throws notice_template_missing, saying which template was wanted. */
export function renderNotice(notification: Notification, setting: RenderSetting, now: Date): RenderedNotice {
  const {templates, sender, tokenKey} = setting;
  const template = templateOfNotice(notification, templates);
  const token = noticeToken(notification.id, tokenKey);
  const files = noticeFiles(notification, sender, now);
  const values = slotValues({notification, templates, sender, token, files, now});
  const used = {name: template.name, version: versionOf(template, notification, templates)};
  return {
    notification,
    subject: cut(oneLine(filled(template.subject, values)), MOST_SUBJECT),
    token,
    text: laidOut(template.text, values),
    files,
    template: used,
    messageId: messageIdOf({notification, template: used, domain: sender.domain, key: tokenKey}),
    tlp: strictestTlp(notification.cases),
  };
}

/** Returns the subject of an encrypted mail: it says nothing of the cases, for a subject is never encrypted. */
export function sealedSubject({token, notification}: RenderedNotice): string {
  return `${token} ${NOTICE_WORDS[notification.contact.language].sealed}`;
}

/** Returns the hash of all texts that the notification is made of: its template, and what is said of its classes. */
function versionOf(template: NoticeTemplate, {cases, contact}: Notification, templates: NoticeTemplates): string {
  const codes = [...new Set(cases.map((each) => each.class))].toSorted();
  const requests = codes.map((code) => requestFor(templates, contact.language, code));
  const texts = [template.subject, template.text, ...requests.flatMap((each) => [each?.seen ?? "", each?.asked ?? ""])];
  return shortHash(JSON.stringify(texts), VERSION_DIGITS);
}

/** The template of all its cases; where they have several, the one for everything. */
function templateOfNotice(
  {event, contact: {language}, cases}: Notification,
  templates: NoticeTemplates,
): NoticeTemplate {
  const [first, ...others] = [...new Set(cases.map((each) => each.class))];
  const template = templateOrThrow(templates, {event, language, class: first ?? null});
  const isSame = others.every((code) => templateFor(templates, {event, language, class: code}) === template);
  return isSame ? template : templateOrThrow(templates, {event, language, class: null});
}

function noticeFiles(notification: Notification, sender: NoticeSender, now: Date): NoticeFile[] {
  const {event, cases} = notification;
  if (cases.length === 0 || REPORTER_EVENTS.includes(event)) return [];
  const csv: NoticeFile = {name: "cases.csv", type: "text/csv", text: casesCsv(notification)};
  if (!EVENTS_TO_ACT_ON.includes(event)) return [csv];
  return [
    csv,
    ...cases.map((each): NoticeFile => {
      const name = cases.length === 1 ? "xarf.json" : `xarf-${each.id}-${each.round}.json`;
      return {name, type: "application/json", text: xarfText(xarfReport({notification, case: each, sender, now}))};
    }),
  ];
}

/** Values are put in once: what looks like a slot in a value stays as it is. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(SLOT, (whole, name: string) => (isSlot(name) ? (values[name] ?? "") : whole));
}

/** A paragraph in which a line is one slot without a value is left out, with its heading. */
function laidOut(text: string, values: Readonly<Record<string, string>>): string {
  const paragraphs = text.split(/\n{2,}/).filter(
    (paragraph) =>
      !paragraph.split("\n").some((line) => {
        const lone = LONE_SLOT.exec(line)?.[1];
        return lone !== undefined && values[lone] === "";
      }),
  );
  const lines = paragraphs
    .map((paragraph) => filled(paragraph, values))
    .join("\n\n")
    .split("\n");
  return `${lines
    .map((line) => line.trimEnd())
    .join("\n")
    .trim()}\n`;
}
