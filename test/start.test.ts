/** The first two commands of the README, as far as they are ours: the first start, a later one, one that was killed. */
import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after, before} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {chromium} from "playwright-core";
import {SAMPLE_ZONE} from "../src/app/samples/report.ts";
import {INDICATORS} from "../src/situation/indicators.ts";
import {verifyArchive} from "../src/store/archive/verification.ts";
import {weeksInLake} from "../src/store/events/weeks/week-counts.ts";
import {freePort} from "./running.ts";
import {makeHome} from "./site.ts";
import {type Below, processesOf, type Started, startProcess, waitUntilGone} from "./started.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const WEEKS = ["2026-11-09", "2026-11-16"];
const READY = "Ctrl-C stops it";
const LONG = {timeout: 240_000};

const folder = mkdtempSync(path.join(tmpdir(), "watchfloor-start-"));
const home = path.join(folder, "var");
let port = 0;
let server: Started;

before(async () => {
  port = await freePort();
});
after(async () => {
  for (const each of started) {
    each.process.kill("SIGTERM");
    await each.ended;
  }
  rmSync(folder, {recursive: true, force: true});
});

/** All that was started here, so that a failed test leaves nothing running. */
const started: Started[] = [];

function start(at: string): Started {
  const found = startProcess("src/app/start.ts", ["--port", String(port)], at);
  started.push(found);
  return found;
}

const page = async (target: string): Promise<string> => (await fetch(`http://127.0.0.1:${port}${target}`)).text();

/** Hash of every file of the public site, by path. */
function siteOf(at: string): Record<string, string> {
  const site = path.join(at, "archive/site");
  const files = readdirSync(site, {recursive: true, withFileTypes: true}).filter((entry) => entry.isFile());
  const hashes = files.map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return [path.relative(site, file), createHash("sha256").update(readFileSync(file)).digest("hex")] as const;
  });
  return Object.fromEntries(hashes.sort());
}

test(
  "the first start makes two sample weeks, publishes their editions and says where they are",
  LONG,
  async (context) => {
    const from = performance.now();
    server = start(home);
    await server.says(READY);
    context.diagnostic(`first start: ${((performance.now() - from) / 1000).toFixed(1)} s`);
    assert.match(server.output(), new RegExp(`周报档案（合成样例）：http://127\\.0\\.0\\.1:${port}/zh/`));
    assert.match(server.output(), new RegExp(`\\(synthetic sample\\): http://127\\.0\\.0\\.1:${port}/en/`));
    for (const week of WEEKS) {
      const zh = await page(`/${week}/`);
      assert.match(zh, /样例：全部数据均为合成数据/);
      assert.match(zh, /整体评价为良/);
      assert.match(await page(`/en/${week}/`), /Sample: all data is synthetic[\s\S]*rated good/);
      assert.match(await page("/zh/"), new RegExp(`href="${week}/"`));
    }
    assert.deepEqual((await verifyArchive(home, [])).problems, []);
  },
);

test("the sample has a value for every indicator that needs no cases, and its rating is by the synthetic baseline", async () => {
  const edition = JSON.parse(await page("/2026-11-16/v1/2026-11-16.zh.long.json"));
  const {vulnLevel, vulnTypes} = edition.facts;
  const values = {...edition.indicators, "vuln.level": {value: vulnLevel}, "vuln.type_rank": {value: vulnTypes}};
  // what only kept cases can tell is not there: the sample keeps none
  const told = INDICATORS.filter(({id}) => !/^(complaint|takedown)\./.test(id));
  const missing = told.map(({id}) => id).filter((id) => (values[id]?.value ?? null) === null);
  assert.deepEqual(missing, []);
  assert.equal(edition.rating.grade, "良");
  assert.equal(edition.rating.base, "baseline");
  assert.equal(edition.rating.weightPresent, 1);
});

test("only the weeks of the sample hold events, and the first has no week before it", async () => {
  const weeks = await weeksInLake(path.join(home, "lake"), SAMPLE_ZONE);
  assert.deepEqual(
    weeks.map(({from}) => from),
    WEEKS,
  );
  const indicators: Record<string, {previous: number | null}> = JSON.parse(
    await page("/2026-11-09/v1/2026-11-09.zh.long.json"),
  ).indicators;
  const compared = Object.entries(indicators).filter(([, {previous}]) => previous !== null);
  assert.deepEqual(compared, []);
});

test("an edition of the sample lists no report that came after it was frozen", async () => {
  for (const week of WEEKS) {
    const {method} = JSON.parse(await page(`/${week}/v1/${week}.zh.long.json`));
    const reports: {fetchedAt: string; events: number}[] = method.reports;
    assert.ok(reports.length > 10);
    assert.deepEqual(
      reports.filter(({fetchedAt}) => fetchedAt > method.frozenAt),
      [],
    );
  }
});

test("the served sample is accessible in both languages and both colour schemes, and its policies complain of nothing", {
  ...LONG,
  skip: CHROMIUM === undefined ? "skipped: no chromium" : false,
}, async () => {
  assert.ok(CHROMIUM);
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const browser = await chromium.launch({executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"]});
  const faults: string[] = [];
  const complaints: string[] = [];
  try {
    for (const colorScheme of ["light", "dark"] as const) {
      // axe has to run in the page: that look is taken past the policies, the other one is not
      for (const bypassCSP of [true, false]) {
        const context = await browser.newContext({bypassCSP, colorScheme, locale: "zh-CN"});
        for (const target of ["/", "/2026-11-16/", "/trends/", "/en/", "/en/2026-11-16/", "/en/trends/"]) {
          const tab = await context.newPage();
          tab.on("console", (message) => complaints.push(`${target}: ${message.text()}`));
          tab.on("pageerror", (error) => complaints.push(`${target}: ${error.message}`));
          tab.on("request", (request) => {
            if (!request.url().startsWith(`http://127.0.0.1:${port}/`)) complaints.push(`asks ${request.url()}`);
          });
          assert.equal((await tab.goto(`http://127.0.0.1:${port}${target}`))?.status(), 200);
          if (bypassCSP) {
            await tab.evaluate(axe);
            const found: {id: string; nodes: string[]}[] = await tab.evaluate(
              "axe.run().then((r) => r.violations.map(({id, nodes}) => ({id, nodes: nodes.map((n) => n.html.slice(0, 120))})))",
            );
            faults.push(
              ...found.map(({id, nodes}) => `${colorScheme} ${target} ${id}: ${nodes.slice(0, 3).join(" | ")}`),
            );
          }
          await tab.close();
        }
        await context.close();
      }
    }
    const tab = await browser.newPage({locale: "en-GB"});
    await tab.goto(`http://127.0.0.1:${port}/`);
    assert.equal(new URL(tab.url()).pathname, "/en/");
    await tab.click('nav.languages a[lang="zh-CN"]');
    assert.equal(new URL(tab.url()).pathname, "/", "the choice of a reader outweighs the browser's");
  } finally {
    await browser.close();
  }
  assert.deepEqual(faults, []);
  assert.deepEqual(complaints, []);
});

test("an idle server has no engine beside it and takes at most 400 MB, all processes together", {
  skip: existsSync("/proc/self/status") ? false : "skipped: no /proc",
}, async (context) => {
  const health = JSON.parse(await page("/healthz"));
  assert.equal(health.database, "ok", "the database runs, so it is counted");
  const look = (): Below[] => processesOf(server.process.pid ?? 0);
  const hasEngine = (): boolean => look().some(({command}) => command.includes("engine/process"));
  // new reports have just been looked through for what may be a case; it ends when it has had nothing to do for a while
  for (let seconds = 0; hasEngine() && seconds < 60; seconds++) await sleep(1000);
  const processes = look();
  const bytes = processes.reduce((sum, each) => sum + each.bytes, 0);
  context.diagnostic(`${processes.length} processes, ${Math.round(bytes / 1e6)} MB resident`);
  assert.ok(processes.some(({command}) => command.includes("postgres")));
  assert.deepEqual(
    processes.filter(({command}) => command.includes("engine/process")),
    [],
  );
  assert.ok(bytes <= 400e6, processes.map((each) => `${each.bytes} ${each.command.slice(0, 60)}`).join("\n"));
});

test("a second server on the same port is refused, and told how to choose another", LONG, async () => {
  const second = start(home);
  assert.equal(await second.ended, 1);
  assert.match(second.output(), new RegExp(`port is in use.*127\\.0\\.0\\.1:${port}.*--port.*WATCHFLOOR_PORT`));
  assert.equal(second.output().trim().split("\n").length, 1);
  const wrong = startProcess("src/app/start.ts", ["--prot", "1"], home);
  assert.equal(await wrong.ended, 2);
});

test("told to stop, it stops in order; a later start uses what is there", LONG, async (context) => {
  const before = siteOf(home);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const below = processesOf(server.process.pid ?? 0);
    const stopping = performance.now();
    server.process.kill(signal);
    assert.equal(await server.ended, 0, server.output());
    context.diagnostic(`stopped by ${signal} after ${Math.round(performance.now() - stopping)} ms`);
    await waitUntilGone(below);
    const from = performance.now();
    server = start(home);
    await server.says(READY);
    assert.match(await page("/zh/"), /2026-11-16/);
    context.diagnostic(`later start: ${((performance.now() - from) / 1000).toFixed(2)} s to the first page`);
    assert.doesNotMatch(server.output(), /First start/);
  }
  assert.deepEqual(siteOf(home), before);
});

test("a first start that was killed goes on where it was, and ends in the very same pages", LONG, async () => {
  server.process.kill("SIGTERM");
  await server.ended;
  const expected = siteOf(home);
  const other = path.join(folder, "killed");
  for (const moment of [/2026-11-09.*edition published/, /2026-11-16.*synthetic reports/]) {
    const killed = start(other);
    await killed.says(moment);
    process.kill(-(killed.process.pid ?? 0), "SIGKILL");
    await killed.ended;
  }
  server = start(other);
  await server.says(READY);
  assert.deepEqual(siteOf(other), expected);
  assert.deepEqual((await verifyArchive(other, [])).problems, []);
});

test("a data folder that somebody works in gets no sample", LONG, async () => {
  const own = await makeHome({profile: "generic"});
  const files = readdirSync(own).sort();
  const other = startProcess("src/app/start.ts", ["--port", String(await freePort())], own);
  await other.says(READY);
  assert.doesNotMatch(other.output(), /sample|First start/);
  other.process.kill("SIGTERM");
  await other.ended;
  assert.deepEqual(
    readdirSync(own)
      .filter((name) => name !== "postgres")
      .sort(),
    files,
  );
});

test("serve --json answers with one document when it is stopped; the log goes elsewhere", LONG, async () => {
  const own = await makeHome();
  const other = startProcess("src/app/main.ts", ["serve", "--port", String(await freePort()), "--json"], own);
  await other.says("listening on");
  other.process.kill("SIGTERM");
  assert.equal(await other.ended, 0);
  assert.equal(JSON.parse(other.answer()).stopped, true);
});
