import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {escapeMarkup, safeLink, visible} from "./escape.ts";

test("web addresses and paths inside the archive are links", () => {
  assert.equal(safeLink("https://bulletin.csirt.example/2023/9/"), "https://bulletin.csirt.example/2023/9/");
  assert.equal(safeLink("../2023-02-13/"), "../2023-02-13/");
  assert.equal(safeLink("edition.pdf?x=1#front"), "edition.pdf?x=1#front");
});

test("addresses that run code, carry a name, or leave the archive unseen are no links", () => {
  for (const link of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\u200bscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//evil.example/",
    "/\\evil.example",
    "https://bank.example@evil.example/",
    "https://evil.example/\u202etxt.exe",
    "http://",
    "",
  ]) {
    assert.equal(safeLink(link), null, link);
  }
});

test("no text at all is taken for a link with a scheme other than http and https", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const link = safeLink(text);
      if (link === null) return;
      const resolved = URL.parse(link, "https://archive.example/a/b/");
      assert.ok(resolved === null || resolved.protocol === "https:" || resolved.protocol === "http:", link);
    }),
  );
});

test("characters that hide or turn text around are written out", () => {
  assert.equal(visible("invoice\u202etxt.exe"), "invoice⟨U+202E⟩txt.exe");
  assert.equal(visible("pay\u200bpal\u0000"), "pay⟨U+200B⟩pal⟨U+0000⟩");
  assert.equal(visible("a\ud800b"), "a\ufffdb");
  assert.equal(visible("网络安全，第9期 – “ok” 😀"), "网络安全，第9期 – “ok” 😀");
});

test("whatever the text, none of the five characters of markup gets through, and none that XML forbids", () => {
  fc.assert(
    fc.property(fc.string({unit: "binary"}), (text) => {
      assert.doesNotMatch(escapeMarkup(text), /[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      assert.doesNotMatch(escapeMarkup(text), /[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
    }),
  );
});
