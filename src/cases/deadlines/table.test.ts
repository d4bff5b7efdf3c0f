import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {SEVERITIES} from "../../model/cases/case.ts";
import type {DeadlineTable} from "../../model/cases/deadlines.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";
import {deadlineFor, readDeadlines, unreachableDeadlines} from "./table.ts";

const PROFILES = path.resolve(import.meta.dirname, "../../../profiles");
const HEAD = 'calendar: cn\nhours: ["09:00-12:00"]\ndeadlines:\n';
const row = (what: string, hours: number): string =>
  `  - {${what}, acknowledgeHours: ${hours}, resolveHours: 99, remindEveryHours: 1, mostReminders: 1}\n`;
const tableOf = (...rows: string[]): DeadlineTable =>
  readDeadlines({name: "rules/deadlines.yaml", text: HEAD + rows.map((each, at) => row(each, at + 1)).join("")});
const ALL = 'class: "*"';

test("the deadline that says most closely what the case is holds: name, class, party, severity, then the order", () => {
  const table = tableOf(
    ALL, // 1
    `${ALL}, severity: [I]`, // 2
    `${ALL}, party: registrar`, // 3
    `${ALL}, party: registrar, severity: I`, // 4
    "class: web.*", // 5
    "class: web.*, severity: [I]", // 6
    "class: web.*, party: registrar", // 7
    "class: web.phish", // 8
    "class: web.phish, severity: [I]", // 9
    "class: web.phish, party: registrar", // 10
    `name: fast, ${ALL}`, // 11
  );
  const rowOf = (code: string, severity: "I" | "IV", partyKind: string, name: string | null = null): number =>
    deadlineFor(table, {class: code, severity, partyKind, name}).row;
  assert.equal(rowOf("mal.c2", "IV", "hosting-provider"), 1);
  assert.equal(rowOf("mal.c2", "I", "hosting-provider"), 2);
  assert.equal(rowOf("mal.c2", "IV", "registrar"), 3);
  assert.equal(rowOf("mal.c2", "I", "registrar"), 4, "party and severity before party alone");
  assert.equal(rowOf("web.deface", "IV", "registry"), 5);
  assert.equal(rowOf("web.deface", "I", "registry"), 6, "a class pattern before party and severity under *");
  assert.equal(rowOf("web.deface", "I", "registrar"), 7, "party before severity");
  assert.equal(rowOf("web.phish", "IV", "registry"), 8);
  assert.equal(rowOf("web.phish", "I", "registry"), 9);
  assert.equal(rowOf("web.phish", "I", "registrar"), 10);
  assert.equal(rowOf("web.phish", "I", "registrar", "fast"), 11, "a name before all");
  assert.equal(rowOf("web.phish", "I", "registrar", "slow"), 10, "a name that no row has changes nothing");
});

test("among rows that are as close the first one holds, and the other is told as holding for nothing", () => {
  const table = tableOf(
    "class: web.*, severity: [I, II]",
    "class: web.*, severity: [II, III]",
    "class: web.*, severity: [I]",
    ALL,
  );
  assert.equal(deadlineFor(table, {class: "web.phish", severity: "II", partyKind: "registrar", name: null}).row, 1);
  assert.deepEqual(unreachableDeadlines(table), [3]);
});

for (const profile of ["cn", "generic"]) {
  const file = `${profile}/deadlines.yaml`;
  test(`every class, severity and party kind has a deadline in ${file}, chosen as a second reading of the rule says`, () => {
    const table = readDeadlines({name: file, text: readFileSync(path.join(PROFILES, file), "utf8")});
    assert.deepEqual(unreachableDeadlines(table), []);
    let looked = 0;
    for (const {code} of TAXONOMY.incidentClasses)
      for (const severity of SEVERITIES)
        for (const {code: party} of TAXONOMY.partyKinds)
          for (const name of [null, "at-once"]) {
            const chosen = deadlineFor(table, {class: code, severity, partyKind: party, name});
            assert.equal(chosen.row, secondReading(table, {code, severity, party, name}));
            looked += 1;
          }
    assert.equal(looked, TAXONOMY.incidentClasses.length * 4 * TAXONOMY.partyKinds.length * 2);
  });
}

/** Walks through the kinds of rows from the closest to the farthest, as docs/case-rules.md tells it. */
function secondReading(
  table: DeadlineTable,
  {code, severity, party, name}: {code: string; severity: string; party: string; name: string | null},
): number {
  const group = `${code.split(".")[0]}.*`;
  for (const wanted of [name, undefined])
    for (const pattern of [code, group, "*"])
      for (const hasParty of [true, false])
        for (const hasSeverity of [true, false]) {
          const at = table.deadlines.findIndex(
            (each) =>
              each.name === wanted &&
              each.class === pattern &&
              (hasParty ? each.party?.includes(party) === true : each.party === undefined) &&
              (hasSeverity ? each.severity?.some((level) => level === severity) === true : each.severity === undefined),
          );
          if (at !== -1) return at + 1;
        }
  return 0;
}

test("a table of deadlines that is not right is refused with file, line and key", () => {
  const refused = (text: string, message: RegExp): void => {
    assert.throws(() => readDeadlines({name: "rules/deadlines.yaml", text}), {code: "rules_invalid", message});
  };
  refused(HEAD + row("class: web.phish", 1), /deadlines\.yaml:3 "deadlines" lack a row for all other cases/);
  refused(HEAD + row("class: web.fish", 1), /deadlines\.yaml:4 "deadlines\.0\.class" "web\.fish" fits no class/);
  refused(
    HEAD + row(`${ALL}, party: [registar]`, 1),
    /deadlines\.yaml:4 .*"registar" is no party kind; there are .*registrar/,
  );
  refused(HEAD + row(`${ALL}, severity: V`, 1), /deadlines\.yaml:4 "deadlines\.0\.severity\.0"/);
  refused(HEAD + row(ALL, 100), /acknowledgeHours" is more than resolveHours/);
  refused(HEAD + row(ALL, 0), /is more than 0 hours/);
  refused(HEAD + row(`${ALL}, acknowledge: 3`, 1), /deadlines\.yaml:4 "deadlines\.0\.acknowledge" is not known/);
  refused('calendar: cn\nhours: ["13:00-12:00"]\ndeadlines: []', /deadlines\.yaml:2 "hours\.0" ends before it begins/);
  refused('calendar: cn\nhours: ["09:00-12:00", "11:00-13:00"]\ndeadlines: []', /"hours" are not in order, or overlap/);
  refused('calendar: cn\nhours: ["9-12"]\ndeadlines: []', /is no part of a day such as 09:00-12:00/);
});
