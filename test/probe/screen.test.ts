import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {createSocket} from "node:dgram";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {chown} from "node:fs/promises";
import {createServer} from "node:net";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {openProbe} from "../../src/app/probe/probe.ts";
import {NOBODY} from "../../src/app/probe/screen/browser.ts";
import {openGate} from "../../src/app/probe/screen/gate.ts";
import {takePicture} from "../../src/app/probe/screen/picture.ts";
import {openScreen} from "../../src/app/probe/screen/screen.ts";
import {MALICE, type Malice} from "../world/malice.ts";
import {openWorld} from "../world/probe.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const skip = CHROMIUM === undefined ? "skipped: no chromium" : false;
const isFull = process.env["WATCHFLOOR_PROBE_LAB"] === "full";
const PNG = "iVBORw0KGgo";

const world = await openWorld();
const prey = await openPrey();
after(async () => {
  await world.close();
  await prey.close();
});
world.place("page.example.com", {body: "<title>t</title><h1>hello</h1>"});
world.place("evil.example.com", {body: "must not be asked for"});
world.place("page.example.com:worker", {});

/** Things on loopback that must not be reached. */
async function openPrey() {
  let reached = 0;
  const server = createServer((socket) => {
    reached += 1;
    socket.on("error", () => undefined).destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const udp = createSocket("udp4").on("message", () => void reached++);
  await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    prey: {host: "evil.example.com", loopback: `127.0.0.1:${port}`, udp: `127.0.0.1:${udp.address().port}`},
    reached: () => reached,
    close: async () => {
      udp.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("a page gets its picture, with TLS and without, and nothing is left behind", {skip}, async () => {
  const before = readdirSync(tmpdir()).filter((each) => each.startsWith("watchfloor-screen-"));
  const probe = openProbe(world.settings, openScreen(world.settings, null));
  for (const url of ["http://page.example.com/", "https://page.example.com/"]) {
    const order = {id: "1", at: "2023-02-20T08:00:00.000Z", asset: {kind: "url", value: url}, registration: null};
    const look = await probe.look({...order, wants: {body: false, screenshot: true}});
    assert.ok(look.screenshot?.png.startsWith(PNG), url);
    assert.equal(look.page?.title, "t");
  }
  await probe.close();
  assert.deepEqual(
    readdirSync(tmpdir()).filter((each) => each.startsWith("watchfloor-screen-")),
    before,
  );
});

test("without a browser there is no picture, and the look is whole", async () => {
  const probe = openProbe(world.settings, openScreen(world.settings, "/nowhere/chromium"));
  const order = {
    id: "1",
    at: "2023-02-20T08:00:00.000Z",
    asset: {kind: "url", value: "http://page.example.com/"},
    registration: null,
  };
  const look = await probe.look({...order, wants: {body: false, screenshot: true}});
  assert.equal(look.screenshot, null);
  assert.equal(look.page?.title, "t");
  await probe.close();
});

/** Takes a picture in a folder that the test keeps to look into. */
async function shoot(url: string, watch: () => void = () => undefined) {
  const folder = mkdtempSync(path.join(tmpdir(), "watchfloor-test-"));
  if (process.getuid?.() === 0) await chown(folder, NOBODY, NOBODY);
  const gate = await openGate({
    settings: world.settings,
    hosts: ["page.example.com"],
    bytes: 16 * 1024 * 1024,
    signal: new AbortController().signal,
  });
  const timer = setInterval(watch, 200);
  try {
    const wish = {executable: CHROMIUM ?? "", folder, proxyPort: gate.port, userAgent: "test", acceptLanguage: "en"};
    const png = await takePicture(url, wish).catch(() => null);
    // fonts and settings of the browser itself lie in these
    const written = readdirSync(folder).filter(
      (each) =>
        !["profile", ".cache", ".config", ".local", ".pki"].includes(each) &&
        !/^\.?(org\.)?chromium|^snap|^\.X/.test(each),
    );
    return {png, written, evil: execFileSync("find", [folder, "-name", "*evil*"], {encoding: "utf8"})};
  } finally {
    clearInterval(timer);
    gate.close();
    rmSync(folder, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
  }
}

/** A spare renderer that was begun just before the browser was closed may never get to its sandbox. */
const STARTING_MS = 1000;

test("the browser runs in its sandbox, and never as root", {skip: skip || process.platform !== "linux"}, async () => {
  world.place("page.example.com", {body: "<title>t</title><h1>hello</h1>"});
  // by process, as it was last seen: a renderer that is being started has not closed its sandbox yet
  const seen = new Map<string, {from: number; to: number; uid: string; seccomp: string; line: string}>();
  const {png} = await shoot("http://page.example.com/", () => {
    for (const pid of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        if (!line.includes("watchfloor-test-") || !line.includes("--type=renderer")) continue;
        const status = readFileSync(`/proc/${pid}/status`, "utf8");
        const now = performance.now();
        seen.set(pid, {
          from: seen.get(pid)?.from ?? now,
          to: now,
          uid: /Uid:\s+(\d+)/.exec(status)?.[1] ?? "",
          seccomp: /Seccomp:\s+(\d)/.exec(status)?.[1] ?? "",
          line,
        });
      } catch {
        // it has ended
      }
    }
  });
  assert.ok(png?.startsWith(PNG));
  const renderers = [...seen.values()];
  assert.ok(
    renderers.some(({seccomp}) => seccomp === "2"),
    "no renderer was seen in its sandbox",
  );
  for (const {from, to, uid, seccomp, line} of renderers) {
    assert.notEqual(uid, "0");
    if (to - from > STARTING_MS) assert.equal(seccomp, "2");
    assert.ok(!line.includes("--no-sandbox"));
  }
});

/** All that may share a page are one page here; `npm run probe-lab` gives each its own. */
function pages(): Malice[] {
  if (isFull) return [...MALICE];
  const together = MALICE.filter(({isBlocking}) => isBlocking !== true);
  const all: Malice = {
    name: `${together.length} attacks on one page`,
    html: (to) => together.map(({html}) => html(to)).join("\n"),
  };
  return [all, ...MALICE.filter(({name}) => /alerts|another host/.test(name))];
}

test("S6: thirty malicious pages are in the set", () => assert.equal(MALICE.length, 30));

for (const {name, html} of pages()) {
  test(`S6: ${name}: no file written, no other connection`, {skip}, async () => {
    world.place("page.example.com", {
      answer: ({url}, response) => {
        if (url === "/evil.bin") return void response.writeHead(200, {"content-disposition": "attachment"}).end("evil");
        if (url === "/worker.js")
          return void response.writeHead(200, {"content-type": "text/javascript"}).end("onfetch=()=>0");
        response.writeHead(200, {"content-type": "text/html"}).end(`<!doctype html><body>${html(prey.prey)}</body>`);
      },
    });
    const started = performance.now();
    const {written, evil} = await shoot("http://page.example.com/");
    assert.ok(performance.now() - started < 20_000);
    assert.deepEqual([written, evil], [[], ""]);
    assert.equal(prey.reached(), 0);
    assert.deepEqual(
      world.sites.requests.filter((each) => each.includes("evil.example.com")),
      [],
    );
  });
}
