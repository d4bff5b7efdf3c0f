import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {VERDICTS, type Verdict} from "../../model/verification.ts";
import {planLook} from "./schedule.ts";
import {
  type JudgedLook,
  judgeLooks,
  LOOK_SETTINGS,
  type RoundTimes,
  type StandingInput,
  takedownKind,
} from "./standing.ts";

const OPENED = new Date("2023-02-20T00:00:00Z");
const at = (hours: number): Date => new Date(OPENED.getTime() + hours * 3_600_000);
const look = (hours: number, verdict: Verdict): JudgedLook => ({at: at(hours), verdict, reasons: []});
const inputOf = (looks: readonly JudgedLook[], own: Partial<RoundTimes & {now: Date}> = {}): StandingInput => ({
  looks,
  round: {openedAt: OPENED, notifiedAt: at(1), claimedAt: null, ...own},
  settings: LOOK_SETTINGS,
  now: own.now ?? at(10_000),
});

test("one look that says gone verifies nothing", () => {
  const standing = judgeLooks(inputOf([look(0, "up"), look(5, "removed")]));
  assert.equal(standing.state, "gone-once");
  assert.equal(standing.takedown, null);
});

test("two looks less than an hour apart do not confirm each other", () => {
  assert.equal(judgeLooks(inputOf([look(5, "removed"), look(5.99, "removed")])).state, "gone-once");
  assert.equal(judgeLooks(inputOf([look(5, "removed"), look(6, "removed")])).state, "verified");
});

test("the time to takedown ends at the first look of the confirming pair", () => {
  const looks = [
    look(0, "up"),
    look(3, "up"),
    look(5, "removed"),
    look(5.5, "up"),
    look(9, "down-host"),
    look(11, "removed"),
  ];
  const {takedown} = judgeLooks(inputOf(looks));
  assert.equal(takedown?.kind, "down-host");
  assert.deepEqual(takedown?.takenDownAt, at(9));
  assert.deepEqual(takedown?.verifiedAt, at(11));
  assert.deepEqual(takedown?.lastUpAt, at(5.5));
  assert.equal(takedown?.secondsFromNotified, 8 * 3600);
  assert.equal(takedown?.secondsFromOpened, 9 * 3600);
});

test("what was gone before anybody was told has no time from the notice", () => {
  assert.equal(judgeLooks(inputOf([look(0, "removed"), look(2, "removed")])).takedown?.secondsFromNotified, null);
});

test("a look that could not tell neither confirms nor refutes", () => {
  for (const verdict of ["unknown", "parked", "blocked"] as const) {
    assert.equal(judgeLooks(inputOf([look(1, "removed"), look(3, verdict), look(9, verdict)])).state, "gone-once");
    assert.equal(judgeLooks(inputOf([look(1, "removed"), look(2, verdict), look(3, "removed")])).state, "verified");
  }
});

test("a page that is up again after its verified takedown reopens its case", () => {
  const standing = judgeLooks(inputOf([look(1, "removed"), look(3, "removed"), look(30, "up")]));
  assert.equal(standing.state, "back");
  assert.deepEqual(standing.backAt, at(30));
  assert.deepEqual(standing.takedown?.takenDownAt, at(1));
  assert.equal(planLook(inputOf([look(1, "removed"), look(3, "removed"), look(30, "up")])), null);
});

test("a person is asked when no look could tell for three days", () => {
  const looks = [look(0, "up"), look(6, "unknown"), look(40, "unknown"), look(77, "unknown")];
  assert.equal(judgeLooks(inputOf(looks, {now: at(77)})).asksPerson, false);
  assert.equal(judgeLooks(inputOf(looks, {now: at(78)})).asksPerson, true);
  assert.equal(judgeLooks(inputOf([...looks, look(79, "up")], {now: at(80)})).asksPerson, false);
});

const plan = (looks: readonly JudgedLook[], own: Partial<RoundTimes & {now: Date}> = {}): [string, number] | null => {
  const next = planLook(inputOf(looks, own));
  return next === null ? null : [next.purpose, (next.dueAt.getTime() - OPENED.getTime()) / 3_600_000];
};

test("a round is looked at when it opens, then every six hours, and at once when a party says that it is done", () => {
  assert.deepEqual(plan([]), ["first", 0]);
  assert.deepEqual(plan([look(0, "up")]), ["watch", 6]);
  assert.deepEqual(plan([look(0, "up")], {claimedAt: at(2)}), ["claimed", 2]);
  assert.deepEqual(plan([look(0, "up"), look(3, "up")], {claimedAt: at(2)}), ["watch", 9]);
});

test("a first sight of its end is confirmed after an hour", () => {
  assert.deepEqual(plan([look(0, "up"), look(6, "removed")]), ["confirm", 7]);
});

test("what could not be told is asked again after an hour, then ever more rarely up to six hours", () => {
  assert.deepEqual(plan([look(0, "unknown")]), ["retry", 1]);
  assert.deepEqual(plan([look(0, "unknown"), look(1, "unknown")]), ["retry", 2]);
  assert.deepEqual(plan([look(0, "unknown"), look(1, "unknown"), look(4, "unknown")]), ["retry", 8]);
  assert.deepEqual(plan([look(0, "unknown"), look(20, "unknown")]), ["retry", 26]);
});

test("a verified takedown is looked at after 1, 7 and 30 days, and then no more", () => {
  const gone = [look(1, "removed"), look(3, "removed")];
  const again = (days: number, verdict: Verdict = "removed"): JudgedLook => look(3 + days * 24, verdict);
  assert.deepEqual(plan(gone), ["recheck", 27]);
  assert.deepEqual(plan([...gone, again(1)]), ["recheck", 3 + 7 * 24]);
  assert.deepEqual(plan([...gone, again(1, "unknown")]), ["retry", 28]);
  assert.deepEqual(plan([...gone, again(8)]), ["recheck", 3 + 30 * 24]);
  assert.equal(plan([...gone, again(1), again(7), again(31)]), null);
});

const anyLooks = fc.array(fc.record({hours: fc.integer({min: 0, max: 2000}), verdict: fc.constantFrom(...VERDICTS)}), {
  maxLength: 40,
});

test("whatever is seen: verified needs two looks that say gone, an hour apart, with none between that saw it up", () => {
  fc.assert(
    fc.property(anyLooks, (all) => {
      const looks = all.map(({hours, verdict}) => look(hours, verdict));
      const {takedown, state} = judgeLooks(inputOf(looks));
      if (takedown === null) return assert.notEqual(state, "verified");
      const {takenDownAt: first, verifiedAt: second} = takedown;
      assert.ok(second.getTime() - first.getTime() >= 3_600_000);
      for (const edge of [first, second])
        assert.ok(looks.some((each) => each.at.getTime() === edge.getTime() && takedownKind(each.verdict) !== null));
      assert.ok(!looks.some((each) => each.verdict === "up" && each.at > first && each.at < second));
    }),
  );
});

test("whatever is seen: looks that could not tell change nothing of what is verified, nor does the order in which looks come", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({min: 0, max: 2000}), {maxLength: 40}),
      fc.infiniteStream(fc.constantFrom(...VERDICTS)),
      (hours, verdicts) => {
        const looks = hours.map((hour) => look(hour, verdicts.next().value ?? "unknown"));
        const clear = looks.filter(({verdict}) => verdict === "up" || takedownKind(verdict) !== null);
        const whole = judgeLooks(inputOf(looks));
        assert.deepEqual(judgeLooks(inputOf(looks.toReversed())), whole);
        assert.deepEqual(judgeLooks(inputOf(clear)).takedown, whole.takedown);
      },
    ),
  );
});

test("a plan that is followed comes to its end: a takedown that holds takes a handful of looks", () => {
  const looks: JudgedLook[] = [];
  for (let next = planLook(inputOf(looks)); next !== null; next = planLook(inputOf(looks))) {
    looks.push({at: next.dueAt, verdict: next.dueAt >= at(20) ? "removed" : "up", reasons: []});
    assert.ok(looks.length < 20);
  }
  assert.deepEqual(
    looks.map((each) => (each.at.getTime() - OPENED.getTime()) / 3_600_000),
    [0, 6, 12, 18, 24, 25, 25 + 24, 25 + 7 * 24, 25 + 30 * 24],
  );
});
