/** The server of the public archive, asked over a real connection. */
import assert from "node:assert/strict";
import {statSync, writeFileSync} from "node:fs";
import {Agent, get} from "node:http";
import path from "node:path";
import test, {after, before} from "node:test";
import {gunzipSync} from "node:zlib";
import {checkPort} from "../src/app/http/server.ts";
import {askRaw, openRaw, type Running, SECRET, serveSite} from "./running.ts";

let server: Running;
before(async () => {
  server = await serveSite();
});
after(() => server.close());

/** Asks without following where it leads. */
function ask(target: string, headers: Record<string, string> = {}, method = "GET"): Promise<Response> {
  return fetch(new URL(target, server.url), {method, headers, redirect: "manual"});
}

test("the pages of the archive are there, each with its own type", async () => {
  const types: Record<string, string> = {
    "/": "text/html; charset=utf-8",
    "/en/": "text/html; charset=utf-8",
    "/2023-02-20/": "text/html; charset=utf-8",
    "/en/2023-02-20/short.html": "text/html; charset=utf-8",
    "/trends/": "text/html; charset=utf-8",
    "/feed.xml": "application/rss+xml; charset=utf-8",
    "/en/atom.xml": "application/atom+xml; charset=utf-8",
    "/feed.json": "application/feed+json; charset=utf-8",
    "/data/indicators.csv": "text/csv; charset=utf-8",
    "/schema/edition-1.json": "application/json; charset=utf-8",
    "/sitemap.xml": "application/xml",
    "/robots.txt": "text/plain; charset=utf-8",
    "/healthz": "application/json; charset=utf-8",
  };
  for (const [target, type] of Object.entries(types)) {
    const answer = await ask(target);
    assert.equal(answer.status, 200, target);
    assert.equal(answer.headers.get("content-type")?.replace(/ *; */, "; "), type, target);
  }
});

test("every answer, a refusal too, forbids scripts, sniffing, frames and referrers", async () => {
  const answers: [string, Response][] = [
    ["200", await ask("/")],
    ["204", await ask("/favicon.ico")],
    ["302", await ask("/", {"accept-language": "en"})],
    ["301", await ask("/en")],
    ["404", await ask("/nothing")],
    ["404", await ask("/.hidden")],
    ["405", await ask("/", {}, "POST")],
    ["416", await ask("/robots.txt", {range: "bytes=99999999-"})],
    ["400", await ask("/%zz")],
    ["200", await ask("/healthz")],
    ["200", await ask("/", {}, "HEAD")],
  ];
  for (const [status, answer] of answers) {
    assert.equal(String(answer.status), status, answer.url);
    const policy = answer.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/, answer.url);
    assert.doesNotMatch(policy, /script-src|unsafe-eval|\*|https?:/, answer.url);
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff", answer.url);
    assert.equal(answer.headers.get("referrer-policy"), "no-referrer", answer.url);
    assert.match(answer.headers.get("permissions-policy") ?? "", /camera=\(\)/, answer.url);
    assert.equal(answer.headers.get("server"), null, answer.url);
    await answer.body?.cancel();
  }
  const etag = (await ask("/")).headers.get("etag") ?? "";
  assert.match(await askRaw(server.port, "/", `If-None-Match: ${etag}\r\n`), /^HTTP\/1\.1 304 [\s\S]*nosniff/);
  for (const text of ["NO HTTP\r\n\r\n", `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`]) {
    const raw = openRaw(server.port, text);
    await raw.ended;
    assert.match(raw.received(), /^HTTP\/1\.1 4(00|31) [\s\S]*nosniff/);
  }
});

test("no way of writing a path leads out of the site", async () => {
  const ways = [
    "/../secret.txt",
    "/../../etc/passwd",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/..%2fsecret.txt",
    "/en/../../secret.txt",
    "/en/..%2f..%2fsecret.txt",
    "/%252e%252e%252fsecret.txt",
    "/..\\secret.txt",
    "/..%5csecret.txt",
    "/....//secret.txt",
    "//../secret.txt",
    "/./../secret.txt",
    "/en/%2e%2e/%2e%2e/secret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/%e0%80%ae%e0%80%ae/secret.txt",
    "/..%00/secret.txt",
    "/secret.txt%00.html",
    "/../secret.txt?x=.html",
    "/zh/../../secret.txt",
    "/zh/..%2f..%2fsecret.txt",
    `http://archive.example/../secret.txt`,
    `file://${server.folder}/secret.txt`,
    `/${server.folder}/secret.txt`,
    `${server.folder}/secret.txt`,
    "/.hidden",
    "/%2ehidden",
    "/2023-02-20/v1/",
    "/data/",
  ];
  for (const way of ways) {
    const answer = await askRaw(server.port, way);
    assert.match(answer, /^HTTP\/1\.1 (400|404|301) /, way);
    assert.ok(!answer.includes(SECRET) && !answer.includes("root:"), way);
    assert.doesNotMatch(answer, /indicators\.csv|long\.docx/, `${way} lists a folder`);
  }
});

test("no redirect leads to another host", async () => {
  const ways = [
    "//evil.example/..",
    "//evil.example/%2e%2e",
    "/zh//evil.example/",
    "/zh///evil.example",
    "/zh/\\evil.example",
    "/zh/%5cevil.example",
    "/zh/%2f%2fevil.example",
    "/\\evil.example/..",
    "//evil.example",
    "/en//",
    "//en",
    "/zh/\t/evil.example",
    "http://evil.example/en",
  ];
  for (const way of ways) {
    const answer = await askRaw(server.port, way);
    const to = /^location: *(.*)\r$/im.exec(answer)?.[1];
    if (to === undefined) continue;
    assert.equal(new URL(to, "http://archive.example/").host, "archive.example", `${way} → ${to}`);
  }
});

test("the root speaks the reader's language, each language has an address, and the switch between them works", async () => {
  const english = await ask("/", {"accept-language": "en-GB,en;q=0.9"});
  assert.equal(english.status, 302);
  assert.equal(english.headers.get("location"), "/en/");
  assert.match(english.headers.get("vary") ?? "", /Accept-Language/);
  const chinese = await ask("/", {"accept-language": "zh-CN"});
  assert.match(await chinese.text(), /<html lang="zh-CN">/);
  const chosen = await ask("/", {"accept-language": "en", "sec-fetch-site": "same-origin"});
  assert.match(await chosen.text(), /<html lang="zh-CN">/);
  const named = await ask("/zh/", {"accept-language": "en"});
  assert.match(await named.text(), /<html lang="zh-CN">/);
  const below = await ask("/zh/2023-02-20/?from=mail");
  assert.equal(below.headers.get("location"), "/2023-02-20/?from=mail");
  assert.equal((await ask("/zh")).headers.get("location"), "/zh/");
  assert.match(await (await ask("/en/", {"accept-language": "zh"})).text(), /<html lang="en">/);
});

test("what a reader has already is not sent again", async () => {
  for (const target of ["/", "/2023-02-20/", "/feed.xml"]) {
    const first = await ask(target);
    const etag = first.headers.get("etag") ?? "";
    const changed = first.headers.get("last-modified") ?? "";
    assert.ok(etag !== "" && changed !== "", target);
    assert.match(await askRaw(server.port, target, `If-None-Match: ${etag}\r\n`), /^HTTP\/1\.1 304 /, target);
    assert.match(await askRaw(server.port, target, `If-Modified-Since: ${changed}\r\n`), /^HTTP\/1\.1 304 /, target);
    assert.match(await askRaw(server.port, target, 'If-None-Match: "other"\r\n'), /^HTTP\/1\.1 200 /, target);
  }
});

test("a published version may be kept for ever, a page that changes with each edition for a minute", async () => {
  const frozen = await ask("/2023-02-20/v1/2023-02-20.zh.long.html");
  assert.equal(frozen.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.equal((await ask("/2023-02-20/")).headers.get("cache-control"), "public, max-age=60");
  assert.equal((await ask("/healthz")).headers.get("cache-control"), "no-store");
});

test("text is sent compressed to whom takes it, and is the same text", async () => {
  const raw = await askRaw(server.port, "/2023-02-20/", "Accept-Encoding: gzip\r\n");
  const [head = "", body = ""] = raw.split(/\r\n\r\n(.*)/s);
  assert.match(head, /content-encoding: gzip/i);
  assert.match(head, /vary: .*Accept-Encoding/i);
  const plain = await askRaw(server.port, "/2023-02-20/", "Accept-Encoding: gzip;q=0\r\n");
  const [plainHead = "", plainBody = ""] = plain.split(/\r\n\r\n(.*)/s);
  assert.doesNotMatch(plainHead, /content-encoding/i);
  assert.equal(gunzipSync(Buffer.from(body, "latin1")).toString("latin1"), plainBody);
  assert.ok(body.length * 2 < plainBody.length, `${body.length} of ${plainBody.length} bytes`);
  assert.equal(Number(/content-length: (\d+)/i.exec(head)?.[1]), body.length);
  const again = await Promise.all(
    Array.from({length: 20}, () => askRaw(server.port, "/2023-02-20/", "Accept-Encoding: gzip\r\n")),
  );
  for (const each of again) assert.equal(each.split(/\r\n\r\n(.*)/s)[1], body);
});

test("a changed page is sent as it is now, not as it was compressed before", async () => {
  const file = path.join(server.folder, "site/robots.txt");
  for (const word of ["one", "two"]) {
    writeFileSync(file, `${word}\n`.repeat(1000));
    assert.ok((await (await ask("/robots.txt")).text()).startsWith(word));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test("a part of a file can be asked for; HEAD gives the head only", async () => {
  const part = await ask("/data/indicators.csv", {range: "bytes=0-9", "accept-encoding": "identity"});
  assert.equal(part.status, 206);
  assert.equal((await part.arrayBuffer()).byteLength, 10);
  const raw = openRaw(server.port, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept-Encoding: gzip\r\n\r\n");
  await raw.ended;
  assert.match(raw.received(), /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
});

test("a file that a browser should not show is handed over as a file", async () => {
  const answer = await ask("/2023-02-20/v1/2023-02-20.zh.long.docx");
  assert.equal(answer.headers.get("content-disposition"), "attachment");
  assert.equal((await ask("/2023-02-20/")).headers.get("content-disposition"), null);
});

test("the archive is for reading: nothing else is taken, no body is waited for", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "TRACE"]) {
    for (const target of ["/", "/healthz", "/2023-02-20/", "/nothing"]) {
      const raw = openRaw(server.port, `${method} ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n`);
      await raw.ended;
      assert.match(raw.received(), /^HTTP\/1\.1 405 /, `${method} ${target}`);
      assert.match(raw.received(), /allow: GET, HEAD/i);
    }
  }
});

test("a page that there is not says so in both languages", async () => {
  const answer = await ask("/2024-01-01/");
  assert.equal(answer.status, 404);
  const page = await answer.text();
  assert.match(page, /lang="zh-CN"/);
  assert.match(page, /lang="en"/);
  assert.equal((await ask("/2024-01-01/", {"if-none-match": answer.headers.get("etag") ?? "*"})).status, 404);
});

test("a port that somebody else has is named, with how to choose another", async () => {
  await assert.rejects(checkPort("127.0.0.1", server.port), (error: Error) => {
    assert.match(error.message, new RegExp(`in use.*127\\.0\\.0\\.1:${server.port}.*--port.*WATCHFLOOR_PORT`));
    return true;
  });
});

test("a page comes quickly while many ask at once (printed, not judged)", {timeout: 60_000}, async (context) => {
  const REQUESTS = 2_000;
  const AT_ONCE = 10;
  const agent = new Agent({keepAlive: true, maxSockets: AT_ONCE});
  const times: number[] = [];
  let left = REQUESTS;
  const startedAt = performance.now();
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const from = performance.now();
      await fetchPage(agent, `${server.url}2023-02-20/`);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({length: AT_ONCE}, client));
  agent.destroy();
  times.sort((one, other) => one - other);
  const at = (share: number): string => `${(times[Math.floor(times.length * share)] ?? 0).toFixed(1)} ms`;
  const rate = Math.round(REQUESTS / ((performance.now() - startedAt) / 1000));
  const bytes = statSync(path.join(server.folder, "site/2023-02-20/index.html")).size;
  context.diagnostic(`a page of ${bytes} bytes, ${rate} requests a second: p50 ${at(0.5)}, p99 ${at(0.99)}`);
  assert.equal(times.length, REQUESTS);
});

/** The leanest client there is, for it shares the machine with the server. */
function fetchPage(agent: Agent, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, {agent, headers: {"accept-encoding": "gzip"}}, (answer) => {
      assert.equal(answer.statusCode, 200);
      answer.resume().on("end", resolve).on("error", reject);
    }).on("error", reject);
  });
}

test("nothing of all this was an error of ours", () => {
  assert.deepEqual(
    server.lines.filter((line) => /^\S+ (error|warn|fatal)/.test(line)),
    [],
  );
});
