import assert from "node:assert/strict";
import test from "node:test";
import {shippedProfile} from "../../test/edition-fixture.ts";
import {plainText} from "../../test/plain-text.ts";
import type {Indicator, Situation} from "../model/indicator.ts";
import {compose} from "./compose.ts";
import {editionInputOf, NO_FACTS, statedRating} from "./edition-input.ts";

const counted = (value: number | null, previous: number | null): Indicator => ({
  value,
  previous,
  change: value === null || previous === null ? null : (value - previous) / previous,
  by: {},
  previousBy: {},
  reports: ["r-1"],
  gaps: [],
  gapsBefore: [],
  entered: null,
  version: 1,
});

const situation: Situation = {
  week: {from: "2023-02-20", to: "2023-02-26", zone: "Asia/Shanghai"},
  indicators: {
    "web.gov_defaced": counted(9, 14),
    "web.defaced": counted(2211, 1984),
    "incident.total": {...counted(12, null), entered: {by: "wang", at: "2023-02-27T01:00:00Z"}},
    "vuln.level": {...counted(2, null), codes: ["medium"]},
    "vuln.total": counted(300, null),
  },
  rating: statedRating("良"),
  infraEvents: [],
  gaps: [],
  gapsBefore: [],
  reports: [],
  computedAt: "2023-02-27T02:00:00Z",
};

test("a computed situation says the same sentences as figures given by hand", () => {
  const input = editionInputOf(situation, {issue: {year: 2023, number: 9}, facts: {...NO_FACTS, vulnLevel: "medium"}});
  const text = plainText(compose(input, shippedProfile("cn"), {language: "zh", variant: "long"}));
  assert.match(text, /网络安全信息与动态周报2023年第9期（2月20日-2月26日）/);
  assert.match(text, /被篡改政府网站（GOV类）数量为9个（约占境内0\.4%），较上周环比下降了35\.7%/);
  assert.match(text, /新收录网络安全漏洞300个，信息安全漏洞威胁整体评价级别为中。/);
});

test("a level is a fact and not a number, so it stands in no table of numbers", () => {
  const {indicators} = editionInputOf(situation, {});
  assert.equal("vuln.level" in indicators, false);
  assert.equal(indicators["incident.total"]?.enteredBy, "wang");
});
