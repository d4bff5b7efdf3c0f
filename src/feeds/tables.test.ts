import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {classOf} from "../../test/class-of-row.ts";
import type {TableFormat, TableRule} from "../model/format.ts";
import {classOfRsit, incidentClass, TAXONOMY} from "../model/taxonomy.ts";
import {c2Tracker, c2TrackerObservations} from "./c2-tracker.ts";
import {FORMATS, shapeOf} from "./index.ts";
import {intelmq} from "./intelmq.ts";
import {jpcertPhishurl} from "./jpcert-phishurl.ts";
import {mobileChannel} from "./mobile-channel.ts";
import {tweetfeed} from "./tweetfeed.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SHARED = path.resolve(ROOT, process.env["WATCHFLOOR_SHARED"] ?? "../shared", "data/2-lists");
const skip = existsSync(SHARED) ? false : "skipped: no shared data";

const tables = FORMATS.filter((format): format is TableFormat => format.kind === "table");

/** The columns of a format's sample, or those that its reading names. */
function headerOf({name, reading}: TableFormat): readonly string[] {
  if (reading.as !== "csv") return reading.as === "list" ? ["value"] : [];
  if (reading.header !== "first-line") return reading.header;
  const sample = readFileSync(path.join(ROOT, "test/golden/feeds", name, "input.csv"), "utf8");
  return (sample.split("\n")[0] ?? "").replaceAll('"', "").split(",");
}

function ruleOf(format: TableFormat, fileName = "input.csv"): TableRule {
  const chosen = format.ruleFor({fileName, header: headerOf(format)});
  assert.ok(chosen !== null, `${format.name} refused its own sample`);
  return chosen.rule;
}

test("every format has its own name, both titles, a source and a sample", () => {
  assert.equal(new Set(FORMATS.map(({name}) => name)).size, FORMATS.length);
  for (const {name, title, source} of FORMATS) {
    assert.match(name, /^[a-z][a-z0-9-]*$/);
    assert.ok(title.zh !== "" && title.en !== "" && source !== "", name);
    const files = readdirSync(path.join(ROOT, "test/golden/feeds", name));
    assert.equal(files.filter((file) => file.startsWith("input.")).length, 1, name);
  }
});

test("every table fits its sample, gives known classes and has a field for each kind of asset", () => {
  for (const format of tables) {
    const {fields, classes, assets} = ruleOf(format);
    for (const {class: code} of classes) assert.ok(incidentClass(code) !== null, `${format.name}: ${code}`);
    for (const kind of assets) {
      const sources = kind === "site" ? (["host", "url"] as const) : [kind];
      assert.ok(
        sources.some((field) => fields[field] !== undefined),
        `${format.name} has no field for ${kind}`,
      );
    }
  }
});

test("a format whose lines have no time is a standing list, and no other", () => {
  for (const format of tables)
    assert.equal(ruleOf(format).fields.seenAt === undefined, format.isStandingList === true, format.name);
});

test("a header without the columns of the format is refused", () => {
  for (const format of tables.filter(({reading}) => reading.as === "csv" && reading.header === "first-line"))
    assert.equal(format.ruleFor({fileName: "input.csv", header: ["a", "b"]}), null, format.name);
});

test("the other shape of a provider's data is recognised by how the text begins", () => {
  const shape = (name: string, text: string): string => {
    const format = FORMATS.find((each) => each.name === name);
    assert.ok(format !== undefined);
    return shapeOf(format, text).name;
  };
  assert.equal(shape("c2-tracker", "family,ip,first_seen,last_seen,snapshots\n"), "c2-tracker-observations");
  assert.equal(shape("c2-tracker", "192.0.2.1\n"), "c2-tracker");
  assert.equal(shape("openphish", "url,first_seen,last_seen,snapshots\n"), "openphish-observations");
  assert.equal(shape("openphish", "https://example.org/\n"), "openphish");
  assert.equal(shape("phishtank", '\uFEFF[{"phish_id": 1}]'), "phishtank-json");
  assert.equal(shape("phishtank", "phish_id,url\n"), "phishtank");
  assert.equal(shape("defacement", '{\n "report_type": "ddos"'), "defacement-report");
  assert.equal(shape("cnvd", "<?xml"), "cnvd");
});

test("TweetFeed: the tags and the type of the value say the class", () => {
  const rule = ruleOf(tweetfeed);
  const of = (type: string, tags: string): string => classOf(rule, {type, tags});
  assert.equal(of("url", "#phishing #scam #malware"), "web.phish");
  assert.equal(of("domain", "#scam"), "abuse.fraud");
  assert.equal(of("ip", "#cobaltstrike"), "mal.c2");
  assert.equal(of("url", "#CobaltStrike #icedid"), "mal.c2");
  assert.equal(of("ip", "#C2 #RAT"), "mal.c2");
  assert.equal(of("url", "#malware"), "mal.site");
  assert.equal(of("url", "#qakbot"), "mal.site");
  assert.equal(of("domain", "#malware #asyncrat"), "mal.c2");
  assert.equal(of("ip", "#malware"), "undetermined");
  assert.equal(of("md5", "#phishing"), "other");
  assert.equal(of("ip", "#log4j #log4shell"), "att.exploit");
  assert.equal(of("url", ""), "undetermined");
});

test("TweetFeed: the value is an address, a name, a page or a file, as its type says", () => {
  const {fields, assets} = ruleOf(tweetfeed);
  assert.equal(assets[0], "url", "a page is the asset, not the host that its URL gives");
  for (const [field, types] of [
    ["ip", ["ip"]],
    ["host", ["domain"]],
    ["url", ["url"]],
    ["file", ["md5", "sha256"]],
  ] as const)
    assert.deepEqual(fields[field]?.when, [{column: "type", equals: types}]);
});

test("IntelMQ: every type of its taxonomy has a class, a worm is a worm, a changed page is defaced", () => {
  const rule = ruleOf(intelmq);
  const of = (type: string, more: Record<string, string> = {}): string =>
    classOf(rule, {"classification.type": type, ...more});
  assert.equal(of("infected-system", {"malware.name": "conficker"}), "mal.worm");
  assert.equal(of("infected-system", {"malware.name": "emotet"}), "mal.bot");
  assert.equal(of("c2-server"), "mal.c2");
  assert.equal(of("unauthorised-information-modification", {"source.url": "http://example.net/"}), "web.deface");
  assert.equal(of("unauthorised-information-modification"), "data.tamper");
  assert.equal(of("system-compromise"), "att.host");
  assert.equal(of("dga-domain"), "mal.dga");
  assert.equal(of("blacklist"), "other");
  assert.equal(of("something-new"), "undetermined");
  assert.equal(of(""), "", "a line without a type is a reject");
  for (const {intelmqType} of TAXONOMY.incidentClasses) assert.notEqual(of(intelmqType), "", intelmqType);
});

test("an RSIT value stands for our most general class of it", () => {
  assert.equal(classOfRsit("undetermined"), "undetermined");
  assert.equal(classOfRsit("system-compromise"), "att.host");
  assert.equal(classOfRsit("infected-system"), "mal.bot");
  assert.equal(classOfRsit("masquerade"), "abuse.fraud");
  assert.equal(classOfRsit("no-such-value"), null);
});

test("C2-Tracker: the file is named after the family; a tool on a server is no control server", () => {
  const of = (fileName: string): [string | null, string] => {
    const rule = c2Tracker.ruleFor({fileName, header: ["value"]})?.rule;
    const family = rule?.fields.family?.conversion;
    return [family?.as === "look-up" ? family.otherwise : null, rule?.classes[0]?.class ?? ""];
  };
  assert.deepEqual(of("Cobalt Strike.txt"), ["cobalt strike", "mal.c2"]);
  assert.deepEqual(of("data/Cobalt Strike C2 IPs.txt"), ["cobalt strike", "mal.c2"]);
  assert.deepEqual(of("Brute Ratel C4 IPs.txt.gz"), ["brute ratel c4", "mal.c2"]);
  assert.deepEqual(of("GoPhish IPs.txt"), ["gophish", "other"]);
  assert.deepEqual(of("all.txt"), [null, "mal.c2"]);
  const observations = ruleOf(c2TrackerObservations);
  assert.equal(classOf(observations, {family: "BurpSuite"}), "other");
  assert.equal(classOf(observations, {family: "Sliver"}), "mal.c2");
});

test("JPCERT/CC writes the time of Japan", () => {
  assert.deepEqual(ruleOf(jpcertPhishurl).fields.seenAt?.conversion, {
    as: "time",
    pattern: "%Y/%m/%d %H:%M:%S",
    zone: "Asia/Tokyo",
  });
});

test("mobile channels: a kind may be written as its code, in Chinese or in English", () => {
  const kind = ruleOf(mobileChannel).fields.channelKind?.conversion;
  assert.ok(kind?.as === "look-up");
  for (const {code, zh, en} of TAXONOMY.mobileChannelKinds)
    for (const name of [code, zh, en.toLowerCase()]) assert.equal(kind.table[name], code);
});

test("mobile channels: every kind that the real weekly reports name is known", {skip}, () => {
  const weeks: {channels_by_kind: Record<string, number>}[] = JSON.parse(
    readFileSync(path.join(SHARED, "../../domain/mobile-channels.json"), "utf8"),
  );
  const kind = ruleOf(mobileChannel).fields.channelKind?.conversion;
  assert.ok(kind?.as === "look-up" && weeks.length > 0);
  for (const name of weeks.flatMap(({channels_by_kind: kinds}) => Object.keys(kinds)))
    assert.ok(kind.table[name], name);
});

test("TweetFeed: in six real weeks only a domain called malware, or an actor's name, leaves the class open", {
  skip,
}, () => {
  const rule = ruleOf(tweetfeed);
  const unknown = new Set<string>();
  let rows = 0;
  for (const name of readdirSync(path.join(SHARED, "tweetfeed")).filter((each) => each.startsWith("2023"))) {
    for (const line of readFileSync(path.join(SHARED, "tweetfeed", name), "utf8")
      .trim()
      .split("\n")) {
      rows++;
      const [, , type = ""] = line.split(",", 3);
      const tags = line.split(",").at(-2) ?? "";
      if (tags.trim() !== "" && type !== "ip" && classOf(rule, {type, tags}) === "undetermined") unknown.add(tags);
    }
  }
  assert.ok(rows > 30_000);
  assert.deepEqual([...unknown].sort(), ["#Lazarus", "#malware", "#malware #maldoc", "#ransomware"]);
});
