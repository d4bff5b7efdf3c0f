/**
 * The process that reads mails: nothing that a mail does to it reaches the server. It may read the code, nothing else; it
 * writes no files and starts no processes (Node's permission model, see reader.ts), and it is killed when a mail takes too
 * long or too much.
 */
import {type MailContext, understandMail} from "../../feeds/mail/understand.ts";
import type {Understood} from "../../model/complaint.ts";
import type {UnreadableReason} from "../../model/mail.ts";
import type {MailLimits} from "./limits.ts";
import {type OpenKeys, openKeys, type PgpKeys} from "./pgp-read.ts";
import {type BareReading, readWhole, unreadable} from "./reading.ts";

/** A mail to read. With `only`, `bytes` are its beginning: the mail is unreadable for that reason, its headers are wanted. */
export interface ReadingRequest {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly only: UnreadableReason | null;
  readonly limits: MailLimits;
  readonly keys: PgpKeys;
  readonly now: Date;
  readonly context: MailContext;
}

/**
 * What came of it; id 0 says that the process is there. A mail that was read is told at once, and what it was understood as
 * after: words can be made to take for ever, too, and then the mail is there at least.
 */
export type ReadingAnswer =
  | {readonly id: number; readonly reading: BareReading | null}
  | {readonly id: number; readonly understood: Understood}
  | {readonly id: number; readonly fault: string};

const send = process.send?.bind(process);
if (send === undefined) throw new Error("the reading process is started by reader.ts");
const parent = (said: ReadingAnswer, sent: () => void = () => undefined): boolean =>
  send(said, undefined, undefined, sent);

process.on("message", (request: ReadingRequest) => {
  answer(request).catch((error: Error) => parent({id: request.id, fault: error.stack ?? error.message}));
});
process.on("disconnect", () => process.exit(0));
// the terminal's Ctrl-C reaches the whole group: the parent decides when this ends
process.on("SIGINT", () => undefined);
parent({id: 0, reading: null});

async function answer({id, bytes, only, limits, keys, now, context}: ReadingRequest): Promise<void> {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const open = (): Promise<OpenKeys> => openKeys(keys);
  const reading = only === null ? await readWhole({raw, limits, now, keys: open}) : await unreadable(raw, only);
  await new Promise<void>((sent) => parent({id, reading}, sent));
  if (reading.state === "read") parent({id, understood: understandMail(reading.mail, context)});
}
