import type {RatingRules} from "../src/situation/rating.ts";
import {agreementOf, type Hits, type JudgedWeek, judge, type RatedWeek, rival, variations} from "./rating-agreement.ts";

/**
 * Returns docs/rating.md: the rule, how it agrees with the published ratings, and what that does not show. Every number
 * is computed from the rated weeks and the rules.
 */
export function ratingPage(weeks: readonly RatedWeek[], rules: RatingRules): string {
  const judged = judge(weeks, rules);
  return [ruleText(rules), agreementText(judged), fragilityText(weeks, judged, rules), limitsText(judged)].join("\n");
}

function ruleText({weights, cuts, leastWeightPresent, leastWeeks, mostWeeks}: RatingRules): string {
  const rows = Object.entries(weights).map(([id, weight]) => `| ${id} | ${weight} |`);
  const [excellent, good, fair, poor] = cuts;
  return `# The rating: a documented method, not CNCERT's

The five grades 优 良 中 差 危 (excellent, good, fair, poor, critical) of the bulletin are known, the criteria behind them are
published by nobody. Watchfloor rates a week by a rule of its own, the Weekly Situation Index. It does not claim to
reproduce CNCERT's rating. This page is made by \`scripts/write-rating-doc.ts\`; a test computes its numbers again.

## The rule
1. Each weighted indicator is scored against its base: 50 + 25 · log2(value / base), within 0 and 100. 50 is as usual, a
   doubling adds 25, nothing at all gives 0. A base of 0 is taken as 1, so that one case where there are usually none is as
   usual and two are a doubling.
2. The base is the median over the last ${mostWeeks} computed weeks, where the indicator is known in at least ${leastWeeks} of them; until then
   it comes from a table that the operator signs. The rating says when it rests on that table, and when the table is synthetic.
3. The index is the weighted mean of the scores. A value that is not known is left out, never taken as 0. With less than
   ${percent(leastWeightPresent)} of the weight present the week is not rated.
4. The index is rounded to one decimal, as it is printed. Below ${excellent} 优, below ${good} 良, below ${fair} 中, below ${poor} 差, else 危. Only the cut at ${good} has data behind it; the others are choices.
5. An infrastructure event of level III that reaches a province or more allows nothing better than 中, level II nothing
   better than 差, level I makes it 危. When the register of these events cannot be read the week is not rated.
6. A moving base hides a slow worsening. So the same index against the year before stands beside it, with the points
   that each indicator adds.
7. What was handled (incidents, complaints, platforms, URLs) never enters. An editor may change the grade with a
   written reason, which is kept and printed.

| indicator | weight |
|---|---|
${rows.join("\n")}
`;
}

function agreementText(judged: readonly JudgedWeek[]): string {
  const base = judged.filter(({isBase}) => isBase);
  const others = judged.filter(({isBase, index}) => !isBase && index !== null);
  const refused = judged.filter(({index}) => index === null);
  const {inBase, leftOut, alwaysGood} = agreementOf(judged);
  const bare = refused.filter(({weightPresent}) => weightPresent === 0).length;
  return `## How it agrees with published ratings
Of the known editions ${judged.length} have a rating and a date. ${refused.length} of them print too few of the weighted figures to be rated here
(${bare} print none at all: the short form of 2022-2025 gives handled counts only). The ${base.length} weeks of 2013-2016 can be rated. No
52 weeks in a row are known, so their base is not the moving one of the rule but the medians of these same weeks,
and once more without the week itself ("left out").

| week | published | weight present | index | rule | index, left out | rule, left out |
|---|---|---|---|---|---|---|
${[...base, ...others].map(row).join("\n")}

| over the ${base.length} weeks of 2013-2016 | right |
|---|---|
| rule, the week in its own base | ${share(inBase)} |
| rule, the week left out | ${share(leftOut)} |
| always saying 良 | ${share(alwaysGood)} |
`;
}

function row({from, grade, weightPresent, index, byRule, leftOut, isBase}: JudgedWeek): string {
  const left = isBase && leftOut !== null ? `${leftOut.index.toFixed(1)} | ${leftOut.byRule}` : "– | –";
  return `| ${from} | ${grade} | ${percent(weightPresent)} | ${index === null ? "–" : index.toFixed(1)} | ${byRule ?? "–"} | ${left} |`;
}

function fragilityText(weeks: readonly RatedWeek[], judged: readonly JudgedWeek[], rules: RatingRules): string {
  const rows = variations(weeks, rules).map(
    ({what, leftOut, pairs}) => `| ${what} | ${share(leftOut)} | ${share(pairs)} |`,
  );
  const {goodAtMost, fairAtLeast, good, fair} = rival(judged);
  return `## How fragile that is
The same weeks with other weights. "Pairs" are pairs of a 中 and a 良 week that the index puts in the published order.

| weights | right, left out | pairs |
|---|---|---|
${rows.join("\n")}

A rival in one line does as well where it can be applied: defaced and backdoored sites together are at most ${goodAtMost} in the
${good} 良 weeks that give both figures, and at least ${fairAtLeast} in the ${fair} 中 weeks that do.
`;
}

function limitsText(judged: readonly JudgedWeek[]): string {
  const base = judged.filter(({isBase}) => isBase);
  const fair = base.filter(({grade}) => grade === "中").length;
  const {leftOut, alwaysGood} = agreementOf(judged);
  const primary = base.filter(({isPrimary}) => isPrimary).length;
  return `## What this does not show
- ${base.length} weeks are few, and ${fair} of them are 中: ${leftOut.right} right against ${alwaysGood.right} for always saying 良 is no proof of anything.
- ${primary === 0 ? "None" : primary} of the ${base.length} weeks ${primary > 1 ? "are" : "is"} read in the bulletin itself; ${primary === 0 ? "all" : "the others"} come from summaries of the time. Hosts are printed in 万 to one decimal.
- The weights and the cut between 良 and 中 were chosen after a first look at these very data.
- The moving base of the rule could not be tried on them at all.
- 差 was seen once and cannot be rated here for want of figures, 优 once, 危 never: nothing is known of those cuts.
- The published rating is not one absolute scale over the years, and it may rest on infrastructure, which these figures do
  not tell of.
- The known editions are a part of those that were published; other weeks would give other numbers.
`;
}

const percent = (part: number): string => `${Math.round(part * 100)} %`;
const share = ({right, of}: Hits): string => `${right} of ${of}`;
