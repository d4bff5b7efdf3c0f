import {z} from "zod";

/**
 * A mail as it was read: what a process of its own made of bytes that anybody could send. Everything in it is what the
 * sender states; nothing is believed. The bytes of attachments are kept apart, named by their SHA-256.
 */

/** The name and address that a header states. */
export const mailAddress = z.object({
  /** As stated; empty when none is. */
  name: z.string(),
  /** As stated; empty when none could be read. Not checked. */
  address: z.string(),
});

/** See mailAddress. */
export type MailAddress = z.infer<typeof mailAddress>;

/** The headers of interest, as typed fields. A header that occurs more than once counts by its first. */
export const mailHead = z.object({
  from: mailAddress.nullable(),
  sender: mailAddress.nullable(),
  replyTo: z.array(mailAddress),
  to: z.array(mailAddress),
  cc: z.array(mailAddress),
  subject: z.string(),
  /** ISO 8601 in UTC; null when there is none or it cannot be read. */
  date: z.string().nullable(),
  /** With angle brackets, as all Message-IDs here. */
  messageId: z.string().nullable(),
  inReplyTo: z.array(z.string()),
  references: z.array(z.string()),
  /** Envelope sender as the last server states it; empty for the null sender of bounces, null when not stated. */
  returnPath: z.string().nullable(),
  /** First word of Auto-Submitted in lower case, such as "auto-replied". */
  autoSubmitted: z.string().nullable(),
  /** Lower case, without parameters. */
  contentType: z.string(),
  /** Parameter report-type of multipart/report, lower case. */
  reportType: z.string().nullable(),
  /** All headers in their order, names in lower case, cut to limits; never one of our own names (X-Watchfloor-…). */
  headers: z.array(z.object({name: z.string(), value: z.string()})),
});

/** See mailHead. */
export type MailHead = z.infer<typeof mailHead>;

/** A part that is not the text: an attachment, a report or a mail within the mail. Never shown inline. */
export const mailPart = z.object({
  /** Name as stated; null when none is. Never used as a file name. */
  name: z.string().nullable(),
  /** MIME type as stated, lower case. Never believed. */
  mime: z.string(),
  disposition: z.string().nullable(),
  bytes: z.number().int(),
  /** Hex. The content is kept under it, apart from the mail. */
  sha256: z.string(),
  /** The content as text where it is stated to be text, cut to a limit; null for all others. */
  text: z.string().nullable(),
  /** The mail that the part is, read once more; null when the part is none or lies too deep. */
  message: z.object({head: mailHead, text: z.string()}).nullable(),
});

/** See mailPart. */
export type MailPart = z.infer<typeof mailPart>;

/** What is odd about a mail; shown to a person, decides nothing alone. */
export const MAIL_FLAGS = {
  text_cut: "The text is longer than what is kept as text.",
  parts_cut: "The mail within the mail lies too deep or there are too many; it was kept, not read.",
  duplicate_header: "A header that must be there once occurs more often; the first one counts.",
  own_headers: "The sender used header names of ours. They were taken off.",
  no_from: "The mail does not say from whom it comes.",
  bad_date: "The date cannot be read.",
  broken_structure: "The parts of the mail are not marked as they should be. Its body is shown as it came.",
  charset_unknown: "A character set is unknown; the text may be wrong.",
  smime: "The mail is signed or encrypted by S/MIME. That was not checked.",
} as const;

/** The code of something odd about a mail. */
export type MailFlag = keyof typeof MAIL_FLAGS;

/** What a check of an OpenPGP signature came to; only a result of the library makes it "good". */
const PGP_SIGNATURES = [
  "none", // not signed
  "good", // by a known key that was valid then and is now
  "bad", // the content is not what was signed
  "expired", // the key has expired or was withdrawn
  "weak", // the content is right, but the key or the hash is of a kind that can be forged today
  "unknown_key", // the key is not among those of our contacts
  "unreadable", // the signature cannot be read
] as const;

/** The verdict on one piece of a mail. Pieces that nobody signed are named too, when another piece is signed. */
export const pgpPiece = z.object({
  /** Where it lies: "1", "1.2"; with "+" for what was decrypted out of that place. */
  path: z.string(),
  how: z.enum(["mime", "inline", "none"]),
  isEncrypted: z.boolean(),
  /** Why it could not be decrypted; null when it was, or is not encrypted. */
  failure: z.enum(["no_key", "damaged", "too_large"]).nullable(),
  signature: z.enum(PGP_SIGNATURES),
  /** The known key that the signature names: fingerprint in upper case hex, first address, and whether From is one of its addresses. */
  signer: z.object({fingerprint: z.string(), address: z.string().nullable(), isSender: z.boolean()}).nullable(),
  /** Id of the key that the signature names, upper case hex; null when none. */
  keyId: z.string().nullable(),
  /** The text that the verdict is about, cut; null when it is no text or could not be decrypted. */
  text: z.string().nullable(),
});

/** See pgpPiece. */
export type PgpPiece = z.infer<typeof pgpPiece>;

/** A mail that could be read. */
export const readMail = z.object({
  head: mailHead,
  /** The text of the mail, from the HTML when there is no other; decrypted text included. */
  text: z.string(),
  /** The HTML as text, with the addresses of links behind their words; null when there is no HTML. */
  htmlText: z.string().nullable(),
  parts: z.array(mailPart),
  flags: z.array(z.custom<MailFlag>((value) => typeof value === "string" && Object.hasOwn(MAIL_FLAGS, value))),
  /** Empty when there is no OpenPGP in it. */
  pgp: z.array(pgpPiece),
});

/** See readMail. */
export type ReadMail = z.infer<typeof readMail>;

/** Why a mail could not be read. Its bytes are kept as they came. */
export const UNREADABLE = {
  too_large: "The mail is larger than what is read.",
  too_many_headers: "The mail has more headers, or longer ones, than any honest one.",
  too_nested: "The parts of the mail lie within each other too deep.",
  too_many_parts: "The mail has too many parts.",
  too_slow: "Reading the mail took too long and was stopped.",
  too_much_memory: "Reading the mail took too much memory and was stopped.",
  crashed: "The process that read the mail ended.",
  empty: "There is nothing in the mail.",
  not_fetched: "The mail server gave only its beginning.",
  not_taken: "What it says could not be written. That is a fault of ours.",
} as const;

/** The code of why a mail could not be read. */
export type UnreadableReason = keyof typeof UNREADABLE;
