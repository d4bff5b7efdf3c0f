import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import test, {after} from "node:test";
import {LIMITS} from "../../src/app/probe/settings.ts";
import {readKnownHosts} from "../../src/cases/verification/known-hosts.ts";
import {judgeLook} from "../../src/cases/verification/verdict.ts";
import type {Look} from "../../src/model/verification.ts";
import {openWorld} from "../world/probe.ts";
import {openSites} from "../world/sites.ts";

const isLinux = process.platform === "linux";
const NONE = readKnownHosts([]);
process.env["WATCHFLOOR_KEY_PASSPHRASE"] = "a secret of the server";
const world = await openWorld({limits: {...LIMITS, totalMs: 2000}});
after(() => world.close());

world.place("page.example.com", {body: "<h1>hello</h1>"});
world.place("slow.example.com", {answer: () => undefined});

function assertOwnFailure(look: Look): void {
  assert.deepEqual(
    look.troubles.map(({kind}) => kind),
    ["probe-died"],
  );
  assert.equal(judgeLook({look, evidence: null, known: NONE}).verdict, "unknown");
}

test("the probe process has nothing of our environment and may neither write nor start anything", {
  skip: !isLinux,
}, async () => {
  await world.look("http://page.example.com/");
  const pid = world.probe.pid();
  const environment = readFileSync(`/proc/${pid}/environ`, "utf8")
    .split("\0")
    .map((each) => each.split("=")[0]);
  assert.deepEqual(
    environment.filter((name) => name !== "" && !/^NODE_CHANNEL_/.test(name ?? "")),
    [],
  );
  const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  assert.ok(line.includes("--permission"));
  assert.deepEqual(
    line.filter((each) => /^--allow-(?!fs-read=|net$)/.test(each)),
    [],
  );
});

test("an order whose process was killed is our own failure, and the next order gets a new process", async () => {
  await world.look("http://page.example.com/");
  const pid = world.probe.pid() ?? assert.fail("no process");
  const looks = [1, 2, 3].map(() => world.look("http://slow.example.com/"));
  setTimeout(() => process.kill(pid, "SIGKILL"), 100);
  for (const look of await Promise.all(looks)) assertOwnFailure(look);
  const next = await world.look("http://page.example.com/");
  assert.equal(next.page?.text, "hello");
  assert.notEqual(world.probe.pid(), pid);
});

test("a probe process that hangs is killed", async () => {
  await world.look("http://page.example.com/");
  const pid = world.probe.pid() ?? assert.fail("no process");
  process.kill(pid, "SIGSTOP");
  assertOwnFailure(await world.look("http://page.example.com/"));
  assert.equal((await world.look("http://page.example.com/")).page?.text, "hello");
});

test("NXDOMAIN is our own failure when the control name is not found either", async () => {
  const other = await openWorld({controlName: "control.example.org"});
  other.dns.names.set("control.example.org", {a: ["8.8.8.8"]});
  const judge = async (): Promise<string> =>
    judgeLook({look: await other.look("http://gone.example.com/"), evidence: null, known: NONE}).verdict;
  assert.equal(await judge(), "down-registrar");
  await other.close();
  const lost = await openWorld({controlName: "control.example.org"});
  const look = await lost.look("http://gone.example.com/");
  assert.deepEqual(
    look.troubles.map(({kind}) => kind),
    ["no-network"],
  );
  assert.equal(judgeLook({look, evidence: null, known: NONE}).verdict, "unknown");
  await lost.close();
});

test("DNS answers are facts of the look: alias, zone, name servers, each resolver", async () => {
  world.dns.names.set("shop.example.com", {cname: "app.cloud.example.org"});
  world.dns.names.set("example.com", {ns: ["ns1.host.example.net"]});
  const gone = await world.look("http://shop.example.com/");
  assert.equal(gone.dns?.alias, "app.cloud.example.org");
  assert.deepEqual(gone.dns?.nameServers, ["ns1.host.example.net"]);
  assert.deepEqual(
    gone.dns?.answers.map(({status}) => status),
    ["no-name"],
  );
  assert.equal(judgeLook({look: gone, evidence: null, known: NONE}).reasons[0]?.code, "alias-target-gone");
  world.dns.names.set("lame.example.com", "server-failure");
  const lame = await world.look("http://lame.example.com/");
  assert.deepEqual(
    lame.dns?.answers.map(({status}) => status),
    ["server-failure"],
  );
  world.place("six.example.com", {body: "six"}, {aaaa: ["2001:4860:4860::8844"]});
  assert.equal((await world.look("http://six.example.com/")).page?.text, "six");
});

test("what a name answers is asked anew at each look, whatever its time to live", async () => {
  world.place("moving.example.com", {body: "here"}, {a: ["8.8.4.4"], ttl: 3600});
  assert.equal((await world.look("http://moving.example.com/")).page?.text, "here");
  world.dns.names.set("moving.example.com", "no-name");
  assert.deepEqual(
    (await world.look("http://moving.example.com/")).dns?.answers.map(({status}) => status),
    ["no-name"],
  );
});

test("a domain is looked at without TLS, and with it where nobody answers without", async () => {
  const plain = await world.look("", {asset: {kind: "domain", value: "page.example.com"}});
  assert.equal(plain.page?.url, "http://page.example.com/");
  const sites = await openSites();
  sites.hosts.set("tls.example.com", {body: "tls only"});
  const other = await openWorld({extraDial: {"9.9.9.9:443": {host: "127.0.0.1", port: sites.ports.https}}});
  other.dns.names.set("tls.example.com", {a: ["9.9.9.9"]});
  const secure = await other.look("", {asset: {kind: "domain", value: "tls.example.com"}});
  assert.equal(secure.page?.text, "tls only");
  assert.deepEqual(secure.troubles, []);
  assert.deepEqual(
    secure.chain.map(({url, status}) => [url, status]),
    [
      ["http://tls.example.com/", null],
      ["https://tls.example.com/", 200],
    ],
  );
  await other.close();
  await sites.close();
});

test("evidence that is wanted is kept up to 200 kB, and else not at all", async () => {
  world.place("big.example.com", {body: "x".repeat(300_000)});
  const without = await world.look("http://big.example.com/");
  assert.equal(without.kept, null);
  const kept = await world.look("http://big.example.com/", {wants: {body: true, screenshot: false}});
  assert.equal(Buffer.from(kept.kept ?? "", "base64").length, 200_000);
  assert.equal(kept.page?.bytes, 300_000);
});

test("many looks at once are taken fast: five hundred within ten seconds", async (t) => {
  const count = 500;
  for (let at = 0; at < count; at += 1) world.place(`s${at}.example.com`, {body: `<h1>site ${at}</h1>`});
  const started = performance.now();
  const looks = await Promise.all(Array.from({length: count}, (_, at) => world.look(`http://s${at}.example.com/`)));
  const seconds = (performance.now() - started) / 1000;
  assert.equal(looks.filter(({page}, at) => page?.text === `site ${at}`).length, count);
  assert.ok(seconds < 10, `${seconds} s`);
  t.diagnostic(`${Math.round(count / seconds)} looks a second`);
});

test("a probe that was closed says so, and does not look", async () => {
  const closed = await openWorld();
  await closed.probe.close();
  assertOwnFailure(await closed.look("http://page.example.com/"));
  await closed.close();
});
