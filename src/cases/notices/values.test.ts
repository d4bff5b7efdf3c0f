import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {defang, defangLines, defangText, oneLine} from "./values.ts";
import {aligned, columns, cut} from "./width.ts";

/** What mail programs make links of. Source: RFC 3986, and how programs find addresses in plain text. */
const CLICKABLE =
  /\b(https?|ftps?|wss?|mailto|javascript|data|file|tel):\S|[\p{L}\p{N}_-]\.[\p{L}]{2,}|\b\d{1,3}(\.\d{1,3}){3}\b|[\p{L}\p{N}]@[\p{L}\p{N}]|www\./iu;

const SAMPLES: readonly (readonly [string, string])[] = [
  ["https://pay.example.com/a.php?u=http://x.test", "hxxps://pay[.]example[.]com/a[.]php?u=hxxp://x[.]test"],
  ["192.0.2.1", "192[.]0[.]2[.]1"],
  ["2001:db8::1", "2001[:]db8::1"],
  ["javascript:alert(1)", "javascript[:]alert(1)"],
  ["HTTP://user@bank.test:80/", "hxxp://user[@]bank[.]test:80/"],
  ["银行。test", "银行[.]test"],
  ["file:///etc/passwd", "file[:]///etc/passwd"],
];

for (const [value, shown] of SAMPLES) {
  test(`${value} is written ${shown}`, () => assert.equal(defang(value), shown));
}

test("no address in any text can be clicked, in any field", () => {
  const part = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
  const address = fc.oneof(
    fc.webUrl({withQueryParameters: true, withFragments: true}),
    fc.ipV4(),
    fc.emailAddress(),
    fc.tuple(part, fc.constantFrom("com", "cn", "example", "php")).map((parts) => parts.join(".")),
    fc.tuple(fc.constantFrom("javascript", "data", "mailto", "FTP", "Http"), part).map((parts) => parts.join(":")),
  );
  fc.assert(
    fc.property(
      address,
      fc.lorem({maxCount: 4}).map((text) => text.replaceAll(".", "")),
      (value, words) => {
        assert.doesNotMatch(defang(value), CLICKABLE);
        assert.doesNotMatch(defangText(`${words} ${value}, ${words}（${value}）`), CLICKABLE);
        assert.ok(!defangText(`${words} ${value}`).includes(value) || !CLICKABLE.test(value));
      },
    ),
    {numRuns: 2000},
  );
});

test("a sentence keeps its numbers and its stops", () => {
  assert.equal(defangText("Version 3.5 was seen. It is old."), "Version 3.5 was seen. It is old.");
  assert.equal(defangText("共发现 3.5 万次。请处置。"), "共发现 3.5 万次。请处置。");
  assert.equal(defangText("Example Registrar Ltd."), "Example Registrar Ltd.");
});

test("what a reader cannot see is written out, and a value stays on one line", () => {
  assert.equal(oneLine("a\r\nBcc: b"), "a⟨U+000A⟩Bcc: b");
  assert.equal(oneLine("pay\u202eexe.\u200b\u3164"), "pay⟨U+202E⟩exe.⟨U+200B⟩⟨U+3164⟩");
  fc.assert(
    fc.property(fc.string({unit: "binary"}), (text) => {
      assert.doesNotMatch(oneLine(text), /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u);
      assert.ok(defang(text).isWellFormed());
    }),
    {numRuns: 2000},
  );
});

test("of a long text as many lines are given as fit, and the rest is counted", () => {
  assert.deepEqual(defangLines("one\r\n\r\ntwo\u2028three\nfour", 3), {lines: ["one", "two", "three"], left: 1});
});

test("columns are aligned although Chinese takes two of them", () => {
  const lines = aligned([
    ["序号", "事件编号", "级别"],
    ["1", "WF-2023-000123", "IV"],
  ]);
  assert.deepEqual(lines, ["序号  事件编号        级别", "1     WF-2023-000123  IV"]);
  assert.equal(columns("é中"), 3);
  assert.equal(cut("网络安全事件", 7), "网络安…");
});
