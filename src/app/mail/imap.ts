/**
 * Reads a mailbox: new mails one after the other, oldest first. A mail is marked or moved only when the caller says that it
 * is done with it, so that a connection that breaks, or a process that dies, loses nothing.
 */
import {ImapFlow} from "imapflow";
import {WatchfloorError} from "../../model/errors.ts";

/** Which mailbox, and how it is reached. `none` sends the password in the clear. */
export interface MailboxPlace {
  readonly host: string;
  /** 993 without it, 143 when `tls` is not `tls`. */
  readonly port?: number | undefined;
  readonly tls: "tls" | "starttls" | "none";
  readonly user: string;
  readonly password: string;
  readonly mailbox: string;
  /** Where mails go that are done; without it they are marked as read. */
  readonly moveTo?: string | undefined;
  /** Ends the connection at once. */
  readonly signal?: AbortSignal;
}

/** A mail in the mailbox. `uid` grows with each mail and is never given twice while `validity` of the mailbox stays. */
export interface MailboxMessage {
  readonly uid: number;
  readonly bytes: number;
  /** When the server received it. */
  readonly receivedAt: Date;
  readonly subject: string;
  /** Address of the sender as the mail says, in lower case; empty when it says none. */
  readonly from: string;
  /** Gives the mail as it is on the server. */
  raw(): Promise<Buffer>;
  /** Gives its first bytes, at most so many. */
  beginning(bytes: number): Promise<Buffer>;
}

/** An open mailbox. */
export interface Mailbox {
  /** Whose mailbox it is and where: user, host and name. */
  readonly place: string;
  /** UIDVALIDITY: when it has changed, numbers of before mean nothing any more. */
  readonly validity: string;
  /** Gives the mails with a greater number than `after`, in the order of their numbers; `isWanted` chooses by number. */
  messages(after: number, isWanted?: (uid: number) => boolean): AsyncGenerator<MailboxMessage>;
  /** Returns the numbers greater than `after`, in their order. */
  numbers(after: number): Promise<number[]>;
  /** The mail is done with: it is moved, or marked as read. */
  done(uid: number): Promise<void>;
  /** The mail could not be used: it stays, flagged, for a person to look at. */
  refuse(uid: number): Promise<void>;
  close(): Promise<void>;
}

const HEADS_AT_ONCE = 200;
const CONNECT_MS = 30_000;
const STALL_MS = 60_000;
/** Room for the answer around a mail. */
const EXTRA_BYTES = 1024 * 1024;

/**
 * Opens the mailbox. No mail may be larger than `mostBytes` when it is read; see its `bytes` before.
 * Throws mailbox_refused (login, no such mailbox), mailbox_unavailable; the latter also from everything it returns.
 */
export async function openMailbox(place: MailboxPlace, mostBytes: number): Promise<Mailbox> {
  const client = clientFor(place, mostBytes);
  const stop = (): void => client.close();
  place.signal?.addEventListener("abort", stop, {once: true});
  const close = async (): Promise<void> => {
    place.signal?.removeEventListener("abort", stop);
    await (client.usable ? client.logout().catch(() => client.close()) : client.close());
  };
  try {
    await client.connect();
    const {uidValidity} = await client.mailboxOpen(place.mailbox);
    if (place.moveTo !== undefined) await client.mailboxCreate(place.moveTo); // one that is there already stays
    const where = `${place.user}@${place.host}/${place.mailbox}`;
    return {...reading(client, place), place: where, validity: String(uidValidity), close};
  } catch (error) {
    client.close();
    place.signal?.removeEventListener("abort", stop);
    throw mailboxError(error, place);
  }
}

function clientFor(place: MailboxPlace, mostBytes: number): ImapFlow {
  const client = new ImapFlow({
    host: place.host,
    port: place.port ?? (place.tls === "tls" ? 993 : 143),
    secure: place.tls === "tls",
    ...(place.tls === "tls" ? {} : {doSTARTTLS: place.tls === "starttls"}),
    auth: {user: place.user, pass: place.password},
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: STALL_MS,
    maxLiteralSize: mostBytes + EXTRA_BYTES,
    maxResponseSize: mostBytes + 2 * EXTRA_BYTES,
    clientInfo: {name: "watchfloor"},
  });
  client.on("error", () => {}); // what is under way fails with it; unheard it would end the process
  return client;
}

/** Runs what needs the connection; whatever goes wrong is said in our words. */
type Guard = <T>(work: () => Promise<T | false | undefined>) => Promise<T>;

function guardOf(client: ImapFlow, place: MailboxPlace): Guard {
  return async (work) => {
    try {
      if (!client.usable) throw new Error("the connection has ended");
      const result = await work();
      if (result === false || result === undefined) throw new Error("the server did not do it");
      return result;
    } catch (error) {
      throw mailboxError(error, place);
    }
  };
}

function reading(client: ImapFlow, place: MailboxPlace): Omit<Mailbox, "place" | "validity" | "close"> {
  const guard = guardOf(client, place);
  const flag = async (uid: number, name: string): Promise<void> => {
    await guard(() => client.messageFlagsAdd(String(uid), [name], {uid: true}));
  };
  const numbers = async (after: number): Promise<number[]> => {
    await guard(() => client.noop().then(() => true)); // so that the newest are seen
    const found = await guard(() => client.search({uid: `${after + 1}:*`}, {uid: true}));
    return found.filter((uid) => uid > after).sort((one, other) => one - other); // `*` gives the last one, also when it is before
  };
  return {
    numbers,
    messages: async function* (after, isWanted = () => true) {
      yield* messagesOf(client, guard, (await numbers(after)).filter(isWanted));
    },
    done: async (uid) => {
      const {moveTo} = place;
      if (moveTo === undefined) await flag(uid, "\\Seen");
      else await guard(() => client.messageMove(String(uid), moveTo, {uid: true}));
    },
    refuse: (uid) => flag(uid, "\\Flagged"),
  };
}

async function* messagesOf(client: ImapFlow, guard: Guard, wanted: readonly number[]): AsyncGenerator<MailboxMessage> {
  const query = {uid: true, size: true, internalDate: true, envelope: true};
  for (let at = 0; at < wanted.length; at += HEADS_AT_ONCE) {
    const range = wanted.slice(at, at + HEADS_AT_ONCE).join(",");
    const heads = await guard(() => client.fetchAll(range, query, {uid: true}));
    for (const head of heads.sort((one, other) => one.uid - other.uid)) {
      yield {
        uid: head.uid,
        bytes: head.size ?? 0,
        receivedAt: new Date(head.internalDate ?? 0),
        subject: head.envelope?.subject ?? "",
        from: (head.envelope?.from?.[0]?.address ?? "").toLowerCase(),
        raw: () => guard(() => rawOf(client, head.uid)),
        beginning: (bytes) => guard(() => rawOf(client, head.uid, bytes)),
      };
    }
  }
}

async function rawOf(client: ImapFlow, uid: number, maxLength?: number): Promise<Buffer | undefined> {
  const source = maxLength === undefined ? true : {start: 0, maxLength};
  const found = await client.fetchOne(String(uid), {source}, {uid: true});
  return found === false ? undefined : found.source;
}

/** The library says of a refused login and of a missing mailbox what the server said; never the password. */
function mailboxError(error: unknown, {host, user, mailbox, signal}: MailboxPlace): unknown {
  if (signal?.aborted === true && signal.reason instanceof Error) return signal.reason;
  if (error instanceof WatchfloorError) return error;
  const said = error instanceof Error ? error : new Error(String(error));
  const isLogin = "authenticationFailed" in said && said.authenticationFailed === true;
  const isMailbox = "mailboxMissing" in said && said.mailboxMissing === true;
  if (isLogin || isMailbox)
    return new WatchfloorError("mailbox_refused", isLogin ? `${user} at ${host}` : `${mailbox} at ${host}`, said);
  const code = "code" in said && typeof said.code === "string" ? `${said.code}, ` : "";
  return new WatchfloorError("mailbox_unavailable", `${host}: ${code}${said.message}`, said);
}
