/** Golden mails: each event in both languages, as a person reads them. UPDATE=1 rewrites; the difference is read. */
import assert from "node:assert/strict";
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import PostalMime from "postal-mime";
import {composeMail} from "../src/app/mail/compose.ts";
import {loadTemplates} from "../src/app/mail/templates.ts";
import {renderNotice} from "../src/cases/notices/render.ts";
import {
  NOTICE_EVENTS,
  NOTICE_LANGUAGES,
  type NoticeEvent,
  type NoticeLanguage,
  type Notification,
} from "../src/model/notification.ts";
import {caseOf, contactOf, NOW, noticeOf, SENDER, TOKEN_KEY} from "./notice-samples.ts";
import {ROOT, temporaryFolder} from "./site.ts";

const GOLDEN = path.join(ROOT, "test/golden/notices");
const templates = await loadTemplates(null);
const setting = {templates, sender: SENDER, tokenKey: TOKEN_KEY};
const first = new Date("2023-02-20T02:00:00Z");

/** The names that each language's sample has. */
const NAMES: Readonly<
  Record<NoticeLanguage, {party: string; name: string; reporter: string; outcome: string; reason: string}>
> = {
  zh: {
    party: "示例域名注册有限公司",
    name: "投诉受理组",
    reporter: "王女士",
    outcome: "相关网页已于 2023-02-22 关闭，我们两次复查均无法访问。",
    reason: "经复核，下列网址属于示例银行的正式活动页面，此前的判断有误。",
  },
  en: {
    party: "Example Registrar Ltd.",
    name: "Abuse Desk",
    reporter: "Ms Wang",
    outcome: "The page was taken down on 2023-02-22; we looked twice and it was gone.",
    reason: "On a second look the address is a genuine page of Example Bank; we were wrong.",
  },
};

/** One sample for each event; those about several cases show what several look like. */
function sampleOf(event: NoticeEvent, language: NoticeLanguage): Notification {
  const {party, name, reporter, outcome, reason} = NAMES[language];
  const defaced = caseOf(124, {
    class: "web.deface",
    severity: "III",
    asset: {...caseOf(124).asset, kind: "site", value: "www.city.example", registrar: null, brand: null},
    events: 1,
    evidence: null,
  });
  const isReporter = event.startsWith("reporter");
  return noticeOf({
    event,
    contact: contactOf({
      language,
      party,
      name,
      ...(isReporter ? {address: "someone@mail.example", party: reporter, name: reporter} : {}),
    }),
    cases: event === "contact-confirm" ? [] : isReporter || event === "recall" ? [caseOf(123)] : [caseOf(123), defaced],
    ordinal: event === "contact-confirm" ? 2023 : event === "reminder" ? 2 : 1,
    complaint: isReporter ? {id: "WC-2023-000001", receivedAt: first, outcome} : null,
    reason: event === "recall" ? reason : null,
    toldAt: ["reminder", "escalated", "recall", "thanks"].includes(event) ? first : null,
    thread: event === "reminder" ? ["<first@csirt.example>"] : [],
  });
}

async function readable(notification: Notification): Promise<Record<string, string>> {
  const notice = renderNotice(notification, setting, NOW);
  const mail = await composeMail(
    notice,
    {
      sender: SENDER,
      from: SENDER.address,
      replyTo: null,
      envelopeFrom: "bounces@csirt.example",
      signer: null,
      encryptFor: ["AMBER+STRICT"],
      isAutomatic: true,
    },
    NOW,
  );
  assert.ok(mail.kind === "mail");
  const parsed = await PostalMime.parse(mail.bytes);
  const headers = parsed.headers
    .filter(({key}) => !/^(content-type|content-transfer-encoding|mime-version|subject|from|to)$/.test(key))
    .map(({originalKey, value}) => `${originalKey}: ${value}`);
  const address = (name: string | undefined, of: string | undefined): string => `${name} <${of}>`;
  const files = Object.fromEntries(
    parsed.attachments.map(({filename, content}) => [
      filename ?? "",
      Buffer.from(content instanceof ArrayBuffer ? new Uint8Array(content) : content).toString(),
    ]),
  );
  const top = [
    `From: ${address(parsed.from?.name, parsed.from?.address)}`,
    `To: ${address(parsed.to?.[0]?.name, parsed.to?.[0]?.address)}`,
    `Subject: ${parsed.subject}`,
    ...headers,
  ];
  return {"mail.txt": `${top.join("\n")}\n\n${parsed.text?.replace(/\r\n/g, "\n").trimEnd()}\n`, ...files};
}

for (const language of NOTICE_LANGUAGES) {
  for (const event of NOTICE_EVENTS) {
    test(`${event} in ${language} reads as it did when it was last read by a person`, async () => {
      const folder = path.join(GOLDEN, language, event);
      const made = await readable(sampleOf(event, language));
      if (process.env["UPDATE"] === "1") {
        mkdirSync(folder, {recursive: true});
        for (const [name, text] of Object.entries(made)) writeFileSync(path.join(folder, name), text);
      }
      assert.deepEqual(existsSync(folder) ? readdirSync(folder).sort() : [], Object.keys(made).sort());
      for (const [name, text] of Object.entries(made))
        assert.equal(text, readFileSync(path.join(folder, name), "utf8"), `${folder}/${name}`);
    });
  }
}

test("there is a template of ours for every event in both languages, and words for every class", () => {
  for (const language of NOTICE_LANGUAGES) {
    for (const event of NOTICE_EVENTS) {
      const {text, subject} = renderNotice(sampleOf(event, language), setting, NOW);
      assert.doesNotMatch(text + subject, /[{}]/, `${event} ${language}`);
      assert.ok(text.split("\n").length > 5);
    }
  }
});

test("a site's own template goes before ours; the one in the guide writes a mail", async () => {
  const home = temporaryFolder();
  cpSync(path.join(ROOT, "examples/notices"), path.join(home, "notices"), {recursive: true});
  const own = await loadTemplates(home);
  const notice = renderNotice(noticeOf(), {...setting, templates: own}, NOW);
  assert.equal(notice.template.name, "site:en/opened-phishing.yaml");
  assert.match(notice.subject, /^Phishing page, 1 in all: please take down by 2023-02-23 18:00/);
  assert.match(notice.text, /hxxps:\/\/login\[\.\]bank-123/);
  const other = renderNotice(noticeOf({cases: [caseOf(1, {class: "web.deface"})]}), {...setting, templates: own}, NOW);
  assert.equal(other.template.name, "en/opened.yaml");
  writeFileSync(path.join(home, "notices/wrong.yaml"), "event: opened\nlanguage: en\nsubject: x\ntext: '{nothing}'\n");
  await assert.rejects(loadTemplates(home), {code: "notice_template_invalid", message: /site:wrong\.yaml:4/});
});
