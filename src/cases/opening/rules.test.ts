import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import type {CaseRules} from "../../model/cases/case-rules.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";
import {readDeadlines} from "../deadlines/table.ts";
import {checkCaseRules, decideOpening, type EventFacts, readCaseRules} from "./rules.ts";

const PROFILES = path.resolve(import.meta.dirname, "../../../profiles");
const fileOf = (name: string) => ({name, text: readFileSync(path.join(PROFILES, name), "utf8")});
const cn = readCaseRules(fileOf("cn/cases.yaml"));
const deadlines = readDeadlines(fileOf("cn/deadlines.yaml"));
const known = {deadlines, templates: null, feeds: null};
const facts = (over: Partial<EventFacts>): EventFacts => ({
  class: "web.phish",
  scope: "unknown",
  sector: null,
  severity: null,
  feed: "jpcert-phishurl",
  tlp: "CLEAR",
  assetKind: "url",
  channelKind: null,
  isGovernment: false,
  isAimedAtUs: false,
  ...over,
});
const decided = (over: Partial<EventFacts>, rules = cn) => {
  const rule = decideOpening(facts(over), rules);
  return rule.do === "open" ? [rule.id, rule.do, rule.unit, ...rule.parties] : [rule.id, rule.do];
};

test("a phishing page opens a case with its registrar first, an infected host is counted, a test is ignored", () => {
  assert.deepEqual(decided({}), [
    "phishing",
    "open",
    "asset",
    "registrar",
    "cloud-provider",
    "hosting-provider",
    "registry",
    "foreign-cert",
  ]);
  assert.deepEqual(decided({class: "mal.bot", assetKind: "ip"}), ["infected", "count"]);
  assert.deepEqual(decided({class: "vuln.exposed"}), ["vulnerable", "count"]);
  assert.deepEqual(decided({class: "test"}), ["test", "ignore"]);
  assert.deepEqual(decided({class: "net.ddos"}), ["all-others", "count"]);
});

test("a malicious app opens a case for its platform, by the channel that it came through", () => {
  assert.deepEqual(decided({class: "mal.mobile", channelKind: "registrar"}).slice(0, 4), [
    "mobile-by-registrar",
    "open",
    "platform",
    "registrar",
  ]);
  assert.deepEqual(decided({class: "mal.mobile", channelKind: "personal-site"}).slice(3, 5), [
    "personal-site",
    "provincial-branch",
  ]);
  assert.equal(decided({class: "mal.mobile", channelKind: "app-store"})[3], "app-store");
  assert.equal(decided({class: "mal.mobile"})[0], "mobile", "without a channel the general rule holds");
});

test("a defaced site of a government is urgent and level III; one abroad is counted", () => {
  const rule = decideOpening(facts({class: "web.deface", scope: "domestic", isGovernment: true}), cn);
  assert.ok(rule.do === "open");
  assert.deepEqual([rule.id, rule.urgent, rule.severity, rule.unit], ["government-site", true, "III", "site"]);
  assert.deepEqual(decided({class: "web.deface", scope: "overseas"}), ["all-others", "count"]);
});

test("outside China phishing opens a case when it is aimed at us or not known to be abroad", () => {
  const generic = readCaseRules(fileOf("generic/cases.yaml"));
  assert.equal(decided({scope: "overseas", isAimedAtUs: true}, generic)[0], "phishing-aimed-at-us");
  assert.equal(decided({scope: "unknown"}, generic)[0], "phishing-here");
  assert.deepEqual(decided({scope: "overseas"}, generic), ["all-others", "count"]);
});

for (const profile of ["cn", "generic"]) {
  test(`the rules of ${profile} have no rule that is never reached, and name deadlines that there are`, () => {
    const own = readDeadlines(fileOf(`${profile}/deadlines.yaml`));
    const rules = readCaseRules(fileOf(`${profile}/cases.yaml`));
    assert.deepEqual(checkCaseRules(rules, {...known, deadlines: own}), []);
  });
}

const rulesOf = (...matches: string[]): CaseRules =>
  readCaseRules({
    name: "rules/cases.yaml",
    text: `rules:\n${[...matches, "{}"].map((match, at) => `  - {id: r${at}, match: ${match}, do: count}\n`).join("")}`,
  });

test("a rule that no event reaches is named with the rules that take its events, though none of them takes all", () => {
  const rules = rulesOf(
    "{class: web.*, scope: domestic}",
    "{class: web.phish, scope: [overseas, unknown]}",
    "{class: web.phish, severity: high}",
  );
  assert.deepEqual(checkCaseRules(rules, known), [{rule: "r2", what: "unreachable", because: "r0, r1"}]);
  const open = rulesOf("{class: web.*, sector: gov}", "{class: web.phish}");
  assert.deepEqual(checkCaseRules(open, known), []);
  const feeds = rulesOf("{feed: [a, b]}", "{feed: c}", "{feed: a, class: web.phish}");
  assert.deepEqual(
    checkCaseRules(feeds, known).map(({rule}) => rule),
    ["r2"],
  );
});

test("names of deadlines, templates and feeds that there are not are found", () => {
  const text =
    "rules:\n  - {id: a, match: {feed: [x, y]}, do: open, unit: site, parties: [registrar], deadline: soon, template: fine}\n  - {id: z, match: {}, do: count}\n";
  const findings = checkCaseRules(readCaseRules({name: "r", text}), {deadlines, templates: ["phishing"], feeds: ["x"]});
  assert.deepEqual(
    findings.map(({what, because}) => [what, because]),
    [
      ["deadline_unknown", "soon"],
      ["template_unknown", "fine"],
      ["feed_unknown", "y"],
    ],
  );
});

const SCOPES = ["domestic", "overseas", "unknown"] as const;
const WORDS = ["critical", "high", "medium", "low", "info"] as const;
/** Every event that differs in what the rules of the property below look at. */
const everyEvent = TAXONOMY.incidentClasses.flatMap(({code}) =>
  SCOPES.flatMap((scope) =>
    [...WORDS, null].flatMap((severity) =>
      [true, false].map((isGovernment) => facts({class: code, scope, severity, isGovernment})),
    ),
  ),
);
const anyMatch = fc.record(
  {
    class: fc.subarray(["web.*", "web.phish", "mal.*", "mal.c2", "*", "vuln.*"], {minLength: 1}),
    scope: fc.subarray([...SCOPES], {minLength: 1}),
    severity: fc.subarray([...WORDS], {minLength: 1}),
    isGovernment: fc.boolean(),
  },
  {requiredKeys: []},
);

test("a rule is told as never reached exactly when no event reaches it", () => {
  fc.assert(
    fc.property(fc.array(anyMatch, {minLength: 1, maxLength: 7}), (matches) => {
      const rules = rulesOf(...matches.map((each) => JSON.stringify(each)));
      const reached = new Set(everyEvent.map((event) => decideOpening(event, rules).id));
      const told = checkCaseRules(rules, known).map(({rule}) => rule);
      assert.deepEqual(
        told,
        rules.rules.map(({id}) => id).filter((id) => !reached.has(id)),
      );
    }),
    {numRuns: 60},
  );
});

test("rules that are not right are refused with file, line and key", () => {
  const refused = (text: string, message: RegExp): void => {
    assert.throws(() => readCaseRules({name: "rules/cases.yaml", text}), {code: "rules_invalid", message});
  };
  const last = "  - {id: z, match: {}, do: count}\n";
  refused(
    `rules:\n  - {id: a, match: {class: web.fish}, do: count}\n${last}`,
    /cases\.yaml:2 .*"web\.fish" fits no class/,
  );
  refused(
    `rules:\n  - {id: a, match: {sector: banks}, do: count}\n${last}`,
    /cases\.yaml:2 .*"banks" is no sector; there are gov/,
  );
  refused(
    `rules:\n  - {id: a, match: {}, do: open, unit: page, parties: [registrar]}\n${last}`,
    /cases\.yaml:2 "rules\.0\.unit"/,
  );
  refused(
    `rules:\n  - {id: a, match: {}, do: open, unit: site}\n${last}`,
    /cases\.yaml:2 "rules\.0\.parties" is missing/,
  );
  refused(
    `rules:\n  - {id: a, match: {}, do: count, parties: [registrar]}\n${last}`,
    /"rules\.0\.parties" is not known/,
  );
  refused(`rules:\n  - {id: a, match: {}, do: close}\n${last}`, /says do: open, count or ignore/);
  refused(
    "rules:\n  - {id: a, match: {class: web.phish}, do: count}\n",
    /cases\.yaml:2 "rules\.0\.match" of the last rule must be \{\}/,
  );
  refused(
    `rules:\n  - {id: z, match: {class: web.phish}, do: count}\n${last}`,
    /cases\.yaml:3 "rules\.1\.id" "z" is there twice/,
  );
});
