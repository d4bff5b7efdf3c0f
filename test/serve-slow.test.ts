/** Connections that are slow on purpose, and the end of the server. */
import assert from "node:assert/strict";
import {once} from "node:events";
import {writeFileSync} from "node:fs";
import path from "node:path";
import {after, before, suite, test} from "node:test";
import {openRaw, type RawConnection, type Running, serveSite} from "./running.ts";

const CUT_WITHIN_MS = 10_000;
const NOT_READ_MS = 20_000;
const EACH = 60;

let server: Running;
before(async () => {
  server = await serveSite();
});
after(() => server.close());

/** Sends one more byte every second, for as long as it is let. */
function drip(raw: RawConnection): void {
  const timer = setInterval(() => raw.socket.write("x"), 1000);
  raw.socket.once("close", () => clearInterval(timer));
}

suite("slow connections", {concurrency: 3}, () => {
  test("two hundred and forty slow connections are cut within ten seconds, and the page is there all the while", {
    timeout: 60_000,
  }, async (context) => {
    const silent = Array.from({length: EACH}, () => openRaw(server.port, ""));
    const headers = Array.from({length: EACH}, () => openRaw(server.port, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "));
    const bodies = Array.from({length: EACH}, () =>
      openRaw(server.port, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"),
    );
    const second = Array.from({length: EACH}, () =>
      openRaw(server.port, "GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nX-Slow: "),
    );
    for (const raw of [...headers, ...bodies, ...second]) drip(raw);
    const all = [...silent, ...headers, ...bodies, ...second];
    let isOver = false;
    const ends = Promise.all(all.map((raw) => raw.ended)).then((times) => {
      isOver = true;
      return times;
    });
    let slowest = 0;
    while (!isOver) {
      const from = performance.now();
      const answer = await fetch(server.url);
      assert.equal(answer.status, 200);
      await answer.arrayBuffer();
      slowest = Math.max(slowest, performance.now() - from);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const last = Math.max(...(await ends));
    context.diagnostic(
      `the last of ${all.length} was cut after ${Math.round(last)} ms; slowest page ${Math.round(slowest)} ms`,
    );
    assert.ok(last <= CUT_WITHIN_MS, `${Math.round(last)} ms`);
  });

  test("a reader who does not read is cut", {timeout: 60_000}, async () => {
    const bytes = 64 * 1024 * 1024; // more than the system keeps for a connection
    writeFileSync(path.join(server.folder, "site/large.pdf"), Buffer.alloc(bytes));
    const raw = openRaw(server.port, "GET /large.pdf HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(raw.socket, "data");
    raw.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, NOT_READ_MS));
    raw.socket.resume();
    await raw.ended;
    assert.match(raw.received(), /^HTTP\/1\.1 200 /);
    assert.ok(raw.received().length < bytes, "the rest was still sent");
  });

  test("told to stop, the server lets a running answer end, cuts the rest, and is gone within five seconds", {
    timeout: 60_000,
  }, async (context) => {
    const other = await serveSite();
    const idle = openRaw(other.port, "GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(idle.socket, "data");
    const half = openRaw(other.port, "GET / HTTP/1.1\r\nHost: a\r\n");
    await once(half.socket, "connect");
    const running = fetch(`${other.url}2023-02-20/`);
    const head = await running;
    const from = performance.now();
    const closed = other.close();
    assert.ok((await head.text()).includes("</html>"));
    await closed;
    const time = performance.now() - from;
    context.diagnostic(`stopped after ${Math.round(time)} ms`);
    assert.ok(time < 5_000, `${time}`);
    await Promise.all([idle.ended, half.ended]);
    await assert.rejects(fetch(other.url));
  });
});
