/** The reports API of Shadowserver, played by a server that checks what its documentation asks for. */
import assert from "node:assert/strict";
import {createHmac} from "node:crypto";
import {readFileSync} from "node:fs";
import type {ServerResponse} from "node:http";
import path from "node:path";
import test, {after} from "node:test";
import {type Fetched, fetchFeed} from "../../src/app/fetch/fetch.ts";
import {listReports} from "../../src/store/report-records.ts";
import {ROOT} from "../site.ts";
import {type Asked, openWeb} from "../web.ts";
import {openListed} from "./listed.ts";

const [KEY, SECRET] = ["key-of-the-site", "the secret of the site"];
process.env["WATCHFLOOR_SECRET_SHADOW_KEY"] = KEY;
process.env["WATCHFLOOR_SECRET_SHADOW"] = SECRET;
const NOW = new Date("2023-02-22T06:00:00Z");
const SAMPLE = readFileSync(path.join(ROOT, "test/golden/feeds/shadowserver/input.csv"), "utf8");

interface Listed {
  readonly id: string;
  readonly file: string;
  readonly type: string;
  readonly report: string;
  readonly timestamp: string;
}
const reportOf = (timestamp: string, type: string, id: string): Listed => ({
  id,
  type,
  timestamp,
  report: "example",
  file: `${timestamp}-${type}-example.csv`,
});
const HELD = new Map([
  ["2023-02-19", [reportOf("2023-02-19", "event4_sinkhole", "too-old")]],
  ["2023-02-20", [reportOf("2023-02-20", "event4_sinkhole", "aaa"), reportOf("2023-02-20", "scan_http", "other-type")]],
  ["2023-02-21", [reportOf("2023-02-21", "event4_sinkhole", "bbb")]],
]);
/** Ids whose download fails, with the status. */
const gone = new Map<string, number>();

function play(asked: Asked, response: ServerResponse): void {
  if (asked.path === "/api2/reports/list") {
    list(asked, response);
    return;
  }
  const id = asked.path.replace("/dl/", "");
  const status = gone.get(id) ?? 200;
  assert.equal(asked.headers["hmac2"], undefined, "the signature goes with requests to the API only");
  if (status !== 200) response.writeHead(status).end();
  else response.end(SAMPLE.replaceAll("2023-02-20", `2023-02-2${id.length % 3}`));
}

function list({method, headers, body}: Asked, response: ServerResponse): void {
  const signature = createHmac("sha256", SECRET).update(body).digest("hex");
  const wanted: {date: string; apikey: string; reports?: string[]} = JSON.parse(body);
  if (method !== "POST" || headers["hmac2"] !== signature || wanted.apikey !== KEY)
    response.end(JSON.stringify({error: "invalid apikey or HMAC"}));
  else response.end(JSON.stringify(HELD.get(wanted.date) ?? []));
}

const web = await openWeb(play);
after(() => web.close());
const from = (more: object): object => ({
  format: "shadowserver",
  fetch: {
    every: "06:30",
    from: {
      shadowserver: {
        api: `${web.url}/api2`,
        download: `${web.url}/dl/`,
        keyFrom: "WATCHFLOOR_SECRET_SHADOW_KEY",
        secretFrom: "WATCHFLOOR_SECRET_SHADOW",
        daysBack: 2,
        allowPrivate: true,
        ...more,
      },
    },
  },
});
const house = await openListed({
  shadow: from({types: ["event4_sinkhole"], reports: ["example"]}),
  wrong: from({secretFrom: "WATCHFLOOR_SECRET_SHADOW_KEY"}),
  guarded: from({allowPrivate: false}),
});
const fetchNow = (feed: string): Promise<Fetched> => fetchFeed(house, feed, {now: NOW});
const downloads = (): string[] =>
  web.asked.filter(({method}) => method === "GET").map((asked) => asked.path.replace("/dl/", ""));

test("reports of the last days are listed by signed requests and downloaded once each, under their names", async () => {
  gone.set("bbb", 404);
  const first = await fetchNow("shadow");
  assert.deepEqual([first.outcome, first.reports, first.refused], ["partial", 1, 1], JSON.stringify(first.problem));
  assert.match(first.problem?.words.en ?? "", /2023-02-21-event4_sinkhole-example\.csv/);
  assert.deepEqual(downloads(), ["aaa", "bbb"]);
  const days = web.asked.filter(({method}) => method === "POST").map(({body}) => JSON.parse(body));
  assert.deepEqual(
    days.map(({date}) => date),
    ["2023-02-20", "2023-02-21", "2023-02-22"],
  );
  assert.deepEqual(days[0].reports, ["example"]);
  gone.clear();
  const second = await fetchNow("shadow");
  assert.equal(second.problem, null);
  assert.deepEqual(downloads(), ["aaa", "bbb", "bbb"], "what was not there is asked for again, what is in is not");
  assert.deepEqual((await fetchNow("shadow")).reports, 0);
  assert.equal((await listReports(house.home, "shadow"))[0]?.fileName, "2023-02-20-event4_sinkhole-example.csv");
});

test("a server fault breaks the fetch off, and the rest comes the next time", async () => {
  HELD.set("2023-02-22", [
    reportOf("2023-02-22", "event4_sinkhole", "cccc"),
    reportOf("2023-02-22", "event4_sinkhole", "ddddd"),
  ]);
  gone.set("cccc", 503);
  const run = await fetchNow("shadow");
  assert.deepEqual([run.outcome, run.problem?.code, run.isPassing], ["failed", "server-fault", true]);
  gone.clear();
  assert.equal((await fetchNow("shadow")).reports, 2);
});

test("a wrong secret, an answer that is no list, and an address that is not public are told", async () => {
  assert.equal((await fetchNow("wrong")).problem?.code, "access-denied");
  const before = web.connections();
  assert.equal((await fetchNow("guarded")).problem?.code, "address-refused");
  assert.equal(web.connections(), before);
  for (const text of ["<html>", '{"reports": []}', '[{"id": "../../x", "file": "a", "type": "b"}]']) {
    web.answer = (_, response) => response.end(text);
    assert.equal((await fetchNow("shadow")).problem?.code, "odd-answer", text);
  }
});
