import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {WatchfloorError} from "../model/errors.ts";
import {readDeskRules} from "./desk-rules.ts";
import type {RuleFile} from "./rule-file.ts";

const PROFILES = path.resolve(import.meta.dirname, "../../profiles");

function file(name: string): RuleFile {
  return {name, text: readFileSync(path.join(PROFILES, name), "utf8")};
}

const rules = readDeskRules(
  {
    cases: file("cn/cases.yaml"),
    deadlines: file("cn/deadlines.yaml"),
    calendar: (name) => {
      if (!["cn", "none"].includes(name)) throw new WatchfloorError("rules_invalid", `no ${name}`);
      return file(`calendars/${name}.yaml`);
    },
  },
  "Asia/Shanghai",
);

const DAY = {calendar: "cn", zone: null, from: "09:00", to: "17:00"};

test("a contact is at work by its own calendar, hours and zone", () => {
  assert.ok(rules.isOpen(DAY, new Date("2023-02-20T01:00:00Z")), "Monday, nine in the morning");
  assert.ok(!rules.isOpen(DAY, new Date("2023-02-20T00:59:00Z")), "a minute before");
  assert.ok(!rules.isOpen(DAY, new Date("2023-02-20T09:00:00Z")), "five in the afternoon");
  assert.ok(!rules.isOpen(DAY, new Date("2023-02-19T02:00:00Z")), "Sunday");
  assert.ok(!rules.isOpen(DAY, new Date("2023-01-24T02:00:00Z")), "Spring Festival");
  assert.ok(rules.isOpen(DAY, new Date("2023-01-28T02:00:00Z")), "a Saturday that is worked in exchange");
  assert.ok(rules.isOpen({...DAY, calendar: "none"}, new Date("2023-01-24T02:00:00Z")), "no days off at all");
  assert.ok(rules.isOpen({...DAY, zone: "America/New_York"}, new Date("2023-02-20T15:00:00Z")), "ten in New York");
});

test("a contact of a calendar that there is not works on the days that the desk works", () => {
  const hours = {...DAY, calendar: "us"};
  assert.ok(rules.isOpen(hours, new Date("2023-02-20T02:00:00Z")));
  assert.ok(!rules.isOpen(hours, new Date("2023-02-19T02:00:00Z")));
});
