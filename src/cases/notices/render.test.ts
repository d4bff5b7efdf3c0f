import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import {caseOf, contactOf, NOW, noticeOf, SENDER, TOKEN_KEY} from "../../../test/notice-samples.ts";
import {NOTICE_EVENTS, NOTICE_LANGUAGES, type Notification} from "../../model/notification.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";
import {noticeDocument} from "./portal.ts";
import {renderNotice, sealedSubject} from "./render.ts";
import {SLOTS} from "./slots.ts";
import {mergeTemplates, readTemplateFile, requestFor} from "./template.ts";

const SHIPPED = path.resolve(import.meta.dirname, "../../../profiles/notices");
const files = readdirSync(SHIPPED, {recursive: true, encoding: "utf8"}).filter((name) => name.endsWith(".yaml"));
const templates = mergeTemplates(
  files.map((name) => readTemplateFile(readFileSync(path.join(SHIPPED, name), "utf8"), name)),
);
const setting = {templates, sender: SENDER, tokenKey: TOKEN_KEY};
const render = (given: Partial<Notification>): ReturnType<typeof renderNotice> =>
  renderNotice(noticeOf(given), setting, NOW);

const anyText = fc.oneof(
  fc.string({unit: "binary", maxLength: 60}),
  fc.webUrl({withQueryParameters: true}),
  fc.constantFrom("{case}", "{", "$&", "$1", "\r\n", "a\tb"),
);
const anyCase = fc
  .record({
    number: fc.nat({max: 999_999}),
    url: fc.webUrl({withQueryParameters: true, withFragments: true}),
    text: anyText,
    class: fc.constantFrom(...TAXONOMY.incidentClasses.map(({code}) => code)),
    isBare: fc.boolean(),
  })
  .map(({number, url, text, class: code, isBare}) => {
    const each = caseOf(number, {class: code});
    const facts = isBare
      ? {ip: null, asn: null, country: null, registrar: null, brand: null, sector: null}
      : {brand: text, registrar: text, service: text};
    return {
      ...each,
      asset: {...each.asset, ...facts, kind: "url", value: url},
      evidence: isBare ? null : `${text}\n${url}`,
      dueAt: isBare ? null : each.dueAt,
      asked: isBare ? null : text,
    };
  });
const anyNotice = fc
  .record({
    event: fc.constantFrom(...NOTICE_EVENTS),
    language: fc.constantFrom(...NOTICE_LANGUAGES),
    cases: fc.uniqueArray(anyCase, {minLength: 1, maxLength: 40, selector: ({id}) => id}),
    text: anyText,
    isNamed: fc.boolean(),
  })
  .map(({event, language, cases, text, isNamed}) => ({
    event,
    contact: contactOf({language, name: isNamed ? text : null, party: text}),
    cases: event === "contact-confirm" ? [] : cases,
    reason: text,
    complaint: {id: "WC-2023-000001", receivedAt: NOW, outcome: text},
  }));

test("rendering is deterministic, fills every slot, and no exact web address stands in the text or the subject", () => {
  fc.assert(
    fc.property(anyNotice, (given) => {
      const notice = render(given);
      assert.deepEqual(render(given), notice);
      const words = `${notice.subject}\n${notice.text}`;
      for (const name of Object.keys(SLOTS)) if (name !== "case") assert.ok(!words.includes(`{${name}}`), name);
      for (const {asset} of given.cases) assert.ok(!words.includes(asset.value), asset.value);
      assert.doesNotMatch(words, /\b(https?|ftp):\/\//i);
      assert.doesNotMatch(
        words,
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u,
      );
      assert.ok(!notice.subject.includes("\n"));
    }),
    {numRuns: 300},
  );
});

test("the CSV has one row for each case, X-ARF one report, and every case id of a long list is in one of them", () => {
  const cases = Array.from({length: 60}, (_, at) => caseOf(at));
  const {text, files: made} = render({cases});
  const [csv, ...reports] = made;
  assert.equal(csv?.text.trimEnd().split("\r\n").length, 61);
  assert.equal(reports.length, 60);
  assert.match(text, /\(35 more are left out here; all are in cases\.csv\)/);
  for (const {id} of cases) assert.ok(csv?.text.includes(id));
});

test("what is taken back or closed carries no X-ARF, for machines would act on it; a reporter gets no file", () => {
  assert.deepEqual(
    render({event: "recall"}).files.map(({name}) => name),
    ["cases.csv"],
  );
  assert.deepEqual(
    render({event: "thanks"}).files.map(({name}) => name),
    ["cases.csv"],
  );
  assert.deepEqual(render({event: "reporter-received"}).files, []);
});

test("a reporter is told nothing of the responsible party, its network or the evidence", () => {
  const complaint = {id: "WC-2023-000001", receivedAt: NOW, outcome: "Closed."};
  for (const event of ["reporter-received", "reporter-closed"] as const) {
    const {text} = render({event, complaint, contact: contactOf({name: "A. Citizen", party: "A. Citizen"})});
    assert.doesNotMatch(text, /Registrar|AS64500|203\[\.\]0|drop\[\.\]php|TLP/);
  }
});

test("a subject is cut, and of an encrypted mail it is the token and nothing of the cases", () => {
  const notice = render({cases: [caseOf(1, {class: "x".repeat(500)})]});
  assert.ok(notice.subject.length <= 120);
  assert.equal(sealedSubject(notice), `${notice.token} Encrypted notification`);
});

test("every class has words of its own or those for all, in both languages", () => {
  for (const language of NOTICE_LANGUAGES)
    for (const {code} of TAXONOMY.incidentClasses)
      assert.notEqual(requestFor(templates, language, code), null, `${language} ${code}`);
});

test("the document for API and portal says what the mail says", () => {
  const notice = render({cases: [caseOf(1), caseOf(2)]});
  const document = noticeDocument(notice, NOW);
  assert.equal(document.text, notice.text);
  assert.equal(document.cases[0]?.asset, caseOf(1).asset.value);
  assert.equal(document.cases[0]?.asset_shown, "hxxps://login[.]bank-1[.]example/account/verify[.]php?id=1");
  assert.deepEqual(
    document.xarf.map((report) => report["source_identifier"]),
    ["203.0.113.7", "203.0.113.7"],
  );
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
});

test("a value that is cut is cut whole, at every length around the limit", () => {
  for (let length = 60; length <= 140; length++) {
    const value = `https://a.example/${"%F0".repeat(length)}\u202e`;
    const {text} = render({cases: [caseOf(1, {asset: {...caseOf(1).asset, value}})]});
    assert.ok(text.isWellFormed());
    assert.doesNotMatch(text, /\u202e/);
    assert.doesNotMatch(text, /https:\/\//);
  }
});
