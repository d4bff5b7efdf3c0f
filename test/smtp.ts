/** A real SMTP server on loopback for tests: it keeps the mails it takes, and can refuse, stall or hang up where it is told to. */
import type {AddressInfo, Socket} from "node:net";
import {SMTPServer, type SMTPServerSession} from "smtp-server";

/** A mail as the server took it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly bytes: Buffer;
  /** Parameters of MAIL FROM, such as SMTPUTF8. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * What the server does. `at` is the command at which it happens; after-data: the mail has come whole, and is kept. With
 * `to` it happens to mails to that address only.
 */
export type Behaviour =
  | {readonly does: "accept"}
  | {
      readonly does: "refuse";
      readonly at: "mail" | "rcpt" | "data";
      readonly status: number;
      readonly text: string;
      readonly to?: string;
    }
  | {readonly does: "stall"; readonly at: "rcpt" | "in-data" | "after-data"}
  | {readonly does: "hang-up"; readonly at: "rcpt" | "in-data" | "after-data"};

/** A running server. */
export interface TestSmtp {
  readonly port: number;
  /** All mails that came whole, also those after which the server hung up. */
  readonly mails: readonly ReceivedMail[];
  behave(behaviour: Behaviour): void;
  /** Forgets the mails. */
  clear(): void;
  close(): Promise<void>;
}

/** Opens a server without TLS and without accounts on a free port of 127.0.0.1. */
export async function openSmtp(): Promise<TestSmtp> {
  let behaviour: Behaviour = {does: "accept"};
  const mails: ReceivedMail[] = [];
  const sockets = new Map<number, Socket>();
  const hangUp = (session: SMTPServerSession): void => void sockets.get(session.remotePort)?.destroy();
  const isMeant = (to: string | undefined): boolean =>
    behaviour.does !== "refuse" || behaviour.to === undefined || behaviour.to === to;
  const step = (
    at: string,
    session: SMTPServerSession,
    callback: (error?: Error | null) => void,
    to = session.envelope.rcptTo[0]?.address,
  ): void => {
    if (behaviour.does === "accept" || behaviour.at !== at || !isMeant(to)) callback();
    else if (behaviour.does === "hang-up") hangUp(session);
    else if (behaviour.does === "refuse")
      callback(Object.assign(new Error(behaviour.text), {responseCode: behaviour.status}));
  };
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    hideENHANCEDSTATUSCODES: false,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onMailFrom: (_address, session, callback) => step("mail", session, callback),
    onRcptTo: ({address}, session, callback) => step("rcpt", session, callback, address),
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => {
        if (behaviour.does === "hang-up" && behaviour.at === "in-data") hangUp(session);
        else if (behaviour.does === "stall" && behaviour.at === "in-data") stream.pause();
        else chunks.push(chunk);
      });
      stream.on("end", () => {
        const {mailFrom, rcptTo} = session.envelope;
        if (behaviour.does === "refuse" && behaviour.at === "data") return step("data", session, callback);
        mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({address}) => address),
          bytes: Buffer.concat(chunks),
          parameters: mailFrom === false || typeof mailFrom.args !== "object" ? {} : {...mailFrom.args},
        });
        return step("after-data", session, callback);
      });
    },
  });
  server.server.on("connection", (socket: Socket) => {
    sockets.set(socket.remotePort ?? 0, socket);
    socket.on("error", () => undefined);
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(server.server.address()),
    mails,
    behave: (next) => {
      behaviour = next;
    },
    clear: () => {
      mails.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.values()) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
