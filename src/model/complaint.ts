import {z} from "zod";
import {type MailHead, mailAddress, type ReadMail, type UnreadableReason} from "./mail.ts";

/** What a mail was understood as. Data only: what the mail does not say is null and left to a person. */

/** What a complaint can be about. `site` is a host name without `www.`, `account` a mail address or a user's name. */
const COMPLAINT_ASSETS = ["ip", "site", "url", "app", "file", "account"] as const;

/** One thing that a mail complains of, as it states it; a mail may hold many. Kept, it is a Complaint of cases/case.ts. */
export const statedComplaint = z.object({
  asset: z.object({kind: z.enum(COMPLAINT_ASSETS), value: z.string()}),
  /** Incident class of taxonomy.ts; null when the mail does not decide it. */
  class: z.string().nullable(),
  /** ISO 8601 in UTC; null when not stated, or without an offset. */
  seenAt: z.string().nullable(),
  /** The impersonated brand, as stated. */
  brand: z.string().nullable(),
  /** Address of the machine, where the asset is another thing. */
  ip: z.string().nullable(),
  port: z.number().nullable(),
  /** What the reporter says of it, in his words, at most 2,000 characters. */
  evidence: z.string(),
});

/** See statedComplaint. */
export type StatedComplaint = z.infer<typeof statedComplaint>;

/** Who complains, in which form, about what. */
export const complaintMail = z.object({
  /** The form it came in, such as "xarf-4", "arf", "plain". */
  format: z.string(),
  reporter: mailAddress.nullable(),
  /** The reporter's own number of it. */
  reference: z.string().nullable(),
  /** Null when the mail does not say whether an answer is wanted. */
  wantsAnswer: z.boolean().nullable(),
  complaints: z.array(statedComplaint),
  /** What could not be read of it, each with the reason in words. */
  rejects: z.array(z.string()),
});

/** See complaintMail. */
export type ComplaintMail = z.infer<typeof complaintMail>;

/** Why a mail came back. */
export const BOUNCE_REASONS = [
  "no_such_user",
  "no_such_host",
  "moved",
  "mailbox_full",
  "inactive", // suspended or switched off
  "refused", // this recipient does not take this mail
  "too_large",
  "spam", // taken for spam
  "policy",
  "blocked", // our server is blocked
  "authentication", // SPF, DKIM or DMARC
  "too_many", // too many mails or connections
  "network",
  "delayed", // not given up yet, or given up after trying for long
  "system", // the other server is broken
] as const;

/** See BOUNCE_REASONS. */
export type BounceReason = (typeof BOUNCE_REASONS)[number];

/** One recipient that a mail of ours did not reach. */
export const bounce = z.object({
  /** Lower case; null when the mail does not say it. */
  recipient: z.string().nullable(),
  /** hard: the address is gone; soft: it may work another time; other: the mail does not say. */
  kind: z.enum(["hard", "soft", "other"]),
  /** Enhanced status such as "5.1.1". Source: RFC 3463. */
  status: z.string().nullable(),
  /** SMTP reply code. */
  replyCode: z.number().nullable(),
  reason: z.enum(BOUNCE_REASONS).nullable(),
  /** What the other server said, at most 1,000 characters. */
  diagnostic: z.string().nullable(),
  /** Delivery is still being tried. */
  isDelayed: z.boolean(),
});

/** See bounce. */
export type Bounce = z.infer<typeof bounce>;

/** What a party says in a reply, when it says it clearly. */
export const REPLY_STATEMENTS = ["acknowledged", "done", "not_ours", "asks", "unclear"] as const;

/** See REPLY_STATEMENTS. */
export type ReplyStatement = (typeof REPLY_STATEMENTS)[number];

/** By what a reply is brought to its case. */
export const replyTokens = z.object({
  /** Ids of notifications with their token, such as WN-2023-000045 and k7q2w3; null when there is none. */
  notifications: z.array(z.object({id: z.string(), token: z.string().nullable()})),
  cases: z.array(z.string()),
  complaints: z.array(z.string()),
  /** Message-IDs that it answers, best first. */
  messageIds: z.array(z.string()),
});

/** See replyTokens. */
export type ReplyTokens = z.infer<typeof replyTokens>;

/** What a mail is. */
export const understood = z.discriminatedUnion("as", [
  complaintMail.extend({as: z.literal("complaint")}),
  /** Each of `parts` (by SHA-256) is a report of that feed. */
  z.object({as: z.literal("report"), feed: z.string(), parts: z.array(z.string())}),
  /** `originalMessageId` is that of the mail which came back. */
  z.object({as: z.literal("bounce"), bounces: z.array(bounce), originalMessageId: z.string().nullable()}),
  z.object({as: z.literal("auto-reply"), tokens: replyTokens}),
  /** `text` is the new text, without quoted text and signature. */
  z.object({as: z.literal("reply"), tokens: replyTokens, text: z.string(), says: z.enum(REPLY_STATEMENTS)}),
  complaintMail.extend({as: z.literal("feedback"), feedbackType: z.string()}),
  z.object({as: z.literal("unknown"), why: z.string()}),
]);

/** See understood. */
export type Understood = z.infer<typeof understood>;

/** What became of a mail. `head` is there where the headers alone could be read; `contents` are the parts by SHA-256. */
export type MailReading =
  | {
      readonly state: "read";
      readonly mail: ReadMail;
      readonly contents: ReadonlyMap<string, Uint8Array>;
      readonly understood: Understood;
    }
  | {readonly state: "unreadable"; readonly reason: UnreadableReason; readonly head: MailHead | null};
