/** Whatever a feed writes where a host belongs: the row is counted under some asset, or it is a reject with its reason. */
import assert from "node:assert/strict";
import {writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import {countWorkOf} from "../src/app/situation.ts";
import {daysOf, weekNamed} from "../src/model/week.ts";
import {INDICATORS} from "../src/situation/indicators.ts";
import {rejectsOf} from "../src/store/events/rejects.ts";
import {countWeeks} from "../src/store/events/weeks/week-counts.ts";
import {eventsOf, eventsOn, openSite, takeIn, temporaryFolder} from "./site.ts";

const house = await openSite({profile: "cn"});
const folder = temporaryFolder();
const WEEK = weekNamed("2023-02-20", "Asia/Shanghai");
const FETCHED_AT = "2023-02-28T00:00:00Z";
const RUNS = Number(process.env["WATCHFLOOR_RUNS"] ?? 4);
let files = 0;

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

/** Takes rows in and returns the events and the rejects of the report. */
async function taken(feed: string, ending: string, lines: readonly string[]) {
  const file = path.join(folder, `${++files}.${ending}`);
  writeFileSync(file, `${lines.join("\n")}\n`);
  const [report] = await takeIn(house, {feed, file, fetchedAt: FETCHED_AT});
  assert.ok(report !== undefined);
  return {report, events: await eventsOf(house, report.id), rejects: (await rejectsOf(house.lake, report.id)) ?? []};
}

const defaced = (hosts: readonly string[]) =>
  taken("defacement", "csv", ["date,host", ...hosts.map((host) => `2023-02-20,${quoted(host)}`)]);

test("a defaced site may be given as a name, an address, either with a port, or a URL", async () => {
  const {events, rejects} = await defaced([
    "www.port.example.cn:8080",
    "http://url.example.cn/index.php?id=1",
    "198.51.100.7",
    "198.51.100.8:8081",
    "https://198.51.100.9/hacked.html",
    "2001:db8::7",
    "[2001:db8::8]:8443",
    "fullstop.example.cn.",
    "http://root.example.cn.:80/x.",
    "disguised[.]example[.]cn",
    "MIXED.Example.CN",
  ]);
  assert.deepEqual(rejects, []);
  assert.deepEqual(
    events.map(({asset_kind, asset, ip}) => [asset_kind, asset || ip]),
    [
      ["site", "port.example.cn"],
      ["site", "url.example.cn"],
      ["ip", "198.51.100.7"],
      ["ip", "198.51.100.8"],
      ["ip", "198.51.100.9"],
      ["ip", "2001:db8::7"],
      ["ip", "2001:db8::8"],
      ["site", "fullstop.example.cn"],
      ["site", "root.example.cn"],
      ["site", "disguised.example.cn"],
      ["site", "mixed.example.cn"],
    ],
  );
});

test("what is no host name is no site: the row is about its address, or about nothing", async () => {
  const {events, rejects} = await defaced([
    "*.wild.example.cn",
    "nul\0.example.cn",
    "a..b.example.cn",
    "1.2.3.999",
    "::",
  ]);
  assert.deepEqual(events, []);
  assert.deepEqual(
    rejects.map(({line, reason}) => [line, reason]),
    [2, 3, 4, 5, 6].map((line) => [line, "no_asset"]),
  );
  const both = await taken("intelmq", "jsonl", [
    JSON.stringify({
      "time.source": "2023-02-20T01:00:00Z",
      "classification.type": "phishing",
      "source.url": "http://*.wild.example.cn/",
      "source.fqdn": "*.wild.example.cn",
      "source.ip": "198.51.100.20",
    }),
  ]);
  assert.deepEqual(
    both.events.map(({ip}) => ip),
    ["198.51.100.20"],
  );
});

const LABEL = fc.oneof(
  {weight: 4, arbitrary: fc.stringMatching(/^[a-z0-9]{1,6}$/)},
  {
    weight: 3,
    arbitrary: fc.constantFrom("*", "", "-", "_", "xn--", "xn--0", "xn--fiqs8s", "例え", "ß", "%41", "a b", "ª"),
  },
  {weight: 1, arbitrary: fc.string({unit: "binary", maxLength: 3}).filter((text) => !/[\r\n]/.test(text))},
);
const NAME = fc
  .tuple(fc.array(LABEL, {minLength: 0, maxLength: 3}), fc.constantFrom("cn", "example.cn", "7", "c", ""))
  .map(([labels, last]) => [...labels, last].join("."));
const ADDRESS = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV6().map((ip) => `[${ip}]`),
);
const HOST = fc
  .tuple(
    fc.constantFrom("", "", "http://", "hxxp://", "https://user@", "ftp://", "//"),
    fc.oneof({weight: 3, arbitrary: NAME}, ADDRESS),
    fc.constantFrom("", "", ":80", ":99999", ":"),
    fc.constantFrom("", "", "/", "/x?y=1", "#", "\\"),
  )
  .map((parts) => parts.join(""));

test("whatever stands where the host belongs, a row is counted under an asset or is a reject", async () => {
  const [defacedSites] = INDICATORS.filter(({id}) => id === "web.defaced");
  assert.ok(defacedSites?.counting.how === "counted");
  const where = defacedSites.counting.where.filter(({column}) => column === "class"); // wherever they stand
  const definitions = [{...defacedSites, counting: {...defacedSites.counting, where}}];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(HOST, fc.option(ADDRESS)), {minLength: 20, maxLength: 60}), async (rows) => {
      const list = await defaced(rows.map(([host]) => host));
      const pages = await taken(
        "intelmq",
        "jsonl",
        rows.map(([host, ip]) =>
          JSON.stringify({
            "time.source": "2023-02-20T01:00:00Z",
            "classification.type": "unauthorised-information-modification",
            "source.url": host.toWellFormed(),
            ...(ip === null ? {} : {"source.ip": ip}),
          }),
        ),
      );
      for (const {report, events, rejects} of [list, pages]) {
        assert.equal(report.received, rows.length);
        assert.deepEqual([events.length, rejects.length], [report.events, report.rejects]);
        assert.equal(report.events + report.rejects, report.received);
        assert.deepEqual(
          events.filter((event) => event["asset_kind"] === "" || (event["asset"] === "" && event["ip"] === "")),
          [],
        );
      }
      const EVENTS = `
        SELECT uniqExact(if(host != '', host, ifNull(toString(ip), ''))) AS sites, countIf(host = '' AND isNull(ip)) AS nowhere
        FROM ${await eventsOn(house, daysOf(WEEK))} WHERE class = 'web.deface'`;
      const [raw] = await house.engine.query<{sites: number; nowhere: number}>(EVENTS);
      const counted = (await countWeeks(countWorkOf(house, definitions), [WEEK])).get(WEEK.from);
      assert.deepEqual([counted?.counts["web.defaced"]?.value, 0], [raw?.sites, raw?.nowhere]);
    }),
    {numRuns: RUNS},
  );
});
