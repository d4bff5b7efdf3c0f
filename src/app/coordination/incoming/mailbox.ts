/** The mailbox that mails come in by: what is new is taken in, each mail once, and none keeps the others waiting. */
import {WatchfloorError} from "../../../model/errors.ts";
import {markOf, setMark} from "../../../store/jobs/ticks.ts";
import type {Mailbox, MailboxMessage} from "../../mail/imap.ts";
import {HEAD_BYTES} from "../../mail/limits.ts";
import type {MailReader} from "../../mail/reader.ts";
import type {CaseDesk} from "../case-desk.ts";
import {type Faults, noFaults} from "../faults.ts";
import {keepUnreadable, takeMail} from "./incoming.ts";

/** What reading a mailbox takes. */
export interface Incoming {
  readonly mailbox: Mailbox;
  /** Its name, as it is kept with each mail. */
  readonly name: string;
  readonly reader: MailReader;
  readonly now: Date;
  readonly signal?: AbortSignal;
}

/** How many mails came in, by what they were. */
export type IncomingRun = Readonly<Record<string, number>>;

/** So often the connection may break at one mail; then only its beginning is fetched. */
const MOST_BREAKS = 3;

/**
 * Reads what is new in the mailbox, oldest first. A mail is marked as done only when all that it brings about is written;
 * the number of the last one is kept, whoever else marks mails as read. One that is too large, or that cannot be taken in,
 * is kept as unreadable, flagged, and holds none of the others up. Throws mailbox_unavailable, database_unavailable,
 * disk_full: then nothing is lost, and it goes on there.
 */
export async function readMailbox(desk: CaseDesk, incoming: Incoming): Promise<IncomingRun> {
  const {mailbox, signal} = incoming;
  const faults = noFaults();
  const run: Record<string, number> = {};
  const memory = memoryOf(await markOf(desk.db, markName(mailbox)), mailbox.validity);
  let {breaks} = memory;
  for await (const message of mailbox.messages(memory.last)) {
    if (signal?.aborted === true) break;
    try {
      const kind = await takeMessage(desk, message, {...incoming, isBroken: breaks >= MOST_BREAKS, faults});
      run[kind] = (run[kind] ?? 0) + 1;
    } catch (error) {
      const isBreak = error instanceof WatchfloorError && error.code === "mailbox_unavailable";
      if (isBreak) await remember(desk, mailbox, {last: message.uid - 1, breaks: breaks + 1});
      throw error;
    }
    breaks = 0;
    await remember(desk, mailbox, {last: message.uid, breaks});
  }
  faults.tell();
  return run;
}

/** Number of the last mail that is done, and how often the connection broke at the next one. */
interface Memory {
  readonly last: number;
  readonly breaks: number;
}

function markName({place}: Mailbox): string {
  return `inbox ${place}`;
}

/** A mailbox whose numbers were given anew is read from the start: what is in it is known by content. */
function memoryOf(mark: string | null, validity: string): Memory {
  const [known, last, breaks] = mark?.split(" ") ?? [];
  return known === validity ? {last: Number(last), breaks: Number(breaks)} : {last: 0, breaks: 0};
}

async function remember(desk: CaseDesk, mailbox: Mailbox, {last, breaks}: Memory): Promise<void> {
  await setMark(desk.db, markName(mailbox), `${mailbox.validity} ${last} ${breaks}`);
}

type TakingMessage = Incoming & {readonly isBroken: boolean; readonly faults: Faults};

/** Takes one mail of the mailbox in and marks it. */
async function takeMessage(
  desk: CaseDesk,
  message: MailboxMessage,
  {isBroken, faults, ...incoming}: TakingMessage,
): Promise<string> {
  const {mailbox} = incoming;
  const taking = {...incoming, receivedAt: message.receivedAt};
  if (isBroken || message.bytes > desk.house.config.limits.messageBytes) {
    const beginning = await message.beginning(HEAD_BYTES);
    const reason = isBroken ? "not_fetched" : "too_large";
    await keepUnreadable(desk, {raw: beginning, bytes: message.bytes, reason}, taking);
    await mailbox.refuse(message.uid);
    return "unreadable";
  }
  const raw = await message.raw();
  try {
    const kind = await takeMail(desk, raw, taking);
    await mailbox.done(message.uid);
    return kind;
  } catch (error) {
    faults.take(error);
    await keepUnreadable(desk, {raw, bytes: raw.length, reason: "not_taken"}, taking);
    await mailbox.refuse(message.uid);
    return "unreadable";
  }
}
