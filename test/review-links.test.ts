import assert from "node:assert/strict";
import {existsSync, readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {draftEdition, publishEdition, submitEdition} from "../src/app/flow.ts";
import {type Week, weekNamed} from "../src/model/week.ts";
import {overrideRating} from "../src/store/entries.ts";
import {watchfloor} from "./command-line.ts";
import {createDatabase} from "./database.ts";
import {openSite, takeIn, temporaryFolder} from "./site.ts";

/** The review list names the five issues before; those that the archive has are linked to, wherever the file lies. */
const {url, drop} = await createDatabase();
after(drop);
const house = await openSite({config: {database: {url}}});
const site = path.join(house.home, "archive/site");
const WEEKS = ["2026-03-02", "2026-03-16", "2026-03-09"]; // the last one comes out late
const ISSUES = ["2026-03-09", "2026-03-02", "2026-02-23", "2026-02-16", "2026-02-09"];

async function publish(week: Week): Promise<void> {
  const file = path.join(temporaryFolder(), `${week.from}.csv`);
  writeFileSync(file, `date,host\n${week.from},www.shop.example.cn\n`);
  const now = new Date(`${week.to}T23:00:00Z`);
  await takeIn(house, {feed: "defacement", file, fetchedAt: now.toISOString()});
  const {db} = await house.database();
  await overrideRating(db, {week: week.from, grade: "良", reason: {zh: "试", en: "test"}, by: "A"}, now);
  await draftEdition(house, {week, by: "A", now});
  await submitEdition(house, {week, by: "A", now});
  await publishEdition(house, {week, by: "B", now}, null);
}

/** Links of the review list, by issue, in the order of reading: null where the title is no link. */
function linksIn(text: string, section: RegExp, item: RegExp, link: RegExp): (string | null)[] {
  const list = section.exec(text)?.[0] ?? "";
  return [...list.matchAll(item)].map(([each]) => link.exec(each)?.[1] ?? null);
}

const inHtml = (text: string) =>
  linksIn(text, /<ul class="list review">[\s\S]*?<\/ul>/, /<li>.*?<\/li>/g, /href="(.*?)"/);
const inMarkdown = (text: string) =>
  linksIn(text, /\n## (近期回顾|Recent issues)\n[\s\S]*?\n## /, /^- .*$/gm, /\]\((.*?)\)$/);

test("the five issues before are named, newest first, and those in the archive are linked to", {
  timeout: 180_000,
}, async () => {
  for (const week of WEEKS) await publish(weekNamed(week, house.config.profile.zone));
  const version = "2026-03-16/v1/2026-03-16";
  for (const language of ["zh", "en"]) {
    const folder = language === "zh" ? "" : "en/";
    const first = `../../${folder}2026-03-02/`;
    const read = (file: string): string => readFileSync(path.join(site, file), "utf8");
    // the published files are as they were: the late issue was not there
    const json = JSON.parse(read(`${version}.${language}.long.json`));
    assert.deepEqual(
      json.review.map(({week}: {week: {from: string}}) => week.from),
      ISSUES,
    );
    const frozen = [null, first, null, null, null];
    assert.deepEqual(
      json.review.map(({link}: {link: string | null}) => link),
      frozen,
    );
    assert.deepEqual(inHtml(read(`${version}.${language}.long.html`)), frozen);
    assert.deepEqual(inMarkdown(read(`${version}.${language}.long.md`)), frozen);
    assert.ok(existsSync(path.join(site, path.dirname(version), first, "index.html")));
    // the page is made anew with each issue
    const page = `${folder}2026-03-16/index.html`;
    assert.deepEqual(inHtml(read(page)), ["../2026-03-09/", "../2026-03-02/", null, null, null]);
    for (const link of ["../2026-03-09/", "../2026-03-02/"])
      assert.ok(existsSync(path.join(site, path.dirname(page), link, "index.html")), link);
  }
});

test("a file that is rendered elsewhere leads to the address of the archive", {timeout: 60_000}, async () => {
  const to = temporaryFolder();
  const words = ["edition", "render", "--week", "2026-03-16", "--to", to, "--formats", "html,md,json"];
  assert.equal((await watchfloor(words, {home: house.home})).code, 0);
  const root = house.config.profile.publisher.siteUrl;
  const read = (ending: string): string => readFileSync(path.join(to, `2026-03-16.en.long.${ending}`), "utf8");
  const links = [`${root}en/2026-03-09/`, `${root}en/2026-03-02/`, null, null, null];
  assert.deepEqual(inHtml(read("html")), links);
  assert.deepEqual(
    inMarkdown(read("md")).map((link) => link?.replace("\\/", "/") ?? null),
    links,
  );
  assert.deepEqual(
    JSON.parse(read("json")).review.map(({link}: {link: string | null}) => link),
    links,
  );
});
