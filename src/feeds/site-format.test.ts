import assert from "node:assert/strict";
import test from "node:test";
import {classOf} from "../../test/class-of-row.ts";
import {readSiteFormat} from "./site-format.ts";

const PARTNER = `
name: partner-list
title: {zh: 伙伴清单, en: Partner's list}
source: https://partner.example/feed
reads: {as: csv, delimiter: ";"}
zone: Europe/Berlin
class: web.phish
classes:
  - when: {column: kind, equals: C2}
    class: mal.c2
  - when:
      - {column: kind, contains: [hack, deface]}
      - {column: link, isEmpty: false}
    class: web.deface
fields:
  seenAt: {columns: date, pattern: "%d.%m.%Y %H:%M", required: true}
  url: [link, url]
  brand: {columns: target, except: [other, n/a]}
  severity: {columns: level, table: {Hoch: high}, otherwise: low}
  sector: {constant: gov, when: {column: owner, equals: state}}
keep: level
`;

test("a site's mapping becomes a table format", () => {
  const format = readSiteFormat(PARTNER, "partner.yaml");
  assert.equal(format.name, "partner-list");
  assert.equal(format.isStandingList, undefined);
  assert.deepEqual(format.reading, {as: "csv", delimiter: ";", header: "first-line", mustHave: ["date"]});
  const chosen = format.ruleFor({fileName: "x.csv", header: ["date", "link", "kind", "target", "level", "owner"]});
  assert.deepEqual(chosen?.warnings, []);
  assert.deepEqual(chosen?.rule.fields, {
    seenAt: {
      columns: ["date"],
      conversion: {as: "time", zone: "Europe/Berlin", pattern: "%d.%m.%Y %H:%M"},
      required: true,
    },
    url: {columns: ["link", "url"], conversion: {as: "url"}},
    brand: {columns: ["target"], conversion: {as: "text", except: ["other", "n/a"]}},
    severity: {columns: ["level"], conversion: {as: "look-up", table: {hoch: "high"}, otherwise: "low"}},
    sector: {
      columns: [],
      conversion: {as: "look-up", table: {}, otherwise: "gov"},
      when: [{column: "owner", equals: ["state"]}],
    },
  });
  assert.deepEqual(chosen?.rule.assets, ["url", "site"]);
  assert.deepEqual(chosen?.rule.keep, ["level"]);
  assert.equal(classOf(chosen.rule, {kind: "c2"}), "mal.c2");
  assert.equal(classOf(chosen.rule, {kind: "hacked", link: "x"}), "web.deface");
  assert.equal(classOf(chosen.rule, {kind: "hacked"}), "web.phish");
});

test("a mapping may be JSON, and short: a plain list of addresses", () => {
  const format = readSiteFormat(
    JSON.stringify({
      name: "blocks",
      title: "Blocks",
      reads: "list",
      class: "att.scan",
      fields: {ip: {columns: "value", as: "address"}},
    }),
    "blocks.json",
  );
  assert.equal(format.isStandingList, true, "its lines have no time");
  assert.deepEqual(format.reading, {as: "list", comment: "#"});
  assert.deepEqual(format.title, {zh: "Blocks", en: "Blocks"});
});

test("a report without the asset or a required column does not belong to the format; another lacking one is named", () => {
  const format = readSiteFormat(PARTNER, "partner.yaml");
  assert.equal(format.ruleFor({fileName: "x.csv", header: ["date", "kind"]}), null);
  assert.equal(format.ruleFor({fileName: "x.csv", header: ["link", "kind"]}), null);
  const chosen = format.ruleFor({fileName: "x.csv", header: ["date", "url", "level"]});
  assert.deepEqual(chosen?.warnings, ["The report lacks columns that the mapping names: target."]);
});

const MISTAKES: readonly (readonly [string, string, string, RegExp])[] = [
  ["an unknown class", "class: web.phish", "class: web.fish", /line 7: class: there is no class "web.fish"/],
  ["an unknown class in a rule", "class: mal.c2", "class: mal.c3", /line 10: classes\.0\.class: .*"mal\.c3"/],
  ["an unknown key", "keep: level", "kept: level", /line 21: kept: there is no such key/],
  ["an unknown field", "brand:", "brandt:", /line 18: fields\.brandt: there is no such/],
  ["an unknown setting", "except:", "exept:", /line 18: fields\.brand\.exept: there is no such key/],
  [
    "a setting of another conversion",
    "except: [other, n/a]",
    "zone: UTC",
    /line 18: fields\.brand\.zone: goes only with as: time/,
  ],
  [
    "a conversion that the field cannot have",
    "[link, url]",
    "{columns: url, as: host}",
    /line 17: fields\.url\.as: url can be read as url/,
  ],
  ["a look-up table for a typed field", "[link, url]", "{columns: url, table: {a: b}}", /line 17: fields\.url\.table/],
  ["a look-up without its table", "table: {Hoch: high}", "as: look-up", /line 19: fields\.severity\.table: is missing/],
  ["a constant beside columns", "constant: gov", "constant: gov, columns: x", /line 20: fields\.sector\.constant/],
  ["a field of nothing", "{constant: gov, when", "{when", /line 20: fields\.sector: names neither/],
  ["a time pattern that nobody knows", "%d.%m", "%d.%Q", /line 16: fields\.seenAt\.pattern: knows %Y/],
  ["an unknown time zone", "Europe/Berlin", "Europe/Bern", /line 6: zone: "Europe\/Bern" is no time zone/],
  ["an unknown kind of file", "as: csv", "as: xls", /line 5: reads\.as: says as: csv/],
  [
    "a condition that says two things",
    "equals: C2",
    "equals: C2, isEmpty: true",
    /line 9: classes\.0\.when\.0: say one of/,
  ],
  ["a condition that says nothing", "equals: C2", "", /line 9: classes\.0\.when\.0: say one of/],
  ["a name with spaces", "partner-list", "Partner List", /line 2: name: is a word/],
  ["an asset without its field", "keep: level", "assets: [file]", /line 21: assets\.0: needs the field file/],
  ["nothing that could be an asset", "  url: [link, url]\n", "", /fields: name nothing that can be an asset/],
  [
    "a column that the header lacks",
    'delimiter: ";"',
    "header: [date, url]",
    /line 17: fields\.url: there is no column "link"; there are date, url/,
  ],
  ["broken YAML", "fields:", "fields: [", /partner\.yaml line \d+: /],
];

for (const [what, from, to, message] of MISTAKES) {
  test(`a mapping with ${what} is refused, naming file, line and key`, () => {
    assert.ok(PARTNER.includes(from));
    assert.throws(() => readSiteFormat(PARTNER.replace(from, to), "partner.yaml"), {code: "format_invalid", message});
  });
}

test("a mapping without any class, or that is no mapping at all, is refused", () => {
  const list = "name: x\ntitle: X\nreads: list\nfields: {ip: value}\n";
  assert.throws(() => readSiteFormat(list, "x.yaml"), /class: is missing/);
  assert.throws(() => readSiteFormat("", "x.yaml"), {code: "format_invalid"});
  assert.throws(() => readSiteFormat("just words", "x.yaml"), {code: "format_invalid"});
});
