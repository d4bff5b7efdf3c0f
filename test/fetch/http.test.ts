/** Feeds that are fetched from a web server, with all that such a server does wrong. */
import assert from "node:assert/strict";
import type {ServerResponse} from "node:http";
import {createServer} from "node:net";
import test, {after} from "node:test";
import {gzipSync} from "node:zlib";
import type {Fetched} from "../../src/app/fetch/fetch.ts";
import {fetchFeed} from "../../src/app/fetch/fetch.ts";
import {fetchRuns, fetchStates} from "../../src/store/fetches.ts";
import {listReports} from "../../src/store/report-records.ts";
import {openWeb, type Web} from "../web.ts";
import {freshReport, NOW, openListed} from "./listed.ts";

const SECRET = "Bearer s3cret-of-the-feed";
process.env["WATCHFLOOR_SECRET_TEST"] = SECRET;
process.env["WATCHFLOOR_SECRET_KEY"] = "k/e y";

const ROWS = freshReport(2);
const web = await openWeb((_, response) => response.end(ROWS));
const elsewhere = await openWeb((_, response) => response.end(ROWS));
after(async () => {
  await web.close();
  await elsewhere.close();
});

const from = (more: object): object => ({
  fetch: {every: 60, from: {http: {url: `${web.url}/list.csv`, allowPrivate: true, ...more}}},
});
const house = await openListed(
  {
    plain: from({}),
    named: from({secretFrom: "WATCHFLOOR_SECRET_TEST", fileName: "named.csv"}),
    keyed: from({url: `${web.url}/data/{WATCHFLOOR_SECRET_KEY}/list.csv`}),
    lacking: from({secretFrom: "WATCHFLOOR_SECRET_NOBODY"}),
    "public-only": from({allowPrivate: false}),
    slow: from({timeoutSeconds: 1}),
    standing: {format: "openphish", ...from({url: `${web.url}/feed.txt`})},
    "by-hand": {},
  },
  {limits: {downloadBytes: 100_000}},
);

const fetchNow = (feed: string, now = NOW): Promise<Fetched> => fetchFeed(house, feed, {now});
const onceMore = (answer: Web["answer"]): void => {
  web.answer = answer;
};
const failing = async (feed: string, answer: Web["answer"]): Promise<string> => {
  onceMore(answer);
  const {outcome, problem, newReports} = await fetchNow(feed);
  assert.equal(outcome, "failed", JSON.stringify(problem));
  assert.equal(newReports, 0);
  return `${problem?.code} ${problem?.words.en}`;
};
const memoryIs = async (feed: string): Promise<unknown> => {
  const {db} = await house.database();
  return (await db.selectFrom("fetch_states").select("memory").where("feed", "=", feed).executeTakeFirstOrThrow())
    .memory;
};

test("a report is taken in and remembered by its ETag, and not sent again while it is the same", async () => {
  onceMore(({headers}, response) => {
    if (headers["if-none-match"] === '"v1"' && headers["if-modified-since"] !== undefined)
      response.writeHead(304).end();
    else response.writeHead(200, {etag: '"v1"', "last-modified": "Tue, 24 Nov 2026 10:00:00 GMT"}).end(ROWS);
  });
  const first = await fetchNow("plain");
  assert.deepEqual([first.outcome, first.reports, first.newReports, first.received], ["fetched", 1, 1, 2]);
  const second = await fetchNow("plain");
  assert.deepEqual([second.outcome, second.reports, second.problem], ["unchanged", 0, null]);
  const reports = await listReports(house.home, "plain");
  assert.deepEqual(
    reports.map(({fileName}) => fileName),
    ["list.csv"],
  );
  const {db} = await house.database();
  const state = (await fetchStates(db)).get("plain");
  assert.equal(state?.problem, null);
  assert.equal(state?.failures, 0);
  assert.ok(state?.successAt && state.reportAt);
  assert.deepEqual(
    (await fetchRuns(db, "plain", {limit: 9})).map((run) => run.outcome),
    ["unchanged", "fetched"],
  );
});

test("the same report from a server that knows no ETag counts once", async () => {
  onceMore((_, response) => response.end(ROWS));
  const again = await fetchNow("plain");
  assert.deepEqual([again.outcome, again.reports, again.newReports], ["unchanged", 1, 0]);
});

test("a standing list is asked for without a condition on each new day, for it stands that day, too", async () => {
  onceMore(({headers}, response) => {
    if (headers["if-none-match"] === '"same"') response.writeHead(304).end();
    else response.writeHead(200, {etag: '"same"'}).end("http://bad.example/login\n");
  });
  const on = (day: string): Promise<Fetched> => fetchNow("standing", new Date(`${day}T04:00:00Z`));
  assert.equal((await on("2026-11-23")).newReports, 1);
  assert.equal((await on("2026-11-23")).outcome, "unchanged");
  assert.equal((await on("2026-11-24")).newReports, 1);
});

test("the secret goes into its header, and to nowhere else: not to another origin, a log, a row or a name", async () => {
  const rows = freshReport();
  onceMore((_, response) => response.writeHead(302, {location: `${web.url}/moved.csv`}).end());
  web.answer = ({path, headers}, response) => {
    assert.equal(headers["authorization"], SECRET);
    if (path === "/moved.csv") response.end(rows);
    else response.writeHead(302, {location: "/moved.csv"}).end();
  };
  assert.equal((await fetchNow("named")).outcome, "fetched");
  web.answer = ({path}, response) => {
    assert.equal(path, "/data/k%2Fe%20y/list.csv");
    response.writeHead(403).end();
  };
  const refused = await fetchNow("keyed");
  assert.equal(refused.problem?.code, "access-denied");
  const {db} = await house.database();
  const all = JSON.stringify([
    await db.selectFrom("fetch_states").selectAll().execute(),
    await db.selectFrom("fetch_runs").selectAll().execute(),
    await listReports(house.home),
  ]);
  for (const secret of [SECRET, "k/e y", "k%2Fe"]) assert.ok(!all.includes(secret), secret);
});

test("a secret that is not set is named, and nothing is connected to", async () => {
  const before = web.connections();
  const {problem, isPassing} = await fetchNow("lacking");
  assert.equal(problem?.code, "secret-missing");
  assert.match(problem?.words.zh ?? "", /WATCHFLOOR_SECRET_NOBODY 未设置/);
  assert.equal(isPassing, false);
  assert.equal(web.connections(), before);
});

test("what the server answers is said in words, and whether it may pass by itself", async () => {
  for (const [status, code, isPassing] of [
    [401, "access-denied", false],
    [403, "access-denied", false],
    [404, "not-there", false],
    [410, "not-there", false],
    [429, "too-often", true],
    [500, "server-fault", true],
    [503, "server-fault", true],
    [204, "odd-answer", false],
  ] as const) {
    onceMore((_, response) => response.writeHead(status).end());
    const run = await fetchNow("plain");
    assert.deepEqual([run.problem?.code, run.isPassing], [code, isPassing], String(status));
    assert.match(run.problem?.words.en ?? "", new RegExp(String(status)));
  }
  const {db} = await house.database();
  assert.equal((await fetchStates(db)).get("plain")?.failures, 8);
});

test("a download that is cut, announced longer than it is or broken in its chunks leaves nothing behind", async () => {
  const remembered = await memoryIs("plain");
  const half = (response: ServerResponse): void => {
    response.write(freshReport());
    setTimeout(() => response.destroy(), 50);
  };
  assert.match(
    await failing("plain", (_, response) => half(response.writeHead(200, {etag: '"cut"'}))),
    /^no-connection/,
  );
  assert.match(
    await failing("plain", (_, response) => half(response.writeHead(200, {"content-length": "5000", etag: '"cut"'}))),
    /^no-connection/,
  );
  assert.match(await failing("plain", (_, response) => void response.socket?.destroy()), /^no-connection/);
  assert.match(await failing("plain", (_, response) => void response.socket?.end("nonsense\r\n\r\n")), /^odd-answer/);
  assert.deepEqual(await memoryIs("plain"), remembered, "an ETag of half a report is not remembered");
});

test("a report beyond the limit is broken off, whether it says its length or not", async () => {
  const large = Buffer.alloc(200_000, "x");
  assert.match(
    await failing("plain", (_, response) => response.writeHead(200, {"content-length": 200_000}).end(large)),
    /^too-large/,
  );
  assert.match(await failing("plain", (_, response) => response.write(large, () => response.end())), /^too-large/);
});

test("a server that drips or says nothing is left after the time that is given", async () => {
  const from = performance.now();
  assert.match(await failing("slow", () => undefined), /^too-slow/);
  const drip = (response: ServerResponse): void => {
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  };
  assert.match(await failing("slow", (_, response) => drip(response)), /^too-slow/);
  assert.ok(performance.now() - from < 6000);
});

test("an address that is not public is refused before anything is connected to", async () => {
  const before = web.connections();
  assert.match(await failing("public-only", (_, response) => response.end(ROWS)), /^address-refused.*127\.0\.0\.1/);
  assert.equal(web.connections(), before);
});

test("a redirect leads to no other private address, no other scheme, and not round and round", async () => {
  const to = (location: string) => (_: unknown, response: ServerResponse) =>
    void response.writeHead(302, {location}).end();
  assert.match(await failing("plain", to(`${elsewhere.url}/list.csv`)), /^address-refused/);
  assert.match(await failing("plain", to("http://169.254.169.254/latest/meta-data")), /^address-refused/);
  assert.match(await failing("plain", to("http://[::ffff:127.0.0.1]/")), /^address-refused/);
  assert.match(await failing("plain", to("http://2130706433/")), /^address-refused/);
  assert.match(
    await failing("plain", to("http://localhost:1/")),
    /^address-refused/,
    "the name is looked up, and refused",
  );
  assert.match(await failing("plain", to("file:///etc/passwd")), /^redirect-refused/);
  assert.match(await failing("plain", to("http://user:pw@example.org/")), /^redirect-refused/);
  assert.match(await failing("plain", to("/list.csv")), /^redirect-refused/);
  assert.equal(elsewhere.connections(), 0);
});

test("a server that cannot be reached, and a host that there is not", async () => {
  const port = await new Promise<number>((resolve) => {
    const closed = createServer().listen(0, "127.0.0.1", () => {
      const address = closed.address();
      closed.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
  const site = house.config.feeds["plain"]?.fetch?.from.http;
  assert.ok(site);
  const {url} = site;
  try {
    site.url = `http://127.0.0.1:${port}/x`;
    assert.match(await failing("plain", () => undefined), /^no-connection/);
    site.url = "http://no-such-host.invalid/x";
    assert.match(await failing("plain", () => undefined), /^no-such-host/);
  } finally {
    site.url = url;
  }
});

test("a packed report is opened, and one that unpacks to a bomb is not", async () => {
  onceMore((_, response) => response.writeHead(200, {"content-encoding": "gzip"}).end(gzipSync(freshReport())));
  assert.equal((await fetchNow("plain")).received, 1);
  assert.match(
    await failing("plain", (_, response) => response.end(gzipSync(Buffer.alloc(50_000_000)))),
    /^unreadable/,
  );
  assert.match(await failing("plain", (_, response) => response.end("<html>Sign in</html>")), /^unreadable/);
});

test("a feed without fetch, and one that there is not, are refused", async () => {
  await assert.rejects(fetchNow("by-hand"), /feed_not_fetched|says not where/);
  await assert.rejects(fetchNow("nobody"), /no feed of that name/);
});
