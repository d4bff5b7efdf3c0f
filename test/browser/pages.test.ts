/** The public pages in a real browser: accessible, without scripts and requests, and fitting every width. */
import assert from "node:assert/strict";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after, before} from "node:test";
import {pathToFileURL} from "node:url";
import {type Browser, chromium} from "playwright-core";
import {editionPages} from "../../src/bulletin/site/edition-pages.ts";
import {siteFiles} from "../../src/bulletin/site/site.ts";
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
  const documents = (["zh", "en"] as const).flatMap((language) =>
    (["long", "short"] as const).map((variant) => fixtureDocument(language, variant, {...fixtureInput, corrections})),
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

test("pages fit a screen of 320 pixels and a wide one without scrolling sideways", {
  skip,
  timeout: 60_000,
}, async () => {
  assert.ok(browser);
  for (const width of [320, 768, 1440]) {
    const page = await browser.newPage({viewport: {width, height: 800}});
    for (const name of PAGES) {
      await page.goto(addressOf(name));
      const needed = await page.evaluate<number>("document.documentElement.scrollWidth");
      assert.ok(needed <= width, `${name} needs ${needed} at ${width}`);
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
