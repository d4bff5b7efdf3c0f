/**
 * Reads mails that anybody could send, in a process that may be killed. One process reads many mails, one after another; it
 * is ended with the mail that takes too long or too much, and another one is started for the next.
 */
import {open, stat} from "node:fs/promises";
import type {MailContext} from "../../feeds/mail/understand.ts";
import type {MailReading} from "../../model/complaint.ts";
import type {UnreadableReason} from "../../model/mail.ts";
import {HEAD_BYTES, MAIL_LIMITS, type MailLimits} from "./limits.ts";
import type {PgpKeys} from "./pgp-read.ts";
import {type ReadingChild, startReading} from "./reading-child.ts";

/** A mail as bytes, as a file that is not read into memory when it is too large, or the beginning of one that is too large. */
export type MailSource = {readonly bytes: Uint8Array} | {readonly path: string} | {readonly beginning: Uint8Array};

/** What one mail cost. */
export interface ReadingCost {
  readonly milliseconds: number;
  /** Most memory that the process was seen to have; null where the system does not tell. */
  readonly peakBytes: number | null;
}

/** Reads mails. */
export interface MailReader {
  /** Reads one mail; others wait. Always comes back: what kills the process is an unreadable mail, with the reason. */
  read(source: MailSource, now: Date): Promise<MailReading>;
  close(): Promise<void>;
}

/** How mails are read. Without keys nothing is decrypted and every signature is by an unknown key. */
export interface ReaderChoice {
  readonly limits?: Partial<MailLimits>;
  /** Who we are: what tells replies to us from complaints. */
  readonly context?: MailContext;
  /** Asked for each mail: keys of contacts change. */
  readonly keys?: () => PgpKeys | Promise<PgpKeys>;
  /** Told of each mail that was read. */
  readonly onCost?: (cost: ReadingCost) => void;
  /** Told why a process ended or what fault it met; for the log. */
  readonly onFault?: (fault: string) => void;
}

const NOBODY: MailContext = {ownDomains: [], messageIdHosts: []};
const NO_KEYS: PgpKeys = {ours: [], contacts: []};

/** Opens a reader. The process is started with the first mail. */
export function openMailReader(choice: ReaderChoice = {}): MailReader {
  const limits = {...MAIL_LIMITS, ...choice.limits};
  let child: ReadingChild | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const ask = async (bytes: Uint8Array, only: UnreadableReason | null, now: Date): Promise<MailReading> => {
    if (child === null || !child.isFit(bytes.byteLength)) {
      await child?.end();
      child = await startReading(limits);
    }
    const keys = (await choice.keys?.()) ?? NO_KEYS;
    const {reading, reason, fault, cost} = await child.read({
      bytes,
      only,
      limits,
      keys,
      now,
      context: choice.context ?? NOBODY,
    });
    choice.onCost?.(cost);
    if (fault !== null) choice.onFault?.(fault);
    return reading ?? {state: "unreadable", reason: reason ?? "crashed", head: null};
  };
  const readOne = async (source: MailSource, now: Date): Promise<MailReading> => {
    const {bytes, isWhole} = await bytesOf(source, limits.mailBytes);
    const reading = await ask(bytes, isWhole ? null : "too_large", now);
    if (reading.state === "read" || reading.head !== null || reading.reason === "empty") return reading;
    return ask(bytes.slice(0, HEAD_BYTES), reading.reason, now); // what killed the process is in the body, mostly
  };
  return {
    read: (source, now) => {
      if (isClosed) return Promise.reject(new Error("the mail reader is closed"));
      const reading = last.then(() => readOne(source, now));
      last = reading.catch(() => undefined);
      return reading;
    },
    close: async () => {
      isClosed = true;
      await last;
      await child?.end();
    },
  };
}

/** The bytes; of a mail over the limit only the beginning. */
async function bytesOf(source: MailSource, most: number): Promise<{bytes: Uint8Array; isWhole: boolean}> {
  if ("beginning" in source) return {bytes: source.beginning.slice(0, HEAD_BYTES), isWhole: false};
  if ("bytes" in source) {
    const isWhole = source.bytes.byteLength <= most;
    return {bytes: isWhole ? source.bytes : source.bytes.slice(0, HEAD_BYTES), isWhole};
  }
  const {size} = await stat(source.path);
  const bytes = new Uint8Array(size <= most ? size : HEAD_BYTES);
  const file = await open(source.path, "r");
  try {
    const {bytesRead} = await file.read(bytes, 0, bytes.byteLength, 0);
    return {bytes: bytes.subarray(0, bytesRead), isWhole: size <= most};
  } finally {
    await file.close();
  }
}
