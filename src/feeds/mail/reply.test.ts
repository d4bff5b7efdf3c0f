import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type {ReplyStatement, Understood} from "../../model/complaint.ts";
import type {MailHead} from "../../model/mail.ts";
import {answerTo, whyNoAnswer} from "./answer.ts";
import {isAutoReply, isByMachine} from "./auto-reply.ts";
import {statementOf} from "./reply-statement.ts";
import {replyText} from "./reply-text.ts";
import {tokensOf} from "./reply-tokens.ts";

const HEAD: MailHead = {
  from: {name: "", address: "abuse@party.example.org"},
  sender: null,
  replyTo: [],
  to: [],
  cc: [],
  subject: "",
  date: null,
  messageId: null,
  inReplyTo: [],
  references: [],
  returnPath: null,
  autoSubmitted: null,
  contentType: "text/plain",
  reportType: null,
  headers: [],
};
const withHeader = (name: string, value: string): MailHead => ({...HEAD, headers: [{name, value}]});
const withSubject = (subject: string): MailHead => ({...HEAD, subject});

const SAYS: readonly (readonly [string, ReplyStatement])[] = [
  ["The site has been taken down.", "done"],
  ["We have suspended the domain.", "done"],
  ["Hello, this was removed. Regards", "done"],
  ["您好，该网站已处置。", "done"],
  ["已关停，谢谢", "done"],
  ["域名已于今日暂停解析。", "done"],
  ["处理完毕", "done"],
  ["We have received your report and are investigating.", "acknowledged"],
  ["Thank you for your report.", "acknowledged"],
  ["收到，谢谢。", "acknowledged"],
  ["已收悉，我们将尽快核实。", "acknowledged"],
  ["已转用户处理，正在整改。", "acknowledged"],
  ["This IP is not ours. Please contact the registrar.", "not_ours"],
  ["The domain is no longer hosted with us.", "not_ours"],
  ["该域名非我司注册。", "not_ours"],
  ["该IP不属于我公司。", "not_ours"],
  ["Could you please provide more evidence?", "asks"],
  ["Which URL is affected?", "asks"],
  ["请提供截图。", "asks"],
  ["能否提供更多日志？", "asks"],
  ["收到。已处置。", "done"],
  ["We have received your report. The page has been removed.", "done"],
  ["Thanks for the report. Could you provide the logs?", "asks"],
  ["The site has not been removed.", "unclear"],
  ["It will be suspended once it has been confirmed.", "unclear"],
  ["尚未处置完毕。", "unclear"],
  ["Why was my site suspended", "unclear"],
  ["The page has been removed. The second is not hosted by us.", "unclear"],
  ["Hello", "unclear"],
  ["", "unclear"],
];
for (const [text, says] of SAYS) {
  test(`"${text}" is ${says}`, () => {
    assert.equal(statementOf(text), says);
  });
}

const QUOTED = "> The page hxxp://a is still up.\n> Please act.\n";
const CLIENTS: readonly (readonly [string, string])[] = [
  ["Gmail in Chinese", `已处置\n\n张三 <a@example.org> 于2023年2月20日周一 10:00写道：\n\n${QUOTED}`],
  [
    "QQ Mail",
    '已处置\n\n------------------ 原始邮件 ------------------\n发件人: "cert" <a@example.org>;\n发送时间: 2023年2月20日(星期一) 上午10:00\n主题: 通报\n\n请处置',
  ],
  ["Foxmail", "已处置\n\n发件人： cert\n发送时间： 2023-02-20 10:00\n收件人： abuse\n主题： 通报\n请处置"],
  ["NetEase", `已处置\n\n在 2023-02-20 10:00:00，"cert" <a@example.org> 写道：\n${QUOTED}`],
  [
    "Outlook in Chinese",
    "已处置\n\n________________________________\n发件人: cert <a@example.org>\n发送时间: 2023年2月20日 10:00\n收件人: abuse\n主题: 通报\n\n请处置",
  ],
  ["Thunderbird", `已处置\n\nOn 20/02/2023 10:00, cert wrote:\n${QUOTED}`],
  [
    "a head in two lines",
    `已处置\n\nOn Mon, Feb 20, 2023 at 10:00 AM National Computer Network Emergency\n<cert@example.org> wrote:\n\n${QUOTED}`,
  ],
  ["a phone", "已处置\n\n发自我的iPhone"],
  ["an answer below", `On 20/02/2023 10:00, cert wrote:\n${QUOTED}\n已处置\n`],
  ["a signature", "已处置\n-- \nAbuse Team\nTel 1"],
];
for (const [client, text] of CLIENTS) {
  test(`the new text is found in a reply by ${client}`, () => {
    assert.equal(replyText(text).text, "已处置");
  });
}

test("whatever was quoted never counts as what the party says", () => {
  const words = fc.array(fc.constantFrom("has been removed", "已处置", "Please act", "", "收到"), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(words, (lines) => {
      const {text} = replyText(
        `Hello\n\nOn 20/02/2023 10:00, cert wrote:\n${lines.map((line) => `> ${line}`).join("\n")}\n`,
      );
      return text === "Hello" && statementOf(text) === "unclear";
    }),
  );
});

test("the id and token of a notification are found in the subject, before those of old mails below", () => {
  const tokens = tokensOf({
    head: {
      ...HEAD,
      subject: "Re: 回复: [WN-2023-000045 k7q2w3] phishing",
      inReplyTo: ["<new@x>"],
      references: ["<first@x>", "<second@x>"],
    },
    text: "> [WN-2022-000001 aaaaa1]",
  });
  assert.deepEqual(tokens.notifications, [{id: "WN-2023-000045", token: "k7q2w3"}]);
  assert.deepEqual(tokens.messageIds, ["<new@x>", "<second@x>", "<first@x>"]);
});

test("without a subject the text is looked at; an id without token stays without", () => {
  const tokens = tokensOf({head: HEAD, text: "about wf-2023-000123 and WN-2023-000045 please, WC-2023-000009"});
  assert.deepEqual(tokens, {
    notifications: [{id: "WN-2023-000045", token: null}],
    cases: ["WF-2023-000123"],
    complaints: ["WC-2023-000009"],
    messageIds: [],
  });
});

const AUTO: readonly MailHead[] = [
  {...HEAD, autoSubmitted: "auto-replied"},
  withHeader("x-autoreply", "yes"),
  withHeader("x-autorespond", "Away"),
  withHeader("precedence", "auto_reply"),
  ...[
    "Out of Office: Re: x",
    "Automatic reply: x",
    "Vacation reply",
    "自动回复: 通报",
    "Re: 自动回复：x",
    "自動返信：不在",
    "不在通知",
    "Abwesenheitsnotiz",
    "Réponse automatique : x",
    "자동 회신: x",
  ].map(withSubject),
];
for (const head of AUTO) {
  test(`an automatic answer is known: ${head.subject || head.autoSubmitted || head.headers[0]?.name}`, () => {
    assert.equal(isAutoReply(head), true);
  });
}

test("a person's mail is none", () => {
  for (const head of [
    HEAD,
    withSubject("Re: [WN-2023-000045 k7q2w3] office network"),
    withSubject("外出务工诈骗网站举报"),
    withSubject("Vacation rental scam site"),
    withSubject("Absence of a DMARC record"),
    {...HEAD, autoSubmitted: "no"},
    withHeader("precedence", "normal"),
  ])
    assert.equal(isAutoReply(head) || isByMachine(head), false);
});

const PERSON: Understood = {
  as: "reply",
  tokens: {notifications: [], cases: [], complaints: [], messageIds: []},
  text: "",
  says: "unclear",
};
const FACTS = {own: ["cert@example.net"], answersToday: 0};

test("only a person gets an answer, once a day, at the address he states", () => {
  assert.equal(whyNoAnswer(HEAD, PERSON, FACTS), null);
  assert.equal(whyNoAnswer(HEAD, PERSON, {...FACTS, answersToday: 1}), "enough");
  assert.equal(whyNoAnswer({...HEAD, from: null}, PERSON, FACTS), "no_sender");
  assert.equal(whyNoAnswer({...HEAD, from: {name: "", address: "CERT@example.net"}}, PERSON, FACTS), "own");
  assert.equal(whyNoAnswer(HEAD, {as: "bounce", bounces: [], originalMessageId: null}, FACTS), "bounce");
  assert.equal(answerTo({...HEAD, replyTo: [{name: "", address: "Desk@party.example.org"}]}), "desk@party.example.org");
  assert.equal(answerTo({...HEAD, replyTo: [{name: "", address: "a@b.test\r\nBcc: evil@x.test"}]}), null);
});

test("no machine gets an answer", () => {
  const machines = [
    ...AUTO,
    {...HEAD, autoSubmitted: "auto-generated"},
    {...HEAD, returnPath: ""},
    withHeader("list-id", "<x.example.org>"),
    withHeader("precedence", "bulk"),
    withHeader("x-auto-response-suppress", "All"),
    withHeader("x-loop", "x"),
    ...["noreply@x.org", "no-reply@x.org", "MAILER-DAEMON@x.org", "postmaster@x.org", "bounce+1@x.org"].map(
      (address) => ({...HEAD, from: {name: "", address}}),
    ),
  ];
  for (const head of machines) assert.equal(whyNoAnswer(head, PERSON, FACTS), "machine");
});

test("a reporter who wants no answer gets none", () => {
  const complaint: Understood = {
    as: "complaint",
    format: "plain",
    reporter: null,
    reference: null,
    wantsAnswer: false,
    complaints: [],
    rejects: [],
  };
  assert.equal(whyNoAnswer(HEAD, complaint, FACTS), "not_wanted");
  assert.equal(whyNoAnswer(HEAD, {...complaint, wantsAnswer: null}, FACTS), null);
});

test("a machine that says of itself that it is a person: of 1,000 answers one a day is answered", () => {
  let [day, answers, total] = [0, 0, 0];
  for (let mail = 0; mail < 1000; mail++) {
    if (Math.floor(mail / 100) !== day) [day, answers] = [Math.floor(mail / 100), 0];
    if (whyNoAnswer(HEAD, PERSON, {...FACTS, answersToday: answers}) === null) {
      answers++;
      total++;
    }
  }
  assert.equal(total, 10);
});
