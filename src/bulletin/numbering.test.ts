import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {addDays, weekOfDay} from "../model/week.ts";
import {issueOf, issuesBefore, type Numbering, weekOfIssue} from "./numbering.ts";

const CNCERT: Numbering = {policy: "holds-1-january", overrides: {}};
const POLICIES = ["holds-1-january", "first-full-week", "iso-8601"] as const;

/** Any Monday from 1990 to 2079. */
const mondays = fc
  .date({min: new Date("1990-01-01"), max: new Date("2079-12-31"), noInvalidDate: true})
  .map((date) => weekOfDay(date.toISOString().slice(0, 10), "UTC").from);

test("the week that holds 1 January is issue 1, so 2023/9 is 20 to 26 February and not ISO week 8", () => {
  assert.deepEqual(issueOf("2023-02-20", CNCERT), {year: 2023, number: 9});
  assert.deepEqual(issueOf("2023-02-20", {...CNCERT, policy: "iso-8601"}), {year: 2023, number: 8});
  assert.deepEqual(issueOf("2024-12-30", CNCERT), {year: 2025, number: 1});
  assert.deepEqual(issueOf("2022-12-26", CNCERT), {year: 2023, number: 1});
  assert.deepEqual(issueOf("2018-06-25", CNCERT), {year: 2018, number: 26});
});

test("a year that begins on a Sunday has only one day in its first issue, and 53 issues when a leap year does", () => {
  assert.deepEqual(issueOf("2016-12-26", CNCERT), {year: 2017, number: 1});
  assert.deepEqual(issueOf("2012-01-02", CNCERT), {year: 2012, number: 2});
  assert.deepEqual(issueOf("2012-12-24", CNCERT), {year: 2012, number: 53});
});

test("a first full week begins on the first Monday of the year", () => {
  const numbering: Numbering = {policy: "first-full-week", overrides: {}};
  assert.deepEqual(issueOf("2023-01-02", numbering), {year: 2023, number: 1});
  assert.deepEqual(issueOf("2022-12-26", numbering), {year: 2022, number: 52});
});

test("the week of an issue carries that issue, under every policy", () => {
  fc.assert(
    fc.property(mondays, fc.constantFrom(...POLICIES), (monday, policy) => {
      const issue = issueOf(monday, {policy, overrides: {}});
      assert.ok(issue && issue.number >= 1 && issue.number <= 54);
      assert.deepEqual(weekOfIssue(issue, policy), {from: monday, to: addDays(monday, 6)});
    }),
  );
});

test("the week after an issue carries the next number, or is issue 1 of the next year", () => {
  fc.assert(
    fc.property(mondays, fc.constantFrom(...POLICIES), (monday, policy) => {
      const [issue, next] = [monday, addDays(monday, 7)].map((day) => issueOf(day, {policy, overrides: {}}));
      assert.ok(issue && next);
      const isNextInYear = next.year === issue.year && next.number === issue.number + 1;
      assert.ok(isNextInYear || (next.year === issue.year + 1 && next.number === 1));
    }),
  );
});

test("the review list is the five issues before, newest first, also across New Year", () => {
  assert.deepEqual(
    issuesBefore("2023-02-20", CNCERT).map(({issue}) => issue.number),
    [8, 7, 6, 5, 4],
  );
  assert.deepEqual(
    issuesBefore("2025-01-13", CNCERT).map(({issue}) => `${issue.year}/${issue.number}`),
    ["2025/2", "2025/1", "2024/52", "2024/51", "2024/50"],
  );
});

test("an editor may override a number, and a week merged into its neighbour is passed over in the review list", () => {
  const numbering: Numbering = {
    policy: "holds-1-january",
    overrides: {"2023-01-23": null, "2023-01-30": {year: 2023, number: 60}},
  };
  assert.equal(issueOf("2023-01-23", numbering), null);
  assert.deepEqual(
    issuesBefore("2023-02-20", numbering).map(({issue}) => issue.number),
    [8, 7, 60, 4, 3],
  );
});
