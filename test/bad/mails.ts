/** Complaints and mails for tests that mean us ill, with everything filled in that a test does not care about. */

import type {CaseDesk} from "../../src/app/coordination/case-desk.ts";
import type {ComplaintIn} from "../../src/app/coordination/opening/complaints.ts";
import {takeComplaints} from "../../src/app/coordination/opening/complaints.ts";
import {MONDAY} from "../case-fixture.ts";
import {headerOf, type Scene} from "../coordination-scene.ts";
import type {ReceivedMail} from "../smtp.ts";

let count = 0;

/** Returns a complaint about a page. */
export function complaintAbout(url: string, over: Partial<ComplaintIn> = {}): ComplaintIn {
  return {
    receivedAt: MONDAY.toISOString(),
    source: "api",
    key: `complaint ${++count}`,
    reporter: null,
    wantsAnswer: false,
    class: "web.phish",
    asset: {kind: "url", value: url},
    brand: null,
    text: "phishing",
    ip: null,
    ...over,
  };
}

/** Takes one complaint in and returns its case. */
export async function caseAbout(desk: CaseDesk, url: string, over: Partial<ComplaintIn> = {}): Promise<string> {
  const [taken] = await takeComplaints(desk, [complaintAbout(url, over)], {by: "test", now: MONDAY});
  if (taken?.case === null || taken === undefined) throw new Error(`${url} opened no case`);
  return taken.case;
}

/** Returns the mails that went to an address. */
export function sentTo({smtp}: Scene, address: string): ReceivedMail[] {
  return smtp.mails.filter(({to}) => to.includes(address));
}

/** Returns a mail. Headers go before those that every mail has. */
export function mailOf(
  text: string,
  {from = "somebody@example.net", headers = {}}: {from?: string; headers?: Readonly<Record<string, string>>} = {},
): string {
  const all = {
    From: from,
    To: "desk@csirt.example",
    Subject: "hello",
    "Message-ID": `<${++count}.bad@example.net>`,
    Date: "Mon, 20 Feb 2023 10:00:00 +0800",
    "Content-Type": "text/plain; charset=utf-8",
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [...head, "", text, ""].join("\r\n");
}

/** Returns the answer to a mail that we sent. */
export function answerTo(
  {bytes}: ReceivedMail,
  text: string,
  {from, headers = {}}: {from: string; headers?: Readonly<Record<string, string>>},
): string {
  return mailOf(text, {
    from,
    headers: {Subject: `Re: ${headerOf(bytes, "Subject")}`, "In-Reply-To": headerOf(bytes, "Message-ID"), ...headers},
  });
}

/** Returns a returned mail, as a mail server writes it, about one of ours. */
export function returnOf({
  recipient,
  messageId,
  status = "5.1.1",
}: {
  recipient: string;
  messageId: string | null;
  status?: string;
}): string {
  const original = messageId === null ? "Subject: hello" : `Message-ID: ${messageId}`;
  return [
    "From: MAILER-DAEMON@mx.example.net",
    "To: desk@csirt.example",
    "Subject: Undelivered Mail Returned to Sender",
    "Auto-Submitted: auto-replied",
    `Message-ID: <${++count}.dsn@mx.example.net>`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "I'm sorry to have to inform you that your message could not be delivered.",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.example.net",
    "",
    `Final-Recipient: rfc822; ${recipient}`,
    "Action: failed",
    `Status: ${status}`,
    `Diagnostic-Code: smtp; 550 ${status} no such user`,
    "",
    "--b",
    "Content-Type: text/rfc822-headers",
    "",
    "From: desk@csirt.example",
    `To: ${recipient}`,
    original,
    "",
    "--b--",
    "",
  ].join("\r\n");
}
