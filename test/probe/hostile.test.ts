import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import test, {after} from "node:test";
import {brotliCompressSync, deflateRawSync, deflateSync, gzipSync} from "node:zlib";
import {LIMITS} from "../../src/app/probe/settings.ts";
import type {Look} from "../../src/model/verification.ts";
import {openBare} from "../world/bare.ts";
import {makeCertificate} from "../world/certificate.ts";
import {openWorld} from "../world/probe.ts";
import type {Site} from "../world/sites.ts";

/** Sites that want to keep the probe busy, fill it, or blind it. `npm run probe-lab` gives each its full ten seconds. */
const isFull = process.env["WATCHFLOOR_PROBE_LAB"] === "full";
const totalMs = isFull ? LIMITS.totalMs : 800;
/** The machine may be busy. */
const GRACE_MS = 1000;
/** Servers that speak on the bare connection, and the public address of each. */
const bare = await openBare();
const world = await openWorld({limits: {...LIMITS, totalMs}, extraDial: bare.dial});
after(async () => {
  await world.close();
  bare.close();
});

const MEBIBYTE = 1024 * 1024;
const zeros = Buffer.alloc(64 * MEBIBYTE);
const encoded = (encoding: string, body: Buffer): Site => ({body, headers: {"content-encoding": encoding}});
const drip = (piece: string, everyMs: number): Site => ({
  answer: (_, response) => {
    response.writeHead(200, {"content-type": "text/html"});
    const timer = setInterval(() => response.write(piece), everyMs);
    response.on("close", () => clearInterval(timer));
  },
});

const BOMBS: Readonly<Record<string, Site>> = {
  "gzip of 64 MiB": encoded("gzip", gzipSync(zeros)),
  "gzip in gzip": encoded("gzip, gzip", gzipSync(gzipSync(zeros))),
  "gzip in gzip in gzip": encoded("gzip, gzip, gzip", gzipSync(gzipSync(gzipSync(zeros)))),
  "brotli of 64 MiB": encoded("br", brotliCompressSync(zeros)),
  "deflate of 64 MiB": encoded("deflate", deflateSync(zeros)),
  "raw deflate of 64 MiB": encoded("deflate", deflateRawSync(zeros)),
  "gzip in brotli": encoded("gzip, br", brotliCompressSync(gzipSync(zeros))),
  "64 MiB plain": {body: zeros},
  endless: {
    answer: (_, response) => {
      response.writeHead(200, {"content-type": "text/html"});
      const more = (): void =>
        void (response.write(zeros.subarray(0, MEBIBYTE)) ? setImmediate(more) : response.once("drain", more));
      more();
      response.on("close", () => response.removeAllListeners("drain"));
    },
  },
};

for (const [name, site] of Object.entries(BOMBS)) {
  test(`S3: ${name} costs at most two mebibytes`, async () => {
    world.place("bomb.example.com", site);
    const look = await world.look("http://bomb.example.com/");
    assert.equal(look.page?.isTruncated, true);
    assert.ok((look.page?.bytes ?? 0) <= LIMITS.bytes, String(look.page?.bytes));
    assert.ok(look.milliseconds <= LIMITS.totalMs);
  });
}

test("S3: bombs do not swell the probe process", {skip: process.platform !== "linux"}, async () => {
  const pid = world.probe.pid();
  const peak = (): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  const before = peak();
  world.place("bomb.example.com", BOMBS["gzip in gzip"] ?? {});
  for (let round = 0; round < 20; round += 1) await world.look("http://bomb.example.com/");
  assert.ok(peak() - before <= 64, `${before} MiB before, ${peak()} after`);
});

test("S3: encodings that are piled up or unknown are not opened", async () => {
  for (const encoding of ["gzip, gzip, gzip, gzip", "zstd", "compress"]) {
    world.place("bomb.example.com", encoded(encoding, gzipSync("x")));
    const look = await world.look("http://bomb.example.com/");
    assert.deepEqual(
      look.troubles.map(({kind}) => kind),
      ["body-unreadable"],
      encoding,
    );
  }
});

test("pages in every encoding are read", async () => {
  const html = Buffer.from("<h1>hello</h1>");
  const sites = [
    encoded("gzip", gzipSync(html)),
    encoded("br", brotliCompressSync(html)),
    encoded("deflate", deflateSync(html)),
    encoded("deflate", deflateRawSync(html)),
    encoded("gzip, br", brotliCompressSync(gzipSync(html))),
    encoded("identity", html),
  ];
  for (const site of sites) {
    world.place("plain.example.com", site);
    const look = await world.look("http://plain.example.com/");
    assert.deepEqual([look.page?.text, look.troubles], ["hello", []]);
  }
});

const SLOW: Readonly<Record<string, {readonly site: Site; readonly kind: Look["troubles"][number]["kind"]}>> = {
  "a body in drips": {site: drip("<p>", 50), kind: "timeout"},
  "a body that stops": {
    site: {answer: (_, response) => void response.writeHead(200, {"content-length": "99"}).write("x")},
    kind: "timeout",
  },
  "no answer at all": {site: {answer: () => undefined}, kind: "timeout"},
  "headers of 200 kB": {site: {headers: {"x-big": "x".repeat(200_000)}}, kind: "headers-too-large"},
  "a redirect to itself": {site: {status: 302, headers: {location: "/"}}, kind: "too-many-redirects"},
  "a refresh to itself": {
    site: {body: '<meta http-equiv="refresh" content="0">x<meta http-equiv="refresh" content="0;url=/">'},
    kind: "too-many-redirects",
  },
  "a redirect to a scheme that is no web": {
    site: {status: 302, headers: {location: "file:///etc/passwd"}},
    kind: "redirect-refused",
  },
  "a redirect to another port": {
    site: {status: 302, headers: {location: "http://slow.example.com:22/"}},
    kind: "redirect-refused",
  },
  "a redirect with credentials": {
    site: {status: 302, headers: {location: "http://a:b@slow.example.com/"}},
    kind: "redirect-refused",
  },
  "a redirect to a name that is not": {
    site: {status: 302, headers: {location: "http://no.example.com/"}},
    kind: "unreachable",
  },
  "a body cut after 134 kB": {
    site: {
      answer: (_, response) => {
        response.writeHead(200, {"content-length": String(500_000)});
        response.write(Buffer.alloc(134_000, "x"), () => response.socket?.end());
      },
    },
    kind: "cut",
  },
  "a connection reset": {site: {answer: (request) => void request.socket.resetAndDestroy()}, kind: "connection-reset"},
};

for (const [name, {site, kind}] of Object.entries(SLOW)) {
  test(`S4, S7: ${name} ends in time, as ${kind}`, async () => {
    world.place("slow.example.com", site);
    const look = await world.look("http://slow.example.com/");
    assert.deepEqual(
      look.troubles.map((each) => each.kind),
      [kind],
      JSON.stringify(look.troubles),
    );
    assert.ok(look.milliseconds <= totalMs + GRACE_MS, `${look.milliseconds} ms`);
    assert.ok(look.chain.length <= LIMITS.redirects + 1);
  });
}

for (const {name, url, kind} of bare.sites) {
  test(`S4, S7: ${name} ends in time, as ${kind}`, async () => {
    const look = await world.look(url);
    assert.deepEqual(
      look.troubles.map((each) => each.kind),
      [kind],
      JSON.stringify(look.troubles),
    );
    assert.ok(look.milliseconds <= totalMs + GRACE_MS, `${look.milliseconds} ms`);
  });
}

test("S7: a resolver that says nothing ends in time, and so does a refused connection", async () => {
  world.dns.names.set("silent.example.com", "drop");
  const silent = await world.look("http://silent.example.com/");
  assert.ok(silent.milliseconds <= totalMs + GRACE_MS);
  world.dns.names.set("closed.example.com", {a: ["8.8.6.6"]});
  const closed = await world.look("http://closed.example.com/");
  assert.deepEqual(
    closed.troubles.map(({kind}) => kind),
    ["unreachable"],
  );
});

test("S5: certificates that are expired, of another host or self-signed are seen, not trusted, and no obstacle", async () => {
  world.place("old.example.com", {body: "old"});
  world.place("other.example.com", {body: "other"});
  world.place("own.example.com", {body: "own"});
  world.sites.certificates.set(
    "old.example.com",
    makeCertificate({names: ["old.example.com"], to: new Date("2021-01-01")}),
  );
  world.sites.certificates.set("other.example.com", makeCertificate({names: ["bank.example.org"]}));
  const facts = async (host: string) => {
    const {page, tls} = await world.look(`https://${host}/`);
    assert.notEqual(tls?.error, null);
    return [page?.text, tls?.isExpired, tls?.isForHost, tls?.isSelfSigned];
  };
  assert.deepEqual(await facts("old.example.com"), ["old", true, true, true]);
  assert.deepEqual(await facts("other.example.com"), ["other", false, false, true]);
  assert.deepEqual(await facts("own.example.com"), ["own", false, true, true]);
});
