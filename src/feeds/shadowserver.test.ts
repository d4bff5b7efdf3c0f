import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {classOf} from "../../test/class-of-row.ts";
import type {ChosenRule} from "../model/format.ts";
import {incidentClass, TAXONOMY} from "../model/taxonomy.ts";
import {shadowserver, shadowserverWith} from "./shadowserver.ts";
import {readShadowserverSchema} from "./shadowserver-schema.ts";
import {SHADOWSERVER_SECTORS} from "./shadowserver-sectors.ts";
import {SHADOWSERVER_TYPES} from "./shadowserver-types.ts";

const SHARED = path.resolve(
  import.meta.dirname,
  "../..",
  process.env["WATCHFLOOR_SHARED"] ?? "../shared",
  "data/1-reports",
);
const skip = existsSync(SHARED) ? false : "skipped: no shared data";
const SCAN = ["timestamp", "ip", "protocol", "port", "hostname", "tag", "asn", "geo"];

function chosen(fileName: string, header: readonly string[] = SCAN, format = shadowserver): ChosenRule {
  const choice = format.ruleFor({fileName, header});
  assert.ok(choice !== null, `${fileName} was not accepted`);
  return choice;
}

test("the table has 170 types, each with a class, an RSIT type, a severity or none, and both titles", () => {
  assert.equal(SHADOWSERVER_TYPES.size, 170);
  const known = new Set(Object.values(TAXONOMY.rsit).flat());
  for (const type of SHADOWSERVER_TYPES.values()) {
    assert.ok(incidentClass(type.class) !== null, `${type.name}: class ${type.class}`);
    assert.ok(known.has(type.rsit.type), `${type.name}: RSIT ${type.rsit.type}`);
    assert.ok([null, "critical", "high", "medium", "low", "info"].includes(type.severity), `${type.name}: severity`);
    assert.equal(new Set(type.columns).size, type.columns.length, `${type.name}: columns twice`);
    assert.notEqual(type.title.zh, type.title.en);
  }
});

test("our class is the publisher's RSIT type, but for the types that the table's comment names", () => {
  const others = [...SHADOWSERVER_TYPES.values()]
    .filter((type) => incidentClass(type.class)?.rsit?.value !== type.rsit.type)
    .map(({name}) => name);
  assert.deepEqual(others, [
    "event4_ip_spoofer",
    "event4_sinkhole_http_referer",
    "event6_sinkhole_http_referer",
    "ransomware_victim",
    "sandbox_conn",
    "sandbox_url",
    "scan_post_exploitation_framework",
    "scan_synfulknock",
  ]);
});

test("the sectors of the publisher are sectors of ours", () => {
  const codes = new Set(TAXONOMY.sectors.map(({code}) => code));
  for (const [text, code] of Object.entries(SHADOWSERVER_SECTORS)) {
    assert.ok(codes.has(code), `${text} is ${code}`);
    assert.equal(text, text.toLowerCase());
  }
});

test("the file name says the type, dated or not", () => {
  for (const name of [
    "2024-07-04-scan_adb-123-sample-asn.csv",
    "2020-04-03-scan_adb.csv",
    "scan_adb.csv",
    "in/scan_adb-x.csv",
  ])
    assert.equal(chosen(name).type, "scan_adb", name);
});

test("an unknown type is kept: its class is guessed from its name, or undetermined, with a warning", () => {
  const scan = chosen("2026-01-01-scan_newthing-geo.csv", [...SCAN, "novel"]);
  assert.equal(scan.type, "scan_newthing");
  assert.equal(classOf(scan.rule, {}), "vuln.host");
  assert.match(scan.warnings.join(), /Unknown report type scan_newthing/);
  const sinkhole = chosen("2026-01-01-event4_other_sinkhole-geo.csv", ["timestamp", "src_ip", "tag"]);
  assert.equal(classOf(sinkhole.rule, {}), "mal.bot");
  assert.deepEqual(sinkhole.rule.fields.ip?.columns, ["src_ip"]);
  assert.equal(classOf(chosen("2026-01-01-mystery-geo.csv").rule, {}), "undetermined");
});

test("a column that the type is not known to have is named in a warning", () => {
  assert.match(chosen("scan_adb.csv", [...SCAN, "novel"]).warnings.join(), /scan_adb .*: novel\./);
  assert.deepEqual(chosen("scan_adb.csv").warnings, []);
});

test("a table without time or asset is no Shadowserver report", () => {
  assert.equal(shadowserver.ruleFor({fileName: "scan_adb.csv", header: ["date", "host"]}), null);
  assert.equal(shadowserver.ruleFor({fileName: "scan_adb.csv", header: ["timestamp", "count"]}), null);
});

test("without a telling name the header says the type, and never gives a wrong class", () => {
  for (const type of SHADOWSERVER_TYPES.values()) {
    const choice = chosen("upload.csv", type.columns);
    const code = choice.rule.classes.at(-1)?.class;
    assert.ok(code === type.class || code === "undetermined", `${type.name} was taken for ${code}`);
    assert.match(choice.warnings.join(), /file name names no report type/);
  }
  assert.equal(chosen("upload.csv", SHADOWSERVER_TYPES.get("scan_smb")?.columns).type, "scan_smb");
});

test("an infected address is a bot; Conficker makes it a worm, wherever the row says so", () => {
  const {rule} = chosen("event4_sinkhole.csv", ["timestamp", "src_ip", "infection", "family", "tag"]);
  assert.equal(classOf(rule, {infection: "mirai", tag: "mirai"}), "mal.bot");
  assert.equal(classOf(rule, {infection: "B54-Conficker"}), "mal.worm");
  assert.equal(classOf(rule, {family: "downadup"}), "mal.worm");
  assert.equal(classOf(rule, {tag: "conficker"}), "mal.worm");
});

test("a compromised site with a webshell carries a backdoor, one that was defaced is defaced", () => {
  const {rule} = chosen("compromised_website.csv", [...SCAN, "http_host", "url", "category"]);
  assert.deepEqual(rule.assets, ["site", "ip"]);
  assert.equal(classOf(rule, {tag: "webshell;china-chopper"}), "web.backdoor");
  assert.equal(classOf(rule, {category: "defaced"}), "web.deface");
  assert.equal(classOf(rule, {tag: "hacked-webserver"}), "att.host");
  assert.equal(classOf(chosen("scan_exchange.csv").rule, {tag: "exchange;webshell"}), "web.backdoor");
  assert.equal(classOf(chosen("compromised_iot.csv").rule, {tag: "backdoor"}), "att.host");
});

test("the asset is the source, the target of an attack, or the page, as the type says", () => {
  const ip = (type: string): readonly string[] | undefined =>
    chosen(`${type}.csv`, ["timestamp", "ip", "src_ip", "dst_ip", "url", "http_referer_ip"]).rule.fields.ip?.columns;
  assert.deepEqual(ip("scan_dns"), ["ip"]);
  assert.deepEqual(ip("event4_ddos_participant"), ["src_ip"]);
  assert.deepEqual(ip("event4_honeypot_ddos_target"), ["dst_ip"]);
  assert.deepEqual(ip("event4_sinkhole_http_referer"), ["http_referer_ip"]);
  assert.deepEqual(chosen("malware_url.csv", ["timestamp", "url"]).rule.assets, ["url", "site", "ip"]);
});

test("a row without severity has that of its type", () => {
  const {severity} = chosen("scan_adb.csv").rule.fields;
  assert.deepEqual(severity?.conversion.as === "look-up" && severity.conversion.otherwise, "critical");
});

test("the table agrees with the publisher's schema in names, columns and RSIT types", {skip}, () => {
  for (const name of ["reports.json", "intelmq.json"]) {
    const schema = readShadowserverSchema(readFileSync(path.join(SHARED, "shadowserver-schema", name), "utf8"), name);
    assert.deepEqual(schema.map((type) => type.name).sort(), [...SHADOWSERVER_TYPES.keys()].sort());
    for (const type of schema) {
      const ours = SHADOWSERVER_TYPES.get(type.name);
      assert.deepEqual([...type.columns].sort(), [...(ours?.columns ?? [])].sort(), `${name}: ${type.name}`);
      if (type.name !== "blocklist") assert.deepEqual(type.rsit, ours?.rsit, `${name}: ${type.name}`); // no RSIT type
      assert.equal(type.identifier?.toLowerCase(), ours?.identifier?.toLowerCase(), `${name}: ${type.name}`);
      assert.equal(type.application?.toLowerCase(), ours?.application?.toLowerCase(), `${name}: ${type.name}`);
    }
  }
});

test("the default severities are those that the publisher states", {skip}, () => {
  const rows = readFileSync(path.join(SHARED, "shadowserver-schema/types.md"), "utf8").matchAll(
    /^\| (\w+) \| \[.*\]\(.*\) \| (\w+) \|$/gm,
  );
  const stated = [...rows];
  assert.equal(stated.length, 168);
  for (const [, name = "", severity] of stated) assert.equal(SHADOWSERVER_TYPES.get(name)?.severity, severity, name);
});

test("the header of a real report never leads to a wrong class, old columns or new", {skip}, () => {
  const folder = path.join(SHARED, "shadowserver");
  const reports = readdirSync(folder).filter(
    (name) => name.endsWith(".csv") && SHADOWSERVER_TYPES.has(name.slice(0, -4)),
  );
  const wrong = reports.filter((name) => {
    const [first = ""] = readFileSync(path.join(folder, name), "utf8").split("\n");
    const code = chosen("upload.csv", first.trim().replaceAll('"', "").split(",")).rule.classes.at(-1)?.class;
    return code !== "undetermined" && code !== SHADOWSERVER_TYPES.get(name.slice(0, -4))?.class;
  });
  assert.ok(reports.length >= 60);
  assert.deepEqual(wrong, []);
});

test("a type that only the publisher's schema knows gets its meaning from it", () => {
  const text = JSON.stringify({
    scan_novel: {
      name: "Accessible-Novel",
      fields: SCAN,
      "classification.taxonomy": "vulnerable",
      "classification.type": "weak-crypto",
    },
    scan6_novel: {name: "IPv6-Accessible-Novel", fields: [...SCAN, "six"]},
    scan_adb: {
      name: "Accessible-ADB",
      fields: [...SCAN, "later"],
      "classification.taxonomy": "other",
      "classification.type": "other",
    },
  });
  const format = shadowserverWith(readShadowserverSchema(text, "reports.json"));
  for (const name of ["scan_novel", "scan6_novel"]) {
    const choice = chosen(`2026-01-01-${name}-x.csv`, SCAN, format);
    assert.deepEqual([choice.type, choice.warnings, classOf(choice.rule, {})], [name, [], "vuln.crypto"]);
  }
  const known = chosen("scan_adb.csv", [...SCAN, "later"], format);
  assert.deepEqual([known.warnings, classOf(known.rule, {})], [[], "vuln.host"]);
});

test("a file that is no schema is refused, naming what is wrong", () => {
  assert.throws(() => readShadowserverSchema("[]", "reports.json"), {code: "format_invalid"});
  assert.throws(() => readShadowserverSchema("{", "reports.json"), {code: "format_invalid"});
  assert.throws(() => readShadowserverSchema('{"scan_x": {"name": "X"}}', "reports.json"), /reports\.json: scan_x/);
});
