/**
 * Sending over SMTP. Four things can come of it, and each is a value: the server took the mail, it refused it for good, it
 * could not now, or nobody knows, because the connection broke when the mail had gone out whole and no answer had come.
 * One that broke off before its end was not taken. Source: RFC 5321 4.1.1.10 and 4.2.1, RFC 1047.
 */
import {Readable} from "node:stream";
import {createTransport} from "nodemailer";
import type {SMTPPoolOptions} from "nodemailer/lib/smtp-pool";
import {WatchfloorError} from "../../model/errors.ts";
import {environment} from "../environment.ts";
import type {ComposedMail} from "./compose.ts";
import type {MailSettings} from "./settings.ts";

/**
 * What came of sending. `response` is the server's line; `reason` is for the officer. `isReached`: the server spoke of this
 * mail; else it is away, does not let us in or has no TLS, and every other mail would meet the same.
 */
export type SendResult =
  | {readonly outcome: "accepted"; readonly response: string}
  | {readonly outcome: "refused"; readonly reason: string}
  | {readonly outcome: "temporary"; readonly reason: string; readonly isReached: boolean}
  | {readonly outcome: "unknown"; readonly reason: string};

/** Connections to the mail server. */
export interface Mailer {
  /** Sends one mail to its one recipient; never throws for what the server does. */
  send(mail: Pick<ComposedMail, "envelope" | "bytes" | "messageId">): Promise<SendResult>;
  /** Ends connections when nothing is under way any more. */
  close(): void;
}

const MOST_CONNECTIONS = 4;
/** Four silences end a mail, however slowly a server trickles. */
const DEADLINE_FACTOR = 4;
const MOST_REASON = 300;

type PoolOptions = SMTPPoolOptions & {readonly pool: true};

/** How far the mail that is being sent has come. */
interface Progress {
  /** The server said yes to DATA, and the first bytes went. */
  hasBegun: boolean;
  /** All bytes went: the mark of its end may have gone after them. */
  hasEnded: boolean;
}

/** Returns after how many seconds a mail that is being sent has ended, whatever the server does. */
export function longestSendingSeconds({smtp}: Pick<MailSettings, "smtp">): number {
  return smtp.timeoutSeconds * DEADLINE_FACTOR;
}

/** Opens the way to the mail server; connections are made when the first mail goes. Throws config_invalid (account without password). */
export function openMailer(
  settings: Pick<MailSettings, "smtp" | "domain">,
  password: string | null = environment("WATCHFLOOR_SMTP_PASSWORD") ?? null,
): Mailer {
  const transport = createTransport(transportOptions(settings, password));
  const progresses = new WeakMap<Uint8Array, Progress>();
  transport.use("stream", (mail, done) => {
    const {raw} = mail.data;
    const progress = Buffer.isBuffer(raw) ? progresses.get(raw) : undefined;
    if (progress !== undefined) mail.message.processFunc((input) => watched(input, progress));
    done();
  });
  return {
    async send({envelope, bytes, messageId}) {
      // a copy of its own, so that two sendings of one mail are told apart
      const raw = Buffer.from(bytes);
      const progress: Progress = {hasBegun: false, hasEnded: false};
      progresses.set(raw, progress);
      try {
        const info = await transport.sendMail({
          envelope: {from: envelope.from.address, to: [envelope.to.address]},
          raw,
          dsn: {id: messageId.replace(/[<>]/g, ""), return: "headers", notify: ["failure", "delay"]},
          signal: AbortSignal.timeout(longestSendingSeconds(settings) * 1000),
        });
        return {outcome: "accepted", response: info.response ?? ""};
      } catch (error) {
        return failure(error, progress);
      }
    },
    close: () => transport.close(),
  };
}

function transportOptions({smtp, domain}: Pick<MailSettings, "smtp" | "domain">, password: string | null): PoolOptions {
  const {host, port, secure, user, timeoutSeconds} = smtp;
  if (user !== null && password === null)
    throw new WatchfloorError("config_invalid", "mail.smtp.user needs the variable WATCHFLOOR_SMTP_PASSWORD");
  const timeout = timeoutSeconds * 1000;
  return {
    pool: true,
    host,
    port,
    name: domain,
    secure: secure === "tls",
    requireTLS: secure === "starttls",
    ignoreTLS: secure === "none",
    tls: {minVersion: "TLSv1.2"},
    maxConnections: MOST_CONNECTIONS,
    // a mail that may have gone out is never put back into the pool's queue
    maxRequeues: 0,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === null ? {} : {auth: {user, pass: password ?? ""}}),
  };
}

const PIECE_BYTES = 16 * 1024;

/** In pieces, so that the end of a large mail is not taken from us before the server has taken what comes before. */
function* pieces(chunk: Buffer): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield chunk.subarray(at, at + PIECE_BYTES);
}

/** Passes the mail on only when the server asks for it, which is after DATA. */
function watched(input: Readable, progress: Progress): Readable {
  async function* pass(): AsyncGenerator<Buffer> {
    progress.hasBegun = true;
    for await (const chunk of input) yield* pieces(chunk);
    progress.hasEnded = true;
  }
  return Readable.from(pass(), {objectMode: false});
}

function failure(error: unknown, {hasBegun, hasEnded}: Progress): Exclude<SendResult, {outcome: "accepted"}> {
  if (!(error instanceof Error)) throw error;
  const reason = error.message.replace(/\s+/g, " ").slice(0, MOST_REASON);
  const code = "code" in error ? error.code : null;
  const status = "responseCode" in error && typeof error.responseCode === "number" ? error.responseCode : null;
  if (code === "EENVELOPE" || code === "EMESSAGE")
    // the server spoke of this mail; without a status we refused it ourselves, such as for its size
    return status !== null && status < 500
      ? {outcome: "temporary", reason, isReached: true}
      : {outcome: "refused", reason};
  return hasEnded ? {outcome: "unknown", reason} : {outcome: "temporary", reason, isReached: hasBegun};
}
