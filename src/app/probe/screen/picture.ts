import {type Browser, type BrowserWish, startBrowser} from "./browser.ts";

/** After this the browser is ended, picture or not. */
const TOTAL_MS = 15_000;
/** How long a page may load before its picture is taken as it is, and how long it may still move after that. */
const LOAD_MS = 8000;
const SETTLE_MS = 500;

/** Opens a page in a browser of its own and returns its picture as base64 of a PNG. Rejects when none came about. */
export async function takePicture(url: string, wish: BrowserWish): Promise<string> {
  const browser = startBrowser(wish);
  const tooLate = wait(TOTAL_MS).then(() => Promise.reject(new Error("the page kept the browser busy")));
  try {
    return await Promise.race([pictureOf(url, browser), tooLate]);
  } finally {
    browser.kill();
    tooLate.catch(() => undefined);
  }
}

async function pictureOf(url: string, browser: Browser): Promise<string> {
  const session = await openTab(browser);
  const loaded = new Promise<void>((resolve) => browser.on("Page.loadEventFired", () => resolve()));
  const answered = browser.ask("Page.navigate", {url}, session);
  await Promise.race([Promise.all([answered, loaded]), wait(LOAD_MS)]);
  await wait(SETTLE_MS);
  const {data} = await browser.ask("Page.captureScreenshot", {format: "png"}, session);
  if (typeof data !== "string") throw new Error("the browser gave no picture");
  return data;
}

/** Opens an empty tab in which nothing can be downloaded, opened or asked, and returns its session. */
async function openTab(browser: Browser): Promise<string> {
  await browser.ask("Browser.setDownloadBehavior", {behavior: "deny"});
  const {targetId} = await browser.ask("Target.createTarget", {url: "about:blank"});
  const {sessionId} = await browser.ask("Target.attachToTarget", {targetId, flatten: true});
  if (typeof sessionId !== "string") throw new Error("the browser gave no session");
  browser.on("Target.targetCreated", ({targetInfo}) => {
    const info = targetInfo;
    if (typeof info !== "object" || info === null || !("targetId" in info) || !("type" in info)) return;
    if (info.type === "page" && info.targetId !== targetId)
      ignore(browser.ask("Target.closeTarget", {targetId: info.targetId}));
  });
  browser.on("Page.javascriptDialogOpening", (_, session) => {
    ignore(browser.ask("Page.handleJavaScriptDialog", {accept: false}, session ?? sessionId));
  });
  await browser.ask("Target.setDiscoverTargets", {discover: true});
  await browser.ask("Page.enable", {}, sessionId);
  await browser.ask("Page.setInterceptFileChooserDialog", {enabled: true}, sessionId);
  await browser.ask("Network.setBypassServiceWorker", {bypass: true}, sessionId);
  return sessionId;
}

/** What the page does meanwhile may make a command fail: the picture is all that counts. */
function ignore(asked: Promise<unknown>): void {
  asked.catch(() => undefined);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
