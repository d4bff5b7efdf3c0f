/** The rules tried before they hold, and a round of work by hand: on a data folder, a real engine and a real database. */
import assert from "node:assert/strict";
import {writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {workNow} from "../../src/app/cases/round.ts";
import {createDatabase} from "../database.ts";
import {answerOf} from "../in-process.ts";
import {openSite, takeIn, temporaryFolder} from "../site.ts";

const RULES = `rules:
  - id: shops
    match: {class: web.deface, assetKind: site}
    do: open
    unit: platform
    parties: [registrar]
  - id: all-others
    match: {}
    do: count
`;

const {url, drop} = await createDatabase();
after(drop);
const house = await openSite({
  config: {database: {url}, probe: {isOn: false}, cases: {openWithinDays: 30_000}},
  files: {"rules/cases.yaml": RULES},
});
// biome-ignore lint/suspicious/noExplicitAny: answers of any command
const say = (...words: string[]): Promise<any> => answerOf(house, ...words);
const refused = (words: string[], code: string): Promise<void> => assert.rejects(say(...words), {code});
const folder = temporaryFolder();
const fileOf = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};

test("rules are tried on a week before they hold, and what they then open is what was said", async () => {
  const lines = [
    ...["2023-02-21,www.one.example", "2023-02-21,shop.one.example", "2023-02-22,www.two.example"],
    ...["2023-02-28,www.three.example", "2023-02-28,www.two.example"],
  ];
  const list = fileOf("list.csv", `date,host\n${lines.join("\n")}\n`);
  await takeIn(house, {feed: "defacement", file: list, fetchedAt: "2023-03-01T00:00:00Z"});
  const first = await say("case", "rules", "try", "--week", "2023-02-20");
  assert.deepEqual(
    [first.open, first.inCases, first.counted, first.byRule[0]],
    [2, 3, 0, {rule: "shops", do: "open", events: 3, cases: 2}],
  );
  assert.deepEqual((await say("case", "rules", "try", "--week", "2023-02-27")).open, 2);
  const stricter = fileOf("stricter.yaml", RULES.replace("do: open", "do: count").replace(/ +unit.*\n.*\n/, ""));
  const tried = await say("case", "rules", "try", "--week", "2023-02-20", "--file", stricter);
  assert.deepEqual([tried.open, tried.counted], [0, 3]);
  assert.deepEqual(await say("case", "list"), [], "nothing was opened by trying");
  const round = await say("case", "work");
  assert.equal(round.reports[0].opened, 3, "one.example, two.example, three.example");
  assert.deepEqual([round.looks, round.sent], [null, null]);
  assert.equal(round.rules.cases, 0, "a quarter of an hour is left to a first look");
  const later = await workNow(house, new Date(Date.now() + 20 * 60_000));
  assert.equal(later.rules.handed, 3, "nobody is known that answers for them");
  assert.deepEqual((await say("case", "list", "--queue", "waiting")).map(({asset}: {asset: string}) => asset).sort(), [
    "one.example",
    "three.example",
    "two.example",
  ]);
  const again = await say("case", "work");
  assert.deepEqual([again.reports, again.rules.cases], [[], 0], "a second round finds nothing to do");
  await refused(["case", "rules", "try", "--week", "2022-01-03"], "week_empty");
});

test("a check names rules that are never reached and names that there are not; what cannot be read is refused with its line", async () => {
  assert.deepEqual(await say("case", "rules", "check"), {rules: 2, findings: []});
  const wrong = RULES.replace(
    "  - id: all-others",
    "  - id: late\n    match: {class: web.deface, assetKind: site, feed: nowhere}\n    do: ignore\n  - id: all-others",
  );
  const found = await say("case", "rules", "check", "--file", fileOf("wrong.yaml", wrong));
  assert.deepEqual(
    found.findings.map(({rule, what}: {rule: string; what: string}) => [rule, what]),
    [
      ["late", "unreachable"],
      ["late", "feed_unknown"],
    ],
  );
  await refused(["case", "rules", "check", "--file", fileOf("bad.yaml", "rules: 3\n")], "rules_invalid");
  await refused(["case", "rules", "check", "--file", "nowhere.yaml"], "usage");
  await refused(["case", "rules"], "usage");
  await refused(["case", "rules", "judge"], "usage");
});
