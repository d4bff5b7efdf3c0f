import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type {FigureEntry} from "../model/edition.ts";
import type {Gap, WeekCount} from "../model/indicator.ts";
import {changeFrom, indicatorsOf, type WeekInput} from "./compute.ts";
import {INDICATORS} from "./indicators.ts";

const ALL_FED = new Set([
  "mal.bot",
  "mal.worm",
  "mal.c2",
  "mal.site",
  "web.deface",
  "web.backdoor",
  "web.phish",
  "vuln.new",
  "mal.mobile",
]);
const counted = (value: number | null, by: WeekCount["by"] = {}, reports: readonly string[] = ["r1"]): WeekCount => ({
  value,
  by,
  reports,
});
const stated = (indicator: string, value: number): [string, FigureEntry] => [
  indicator,
  {week: "2023-02-20", indicator, value, by: "Wang", at: "2023-02-27T02:00:00Z"},
];

function week(counts: Record<string, WeekCount>, others: Partial<WeekInput> = {}): WeekInput {
  return {counts, entered: new Map(), fedClasses: ALL_FED, cases: null, infraEvents: 0, ...others};
}

function compute(
  now: WeekInput,
  before: WeekInput | null = null,
  gaps: ReadonlyMap<string, readonly Gap[]> = new Map(),
  gapsBefore: ReadonlyMap<string, readonly Gap[]> = new Map(),
) {
  const indicators = indicatorsOf({definitions: INDICATORS, now, before, gaps, gapsBefore});
  return (id: string) => indicators[id] ?? assert.fail(`no ${id}`);
}

test("a doubling is +100 %, for the change is divided by the week before", () => {
  const of = compute(week({"web.defaced": counted(200)}), week({"web.defaced": counted(100)}));
  assert.equal(of("web.defaced").value, 200);
  assert.equal(of("web.defaced").previous, 100);
  assert.equal(of("web.defaced").change, 1);
});

test("there is no change when the week before was zero, was not measured, or is not there", () => {
  const now = week({"web.defaced": counted(5)});
  assert.equal(compute(now, week({"web.defaced": counted(0)}))("web.defaced").change, null);
  assert.equal(compute(now, week({}))("web.defaced").change, null);
  assert.equal(compute(now, null)("web.defaced").change, null);
  assert.equal(compute(week({}), now)("web.defaced").change, null);
  assert.equal(compute(week({"web.defaced": counted(0)}), now)("web.defaced").change, -1);
});

test("a change undoes itself: the old value grown by it is the new one", () => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 10_000_000}), fc.nat(10_000_000), (before, now) => {
      const change = changeFrom(before, now) ?? Number.NaN;
      assert.equal(Math.round(before * (1 + change)), now);
    }),
  );
});

test("an address with a bot and the worm counts twice in the infected hosts, in total and by province", () => {
  const of = compute(
    week({
      "host.trojan_bot": counted(
        3,
        {
          province: [
            {key: "44", value: 2},
            {key: "11", value: 1},
          ],
          family: [{key: "zeus", value: 3}],
        },
        ["r2", "r1"],
      ),
      "host.conficker": counted(4, {province: [{key: "11", value: 4}]}, ["r1"]),
    }),
  );
  const infected = of("host.infected");
  assert.equal(infected.value, 7);
  assert.deepEqual(infected.by.province, [
    {key: "11", value: 5},
    {key: "44", value: 2},
  ]);
  assert.deepEqual(infected.reports, ["r1", "r2"]);
  assert.equal(infected.by.family, undefined);
});

test("a sum is null as soon as a part is, a ratio when the divisor is zero", () => {
  const of = compute(
    week({
      "host.trojan_bot": counted(3),
      "web.phishing_pages": counted(8),
      "phish.pages_with_ip": counted(8),
      "phish.ips": counted(0),
    }),
  );
  assert.equal(of("host.infected").value, null);
  assert.equal(of("phish.ips").value, 0);
  assert.equal(of("phish.pages_per_ip").value, null);
});

test("pages for each address are not rounded", () => {
  const of = compute(
    week({"web.phishing_pages": counted(7), "phish.pages_with_ip": counted(7), "phish.ips": counted(2)}),
  );
  assert.equal(of("phish.pages_per_ip").value, 3.5);
});

test("addresses are not counted when most reports give none: they would tell of the feeds, not of the threat", () => {
  const pages = (withIp: number): number | null =>
    compute(
      week({"web.phishing_pages": counted(1000), "phish.pages_with_ip": counted(withIp), "phish.ips": counted(3)}),
    )("phish.ips").value;
  assert.equal(pages(1000), 3);
  assert.equal(pages(900), 3);
  assert.equal(pages(899), null);
  assert.equal(pages(0), null);
});

test("a week without any report of the kind gives null, never 0", () => {
  const none = week(
    {"web.defaced": counted(0), "host.trojan_bot": counted(0), "host.conficker": counted(0)},
    {fedClasses: new Set(["web.phish"])},
  );
  for (const id of ["web.defaced", "web.gov_defaced", "host.trojan_bot", "host.conficker", "host.infected"])
    assert.equal(compute(none)(id).value, null, id);
});

test("late events of a week that no feed looked at are not last week's number", () => {
  const late = week({"web.backdoored": counted(14)}, {fedClasses: new Set(["web.phish"])});
  const of = compute(week({"web.backdoored": counted(331)}), late);
  assert.equal(of("web.backdoored").previous, null);
  assert.equal(of("web.backdoored").change, null);
});

test("an empty register says 0 of a week that somebody looked at, and nothing of a week before the desk was there", () => {
  const now = week({"web.defaced": counted(20)});
  const unknown = week({"web.backdoored": counted(14)}, {fedClasses: new Set()});
  const byHand = {...unknown, entered: new Map([stated("incident.total", 5)])};
  assert.equal(compute(now, unknown)("infra.events").previous, null);
  assert.equal(compute(now, byHand)("infra.events").previous, 0);
  assert.equal(compute(now, {...unknown, infraEvents: 1})("infra.events").previous, 1);
  assert.equal(compute(now, now)("infra.events").previous, 0);
});

test("a report of the kind that names nobody gives 0", () => {
  const zero = week({"web.defaced": counted(0), "web.gov_defaced": counted(0)}, {fedClasses: new Set(["web.deface"])});
  assert.equal(compute(zero)("web.defaced").value, 0);
  assert.equal(compute(zero)("web.gov_defaced").value, 0);
});

test("where bots are reported and the worm never was, the worm is 0 and the infected hosts are known", () => {
  const of = compute(
    week({"host.trojan_bot": counted(9), "host.conficker": counted(0)}, {fedClasses: new Set(["mal.bot"])}),
  );
  assert.equal(of("host.conficker").value, 0);
  assert.equal(of("host.infected").value, 9);
});

test("no week goes by without a new vulnerability: a 0 means that no database was read", () => {
  assert.equal(compute(week({"vuln.total": counted(0), "vuln.low": counted(0)}))("vuln.total").value, null);
  assert.equal(compute(week({"vuln.total": counted(0), "vuln.low": counted(0)}))("vuln.low").value, null);
  assert.equal(compute(week({"vuln.total": counted(26), "vuln.low": counted(0)}))("vuln.low").value, 0);
});

test("a figure by hand keeps who entered it and when, and stands only where nothing was counted", () => {
  const entered = new Map([
    stated("incident.total", 1777),
    stated("web.defaced", 50),
    stated("vuln.total", 300),
    stated("phish.pages_per_ip", 4),
  ]);
  const of = compute(
    week({"web.defaced": counted(20)}, {entered}),
    week({}, {entered: new Map([stated("incident.total", 1500)])}),
  );
  assert.equal(of("incident.total").value, 1777);
  assert.equal(of("incident.total").previous, 1500);
  assert.deepEqual(of("incident.total").entered, {by: "Wang", at: "2023-02-27T02:00:00Z"});
  assert.equal(of("web.defaced").value, 20);
  assert.equal(of("web.defaced").entered, null);
  assert.equal(of("vuln.total").value, 300);
  assert.equal(of("phish.pages_per_ip").value, null, "a ratio is computed, not stated");
});

test("a part is not believed to be 0 because its whole was entered by hand", () => {
  const entered = new Map([stated("web.defaced", 50), stated("web.gov_defaced", 4)]);
  const of = compute(
    week({"web.defaced": counted(0), "web.gov_defaced": counted(0)}, {entered, fedClasses: new Set()}),
  );
  assert.equal(of("web.defaced").value, 50);
  assert.equal(of("web.gov_defaced").value, 4);
});

test("a sum of a counted and a stated part has a value and no breakdown", () => {
  const now = week(
    {"host.trojan_bot": counted(9, {province: [{key: "11", value: 9}]})},
    {entered: new Map([stated("host.conficker", 5)])},
  );
  assert.equal(compute(now)("host.infected").value, 14);
  assert.deepEqual(compute(now)("host.infected").by, {});
});

test("the level of the week and the ranked types are codes, not numbers, and have no change", () => {
  const now = week({}, {entered: new Map([stated("vuln.level", 2), stated("vuln.type_rank", 236)])});
  const of = compute(now, week({}, {entered: new Map([stated("vuln.level", 1)])}));
  assert.deepEqual(of("vuln.level").codes, ["medium"]);
  assert.deepEqual(of("vuln.type_rank").codes, ["app", "web", "sec"]);
  assert.equal(of("vuln.level").value, null);
  assert.equal(of("vuln.level").change, null);
  assert.equal(of("vuln.level").entered?.by, "Wang");
});

test("without the database what is entered by hand is null and what is counted stays", () => {
  const of = compute(week({"web.defaced": counted(20)}, {infraEvents: null}));
  assert.equal(of("incident.total").value, null);
  assert.equal(of("infra.events").value, null);
  assert.equal(of("web.defaced").value, 20);
  assert.equal(compute(week({}, {infraEvents: 2}))("infra.events").value, 2);
});

test("a gap of a part is a gap of its sum, said once; a figure by hand has none", () => {
  const gap: Gap = {feed: "shadowserver", kind: "silent", delivered: 0, usual: 1000};
  const gaps = new Map([
    ["host.trojan_bot", [gap]],
    ["host.conficker", [gap]],
    ["web.defaced", [gap]],
  ]);
  const now = week(
    {"host.trojan_bot": counted(1), "host.conficker": counted(1)},
    {entered: new Map([stated("web.defaced", 3)])},
  );
  const of = compute(now, null, gaps);
  assert.deepEqual(of("host.infected").gaps, [gap]);
  assert.deepEqual(of("host.trojan_bot").gaps, [gap]);
  assert.deepEqual(of("web.defaced").gaps, []);
  assert.deepEqual(of("c2.ips").gaps, []);
});

test("a gap of last week marks what is compared with it, also sums, and not what was entered or is not known", () => {
  const gap: Gap = {feed: "shadowserver", kind: "silent", delivered: 0, usual: 1000};
  const before = new Map(["host.trojan_bot", "web.defaced", "c2.ips"].map((id) => [id, [gap]]));
  const bots = {"host.trojan_bot": counted(1), "host.conficker": counted(1)};
  const of = compute(week(bots), week(bots, {entered: new Map([stated("web.defaced", 3)])}), new Map(), before);
  assert.deepEqual(of("host.infected").gapsBefore, [gap]);
  assert.deepEqual(of("host.infected").gaps, []);
  assert.deepEqual(of("web.defaced").gapsBefore, []);
  assert.deepEqual(of("c2.ips").gapsBefore, []);
});

test("a part that was entered by hand hands no gap to its sum", () => {
  const gap: Gap = {feed: "shadowserver", kind: "silent", delivered: 0, usual: 1000};
  const gaps = new Map([["host.trojan_bot", [gap]]]);
  const entered = new Map([stated("host.trojan_bot", 3)]);
  const of = compute(
    week({"host.conficker": counted(1)}, {entered}),
    week({"host.conficker": counted(1)}, {entered}),
    gaps,
    gaps,
  );
  assert.equal(of("host.infected").value, 4);
  assert.deepEqual([of("host.infected").gaps, of("host.infected").gapsBefore], [[], []]);
});

test("every indicator of the table is in the result, in its order, with its version", () => {
  const indicators = indicatorsOf({
    definitions: INDICATORS,
    now: week({}),
    before: null,
    gaps: new Map(),
    gapsBefore: new Map(),
  });
  assert.deepEqual(
    Object.keys(indicators),
    INDICATORS.map(({id}) => id),
  );
  for (const {id, version} of INDICATORS) assert.equal(indicators[id]?.version, version);
});

test("breakdowns of both weeks are kept for charts", () => {
  const cells = (value: number) => ({tld: [{key: ".cn", value}]});
  const of = compute(week({"web.defaced": counted(2, cells(2))}), week({"web.defaced": counted(1, cells(1))}));
  assert.deepEqual(of("web.defaced").by, cells(2));
  assert.deepEqual(of("web.defaced").previousBy, cells(1));
});
