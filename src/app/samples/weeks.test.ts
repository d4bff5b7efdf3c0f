import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import test from "node:test";
import ipaddr from "ipaddr.js";
import {addressAbroad, addressAtHome, placeTables} from "./places.ts";
import {SYNTHETIC} from "./report.ts";
import {sampleConfig, sampleFiles} from "./tables.ts";
import {SAMPLE_WEEKS, sampleReports} from "./weeks.ts";

const REPORTS = SAMPLE_WEEKS.flatMap(sampleReports);
/** RFC 2544, RFC 5737, RFC 3849. */
const RESERVED = ["198.18.0.0/15", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"].map((each) =>
  ipaddr.parseCIDR(each),
);
/** RFC 2606. */
const NAMES = /(^|\.)(example|test|example\.(com|net|org))$/;

function isReserved(text: string): boolean {
  const address = ipaddr.parse(text);
  return RESERVED.some(([net, bits]) => net.kind() === address.kind() && address.match([net, bits]));
}

test("the sample is the same on every machine", () => {
  const again = SAMPLE_WEEKS.flatMap(sampleReports);
  assert.deepEqual(
    again.map(({text}) => createHash("sha256").update(text).digest("hex")),
    REPORTS.map(({text}) => createHash("sha256").update(text).digest("hex")),
  );
});

test("no address in the sample is anybody's", () => {
  const texts = [...REPORTS.map(({text}) => text), ...Object.values(placeTables())].join("\n");
  const found = new Set(
    [...texts.matchAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f:]+/g)].map(([ip]) => ip),
  );
  assert.ok(found.size > 20_000, `${found.size} addresses`);
  assert.deepEqual(
    [...found].filter((ip) => ipaddr.isValid(ip) && !isReserved(ip)),
    [],
  );
});

test("no host name in the sample can be registered", () => {
  const urls = REPORTS.flatMap(({text}) =>
    [...text.matchAll(/\bhttps?:\/\/([^/"\s<]+)/g)].map((found) => found[1] ?? ""),
  );
  const listed = REPORTS.filter(({feed}) => feed === `${SYNTHETIC}defacements`).flatMap(({text}) =>
    [...text.matchAll(/^"[\d-]+","([^"]+)"$/gm)].map((found) => found[1] ?? ""),
  );
  assert.ok(urls.length > 3_000 && listed.length > 900);
  const wrong = [...urls, ...listed].filter((host) => !ipaddr.isValid(host) && !NAMES.test(host));
  assert.deepEqual(wrong, []);
});

test("every feed and file of the sample says that it is synthetic", () => {
  for (const {feed, fileName} of REPORTS) {
    assert.ok(feed.startsWith(SYNTHETIC), feed);
    assert.match(fileName, /^synthetic-/);
  }
  const config = sampleConfig("overrides: {}\nfeeds:\n  shadowserver: {format: shadowserver}\n", "http://127.0.0.1/");
  assert.match(config, /^isSample: true$/m);
  for (const {feed} of REPORTS) assert.match(config, new RegExp(`^ {2}${feed}:$`, "m"));
  assert.match(sampleFiles()["baseline.yaml"] ?? "", /signedBy: sample-editor[\s\S]*isSynthetic: true/);
});

test("the made-up places at home and abroad have no address in common", () => {
  const home = new Set(Array.from({length: 127_000}, (_, index) => addressAtHome(index)));
  assert.equal(home.size, 126_976);
  for (let index = 0; index < 4096; index++) assert.ok(!home.has(addressAbroad(index).ip));
});
