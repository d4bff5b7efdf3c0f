/** Reports that come by mail: each mail of the mailbox is looked at once, those that are like the patterns are taken. */
import {z} from "zod";
import {WatchfloorError} from "../../model/errors.ts";
import type {FetchItem} from "../../store/fetches/items.ts";
import type {Delivery} from "../../store/opening.ts";
import {secretOf} from "../environment.ts";
import {type Mailbox, type MailboxMessage, openMailbox} from "../mail/imap.ts";
import {isLike} from "./glob.ts";
import {partsOf} from "./mail-parts.ts";
import type {ImapConfig} from "./schema.ts";
import type {FetchWork, Source} from "./work.ts";

const memorySchema = z.object({validity: z.string().nullable().catch(null), last: z.int().min(0).catch(0)});

/**
 * Offers the mails that were not looked at yet, oldest first. Once all were, the number of the last is remembered; until
 * then, each one. A mailbox whose numbers were given anew is read from the start: the reports in it are known by content.
 * Throws mailbox_refused, mailbox_unavailable, secret_missing.
 */
export async function* fromImap(config: ImapConfig, work: FetchWork): Source {
  const {host, port, tls, user, mailbox: name, moveTo} = config;
  const place = {host, port, tls, user, password: secretOf(config.passwordFrom), mailbox: name, moveTo};
  const mailbox = await openMailbox({...place, signal: work.signal}, work.limits.messageBytes);
  try {
    const before = memorySchema.parse(work.memory);
    const after = before.validity === mailbox.validity ? before.last : 0;
    const numbers = await mailbox.numbers(after);
    const itemOf = (uid: number): string => `mail ${mailbox.validity}/${uid}`;
    const known = await work.known(numbers.map(itemOf));
    await settleAgain(mailbox, known);
    const fresh = new Set(numbers.filter((uid) => !known.has(itemOf(uid))));
    for await (const message of mailbox.messages(after, (uid) => fresh.has(uid))) {
      const item = itemOf(message.uid);
      if (isWanted(message, config)) yield offerOf(message, {item, config, work, mailbox});
      else await work.note([{item, outcome: "skipped", code: null}]);
    }
    // only those that this very run has seen through: a mail that came meanwhile has a greater number
    return {validity: mailbox.validity, last: numbers.at(-1) ?? after};
  } finally {
    await mailbox.close();
  }
}

/** Where the last fetch was broken off, a mail may be in without being marked. */
async function settleAgain(mailbox: Mailbox, known: ReadonlyMap<string, FetchItem["outcome"]>): Promise<void> {
  for (const [item, outcome] of known) {
    const uid = Number(item.split("/").at(-1));
    if (outcome === "taken") await mailbox.done(uid);
    else if (outcome === "refused") await mailbox.refuse(uid);
  }
}

function isWanted({subject, from}: MailboxMessage, config: ImapConfig): boolean {
  return isLike(subject, config.subject) && isLike(from, config.from);
}

interface Offering {
  readonly item: string;
  readonly config: ImapConfig;
  readonly work: FetchWork;
  readonly mailbox: Mailbox;
}

function offerOf(message: MailboxMessage, {item, config, work, mailbox}: Offering) {
  return {
    item,
    name: `mail ${message.uid} from ${message.from}`,
    fetchedAt: new Date(Math.min(message.receivedAt.getTime(), work.now.getTime())),
    deliveries: () => deliveriesOf(message, config, work),
    settle: (isRefused: boolean) => (isRefused ? mailbox.refuse(message.uid) : mailbox.done(message.uid)),
  };
}

async function* deliveriesOf(message: MailboxMessage, config: ImapConfig, work: FetchWork): AsyncGenerator<Delivery> {
  const {messageBytes} = work.limits;
  if (message.bytes > messageBytes)
    throw new WatchfloorError(
      "report_too_large",
      `mail ${message.uid} has ${message.bytes} bytes, ${messageBytes} are allowed`,
    );
  const raw = await message.raw();
  const delivery = (name: string, bytes: Uint8Array): Delivery => ({stream: once(bytes), name, scratch: work.scratch});
  if (config.take === "message") {
    yield delivery(`mail-${message.uid}.eml`, raw);
    return;
  }
  const parts = await partsOf(raw, work.signal);
  if (config.take === "body") {
    yield delivery(`mail-${message.uid}.txt`, Buffer.from(parts.text));
    return;
  }
  const wanted = parts.attachments.filter(({name}) => isLike(name, config.attachment));
  if (wanted.length === 0) throw new WatchfloorError("report_unreadable", `mail ${message.uid} has no such attachment`);
  for (const {name, bytes} of wanted) yield delivery(name, bytes);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
