/**
 * The words of outgoing notifications (通报): one message to one contact about one or more cases. What is told, to whom,
 * and what was decided about it. Times are UTC instants.
 */
import type {Severity, Tlp} from "./cases/case.ts";

/** What happened that somebody is told of; each has its own template. */
export const NOTICE_EVENTS = [
  "opened",
  "reminder",
  "escalated",
  "reopened",
  "recall",
  "thanks",
  "reporter-received",
  "reporter-closed",
  "contact-confirm",
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** Languages that notifications are written in. */
export const NOTICE_LANGUAGES = ["zh", "en"] as const;
export type NoticeLanguage = (typeof NOTICE_LANGUAGES)[number];

/** A party's address for one purpose. */
export interface NoticeContact {
  readonly id: string;
  /** Name of the party. */
  readonly party: string;
  /** Name of the person or desk; null when only the address is known. */
  readonly name: string | null;
  /** A mail address; for API and portal the name of the account. */
  readonly address: string;
  readonly language: NoticeLanguage;
  /** What the address is for, such as abuse. */
  readonly purpose: string;
  readonly channel: "mail" | "api" | "portal";
  /** OpenPGP public key, armored; null when there is none. */
  readonly key: string | null;
}

/** What is known of the affected thing. Null is "looked up and not found". */
export interface NoticeAsset {
  readonly kind: string;
  /** The exact value. It stands in attachments only; in text it is written so that nothing can be clicked. */
  readonly value: string;
  readonly ip: string | null;
  readonly asn: number | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly registrar: string | null;
  readonly brand: string | null;
  /** Code of TAXONOMY.sectors. */
  readonly sector: string | null;
  /** Name of the service, such as rdp; for weaknesses. */
  readonly service: string | null;
}

/** A case as a notification tells it. */
export interface NoticeCase {
  /** Such as WF-2023-000123. */
  readonly id: string;
  readonly round: number;
  /** Code of the taxonomy, such as web.phish. */
  readonly class: string;
  readonly severity: Severity;
  readonly tlp: Tlp;
  readonly asset: NoticeAsset;
  readonly firstSeen: Date | null;
  readonly lastSeen: Date | null;
  /** Events of the round; complaints are not among them. */
  readonly events: number;
  /** Until when the party is asked to act; null when nothing was set. */
  readonly dueAt: Date | null;
  /** What was seen, in words of ours that may quote others; several lines. */
  readonly evidence: string | null;
  /** What this case asks in place of what its class asks. */
  readonly asked: string | null;
}

/** What somebody reported to us. */
export interface NoticeComplaint {
  /** Such as WC-2023-000001. */
  readonly id: string;
  readonly receivedAt: Date;
  /** What came of it, for the closing note. */
  readonly outcome: string | null;
}

/** Everything that one notification is made of. */
export interface Notification {
  /** Such as WN-2023-000045. */
  readonly id: string;
  readonly event: NoticeEvent;
  readonly contact: NoticeContact;
  /** At least one, but for the yearly question to a contact and for a complaint that opened none. */
  readonly cases: readonly NoticeCase[];
  /** Which one of its kind for its cases: 2 is the second reminder. For the yearly question the year. */
  readonly ordinal: number;
  readonly complaint: NoticeComplaint | null;
  /** Why something is taken back, or what else a person wants to say. */
  readonly reason: string | null;
  /** When the first notification of these cases went out. */
  readonly toldAt: Date | null;
  /** Message-IDs of the earlier mails of the thread, oldest first. */
  readonly thread: readonly string[];
}

/** Who writes. */
export interface NoticeSender {
  readonly name: {readonly zh: string; readonly en: string};
  /** Mail address of the desk. */
  readonly address: string;
  /** Domain of the desk: it stands in Message-IDs and says in X-ARF who reports. */
  readonly domain: string;
  readonly phone: string | null;
  /** IANA zone in which times are printed. */
  readonly zone: string;
}

/** A file that goes with a notification. */
export interface NoticeFile {
  readonly name: string;
  readonly type: "text/csv" | "application/json";
  readonly text: string;
}

/** A notification in words, the same for preview, dry run and sending. */
export interface RenderedNotice {
  readonly notification: Notification;
  /** Without the token. */
  readonly subject: string;
  /** Such as [WN-2023-000045 k7q2w3]. */
  readonly token: string;
  readonly text: string;
  readonly files: readonly NoticeFile[];
  /** Which template it was made with, and the hash of its text. */
  readonly template: {readonly name: string; readonly version: string};
  /** With angle brackets. */
  readonly messageId: string;
  /** The strictest of its cases; null when it is about none. */
  readonly tlp: Tlp | null;
}

/** What can be decided about telling somebody, each with what it means. */
export const NOTICE_DECISIONS = {
  told: "It goes out with the notification that is named.",
  "waits-for-interval": "The contact had a mail of this kind a short while ago, or more cases are being gathered.",
  "budget-used": "The address has had as many mails today as it may get.",
  "already-told": "The contact was told of this round of the case for the same reason.",
  "no-contact": "The responsible party has no contact for the purpose.",
  "contact-unhealthy": "Mails to the contact came back.",
  "needs-second-person": "The asset or the party is protected, and no second person has released it.",
  "tlp-forbids": "The sharing mark does not allow it, or demands a key that the contact does not have.",
  "no-template": "There is no template for it.",
} as const satisfies Record<string, string>;
export type NoticeOutcome = keyof typeof NOTICE_DECISIONS;
