import assert from "node:assert/strict";
import test from "node:test";
import {classesOf, type IndicatorDefinition} from "../model/indicator.ts";
import {incidentClass, TAXONOMY} from "../model/taxonomy.ts";
import {checkFigures, codesOf, entryStates, readFigure} from "./figures.ts";
import {checkDefinitions, definitionOf, INDICATORS, mayBeEntered} from "./indicators.ts";
import {withSiteIndicators} from "./site-indicators.ts";

/** PRODUCT "the numbers of a week", and RULINGS 14. */
const PRODUCT_IDS =
  "host.trojan_bot host.conficker host.infected c2.ips msite.domains msite.ips msite.direct_ips web.defaced web.gov_defaced web.backdoored web.gov_backdoored web.phishing_pages phish.domains phish.ips phish.pages_per_ip vuln.total vuln.high vuln.medium vuln.low vuln.level vuln.type_rank incident.total incident.cross_border incident.phishing mobile.platforms mobile.urls malware.new_names malware.new_families infra.events";
const of = (id: string): IndicatorDefinition => definitionOf(INDICATORS, id);

test("the table has every number of the bulletin, each once", () => {
  checkDefinitions(INDICATORS);
  const ids = new Set(INDICATORS.map(({id}) => id));
  for (const id of PRODUCT_IDS.split(" ")) assert.ok(ids.has(id), id);
});

test("every meaning is a whole sentence in both languages, every class is one of the taxonomy", () => {
  for (const {id, title, meaning, unit, version} of INDICATORS) {
    assert.match(meaning.zh, /。$/, id);
    assert.match(meaning.en, /^[A-Z].*\.$/, id);
    assert.ok(title.zh.length > 0 && title.en.length > 0 && unit.zh.length > 0 && unit.en.length > 0, id);
    assert.ok(version >= 1, id);
  }
  for (const definition of INDICATORS) for (const code of classesOf(definition)) assert.ok(incidentClass(code), code);
});

test("what is called domestic is counted by scope, what is called government by the government flag", () => {
  for (const definition of INDICATORS) {
    const {counting, title, id} = definition;
    if (counting.how !== "counted" || id.startsWith("phish.") || id === "web.phishing_pages") continue;
    const columns = counting.where.map(({column}) => column);
    assert.equal(columns.includes("scope"), title.zh.includes("境内"), id);
    assert.equal(columns.includes("isGov"), title.zh.includes("政府"), id);
  }
});

test("government sites are counted under the conditions of all sites and one more", () => {
  for (const [part, whole] of [
    ["web.gov_defaced", "web.defaced"],
    ["web.gov_backdoored", "web.backdoored"],
  ] as const) {
    const [partOf, wholeOf] = [of(part).counting, of(whole).counting];
    assert.ok(partOf.how === "counted" && wholeOf.how === "counted");
    assert.deepEqual(
      partOf.where.filter(({column}) => column !== "isGov"),
      wholeOf.where,
    );
    assert.equal(partOf.distinct, wholeOf.distinct);
  }
});

test("severities are a partition: each word of a report is in one of high, medium and low", () => {
  const severities = ["vuln.high", "vuln.medium", "vuln.low"].flatMap((id) => {
    const {counting} = of(id);
    assert.ok(counting.how === "counted");
    return counting.where.flatMap((each) => (each.column === "severity" && "is" in each ? each.is : []));
  });
  assert.deepEqual(severities.toSorted(), ["critical", "high", "info", "low", "medium"]);
});

test("only what was handled is marked so", () => {
  const handled = INDICATORS.filter(({isHandled}) => isHandled).map(({id}) => id);
  assert.deepEqual(handled, [
    "incident.total",
    "incident.cross_border",
    "incident.phishing",
    "complaint.received",
    "takedown.verified",
    "takedown.share",
    "takedown.median_hours",
    "takedown.p90_hours",
    "mobile.platforms",
    "mobile.urls",
  ]);
});

test("handled figures and what a feed may lack can be entered, ratios and the register cannot", () => {
  for (const id of ["incident.total", "mobile.urls", "web.defaced", "vuln.level"]) assert.ok(mayBeEntered(of(id)), id);
  for (const id of ["phish.pages_per_ip", "infra.events", "phish.pages_with_ip"]) {
    assert.ok(!mayBeEntered(of(id)), id);
    assert.throws(() => readFigure(of(id), "1"), {code: "indicator_not_entered"});
  }
  assert.throws(() => definitionOf(INDICATORS, "host.bots"), {code: "indicator_unknown"});
});

test("a figure is a whole number, 0 or more", () => {
  assert.equal(readFigure(of("incident.total"), " 1777 "), 1777);
  assert.equal(readFigure(of("incident.total"), "0"), 0);
  for (const text of ["", "-1", "1.5", "1,777", "1e3", "many", "9007199254740993"])
    assert.throws(() => readFigure(of("incident.total"), text), {code: "figure_invalid"}, text);
});

test("the level of the week and the ranked types are entered by name or code and come back as codes", () => {
  const codes = (id: string, text: string): string[] => {
    const {counting} = of(id);
    assert.ok(counting.how === "entered" && counting.codes !== undefined);
    return codesOf(counting.codes, readFigure(of(id), text));
  };
  assert.deepEqual(codes("vuln.level", "中"), ["medium"]);
  assert.deepEqual(codes("vuln.level", "High"), ["high"]);
  assert.deepEqual(codes("vuln.type_rank", "应用程序、web应用、网络设备"), ["app", "web", "net"]);
  assert.deepEqual(codes("vuln.type_rank", "iot, db"), ["iot", "db"]);
  for (const text of ["", "好", "app,app", "app,web,net,db"])
    assert.throws(() => readFigure(of("vuln.type_rank"), text), {code: "figure_invalid"}, text);
  assert.throws(() => readFigure(of("vuln.level"), "high,low"), {code: "figure_invalid"});
});

test("of several entries the last one holds, unless it takes the one before back", () => {
  const act = {week: "2023-02-20", by: "Chen", at: "2023-02-27T01:00:00Z"};
  const history = [
    {...act, indicator: "incident.total", value: 17},
    {...act, indicator: "mobile.urls", value: 3},
    {...act, indicator: "incident.total", value: 18},
    {...act, indicator: "mobile.urls", value: null},
    {...act, indicator: "mobile.urls", value: 4},
    {...act, indicator: "mobile.platforms", value: 2},
    {...act, indicator: "mobile.platforms", value: null},
  ];
  assert.deepEqual(entryStates(history), [
    "superseded",
    "taken-back",
    "holds",
    "takes-back",
    "holds",
    "taken-back",
    "takes-back",
  ]);
});

test("the codes fit one digit each, and stay in their places: kept figures depend on it", () => {
  assert.deepEqual(
    TAXONOMY.vulnWeekLevels.map(({code}) => code),
    ["high", "medium", "low"],
  );
  assert.deepEqual(
    TAXONOMY.vulnTypes.map(({code}) => code),
    ["os", "app", "web", "db", "net", "sec", "iot", "vehicle"],
  );
});

const own = {
  id: "site.miners",
  title: {zh: "挖矿主机", en: "Mining hosts"},
  meaning: {zh: "一周内被报告挖矿的不同地址数。", en: "Distinct addresses reported as mining."},
  unit: {zh: "个", en: "hosts"},
  counting: {how: "counted", distinct: "ip", where: [{column: "class", is: ["mal.mine"]}], by: ["province"]},
};

test("a site adds indicators of its own, which may build on those above them", () => {
  const sum = {
    ...own,
    id: "site.all",
    counting: {how: "sum", of: ["site.miners", "host.trojan_bot"], by: ["province"]},
  };
  const all = withSiteIndicators(INDICATORS, [own, sum]);
  assert.equal(all.length, INDICATORS.length + 2);
  assert.equal(all.at(-2)?.version, 1);
});

test("a site's file that is not right is refused with the place", () => {
  const cases: readonly [unknown, RegExp][] = [
    [{}, /indicators\.yaml/],
    [[{...own, colour: "red"}], /indicators\.yaml: 0.*colour/],
    [[{...own, id: "Miners"}], /0\.id/],
    [[{...own, counting: {...own.counting, distinct: "colour"}}], /0\.counting/],
    [[{...own, counting: {how: "guessed"}}], /0\.counting/],
    // an asset may have several families: they are a breakdown, and can be new
    [[{...own, counting: {...own.counting, where: [{column: "family", is: ["mirai"]}]}}], /0\.counting\.where/],
    [[{...own, counting: {...own.counting, how: "new", by: undefined}}], /0\.counting/],
    [[{...own, id: "web.defaced"}], /web\.defaced is defined twice/],
    [
      [{...own, counting: {how: "ratio", of: "site.none", to: "c2.ips"}}],
      /builds on site\.none, which is not above it/,
    ],
    [
      [{...own, counting: {how: "sum", of: ["site.miners", "c2.ips"]}}],
      /builds on site\.miners, which is not above it/,
    ],
    [
      [{...own, counting: {how: "sum", of: ["c2.ips", "host.infected"], by: ["family"]}}],
      /broken down by family, but host\.infected is not/,
    ],
  ];
  for (const [value, message] of cases)
    assert.throws(() => withSiteIndicators(INDICATORS, value), {code: "config_invalid", message});
});

test("phishing and cross-border incidents are never more than all incidents, whichever is entered first", () => {
  const total = ["incident.total", 1777] as const;
  checkFigures(new Map([total, ["incident.phishing", 1777], ["incident.cross_border", 0]]));
  checkFigures(new Map([["incident.phishing", 9999]]));
  for (const part of ["incident.phishing", "incident.cross_border"]) {
    assert.throws(() => checkFigures(new Map([total, [part, 1778]])), /is more than incident\.total=1777/);
  }
});
