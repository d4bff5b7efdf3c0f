import assert from "node:assert/strict";
import test from "node:test";
import PostalMime from "postal-mime";
import {HEADERS, headerNames, PAYLOADS} from "../../../test/injections.ts";
import {caseOf, contactOf, NOW, noticeOf, SENDER, TOKEN_KEY} from "../../../test/notice-samples.ts";
import {openSmtp} from "../../../test/smtp.ts";
import {renderNotice} from "../../cases/notices/render.ts";
import {mergeTemplates, readTemplateFile} from "../../cases/notices/template.ts";
import type {NoticeSender, Notification} from "../../model/notification.ts";
import {type Composed, type ComposedMail, type ComposeSetting, composeMail} from "./compose.ts";
import {openMailer} from "./send.ts";
import {loadTemplates} from "./templates.ts";

const templates = await loadTemplates(null);
const setting: ComposeSetting = {
  sender: SENDER,
  from: SENDER.address,
  replyTo: null,
  envelopeFrom: "bounces@csirt.example",
  signer: null,
  encryptFor: ["AMBER+STRICT"],
  isAutomatic: true,
};
function compose(notification: Notification, given: Partial<ComposeSetting> = {}): Promise<Composed> {
  const notice = renderNotice(notification, {templates, sender: given.sender ?? SENDER, tokenKey: TOKEN_KEY}, NOW);
  return composeMail(notice, {...setting, ...given}, NOW);
}

function isMail(made: Composed): asserts made is ComposedMail {
  assert.equal(made.kind, "mail", made.kind === "not-sent" ? made.reason : "");
}

test("the same input gives the same bytes, another time other ones", async () => {
  const [one, two] = [await compose(noticeOf()), await compose(noticeOf())];
  isMail(one);
  isMail(two);
  assert.deepEqual(one.bytes, two.bytes);
  assert.equal(one.protection, "none");
  assert.match(one.bytes.toString(), /^Date: Wed, 22 Feb 2023 06:30:00 \+0000\r$/m);
});

test("a mail is all seven-bit, with lines that every server takes", async () => {
  for (const language of ["zh", "en"] as const) {
    const made = await compose(noticeOf({contact: contactOf({language})}));
    isMail(made);
    assert.doesNotMatch(made.bytes.toString("latin1"), /[^\t\r\n -~]/);
    for (const line of made.bytes.toString().split("\r\n")) assert.ok(line.length <= 998 && !/[\r\n]/.test(line));
  }
});

test("a follow-up stands in the thread of the first mail", async () => {
  const made = await compose(noticeOf({thread: ["<1@csirt.example>", "<2@csirt.example>"]}));
  isMail(made);
  const {inReplyTo, references} = await PostalMime.parse(made.bytes);
  assert.equal(inReplyTo, "<2@csirt.example>");
  assert.equal(references, "<1@csirt.example> <2@csirt.example>");
});

test("what a person sends does not call itself automatic, and replies go where they should", async () => {
  const made = await compose(noticeOf(), {isAutomatic: false, replyTo: "desk@csirt.example"});
  isMail(made);
  const {headers, replyTo} = await PostalMime.parse(made.bytes);
  assert.ok(!headers.some(({key}) => key === "auto-submitted"));
  assert.equal(replyTo?.[0]?.address, "desk@csirt.example");
});

test("an address that is none is not sent, and said", async () => {
  const made = await compose(noticeOf({contact: contactOf({address: "a@b.example\r\nBcc: x@y.example"})}));
  assert.deepEqual(made, {kind: "not-sent", reason: "The address of the contact is no plain mail address."});
});

/** Where it can be written. */
const FIELDS: Readonly<
  Record<string, (text: string) => {notification?: Partial<Notification>; sender?: Partial<NoticeSender>}>
> = {
  "contact name": (text) => ({notification: {contact: contactOf({name: text})}}),
  "party name": (text) => ({notification: {contact: contactOf({name: null, party: text})}}),
  "contact purpose": (text) => ({notification: {contact: contactOf({purpose: text})}}),
  asset: (text) => ({notification: {cases: [caseOf(1, {asset: {...caseOf(1).asset, value: text}})]}}),
  brand: (text) => ({
    notification: {cases: [caseOf(1, {asset: {...caseOf(1).asset, brand: text, registrar: text, service: text}})]},
  }),
  class: (text) => ({notification: {cases: [caseOf(1, {class: text})]}}),
  "case id": (text) => ({notification: {event: "recall", reason: text, cases: [caseOf(1, {id: text})]}}),
  evidence: (text) => ({notification: {cases: [caseOf(1, {evidence: text, asked: text})]}}),
  thread: (text) => ({notification: {thread: [text, `<a@b.example>${text}`]}}),
  "sender name": (text) => ({sender: {name: {zh: text, en: text}}}),
};

test(`${PAYLOADS.length * Object.keys(FIELDS).length} injections in every field: one recipient, no header of others, the text stays text`, async (t) => {
  const server = await openSmtp();
  const mailer = openMailer(
    {
      domain: "csirt.example",
      smtp: {host: "127.0.0.1", port: server.port, secure: "none", user: null, timeoutSeconds: 5},
    },
    null,
  );
  t.after(async () => {
    mailer.close();
    await server.close();
  });
  let sent = 0;
  for (const [field, make] of Object.entries(FIELDS)) {
    for (const payload of PAYLOADS) {
      const {notification = {}, sender = {}} = make(payload);
      const made = await compose(noticeOf(notification), {sender: {...SENDER, ...sender}});
      isMail(made);
      assert.equal((await mailer.send(made)).outcome, "accepted");
      sent++;
      const received = server.mails.at(-1);
      assert.equal(server.mails.length, sent);
      assert.deepEqual(received?.to, ["abuse@registrar.example"], `${field} ${JSON.stringify(payload)}`);
      assert.deepEqual(
        headerNames(received?.bytes ?? Buffer.alloc(0))
          // a Message-ID in the thread is one, whoever wrote it
          .filter((name) => field !== "thread" || (name !== "references" && name !== "in-reply-to"))
          .sort(),
        HEADERS,
        `${field} ${JSON.stringify(payload)}`,
      );
      const parsed = await PostalMime.parse(made.bytes);
      assert.deepEqual(
        parsed.to?.map(({address}) => address),
        ["abuse@registrar.example"],
      );
      assert.equal(parsed.from?.address, SENDER.address);
      assert.deepEqual([parsed.html, parsed.cc, parsed.bcc], [undefined, undefined, undefined]);
      assert.equal(parsed.subject?.startsWith("[WN-2023-000045 vbx0fr] "), true);
    }
  }
});

test("nor can a template of the site bring a header in by its subject, or a body by its text", async () => {
  assert.throws(
    () => readTemplateFile('event: opened\nlanguage: en\nsubject: "a\\r\\nBcc: x@y.example"\ntext: x', "x.yaml"),
    {code: "notice_template_invalid"},
  );
  const own = readTemplateFile(
    'event: opened\nlanguage: en\nsubject: "a\\u2028Bcc: x@y.example"\ntext: "x\\n\\n--boundary\\nContent-Type: text/html\\n"',
    "x.yaml",
  );
  const notice = renderNotice(noticeOf(), {templates: mergeTemplates([own]), sender: SENDER, tokenKey: TOKEN_KEY}, NOW);
  const made = await composeMail(notice, setting, NOW);
  isMail(made);
  assert.deepEqual(headerNames(made.bytes).sort(), HEADERS);
  assert.equal((await PostalMime.parse(made.bytes)).html, undefined);
});
