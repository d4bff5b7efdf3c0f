import assert from "node:assert/strict";
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {openDeskRules} from "../src/app/site/case-rules.ts";
import {deadlineFor} from "../src/cases/deadlines/table.ts";
import {checkCaseRules} from "../src/cases/opening/rules.ts";
import {LEAST_CASES} from "../src/cases/party-statistics.ts";
import {calendarSchema} from "../src/model/cases/calendar.ts";
import {HISTORY_REJECTS} from "../src/model/cases/case-history.ts";
import {TAXONOMY} from "../src/model/taxonomy.ts";
import {ROOT, temporaryFolder} from "./site.ts";

const EXAMPLES = path.join(ROOT, "examples/case-rules");
const PAGE = readFileSync(path.join(ROOT, "docs/case-rules.md"), "utf8");
const branch = {id: "cn", zone: "Asia/Shanghai"};

function homeWithExamples(): string {
  const home = temporaryFolder();
  for (const folder of ["rules", "calendars"]) mkdirSync(path.join(home, folder));
  copyFileSync(path.join(EXAMPLES, "cases.yaml"), path.join(home, "rules/cases.yaml"));
  copyFileSync(path.join(EXAMPLES, "deadlines.yaml"), path.join(home, "rules/deadlines.yaml"));
  copyFileSync(path.join(EXAMPLES, "calendars/branch.yaml"), path.join(home, "calendars/branch.yaml"));
  return home;
}

for (const name of ["cases.yaml", "deadlines.yaml", "calendars/branch.yaml"]) {
  test(`docs/case-rules.md shows ${name} as it is`, () => {
    assert.ok(PAGE.includes(`\`\`\`yaml\n${readFileSync(path.join(EXAMPLES, name), "utf8")}\`\`\``));
    assert.ok(PAGE.includes(`\`examples/case-rules/${name}\``));
  });
}

test("the examples work in a data folder: its calendar and hours count, and nothing in them is never reached", async () => {
  const {rules, deadlines, workingTime} = await openDeskRules(homeWithExamples(), branch);
  assert.deepEqual(checkCaseRules(rules, {deadlines, templates: null, feeds: null}), []);
  const {deadline, row} = deadlineFor(deadlines, {
    class: "web.deface",
    severity: "IV",
    partyKind: "site-owner",
    name: null,
  });
  assert.equal(row, 3);
  const told = new Date("2023-03-29T17:00+08:00");
  assert.deepEqual(workingTime.add(told, deadline.acknowledgeHours).at, new Date("2023-04-03T17:00+08:00"));
});

test("a data folder without rules works by those of its profile", async () => {
  const {deadlines, rules} = await openDeskRules(temporaryFolder(), branch);
  assert.equal(deadlines.calendar, "cn");
  assert.ok(rules.rules.some(({id}) => id === "phishing"));
  const generic = await openDeskRules(temporaryFolder(), {id: "generic", zone: "UTC"});
  assert.equal(generic.deadlines.calendar, "none");
});

test("a calendar that is missing is named with those that there are, and a rule that is wrong with its line", async () => {
  const home = homeWithExamples();
  const deadlines = path.join(home, "rules/deadlines.yaml");
  writeFileSync(deadlines, readFileSync(deadlines, "utf8").replace("calendar: branch", "calendar: brunch"));
  await assert.rejects(openDeskRules(home, branch), {
    code: "rules_invalid",
    message: /names the calendar "brunch"; there are branch, cn, none/,
  });
  writeFileSync(deadlines, readFileSync(deadlines, "utf8").replace("mostReminders: 1", "mostReminders: -1"));
  await assert.rejects(openDeskRules(home, branch), {
    code: "rules_invalid",
    message: /deadlines\.yaml:10 "deadlines\.0\.mostReminders" is 0 or more/,
  });
});

test("docs/case-rules.md lists every reason of a reject of old cases", () => {
  for (const [reason, text] of Object.entries(HISTORY_REJECTS))
    assert.ok(PAGE.includes(`| ${reason} | ${text} |`), reason);
});

test("docs/case-rules.md says from how many cases on a party is judged", () => {
  assert.ok(PAGE.replace(/\s+/g, " ").includes(`fewer than ${LEAST_CASES} cases`));
});

test("docs/case-rules.md has the thresholds of the law as the taxonomy has them", () => {
  const {I, II, III} = TAXONOMY.severityThresholds2025;
  const number = (value: number): string => value.toLocaleString("en-US");
  const rows = [
    `| portal down | ${I.portal_down_hours} h | ${II.portal_down_hours} h | ${III.portal_down_hours} h |`,
    `| critical infrastructure down as a whole | ${I.cii_full_outage_hours} h | ${II.cii_full_outage_hours} h | ${III.cii_full_outage_minutes} min |`,
    `| its main function interrupted | ${I.cii_main_function_hours} h | ${II.cii_main_function_hours} h | ${III.cii_main_function_minutes} min |`,
    `| people affected | ${number(I.people_affected)} | ${number(II.people_affected)} | ${number(III.people_affected)} |`,
    `| personal records leaked | ${number(I.personal_records)} | ${number(II.personal_records)} | ${number(III.personal_records)} |`,
    `| loss in yuan | ${number(I.loss_yuan)} | ${number(II.loss_yuan)} | ${number(III.loss_yuan)} |`,
    `| home page with illegal content | ${I.tamper.home_page_hours} h | ${II.tamper.home_page_hours} h | ${III.tamper.home_page_minutes} min |`,
    `| another page with it | ${I.tamper.other_page_hours} h | ${II.tamper.other_page_hours} h | ${III.tamper.other_page_hours} h |`,
    `| reposts of it | ${number(I.tamper.reposts)} | ${number(II.tamper.reposts)} | ${number(III.tamper.reposts)} |`,
    `| views of it | ${number(I.tamper.views)} | ${number(II.tamper.views)} | ${number(III.tamper.views)} |`,
  ];
  for (const row of rows) assert.ok(PAGE.includes(row), row);
});

test("every key of a calendar is described", () => {
  for (const [key, schema] of Object.entries(calendarSchema.shape)) assert.ok(schema.description, key);
});
