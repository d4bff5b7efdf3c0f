import assert from "node:assert/strict";
import test from "node:test";
import {caseOf, contactOf, NOW, noticeOf, SENDER, TOKEN_KEY} from "../../../test/notice-samples.ts";
import {renderNotice} from "./render.ts";
import {mergeTemplates, readTemplateFile, requestFor, templateFor} from "./template.ts";

const head = "event: opened\nlanguage: en\n";
const requests = readTemplateFile(
  'language: en\nrequests:\n  - {classes: ["*"], seen: Seen., asked: Act.}\n',
  "en/requests.yaml",
);
const file = (text: string, name = "en/x.yaml"): ReturnType<typeof readTemplateFile> =>
  readTemplateFile(head + text, name);

const FAULTS: readonly (readonly [string, string, RegExp])[] = [
  [
    "a slot that there is not",
    "subject: x\ntext: |\n  a {nothing} b",
    /en\/x\.yaml:4 text: there is no slot \{nothing\}/,
  ],
  ["an expression", 'subject: x\ntext: "{case.id}"', /there is no slot \{case\.id\}/],
  ["a slot that says nothing for the event", 'subject: x\ntext: "{outcome}"', /\{outcome\} says nothing for opened/],
  [
    "an asset in the subject",
    'subject: "{asset}"\ntext: x',
    /en\/x\.yaml:3 subject: \{asset\} cannot stand in a subject/,
  ],
  ["a brace alone", 'subject: x\ntext: "a { b"', /brace that belongs to no slot/],
  ["a subject of two lines", 'subject: "a\\nBcc: b"\ntext: x', /en\/x\.yaml:3 subject: is one line/],
  ["a class that there is not", "classes: [web.nothing]\nsubject: x\ntext: x", /no class fits "web\.nothing"/],
  ["a key that there is not", "subject: x\ntext: x\nhtml: x", /en\/x\.yaml:5 html: there is no such key/],
  ["no text", "subject: x", /text/],
  ["broken YAML", "subject: [", /en\/x\.yaml:\d+ /],
];

for (const [what, text, message] of FAULTS) {
  test(`a template with ${what} is refused with file and line`, () => {
    assert.throws(
      () => file(text),
      (error: Error) => {
        assert.match(error.message, message);
        return "code" in error && error.code === "notice_template_invalid";
      },
    );
  });
}

test("the closest class counts; of two as close that of the site", () => {
  const all = mergeTemplates([
    file('classes: ["*"]\nsubject: site\ntext: x', "site:en/all.yaml"),
    file('classes: ["*"]\nsubject: ours\ntext: x', "en/all.yaml"),
    file('classes: ["web.*"]\nsubject: web\ntext: x', "en/web.yaml"),
    file("classes: [web.phish]\nsubject: phish\ntext: x", "en/phish.yaml"),
  ]);
  const subjectFor = (code: string | null): string | undefined =>
    templateFor(all, {event: "opened", language: "en", class: code})?.subject;
  assert.deepEqual([null, "mal.bot", "web.deface", "web.phish"].map(subjectFor), ["site", "site", "web", "phish"]);
  assert.equal(templateFor(all, {event: "opened", language: "zh", class: null}), null);
  assert.equal(requestFor(requests, "en", "web.phish")?.asked, "Act.");
});

test("a template that is missing says what was wanted and what there is", () => {
  const templates = file("subject: x\ntext: x", "en/opened.yaml");
  const notification = noticeOf({contact: contactOf({language: "zh"})});
  assert.throws(() => renderNotice(notification, {templates, sender: SENDER, tokenKey: TOKEN_KEY}, NOW), {
    code: "notice_template_missing",
    message: /event opened, language zh, class web\.phish.*en\/opened\.yaml.*notices\//,
  });
});

test("a value that looks like a slot stays as it is, and a paragraph without a value goes with its heading", () => {
  const templates = mergeTemplates([
    file("subject: x {class}\ntext: |\n  {contact}\n\n  EVIDENCE\n  {evidence}\n\n  end"),
    requests,
  ]);
  const contact = contactOf({name: "{token} {case}"});
  const notice = renderNotice(
    noticeOf({contact, cases: [caseOf(1, {evidence: null})]}),
    {templates, sender: SENDER, tokenKey: TOKEN_KEY},
    NOW,
  );
  assert.equal(notice.text, "{token} {case}\n\nend\n");
});

test("another wording is another version and another Message-ID; so is another request of its class", () => {
  const make = (text: string, asked: string): string => {
    const own = readTemplateFile(`language: en\nrequests:\n  - {classes: ["*"], seen: s, asked: ${asked}}\n`, "r.yaml");
    const templates = mergeTemplates([file(`subject: x\ntext: "${text} {asked}"`), own]);
    return renderNotice(noticeOf(), {templates, sender: SENDER, tokenKey: TOKEN_KEY}, NOW).messageId;
  };
  assert.equal(make("a", "b"), make("a", "b"));
  assert.equal(new Set([make("a", "b"), make("c", "b"), make("a", "d")]).size, 3);
});
