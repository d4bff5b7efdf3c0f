import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {type PartyRound, partyStatistics, quantile} from "./party-statistics.ts";

const START = new Date("2023-02-20T00:00:00Z");
const after = (hours: number): Date => new Date(START.getTime() + hours * 3_600_000);
const round = (goneAfter: number | null, over: Partial<PartyRound> = {}): PartyRound => ({
  party: "registrar",
  notifiedAt: START,
  acknowledgeBy: after(10),
  answeredAt: after(5),
  goneAt: goneAfter === null ? null : after(goneAfter),
  isReturned: false,
  ...over,
});

test("median and p90 of the time to takedown are times that were measured, over what is gone", () => {
  const [found] = partyStatistics(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 100, null].map((each) => round(each)),
    after(200),
  );
  assert.deepEqual([found?.cases, found?.takenDown, found?.medianHours, found?.p90Hours], [11, 10, 5, 9]);
});

test("an answer that is not yet due is not counted as missing, and one that came late is an answer", () => {
  const rounds = [
    round(null, {answeredAt: null}),
    round(null, {answeredAt: null, acknowledgeBy: after(30)}),
    round(null, {answeredAt: after(19), acknowledgeBy: after(10)}),
    round(1),
    round(1),
    round(1),
  ];
  const [found] = partyStatistics(rounds, after(20));
  assert.deepEqual([found?.answerable, found?.withoutAnswer, found?.withoutAnswerShare], [5, 1, 0.2]);
});

test("what came back is a share of what was gone", () => {
  const rounds = [...[1, 2, 3, 4].map((each) => round(each)), round(5, {isReturned: true}), round(null)];
  assert.equal(partyStatistics(rounds, after(20))[0]?.returnedShare, 0.2);
});

test("too few cases say nothing about a party", () => {
  const [found] = partyStatistics([round(1), round(2), round(3), round(4), round(null)], after(20));
  assert.deepEqual([found?.cases, found?.takenDown, found?.medianHours, found?.returnedShare], [5, 4, null, null]);
  assert.equal(found?.withoutAnswerShare, 0, "five had an answer due");
  assert.equal(partyStatistics([round(7)], after(20), 1)[0]?.medianHours, 7);
});

test("a page that was gone before the party was told did not take less than no time", () => {
  const rounds = [-3, -2, 0, 0, 1].map((each) => round(each));
  assert.equal(partyStatistics(rounds, after(20))[0]?.medianHours, 0);
});

test("parties are told apart and come by name", () => {
  const rounds = ["b", "a", "b"].map((party) => round(1, {party}));
  assert.deepEqual(
    partyStatistics(rounds, after(20)).map(({party, cases}) => [party, cases]),
    [
      ["a", 1],
      ["b", 2],
    ],
  );
});

test("a quantile is the smallest value that so many do not exceed", () => {
  assert.equal(quantile([], 50), null);
  assert.equal(quantile([3], 90), 3);
  assert.equal(quantile([4, 1, 3, 2], 50), 2);
  const values = fc.array(fc.integer({min: 0, max: 50}), {minLength: 1, maxLength: 40});
  fc.assert(
    fc.property(values, fc.integer({min: 1, max: 100}), (all, percent) => {
      const found = quantile(all, percent) ?? assert.fail();
      const enough = (least: number): boolean =>
        all.filter((each) => each <= least).length * 100 >= percent * all.length;
      assert.ok(all.includes(found) && enough(found) && !enough(found - 1));
    }),
  );
});
