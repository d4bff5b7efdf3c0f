/**
 * What attackers write ends up in bulletins: brands, families, domains, feed names. None of it may run, hide, lead
 * astray or become a formula, in whatever format the edition is read.
 */
import assert from "node:assert/strict";
import test from "node:test";
import {parseAtomFeed, parseJsonFeed, parseRssFeed} from "feedsmith";
import {renderIndicatorCsv} from "../src/bulletin/data/csv.ts";
import {renderJson} from "../src/bulletin/data/json.ts";
import {editionSchema} from "../src/bulletin/data/json-schema.ts";
import type {EditionDocument} from "../src/bulletin/document.ts";
import type {EditionInput} from "../src/bulletin/edition-input.ts";
import {renderHtml} from "../src/bulletin/html.ts";
import {renderMarkdown} from "../src/bulletin/markdown.ts";
import {siteFiles} from "../src/bulletin/site/site.ts";
import {fixtureArchive} from "./archive-fixture.ts";
import {fixtureDocument, fixtureInput, indicator, shippedProfile} from "./edition-fixture.ts";

const profile = shippedProfile("cn");

const EVIL = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "</title></style><svg onload=alert(1)>",
  "]]><x>&lt;b&gt;",
  "invoice\u202Egpj.exe",
  "pay\u200Bpal\u0000\u0007",
  '=HYPERLINK("http://evil.example","x")',
  "+1+cmd|' /C calc'!A0",
  "-2+3",
  "@SUM(A1:A9)",
  "＝1+1",
  "\t=1",
  "[x](javascript:alert(1)) ![y](http://evil.example/p.png)",
  'a,b\r\nc"d',
  "\ud800 lone",
];
const ONE = EVIL.join(" ");
const LINKS = [
  "javascript:alert(1)",
  "data:text/html,<script>",
  "//evil.example",
  "https://a@evil.example/",
  "java\tscript:x",
];
const bilingual = {zh: ONE, en: ONE};

/** The synthetic week with an attacker's text wherever a text comes from outside or from a person. */
function hostileInput(): EditionInput {
  const cells = EVIL.map((key, index) => ({key, value: 50 - index}));
  return {
    ...fixtureInput,
    indicators: {
      ...fixtureInput.indicators,
      "web.phishing_pages": indicator(900, 800, {brand: cells, sector: cells}),
      "web.defaced": indicator(900, 800, {tld: cells}),
      "msite.domains": indicator(900, 800, {tld: cells, scope: cells}),
      "vuln.total": indicator(900, 800, {vulnType: cells}),
      [EVIL[6] ?? ""]: indicator(1, null, {family: cells}),
    },
    infraEvents: [{id: "x", day: "2023-02-21", level: "III", reach: "nation", title: bilingual, by: ONE, at: ONE}],
    gaps: EVIL.map((feed) => ({feed, kind: "silent", delivered: 0, usual: 5})),
    corrections: [{version: 2, day: "2023-03-05", reason: bilingual}],
    news: LINKS.map((link) => ({title: bilingual, text: bilingual, source: ONE, link})),
    review: fixtureInput.review.map((item, index) => ({...item, link: LINKS[index] ?? null})),
    texts: {zh: {about: ONE}, en: {about: ONE}},
    rating: {...fixtureInput.rating, because: [{kind: "override", ...bilingual}]},
    stamp: bilingual,
    method: fixtureInput.method && {
      ...fixtureInput.method,
      definitions: fixtureInput.method.definitions.map((each) => ({...each, title: bilingual, meaning: bilingual})),
      reports: fixtureInput.method.reports.map((each) => ({...each, feed: ONE})),
      remarks: [bilingual],
    },
  };
}

const input = hostileInput();
const documents: EditionDocument[] = (["zh", "en"] as const).flatMap((language) =>
  (["long", "short"] as const).map((variant) => fixtureDocument(language, variant, input)),
);
/** Characters that hide or turn text around, or that XML and JSON readers choke on. */
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u2066-\u2069\u200b-\u200f]/;

test("in HTML nothing of it is a tag, an attribute or a link", () => {
  for (const document of documents) {
    const page = renderHtml(document);
    assert.doesNotMatch(page, /<(script|img|iframe|x|b>alert|svg onload)/i);
    assert.doesNotMatch(page, /href="\s*(javascript|data|java|\/\/)/i);
    assert.doesNotMatch(page, /href="[^"]*evil/);
    assert.doesNotMatch(page, HIDDEN);
    assert.equal(page.match(/<title>/g)?.length, 1 + (page.match(/<svg/g)?.length ?? 0));
    assert.ok(page.includes("&lt;script&gt;alert(1)&lt;/script&gt;"), "it is still shown, as text");
    assert.ok(page.includes("invoice⟨U+202E⟩gpj.exe"));
  }
});

test("in Markdown nothing of it is HTML, a link, a picture or a new line", () => {
  for (const document of documents) {
    const text = renderMarkdown(document);
    assert.doesNotMatch(text, /<(?!\/?$)/, "no bare angle bracket");
    assert.doesNotMatch(text, /(?<!\\)\]\((javascript|data|http)/i);
    assert.doesNotMatch(text, /(?<!\\)!\[/);
    assert.doesNotMatch(text, HIDDEN);
    assert.doesNotMatch(text, /[a-z]:\/\/evil/i, "no address that becomes a link by itself");
  }
});

test("in CSV no cell is a formula, and quotes and line breaks stay inside their cell", () => {
  const csv = renderIndicatorCsv(input, profile);
  assert.doesNotMatch(csv, HIDDEN);
  const cells = [...csv.replace(/^\ufeff/, "").matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^,\r\n]*))/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? "",
  );
  const formulas = cells.filter((cell) => /^\s*[=+\-@＝＋－＠]/.test(cell) && !/^-?\d+(\.\d+)?(e-\d+)?$/.test(cell));
  assert.deepEqual(formulas, []);
  assert.ok(cells.some((cell) => cell.startsWith("'=HYPERLINK")));
  assert.ok(cells.some((cell) => cell.includes('c""d')));
});

test("in JSON it is text of the published schema, with hidden characters written out", () => {
  for (const document of documents) {
    const text = renderJson(document, input, profile);
    assert.doesNotMatch(text, HIDDEN);
    assert.doesNotMatch(text, /\\u202e|\\u200b/i);
    const json = editionSchema.parse(JSON.parse(text));
    assert.ok(json.review.every(({link}) => link === null));
    const links = json.sections.flatMap(({blocks}) =>
      blocks.flatMap((block) => (block.kind === "list" ? block.items.flat().map(({link}) => link) : [])),
    );
    assert.deepEqual(
      links.filter((link) => link !== undefined),
      [],
    );
  }
});

test("feeds carry it as text, readable by a feed parser, and the front page shows it escaped", () => {
  const archive = fixtureArchive(3);
  const files = siteFiles({
    ...archive,
    editions: archive.editions.map((edition) => ({...edition, summary: bilingual})),
    stamp: bilingual,
  });
  const contentOf = (name: string): string => files.find((file) => file.path === name)?.content ?? "";
  const shown = parseAtomFeed(contentOf("atom.xml")).entries?.[0]?.summary;
  assert.match(typeof shown === "string" ? shown : (shown?.value ?? ""), /^<script>alert\(1\)<\/script>/);
  assert.match(
    parseRssFeed(contentOf("feed.xml")).items?.[0]?.description ?? "",
    /^&lt;script&gt;/,
    "RSS text is HTML",
  );
  assert.match(parseJsonFeed(contentOf("feed.json")).items?.[0]?.content_text ?? "", /^<script>/);
  for (const {path, content} of files) assert.doesNotMatch(content, HIDDEN, path);
  assert.doesNotMatch(contentOf("index.html"), /<(script|img)/);
});
