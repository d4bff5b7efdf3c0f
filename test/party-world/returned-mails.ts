/** Mails that come back, as mail servers write them. Source: RFC 3462, RFC 3464; the texts are made up after common ones. */
import type {Letter} from "./post.ts";

/** What the report says. */
export type ReturnKind = "hard" | "soft" | "delayed";

const STATUS: Readonly<Record<ReturnKind, {action: string; status: string; said: string; words: string}>> = {
  hard: {
    action: "failed",
    status: "5.1.1",
    said: "550 5.1.1 <ADDRESS>: Recipient address rejected: User unknown",
    words: "I'm sorry to have to inform you that your message could not be delivered to one or more recipients.",
  },
  soft: {
    action: "failed",
    status: "4.2.2",
    said: "452 4.2.2 <ADDRESS> The email account that you tried to reach is over quota",
    words: "Your message could not be delivered for 5 days, and is returned.",
  },
  delayed: {
    action: "delayed",
    status: "4.4.1",
    said: "connect to mx.example[192.0.2.25]:25: Connection timed out",
    words: "THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE. It will be retried until it is 5 days old.",
  },
};

/** Returns the delivery report about a mail of ours. */
export function returnedMail(letter: Letter, kind: ReturnKind, at: Date): Buffer {
  const {action, status, said, words} = STATUS[kind];
  const host = letter.to.slice(letter.to.indexOf("@") + 1);
  const boundary = `${letter.notification}/mx.${host}`;
  const subject = {
    hard: "Undelivered Mail Returned to Sender",
    soft: "Undelivered Mail Returned to Sender",
    delayed: "Delayed Mail (still being retried)",
  }[kind];
  return Buffer.from(
    [
      "Return-Path: <>",
      `From: MAILER-DAEMON@mx.${host} (Mail Delivery System)`,
      `Subject: ${subject}`,
      "To: desk@csirt.example",
      "Auto-Submitted: auto-replied",
      "MIME-Version: 1.0",
      `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
      `Date: ${at.toUTCString()}`,
      `Message-ID: <${letter.notification}.${kind}@mx.${host}>`,
      "",
      "This is a MIME-encapsulated message.",
      "",
      `--${boundary}`,
      "Content-Description: Notification",
      "Content-Type: text/plain; charset=us-ascii",
      "",
      `This is the mail system at host mx.${host}.`,
      "",
      words,
      "",
      `<${letter.to}>: host mx.${host} said: ${said.replace("ADDRESS", letter.to)}`,
      "",
      `--${boundary}`,
      "Content-Description: Delivery report",
      "Content-Type: message/delivery-status",
      "",
      `Reporting-MTA: dns; mx.${host}`,
      `Arrival-Date: ${at.toUTCString()}`,
      "",
      `Final-Recipient: rfc822; ${letter.to}`,
      `Original-Recipient: rfc822;${letter.to}`,
      `Action: ${action}`,
      `Status: ${status}`,
      `Diagnostic-Code: smtp; ${said.replace("ADDRESS", letter.to)}`,
      "",
      `--${boundary}`,
      "Content-Description: Undelivered Message Headers",
      "Content-Type: text/rfc822-headers",
      "",
      letter.head,
      "",
      `--${boundary}--`,
      "",
    ].join("\r\n"),
    "latin1",
  );
}
