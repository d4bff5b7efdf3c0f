/** What is pending, what is known when it is decided, and the plan that comes out. */
import type {Tlp} from "../../model/cases/case.ts";
import type {NoticeCase, NoticeContact, NoticeEvent, NoticeOutcome} from "../../model/notification.ts";
import type {NoticeTemplates} from "./template.ts";

/** One thing that one contact is to be told. */
export interface PendingNotice {
  /** Named by the caller; no two are the same. */
  readonly id: string;
  readonly event: NoticeEvent;
  /** Null for the yearly question and for a complaint that opened no case. */
  readonly case: NoticeCase | null;
  /** What it is about when it is about no case, such as the id of a complaint. */
  readonly subject: string | null;
  readonly contact: NoticeContact | null;
  readonly ordinal: number;
  readonly isUrgent: boolean;
  /** Since when it waits. */
  readonly since: Date;
  /** The asset or the party is protected: a second person has to release it. */
  readonly needsRelease: boolean;
  /** Who released it; null when nobody did. */
  readonly releasedBy: string | null;
}

/** What is known of a contact when it is decided. */
export interface ContactState {
  /** False after bounces. */
  readonly isHealthy: boolean;
  /** It has an OpenPGP key that can be used now, or its channel is encrypted anyhow. */
  readonly canEncrypt: boolean;
  /** When the last grouped notification of a kind went to it. */
  readonly lastGroupedAt: Partial<Readonly<Record<NoticeEvent, Date>>>;
}

/** How a site tells. */
export interface GroupSettings {
  /** Between two grouped notifications of one kind to one contact. */
  readonly intervalMinutes: number;
  /** How long the first of a group waits for others. */
  readonly gatherMinutes: number;
  readonly casesPerMail: number;
  readonly mailsPerDay: number;
  readonly tlp: Readonly<Record<Tlp, "tell" | "encrypt" | "forbid">>;
  readonly templates: NoticeTemplates;
  /** By id of the contact. One that is not there was never told anything, is healthy and cannot encrypt. */
  readonly contacts: ReadonlyMap<string, ContactState>;
  /** Mails of the last 24 hours by address in small letters. */
  readonly sentToday: ReadonlyMap<string, number>;
  /** What was told before, by toldKey. */
  readonly told: ReadonlySet<string>;
}

/** What was decided about one pending thing. */
export interface NoticeDecision {
  readonly pending: string;
  readonly outcome: NoticeOutcome;
  /** In words, with the figures that decided. */
  readonly reason: string;
  /** Index of the group that tells it; null when it is not told now. */
  readonly group: number | null;
}

/** What becomes one notification. */
export interface NoticeGroup {
  readonly event: NoticeEvent;
  readonly contact: NoticeContact;
  readonly ordinal: number;
  readonly cases: readonly NoticeCase[];
  readonly isUrgent: boolean;
  /** Ids of what it tells. */
  readonly pending: readonly string[];
}

/** The plan: groups in the order of sending, and a decision for each pending thing in the order given. */
export interface NoticePlan {
  readonly groups: readonly NoticeGroup[];
  readonly decisions: readonly NoticeDecision[];
}

/** Marks as settings have them when nothing is said: red never goes out, strict amber only encrypted. */
export const DEFAULT_TLP: GroupSettings["tlp"] = {
  RED: "forbid",
  "AMBER+STRICT": "encrypt",
  AMBER: "tell",
  GREEN: "tell",
  CLEAR: "tell",
};
