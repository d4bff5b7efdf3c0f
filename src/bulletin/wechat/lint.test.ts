import assert from "node:assert/strict";
import test from "node:test";
import type {WechatArticle} from "./limits.ts";
import {lintWechat} from "./lint.ts";

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47]);
const article = (change: Partial<WechatArticle>): WechatArticle => ({
  title: "周报",
  digest: "本周良。",
  html: '<section style="font-size:15px"><p style="color:#17212b">良</p></section>',
  images: [],
  ...change,
});
const rulesOf = (change: Partial<WechatArticle>): string[] => lintWechat(article(change)).map(({rule}) => rule);
const P = '<p style="color:#17212b">';

test("a plain article has no findings", () => {
  assert.deepEqual(lintWechat(article({})), []);
});

test("everything that WeChat drops is found, with its place", () => {
  const cases: readonly (readonly [html: string, rule: string])[] = [
    [`<div>x</div>`, "tag"],
    [`<script>x</script>`, "tag"],
    [`<a href="https://example.org">x</a>`, "tag"],
    [`<svg></svg>`, "tag"],
    [`<section class="x"></section>`, "attribute"],
    [`<section id="x"></section>`, "attribute"],
    [`<section onclick="x"></section>`, "attribute"],
    [`<table width="10"></table>`, "attribute"],
    [`<section style="position:fixed"></section>`, "style"],
    [`<section style="display:flex"></section>`, "style"],
    [`<section style="display:grid"></section>`, "style"],
    [`<section style="transform:none"></section>`, "style"],
    [`<section style="color:var(--x)"></section>`, "style"],
    [`<section style="color:hsl(1,2%,3%)"></section>`, "style"],
    [`<section style="background-color:url(x)"></section>`, "style"],
    [`<section style="color:red !important"></section>`, "style"],
    [`<p style="font-size:1px">x</p>`, "color"],
    [`<p>x</p>`, "color"],
    [`${P}x</section>`, "markup-broken"],
    [`${P}x`, "markup-broken"],
    [`${P}1 < 2</p>`, "markup-broken"],
  ];
  for (const [html, rule] of cases) {
    const findings = lintWechat(article({html}));
    assert.ok(
      findings.some((finding) => finding.rule === rule && finding.place.startsWith("character ")),
      `${html}: ${JSON.stringify(findings)}`,
    );
  }
});

test("lengths are held: title 32, digest 128, below 20,000 characters and 1 MB", () => {
  assert.deepEqual(rulesOf({title: "周".repeat(32), digest: "报".repeat(128)}), []);
  assert.deepEqual(rulesOf({title: "周".repeat(33)}), ["title-long"]);
  assert.deepEqual(rulesOf({title: " "}), ["title-empty"]);
  assert.deepEqual(rulesOf({digest: "报".repeat(129)}), ["digest-long"]);
  const filled = (length: number) => `${P}${"x".repeat(length - P.length - 4)}</p>`;
  assert.deepEqual(rulesOf({html: filled(19_999)}), []);
  assert.deepEqual(rulesOf({html: filled(20_000)}), ["html-long"]);
  assert.deepEqual(rulesOf({html: filled(1_000_000)}), ["html-long", "html-large"]);
});

test("pictures are PNG files of the article, with width and alternative text, each below 1 MB", () => {
  const img = (attributes: string) => `${P}<img ${attributes}/></p>`;
  const fit = img('src="a.png" alt="图" style="width:100%"');
  const image = {name: "a.png", png: PNG};
  assert.deepEqual(rulesOf({html: fit, images: [image]}), []);
  assert.deepEqual(rulesOf({html: fit}), ["image-missing"]);
  assert.deepEqual(rulesOf({images: [image]}), ["image-unused"]);
  assert.deepEqual(rulesOf({html: img('src="a.png" alt="图"'), images: [image]}), ["image-width"]);
  assert.deepEqual(rulesOf({html: img('src="a.png" style="width:1px"'), images: [image]}), ["image-alt"]);
  assert.deepEqual(rulesOf({html: fit, images: [{...image, png: new Uint8Array(4)}]}), ["image-kind"]);
  const large = new Uint8Array(1_000_000);
  large.set(PNG);
  assert.deepEqual(rulesOf({html: fit, images: [{...image, png: large}]}), ["image-large"]);
  const away = {name: "../a.png", png: PNG};
  assert.deepEqual(rulesOf({html: fit.replace("a.png", "../a.png"), images: [away]}), ["image-name"]);
});
