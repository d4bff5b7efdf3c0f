import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync, statSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import type {House} from "../src/app/house.ts";
import {addDays, daysOf, weekNamed} from "../src/model/week.ts";
import {eventsOf, eventsOn, openSite, SHARED, takeIn} from "./site.ts";

/**
 * Real data of many weeks against counts that were computed independently of us, to the digit, by queries on the raw values
 * in the lake (RULINGS 3). Each home has the time zone of its source.
 */
const DATA = path.join(SHARED, "data");
const skip = existsSync(DATA) ? false : "skipped: no shared data";
const FETCHED_AT = "2026-01-01T00:00:00Z";
const JAPAN = {zone: "Asia/Tokyo", territory: {country: "JP", name: {zh: "日本", en: "Japan"}, tlds: ["jp"]}};

type Counts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const stated: Readonly<Record<string, Counts>> =
  skip === false ? JSON.parse(readFileSync(path.join(DATA, "weekly-counts.json"), "utf8")) : {};

const site = async (overrides: object): Promise<House> => openSite({profile: "generic", config: {overrides}});
const homes =
  skip === false
    ? {japan: await site(JAPAN), utc: await site({zone: "UTC"}), china: await site({zone: "Asia/Shanghai"})}
    : null;

function home(name: "japan" | "utc" | "china"): House {
  return homes?.[name] ?? assert.fail("no shared data");
}

/** Takes all files of a folder in whose names begin so; a file without a byte is named, for it can be no report. */
async function takeAll(
  house: House,
  feed: string,
  {folder, begins}: {folder: string; begins: string},
): Promise<string[]> {
  const ids: string[] = [];
  const names = readdirSync(path.join(DATA, folder)).filter((name) => name.startsWith(begins));
  for (const name of names.sort()) {
    const file = path.join(DATA, folder, name);
    if (statSync(file).size === 0) continue;
    const [report] = await takeIn(house, {feed, file, fetchedAt: FETCHED_AT});
    assert.ok(report !== undefined && report.rejects === 0, `${name} has rejects`);
    ids.push(report.id);
  }
  return ids;
}

/** The Monday of an ISO week such as 2023-W08: week 1 is the one with 4 January. */
function mondayOf(isoWeek: string): string {
  const [year = "", week = ""] = isoWeek.split("-W");
  const fourth = `${year}-01-04`;
  const weekday = (new Date(`${fourth}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(fourth, 7 * (Number(week) - 1) - weekday);
}

/** Rows of a week of the home's lake: the FROM clause. */
async function weekOf(house: House, isoWeek: string, own = ""): Promise<string> {
  return eventsOn(house, daysOf(weekNamed(mondayOf(isoWeek), house.config.profile.zone)), own);
}

async function row<Row>(house: House, sql: string): Promise<Row> {
  const [first] = await house.engine.query<Row>(sql);
  return first ?? assert.fail("the query gave no row");
}

/** The stated list is of the most frequent: each has its count, and nothing that is not in it has more than the last. */
function assertTop(all: readonly {key: string; n: number}[], top: readonly (readonly [string, number])[]): void {
  const counts = new Map(all.map(({key, n}) => [key, n]));
  assert.deepEqual(
    top.map(([key]) => [key, counts.get(key) ?? 0]),
    top,
  );
  const least = top.at(-1)?.[1] ?? 0;
  const others = all.filter(({key, n}) => n > least && !top.some(([each]) => each === key));
  assert.deepEqual(others, []);
}

test("JPCERT/CC phishing pages: rows, distinct pages, hosts and brands of 19 weeks of Japan", {skip}, async (t) => {
  const house = home("japan");
  await takeAll(house, "jpcert-phishurl", {folder: "2-lists/jpcert-phishurl", begins: "20"});
  const weeks = Object.entries(stated["jpcert-phishurl"] ?? {});
  for (const [isoWeek, {top_brands: brands, ...expected}] of weeks) {
    const from = await weekOf(house, isoWeek);
    const COUNT = `SELECT count() AS rows, uniqExact(url) AS distinct_urls, uniqExact(domainRFC(url)) AS distinct_hosts FROM ${from}`;
    assert.deepEqual(await row(house, COUNT), expected, isoWeek);
    assertTop(await house.engine.query(`SELECT brand AS key, count() AS n FROM ${from} GROUP BY key`), topOf(brands));
  }
  t.diagnostic(`${weeks.length} weeks agree`);
});

for (const [zone, name] of [
  ["utc", "utc"],
  ["utc+8", "china"],
] as const) {
  test(`TweetFeed in ${zone.toUpperCase()}: rows, distinct values, types, phishing and tags of each week`, {
    skip,
  }, async (t) => {
    const house = home(name);
    await takeAll(house, "tweetfeed", {folder: "2-lists/tweetfeed", begins: "2023"});
    const weeks = Object.entries(stated[`tweetfeed-2023 ${zone}`] ?? {});
    for (const [isoWeek, {top_tags: tags, by_type: types, ...expected}] of weeks) {
      const from = await weekOf(house, isoWeek, "x_type String");
      const value = "(x_type, asset, if(asset_kind = 'ip', ip, NULL))";
      const COUNT = `
        SELECT count() AS rows, uniqExact(${value}) AS distinct_type_value,
          uniqExactIf(asset, has(splitByChar(' ', tag), '#phishing') AND x_type IN ('url', 'domain')) AS distinct_phishing_url_or_domain
        FROM ${from}`;
      assert.deepEqual(await row(house, COUNT), expected, isoWeek);
      const byType = await house.engine.query<{key: string; n: number}>(
        `SELECT x_type AS key, count() AS n FROM ${from} GROUP BY key`,
      );
      assert.deepEqual(Object.fromEntries(byType.map(({key, n}) => [key, n])), types, isoWeek);
      const TAGS = `SELECT arrayJoin(splitByChar(' ', lower(tag))) AS key, count() AS n FROM ${from} WHERE tag != '' GROUP BY key`;
      assertTop(await house.engine.query(TAGS), topOf(tags));
    }
    t.diagnostic(`${weeks.length} weeks agree; 2023-01-26 is an empty file, which is refused as a report`);
  });
}

test("C2-Tracker: control servers by the week in which they were first seen", {skip}, async (t) => {
  const house = home("utc");
  await takeAll(house, "c2-tracker", {folder: "2-lists/c2-tracker", begins: "observations"});
  const weeks = Object.entries(stated["c2-tracker first_seen per week"] ?? {});
  for (const [isoWeek, expected] of weeks) {
    const from = await weekOf(house, isoWeek);
    const {n} = await row<{n: number}>(house, `SELECT count() AS n FROM ${from} WHERE feed = 'c2-tracker'`);
    assert.equal(n, expected, isoWeek);
  }
  t.diagnostic(
    `${weeks.length} weeks agree; the daily lists are here for 6 of 27 days only and cannot give the first sight`,
  );
});

test("OpenPhish: pages and hosts by the week in which they were first seen", {skip}, async (t) => {
  const house = home("utc");
  await takeAll(house, "openphish", {folder: "2-lists/openphish", begins: "observations"});
  const weeks = Object.entries(stated["openphish first_seen per week"] ?? {});
  for (const [isoWeek, expected] of weeks) {
    const COUNT = `SELECT uniqExact(url) AS urls, uniqExact(domainRFC(url)) AS distinct_hosts FROM ${await weekOf(house, isoWeek)}`;
    assert.deepEqual(await row(house, COUNT), expected, isoWeek);
  }
  t.diagnostic(`${weeks.length} weeks agree`);
});

test("OpenPhish: the lists themselves, two a day, give the first week's distinct pages and hosts", {
  skip,
}, async (t) => {
  const house = home("china");
  const folder = path.join(DATA, "2-lists/openphish/snapshots");
  const names = readdirSync(folder).sort();
  for (const name of names) {
    const fetchedAt = name.replace(/^(\d{4}-\d{2}-\d{2}T\d{2})(\d{2})Z\.txt$/, "$1:$2:00Z");
    const [report] = await takeIn(house, {feed: "openphish", file: path.join(folder, name), fetchedAt});
    assert.equal(report?.rejects, 0, name);
  }
  const first = Object.values(stated["openphish first_seen per week"] ?? {})[0];
  const COUNT = `SELECT uniqExact(url) AS urls, uniqExact(domainRFC(url)) AS distinct_hosts FROM ${await weekOf(house, "2025-W27")}`;
  assert.deepEqual(await row(house, COUNT), first);
  t.diagnostic(`${names.length} lists; there are none of the later weeks`);
});

test("CNVD: each weekly file by severity, with CVE number, with patch, by kind", {skip}, async (t) => {
  const house = home("china");
  const ids = await takeAll(house, "cnvd", {folder: "3-vuln/cnvd", begins: "12"});
  const files = Object.entries(stated["cnvd"] ?? {});
  assert.equal(ids.length, files.length);
  for (const [index, [name, expected]] of files.entries()) {
    const rows = await eventsOf(house, ids[index] ?? "");
    const count = (is: (each: (typeof rows)[number]) => boolean): number => rows.filter(is).length;
    const found = {
      total: new Set(rows.map((each) => each["asset"])).size,
      high: count((each) => each["severity"] === "high"),
      medium: count((each) => each["severity"] === "medium"),
      low: count((each) => each["severity"] === "low"),
      with_cve: count((each) => each["x_cve"] !== ""),
      with_patch: count((each) => each["x_patchName"] !== ""),
      event_type: {通用软硬件漏洞: count((each) => each["x_isEvent"] === "通用软硬件漏洞")},
    };
    assert.deepEqual(found, expected, name);
  }
  t.diagnostic(`${files.length} files agree`);
});

test("defaced sites by week", {skip}, async (t) => {
  const house = home("utc");
  await takeAll(house, "defacement", {folder: "2-lists/defacement", begins: "unit500"});
  const weeks = Object.entries(stated["defacement per week"] ?? {});
  for (const [isoWeek, expected] of weeks) {
    const {n} = await row<{n: number}>(house, `SELECT count() AS n FROM ${await weekOf(house, isoWeek)}`);
    assert.equal(n, expected, isoWeek);
  }
  t.diagnostic(`${weeks.length} weeks agree; of PhishTank no weekly counts are stated`);
});

test("every count that is stated was looked at", {skip}, () => {
  const known = [
    "_note",
    "jpcert-phishurl",
    "tweetfeed-2023 utc",
    "tweetfeed-2023 utc+8",
    "c2-tracker first_seen per week",
    "openphish first_seen per week",
    "cnvd",
    "defacement per week",
  ];
  assert.deepEqual(Object.keys(stated), known);
});

function topOf(value: unknown): [string, number][] {
  assert.ok(Array.isArray(value) && value.length > 0);
  return value.map((each: [string, number]) => each);
}
