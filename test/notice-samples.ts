/** Made-up notifications for tests. All names are reserved ones (RFC 2606, 5737, 3849). */
import type {NoticeCase, NoticeContact, NoticeSender, Notification} from "../src/model/notification.ts";

/** The time at which all samples are written. */
export const NOW = new Date("2023-02-22T06:30:00Z");
/** The secret of the tokens. */
export const TOKEN_KEY = Buffer.from("a key for tests only");

/** Who writes. */
export const SENDER: NoticeSender = {
  name: {zh: "示例应急中心", en: "Example CSIRT"},
  address: "cert@csirt.example",
  domain: "csirt.example",
  phone: "+86 10 5555 0100",
  zone: "Asia/Shanghai",
};

/** Returns a contact; what is given replaces the usual. */
export function contactOf(given: Partial<NoticeContact> = {}): NoticeContact {
  return {
    id: "CT-1",
    party: "Example Registrar Ltd.",
    name: "Abuse Desk",
    address: "abuse@registrar.example",
    language: "en",
    purpose: "abuse",
    channel: "mail",
    key: null,
    ...given,
  };
}

/** Returns the n-th case; what is given replaces the usual. */
export function caseOf(number: number, given: Partial<NoticeCase> = {}): NoticeCase {
  return {
    id: `WF-2023-${String(number).padStart(6, "0")}`,
    round: 1,
    class: "web.phish",
    severity: "IV",
    tlp: "AMBER",
    asset: {
      kind: "url",
      value: `https://login.bank-${number}.example/account/verify.php?id=${number}`,
      ip: "203.0.113.7",
      asn: 64500,
      country: "US",
      registrar: "Example Registrar Ltd.",
      brand: "示例银行",
      sector: "finance-bank",
      service: null,
    },
    firstSeen: new Date("2023-02-20T01:14:00Z"),
    lastSeen: new Date("2023-02-22T05:02:00Z"),
    events: 3,
    dueAt: new Date("2023-02-23T10:00:00Z"),
    evidence: "HTTP 200, title “示例银行 登录”\nform sends to https://collect.example/drop.php",
    asked: null,
    ...given,
  };
}

/** Returns a notification; what is given replaces the usual. */
export function noticeOf(given: Partial<Notification> = {}): Notification {
  return {
    id: "WN-2023-000045",
    event: "opened",
    contact: contactOf(),
    cases: [caseOf(123)],
    ordinal: 1,
    complaint: null,
    reason: null,
    toldAt: null,
    thread: [],
    ...given,
  };
}
