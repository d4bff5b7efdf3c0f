/**
 * A real mail server (Dovecot of the system) on loopback with one account, whose mails are files of a Maildir; and a
 * connection to it that a test can cut.
 */
import {execFileSync, spawn} from "node:child_process";
import {chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {createConnection, createServer, type Socket} from "node:net";
import {tmpdir, userInfo} from "node:os";
import path from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {freePort} from "./running.ts";

const DOVECOT = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot"].find(existsSync);

/** Why tests with a mail server cannot be run here; false where they can. Pass it as `skip`. */
export const NO_IMAP: string | false = DOVECOT === undefined ? "skipped: no dovecot" : false;

export const IMAP_USER = "reports@cert.example";
export const IMAP_PASSWORD = "p4ss word of the mailbox";

/** The server. */
export interface ImapServer {
  readonly port: number;
  /** The same with TLS; its certificate is signed by nobody. */
  readonly tlsPort: number;
  /** Puts a mail, as it is written, into a mailbox (INBOX, or another that is made). */
  deliver(mail: string | Uint8Array, mailbox?: string): void;
  /** Returns the flags (S seen, F flagged) of the mails in a mailbox, in the order of delivery. */
  flags(mailbox?: string): string[];
  /** Forgets the numbers of all mails: UIDVALIDITY changes. */
  renumber(): void;
  close(): Promise<void>;
}

/** Starts a server in a temporary folder. */
export async function openImap(): Promise<ImapServer> {
  const folder = mkdtempSync(path.join(tmpdir(), "watchfloor-imap-"));
  const [port, tlsPort] = [await freePort(), await freePort()];
  const owner =
    userInfo().uid === 0
      ? {name: "nobody", ...idsOf("nobody")}
      : {name: userInfo().username, uid: userInfo().uid, gid: userInfo().gid};
  makeCertificate(folder);
  writeFileSync(path.join(folder, "dovecot.conf"), configOf(folder, {port, tlsPort, owner}));
  writeFileSync(path.join(folder, "users"), `${IMAP_USER}:{PLAIN}${IMAP_PASSWORD}::::::\n`);
  execFileSync("chmod", ["755", folder]);
  const inbox = path.join(folder, "mail");
  makeMaildir(inbox, owner);
  const child = spawn(DOVECOT ?? "dovecot", ["-F", "-c", path.join(folder, "dovecot.conf")], {stdio: "ignore"});
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await untilOpen(port);
  let count = 0;
  const folderOf = (mailbox: string): string => (mailbox === "INBOX" ? inbox : path.join(inbox, `.${mailbox}`));
  return {
    port,
    tlsPort,
    deliver: (mail, mailbox = "INBOX") => {
      const target = folderOf(mailbox);
      if (!existsSync(target)) makeMaildir(target, owner);
      const name = `${1_700_000_000 + ++count}.M${count}P${process.pid}.test`;
      const file = path.join(target, "new", name);
      writeFileSync(path.join(target, "tmp", name), mail);
      chownSync(path.join(target, "tmp", name), owner.uid, owner.gid);
      execFileSync("mv", [path.join(target, "tmp", name), file]);
    },
    flags: (mailbox = "INBOX") =>
      ["cur", "new"]
        .flatMap((part) => (existsSync(folderOf(mailbox)) ? readdirSync(path.join(folderOf(mailbox), part)) : []))
        .sort()
        .map((name) => /:2,(\w*)$/.exec(name)?.[1] ?? ""),
    renumber: () => {
      for (const name of readdirSync(inbox).filter((each) => each.startsWith("dovecot")))
        rmSync(path.join(inbox, name), {recursive: true});
    },
    close: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, {recursive: true, force: true, maxRetries: 5});
    },
  };
}

interface Owner {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

function idsOf(name: string): {uid: number; gid: number} {
  const id = (flag: string): number => Number(execFileSync("id", [flag, name], {encoding: "utf8"}));
  return {uid: id("-u"), gid: id("-g")};
}

function makeMaildir(folder: string, {uid, gid}: Owner): void {
  for (const part of ["", "cur", "new", "tmp"]) {
    mkdirSync(path.join(folder, part), {recursive: true});
    chownSync(path.join(folder, part), uid, gid);
  }
}

function makeCertificate(folder: string): void {
  const [key, cert] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject], {
    stdio: "ignore",
  });
}

function configOf(folder: string, {port, tlsPort, owner}: {port: number; tlsPort: number; owner: Owner}): string {
  const users = ["default_login_user", "default_internal_user"].map((key) => `${key} = ${owner.name}`).join("\n");
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
${users}
default_internal_group = ${execFileSync("id", ["-gn", owner.name], {encoding: "utf8"}).trim()}
ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = no
mail_location = maildir:${folder}/mail
first_valid_uid = 1
first_valid_gid = 1
mail_uid = ${owner.uid}
mail_gid = ${owner.gid}
mail_fsync = never
maildir_stat_dirs = yes
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${folder}/mail
}
namespace inbox {
  inbox = yes
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
  }
}
service anvil {
  chroot =
}
`;
}

async function untilOpen(port: number): Promise<void> {
  for (let left = 200; left > 0; left--) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("close", () => socket.destroy());
      setTimeout(() => socket.destroy(), 200).unref();
    });
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error("the mail server does not start");
}

/** A connection in between that can be cut. */
export interface Cutter {
  readonly port: number;
  /** Cuts each new connection after so many bytes from the server; null lets all through. */
  cutAfter(bytes: number | null): void;
  close(): Promise<void>;
}

/** Starts a connection to a port of loopback that can be cut. */
export async function openCutter(target: number): Promise<Cutter> {
  let limit: number | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = createConnection(target, "127.0.0.1");
    const left = {bytes: limit ?? Number.POSITIVE_INFINITY};
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on("data", (piece: Buffer) => {
      client.write(piece.subarray(0, Math.min(piece.length, left.bytes)));
      left.bytes -= piece.length;
      if (left.bytes <= 0) setTimeout(() => client.destroy(), 20);
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port,
    cutAfter: (bytes) => {
      limit = bytes;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
