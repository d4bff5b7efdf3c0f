/** The mailbox of a scene: a real mail server, and what reading it once brings. */
import {type IncomingRun, readMailbox} from "../../src/app/coordination/incoming/mailbox.ts";
import {type Mailbox, type MailboxPlace, openMailbox} from "../../src/app/mail/imap.ts";
import type {Scene} from "../coordination-scene.ts";
import {IMAP_PASSWORD, IMAP_USER} from "../imap.ts";

/** Opens the mailbox on a port of loopback as the product does. */
export function openInbox({house}: Scene, place: Pick<MailboxPlace, "port"> & Partial<MailboxPlace>): Promise<Mailbox> {
  const own = {host: "127.0.0.1", tls: "none" as const, user: IMAP_USER, password: IMAP_PASSWORD, mailbox: "INBOX"};
  return openMailbox({...own, ...place}, house.config.limits.messageBytes);
}

/** Reads what is new, once. */
export async function readOnce(
  scene: Scene,
  place: Pick<MailboxPlace, "port"> & Partial<MailboxPlace>,
  now: Date,
): Promise<IncomingRun> {
  const mailbox = await openInbox(scene, place);
  try {
    return await readMailbox(scene.desk, {mailbox, name: place.mailbox ?? "INBOX", reader: scene.reader, now});
  } finally {
    await mailbox.close();
  }
}
