/**
 * Six real weeks, 2023-01-16 to 2023-02-26: takes public lists of those weeks into data folders that fit each source,
 * computes the situations, compares them with counts made independently, and renders an edition of 2023-02-20.
 *
 *     npm run six-weeks -- [DATA] [TO]
 *
 * DATA holds the lists (docs/six-weeks.md says which); TO, which must not exist yet, gets the data folders and the edition.
 */
import {access, cp, mkdir, readdir, readFile, stat, writeFile} from "node:fs/promises";
import path from "node:path";
import {parseDocument} from "yaml";
import {tableText} from "../src/app/command.ts";
import {CONFIG_FILE} from "../src/app/config.ts";
import {draftEdition, ingestDelivery} from "../src/app/flow.ts";
import {type House, openHouse} from "../src/app/house.ts";
import {documentsOf, EDITION_FORMATS, renderEdition} from "../src/app/publish/rendering.ts";
import {initHome} from "../src/app/site/init.ts";
import {situationOf} from "../src/app/situation.ts";
import {mindClosedPipes} from "../src/app/terminal/closed-pipe.ts";
import type {Situation} from "../src/model/indicator.ts";
import {weekNamed} from "../src/model/week.ts";
import {enterFigures, overrideRating} from "../src/store/entries.ts";
import {type Engine, openEngine} from "../src/store/events/engine.ts";

const MONDAYS = ["2023-01-16", "2023-01-23", "2023-01-30", "2023-02-06", "2023-02-13", "2023-02-20"];
const EDITION_WEEK = "2023-02-20";
const FETCHED_AT = new Date("2023-03-01T00:00:00Z");

/** A list, and how it gets into a data folder. */
interface Source {
  readonly feed: string;
  readonly folder: string;
  readonly files: RegExp;
  /** Its phishing pages are aimed at the people whom the data folder serves. */
  readonly isAimed?: boolean;
}

/** A data folder that fits its sources. */
interface Site {
  readonly name: string;
  readonly profile: "cn" | "generic";
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly sources: readonly Source[];
  /** Whether it gets the province ranges. */
  readonly hasProvinces?: boolean;
  /** Indicators in the table. */
  readonly shown: readonly string[];
}

const TWEETFEED: Source = {feed: "tweetfeed", folder: "2-lists/tweetfeed", files: /^2023\d{4}\.csv$/, isAimed: true};
const TWEETFEED_SHOWN = ["web.phishing_pages", "phish.domains", "c2.ips", "msite.domains", "malware.new_families"];

const SITES: readonly Site[] = [
  {
    name: "japan",
    profile: "generic",
    overrides: {
      zone: "Asia/Tokyo",
      territory: {country: "JP", name: {zh: "日本", en: "Japan"}, tlds: ["jp"]},
    },
    sources: [{feed: "jpcert-phishurl", folder: "2-lists/jpcert-phishurl", files: /^20230[12]\.csv$/, isAimed: true}],
    shown: ["web.phishing_pages", "phish.domains"],
  },
  {name: "utc", profile: "generic", overrides: {zone: "UTC"}, sources: [TWEETFEED], shown: TWEETFEED_SHOWN},
  {
    name: "utc+8",
    profile: "generic",
    overrides: {zone: "Asia/Shanghai"},
    sources: [TWEETFEED],
    shown: TWEETFEED_SHOWN,
  },
  {
    name: "china",
    profile: "cn",
    overrides: {},
    sources: [
      {feed: "cnvd", folder: "3-vuln/cnvd", files: /^\d+_2023.*\.xml$/},
      {feed: "c2-tracker", folder: "2-lists/c2-tracker", files: /^observations\.csv$/},
    ],
    hasProvinces: true,
    shown: ["vuln.total", "vuln.high", "vuln.medium", "vuln.low", "c2.ips"],
  },
];

/** What CNCERT/CC published for the week of the edition and no list carries: a person enters it. */
const PUBLISHED = {
  "incident.total": 1777,
  "incident.cross_border": 1182,
  "incident.phishing": 1530,
  "mobile.platforms": 61,
  "mobile.urls": 69,
};
const EDITOR = "editor-on-duty";

/** Makes the data folder of a site and takes its sources in. Returns how much came of it. */
async function takeIn(house: House, site: Site, data: string): Promise<string[][]> {
  const rows: string[][] = [];
  for (const {feed, folder, files} of site.sources) {
    const sums = {reports: 0, received: 0, events: 0, rejects: 0, empty: 0};
    for (const name of (await readdir(path.join(data, folder))).filter((each) => files.test(each)).sort()) {
      const file = path.join(data, folder, name);
      if ((await stat(file)).size === 0) {
        sums.empty++; // nothing was delivered: that is a gap, not a quiet day
        continue;
      }
      for await (const report of ingestDelivery(house, {path: file}, {feed, fetchedAt: FETCHED_AT, now: new Date()})) {
        sums.reports++;
        sums.received += report.received;
        sums.events += report.events;
        sums.rejects += report.rejects;
      }
    }
    rows.push([site.name, feed, ...Object.entries(sums).map(([what, number]) => `${number} ${what}`)]);
  }
  return rows;
}

async function makeHome(site: Site, data: string, home: string): Promise<void> {
  await initHome({home, profile: site.profile, passphrase: null});
  const file = path.join(home, CONFIG_FILE);
  const config = parseDocument(await readFile(file, "utf8"));
  config.set("overrides", config.createNode(site.overrides));
  for (const {feed, isAimed} of site.sources) config.setIn(["feeds", feed, "isAimedAtConstituency"], isAimed === true);
  await writeFile(file, config.toString());
  if (site.hasProvinces === true)
    await cp(path.join(data, "4-attribution/cn-ip/cncity"), path.join(home, "tables/provinces"), {recursive: true});
}

/** Independent counts that mean the same as an indicator, by site, week and indicator; empty where there are none. */
async function independentCounts(data: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const text = await readFile(path.join(data, "weekly-counts.json"), "utf8").catch(() => "{}");
  const stated: Record<string, Record<string, Record<string, number>>> = JSON.parse(text);
  for (const [index, monday] of MONDAYS.entries()) {
    const pages = stated["jpcert-phishurl"]?.[`2023-W0${index + 3}`]?.["distinct_urls"];
    if (pages !== undefined) counts.set(`japan ${monday} web.phishing_pages`, pages);
    const [, cnvd] = Object.entries(stated["cnvd"] ?? {}).find(([name]) => name.includes(`_${monday}_`)) ?? [];
    for (const part of ["total", "high", "medium", "low"])
      if (cnvd?.[part] !== undefined) counts.set(`china ${monday} vuln.${part}`, cnvd[part]);
  }
  return counts;
}

function rowsOf(
  site: Site,
  situations: readonly Situation[],
  independent: ReadonlyMap<string, number>,
): {rows: string[][]; agree: number; of: number} {
  let [agree, of] = [0, 0];
  const rows = site.shown.map((id) => [
    site.name,
    id,
    ...situations.map(({week, indicators}) => {
      const value = indicators[id]?.value ?? null;
      const stated = independent.get(`${site.name} ${week.from} ${id}`);
      if (stated !== undefined) of++;
      if (stated !== undefined && stated === value) agree++;
      return `${value ?? "-"}${stated === undefined ? "" : stated === value ? " =" : ` (independently ${stated})`}`;
    }),
  ]);
  return {rows, agree, of};
}

/** Enters what no list carries, drafts the edition and renders it in every format and language. */
async function renderWeek(house: House, to: string): Promise<string[]> {
  const week = weekNamed(EDITION_WEEK, house.config.profile.zone);
  const now = new Date();
  const {db} = await house.database();
  const entries = Object.entries(PUBLISHED).map(([indicator, value]) => ({
    week: week.from,
    indicator,
    value,
    by: EDITOR,
  }));
  await enterFigures(db, entries, now);
  const reason = {zh: "国家互联网应急中心当周公布的评价", en: "As published by CNCERT/CC for the week"};
  await overrideRating(db, {week: week.from, grade: "良", reason, by: EDITOR}, now);
  const {input} = await draftEdition(house, {week, by: EDITOR, now});
  const {profile} = house.config;
  const names: string[] = [];
  for (const variant of ["long", "short"] as const) {
    const documents = documentsOf(input, profile, {languages: ["zh", "en"], variant});
    const cache = path.join(house.home, "tmp", "fonts");
    const files = await renderEdition({input, profile, documents, formats: EDITION_FORMATS, createdAt: now, cache});
    for (const file of files) {
      await mkdir(path.dirname(path.join(to, file.name)), {recursive: true});
      await writeFile(path.join(to, file.name), file.bytes);
      names.push(file.name);
    }
  }
  return names;
}

/** What came of one site. */
interface Walked {
  readonly taken: string[][];
  readonly rows: string[][];
  readonly agree: number;
  readonly of: number;
}

/** Makes a site, takes its sources in and computes its six weeks. */
async function walk(
  site: Site,
  folders: {readonly data: string; readonly to: string},
  {engine, independent}: {readonly engine: Engine; readonly independent: ReadonlyMap<string, number>},
): Promise<Walked> {
  const home = path.join(folders.to, "homes", site.name);
  await makeHome(site, folders.data, home);
  const house = await openHouse(home, {engine});
  try {
    const taken = await takeIn(house, site, folders.data);
    const situations: Situation[] = [];
    for (const monday of MONDAYS)
      situations.push(await situationOf(house, weekNamed(monday, house.config.profile.zone), new Date()));
    if (site.name === "china") {
      const names = await renderWeek(house, path.join(folders.to, "edition"));
      process.stdout.write(`${names.length} files in ${path.join(folders.to, "edition")}\n\n`);
    }
    return {taken, ...rowsOf(site, situations, independent)};
  } finally {
    await house.close();
  }
}

/** Walks all sites and prints what came out; fails when a count differs from the independent one. */
async function main([data = defaultData(), to = "var/six-weeks"]: readonly string[]): Promise<void> {
  await access(data);
  await mkdir(to, {recursive: true});
  const engine = openEngine({scratch: path.join(to, "engine"), idleSeconds: 60, maxMemoryBytes: 1_600_000_000});
  const independent = await independentCounts(data);
  const walked: Walked[] = [];
  try {
    for (const site of SITES) walked.push(await walk(site, {data, to}, {engine, independent}));
  } finally {
    await engine.close();
  }
  const [agree, of] = [
    walked.reduce((sum, each) => sum + each.agree, 0),
    walked.reduce((sum, each) => sum + each.of, 0),
  ];
  const table = [["site", "indicator", ...MONDAYS], ...walked.flatMap((each) => each.rows)];
  process.stdout.write(`${tableText(walked.flatMap((each) => each.taken))}\n\n${tableText(table)}\n\n`);
  process.stdout.write(`= agrees with the independent count: ${agree} of ${of}\n`);
  if (agree < of) process.exitCode = 1;
}

function defaultData(): string {
  return path.join(path.resolve(import.meta.dirname, "..", process.env["WATCHFLOOR_SHARED"] ?? "../shared"), "data");
}

mindClosedPipes();
await main(process.argv.slice(2));
