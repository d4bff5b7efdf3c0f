import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import {parseAtomFeed, parseJsonFeed, parseRssFeed} from "feedsmith";
import {fixtureArchive} from "../../../test/archive-fixture.ts";
import {fixtureDocument} from "../../../test/edition-fixture.ts";
import {absolute, linkBetween} from "./archive.ts";
import {editionPages} from "./edition-pages.ts";
import {siteFiles} from "./site.ts";

const archive = fixtureArchive(12);
const documents = (["zh", "en"] as const).flatMap((language) =>
  (["long", "short"] as const).map((variant) => fixtureDocument(language, variant)),
);
const files = new Map(
  [...siteFiles(archive), ...archive.editions.flatMap((edition) => editionPages(archive, edition, documents))].map(
    ({path: name, content}) => [name, content],
  ),
);
const contentOf = (name: string): string => files.get(name) ?? assert.fail(`${name} is missing`);

test("links between pages are relative, so that the archive can lie in any folder of a server", () => {
  assert.equal(linkBetween("index.html", "2023-02-20/index.html"), "2023-02-20/");
  assert.equal(linkBetween("en/2023-02-20/short.html", "2023-02-20/index.html"), "../../2023-02-20/");
  assert.equal(linkBetween("en/2023-02-20/index.html", "en/2023-02-20/short.html"), "short.html");
  assert.equal(linkBetween("2023-02-20/short.html", "2023-02-20/index.html"), "./");
  assert.equal(linkBetween("en/index.html", "index.html"), "../");
  assert.equal(linkBetween("index.html", "index.html"), "./");
  assert.equal(absolute(archive, "en/index.html"), "https://bulletin.csirt.example/en/");
});

test("every link of every page leads to a page or file of the archive", () => {
  const known = new Set([
    ...files.keys(),
    ...archive.editions.flatMap((edition) => edition.files.map((file) => file.path)),
  ]);
  const broken: string[] = [];
  for (const [name, content] of files) {
    if (!name.endsWith(".html") || name === "404.html") continue;
    for (const [, href = ""] of content.matchAll(/<a [^>]*href="([^"#][^"]*)"/g)) {
      if (/^https?:/.test(href)) continue;
      const joined = path.posix.join(path.posix.dirname(name), href);
      const target = joined.endsWith("/") || joined === "." ? path.posix.join(joined, "index.html") : joined;
      const isBeforeFirst = /^(en\/)?20\d\d-\d\d-\d\d\//.test(target);
      if (!known.has(target) && !isBeforeFirst) broken.push(`${name} → ${href}`);
    }
  }
  assert.deepEqual(broken, []);
});

test("an edition leads to the one before and the one after, and the newest to none after", () => {
  const newest = contentOf("2023-02-20/index.html");
  assert.match(newest, /rel="prev" href="\.\.\/2023-02-13\/"/);
  assert.doesNotMatch(newest, /rel="next"/);
  assert.match(contentOf("2023-02-13/index.html"), /rel="next" href="\.\.\/2023-02-20\/"/);
});

test("an edition offers its other form, its other language and all its files", () => {
  const page = contentOf("en/2023-02-20/index.html");
  for (const href of [
    "short.html",
    "../../2023-02-20/",
    "../../2023-02-20/edition.en.pdf",
    "../../2023-02-20/edition.en.docx",
  ]) {
    assert.ok(page.includes(`href="${href}"`), href);
  }
  assert.ok(!page.includes("edition.zh.pdf"));
});

test("the front page lists every edition under the year of its number, newest year first", () => {
  const page = contentOf("index.html");
  assert.ok(page.indexOf("2023年（9期）") > 0);
  assert.ok(page.indexOf("2023年（9期）") < page.indexOf("2022年（3期）"));
  assert.equal(page.match(/<li><a class="g\d"/g)?.length, 12);
  assert.match(contentOf("en/index.html"), /2023 \(9 issues\)/);
});

test("an archive without any edition still has its pages", () => {
  const empty = siteFiles({...archive, editions: [], history: {weeks: [], values: {}}});
  const index = empty.find((file) => file.path === "index.html");
  assert.match(index?.content ?? "", /还没有发布过周报/);
});

test("RSS, Atom and JSON Feed carry the same issues, newest first, with absolute links", () => {
  const rss = parseRssFeed(contentOf("feed.xml"));
  const atom = parseAtomFeed(contentOf("atom.xml"));
  const json = parseJsonFeed(contentOf("feed.json"));
  const links = archive.editions.map(({week}) => `https://bulletin.csirt.example/${week.from}/`);
  assert.deepEqual(
    rss.items?.map((item) => item.link),
    links,
  );
  assert.deepEqual(
    atom.entries?.map((entry) => entry.links?.[0]?.href),
    links,
  );
  assert.deepEqual(
    json.items?.map((item) => item.url),
    links,
  );
  assert.equal(rss.items?.[0]?.title, "网络安全信息与动态周报2023年第9期（2月20日-2月26日）");
  assert.equal(parseJsonFeed(contentOf("en/feed.json")).language, "en");
});

test("a feed has the last 30 issues of a long archive", () => {
  const long = siteFiles(fixtureArchive(45)).find((file) => file.path === "feed.json");
  assert.equal(parseJsonFeed(long?.content ?? "").items?.length, 30);
});

test("the sitemap has every page in every language, each naming the others", () => {
  const sitemap = contentOf("sitemap.xml");
  assert.equal(sitemap.match(/<url>/g)?.length, 2 * (2 + 12 * 2));
  assert.ok(sitemap.includes("<loc>https://bulletin.csirt.example/en/2023-02-20/short.html</loc>"));
  assert.ok(sitemap.includes('hreflang="zh-CN" href="https://bulletin.csirt.example/2023-02-20/"'));
});

test("the trends page draws every indicator that has a value and leads to the data of all weeks", () => {
  const page = contentOf("trends/index.html");
  assert.equal(page.match(/<figure class="chart" id="trend-/g)?.length, Object.keys(archive.history.values).length);
  assert.match(page, /<figure class="chart alone" id="trend-rating">/);
  assert.match(page, /href="\.\.\/data\/indicators\.csv"/);
  assert.equal(contentOf("data/indicators.csv").trim().split("\r\n").length, 13);
});

test("the trends name their days in the language, and give the rating and the index of each week", () => {
  const [zh, en] = [contentOf("trends/index.html"), contentOf("en/trends/index.html")];
  assert.match(zh, /2022年12月5日至2023年2月26日共12周/);
  assert.match(en, /12 weeks, from 5 December 2022 to 26 February 2023/);
  const newest = archive.editions[0];
  assert.ok(newest?.index);
  const row = /<tbody>\s*<tr>(.*?)<\/tr>/s.exec(en.slice(en.indexOf("t-trends")))?.[1] ?? "";
  const cells = [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, text]) => text);
  assert.deepEqual(cells.slice(0, 3), ["2023-02-20", "Good", newest.index.toFixed(1)]);
});

test("counts that only help to count others have no trend, and a site's own indicators have one", () => {
  const values = {"msite.urls_with_ip": [1, 2], "site.own": [3, 4], "phish.pages_per_ip": [7.5608108, 7.25]};
  const weeks = ["2023-02-13", "2023-02-20"];
  const files = siteFiles({...archive, history: {weeks, values}});
  const page = files.find((file) => file.path === "en/trends/index.html")?.content ?? "";
  assert.doesNotMatch(page, /urls_with_ip/);
  assert.match(page, /id="trend-site\.own"/);
  assert.match(page, /<td class="end">7\.6<\/td>/);
});

test("the page for a wrong address works at any depth: its links are absolute", () => {
  for (const [, href = ""] of contentOf("404.html").matchAll(/<a [^>]*href="([^"]*)"/g)) {
    assert.match(href, /^(#main|https:\/\/bulletin\.csirt\.example\/)/);
  }
});
