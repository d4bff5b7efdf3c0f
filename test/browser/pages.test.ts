/** The public pages in a real browser: accessible, without scripts and requests, and fitting every width. */
import assert from "node:assert/strict";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after, before} from "node:test";
import {pathToFileURL} from "node:url";
import {type Browser, chromium} from "playwright-core";
import type {Chart} from "../../src/bulletin/chart.ts";
import {drawChart} from "../../src/bulletin/charts.ts";
import {PROVINCE_UNITS} from "../../src/bulletin/names.ts";
import {editionPages} from "../../src/bulletin/site/edition-pages.ts";
import {siteFiles} from "../../src/bulletin/site/site.ts";
import {addDays} from "../../src/model/week.ts";
import {INDICATORS} from "../../src/situation/indicators.ts";
import {fixtureArchive} from "../archive-fixture.ts";
import {fixtureDocument, fixtureInput} from "../edition-fixture.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const skip = CHROMIUM === undefined ? "skipped: no chromium" : false;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PAGES = [
  "index.html",
  "en/index.html",
  "2023-02-20/index.html",
  "2023-02-20/short.html",
  "en/2023-02-20/index.html",
  "trends/index.html",
  "404.html",
];

const folder = mkdtempSync(path.join(tmpdir(), "watchfloor-pages-"));
let browser: Browser | null = null;

before(async () => {
  if (CHROMIUM === undefined) return;
  const archive = fixtureArchive(30);
  const corrections = [{version: 2, day: "2023-03-08", reason: {zh: "更正一处数字。", en: "One number was wrong."}}];
  const method = fixtureInput.method && {...fixtureInput.method, definitions: INDICATORS};
  const documents = (["zh", "en"] as const).flatMap((language) =>
    (["long", "short"] as const).map((variant) =>
      fixtureDocument(language, variant, {...fixtureInput, corrections, method}),
    ),
  );
  const [edition] = archive.editions;
  assert.ok(edition);
  for (const {path: name, content} of [...siteFiles(archive), ...editionPages(archive, edition, documents)]) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), {recursive: true});
    writeFileSync(file, content);
  }
  browser = await chromium.launch({executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"]});
});

after(async () => {
  await browser?.close();
  rmSync(folder, {recursive: true, force: true});
});

const addressOf = (page: string): string => pathToFileURL(path.join(folder, page)).href;

test("no page has an accessibility fault that axe can find, in light and in dark", {
  skip,
  timeout: 120_000,
}, async () => {
  assert.ok(browser);
  const faults: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    // axe itself has to run in the page, so this one look is taken past the page's own policy
    const context = await browser.newContext({bypassCSP: true, colorScheme, viewport: {width: 1280, height: 900}});
    for (const name of PAGES) {
      const page = await context.newPage();
      await page.goto(addressOf(name));
      await page.evaluate(AXE);
      const found: {id: string; nodes: string[]}[] = await page.evaluate(
        "axe.run().then((r) => r.violations.map(({id, nodes}) => ({id, nodes: nodes.map((n) => n.html.slice(0, 120))})))",
      );
      faults.push(...found.map(({id, nodes}) => `${colorScheme} ${name} ${id}: ${nodes.slice(0, 3).join(" | ")}`));
      await page.close();
    }
    await context.close();
  }
  assert.deepEqual(faults, []);
});

test("pages fit phones and wide screens without scrolling sideways, in wide fonts too", {
  skip,
  timeout: 60_000,
}, async () => {
  assert.ok(browser);
  for (const width of [320, 375, 768, 1440]) {
    const page = await browser.newPage({bypassCSP: true, viewport: {width, height: 800}});
    for (const name of PAGES) {
      await page.goto(addressOf(name));
      for (const font of ["*{letter-spacing:0}", "*{letter-spacing:.06em}"]) {
        await page.addStyleTag({content: font});
        const needed = await page.evaluate<number>("document.documentElement.scrollWidth");
        assert.ok(needed <= width, `${name} needs ${needed} at ${width}${font}`);
      }
    }
    await page.close();
  }
});

test("a page asks nothing of anybody and its policy complains of nothing", {skip, timeout: 60_000}, async () => {
  assert.ok(browser);
  const page = await browser.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  for (const name of PAGES) await page.goto(addressOf(name));
  assert.deepEqual(requests, PAGES.map(addressOf));
  assert.deepEqual(complaints, []);
  await page.close();
});

/** Labels that stand out of their drawing, by how much and where. */
const CUT_LABELS = `[...document.querySelectorAll("svg")].flatMap((svg) => {
  const {x, y, width, height} = svg.viewBox.baseVal;
  if (svg.getClientRects().length === 0) return [];
  return [...svg.querySelectorAll("text")].flatMap((text) => {
    const box = text.getBBox();
    const over = Math.max(x - box.x, box.x + box.width - x - width, y - box.y, box.y + box.height - y - height);
    return over > 0.5 ? [text.textContent + " by " + over.toFixed(1)] : [];
  });
})`;

test("no label of a chart is cut off, whatever font the browser has", {skip, timeout: 60_000}, async () => {
  assert.ok(browser);
  const page = await browser.newPage({viewport: {width: 1000, height: 800}});
  for (const name of PAGES) {
    await page.goto(addressOf(name));
    assert.deepEqual(await page.evaluate<string[]>(CUT_LABELS), [], name);
  }
  const names = [".EXAMPLE", ".TEST", "MAXWELL & WEX", "WWW.MMM.EXAMPLE", "0123456789", "示例Bank"];
  const items = names.map((name, index) => ({name, value: 1_234_567 - index * 200_000}));
  const series = ["Last week", "This week"].map((name) => ({name, values: items.map(({value}) => value)}));
  const charts: Chart[] = [
    {kind: "rank", items, isShare: false},
    {kind: "shares", parts: items},
    {kind: "bars", categories: names, series},
    {kind: "bars", categories: names.slice(0, 3), series},
    {kind: "lines", points: names.map((_, index) => addDays("2023-01-02", 7 * index)), series},
    {kind: "tiles", tiles: PROVINCE_UNITS.map(({code, en}) => ({key: code, name: en, value: 123_456}))},
  ];
  const drawn = (["zh", "en"] as const).flatMap((language) =>
    [360, 720].flatMap((width) =>
      charts.map((chart) => drawChart({chart, caption: "x", description: "x"}, {language, mode: "page", width})),
    ),
  );
  for (const font of ["DejaVu Sans", "Noto Sans SC", "sans-serif"]) {
    await page.setContent(`<body style="font-family:'${font}'">${drawn.join("\n")}`);
    assert.deepEqual(await page.evaluate<string[]>(CUT_LABELS), [], font);
  }
  await page.close();
});

test("every link inside an edition's page leads to a place on it or is relative", {skip}, async () => {
  assert.ok(browser);
  const page = await browser.newPage();
  await page.goto(addressOf("2023-02-20/index.html"));
  const broken = await page.evaluate<string[]>(
    `[...document.querySelectorAll('a[href^="#"]')].map((a) => a.getAttribute("href")).filter((h) => !document.querySelector(h))`,
  );
  assert.deepEqual(broken, []);
  const ids = await page.evaluate<string[]>("[...document.querySelectorAll('[id]')].map((e) => e.id)");
  assert.equal(new Set(ids).size, ids.length, "ids are unique");
  await page.close();
});
