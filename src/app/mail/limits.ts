/** What a mail may cost and be; above it the mail is unreadable, with the reason, and its bytes are kept as they came. */
export interface MailLimits {
  /** Wall-clock time for one mail. */
  readonly milliseconds: number;
  /** Memory of the process that reads, as the system counts it. */
  readonly memoryBytes: number;
  /** Size of the mail; of a larger one only the headers are read. */
  readonly mailBytes: number;
  /** Headers of the mail itself. */
  readonly headers: number;
  /** Headers of all its parts together. */
  readonly headerBytes: number;
  /** How deep parts lie within parts. */
  readonly nesting: number;
  readonly parts: number;
}

const MIB = 1024 * 1024;

/** Wide enough for any honest mail. */
export const MAIL_LIMITS: MailLimits = {
  milliseconds: 10_000,
  memoryBytes: 256 * MIB,
  mailBytes: 16 * MIB, // an attachment of 11 MB; a mail is in memory several times while it is read
  headers: 1000,
  headerBytes: MIB,
  nesting: 20,
  parts: 500,
};

/** So much of the beginning of a mail that is too large is looked at for its headers. */
export const HEAD_BYTES = 256 * 1024;
/** So much of a mail's text is kept as text. */
export const TEXT_CHARACTERS = MIB;
/** So much of an attachment's text is kept as text. */
export const PART_TEXT_CHARACTERS = 256 * 1024;
/** Mails within mails are read to this depth, */
export const MESSAGE_DEPTH = 3;
/** and so many in one mail. */
export const MESSAGES = 20;
/** Pieces of OpenPGP that are looked at in one mail, */
export const PGP_PIECES = 20;
/** and how deep encrypted lies in encrypted. */
export const PGP_DEPTH = 3;
