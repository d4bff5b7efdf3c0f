import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import {parse} from "yaml";
import type {RatingOverride} from "../model/edition.ts";
import {type Gap, GRADES, type Indicator, type InfraEvent, type WeekValues} from "../model/indicator.ts";
import {profileSchema} from "../model/profile.ts";
import {addDays} from "../model/week.ts";
import {INDICATORS} from "./indicators.ts";
import {gradeOf, type RatingInput, rate} from "./rating.ts";
import {type Baseline, readBaseline} from "./rating-base.ts";

const WEEK = "2023-02-20";
const PROFILE = path.resolve(import.meta.dirname, "../../profiles/cn.yaml");
const RULES = profileSchema.parse(parse(readFileSync(PROFILE, "utf8"))).rating;
const WEIGHTED = Object.keys(RULES.weights);
const USUAL: Record<string, number> = {
  "host.infected": 600_000,
  "web.defaced": 4000,
  "web.backdoored": 1600,
  "web.gov_defaced": 100,
  "web.gov_backdoored": 40,
  "web.phishing_pages": 3000,
  "vuln.high": 50,
};

function indicator(value: number | null, gaps: readonly Gap[] = []): Indicator {
  const marks = {reports: [], gaps, gapsBefore: [], entered: null};
  return {value, previous: null, change: null, by: {}, previousBy: {}, ...marks, version: 1};
}

const indicators = (values: Readonly<Record<string, number | null>>): Record<string, Indicator> =>
  Object.fromEntries(Object.entries(values).map(([id, value]) => [id, indicator(value)]));
const weeksBefore = (count: number, values: Readonly<Record<string, number | null>> = USUAL): WeekValues[] =>
  Array.from({length: count}, (_, at) => ({week: addDays(WEEK, -7 * (at + 1)), values}));
const times = (factor: number, values = USUAL): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([id, value]) => [id, value * factor]));

const BASELINE: Baseline = {signedBy: "Li", at: "2023-01-02T08:00:00Z", isSynthetic: false, values: USUAL};

function input(changes: Partial<RatingInput> = {}): RatingInput {
  return {
    week: WEEK,
    rules: RULES,
    definitions: INDICATORS,
    indicators: indicators(USUAL),
    history: weeksBefore(20),
    baseline: null,
    infraEvents: [],
    override: null,
    ...changes,
  };
}

const event = (level: InfraEvent["level"], reach: InfraEvent["reach"]): InfraEvent => ({
  id: "IE-000001",
  day: "2023-02-22",
  level,
  reach,
  title: {zh: "骨干网中断", en: "Backbone outage"},
  by: "Wang",
  at: "2023-02-22T08:00:00Z",
});
const kinds = (of: RatingInput): string[] => rate(of).because.map(({kind}) => kind);

test("a week like the weeks before is 良 with an index of 50", () => {
  const rating = rate(input());
  assert.equal(rating.grade, "良");
  assert.equal(rating.index, 50);
  assert.equal(rating.weightPresent, 1);
  assert.equal(rating.base, "history");
  assert.deepEqual(
    rating.because.map(({kind}) => kind),
    ["index"],
  );
});

test("the index is cut into five grades, each cut belongs to the worse one", () => {
  const grades = [0, 34.99, 35, 53.99, 54, 69.99, 70, 84.99, 85, 100].map((index) => gradeOf(index, RULES.cuts));
  assert.deepEqual(grades, ["优", "优", "良", "良", "中", "中", "差", "差", "危", "危"]);
});

test("the grade is that of the index as it is printed", () => {
  fc.assert(
    fc.property(fc.double({min: 0.2, max: 4, noNaN: true}), (factor) => {
      const {byRule, because} = rate(input({indicators: indicators(times(factor))}));
      const printed = /态势指数为(\d+\.\d)（/.exec(because.find(({kind}) => kind === "index")?.zh ?? "")?.[1];
      assert.equal(byRule, gradeOf(Number(printed), RULES.cuts));
    }),
  );
});

test("twice as much of everything is 差, a third is 优, four times as much is 危", () => {
  assert.equal(rate(input({indicators: indicators(times(2))})).grade, "差");
  assert.equal(rate(input({indicators: indicators(times(1 / 3))})).grade, "优");
  assert.equal(rate(input({indicators: indicators(times(4))})).grade, "危");
});

test("what is usual is the median of up to 52 weeks before, so one odd week does not move it", () => {
  const odd = [...weeksBefore(20), {week: addDays(WEEK, -7 * 21), values: times(1000)}];
  assert.equal(rate(input({history: odd})).index, 50);
  const long = [...weeksBefore(52), ...weeksBefore(200, times(8)).slice(52)];
  assert.equal(rate(input({history: long})).index, 50);
});

test("this week and weeks to come are no history, and the order of history does not matter", () => {
  const later = [0, 7, 14].map((days) => ({week: addDays(WEEK, days), values: times(1000)}));
  const mixed = [...later, ...weeksBefore(15, times(0.5)), ...weeksBefore(30).slice(15)];
  const expected = rate(input({history: mixed}));
  assert.equal(rate(input({history: [...later, ...weeksBefore(20)]})).index, 50);
  fc.assert(
    fc.property(fc.shuffledSubarray(mixed, {minLength: mixed.length}), (history) => {
      assert.deepEqual(rate(input({history})), expected);
    }),
    {numRuns: 30},
  );
});

test("with fewer than 12 weeks the signed baseline stands in, and the rating says whose word it is", () => {
  const rating = rate(input({history: weeksBefore(11), baseline: BASELINE}));
  assert.equal(rating.index, 50);
  assert.equal(rating.base, "baseline");
  const reason = rating.because.find(({kind}) => kind === "baseline");
  assert.match(
    reason?.zh ?? "",
    /^以下指标的历史周数不足，基准取自Li于2023-01-02签署的基线表：境内感染网络病毒的主机、.*。$/,
  );
  assert.match(reason?.en ?? "", /the table that Li signed on 2023-01-02: Infected domestic hosts; /);
  assert.equal(rate(input({history: weeksBefore(12), baseline: BASELINE})).base, "history");
});

test("a synthetic baseline is called so", () => {
  const rating = rate(input({history: [], baseline: {...BASELINE, isSynthetic: true}}));
  assert.match(rating.because.find(({kind}) => kind === "baseline")?.zh ?? "", /合成的示例数据/);
  assert.match(rating.because.find(({kind}) => kind === "baseline")?.en ?? "", /synthetic sample data/);
});

test("an indicator known in too few weeks takes the baseline for itself alone", () => {
  const history = weeksBefore(20).map((each, at) => ({
    ...each,
    values: {...each.values, "vuln.high": at < 5 ? 50 : null},
  }));
  const reason = rate(input({history, baseline: BASELINE})).because.find(({kind}) => kind === "baseline");
  assert.match(reason?.zh ?? "", /：新增高危漏洞。$/);
  assert.equal(rate(input({history})).weightPresent, 0.95);
});

test("a baseline that nobody has signed is none; a wrong one is refused", () => {
  assert.equal(readBaseline({signedBy: null, at: null, isSynthetic: false, values: {}}), null);
  assert.equal(readBaseline({signedBy: " ", at: "2023-01-02", isSynthetic: false, values: {}}), null);
  assert.equal(readBaseline({...BASELINE})?.signedBy, "Li");
  for (const wrong of [
    {},
    {...BASELINE, values: {"host.infected": -1}},
    {...BASELINE, at: "soon"},
    {...BASELINE, by: "x"},
  ])
    assert.throws(() => readBaseline(wrong), {code: "config_invalid"});
});

test("below 70 % of the weight the week is not rated, and what is missing is named", () => {
  const rating = rate(
    input({indicators: indicators({...USUAL, "host.infected": null, "vuln.high": null, "web.phishing_pages": null})}),
  );
  assert.equal(rating.grade, null);
  assert.equal(rating.byRule, null);
  assert.equal(rating.index, null);
  assert.equal(rating.fixedBaseIndex, null);
  assert.equal(rating.weightPresent, 0.6);
  const [reason] = rating.because;
  assert.equal(reason?.kind, "refused");
  assert.equal(
    reason?.zh,
    "本周可比较的指标只占权重的60.0%，不足70.0%，按本方法不予评价；未测得：境内感染网络病毒的主机、针对境内网站的仿冒页面、新增高危漏洞。",
  );
  assert.match(
    reason?.en ?? "",
    /hold 60\.0% of the weight, less than 70\.0%, so the rule gives no grade; not measured: Infected domestic hosts, /,
  );
});

test("exactly 70 % of the weight is enough", () => {
  const rating = rate(input({indicators: indicators({...USUAL, "host.infected": null, "vuln.high": null})}));
  assert.equal(rating.weightPresent, 0.7);
  assert.equal(rating.grade, "良");
});

test("without any base the week is not rated", () => {
  const rating = rate(input({history: []}));
  assert.equal(rating.grade, null);
  assert.equal(rating.weightPresent, 0);
  assert.equal(rating.base, null);
});

test("when the register of infrastructure events cannot be read the week is not rated", () => {
  const rating = rate(input({infraEvents: null}));
  assert.equal(rating.grade, null);
  assert.deepEqual(
    rating.because.map(({kind}) => kind),
    ["refused"],
  );
});

test("infrastructure events set floors: III that reaches a province 中, II 差, I 危, each with its reason", () => {
  const graded = (level: InfraEvent["level"], reach: InfraEvent["reach"]) =>
    rate(input({infraEvents: [event(level, reach)]})).grade;
  assert.equal(graded("III", "province"), "中");
  assert.equal(graded("III", "nation"), "中");
  assert.equal(graded("III", "city"), "良");
  assert.equal(graded("IV", "nation"), "良");
  assert.equal(graded("II", "organisation"), "差");
  assert.equal(graded("I", "organisation"), "危");
  const {because, byRule} = rate(
    input({infraEvents: [event("III", "province"), event("II", "city"), event("IV", "city")]}),
  );
  assert.equal(byRule, "差");
  assert.deepEqual(
    because.slice(1).map(({zh}) => zh),
    [
      "2023-02-22发生的“骨干网中断”为III级事件，影响波及一个省，评价不得好于中。",
      "2023-02-22发生的“骨干网中断”为II级事件，影响波及一个市，评价不得好于差。",
    ],
  );
  assert.equal(
    because[1]?.en,
    "“Backbone outage” on 2023-02-22 is a level III event that reaches a province, so the rating is fair or worse.",
  );
});

test("a floor never makes a week better", () => {
  const bad = rate(input({indicators: indicators(times(4)), infraEvents: [event("III", "province")]}));
  assert.equal(bad.grade, "危");
});

test("the fixed base is the year before, so a slow worsening shows beside an index of 50", () => {
  const worsening = Array.from({length: 60}, (_, at) => {
    const week = addDays(WEEK, -7 * (at + 1));
    return {week, values: week < "2023" ? USUAL : times(2)};
  });
  const rating = rate(
    input({history: worsening, indicators: indicators(times(2)), rules: {...RULES, mostWeeks: 7, leastWeeks: 7}}),
  );
  assert.equal(rating.index, 50);
  assert.equal(rating.fixedBaseIndex, 75);
  assert.equal(
    rate(input({history: weeksBefore(7), rules: {...RULES, leastWeeks: 7}})).fixedBaseIndex,
    null,
    "no year before, no baseline",
  );
});

test("an editor may change the rating with a written reason, and both are kept", () => {
  const override: RatingOverride = {
    week: WEEK,
    grade: "中",
    reason: {zh: "重大活动期间从严", en: null},
    by: "Zhao",
    at: "2023-02-27T03:00:00Z",
  };
  const rating = rate(input({override}));
  assert.equal(rating.grade, "中");
  assert.equal(rating.byRule, "良");
  assert.deepEqual(rating.override, {by: "Zhao", at: "2023-02-27T03:00:00Z", reason: override.reason});
  assert.equal(rating.because.at(-1)?.zh, "编辑于2023-02-27将评价由良改为中，理由：重大活动期间从严。");
  assert.equal(
    rating.because.at(-1)?.en,
    "The editor changed the rating from good to fair on 2023-02-27; reason given, in Chinese: 重大活动期间从严.",
  );
  const english = rate(input({override: {...override, reason: {zh: null, en: "A major event."}}})).because.at(-1);
  assert.equal(english?.zh, "编辑于2023-02-27将评价由良改为中，理由（原文为英文）：A major event.");
  assert.match(english?.en ?? "", /; reason given: A major event\.$/);
  assert.throws(() => rate(input({override: {...override, reason: {zh: " ", en: null}}})), {code: "usage"});
  assert.equal(rate(input({override: {...override, grade: null}})).override, null);
});

test("an editor may rate a week that the rule refuses", () => {
  const override: RatingOverride = {
    week: WEEK,
    grade: "良",
    reason: {zh: "见附件。", en: null},
    by: "Zhao",
    at: "2023-02-27T03:00:00Z",
  };
  const rating = rate(input({history: [], override}));
  assert.equal(rating.grade, "良");
  assert.equal(rating.byRule, null);
  assert.equal(rating.because.at(-1)?.zh, "编辑于2023-02-27将评价定为良，理由：见附件。");
});

test("a gap behind an indicator of the index is said with the rating", () => {
  const gap: Gap = {feed: "sinkhole", kind: "far-less", delivered: 1200, usual: 500_000};
  const with_ = {...indicators(USUAL), "host.infected": indicator(90_000, [gap])};
  const reason = rate(input({indicators: with_})).because.find(({kind}) => kind === "gap");
  assert.equal(
    reason?.zh,
    "数据源sinkhole本周只交付了1200条（通常500000条），以下指标可能偏低，评价可能偏好：境内感染网络病毒的主机。",
  );
  assert.match(reason?.en ?? "", /The feed sinkhole delivered only 1,200 events \(usually 500,000\) this week/);
  const silent = {
    ...indicators(USUAL),
    "web.defaced": indicator(1, [{feed: "f", kind: "silent", delivered: 0, usual: 9}]),
  };
  assert.match(
    rate(input({indicators: silent})).because.find(({kind}) => kind === "gap")?.en ?? "",
    /f delivered nothing this week/,
  );
});

test("the indicators that moved the index most are named with what is usual", () => {
  const moved = {...USUAL, "web.defaced": 8000, "vuln.high": 100, "host.infected": 300_000};
  const reason = rate(input({indicators: indicators(moved)})).because[1];
  assert.equal(
    reason?.zh,
    "偏离基准最多的指标是境内感染网络病毒的主机（300000，基准600000）、境内被篡改网站（8000，基准4000）、新增高危漏洞（100，基准50）。",
  );
  assert.match(reason?.en ?? "", /^Furthest from the usual: Infected domestic hosts 300,000 \(usually 600,000\); /);
});

test("what was handled never enters: any numbers there give the same rating, and no weight may be put on them", () => {
  const handled = INDICATORS.filter(({isHandled}) => isHandled).map(({id}) => id);
  const expected = rate(input());
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.nat(), {nil: null}), {minLength: handled.length, maxLength: handled.length}),
      (numbers) => {
        const done = Object.fromEntries(handled.map((id, at) => [id, numbers[at] ?? null]));
        const history = weeksBefore(20).map((each) => ({...each, values: {...each.values, ...done}}));
        assert.deepEqual(rate(input({indicators: indicators({...USUAL, ...done}), history})), expected);
      },
    ),
  );
  for (const id of handled) {
    const rules = {...RULES, weights: {...RULES.weights, [id]: 1}};
    assert.throws(() => rate(input({rules})), {
      code: "config_invalid",
      message: new RegExp(`${id}, which counts what was handled`),
    });
  }
  assert.throws(() => rate(input({rules: {...RULES, weights: {"host.hosts": 1}}})), {code: "config_invalid"});
});

test("a worse week never has a better grade", () => {
  const factor = fc.tuple(...WEIGHTED.map(() => fc.double({min: 0, max: 8, noNaN: true})));
  fc.assert(
    fc.property(factor, factor, (a, b) => {
      const low = Object.fromEntries(
        WEIGHTED.map((id, at) => [id, (USUAL[id] ?? 0) * Math.min(a[at] ?? 0, b[at] ?? 0)]),
      );
      const high = Object.fromEntries(
        WEIGHTED.map((id, at) => [id, (USUAL[id] ?? 0) * Math.max(a[at] ?? 0, b[at] ?? 0)]),
      );
      const better = GRADES.indexOf(rate(input({indicators: indicators(low)})).grade ?? "危");
      const worse = GRADES.indexOf(rate(input({indicators: indicators(high)})).grade ?? "优");
      assert.ok(better <= worse);
    }),
  );
});

test("every reason is a whole sentence in both languages", () => {
  const all = [
    input({infraEvents: [event("I", "nation")], indicators: indicators(times(2))}),
    input({history: [], infraEvents: null}),
    input({history: [], baseline: BASELINE}),
  ].flatMap((each) => rate(each).because);
  assert.deepEqual(kinds(input({history: [], infraEvents: null})), ["refused", "refused"]);
  for (const {zh, en} of all) {
    assert.match(zh, /。$/);
    assert.match(en, /^[A-Z“].*\.$/);
    assert.doesNotMatch(`${zh}${en}`, /undefined|NaN|null/);
  }
});
