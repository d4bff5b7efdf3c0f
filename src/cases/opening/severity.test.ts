import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {SEVERITIES} from "../../model/cases/case.ts";
import {legalTimers} from "./legal-timers.ts";
import {caseLevel, IMPACT_MEASURES, type ImpactFacts, type ImpactMeasure, severityOf} from "./severity.ts";

const nothing: ImpactFacts = {
  portalDownMinutes: null,
  ciiOutageMinutes: null,
  ciiMainFunctionMinutes: null,
  peopleAffected: null,
  personalRecords: null,
  lossYuan: null,
  homePageTamperedMinutes: null,
  otherPageTamperedMinutes: null,
  reposts: null,
  views: null,
  declared: null,
};
const levelOf = (facts: Partial<ImpactFacts>): string | null => severityOf({...nothing, ...facts})?.level ?? null;

/** The numbers of the annex as a person reads them, for levels I, II and III. */
const ANNEX: readonly (readonly [ImpactMeasure, number, number, number])[] = [
  ["portalDownMinutes", 24 * 60, 6 * 60, 2 * 60],
  ["ciiOutageMinutes", 6 * 60, 60, 10],
  ["ciiMainFunctionMinutes", 24 * 60, 3 * 60, 30],
  ["peopleAffected", 10_000_000, 1_000_000, 100_000],
  ["personalRecords", 100_000_000, 10_000_000, 1_000_000],
  ["lossYuan", 100_000_000, 20_000_000, 5_000_000],
  ["homePageTamperedMinutes", 6 * 60, 2 * 60, 30],
  ["otherPageTamperedMinutes", 24 * 60, 12 * 60, 2 * 60],
  ["reposts", 100_000, 10_000, 1_000],
  ["views", 1_000_000, 100_000, 10_000],
];

for (const [measure, ...numbers] of ANNEX) {
  test(`${measure}: the number of the annex has the level, one less the level below`, () => {
    numbers.forEach((number, at) => {
      assert.equal(levelOf({[measure]: number}), SEVERITIES[at]);
      assert.equal(levelOf({[measure]: number - 1}), SEVERITIES[at + 1]);
    });
  });
}

test("every number of the annex is asked for, and the gravest fact decides and is named", () => {
  assert.deepEqual(ANNEX.map(([measure]) => measure).toSorted(), IMPACT_MEASURES.toSorted());
  const found = severityOf({...nothing, personalRecords: 1_000_000, lossYuan: 20_000_000, views: 5});
  assert.deepEqual(found, {
    level: "II",
    because: [{level: "II", measure: "lossYuan", value: 20_000_000, atLeast: 20_000_000, reason: ""}],
  });
});

test("what no number says a person declares, with a reason; it does not lower what the numbers say", () => {
  const declared = {level: "III", reason: "state secrets"} as const;
  assert.equal(levelOf({declared}), "III");
  assert.equal(levelOf({declared, peopleAffected: 10_000_000}), "I");
});

test("more of anything never makes an incident less grave", () => {
  const amount = fc.option(fc.integer({min: 0, max: 200_000_000}), {nil: null});
  fc.assert(
    fc.property(
      fc.record(Object.fromEntries(IMPACT_MEASURES.map((each) => [each, amount]))),
      fc.constantFrom(...IMPACT_MEASURES),
      (made, measure) => {
        const rankOf = (facts: ImpactFacts): number => SEVERITIES.indexOf(severityOf(facts)?.level ?? "IV");
        const facts: ImpactFacts = {...nothing, ...made};
        assert.ok(rankOf({...facts, [measure]: (facts[measure] ?? 0) * 2}) <= rankOf(facts));
      },
    ),
  );
});

test("the level of a case is that of its impact, else that of its rule, else IV", () => {
  assert.equal(severityOf(nothing), null);
  assert.deepEqual(caseLevel({...nothing, lossYuan: 1}, "II"), {
    level: "IV",
    from: "impact",
    because: [{level: "IV", measure: "lossYuan", value: 1, atLeast: null, reason: ""}],
  });
  assert.equal(caseLevel(nothing, "II").from, "rule");
  assert.deepEqual(caseLevel(null, null), {level: "IV", from: "default", because: []});
});

const knownAt = new Date("2026-02-15T10:00:00Z");
const timers = (
  level: "I" | "II" | "III" | "IV",
  reporterKind: "cii-operator" | "state-organ" | "other-operator",
  over = {},
) => legalTimers({level, reporterKind, knownAt, reportedAt: null, endedAt: null, ...over});

test("an operator of critical infrastructure reports within an hour, on a holiday as well, and its department passes on II", () => {
  const [first, second, closing] = timers("II", "cii-operator", {reportedAt: new Date("2026-02-15T10:40:00Z")});
  assert.equal(first?.dueAt?.toISOString(), "2026-02-15T11:00:00.000Z");
  assert.equal(first?.to, "protection department and police");
  assert.deepEqual(
    [second?.reporter, second?.dueAt?.toISOString()],
    ["protection department", "2026-02-15T11:10:00.000Z"],
  );
  assert.deepEqual([closing?.starts, closing?.dueAt], ["ended", null]);
});

test("other operators have four hours and state organs two; nobody passes on level III", () => {
  assert.deepEqual(
    timers("III", "other-operator").map(({minutes}) => minutes),
    [240, 30 * 1440],
  );
  assert.deepEqual(
    timers("III", "state-organ").map(({minutes}) => minutes),
    [120, 30 * 1440],
  );
  assert.deepEqual(
    timers("I", "other-operator").map(({minutes}) => minutes),
    [240, 60, 30 * 1440],
  );
  assert.deepEqual(
    timers("I", "state-organ").map(({to}) => to),
    ["own cyberspace office", "national CAC", "same channel, closing report"],
  );
});

test("level IV need not be reported, and the closing report is due thirty days after handling ended", () => {
  for (const kind of ["cii-operator", "state-organ", "other-operator"] as const)
    assert.deepEqual(timers("IV", kind), []);
  const closing = timers("III", "other-operator", {endedAt: new Date("2026-03-01T00:00:00Z")}).at(-1);
  assert.equal(closing?.dueAt?.toISOString(), "2026-03-31T00:00:00.000Z");
});
