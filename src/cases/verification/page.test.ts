import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {pageWith} from "../../../test/look-fixture.ts";
import {pageSchema} from "../../model/verification.ts";
import {type HtmlToken, scanHtml} from "./html.ts";
import {readPage} from "./page.ts";
import {similarityOf} from "./similarity.ts";

const bytesOf = (html: string): Uint8Array => Buffer.from(html);
const raw = {url: "http://a.example/", status: 200, type: "text/html", isTruncated: false};

test("a page is read as a visitor sees it: no scripts, no comments, entities in plain letters", () => {
  const {facts} = readPage({
    ...raw,
    bytes: bytesOf(
      `<!doctype html><title>Pay &amp; go</title><script src="https://cdn.example/x.js">var a = "<p>no</p>"</script>
       <!-- hidden <b>words</b> --><p title="a > b">Caf&#233;&nbsp;au <b>lait</b></p><form><input type='PASSWORD'></form>
       <iframe src=//frame.example/></iframe><a href=/x>link</a>`,
    ),
  });
  assert.equal(facts.title, "Pay & go");
  assert.equal(facts.text, "Café au lait link");
  assert.deepEqual([facts.words, facts.forms, facts.passwords, facts.links], [4, 1, 1, 1]);
  assert.deepEqual(facts.hosts, ["cdn.example", "frame.example"]);
});

test("a page in GBK is read by what its header or its meta tag states", () => {
  const gbk = Uint8Array.from([0xb2, 0xe2, 0xca, 0xd4]); // 测试
  assert.equal(readPage({...raw, type: "text/html; charset=GBK", bytes: gbk}).facts.text, "测试");
  const meta = Buffer.concat([bytesOf('<meta charset="gb2312"><p>'), gbk]);
  assert.equal(readPage({...raw, bytes: meta}).facts.text, "测试");
  assert.equal(readPage({...raw, type: "text/html; charset=no-such", bytes: bytesOf("plain")}).facts.text, "plain");
});

test("two Han characters count as a word, so that a Chinese notice is as short as an English one", () => {
  assert.equal(pageWith("<p>该网站已被服务商停用</p>").words, 5);
});

test("a meta refresh is a redirect when it comes at once", () => {
  const refreshOf = (content: string): string | null =>
    readPage({...raw, bytes: bytesOf(`<meta http-equiv=Refresh content="${content}">`)}).refresh;
  assert.equal(refreshOf("0; url=http://b.example/x?a=1;b"), "http://b.example/x?a=1;b");
  assert.equal(refreshOf("0;URL='/next'"), "/next");
  assert.equal(refreshOf("600; url=/later"), null);
  assert.equal(refreshOf("5"), null);
});

test("hostile pages of two megabytes are read in time that grows with their length only", () => {
  const size = 2 * 1024 * 1024;
  for (const piece of [
    "<",
    '<a "',
    "<!--",
    "<script>",
    "<a b='",
    "</",
    "&#",
    "<title>",
    "<meta content='a' ",
    'a="',
    "<svg>",
  ]) {
    const started = process.cpuUsage().user;
    const {facts} = readPage({...raw, bytes: bytesOf(piece.repeat(Math.ceil(size / piece.length)))});
    assert.ok(facts.bytes >= size);
    const seconds = (process.cpuUsage().user - started) / 1e6;
    assert.ok(seconds < 5, `${piece} took ${seconds} s`);
  }
});

test("whatever bytes come, a page can be read, and its facts fit what may cross to us", () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        "<",
        ">",
        '"',
        "'",
        "=",
        "&",
        ";",
        "<!--",
        "-->",
        "<script",
        "</script>",
        "<title>",
        "<meta http-equiv=refresh content=",
        "0;url=",
      ),
      fc.string({unit: "binary"}),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("latin1")),
    ),
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const tokens: HtmlToken[] = [];
      scanHtml(parts.join(""), (token) => tokens.push(token));
      const {facts} = readPage({...raw, bytes: bytesOf(parts.join(""))});
      assert.deepEqual(pageSchema.parse(facts), facts);
    }),
  );
});

const WORDS =
  "welcome to the online banking of example bank please enter your card number and the code we have sent to your phone".split(
    " ",
  );
const article = (words: readonly string[]): string =>
  `<title>Bank</title><div><h1>Hello</h1><p>${words.join(" ")}</p></div>`;

test("a page is like itself, alike with a word changed, and unlike another", () => {
  const one = pageWith(article(WORDS));
  assert.equal(similarityOf(one, one), 1);
  const changed = pageWith(article(WORDS.with(5, "other")));
  assert.ok(similarityOf(one, changed) > 0.6, String(similarityOf(one, changed)));
  const another = pageWith(`<title>Bread</title><ul>${"<li>loaf of rye, three a day</li>".repeat(20)}</ul>`);
  assert.ok(similarityOf(one, another) < 0.2, String(similarityOf(one, another)));
});

test("likeness is the same from both sides, within 0 and 1", () => {
  const html = fc
    .array(fc.constantFrom(...WORDS, "<p>", "<div>", "<b>", "<title>x</title>"), {maxLength: 60})
    .map((parts) => parts.join(" "));
  fc.assert(
    fc.property(html, html, (one, other) => {
      const found = similarityOf(pageWith(one), pageWith(other));
      assert.equal(found, similarityOf(pageWith(other), pageWith(one)));
      assert.ok(found >= 0 && found <= 1);
    }),
  );
});
