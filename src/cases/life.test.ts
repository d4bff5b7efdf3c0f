import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
  CASE_ACTIONS,
  CASE_STATES,
  type CaseRound,
  type CaseState,
  keyInYear,
  keyOfShown,
  shownId,
} from "../model/cases/case.ts";
import {type Moved, moveCase, NEXT, newRound, stateAfter} from "./life.ts";

const T = (minute: number): string => new Date(Date.UTC(2023, 1, 20, 0, minute)).toISOString();

function live(moves: readonly Parameters<typeof moveCase>[2]["move"][]): Moved {
  return moves.reduce<Moved>(({state, round}, move) => moveCase("WF-2023-000001", state, {round, move}), {
    state: "open",
    round: newRound(1, T(0)),
  });
}

test("a phishing page that is back after its takedown opens a new round of its case", () => {
  const {state, round} = live([
    {action: "notify", at: T(1)},
    {action: "verify", at: T(9), goneAt: T(5)},
    {action: "reopen", at: T(20)},
  ]);
  assert.equal(state, "open");
  assert.deepEqual(round, newRound(2, T(20)));
});

test("a case is answered by the first answer after somebody was told, and later answers do not move it", () => {
  const told = {action: "notify", at: T(1)} as const;
  assert.equal(live([told, {action: "acknowledge", at: T(3)}, {action: "resolve", at: T(4)}]).round.answeredAt, T(3));
  assert.equal(live([told, {action: "verify", at: T(7), goneAt: T(6)}]).round.answeredAt, T(7));
  assert.equal(live([told, {action: "dismiss", at: T(8), dismissedBy: "party"}]).round.answeredAt, T(8));
  assert.equal(live([told, {action: "dismiss", at: T(8), dismissedBy: "us"}]).round.answeredAt, null);
});

test("what vanished before anybody was told is verified, but nobody handled it", () => {
  const {state, round} = live([{action: "verify", at: T(2)}]);
  assert.equal(state, "verified");
  assert.equal(round.answeredAt, null);
});

test("a party that says done and is not goes back to notified, and its first word still counts", () => {
  const {state, round} = live([
    {action: "notify", at: T(1)},
    {action: "resolve", at: T(2)},
    {action: "dispute", at: T(3)},
  ]);
  assert.equal(state, "notified");
  assert.deepEqual([round.notifiedAt, round.answeredAt], [T(1), T(2)]);
});

test("each step that the table does not have is refused by its name", () => {
  for (const state of CASE_STATES)
    for (const action of CASE_ACTIONS) {
      const to = stateAfter(state, action);
      if (to !== null) assert.ok(NEXT[state].includes(to), `${state} ${action}`);
      else
        assert.throws(
          () => moveCase("WF-2023-000001", state, {round: newRound(1, T(0)), move: {action, at: T(1)}}),
          {code: "case_step_not_allowed"},
          `${state} ${action}`,
        );
    }
  assert.deepEqual(
    CASE_STATES.filter((state) => CASE_ACTIONS.every((action) => stateAfter(state, action) === null)),
    ["merged"],
    "only a merged case is over",
  );
});

test("whatever happens to a case, times only get set, rounds only grow, and only the told can answer", () => {
  const times = ["notifiedAt", "acknowledgedAt", "resolvedAt", "verifiedAt", "dismissedAt", "answeredAt"] as const;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...CASE_ACTIONS), {maxLength: 30}), (actions) => {
      let state: CaseState = "open";
      let round: CaseRound = newRound(1, T(0));
      actions.forEach((action, minute) => {
        if (stateAfter(state, action) === null) return;
        const before = round;
        ({state, round} = moveCase("x", state, {round, move: {action, at: T(minute + 1), dismissedBy: "party"}}));
        if (action === "reopen") assert.equal(round.round, before.round + 1);
        else for (const time of times) if (before[time] !== null) assert.equal(round[time], before[time], time);
        if (round.answeredAt !== null) assert.ok(round.notifiedAt !== null && round.notifiedAt <= round.answeredAt);
      });
    }),
  );
});

test("an id as it is shown gives its key back", () => {
  fc.assert(
    fc.property(fc.integer({min: 2000, max: 2099}), fc.integer({min: 1, max: 9_999_999}), (year, n) => {
      const key = keyInYear(year, n);
      assert.equal(keyOfShown("WF", shownId("WF", key)), key);
    }),
  );
  assert.equal(shownId("WF", keyInYear(2023, 123)), "WF-2023-000123");
  assert.equal(keyOfShown("WF", "wf-2023-000123"), keyInYear(2023, 123));
  assert.equal(keyOfShown("WC", "WF-2023-000123"), null);
  assert.equal(keyOfShown("WF", "WF-2023-123"), null);
});
