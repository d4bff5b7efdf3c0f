/** A notification as it is kept between planning and sending: as JSON, of which the very same mail is made again. */
import {z} from "zod";
import {SEVERITIES, TLP_MARKS} from "../../../model/cases/case.ts";
import {NOTICE_EVENTS, NOTICE_LANGUAGES, type RenderedNotice} from "../../../model/notification.ts";

const text = z.string();
const maybe = z.string().nullable();
const date = z.coerce.date();

const contact = z.strictObject({
  id: text,
  party: text,
  name: maybe,
  address: text,
  language: z.enum(NOTICE_LANGUAGES),
  purpose: text,
  channel: z.enum(["mail", "api", "portal"]),
  key: maybe,
});

const asset = z.strictObject({
  kind: text,
  value: text,
  ip: maybe,
  asn: z.int().nullable(),
  country: maybe,
  registrar: maybe,
  brand: maybe,
  sector: maybe,
  service: maybe,
});

const noticeCase = z.strictObject({
  id: text,
  round: z.int(),
  class: text,
  severity: z.enum(SEVERITIES),
  tlp: z.enum(TLP_MARKS),
  asset,
  firstSeen: date.nullable(),
  lastSeen: date.nullable(),
  events: z.int(),
  dueAt: date.nullable(),
  evidence: maybe,
  asked: maybe,
});

const schema = z.strictObject({
  notification: z.strictObject({
    id: text,
    event: z.enum(NOTICE_EVENTS),
    contact,
    cases: z.array(noticeCase),
    ordinal: z.int(),
    complaint: z.strictObject({id: text, receivedAt: date, outcome: maybe}).nullable(),
    reason: maybe,
    toldAt: date.nullable(),
    thread: z.array(text),
  }),
  subject: text,
  token: text,
  text,
  files: z.array(z.strictObject({name: text, type: z.enum(["text/csv", "application/json"]), text})),
  template: z.strictObject({name: text, version: text}),
  messageId: text,
  tlp: z.enum(TLP_MARKS).nullable(),
});

/** Returns a kept notification. Throws a ZodError for what is none. */
export function noticeOf(content: unknown): RenderedNotice {
  return schema.parse(content);
}
