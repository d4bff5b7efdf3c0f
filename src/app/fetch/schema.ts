import {z} from "zod";
import {SECRET_NAME} from "../environment.ts";

const DAYS = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const TIMES = new RegExp(
  `^(?:${DAYS}(?:-${DAYS}|(?:,${DAYS})*) )?(?:[01]\\d|2[0-3]):[0-5]\\d(?:,(?:[01]\\d|2[0-3]):[0-5]\\d)*$`,
);

/** Name of an environment variable with a secret in it. */
const secretName = z.string().regex(SECRET_NAME, "is no name of a secret: WATCHFLOOR_SECRET_ and A-Z, 0-9, _");
const pattern = z.string().min(1).default("*");
const address = z.url({protocol: /^https?$/, error: "is no http or https address"});

/** A `{WATCHFLOOR_SECRET_X}` in an address stands for the secret: some providers want their key there. */
const httpAddress = z.string().refine((text) => {
  const url = URL.parse(text.replaceAll(/\{WATCHFLOOR_SECRET_[A-Z0-9_]+\}/g, "secret"));
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}, "is no http or https address (a user and password in it are not taken: use secretFrom)");

const httpSchema = z.strictObject({
  url: httpAddress.describe(
    "Address of the report; `{WATCHFLOOR_SECRET_X}` in it is replaced by the value of that environment variable.",
  ),
  secretFrom: secretName.optional().describe("Environment variable with the whole value of the header `secretIn`."),
  secretIn: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, "is no name of a header")
    .default("Authorization")
    .describe("Header that the secret is sent in; it goes to the address itself only, never to where that redirects."),
  fileName: z
    .string()
    .min(1)
    .optional()
    .describe("Name of the report's file; without it the last part of the address."),
  timeoutSeconds: z.int().min(1).max(3600).default(300).describe("Longest time for the whole download."),
  allowPrivate: z
    .boolean()
    .default(false)
    .describe("The address may be in a private network or on this machine: for a mirror of your own."),
});

const folderSchema = z.strictObject({
  path: z.string().min(1).describe("The watched folder; a relative path is taken from the data folder."),
  pattern: pattern.describe("Names of the files that are taken; `*` and `?` stand for anything."),
  after: z
    .enum(["keep", "move"])
    .default("keep")
    .describe(
      "What becomes of a file that was taken: it stays, or is moved into `taken/` (`refused/`) below the folder.",
    ),
  settleSeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(30)
    .describe(
      "A file is whole when nothing was written to it for so long. Names that end in .part or .tmp are never taken.",
    ),
});

const imapSchema = z.strictObject({
  host: z.string().min(1).describe("The mail server."),
  port: z.int().min(1).max(65535).optional().describe("993 without it, 143 when `tls` is not `tls`."),
  tls: z
    .enum(["tls", "starttls", "none"])
    .default("tls")
    .describe("`none` sends the password in the clear: for a server on this machine only."),
  user: z.string().min(1).describe("Name to log in with."),
  passwordFrom: secretName.describe("Environment variable with the password."),
  mailbox: z.string().min(1).default("INBOX").describe("The mailbox that is read."),
  subject: pattern.describe("Only mails whose subject is like this; `*` and `?` stand for anything."),
  from: pattern.describe("Only mails whose sender's address is like this."),
  take: z
    .enum(["attachments", "body", "message"])
    .default("attachments")
    .describe("What the report is: each attachment, the text of the mail, or the mail as a whole."),
  attachment: pattern.describe("Only attachments whose file name is like this."),
  moveTo: z
    .string()
    .min(1)
    .optional()
    .describe("Mailbox that mails are moved to once their report is in; without it they are marked as read."),
});

const shadowserverSchema = z.strictObject({
  api: address.default("https://transform.shadowserver.org/api2/").describe("Base address of the reports API."),
  download: address.default("https://dl.shadowserver.org/").describe("Base address of the reports themselves."),
  keyFrom: secretName.describe("Environment variable with the API key."),
  secretFrom: secretName.describe("Environment variable with the secret that requests are signed with."),
  reports: z.array(z.string().min(1)).optional().describe("Report lists that you are subscribed to; all without it."),
  types: z.array(z.string().min(1)).optional().describe("Report types, such as `scan_http`; all without it."),
  daysBack: z.int().min(1).max(60).default(3).describe("How many past days are looked at for reports not fetched yet."),
  allowPrivate: z.boolean().default(false).describe("As for `http`."),
});

/** How one feed is fetched; part of watchfloor.yaml. */
export const fetchSchema = z.strictObject({
  every: z
    .union([
      z.int().min(1).max(10_080),
      z.string().regex(TIMES, 'is no schedule such as 60, "06:30" or "Mon-Fri 06:30,18:00"'),
    ])
    .describe('Minutes between two fetches, or local times: "06:30", "06:30,18:30", "Mon 07:00", "Mon-Fri 06:30".'),
  from: z
    .strictObject({
      http: httpSchema.optional(),
      folder: folderSchema.optional(),
      imap: imapSchema.optional(),
      shadowserver: shadowserverSchema.optional(),
    })
    .refine(
      (from) => Object.values(from).filter((each) => each !== undefined).length === 1,
      "names one of http, folder, imap, shadowserver",
    ),
});

/** How one feed is fetched. */
export type FetchConfig = z.infer<typeof fetchSchema>;
export type HttpConfig = z.infer<typeof httpSchema>;
export type FolderConfig = z.infer<typeof folderSchema>;
export type ImapConfig = z.infer<typeof imapSchema>;
export type ShadowserverConfig = z.infer<typeof shadowserverSchema>;
/** When a feed is fetched: minutes, or local times. */
export type Every = FetchConfig["every"];
