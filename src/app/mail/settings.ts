import {z} from "zod";
import type {Tlp} from "../../model/cases/case.ts";
import {SECRET_NAME} from "../environment.ts";
import {strictAddress} from "./envelope.ts";

const address = z.string().refine((text) => strictAddress(text) !== null, "is no plain mail address");
const secretName = z.string().regex(SECRET_NAME, "is no name such as WATCHFLOOR_SECRET_IMAP");
const minutes = z.int().min(0).max(100_000);
const rule = z.enum(["tell", "encrypt", "forbid"]);

/** How mails leave: the key `mail` of watchfloor.yaml. */
export const mailSchema = z.strictObject({
  from: address.describe("Address that notifications come from."),
  replyTo: address.nullable().default(null).describe("Where replies go; null: to `from`."),
  envelopeFrom: address.nullable().default(null).describe("Where bounces go; null: to `from`."),
  domain: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/, "is no domain in small letters")
    .describe("Our domain: it stands in Message-IDs, and in X-ARF as who reports."),
  phone: z
    .string()
    .regex(/^[+0-9 ()-]{3,40}$/, "is no telephone number")
    .nullable()
    .default(null)
    .describe("Telephone number that notifications name."),
  smtp: z.strictObject({
    host: z.string().min(1).describe("Mail server that takes our mails."),
    port: z.int().min(1).max(65535).default(587).describe("Its port."),
    secure: z
      .enum(["tls", "starttls", "none"])
      .default("starttls")
      .describe(
        "TLS from the first byte, STARTTLS that must succeed, or none; none is for a server on the same machine.",
      ),
    user: z.string().min(1).nullable().default(null).describe("Account; its password is in WATCHFLOOR_SMTP_PASSWORD."),
    timeoutSeconds: z.int().min(1).max(600).default(60).describe("How long the server may be silent."),
  }),
});

/** Who is told how often: the key `notices` of watchfloor.yaml. */
export const noticesSchema = z.strictObject({
  intervalMinutes: minutes.default(240).describe("Between two grouped notifications of one kind to one contact."),
  gatherMinutes: minutes.default(15).describe("How long the first case of a group waits for others."),
  casesPerMail: z.int().min(1).max(500).default(50).describe("Most cases in one notification."),
  mailsPerDay: z.int().min(1).max(10_000).default(24).describe("Most mails that one address gets in 24 hours."),
  tlp: z
    .strictObject({
      RED: rule.default("forbid"),
      "AMBER+STRICT": rule.default("encrypt"),
      AMBER: rule.default("tell"),
      GREEN: rule.default("tell"),
      CLEAR: rule.default("tell"),
    } satisfies Record<Tlp, z.ZodType>)
    .prefault({})
    .describe("For each sharing mark: tell, tell encrypted only, or never."),
});

/** Where mails come in: the key `inbox` of watchfloor.yaml. */
export const inboxSchema = z.strictObject({
  host: z.string().min(1).describe("The mail server (IMAP)."),
  port: z.int().min(1).max(65535).optional().describe("993 without it, 143 when `tls` is not `tls`."),
  tls: z
    .enum(["tls", "starttls", "none"])
    .default("tls")
    .describe("`none` sends the password in the clear: for a server on this machine only."),
  user: z.string().min(1).describe("Name to log in with."),
  passwordFrom: secretName.describe("Environment variable with the password."),
  mailbox: z.string().min(1).default("INBOX").describe("The mailbox that is read."),
  moveTo: z
    .string()
    .min(1)
    .optional()
    .describe("Mailbox that mails are moved to once they are kept; without it they are marked as read."),
});

/** The key `mail` as read. */
export type MailSettings = z.infer<typeof mailSchema>;
