/**
 * Makes the pictures of the READMEs: the newest edition of a data folder as a reader sees it, its first section beside its
 * second. The data folder is the one that `npm start` made. Needs Chromium. Usage: node scripts/write-pictures.ts [HOME]
 */
import {existsSync, readdirSync} from "node:fs";
import path from "node:path";
import {pathToFileURL} from "node:url";
import {type BrowserContext, chromium, type Page} from "playwright-core";

const ROOT = path.resolve(import.meta.dirname, "..");
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const WIDTH = 900;
const MARGIN = 24;

await main();

async function main(): Promise<void> {
  const site = path.resolve(process.argv[2] ?? path.join(ROOT, "var"), "archive/site");
  if (!existsSync(site)) throw new Error(`${site} is not there: run npm start first`);
  const week = newestWeek(site);
  const executablePath = BROWSERS.find(existsSync);
  if (executablePath === undefined) throw new Error("no Chromium");
  const browser = await chromium.launch({executablePath, args: ["--no-sandbox"]});
  const context = await browser.newContext({viewport: {width: WIDTH, height: WIDTH}, colorScheme: "light"});
  for (const language of ["zh", "en"]) {
    const page = path.join(site, language === "zh" ? "" : language, week, "index.html");
    const file = path.join(ROOT, `docs/pictures/bulletin.${language}.png`);
    await takePicture(context, page, file);
    console.log(`wrote ${path.relative(process.cwd(), file)}`);
  }
  await browser.close();
}

function newestWeek(site: string): string {
  const weeks = readdirSync(site).filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name));
  const newest = weeks.sort().at(-1);
  if (newest === undefined) throw new Error(`${site} holds no edition`);
  return newest;
}

async function takePicture(context: BrowserContext, file: string, to: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  const second = (await edgesOf(page, "main section h2", 1)).top - MARGIN;
  const end = (await edgesOf(page, "main figure", 1)).bottom + MARGIN;
  const parts = [
    {y: 0, height: second},
    {y: second, height: end - second},
  ];
  const shots = [];
  for (const part of parts)
    shots.push(await page.screenshot({fullPage: true, clip: {x: 0, width: WIDTH, ...part}, scale: "css"}));
  await page.close();
  const sheet = await context.newPage(); // a page of its own: the bulletin's policy allows no pictures from elsewhere
  const images = shots.map((shot) => `<img src="data:image/png;base64,${shot.toString("base64")}">`);
  await sheet.setViewportSize({width: 2 * WIDTH, height: Math.max(...parts.map((part) => part.height))});
  await sheet.setContent(
    `<body style="margin:0;display:flex;align-items:flex-start;background:#fff">${images.join("")}</body>`,
  );
  await sheet.screenshot({path: to});
  await sheet.close();
}

/** Top and bottom of the n-th match, from the top of the page. */
async function edgesOf(page: Page, selector: string, index: number): Promise<{top: number; bottom: number}> {
  const box = await page.locator(selector).nth(index).boundingBox();
  if (box === null) throw new Error(`the page shows no ${selector} number ${index + 1}`);
  return {top: Math.floor(box.y), bottom: Math.ceil(box.y + box.height)};
}
