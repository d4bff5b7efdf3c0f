import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {agreementOf, chinaRules, judge, orderedPairs, type RatedWeek, ratedWeeks} from "./rating-agreement.ts";
import {ratingPage} from "./rating-page.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const EDITIONS = path.resolve(ROOT, process.env.WATCHFLOOR_SHARED ?? "../shared", "domain/editions.json");
const skip = existsSync(EDITIONS) ? false : "skipped: no shared data";
const rules = chinaRules();
const published = (): RatedWeek[] => ratedWeeks(JSON.parse(readFileSync(EDITIONS, "utf8")), rules);

test("docs/rating.md says what the rule gives for the published weeks", {skip}, () => {
  const page = readFileSync(path.join(ROOT, "docs/rating.md"), "utf8");
  assert.equal(page, ratingPage(published(), rules), "run: node scripts/write-rating-doc.ts");
});

test("the rule agrees with the published ratings at least as often as always saying 良", {skip}, () => {
  const judged = judge(published(), rules);
  const {inBase, leftOut, alwaysGood} = agreementOf(judged);
  assert.equal(inBase.of, judged.filter(({isBase}) => isBase).length);
  assert.ok(inBase.right >= leftOut.right);
  assert.ok(leftOut.right > alwaysGood.right, `${leftOut.right} against ${alwaysGood.right}`);
});

test("a week with handled counts only is not rated", {skip}, () => {
  const short = judge(published(), rules).filter(({from}) => from >= "2022");
  assert.ok(short.length > 20);
  for (const week of short) assert.equal(week.byRule, null, week.from);
});

test("agreement counts a right, a wrong and an order as they are", () => {
  const week = (from: string, grade: RatedWeek["grade"], factor: number): RatedWeek => ({
    from,
    grade,
    isPrimary: false,
    values: Object.fromEntries(Object.keys(rules.weights).map((id) => [id, 1000 * factor])),
  });
  const judged = judge(
    [
      week("2014-01-06", "良", 1),
      week("2014-01-13", "良", 1),
      week("2014-01-20", "中", 1),
      week("2014-01-27", "中", 1.5),
      week("2018-01-01", "优", 0.1),
    ],
    rules,
  );
  assert.deepEqual(agreementOf(judged), {
    inBase: {right: 3, of: 4},
    leftOut: {right: 3, of: 4},
    alwaysGood: {right: 2, of: 4},
  });
  assert.deepEqual(orderedPairs(judged), {right: 2, of: 4});
  assert.equal(judged.at(-1)?.byRule, "优");
  assert.equal(judged.at(-1)?.isBase, false);
});
