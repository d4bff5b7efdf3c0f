import assert from "node:assert/strict";
import test from "node:test";
import type {BounceReason} from "../../model/complaint.ts";
import type {MailHead, ReadMail} from "../../model/mail.ts";
import {readBounce} from "./bounce.ts";
import {bounceReason} from "./bounce-reasons.ts";

const HEAD: MailHead = {
  from: {name: "Mail Delivery System", address: "MAILER-DAEMON@mx.example.org"},
  sender: null,
  replyTo: [],
  to: [{name: "", address: "cert@example.net"}],
  cc: [],
  subject: "Undelivered Mail Returned to Sender",
  date: null,
  messageId: "<bounce@mx.example.org>",
  inReplyTo: [],
  references: [],
  returnPath: "",
  autoSubmitted: "auto-replied",
  contentType: "multipart/report",
  reportType: "delivery-status",
  headers: [],
};
const part = (mime: string, text: string): ReadMail["parts"][number] => ({
  name: null,
  mime,
  disposition: null,
  bytes: text.length,
  sha256: "0",
  text,
  message: null,
});
const mail = (text: string, parts: ReadMail["parts"] = [], head: Partial<MailHead> = {}): ReadMail => ({
  head: {...HEAD, ...head},
  text,
  htmlText: null,
  parts,
  flags: [],
  pgp: [],
});
const status = (fields: string): ReadMail =>
  mail("", [part("message/delivery-status", `Reporting-MTA: dns; mx.example.org\n\n${fields}`)]);

test("a standard report gives recipient, status, code, reason, and the Message-ID of ours", () => {
  const report = mail("It failed.", [
    part(
      "message/delivery-status",
      "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; Gone@Party.example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <gone>: Recipient\n address rejected: User unknown\n",
    ),
    part(
      "text/rfc822-headers",
      "From: cert@example.net\nMessage-ID: <wf-1@cert.example.net>\nTo: gone@party.example.org\n",
    ),
  ]);
  assert.deepEqual(readBounce(report), {
    bounces: [
      {
        recipient: "gone@party.example.org",
        kind: "hard",
        status: "5.1.1",
        replyCode: 550,
        reason: "no_such_user",
        diagnostic: "550 5.1.1 <gone>: Recipient address rejected: User unknown",
        isDelayed: false,
      },
    ],
    originalMessageId: "<wf-1@cert.example.net>",
  });
});

test("a report of several recipients gives each its own", () => {
  const read = readBounce(
    status(
      "Final-Recipient: rfc822; a@x.org\nAction: failed\nStatus: 5.2.2\n\nFinal-Recipient: rfc822; b@x.org\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; c@x.org\nAction: delayed\nStatus: 4.4.1\n",
    ),
  );
  assert.deepEqual(
    read?.bounces.map(({recipient, kind, reason, isDelayed}) => [recipient, kind, reason, isDelayed]),
    [
      ["a@x.org", "soft", "mailbox_full", false],
      ["c@x.org", "soft", "network", true],
    ],
  );
});

test("a receipt of delivery is no bounce", () => {
  assert.equal(readBounce(status("Final-Recipient: rfc822; a@x.org\nAction: delivered\nStatus: 2.1.5\n")), null);
});

test("a delayed mail is not dead, whatever the words", () => {
  const [bounce] =
    readBounce(
      status(
        "Final-Recipient: rfc822; a@x.org\nAction: delayed\nStatus: 4.1.1\nDiagnostic-Code: smtp; 450 User unknown\n",
      ),
    )?.bounces ?? [];
  assert.equal(bounce?.kind, "soft");
});

test("a server that took the recipient and refuses the content filters: the address is not gone", () => {
  const [bounce] =
    readBounce(
      status(
        "Final-Recipient: rfc822; a@x.org\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 Unknown user (in reply to end of DATA command)\n",
      ),
    )?.bounces ?? [];
  assert.deepEqual([bounce?.kind, bounce?.reason], ["soft", "refused"]);
});

test("a plain text of a mail server is read, up to the copy of our mail", () => {
  const text =
    "Hi. This is the qmail-send program at mx.\n\n<gone@x.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <wf-2@cert.example.net>\nTo: other@x.org\n\nUser unknown, mailbox full";
  const read = readBounce(mail(text, [], {contentType: "text/plain", reportType: null, subject: "failure notice"}));
  assert.deepEqual(
    read?.bounces.map(({recipient, kind, status: code}) => [recipient, kind, code]),
    [["gone@x.org", "hard", "5.1.1"]],
  );
  assert.equal(read?.originalMessageId, "<wf-2@cert.example.net>");
});

test("a returned mail of a Chinese mail house names recipient and reason", () => {
  const text =
    "很抱歉，您的邮件被退回来了……\n\n无法发送到 gone@qq.example.com\n\n退信原因：收件人邮件地址不存在，邮件无法送达。";
  const chinese = {
    from: {name: "", address: "postmaster@qq.example.com"},
    contentType: "text/html",
    reportType: null,
    autoSubmitted: null,
    subject: "系统退信",
  };
  const [bounce] = readBounce(mail(text, [], chinese))?.bounces ?? [];
  assert.deepEqual([bounce?.recipient, bounce?.kind, bounce?.reason], ["gone@qq.example.com", "hard", "no_such_user"]);
});

test("a person who writes of an undeliverable mail is no mail server", () => {
  const person = {
    from: {name: "Li", address: "li@party.example.org"},
    returnPath: null,
    autoSubmitted: null,
    contentType: "text/plain",
    reportType: null,
  };
  assert.equal(
    readBounce(
      mail("Our user li2@party.example.org says that your notice was undeliverable.", [], {
        ...person,
        subject: "Undeliverable notices?",
      }),
    ),
    null,
  );
  assert.equal(
    readBounce(mail("The user is unknown to us.", [], {...person, subject: "Re: [WN-2023-000045 k7q2w3]"})),
    null,
  );
});

const WORDS: readonly (readonly [string, string | null, BounceReason | null])[] = [
  ["550 5.7.26 This mail is unauthenticated, DMARC check failed", null, "authentication"],
  ["552 5.2.2 The email account is over quota", null, "mailbox_full"],
  ["该用户邮箱已满", null, "mailbox_full"],
  ["552 message size exceeds fixed maximum message size", null, "too_large"],
  ["Host or domain name not found", null, "no_such_host"],
  ["550 blocked using zen.spamhaus.org", null, "blocked"],
  ["421 too many connections from your IP", null, "too_many"],
  ["554 rejected as spam", null, "spam"],
  ["550 account disabled", null, "inactive"],
  ["connection timed out", null, "network"],
  ["用户不存在", null, "no_such_user"],
  ["", "5.1.6", "moved"],
  ["", "4.2.2", "mailbox_full"],
  ["", "5.4.7", "delayed"],
  ["", "5.0.0", null],
  ["nothing that means anything", null, null],
];
for (const [words, code, reason] of WORDS) {
  test(`"${words}" ${code ?? ""} is ${reason ?? "not decided"}`, () => {
    assert.equal(bounceReason(words, code), reason);
  });
}
